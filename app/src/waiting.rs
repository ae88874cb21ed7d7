//! What could not be sent waits for the line, over pages and reloads, in the browser's own store. It is sent with the
//! key that it had, so that it is done once, however often and from how many tabs it goes.

use domain::words::{Word, count_of_values};
use gloo_timers::future::TimeoutFuture;
use leptos::html;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

use crate::changes::{Changes, use_changes};
use crate::frame::{frame, word};
use crate::ui::{Say, forget_text, keep_whole, kept_text, kept_with, use_say};

/// It is tried again after so long.
const AGAIN_MS: u32 = 3_000;

/// A call that was not answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsent {
    /// `/call/save`
    pub path: String,
    pub body: String,
    /// The text that it brings.
    pub typed: String,
    /// «ООО «Ромашка», адрес»
    pub what: String,
    /// Where the text itself is kept until it has been written.
    pub kept_under: String,
}

#[derive(Clone, Copy)]
struct Waiting(RwSignal<usize>);

fn user() -> i64 {
    frame().user.as_ref().map(|user| user.person.id).unwrap_or_default()
}

fn begins() -> String {
    format!("waits:{}:", user())
}

/// Lets a call wait, instead of an earlier one with a text from the same place.
pub fn wait(unsent: &Unsent) {
    if let Ok(text) = serde_json::to_string(unsent) {
        keep_whole(&format!("{}{}", begins(), unsent.kept_under), &text);
    }
    look();
}

/// It was answered after all, or called off.
pub fn no_longer(kept_under: &str) {
    forget_text(&format!("{}{kept_under}", begins()));
    look();
}

/// Whether something from this place waits.
pub fn waits(kept_under: &str) -> bool {
    kept_text(&format!("{}{kept_under}", begins())).is_some()
}

fn look() {
    if let Some(Waiting(count)) = use_context::<Waiting>() {
        count.try_set(kept_with(&begins()).len());
    }
}

/// Counts what waits.
pub fn provide_waiting() {
    provide_context(Waiting(RwSignal::new(0)));
}

/// Sends what waits, as soon as there is a line, for as long as the page lives.
async fn send_for_ever(waiting: Waiting, said: Said, user: i64, begins: String) {
    let Said { say, changes, saved, lost } = said;
    loop {
        for (key, text) in kept_with(&begins) {
            let Ok(unsent) = serde_json::from_str::<Unsent>(&text) else {
                forget_text(&key);
                continue;
            };
            match send(&unsent, user).await {
                Some(200..=299) => {
                    forget_text(&key);
                    if kept_text(&unsent.kept_under).is_some_and(|kept| kept == unsent.typed) {
                        forget_text(&unsent.kept_under);
                    }
                    say.text(format!("{saved}: {}", unsent.what));
                    changes.tell();
                }
                // It cannot be written: its text is offered where it was typed.
                Some(400 | 403 | 404 | 409 | 413 | 422) => {
                    forget_text(&key);
                    say.text(format!("{lost}: {}", unsent.what));
                    changes.tell();
                }
                // There is no line yet, or one has to sign in first.
                _ => break,
            }
        }
        if waiting.0.try_set(kept_with(&begins).len()).is_some() {
            return;
        }
        TimeoutFuture::new(AGAIN_MS).await;
    }
}

/// What the page hears of it.
#[derive(Clone, Copy)]
struct Said {
    say: Say,
    changes: Changes,
    saved: &'static str,
    lost: &'static str,
}

/// The status of the answer; `None` when none came.
async fn send(unsent: &Unsent, user: i64) -> Option<u16> {
    let headers = Headers::new().ok()?;
    headers.append("Content-Type", "application/json").ok()?;
    // Somebody else may have signed in meanwhile.
    headers.append("X-Of-User", &user.to_string()).ok()?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&unsent.body.as_str().into());
    let response = JsFuture::from(window().fetch_with_str_and_init(&unsent.path, &init)).await.ok()?;
    response.dyn_into::<Response>().ok().map(|response| response.status())
}

/// «Ждёт связи: 2 значения». It begins to send when it stands in a page that has come to life: a word before that would
/// not be what the server has rendered.
#[component]
pub fn WaitingStrip() -> impl IntoView {
    let waiting = use_context::<Waiting>().unwrap_or_else(|| Waiting(RwSignal::new(0)));
    let lang = frame().lang;
    let place = NodeRef::<html::Div>::new();
    let said = Said { say: use_say(), changes: use_changes(), saved: word(Word::Saved), lost: word(Word::NotSavedYet) };
    let (user, begins) = (user(), begins());
    Effect::new(move |began: Option<bool>| {
        let is_there = place.get().is_some();
        if is_there && began != Some(true) {
            leptos::task::spawn_local(send_for_ever(waiting, said, user, begins.clone()));
        }
        is_there || began == Some(true)
    });
    view! {
        <div node_ref=place>
            {move || Some(waiting.0.get()).filter(|count| *count > 0).map(|count| view! {
                <p class="waits" role="status">{word(Word::WaitsForLine)}": "{count_of_values(count as i64, lang)}</p>
            })}
        </div>
    }
}
