//! The contacts of a client on its card: added in place, a name and a phone are enough.

use domain::ids::FieldKey;
use domain::words::Word;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::api::contacts;
use super::fields::KEY;
use super::view::ContactView;
use crate::changes::use_changes;
use crate::draft::form_begins;
use crate::draft::typed;
use crate::error_line::ErrorLine;
use crate::form::{Done, SectionForm, use_take_back};
use crate::frame::{frame, word};
use crate::ui::{Icon, Sign, open_to_fill, pairs_of, use_say};
use crate::values::{Cell, CellView};

#[component]
pub fn ContactsPanel(of: i64) -> impl IntoView {
    let changes = use_changes();
    let (many, _) = frame().names_of(KEY);
    let query = use_query_map();
    let draft = query.with_untracked(|query| query.get("draft"));
    let loaded = Resource::new(move || (of, changes.told_of(&[KEY])), move |(of, _)| contacts(of));
    // Asked once: what is being typed stays while the list is asked for anew.
    let begun = Resource::new(|| (), move |()| form_begins(KEY.into(), draft.clone()));
    view! {
        <section class="panel contacts" aria-labelledby="contacts">
            <Transition>
                {move || {
                    let many = many.clone();
                    Suspend::new(async move {
                    match loaded.await {
                        Ok(view) => view! {
                            <h2 id="contacts"><a href=view.href>{many.clone()}" "<span class="mut">{view.count}</span></a></h2>
                            <Persons contacts=view.contacts/>
                        }
                        .into_any(),
                        Err(refusal) => view! { <ErrorLine refusal/> }.into_any(),
                    }
                })}}
            </Transition>
            <Transition>
                {move || Suspend::new(async move {
                    let draft = begun.await.ok().and_then(|(draft, _)| draft);
                    view! { <AddContact of draft/> }
                })}
            </Transition>
        </section>
    }
}

/// Who they are and how to reach them.
#[component]
pub fn Persons(contacts: Vec<ContactView>) -> impl IntoView {
    if contacts.is_empty() {
        return view! { <p class="mut none">{word(Word::NoneYet)}</p> }.into_any();
    }
    let row = |contact: ContactView| {
        let ContactView { id, href, title, position, is_main, phones, emails } = contact;
        let ways = phones.into_iter().chain(emails).map(|cell| view! { <li><CellView cell/></li> }).collect_view();
        view! {
            <li class="person" data-contact=id.to_string()>
                <div>
                    <a class="person-name" href=href><CellView cell=plain(title)/></a>
                    {is_main.then(|| view! { " "<span class="chip g">{word(Word::MainOne)}</span> })}
                    <p class="mut">{position}</p>
                </div>
                <ul class="ways">{ways}</ul>
            </li>
        }
    };
    view! { <ul class="persons">{contacts.into_iter().map(row).collect_view()}</ul> }.into_any()
}

fn plain(cell: Cell) -> Cell {
    Cell::Text(cell.text().to_string())
}

#[component]
fn AddContact(of: i64, draft: Option<crate::draft::DraftView>) -> impl IntoView {
    let say = use_say();
    let (_, one) = frame().names_of(KEY);
    let take_back = use_take_back();
    let (added, undo) = (word(Word::AddedOne), word(Word::Undo));
    let done = Callback::new(move |Done { form, pairs, id, seq }: Done| {
        // What was typed on meanwhile is the next one.
        let now = pairs_of(&form);
        let same = pairs.iter().all(|(key, value)| {
            now.iter().find(|(name, _)| name == key.as_str()).is_none_or(|(_, typed)| typed == value)
        });
        if same {
            form.reset();
        }
        // On to the next one.
        let name = form.query_selector("input[name=name]").ok().flatten();
        if let Some(name) = name.and_then(|name| name.dyn_into::<HtmlElement>().ok()) {
            let _ = name.focus();
        }
        say.with_act(added, undo, take_back(KEY, id, seq));
    });
    let open = draft.as_ref().is_some_and(|draft| draft.typed.iter().any(|(key, _)| key.as_str() == "phones"));
    let text = |name: &str| typed(draft.as_ref().filter(|_| open), name);
    let (name, phones, position) = (text("name"), text("phones"), text("position"));
    view! {
        <details class="add" open=open>
            <summary class="btn q" on:click=open_to_fill><Icon sign=Sign::Plus/>{one}</summary>
            <SectionForm section=KEY with=vec![(FieldKey::built_in("clients"), of.to_string())] draft=draft.filter(|_| open).unwrap_or_default() class="add-form" keeps=true done>
                <label><span>{word(Word::PersonsName)}</span><input class="in" name="name" value=name autocomplete="off"/></label>
                <label><span>{word(Word::Phone)}</span><input class="in" name="phones" type="tel" value=phones autocomplete="off"/></label>
                <label><span>{word(Word::PersonsPosition)}</span><input class="in" name="position" value=position autocomplete="off"/></label>
                <button class="btn p">{word(Word::Add)}</button>
            </SectionForm>
        </details>
    }
}
