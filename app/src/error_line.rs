//! A page or a part of it that is not there.

use domain::words::Word;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::frame::{frame, word};
use crate::refusal::Refusal;
use crate::users::use_guard;

/// Why a page or a part of it is not there, and the next step.
#[component]
pub fn ErrorLine(refusal: Refusal) -> impl IntoView {
    let lang = frame().lang;
    let guard = use_guard();
    if refusal == Refusal::SignIn {
        // Signed in over the page, what was not loaded is loaded.
        Effect::new(move |_| guard.is_over());
        Effect::watch(move || guard.renewed(), |_, _, _| drop(window().location().reload()), false);
    }
    let (title, hint) = match &refusal {
        Refusal::NotFound => (word(Word::NotFound), Some(word(Word::NotFoundHint))),
        Refusal::Forbidden => (word(Word::Forbidden), Some(word(Word::ForbiddenHint))),
        Refusal::Unreachable => (word(Word::ListFailed), None),
        other => (other.sentence(lang), None),
    };
    let next = match &refusal {
        Refusal::NotFound | Refusal::Forbidden => ("/clients".to_string(), word(Word::BackToList)),
        _ => {
            let place = use_location();
            let search = place.search.get_untracked();
            let search = if search.is_empty() { search } else { format!("?{}", search.trim_start_matches('?')) };
            (format!("{}{search}", place.pathname.get_untracked()), word(Word::TryAgain))
        }
    };
    view! {
        <div class="void" role="alert">
            <b>{title}</b>
            {hint.map(|hint| view! { <p>{hint}</p> })}
            // A whole new page: what is broken here may be what would load it.
            <div class="rowb"><a class="btn" href=next.0 rel="external">{next.1}</a></div>
        </div>
    }
}
