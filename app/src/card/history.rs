//! «История»: every change of the record, newest first.

use domain::words::Word;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::api::{Day, Entry, HistoryView, ValueChange, What, history};
use super::key;
use crate::frame::word;
use crate::layout::ErrorLine;
use crate::ui::{Avatar, Icon, Sign};

#[component]
pub fn HistoryTab(section: String, id: i64, version: Signal<i64>) -> impl IntoView {
    let query = use_query_map();
    let before = Memo::new(move |_| query.with(|query| query.get("at").and_then(|at| at.parse::<i64>().ok())));
    let left = Memo::new(move |_| query.with(|query| query.get_all("left").unwrap_or_default()));
    let path = format!("/{section}/{id}");
    // What is saved beside it appears here too.
    let loaded = Resource::new(
        move || (before.get(), left.get(), version.get()),
        move |(before, left, _)| history(section.clone(), id, before, left),
    );
    view! {
        <Transition fallback=|| view! { <p class="wait">{word(Word::Loading)}</p> }>
            {move || {
                let path = path.clone();
                Suspend::new(async move {
                    match loaded.await {
                        Ok(view) => view! { <Entries path view/> }.into_any(),
                        Err(refusal) => view! { <ErrorLine refusal/> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

#[component]
fn Entries(path: String, view: HistoryView) -> impl IntoView {
    let HistoryView { days, earlier, version, left } = view;
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
            {days}
            {earlier.map(|href| view! { <a class="btn" href=href>{word(Word::Earlier)}</a> })}
        </div>
    }
}

#[component]
fn EntryView(path: String, version: i64, entry: Entry) -> impl IntoView {
    let Entry { seq, by, time, exact, source, what, can_undo } = entry;
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
    view! {
        <article class="ev" data-change=seq.to_string()>
            {head}
            <div>
                <p class="h"><b>{name}</b>" · "<time title=exact>{time}</time>{source.map(|source| format!(" · {source}"))}</p>
                {body}
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
    let change = match (old.is_empty(), new.is_empty()) {
        (true, _) => view! { {word(Word::Added)}" "<ins>{new}</ins> }.into_any(),
        (false, true) => view! { {word(Word::Removed)}" "<del>{old}</del> }.into_any(),
        (false, false) => {
            view! { {word(Word::Was)}" "<del>{old}</del>", "{word(Word::Became)}" "<ins>{new}</ins> }.into_any()
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
