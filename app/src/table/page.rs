//! The page of a section's list.

use domain::fields::SectionSpec;
use domain::list::{ListQuery, pairs};
use domain::words::Word;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use wasm_bindgen::JsCast;

use super::api::{Column, ListView};
use super::filters::Filters;
use super::grid::Grid;
use super::latest::{Latest, latest_list};
use crate::card::api::create;
use crate::frame::{frame, word};
use crate::layout::ErrorLine;
use crate::refusal::Refusal;
use crate::ui::{Icon, Sign, Title};

type Loaded = Resource<Result<ListView, Refusal>>;

/// The only readers of a list's address: as it stands, and as a query. While another page opens they
/// stay as they were, so that the list is not asked for once more.
fn use_list_query(section: SectionSpec) -> (Memo<String>, Memo<ListQuery>) {
    let location = use_location();
    let own = format!("/{}", section.key);
    let search = Memo::new(move |before: Option<&String>| match before {
        Some(before) if location.pathname.get() != own => before.clone(),
        _ => location.search.get().trim_start_matches('?').to_string(),
    });
    (search, Memo::new(move |_| ListQuery::parse(&section, &pairs(&search.get())).0))
}

#[component]
pub fn ListPage(section: SectionSpec) -> impl IntoView {
    let lang = frame().lang;
    let (search, query) = use_list_query(section.clone());
    let key = section.key.to_string();
    // The raw address: the server says what it did not understand.
    let Latest { shown: loaded, waiting } = latest_list(key.clone(), search);
    let path = format!("/{key}");
    let many = section.forms.many.get(lang).to_string();
    let one = section.forms.one.get(lang).to_string();
    let rows = {
        let section = section.clone();
        move || {
            let section = section.clone();
            Suspend::new(async move {
                match loaded.await {
                    Ok(list) => view! { <Grid section query=query.get_untracked() list/> }.into_any(),
                    Err(refusal) => view! { <ErrorLine refusal/> }.into_any(),
                }
            })
        }
    };
    view! {
        <Title text=format!("{many} · {}", word(Word::Product))/>
        <div class="head"><h1>{many}</h1></div>
        <div class="views">
            <Switch section=section.clone() query/>
            <Transition>
                {move || Suspend::new(async move {
                    loaded.await.ok().map(|list| view! { <span class="mut count" aria-live="polite">{list.count}</span> })
                })}
            </Transition>
        </div>
        <Filters section=section.clone() query>
            <Chips loaded/>
            <span class="sp d"></span>
            <ViewForms section loaded query/>
            <PlusForm path label=one/>
        </Filters>
        <DroppedLine loaded/>
        <div class="grid" class:waiting=move || waiting.get() aria-busy=move || waiting.get().to_string() tabindex="-1">
            <Transition fallback=|| view! { <p class="wait">{word(Word::Loading)}</p> }>{rows}</Transition>
        </div>
        <Foot loaded/>
    }
}

/// «Мои · Все»
#[component]
fn Switch(section: SectionSpec, query: Memo<ListQuery>) -> impl IntoView {
    let owner = section.owner.clone()?;
    let is_mine = {
        let (section, owner) = (section.clone(), owner.clone());
        Signal::derive(move || query.with(|query| query.typed(&section, &owner) == Some("me")))
    };
    let option = move |typed: &'static str, label: Word, on: Signal<bool>| {
        let (section, owner) = (section.clone(), owner.clone());
        let href = move || {
            let wanted = query.with(|query| query.with_filter(&section, &owner, typed));
            format!("/{}{}", section.key, wanted.print(&section))
        };
        view! { <a href=href aria-current=move || on.get().then_some("true")>{word(label)}</a> }
    };
    Some(view! {
        <nav class="seg" aria-label=word(Word::WhoseRecords)>
            {option("me", Word::Mine, is_mine)}
            {option("", Word::All, Signal::derive(move || !is_mine.get()))}
        </nav>
    })
}

#[component]
fn Chips(loaded: Loaded) -> impl IntoView {
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let chips = loaded.await.map(|list| list.chips).unwrap_or_default();
                chips.into_iter().map(|chip| {
                    let remove = format!("{}: {}", word(Word::RemoveFilter), chip.label);
                    view! {
                        <span class="f on chip-filter">
                            <b>{chip.label}</b>
                            " "{chip.text}
                            <a class="x" href=chip.without aria-label=remove.clone() title=remove><Icon sign=Sign::Cross/></a>
                        </span>
                    }
                }).collect_view()
            })}
        </Transition>
    }
}

/// Columns and density: plain forms, remembered for the user.
#[component]
fn ViewForms(section: SectionSpec, loaded: Loaded, query: Memo<ListQuery>) -> impl IntoView {
    view! {
        <Transition>
            {move || {
                let section = section.clone();
                Suspend::new(async move {
                    let list = loaded.await.ok()?;
                    let back = format!("/{}{}", section.key, query.get_untracked().print(&section));
                    let section = section.key.to_string();
                    let other_density = (!list.dense).to_string();
                    Some(view! {
                        <ColumnsForm section=section.clone() back=back.clone() all=list.all_columns shown=list.columns/>
                        <form class="d" method="post" action="/settings/view">
                            <input type="hidden" name="section" value=section/>
                            <input type="hidden" name="back" value=back/>
                            <input type="hidden" name="dense" value=other_density/>
                            <button class="btn sq q" title=word(Word::Density) aria-label=word(Word::Density) aria-pressed=list.dense.to_string()>
                                <Icon sign=Sign::Density/>
                            </button>
                        </form>
                    })
                })
            }}
        </Transition>
    }
}

#[component]
fn ColumnsForm(section: String, back: String, all: Vec<Column>, shown: Vec<Column>) -> impl IntoView {
    let boxes = all
        .into_iter()
        .map(|column| {
            let on = shown.iter().any(|shown| shown.key == column.key);
            // The number and the name stay.
            let always = column.is_title || column.key == "number";
            view! {
                <li>
                    <label>
                        <input type="checkbox" name="cols" value=column.key.clone() checked=on || always disabled=always/>
                        {column.label}
                    </label>
                    {always.then(|| view! { <input type="hidden" name="cols" value=column.key/> })}
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="menu-of d">
            <summary class="btn sq q" title=word(Word::Columns) aria-label=word(Word::Columns)><Icon sign=Sign::Columns/></summary>
            <form class="pop" method="post" action="/settings/view">
                <input type="hidden" name="section" value=section/>
                <input type="hidden" name="back" value=back/>
                <h2>{word(Word::Columns)}</h2>
                <ul>{boxes}</ul>
                <footer>
                    <button class="btn q" name="reset" value="cols">{word(Word::Reset)}</button>
                    <button class="btn">{word(Word::ShowColumns)}</button>
                </footer>
            </form>
        </details>
    }
}

/// The plus: makes a record and opens its page. A form of its own, since forms do not nest.
#[component]
pub fn PlusForm(path: String, label: String) -> impl IntoView {
    let (busy, set_busy) = signal(false);
    let failed = RwSignal::new(None::<Refusal>);
    let navigate = StoredValue::new(use_navigate());
    let section = path.trim_start_matches('/').to_string();
    let submit = {
        let path = path.clone();
        move |event: SubmitEvent| {
            let Some(form) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlFormElement>().ok())
            else {
                return;
            };
            event.prevent_default();
            // Pressed once more while the page goes away.
            if busy.try_get_untracked().unwrap_or(true) {
                return;
            }
            set_busy.set(true);
            let key = crate::card::key::of_form(&form);
            let (section, path) = (section.clone(), path.clone());
            leptos::task::spawn_local(async move {
                match create(section, key).await {
                    Ok(id) => {
                        // The page that opens ends this one, and the press with it.
                        let address = format!("{path}/{id}?edit=name");
                        navigate.try_with_value(|go| go(&address, NavigateOptions::default()));
                    }
                    Err(refusal) => {
                        failed.try_set(Some(refusal));
                        set_busy.try_set(false);
                    }
                }
            });
        }
    };
    view! {
        <form class="plus" method="post" action=path on:submit=submit>
            <input type="hidden" name="_key" value=crate::card::key::fresh()/>
            <button class="btn p" title=label.clone() aria-label=label.clone() aria-busy=move || busy.get().to_string()>
                <Icon sign=Sign::Plus/>
                <span class="d">{label.clone()}</span>
            </button>
            {move || failed.get().map(|refusal| view! { <p class="hint" role="alert">{refusal.sentence(frame().lang)}</p> })}
        </form>
    }
}

/// What of the address was not understood.
#[component]
fn DroppedLine(loaded: Loaded) -> impl IntoView {
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let dropped = loaded.await.map(|list| list.dropped).unwrap_or_default();
                (!dropped.is_empty()).then(|| view! {
                    <p class="dropped">
                        {word(Word::Dropped)}
                        {dropped.into_iter().map(|name| view! { <code data-dropped=name.clone()>{name.clone()}</code>" " }).collect_view()}
                    </p>
                })
            })}
        </Transition>
    }
}

#[component]
fn Foot(loaded: Loaded) -> impl IntoView {
    let turn = |href: Option<String>, label: Word, sign: Sign, rel: &'static str| match href {
        Some(href) => {
            view! { <a class="btn sq q" href=href rel=rel title=word(label) aria-label=word(label)><Icon sign/></a> }
                .into_any()
        }
        None => view! { <span class="btn sq q off" aria-hidden="true"><Icon sign/></span> }.into_any(),
    };
    view! {
        <div class="foot">
            <Transition>
                {move || Suspend::new(async move {
                    loaded.await.ok().map(|list| view! {
                        <span class="position">{list.position}</span>
                        <span class="sp"></span>
                        {turn(list.previous, Word::PreviousPage, Sign::Left, "prev")}
                        {turn(list.next, Word::NextPage, Sign::Right, "next")}
                    })
                })}
            </Transition>
        </div>
    }
}
