//! The filter row. It stands outside every Suspense, so that a list that loads anew never touches what
//! is being typed; without JavaScript it is a GET form.

use domain::fields::SectionSpec;
use domain::ids::FieldKey;
use domain::list::ListQuery;
use domain::words::Word;
use gloo_timers::future::TimeoutFuture;
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;
use web_sys::{HtmlFormElement, HtmlInputElement};

use crate::frame::{frame, word};
use crate::ui::{Icon, Sign};

/// A list follows the typing after this pause.
const PAUSE_MS: u32 = 150;

#[component]
pub fn Filters(section: SectionSpec, query: Memo<ListQuery>, children: Children) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let path = format!("/{}", section.key);
    let section = StoredValue::new(section);
    let typings = StoredValue::new(0_u32);
    let navigate = StoredValue::new(use_navigate());

    // Typing replaces the entry of the browser's history.
    let apply = {
        let path = path.clone();
        move || {
            typings.update_value(|count| *count += 1);
            let Some(form) = form.get_untracked() else { return };
            let wanted = section.with_value(|section| read_inputs(&form, section, &query.get_untracked()));
            if wanted != query.get_untracked() {
                let address = section.with_value(|section| format!("{path}{}", wanted.print(section)));
                navigate.with_value(|go| {
                    go(&address, NavigateOptions { replace: true, scroll: false, ..Default::default() })
                });
            }
        }
    };
    let apply_soon = {
        let apply = apply.clone();
        move |_| {
            let apply = apply.clone();
            typings.update_value(|count| *count += 1);
            let own = typings.get_value();
            leptos::task::spawn_local(async move {
                TimeoutFuture::new(PAUSE_MS).await;
                // Typed on, or gone on to another page.
                if typings.try_get_value() == Some(own) {
                    apply();
                }
            });
        }
    };
    let submit = {
        let apply = apply.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            apply();
        }
    };
    // What was typed before the page came to life is a filter too.
    Effect::new({
        let mut first = true;
        move |_| {
            if std::mem::take(&mut first) && form.get().is_some() {
                apply();
            }
        }
    });
    // Back, forward and a reset change the inputs; the one that is being typed in is left alone.
    Effect::watch(
        move || query.get(),
        move |query, _, _| {
            if let Some(form) = form.get_untracked() {
                section.with_value(|section| write_inputs(&form, section, query));
            }
        },
        false,
    );

    let on_section = section;
    let inputs = section.with_value(|section| {
        let lang = frame().lang;
        section
            .search
            .iter()
            .filter_map(|key| section.field(key))
            .enumerate()
            .map(|(place, field)| {
                let key = field.key.clone();
                let label = field.label.get(lang).to_string();
                let typed = query.get_untracked().typed(section, &key).unwrap_or_default().to_string();
                let on = {
                    let key = key.clone();
                    move || query.with(|query| on_section.with_value(|section| query.typed(section, &key).is_some()))
                };
                view! {
                    <label class="f d" class:on=on class:wide=move || place == 0>
                        {(place == 0).then(|| view! { <Icon sign=Sign::Find/> })}
                        <input type="search" name=key.to_string() value=typed placeholder=label.clone()
                            aria-label=label autocomplete="off"/>
                    </label>
                }
            })
            .collect_view()
    });
    let kept = move || {
        let kept: Vec<(String, String)> = section.with_value(|section| query.with(|query| kept_pairs(section, query)));
        kept.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()
    };
    let q = query.get_untracked().q.unwrap_or_default();
    view! {
        <div class="filters">
            <form class="filter-form" method="get" action=path role="search" node_ref=form
                on:input=apply_soon on:submit=submit>
                {kept}
                {inputs}
                <label class="f m wide">
                    <Icon sign=Sign::Find/>
                    <input type="search" name="q" value=q placeholder=word(Word::SearchPlaceholder)
                        aria-label=word(Word::SearchPlaceholder) autocomplete="off" enterkeyhint="search"/>
                </label>
                <button class="btn no-js">{word(Word::Find)}</button>
            </form>
            {children()}
        </div>
    }
}

/// The rest of the query, which the form carries as hidden inputs.
fn kept_pairs(section: &SectionSpec, query: &ListQuery) -> Vec<(String, String)> {
    let mut rest = query.with_q("");
    for key in &section.search {
        if rest.typed(section, key).is_some() && !has_several(section, &rest, key) {
            rest = rest.with_filter(section, key, "");
        }
    }
    rest.pairs(section)
}

fn input(form: &HtmlFormElement, name: &str) -> Option<HtmlInputElement> {
    form.elements().named_item(name)?.dyn_into().ok()
}

fn read_inputs(form: &HtmlFormElement, section: &SectionSpec, query: &ListQuery) -> ListQuery {
    let mut wanted = query.clone();
    for key in &section.search {
        let several = has_several(section, query, key);
        let Some(input) = input(form, key.as_str()).filter(|_| !several) else { continue };
        let typed = input.value();
        if typed.trim() != wanted.typed(section, key).unwrap_or_default().trim() {
            wanted = wanted.with_filter(section, key, &typed);
        }
    }
    if let Some(input) = input(form, "q")
        && input.value().trim() != wanted.q.as_deref().unwrap_or_default()
    {
        wanted = wanted.with_q(&input.value());
    }
    wanted
}

fn write_inputs(form: &HtmlFormElement, section: &SectionSpec, query: &ListQuery) {
    let focused = document().active_element();
    let write = |name: &str, text: &str| {
        if let Some(input) = input(form, name)
            && input.value().trim() != text.trim()
            && focused.as_ref() != Some(input.as_ref())
        {
            input.set_value(text);
        }
    };
    for key in &section.search {
        write(key.as_str(), query.typed(section, key).unwrap_or_default());
    }
    write("q", query.q.as_deref().unwrap_or_default());
}

/// A field with several texts is shown as a chip: its input writes nothing.
fn has_several(section: &SectionSpec, query: &ListQuery, key: &FieldKey) -> bool {
    let own = section.field(key).map(|field| field.kind.own());
    query.conditions.iter().any(|condition| {
        condition.field == *key && Some(condition.op) == own && condition.group.is_none() && condition.typed.len() > 1
    })
}
