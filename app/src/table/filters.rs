//! The filter row. It stands outside every Suspense, so that a list that loads anew never touches what
//! is being typed; without JavaScript it is a GET form. On the phone it is a sheet.

use domain::fields::SectionSpec;
use domain::ids::FieldKey;
use domain::list::{ListQuery, Opened, Pasted, pasted};
use domain::words::Word;
use gloo_timers::future::TimeoutFuture;
use leptos::ev::{ClipboardEvent, Event, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;
use web_sys::{HtmlFormElement, HtmlInputElement, HtmlSelectElement};

use super::row_input::{RowInput, filter_input, row_input};
use crate::frame::{frame, word};
use crate::settings::use_view;
use crate::ui::{Icon, Person, Sign, use_say, value_in};

/// A list follows the typing after this pause.
const PAUSE_MS: u32 = 150;

#[component]
pub fn Filters(
    section: SectionSpec,
    query: Memo<ListQuery>,
    opened: Memo<Option<Opened>>,
    children: Children,
) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let path = format!("/{}", section.key);
    let view = use_view(&section.key);
    let people = StoredValue::new(frame().people.clone());
    let section = StoredValue::new(section);
    let pinned = Memo::new(move |_| section.with_value(|section| view.get().row_filters(section)));
    let typings = StoredValue::new(0_u32);
    let navigate = StoredValue::new(use_navigate());

    let go = {
        let path = path.clone();
        move |wanted: ListQuery, replace: bool| {
            let address = section.with_value(|section| format!("{path}{}", wanted.print(section)));
            navigate.with_value(|go| go(&address, NavigateOptions { replace, scroll: false, ..Default::default() }));
        }
    };
    // Typing replaces the entry of the browser's history, choosing adds one.
    let apply = {
        let go = go.clone();
        move |replace: bool| {
            typings.update_value(|count| *count += 1);
            let Some(form) = form.get_untracked() else { return };
            let now = query.get_untracked();
            let wanted = section.with_value(|section| {
                people.with_value(|people| read_inputs(&form, section, &pinned.get_untracked(), people, &now))
            });
            if wanted != now {
                go(wanted, replace);
            }
        }
    };
    let apply_soon = {
        let apply = apply.clone();
        move |event: Event| {
            if event.target().is_some_and(|target| target.has_type::<HtmlSelectElement>()) {
                return apply(false);
            }
            let apply = apply.clone();
            typings.update_value(|count| *count += 1);
            let own = typings.get_value();
            leptos::task::spawn_local(async move {
                TimeoutFuture::new(PAUSE_MS).await;
                // Typed on, or gone on to another page.
                if typings.try_get_value() == Some(own) {
                    apply(true);
                }
            });
        }
    };
    let submit = {
        let apply = apply.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            apply(true);
        }
    };
    let (say, lang, taken_word) = (use_say(), frame().lang, Word::Taken);
    // A column of values from a spreadsheet: any of them.
    let paste = move |event: ClipboardEvent| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let text = event.clipboard_data().and_then(|data| data.get_data("text").ok()).unwrap_or_default();
        let key = FieldKey::from(input.map(|input| input.name()).unwrap_or_default().as_str());
        let wanted = section.with_value(|section| {
            let field = section.field(&key).filter(|_| text.trim().contains(['\n', '\r', '\t']))?;
            pasted(section, field, &query.get_untracked(), &text)
        });
        if let Some(Pasted { query: wanted, taken, of: given }) = wanted {
            event.prevent_default();
            if taken < given {
                say.text(format!("{} {taken} {} {given}", taken_word.text(lang), Word::Of.text(lang)));
            }
            go(wanted, false);
        }
    };
    // What was typed before the page came to life is a filter too.
    Effect::new({
        let mut first = true;
        move |_| {
            if std::mem::take(&mut first) && form.get().is_some() {
                apply(true);
            }
        }
    });
    // Back, forward and a reset change the inputs; the one that is being typed in is left alone.
    Effect::watch(
        move || (query.get(), pinned.get()),
        move |(query, pinned), _, _| {
            if let Some(form) = form.get_untracked() {
                section.with_value(|section| {
                    people.with_value(|people| write_inputs(&form, section, pinned, people, query))
                });
            }
        },
        false,
    );

    let inputs = move || {
        let fields = pinned.get().into_iter().enumerate();
        fields.map(|(place, key)| view! { <RowFilter section query field=key first=place == 0/> }).collect_view()
    };
    let kept = move || {
        let kept: Vec<(String, String)> =
            section.with_value(|section| query.with(|query| kept_pairs(section, &pinned.get(), query)));
        kept.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()
    };
    let q = query.get_untracked().q.unwrap_or_default();
    // On the phone every form of a filter stands in the sheet.
    let in_sheet = move || opened.with(Option::is_some);
    let sheet_href = move || section.with_value(|section| query.with(|query| Opened::Sheet.address(section, query)));
    let plain_href = {
        let path = path.clone();
        move || section.with_value(|section| query.with(|query| format!("{path}{}", query.print(section))))
    };
    let bare_href = {
        let path = path.clone();
        move || {
            section
                .with_value(|section| query.with(|query| format!("{path}{}", query.without_filters().print(section))))
        }
    };
    let count = move || query.with(|query| query.conditions.len());
    let sheet_label = move || match count() {
        0 => word(Word::Filters).to_string(),
        count => format!("{}: {count}", word(Word::Filters)),
    };
    view! {
        <div class="filters" class:sheet=in_sheet>
            <header class="sheet-head m">
                <h2>{word(Word::Filters)}</h2>
                <a class="btn sq q" href=plain_href.clone() aria-label=word(Word::Close) title=word(Word::Close)><Icon sign=Sign::Cross/></a>
            </header>
            <form class="filter-form" method="get" action=path role="search" node_ref=form
                on:input=apply_soon on:submit=submit on:paste=paste>
                {kept}
                {inputs}
                <label class="f m wide q-filter">
                    <Icon sign=Sign::Find/>
                    <input type="search" name="q" value=q placeholder=word(Word::SearchPlaceholder)
                        aria-label=word(Word::SearchPlaceholder) autocomplete="off" enterkeyhint="search"/>
                    <a class="to-sheet" href=sheet_href aria-label=sheet_label title=word(Word::Filters)>
                        <Icon sign=Sign::Filter/>
                        {move || (count() > 0).then(|| view! { <span class="n">{count}</span> })}
                    </a>
                </label>
                <button class="btn no-js">{word(Word::Find)}</button>
            </form>
            {children()}
            <a class="btn p sheet-done m" href=plain_href>{word(Word::Show)}</a>
            <a class="btn q sheet-done m" href=bare_href>{word(Word::ResetFilters)}</a>
        </div>
    }
}

/// One field of the row.
#[component]
fn RowFilter(section: StoredValue<SectionSpec>, query: Memo<ListQuery>, field: FieldKey, first: bool) -> impl IntoView {
    let lang = frame().lang;
    let spec = section.with_value(|section| section.field(&field).cloned())?;
    let label = spec.label.get(lang).to_string();
    let typed =
        section.with_value(|section| query.get_untracked().typed(section, &field).unwrap_or_default().to_string());
    let key = StoredValue::new(field);
    let on = move || {
        query.with(|query| section.with_value(|section| key.with_value(|key| query.typed(section, key).is_some())))
    };
    let name = key.get_value().to_string();
    // Over its edge, so that nothing moves when a filter comes on.
    let caption = {
        let label = label.clone();
        move || view! { <span class="caption" aria-hidden="true">{label.clone()}</span> }
    };
    let select = move |options: Vec<(String, String)>, caption: AnyView, name: String, label: String, typed: String| {
        let options = options
            .into_iter()
            .map(|(value, label)| {
                let chosen = value == typed;
                view! { <option value=value selected=chosen>{label}</option> }
            })
            .collect_view();
        view! {
            <label class="f row-f" class:on=on>
                {caption}
                <select name=name aria-label=label.clone()><option value="">{label.clone()}</option>{options}</select>
            </label>
        }
        .into_any()
    };
    Some(match row_input(&spec) {
        RowInput::Text => view! {
            <label class="f row-f" class:on=on class:wide=first>
                {first.then(|| view! { <Icon sign=Sign::Find/> })}
                {caption()}
                <input type="search" name=name value=typed placeholder=label.clone() aria-label=label autocomplete="off"/>
            </label>
        }
        .into_any(),
        RowInput::Choice(options) => {
            let options = options.into_iter().map(|(value, label)| (value, label.get(lang).to_string())).collect();
            select(options, caption().into_any(), name, label, typed)
        }
        RowInput::People => {
            let me = ("me".to_string(), word(Word::Me).to_string());
            let people = frame().people.clone().into_iter().map(|person| (person.id.to_string(), person.name));
            let options = std::iter::once(me).chain(people).collect();
            select(options, caption().into_any(), name, label, typed)
        }
        RowInput::Form => {
            let href = move || {
                let opened = Opened::New { field: key.get_value(), op: None, or: None };
                section.with_value(|section| query.with(|query| opened.address(section, query)))
            };
            // Once something is asked of the field, a chip stands for it.
            let asked = move || query.with(|query| query.conditions.iter().any(|condition| key.with_value(|key| condition.field == *key)));
            view! { <a class="f row-f" href=href hidden=asked>{label}<Icon sign=Sign::Menu/></a> }.into_any()
        }
    })
}

/// The rest of the query, which the form carries as hidden inputs.
fn kept_pairs(section: &SectionSpec, pinned: &[FieldKey], query: &ListQuery) -> Vec<(String, String)> {
    let mut rest = query.with_q("");
    rest.conditions.retain(|condition| filter_input(section, pinned, &frame().people, condition).is_none());
    rest.pairs(section)
}

/// The pinned fields whose input writes what stands in it: not one whose own condition is a chip.
fn writing<'a>(
    section: &'a SectionSpec,
    pinned: &'a [FieldKey],
    people: &'a [Person],
    query: &'a ListQuery,
) -> impl Iterator<Item = &'a FieldKey> {
    pinned.iter().filter(move |key| {
        let is_chip = query.conditions.iter().any(|condition| {
            let own = section.field(key).is_some_and(|field| field.kind.own() == condition.op);
            let its_own = condition.field == **key && own && condition.group.is_none();
            its_own && filter_input(section, pinned, people, condition).is_none()
        });
        !is_chip && section.field(key).is_some_and(|field| row_input(field) != RowInput::Form)
    })
}

fn read_inputs(
    form: &HtmlFormElement,
    section: &SectionSpec,
    pinned: &[FieldKey],
    people: &[Person],
    query: &ListQuery,
) -> ListQuery {
    let mut wanted = query.clone();
    for key in writing(section, pinned, people, query) {
        let Some(typed) = value_in(form, key.as_str()) else { continue };
        if typed.trim() != wanted.typed(section, key).unwrap_or_default().trim() {
            wanted = wanted.with_filter(section, key, &typed);
        }
    }
    if let Some(q) = value_in(form, "q").filter(|q| q.trim() != wanted.q.as_deref().unwrap_or_default()) {
        wanted = wanted.with_q(&q);
    }
    wanted
}

fn write_inputs(
    form: &HtmlFormElement,
    section: &SectionSpec,
    pinned: &[FieldKey],
    people: &[Person],
    query: &ListQuery,
) {
    let focused = document().active_element();
    let write = |name: &str, text: &str| {
        let Some(element) = form.elements().named_item(name) else { return };
        if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            if input.value().trim() != text.trim() && focused.as_ref() != Some(input.as_ref()) {
                input.set_value(text);
            }
        } else if let Some(select) = element.dyn_ref::<HtmlSelectElement>() {
            select.set_value(text);
        }
    };
    for key in writing(section, pinned, people, query) {
        write(key.as_str(), query.typed(section, key).unwrap_or_default());
    }
    write("q", query.q.as_deref().unwrap_or_default());
}
