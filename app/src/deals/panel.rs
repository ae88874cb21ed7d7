//! The deals of a client on its card: those that are open first; a new one takes a name, a sum and Enter.

use domain::ids::{FieldKey, RecordRef};
use domain::words::Word;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::api::deals;
use super::fields::KEY;
use super::view::{DealView, DealsView};
use crate::changes::use_changes;
use crate::draft::{DraftView, form_begins, typed};
use crate::error_line::ErrorLine;
use crate::form::{Done, SectionForm, use_take_back};
use crate::frame::{frame, pointing, word};
use crate::ui::keys::{in_dialog, is_single, on_key};
use crate::ui::{Icon, Sign, open_to_fill, use_say};

#[component]
pub fn DealsPanel(of: RecordRef) -> impl IntoView {
    let changes = use_changes();
    let (many, _) = frame().names_of(KEY);
    let draft = use_query_map().with_untracked(|query| query.get("draft"));
    let asked = of.clone();
    let loaded = Resource::new(move || (asked.clone(), changes.told_of(&[KEY])), move |(of, _)| deals(of));
    // Asked once: what is being typed stays while the list is asked for anew.
    let begun = Resource::new(|| (), move |()| form_begins(KEY.into(), draft.clone()));
    use_deal_key();
    let of = StoredValue::new(of);
    view! {
        <section class="panel deals" aria-labelledby="deals">
            <Transition>
                {move || {
                    let many = many.clone();
                    Suspend::new(async move {
                    match loaded.await {
                        Ok(DealsView { deals, open_sum, others, href }) => view! {
                            <h2 id="deals">
                                <a href=href.clone()>{many.clone()}</a>
                                {open_sum.map(|sum| view! { " "<span class="mut sum">{sum}</span> })}
                            </h2>
                            <Deals deals/>
                            {(others > 0).then(|| view! { <a class="more mut" href=href>{format!("{} {others}", word(Word::More))}</a> })}
                        }
                        .into_any(),
                        Err(refusal) => view! { <ErrorLine refusal/> }.into_any(),
                    }
                })}}
            </Transition>
            <Transition>
                {move || Suspend::new(async move {
                    let draft = begun.await.ok().and_then(|(draft, _)| draft);
                    view! { <AddDeal of=of.get_value() draft/> }
                })}
            </Transition>
        </section>
    }
}

#[component]
fn Deals(deals: Vec<DealView>) -> impl IntoView {
    if deals.is_empty() {
        return view! { <p class="mut none">{word(Word::NoneYet)}</p> }.into_any();
    }
    let row = |deal: DealView| {
        let DealView { id, href, title, amount, when, is_late, stage, tone } = deal;
        view! {
            <li class="deal" data-deal=id.to_string()>
                <a class="deal-name" href=href>{title}</a>
                <span class="deal-sum">{amount}</span>
                <span class="mut" class:late=is_late>{when}</span>
                <span class=format!("chip {tone}")>{stage}</span>
            </li>
        }
    };
    view! { <ul class="deal-rows">{deals.into_iter().map(row).collect_view()}</ul> }.into_any()
}

/// Name and sum in one line.
#[component]
fn AddDeal(of: RecordRef, #[prop(optional_no_strip)] draft: Option<DraftView>) -> impl IntoView {
    let (_, one) = frame().names_of(KEY);
    let label = |key: &str| {
        let frame = frame();
        let field = frame.section(KEY).and_then(|section| section.field_named(key));
        field.map(|field| field.label.get(frame.lang).to_string()).unwrap_or_default()
    };
    let (say, take_back) = (use_say(), use_take_back());
    let (said, undo) = (word(Word::NoteTaken), word(Word::Undo));
    let done = Callback::new(move |Done { form, id, seq, .. }: Done| {
        form.reset();
        say.with_act(said, undo, take_back(KEY, id, seq));
    });
    let draft = draft.filter(|draft| draft.typed.iter().any(|(key, _)| *key == FieldKey::built_in("amount")));
    let (title, amount) = (typed(draft.as_ref(), "title"), typed(draft.as_ref(), "amount"));
    let open = draft.is_some();
    view! {
        <details class="add" open=open>
            <summary class="btn q" on:click=open_to_fill><Icon sign=Sign::Plus/>{one}</summary>
            <SectionForm section=KEY with=pointing(KEY, &of) draft=draft.unwrap_or_default() class="add-form one-line" keeps=true done>
                <label class="wide"><span>{label("title")}</span><input class="in" name="title" value=title autocomplete="off"/></label>
                <label><span>{label("amount")}</span><input class="in num" name="amount" value=amount inputmode="decimal" autocomplete="off"/></label>
                <button class="btn p">{word(Word::Add)}</button>
            </SectionForm>
        </details>
    }
}

/// `d` begins a deal.
fn use_deal_key() {
    on_key(|event: &KeyboardEvent| {
        if event.code() != "KeyD" || !is_single(event) || in_dialog() {
            return;
        }
        let found = document().query_selector(".deals details.add").ok().flatten();
        let Some(details) = found else { return };
        event.prevent_default();
        let _ = details.set_attribute("open", "");
        let title = details.query_selector("input[name=title]").ok().flatten();
        if let Some(title) = title.and_then(|title| title.dyn_into::<HtmlElement>().ok()) {
            let _ = title.focus();
        }
    });
}
