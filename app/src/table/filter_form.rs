//! The form of one filter: a field, an operator, values. Which one is open stands in the address; what it sends
//! is put together by `domain::list::compose`, here and on the server.

use domain::fields::SectionSpec;
use domain::list::{ListQuery, Opened, compose};
use domain::words::Word;
use leptos::ev::{Event, KeyboardEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;

use super::operators::{Asks, asks, choices, operator_word};
use crate::appearance::UserView;
use crate::card::RecordInput;
use crate::frame::{frame, word};
use crate::settings::use_view;
use crate::ui::{Icon, Sign, TextArea, form_of, pairs_of};

/// «+ Фильтр» and, beneath it, the form that is open.
#[component]
pub fn FilterForms(section: SectionSpec, query: Memo<ListQuery>, opened: Memo<Option<Opened>>) -> impl IntoView {
    let new = {
        let section = section.clone();
        move || query.with(|query| Opened::Fields { or: None }.address(&section, query))
    };
    view! {
        <div class="menu-of add-filter">
            <a class="btn q" href=new aria-expanded=move || opened.with(|opened| opened.as_ref().is_some_and(|opened| *opened != Opened::Sheet)).to_string()>
                <Icon sign=Sign::Plus/>{word(Word::Filter)}
            </a>
            {move || {
                let opened = opened.get().filter(|opened| *opened != Opened::Sheet)?;
                Some(view! { <FilterForm section=section.clone() query=query.get_untracked() opened/> })
            }}
        </div>
    }
}

#[component]
fn FilterForm(section: SectionSpec, query: ListQuery, opened: Opened) -> impl IntoView {
    let lang = frame().lang;
    let form = NodeRef::<html::Form>::new();
    let navigate = StoredValue::new(use_navigate());
    let path = format!("/{}", section.key);
    let closed = format!("{path}{}", query.print(&section));
    let go = move |address: &str, replace: bool| {
        navigate.with_value(|go| go(address, NavigateOptions { replace, scroll: false, ..Default::default() }));
    };
    let kept = query.pairs(&section).into_iter();
    let kept = kept.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
    let subject = opened.subject(&section, &query);
    let fields = {
        let chosen = subject.as_ref().map(|subject| subject.field.key.clone());
        let option = |key: String, label: String, on: bool| view! { <option value=key selected=on>{label}</option> };
        let options = section.fields.iter().filter(|field| !field.internal).map(|field| {
            option(field.key.to_string(), field.label.get(lang).to_string(), Some(&field.key) == chosen.as_ref())
        });
        let choose = chosen.is_none().then(|| option(String::new(), word(Word::ChooseField).to_string(), true));
        view! {
            <select class="f" name="_field" aria-label=word(Word::FilterField)>{choose}{options.collect_view()}</select>
        }
    };
    let pinning = subject.as_ref().map(|subject| subject.field.key.clone());
    let or = match &opened {
        Opened::Edit { place, .. } => Some(Opened::Fields { or: Some(*place) }.address(&section, &query)),
        _ => None,
    };
    let body = subject.map(|subject| {
        let operators = subject.field.kind.rules().operators().iter();
        let options = operators.map(|op| {
            view! { <option value=op.as_str() selected=*op == subject.op>{word(operator_word(*op))}</option> }
        });
        let is_bare = subject.op.is_bare();
        view! {
            <select class="f" name="_op" aria-label=word(Word::FilterOperator)>{options.collect_view()}</select>
            <Values asks=asks(subject.field, subject.op) field=subject.field.clone() typed=subject.typed/>
            {is_bare.then(|| view! { <span class="mut">{word(Word::FilterNoValue)}</span> })}
        }
    });
    let siblings = siblings(&section, &query, &opened, lang);
    // Another field or operator asks for other values: the form changes at once.
    let on_change = {
        let section = section.clone();
        move |event: Event| {
            let element = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlSelectElement>().ok());
            if !element.is_some_and(|select| matches!(select.name().as_str(), "_field" | "_op")) {
                return;
            }
            let Some(form) = form_of(event.target()) else { return };
            if let Some(address) = compose(&section, &pairs_of(&form)) {
                go(&address, true);
            }
        }
    };
    let on_submit = {
        let section = section.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            let Some(form) = form_of(event.target()) else { return };
            if let Some(address) = compose(&section, &pairs_of(&form)) {
                go(&address, false);
            }
        }
    };
    let on_key = {
        let closed = closed.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                go(&closed, true);
                let button = document().query_selector(".add-filter > a").ok().flatten();
                if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
                    let _ = button.focus();
                }
            }
        }
    };
    // Opened by a press it takes the focus: to its values when there are any.
    Effect::new(move |_| {
        let Some(form) = form.get() else { return };
        let wanted = form.query_selector("[name=_value],[name=_from],[name=_days],[name=_op],[name=_field]");
        if let Some(input) = wanted.ok().flatten().and_then(|input| input.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = input.focus();
        }
    });
    view! {
        <div class="pop filter-pop" role="group" aria-label=word(Word::Filter) on:keydown=on_key>
            {siblings}
            <form method="get" action=path node_ref=form on:change=on_change on:submit=on_submit>
                {kept}
                <input type="hidden" name="_filter" value=opened.print()/>
                {fields}
                {body}
                <div class="rowb">
                    {or.map(|href| view! { <a class="btn q" href=href>{word(Word::OrCondition)}</a> })}
                    <span class="sp"></span>
                    <a class="btn q" href=closed>{word(Word::Close)}</a>
                    <button class="btn p">{word(Word::Show)}</button>
                </div>
            </form>
            {pinning.map(|field| view! { <PinForm section=section.clone() query=query.clone() field/> })}
        </div>
    }
}

/// The other conditions of the any-of group.
fn siblings(section: &SectionSpec, query: &ListQuery, opened: &Opened, lang: domain::words::Lang) -> AnyView {
    let place = match opened {
        Opened::Edit { place, .. } => Some(*place),
        Opened::New { or, .. } | Opened::Fields { or } => *or,
        Opened::Sheet => None,
    };
    let Some(own) = place.and_then(|place| query.conditions.get(place)) else { return ().into_any() };
    let is_edit = matches!(opened, Opened::Edit { .. });
    let others: Vec<_> = query
        .conditions
        .iter()
        .enumerate()
        .filter(|(other, condition)| {
            let same_group = own.group.is_some() && condition.group == own.group;
            (same_group || !is_edit && Some(*other) == place) && !(is_edit && Some(*other) == place)
        })
        .filter_map(|(place, condition)| {
            let label = section.field(&condition.field)?.label.get(lang).to_string();
            let edit = Opened::Edit { place, op: None }.address(section, query);
            Some(view! { <li><a class="btn q" href=edit>{label}" "{word(operator_word(condition.op))}" "{condition.typed.iter().filter(|_| !condition.op.is_bare()).cloned().collect::<Vec<_>>().join(", ")}</a>" "{word(Word::Or)}</li> })
        })
        .collect();
    if others.is_empty() {
        ().into_any()
    } else {
        view! { <ul class="siblings">{others.collect_view()}</ul> }.into_any()
    }
}

/// The inputs for what an operator asks.
#[component]
fn Values(asks: Asks, field: domain::fields::FieldSpec, typed: Vec<String>) -> impl IntoView {
    let lang = frame().lang;
    let label = field.label.get(lang).to_string();
    let first = typed.first().cloned().unwrap_or_default();
    let ends = {
        let (from, to) =
            first.split_once("..").map_or((first.clone(), first.clone()), |(from, to)| (from.into(), to.into()));
        move |kind: &'static str| {
            view! {
                <label class="f">{word(Word::From)}<input type=kind name="_from" value=from/></label>
                <label class="f">{word(Word::To)}<input type=kind name="_to" value=to/></label>
            }
        }
    };
    let boxes = |options: Vec<(String, String)>| {
        let boxes = options.into_iter().map(|(value, label)| {
            let on = typed.contains(&value);
            view! { <li><label><input type="checkbox" name="_value" value=value checked=on/>{label}</label></li> }
        });
        view! { <ul class="boxes">{boxes.collect_view()}</ul> }
    };
    match asks {
        Asks::Nothing => ().into_any(),
        Asks::Days => {
            let days = first.trim_end_matches('d').to_string();
            view! {
                <label class="f days"><input type="number" name="_days" min="0" max="36500" value=days aria-label=word(Word::Days)/>{word(Word::Days)}</label>
            }
            .into_any()
        }
        Asks::DayRange => ends("date").into_any(),
        Asks::NumberRange => ends("text").into_any(),
        Asks::Choices => {
            boxes(choices(&field).into_iter().map(|(value, label)| (value, label.get(lang).to_string())).collect())
                .into_any()
        }
        Asks::People => {
            let me = ("me".to_string(), word(Word::Me).to_string());
            let people = frame().people.clone().into_iter().map(|person| (person.id.to_string(), person.name));
            boxes(std::iter::once(me).chain(people).collect()).into_any()
        }
        Asks::Record => match field.kind.target().cloned() {
            Some(target) => view! {
                <RecordInput target name="_value".to_string() typed=first.clone() label shown=first/>
            }
            .into_any(),
            None => ().into_any(),
        },
        Asks::Texts => view! {
            <TextArea class="f" name="_value".to_string() text=typed.join("\n") label placeholder=word(Word::OnePerLine)/>
        }
        .into_any(),
    }
}

/// Puts the field's filter into the row, or takes it out.
#[component]
fn PinForm(section: SectionSpec, query: ListQuery, field: domain::ids::FieldKey) -> impl IntoView {
    let view = use_view(&section.key);
    let key = section.key.clone();
    let back = format!("/{}{}", section.key, query.print(&section));
    let section = StoredValue::new(section);
    let is_pinned = {
        let field = field.clone();
        move || section.with_value(|section| view.get().row_filters(section).contains(&field))
    };
    let on_submit = {
        let (field, is_pinned) = (field.clone(), is_pinned.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let before = untrack(|| view.get());
            let mut pinned = section.with_value(|section| before.row_filters(section));
            if untrack(&is_pinned) {
                pinned.retain(|pinned| *pinned != field);
            } else {
                pinned.push(field.clone());
            }
            view.set(UserView { pinned: Some(pinned), ..before });
        }
    };
    let name = {
        let is_pinned = is_pinned.clone();
        move || if is_pinned() { "unpin" } else { "pin" }
    };
    view! {
        <form class="pin" method="post" action="/settings/view" on:submit=on_submit>
            <input type="hidden" name="section" value=key.to_string()/>
            <input type="hidden" name="back" value=back/>
            <button class="btn q" name=name value=field.to_string()>
                {move || word(if is_pinned() { Word::UnpinFilter } else { Word::PinFilter })}
            </button>
        </form>
    }
}
