//! Choosing one of a client's contacts: with whom a call was, about whom a reminder is.

use domain::ids::RecordRef;
use domain::words::Word;
use leptos::prelude::*;

use super::api::people_of;
use super::fields::KEY;
use super::view::Whom;
use crate::changes::use_changes;
use crate::frame::{frame, word};
use crate::refusal::Refusal;

/// Whom a call may be with.
pub type People = Resource<Result<Whom, Refusal>>;

/// Made where the page is, not inside of what waits: both sides count what is asked for in the order it is made.
pub fn people(of: RecordRef) -> People {
    let changes = use_changes();
    let there = frame().section(KEY).is_some();
    Resource::new(
        move || changes.told_of(&[KEY]),
        move |_| {
            let of = of.clone();
            async move { if there { people_of(of).await } else { Err(Refusal::NotFound) } }
        },
    )
}

/// «С кем»: the main contact by default.
#[component]
pub fn WithWhom(
    people: People,
    /// Who was chosen, while others come and go.
    whom: RwSignal<Option<String>>,
    /// Whether nobody is meant until somebody is chosen.
    #[prop(optional)]
    nobody_first: bool,
) -> impl IntoView {
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let Whom { contact, choices: people } = people.await.ok()?;
                let chosen = whom.get_untracked();
                let option = move |id: String, name: String| {
                    let on = chosen.as_ref() == Some(&id);
                    view! { <option value=id selected=on>{name}</option> }
                };
                if !contact {
                    // On a contact's own card the client is what is left to choose.
                    return (people.len() > 1).then(|| view! {
                        <select class="in" name="client" aria-label=word(Word::WhoseItIs)>
                            {people.into_iter().map(|(id, name)| option(id.to_string(), name)).collect_view()}
                        </select>
                    }.into_any());
                }
                if people.is_empty() {
                    return None;
                }
                let select = view! {
                    <select class="in of-talk" name="contact" aria-label=word(Word::WithWhom)
                        on:change=move |event| whom.set(Some(event_target_value(&event)))>
                        {nobody_first.then(|| option(String::new(), word(Word::Nobody).to_string()))}
                        {people.into_iter().map(|(id, name)| option(id.to_string(), name)).collect_view()}
                        {(!nobody_first).then(|| option(String::new(), word(Word::Nobody).to_string()))}
                    </select>
                };
                Some(match nobody_first {
                    true => view! { <label><span>{word(Word::WithWhom)}</span>{select}</label> }.into_any(),
                    false => select.into_any(),
                })
            })}
        </Transition>
    }
}
