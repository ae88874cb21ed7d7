//! The page of one record.

use domain::ids::record_id;
use domain::words::Word;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::api::{CardView, card};
use super::field::Field;
use super::history::HistoryTab;
use super::key;
use crate::frame::{frame, word};
use crate::layout::ErrorLine;
use crate::refusal::Refusal;
use crate::table::cell::CellView;
use crate::ui::{Icon, PersonName, Sign, Title};
use domain::fields::SectionSpec;

#[component]
pub fn CardPage(section: SectionSpec) -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    // An id that is no number is a page that does not exist.
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| record_id(&id))));
    let draft = Memo::new(move |_| query.with(|query| query.get("draft")));
    let key = section.key.to_string();
    let loaded = Resource::new(
        move || (id.get(), draft.get()),
        move |(id, draft)| {
            // Number 0 is nobody's: the server answers as for any record that is absent.
            card(key.clone(), id.unwrap_or_default(), draft)
        },
    );
    view! {
        <Transition fallback=|| view! { <p class="wait">{word(Word::Loading)}</p> }>
            {move || {
                let section = section.clone();
                Suspend::new(async move {
                    match loaded.await {
                        Ok(card) => view! { <Card section card/> }.into_any(),
                        Err(refusal) => view! { <Missing refusal/> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

#[component]
fn Missing(refusal: Refusal) -> impl IntoView {
    let title = format!("{} · {}", refusal.sentence(frame().lang), word(Word::Product));
    view! {
        <Title text=title/>
        <h1 class="sr-only">{refusal.sentence(frame().lang)}</h1>
        <ErrorLine refusal/>
    }
}

#[component]
fn Card(section: SectionSpec, card: CardView) -> impl IntoView {
    let query = use_query_map();
    let in_history = Memo::new(move |_| query.with(|query| query.get("tab").is_some_and(|tab| tab == "history")));
    let lang = frame().lang;
    let (id, key) = (card.id, card.section.clone());
    let card = RwSignal::new(card);
    let title = Signal::derive(move || format!("{} · {}", card.with(|card| card.title.clone()), word(Word::Product)));
    let version = Signal::derive(move || card.with(|card| card.version));
    let path = format!("/{key}/{id}");
    let trashed = card.with_untracked(|card| card.trashed.clone());
    let tab = |href: String, label: Word, on: Signal<bool>| {
        view! { <a href=href aria-current=move || on.get().then_some("page")>{word(label)}</a> }
    };
    view! {
        <Title text=title/>
        <nav class="crumb" aria-label=word(Word::BackToList)>
            <a href=format!("/{key}")>{section.forms.many.get(lang).to_string()}</a>
            <Icon sign=Sign::Right/>
            <span>"№\u{202f}"{id}</span>
        </nav>
        <div class="title">
            <Name card/>
            {move || card.with(|card| card.responsible.clone()).map(|person| view! { <PersonName person/> })}
            <span class="sp"></span>
            {trashed.is_none().then(|| view! { <ActForm path=path.clone() act="trash" label=Word::Delete sign=Sign::Trash quiet=true/> })}
        </div>
        {trashed.map(|line| view! {
            <div class="next" role="status">
                <b>{section.forms.fill(Word::InTrash, lang)}</b><span>{line}</span><span class="sp"></span>
                <ActForm path=path.clone() act="restore" label=Word::Restore sign=Sign::Restore quiet=false/>
            </div>
        })}
        <nav class="views" aria-label=word(Word::Card)>
            {tab(path.clone(), Word::Overview, Signal::derive(move || !in_history.get()))}
            {tab(format!("{path}?tab=history"), Word::History, in_history.into())}
        </nav>
        {move || {
            let key = key.clone();
            if in_history.get() {
                view! { <div class="col"><HistoryTab section=key id version/></div> }.into_any()
            } else {
                view! { <Overview card section=key id version/> }.into_any()
            }
        }}
    }
}

/// The name: large, and itself the field.
#[component]
fn Name(card: RwSignal<CardView>) -> impl IntoView {
    let field = card.with_untracked(|card| card.name.key.clone());
    let query = use_query_map();
    let hint = {
        let field = field.clone();
        move || {
            let opened = query.with(|query| query.get("edit").is_some_and(|edit| edit == field.as_str()));
            (opened && card.with(|card| !card.named))
                .then(|| view! { <p class="mut new-hint">{word(Word::NewNameHint)}</p> })
        }
    };
    view! {
        <div class="name" data-field=field.to_string()>
            <Field card field=field.clone()/>
            {hint}
        </div>
    }
}

#[component]
fn Overview(card: RwSignal<CardView>, section: String, id: i64, version: Signal<i64>) -> impl IntoView {
    let fields: Vec<_> =
        card.with_untracked(|card| card.fields.iter().map(|field| (field.key.clone(), field.label.clone())).collect());
    view! {
        <div class="cols">
            <div class="col">
                <section class="panel" aria-labelledby="data">
                    <h2 id="data">{word(Word::Data)}</h2>
                    <dl>
                        {fields.into_iter().map(|(key, label)| view! {
                            <dt>{label}</dt>
                            <dd data-field=key.to_string()><Field card field=key.clone()/></dd>
                        }).collect_view()}
                    </dl>
                </section>
                <Panels card/>
            </div>
            <section class="col mid" aria-labelledby="changes">
                <h2 id="changes" class="sr-only">{word(Word::History)}</h2>
                <HistoryTab section id version/>
            </section>
        </div>
    }
}

/// Records of other sections that belong to this one.
#[component]
fn Panels(card: RwSignal<CardView>) -> impl IntoView {
    let panels = Memo::new(move |_| card.with(|card| card.panels.clone()));
    move || {
        panels
            .get()
            .into_iter()
            .map(|panel| {
                let rows = panel
                    .rows
                    .into_iter()
                    .map(|row| view! { <li data-id=row.id.to_string()><a href=row.href><CellView cell=row.title/></a></li> })
                    .collect_view();
                view! {
                    <section class="panel" data-panel=panel.field.to_string()>
                        <h2><a href=panel.href>{panel.label}" "<span class="mut">{panel.count}</span></a></h2>
                        <ul class="panel-rows">{rows}</ul>
                    </section>
                }
            })
            .collect_view()
    }
}

/// A button that posts: delete, restore.
#[component]
pub fn ActForm(path: String, act: &'static str, label: Word, sign: Sign, quiet: bool) -> impl IntoView {
    view! {
        <form method="post" action=format!("{path}/{act}")>
            <input type="hidden" name=key::NAME value=key::fresh()/>
            <button class="btn" class:q=quiet><Icon sign/>{word(label)}</button>
        </form>
    }
}
