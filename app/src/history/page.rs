//! «История»: every change of the record, newest first.

use domain::fields::SectionSpec;
use domain::list::encode;
use domain::words::Word;
use leptos::ev::Event;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::api::history;
use super::view::{Day, Entry, HistoryView, HistoryWish, PartOf, Piece, ValueChange, What};
use crate::error_line::ErrorLine;
use crate::frame::{frame, word};
use crate::key;
use crate::ui::{Avatar, Icon, Person, Sign, form_of, pairs_of};

/// All changes, by page, by field and by person.
#[component]
pub fn HistoryTab(section: SectionSpec, id: i64, version: Signal<i64>) -> impl IntoView {
    let query = use_query_map();
    let text = move |name: &'static str| query.with(|query| query.get(name));
    let key = section.key.to_string();
    let path = format!("/{key}/{id}");
    let wish = Memo::new(move |_| HistoryWish {
        section: key.clone(),
        id,
        before: text("at").and_then(|at| at.parse().ok()),
        field: text("of"),
        by: text("by").and_then(|by| by.parse().ok()),
        left: query.with(|query| query.get_all("left").unwrap_or_default()),
        latest: false,
    });
    // What is saved beside it appears here too.
    let loaded = Resource::new(move || (wish.get(), version.get()), |(wish, _)| history(wish));
    let own_list = query.with_untracked(|query| query.get("in"));
    view! {
        <Transition fallback=|| view! { <p class="wait">{word(Word::Loading)}</p> }>
            {move || {
                let (path, section, list) = (path.clone(), section.clone(), own_list.clone());
                Suspend::new(async move {
                    match loaded.await {
                        Ok(view) => {
                            let wish = wish.get_untracked();
                            let earlier = view.earlier;
                            view! {
                                <HistoryFilter path=path.clone() section wish=wish.clone() authors=view.authors.clone() list=list.clone()/>
                                <Changes path=path.clone() view/>
                                {earlier.map(|before| {
                                    let href = history_address(&path, &HistoryWish { before: Some(before), ..wish }, list);
                                    view! { <a class="btn" href=href>{word(Word::Earlier)}</a> }
                                })}
                            }
                            .into_any()
                        }
                        Err(refusal) => view! { <ErrorLine refusal/> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

fn history_address(path: &str, wish: &HistoryWish, list: Option<String>) -> String {
    let pairs = [
        ("in", list),
        ("tab", Some("history".to_string())),
        ("of", wish.field.clone()),
        ("by", wish.by.map(|by| by.to_string())),
        ("at", wish.before.map(|at| at.to_string())),
    ];
    let pairs = pairs
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_string(), value.filter(|value| !value.is_empty())?)));
    format!("{path}{}", encode(&pairs.collect::<Vec<_>>()))
}

/// Which field's changes, and whose.
#[component]
fn HistoryFilter(
    path: String,
    section: SectionSpec,
    wish: HistoryWish,
    authors: Vec<Person>,
    list: Option<String>,
) -> impl IntoView {
    let lang = frame().lang;
    let navigate = use_navigate();
    let on_change = {
        let (path, list) = (path.clone(), list.clone());
        move |event: Event| {
            let Some(form) = form_of(event.target()) else { return };
            let sent = pairs_of(&form);
            let get = |name: &str| sent.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
            let wish = HistoryWish {
                field: get("of"),
                by: get("by").and_then(|by| by.parse().ok()),
                ..HistoryWish::default()
            };
            navigate(&history_address(&path, &wish, list.clone()), NavigateOptions::default());
        }
    };
    let option = |value: String, label: String, on: bool| view! { <option value=value selected=on>{label}</option> };
    let fields = section.fields.iter().filter(|field| !field.is_by_system()).map(|field| {
        let on = wish.field.as_deref() == Some(field.key.as_str());
        option(field.key.to_string(), field.label.get(lang).to_string(), on)
    });
    let people =
        authors.into_iter().map(|person| option(person.id.to_string(), person.name, wish.by == Some(person.id)));
    view! {
        <form class="hist-filter rowb" method="get" action=path on:change=on_change>
            {list.map(|list| view! { <input type="hidden" name="in" value=list/> })}
            <input type="hidden" name="tab" value="history"/>
            <select class="f" name="of" aria-label=word(Word::FilterField)>
                <option value="">{word(Word::AllChanges)}</option>{fields.collect_view()}
            </select>
            <select class="f" name="by" aria-label=word(Word::Who)>
                <option value="">{word(Word::ByAnybody)}</option>{people.collect_view()}
            </select>
            <button class="btn no-js">{word(Word::Show)}</button>
        </form>
    }
}

/// The latest page, without filters.
#[component]
pub fn LatestChanges(section: String, id: i64, version: Signal<i64>) -> impl IntoView {
    let path = format!("/{section}/{id}");
    let query = use_query_map();
    let left = Memo::new(move |_| query.with(|query| query.get_all("left").unwrap_or_default()));
    let loaded = Resource::new(
        move || (left.get(), version.get()),
        move |(left, _)| history(HistoryWish { section: section.clone(), id, left, ..HistoryWish::default() }),
    );
    view! {
        <Transition fallback=|| view! { <p class="wait">{word(Word::Loading)}</p> }>
            {move || {
                let path = path.clone();
                Suspend::new(async move {
                    match loaded.await {
                        Ok(view) => {
                            let more = view.earlier.is_some();
                            let all = format!("{path}?tab=history");
                            view! {
                                <Changes path view/>
                                {more.then(|| view! { <a class="btn" href=all>{word(Word::Earlier)}</a> })}
                            }
                            .into_any()
                        }
                        Err(refusal) => view! { <ErrorLine refusal/> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

/// Changes by day.
#[component]
pub fn Changes(path: String, view: HistoryView) -> impl IntoView {
    let HistoryView { days, version, left, .. } = view;
    let none = days.is_empty();
    let days = days
        .into_iter()
        .map(|Day { name, entries }| {
            let path = path.clone();
            view! {
                <h2 class="day">{name}</h2>
                {entries.into_iter().map(|entry| view! { <EntryView path=path.clone() version entry/> }).collect_view()}
            }
        })
        .collect_view();
    view! {
        <div class="hist">
            {(!left.is_empty()).then(|| view! { <p class="conf" role="status">{word(Word::UndoLeft)}{left.join(", ")}</p> })}
            {none.then(|| view! { <p class="mut">{word(Word::NoChanges)}</p> })}
            {days}
        </div>
    }
}

/// One change.
#[component]
pub fn EntryView(path: String, version: i64, entry: Entry) -> impl IntoView {
    let Entry { seq, record_version: _, by, time, exact, source, what, can_undo, operation } = entry;
    let name = by.as_ref().map(|person| person.name.clone()).unwrap_or_default();
    let head = match by {
        Some(person) => view! { <Avatar person/> }.into_any(),
        None => view! { <span class="ic"><Icon sign=Sign::Box/></span> }.into_any(),
    };
    let is_act = matches!(what, What::Act(_));
    let body = match what {
        What::Act(sentence) => view! { <p class="sys">{sentence}</p> }.into_any(),
        What::Values(values) => values
            .into_iter()
            .map(|value| view! { <ValueLine path=path.clone() seq version value/> })
            .collect_view()
            .into_any(),
    };
    let section = path.trim_start_matches('/').split('/').next().unwrap_or_default().to_string();
    let back = format!("{path}?tab=history");
    let whole = operation.map(|PartOf { op, records, can_undo }| {
        view! {
            <div class="part-of">
                <span class="mut">{word(Word::PartOf)}" "{records}</span>
                {can_undo.then(|| view! {
                    <form method="post" action=format!("/operations/{op}")>
                        <input type="hidden" name="section" value=section/>
                        <input type="hidden" name="back" value=back/>
                        <button class="at" name="act" value="undo">{word(Word::UndoAll)}</button>
                    </form>
                })}
            </div>
        }
    });
    view! {
        <article class="ev" data-change=seq.to_string()>
            {head}
            <div>
                <p class="h"><b>{name}</b>" · "<time title=exact>{time}</time>{source.map(|source| format!(" · {source}"))}</p>
                {body}
                {whole}
            </div>
            {(can_undo && is_act).then(|| view! {
                <form method="post" action=format!("{path}/undo")>
                    <input type="hidden" name="seq" value=seq.to_string()/>
                    <input type="hidden" name=key::NAME value=key::fresh()/>
                    <button class="at">{word(Word::Undo)}</button>
                </form>
            })}
        </article>
    }
}

/// «Адрес: было …, стало … · Вернуть»
#[component]
fn ValueLine(path: String, seq: i64, version: i64, value: ValueChange) -> impl IntoView {
    let ValueChange { key, label, old, new, can_put_back } = value;
    let whole = |pieces: Vec<Piece>| pieces.into_iter().map(|piece| piece.text).collect::<String>();
    let marked = |pieces: Vec<Piece>| {
        let piece = |piece: Piece| match piece.changed {
            true => view! { <ins>{piece.text}</ins> }.into_any(),
            false => piece.text.into_any(),
        };
        pieces.into_iter().map(piece).collect_view()
    };
    let is_empty = |pieces: &[Piece]| pieces.iter().all(|piece| piece.text.is_empty());
    let change = match (is_empty(&old), is_empty(&new)) {
        (true, _) => view! { {word(Word::Added)}" "<ins>{whole(new)}</ins> }.into_any(),
        (false, true) => view! { {word(Word::Removed)}" "<del>{whole(old)}</del> }.into_any(),
        (false, false) => {
            view! { {word(Word::Was)}" "<del>{whole(old)}</del>", "{word(Word::Became)}" "{marked(new)} }.into_any()
        }
    };
    view! {
        <div class="change" data-field=key.to_string()>
            <p class="sys">{label}": "{change}</p>
            {can_put_back.then(|| view! {
                <form method="post" action=format!("{path}/undo")>
                    <input type="hidden" name="seq" value=seq.to_string()/>
                    <input type="hidden" name="field" value=key.to_string()/>
                    <input type="hidden" name="_version" value=version.to_string()/>
                    <input type="hidden" name=key::NAME value=key::fresh()/>
                    <button class="at">{word(Word::PutBack)}</button>
                </form>
            })}
        </div>
    }
}
