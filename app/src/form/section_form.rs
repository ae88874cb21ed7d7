//! A section's own form on another page: a comment on a client's card, a tick of a reminder. With a script it is
//! sent by itself and the page stays; without one it posts and comes back.

use domain::change::Pairs;
use domain::fields::Deed;
use domain::ids::{FieldKey, SectionKey};
use domain::problem::Problem;
use domain::words::{Word, sentence};
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;
use web_sys::{HtmlButtonElement, HtmlFormElement};

use super::api;
use crate::card::api as card;
use crate::changes::use_changes;
use crate::draft::DraftView;
use crate::frame::{frame, word};
use crate::key;
use crate::refusal::Refusal;
use crate::ui::{KeptForm, form_of, pairs_of, use_say};
use crate::users::use_guard;

/// What was done: the form as it stands, the record, and the change to undo.
#[derive(Clone)]
pub struct Done {
    pub form: HtmlFormElement,
    pub pairs: Vec<(FieldKey, String)>,
    pub id: i64,
    pub seq: Option<i64>,
}

/// Takes back what a form has done; a new record of which no change is known goes away.
pub fn use_take_back() -> impl Fn(&'static str, i64, Option<i64>) -> Callback<()> + Copy {
    let (say, changes, lang) = (use_say(), use_changes(), frame().lang);
    move |section: &'static str, id: i64, seq: Option<i64>| {
        Callback::new(move |()| {
            leptos::task::spawn_local(async move {
                let undone = match seq {
                    Some(seq) => card::undo(section.into(), id, seq, key::fresh()).await.map(drop),
                    None => card::set_trashed(section.into(), id, true, key::fresh()).await,
                };
                match undone {
                    Ok(()) => changes.tell(),
                    Err(refusal) => say.text(refusal.sentence(lang)),
                }
            });
        })
    }
}

#[component]
pub fn SectionForm(
    section: &'static str,
    /// The record that it changes, and the version that was seen; without one it makes a record.
    #[prop(optional_no_strip)]
    record: Option<(i64, i64)>,
    /// What goes along with what is typed.
    #[prop(optional)]
    with: Vec<(FieldKey, String)>,
    /// What the page is to ask afterwards, without a script.
    #[prop(optional)]
    then: &'static str,
    #[prop(optional)] draft: Option<DraftView>,
    #[prop(optional)] class: &'static str,
    /// Whether what is typed outlives a reload.
    #[prop(optional)]
    keeps: bool,
    /// What was done stands in its place for some seconds.
    #[prop(optional)]
    stays: bool,
    /// Hears the key of what is being sent.
    #[prop(optional)]
    sending: Option<Callback<String>>,
    done: Callback<Done>,
    children: Children,
) -> impl IntoView {
    if record.is_none() && !frame().access(&SectionKey::built_in(section)).may(Deed::Create) {
        return None;
    }
    let (changes, guard, say, lang) = (use_changes(), use_guard(), use_say(), frame().lang);
    let place = use_location();
    let back = {
        let search = place.search.get_untracked();
        let search = search.trim_start_matches('?');
        let path = place.pathname.get_untracked();
        if search.is_empty() { path } else { format!("{path}?{search}") }
    };
    let action = match record {
        Some((id, _)) => format!("/{section}/{id}"),
        None => format!("/{section}"),
    };
    let refused = RwSignal::new(draft.and_then(|draft| draft.refusal));
    let busy = RwSignal::new(false);
    let node = NodeRef::<html::Form>::new();
    let kept = StoredValue::new(keeps.then(|| {
        let user = frame().user.as_ref().map(|user| user.person.id).unwrap_or_default();
        KeptForm::new(format!("{user}:{section}:{}", place.pathname.get_untracked()))
    }));
    // What the server sends back with its reason is newer than what is kept.
    let is_fresh = refused.with_untracked(Option::is_none);
    Effect::new(move |_| {
        if let (Some(form), Some(kept)) = (node.get().filter(|_| is_fresh), kept.get_value()) {
            kept.give_back(&form);
        }
    });
    let on_input = move |_| {
        if let (Some(form), Some(kept)) = (node.get_untracked(), kept.get_value()) {
            kept.keep(&form);
        }
    };
    // What is wrong is marked where it stands.
    Effect::new(move |_| {
        let problems = refused.with(|refused| problems_of(refused.as_ref()).to_vec());
        let Some(form) = node.get() else { return };
        let elements = form.elements();
        for place in 0..elements.length() {
            let Some(input) = elements.item(place) else { continue };
            let name = input.get_attribute("name").unwrap_or_default();
            let wrong = problems.iter().any(|problem| problem.field.as_ref().is_some_and(|key| key.as_str() == name));
            let _ = if wrong {
                input.set_attribute("aria-invalid", "true")
            } else {
                input.remove_attribute("aria-invalid")
            };
        }
    });
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(form) = form_of(event.target()) else { return };
        if busy.get_untracked() {
            return;
        }
        let pressed = event.submitter().and_then(|button| button.dyn_into::<HtmlButtonElement>().ok());
        let pressed = pressed.filter(|button| !button.name().is_empty()).map(|button| (button.name(), button.value()));
        let pairs: Pairs = pairs_of(&form)
            .into_iter()
            .filter(|(name, _)| !name.starts_with('_'))
            .chain(pressed)
            .map(|(name, value)| (FieldKey::from(name.as_str()), value))
            .collect();
        busy.set(true);
        let sent = key::of_form(&form);
        if let Some(sending) = sending {
            sending.run(sent.clone());
        }
        leptos::task::spawn_local(async move {
            let answer = match record {
                Some((id, version)) => {
                    api::change(section.into(), id, version, pairs.clone(), sent).await.map(|seq| (id, seq))
                }
                None => api::add(section.into(), pairs.clone(), sent).await,
            };
            // What was ticked off is not ticked off again while it stays.
            busy.try_set(stays && answer.is_ok());
            match answer {
                Ok((id, seq)) => {
                    refused.try_set(None);
                    if let Some(kept) = kept.try_get_value().flatten() {
                        kept.forget();
                    }
                    key::renew(&form);
                    // The page may have gone on to another one meanwhile.
                    let _ = done.try_run(Done { form, pairs: pairs.into(), id, seq });
                    if stays { changes.tell_later(section) } else { changes.tell_of(section) }
                }
                Err(refusal) => {
                    if refusal == Refusal::SignIn {
                        guard.is_over();
                    }
                    // Somebody was faster: what is on the screen is made what it is now.
                    let old = matches!(refusal, Refusal::Clashes(_) | Refusal::InTrash | Refusal::NotFound);
                    if old {
                        changes.tell();
                    }
                    if old || refused.try_set(Some(refusal.clone())).is_some() {
                        say.text(said(&refusal, lang));
                    }
                }
            }
        });
    };
    // Ctrl+Enter sends from a text of several lines too.
    let on_key = move |event: KeyboardEvent| {
        if matches!(event.code().as_str(), "Enter" | "NumpadEnter")
            && (event.ctrl_key() || event.meta_key())
            && !event.is_composing()
        {
            event.prevent_default();
            if let Some(form) = form_of(event.target()) {
                let _ = form.request_submit();
            }
        }
    };
    Some(view! {
        <form class=class method="post" action=action node_ref=node on:submit=on_submit on:keydown=on_key on:input=on_input aria-busy=move || busy.get().to_string()>
            <input type="hidden" name=key::NAME value=key::fresh()/>
            <input type="hidden" name="_back" value=back/>
            {(!then.is_empty()).then(|| view! { <input type="hidden" name="_then" value=then/> })}
            {record.map(|(_, version)| view! { <input type="hidden" name="_version" value=version.to_string()/> })}
            {with.into_iter().map(|(name, value)| view! { <input type="hidden" name=name.to_string() value=value/> }).collect_view()}
            {children()}
            {move || refused.get().map(|refusal| view! { <p class="hint" role="alert">{said(&refusal, lang)}</p> })}
            {move || (busy.get() && !stays).then(|| view! { <p class="saved" role="status">{word(Word::Saving)}</p> })}
        </form>
    })
}

fn problems_of(refusal: Option<&Refusal>) -> &[Problem] {
    match refusal {
        Some(Refusal::Problems(problems)) => problems,
        _ => &[],
    }
}

fn said(refusal: &Refusal, lang: domain::words::Lang) -> String {
    let problems: Vec<String> =
        problems_of(Some(refusal)).iter().map(|problem| sentence(&problem.code, lang)).collect();
    match refusal {
        _ if !problems.is_empty() => problems.join(". "),
        Refusal::Clashes(clashes) => {
            let by = clashes.first().map(|clash| clash.by.clone()).unwrap_or_default();
            format!(
                "{}{by}{}{}",
                Word::WhileYouWrote.text(lang),
                Word::HasChanged.text(lang),
                clashes.iter().map(|clash| format!("«{}»", clash.label)).collect::<Vec<_>>().join(", ")
            )
        }
        // What is typed here is not sent by itself later.
        Refusal::Unreachable => Word::CouldNotSend.text(lang).to_string(),
        other => other.sentence(lang).to_string(),
    }
}
