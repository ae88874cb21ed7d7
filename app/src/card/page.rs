//! The page of one record.

use domain::fields::Deed;
use domain::fields::SectionSpec;
use domain::ids::RecordRef;
use domain::ids::{SectionKey, record_id};
use domain::list::encode;
use domain::words::Word;
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::api::{card, set_trashed};
use super::field::Field;
use super::steps::Steps;
use super::view::{CardView, PlaceView};
use crate::changes::{shown_by, use_changes};
use crate::error_line::ErrorLine;
use crate::frame::{frame, word};
use crate::history::{HistoryTab, LatestChanges};
use crate::key;
use crate::refusal::Refusal;
use crate::section_code::{Part, Parts};
use crate::ui::keys::{in_dialog, is_typing, on_key};
use crate::ui::{Icon, PersonName, Sign, Title, form_of, use_say};
use crate::values::{Cell, CellView};

#[component]
pub fn CardPage(section: SectionSpec, parts: Parts) -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    // An id that is no number is a page that does not exist.
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| record_id(&id))));
    let draft = Memo::new(move |_| query.with(|query| query.get("draft")));
    let list = Memo::new(move |_| query.with(|query| query.get("in")));
    let key = section.key.to_string();
    // Made anew when it has gone into the trash, or come out of it.
    let anew = RwSignal::new(0_u32);
    let loaded = Resource::new(
        move || (id.get(), draft.get(), list.get(), anew.get()),
        move |(id, draft, list, _)| {
            // Number 0 is nobody's: the server answers as for any record that is absent.
            card(key.clone(), id.unwrap_or_default(), draft, list)
        },
    );
    view! {
        <Transition fallback=|| view! { <p class="wait">{word(Word::Loading)}</p> }>
            {move || {
                let section = section.clone();
                Suspend::new(async move {
                    match loaded.await {
                        Ok(card) => view! { <Card section card anew parts/> }.into_any(),
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
fn Card(section: SectionSpec, card: CardView, anew: RwSignal<u32>, parts: Parts) -> impl IntoView {
    let query = use_query_map();
    let in_history = Memo::new(move |_| query.with(|query| query.get("tab").is_some_and(|tab| tab == "history")));
    let lang = frame().lang;
    let (id, key, place) = (card.id, card.section.clone(), card.place.clone());
    let card = RwSignal::new(card);
    let title = Signal::derive(move || format!("{} · {}", card.with(|card| card.title.clone()), word(Word::Product)));
    let version = Signal::derive(move || card.with(|card| card.version));
    let path = format!("/{key}/{id}");
    let list = place.as_ref().map_or(format!("/{key}"), |place| place.list.clone());
    let trashed = card.with_untracked(|card| card.trashed.clone());
    // The list that it was opened from goes along.
    let own_list = query.with_untracked(|query| query.get("in"));
    let tab_href = |tab: Option<&str>| {
        let mut pairs: Vec<(String, String)> =
            own_list.clone().map(|list| ("in".to_string(), list)).into_iter().collect();
        pairs.extend(tab.map(|tab| ("tab".to_string(), tab.to_string())));
        format!("{path}{}", encode(&pairs))
    };
    let tab = |href: String, label: Word, on: Signal<bool>| {
        view! { <a href=href aria-current=move || on.get().then_some("page")>{word(label)}</a> }
    };
    // What lies in the trash is not worked with.
    let parts = if trashed.is_some() { Parts::default() } else { parts };
    use_card_keys(place.clone());
    follow_changes(card, anew, section.clone());
    // What was saved here stands among what happened, beside it.
    let saved = Memo::new(move |_| card.with(|card| card.version));
    let changes = use_changes();
    let told = key.clone();
    Effect::watch(move || saved.get(), move |version, _, _| changes.tell_version(&told, id, *version), false);
    view! {
        <Title text=title/>
        <div class="crumb">
            <nav aria-label=word(Word::BackToList)>
                <a href=list.clone()>{section.forms.many.get(lang).to_string()}</a>
                <Icon sign=Sign::Right/>
                <span>"№\u{202f}"{id}</span>
            </nav>
            <span class="sp"></span>
            {place.map(|place| view! { <PlaceInList place/> })}
        </div>
        <div class="title">
            <Name card/>
            {move || card.with(|card| card.responsible.clone()).map(|person| view! { <PersonName person/> })}
            {move || card.with(|card| card.chip.clone()).map(|chip| view! { <span class="chip n">{chip}</span> })}
            {move || card.with(|card| card.lately.clone()).map(|cell| view! { <Lately cell/> })}
            <span class="sp"></span>
            {trashed.is_none().then(|| view! { <ActForm path=path.clone() act="trash" label=Word::Delete sign=Sign::Trash back=list/> })}
        </div>
        {trashed.map(|line| view! {
            <div class="next" role="status">
                <b>{section.forms.fill(Word::InTrash, lang)}</b><span>{line}</span><span class="sp"></span>
                <ActForm path=path.clone() act="restore" label=Word::Restore sign=Sign::Restore quiet=false/>
            </div>
        })}
        <Steps card/>
        {parts.next.map(|part| part(RecordRef { section: key.as_str().into(), id }))}
        <nav class="views" aria-label=word(Word::Card)>
            {tab(tab_href(None), Word::Overview, Signal::derive(move || !in_history.get()))}
            {tab(tab_href(Some("history")), Word::History, in_history.into())}
        </nav>
        {move || {
            let key = key.clone();
            if in_history.get() {
                view! { <div class="col"><HistoryTab section=section.clone() id version/></div> }.into_any()
            } else {
                view! { <Overview card section=key id version parts/> }.into_any()
            }
        }}
    }
}

/// «3 из 1 204», and the ways to the ones beside it.
#[component]
fn PlaceInList(place: PlaceView) -> impl IntoView {
    let way = |href: Option<String>, label: Word, sign: Sign, rel: &'static str, keys: &'static str| {
        match href {
        Some(href) => view! {
            <a class="btn sq q" href=href rel=rel title=word(label) aria-label=word(label) aria-keyshortcuts=keys><Icon sign/></a>
        }
        .into_any(),
        None => view! { <span class="btn sq q off" aria-hidden="true"><Icon sign/></span> }.into_any(),
    }
    };
    view! {
        <span class="place">{place.position}</span>
        <kbd class="d js">"Alt"</kbd>
        {way(place.previous, Word::PreviousRecord, Sign::Up, "prev", "Alt+ArrowUp")}
        {way(place.next, Word::NextRecord, Sign::Down, "next", "Alt+ArrowDown")}
    }
}

/// What was changed beside the card is shown; what is being typed into it stays.
fn follow_changes(shown: RwSignal<CardView>, anew: RwSignal<u32>, section: SectionSpec) {
    let changes = use_changes();
    let (of, sections) = (RecordRef::new(&section.key, shown.with_untracked(|card| card.id)), shown_by(&section));
    let told = Memo::new(move |_| {
        let sections: Vec<&str> = sections.iter().map(String::as_str).collect();
        changes.told_of_record(&of, &sections)
    });
    Effect::watch(
        move || told.get(),
        move |(others, version), before, _| {
            let (section, id, was, own) =
                shown.with_untracked(|card| (card.section.clone(), card.id, card.trashed.is_some(), card.version));
            // What it has saved itself it shows already.
            if *version <= own && before.is_some_and(|(before, _)| before == others) {
                return;
            }
            leptos::task::spawn_local(async move {
                let Ok(fresh) = card(section, id, None, None).await else { return };
                if fresh.trashed.is_some() == was {
                    shown.try_set(fresh);
                } else {
                    anew.try_update(|anew| *anew += 1);
                }
            });
        },
        false,
    );
}

/// Alt with an arrow goes on in the list; F2 edits the value in focus.
fn use_card_keys(place: Option<PlaceView>) {
    let navigate = use_navigate();
    let (previous, next) = place.map_or((None, None), |place| (place.previous, place.next));
    on_key(move |event: &KeyboardEvent| {
        // Within an input these keys are the input's own.
        if is_typing(event) || in_dialog() {
            return;
        }
        let way = match event.code().as_str() {
            "ArrowUp" if event.alt_key() => &previous,
            "ArrowDown" if event.alt_key() => &next,
            "F2" => {
                let focused = document()
                    .active_element()
                    .filter(|element| element.closest("[data-field]").is_ok_and(|at| at.is_some()));
                let link = focused.and_then(|element| {
                    let own = element.matches("a.value, a.pen").unwrap_or(false).then(|| element.clone());
                    own.or_else(|| element.closest("[data-field]").ok()??.query_selector("a.value, a.pen").ok()?)
                });
                let first = || document().query_selector("dd a.value").ok().flatten();
                if let Some(link) = link.or_else(first).and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
                    event.prevent_default();
                    link.click();
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        if let Some(href) = way {
            navigate(href, NavigateOptions::default());
        }
    });
}

/// «Общались вчера, обычно раз в 14 дней»
#[component]
pub fn Lately(cell: Cell) -> impl IntoView {
    match cell {
        Cell::Event { shown, hint, .. } => view! { <span class="mut lately" title=hint>{shown}</span> }.into_any(),
        other => view! { <CellView cell=other/> }.into_any(),
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
fn Overview(card: RwSignal<CardView>, section: String, id: i64, version: Signal<i64>, parts: Parts) -> impl IntoView {
    let fields: Vec<_> =
        card.with_untracked(|card| card.fields.iter().map(|field| (field.key.clone(), field.label.clone())).collect());
    let of = RecordRef { section: section.as_str().into(), id };
    let part = |part: Option<Part>| part.map(|part| part(of.clone()));
    let middle = match part(parts.stream) {
        Some(stream) => stream,
        None => view! {
            <section class="col mid" aria-labelledby="changes">
                <h2 id="changes" class="sr-only">{word(Word::History)}</h2>
                <LatestChanges section id version/>
            </section>
        }
        .into_any(),
    };
    let ahead = part(parts.ahead).map(|ahead| view! { <div class="col ahead">{ahead}</div> });
    view! {
        <div class="cols" class:three=parts.ahead.is_some() class:streamed=parts.stream.is_some()>
            <div class="col about">
                <section class="panel data" aria-labelledby="data">
                    <h2 id="data">{word(Word::Data)}</h2>
                    <dl>
                        {fields.into_iter().map(|(key, label)| view! {
                            <dt>{label}</dt>
                            <dd data-field=key.to_string()><Field card field=key.clone()/></dd>
                        }).collect_view()}
                    </dl>
                </section>
                {part(parts.below_data)}
                <Panels card/>
            </div>
            {middle}
            {ahead}
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

/// A button that posts: delete, restore. What was deleted can be taken back where one goes on.
#[component]
pub fn ActForm(
    path: String,
    act: &'static str,
    label: Word,
    #[prop(optional)] sign: Option<Sign>,
    #[prop(default = true)] quiet: bool,
    /// Where to go on.
    #[prop(optional, into)]
    back: Option<String>,
    /// Whether one goes there without a script too, and does not look at what became of it.
    #[prop(optional)]
    stay: bool,
) -> impl IntoView {
    let say = use_say();
    let changes = use_changes();
    let navigate = StoredValue::new(use_navigate());
    let lang = frame().lang;
    let (section, id) = path.trim_start_matches('/').split_once('/').unwrap_or_default();
    let (section, id) = (section.to_string(), domain::ids::record_id(id).unwrap_or_default());
    let deed = if act == "trash" { Deed::Delete } else { Deed::Restore };
    if !frame().access(&SectionKey::from(section.as_str())).may(deed) {
        return None;
    }
    let said = frame().section(&section).map(|section| section.forms.fill(Word::InTrash, lang)).unwrap_or_default();
    let restore_word = word(Word::Restore);
    let on_submit = {
        let back = back.clone();
        move |event: SubmitEvent| {
            let Some(back) = back.clone().filter(|_| act == "trash") else { return };
            let Some(form) = form_of(event.target()) else { return };
            event.prevent_default();
            let (section, key, said) = (section.clone(), key::of_form(&form), said.clone());
            leptos::task::spawn_local(async move {
                if let Err(refusal) = set_trashed(section.clone(), id, true, key).await {
                    return say.text(refusal.sentence(lang));
                }
                let take_back = Callback::new(move |()| {
                    let section = section.clone();
                    leptos::task::spawn_local(async move {
                        match set_trashed(section, id, false, key::fresh()).await {
                            Ok(()) => {
                                changes.tell();
                                changes.ask_anew();
                            }
                            Err(refusal) => say.text(refusal.sentence(lang)),
                        }
                    });
                });
                say.with_act(said, restore_word, take_back);
                if !stay {
                    navigate.try_with_value(|go| go(&back, NavigateOptions::default()));
                }
                changes.tell();
                changes.ask_anew();
            });
        }
    };
    Some(view! {
        <form method="post" action=format!("{path}/{act}") on:submit=on_submit>
            <input type="hidden" name=key::NAME value=key::fresh()/>
            {back.filter(|_| stay).map(|back| view! { <input type="hidden" name="back" value=back/> })}
            <button class="btn" class:q=quiet>{sign.map(|sign| view! { <Icon sign/> })}{word(label)}</button>
        </form>
    })
}
