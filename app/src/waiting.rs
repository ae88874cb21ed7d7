//! What could not be sent waits for the line, over pages and reloads, in the browser's own store. It is sent with the
//! key that it had, so that it is done once, however often and from how many tabs it goes.

use domain::words::{Word, count_of_values};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

use crate::changes::use_changes;
use crate::frame::{frame, word};
use crate::ui::{forget_text, keep_text, kept_with, use_say};

/// It is tried again after so long.
const AGAIN_MS: u32 = 3_000;

/// A call that was not answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsent {
    /// `/call/save`
    pub path: String,
    pub body: String,
    /// The idempotency key that is in the body.
    pub key: String,
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

/// Lets a call wait.
pub fn wait(unsent: &Unsent) {
    if let Ok(text) = serde_json::to_string(unsent) {
        keep_text(&format!("{}{}", begins(), unsent.key), &text);
    }
    look();
}

/// It was answered after all.
pub fn no_longer(key: &str) {
    forget_text(&format!("{}{key}", begins()));
    look();
}

fn look() {
    if let Some(Waiting(count)) = use_context::<Waiting>() {
        count.try_set(kept_with(&begins()).len());
    }
}

/// Sends what waits, as soon as there is a line, for as long as the page lives.
pub fn provide_waiting() {
    let waiting = Waiting(RwSignal::new(0));
    provide_context(waiting);
    let (say, changes, begins) = (use_say(), use_changes(), begins());
    let (saved, lost) = (word(Word::Saved), word(Word::NotSavedYet));
    Effect::new(move |_| {
        let begins = begins.clone();
        leptos::task::spawn_local(async move {
            loop {
                for (key, text) in kept_with(&begins) {
                    let Ok(unsent) = serde_json::from_str::<Unsent>(&text) else {
                        forget_text(&key);
                        continue;
                    };
                    match send(&unsent).await {
                        // There is no line yet, or one has to sign in first.
                        None | Some(401 | 503) => break,
                        Some(200..=299) => {
                            forget_text(&key);
                            forget_text(&unsent.kept_under);
                            say.text(format!("{saved}: {}", unsent.what));
                            changes.tell();
                        }
                        // It cannot be written: its text is offered where it was typed.
                        Some(_) => {
                            forget_text(&key);
                            say.text(format!("{lost}: {}", unsent.what));
                            changes.tell();
                        }
                    }
                }
                if waiting.0.try_set(kept_with(&begins).len()).is_some() {
                    return;
                }
                TimeoutFuture::new(AGAIN_MS).await;
            }
        });
    });
}

/// The status of the answer; `None` when none came.
async fn send(unsent: &Unsent) -> Option<u16> {
    let headers = Headers::new().ok()?;
    headers.append("Content-Type", "application/json").ok()?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&unsent.body.as_str().into());
    let response = JsFuture::from(window().fetch_with_str_and_init(&unsent.path, &init)).await.ok()?;
    response.dyn_into::<Response>().ok().map(|response| response.status())
}

/// «Ждёт связи: 2 значения»
#[component]
pub fn WaitingStrip() -> impl IntoView {
    let waiting = use_context::<Waiting>();
    let lang = frame().lang;
    move || {
        let count = waiting.map(|waiting| waiting.0.get()).filter(|count| *count > 0)?;
        Some(view! {
            <p class="waits" role="status">{word(Word::WaitsForLine)}": "{count_of_values(count as i64, lang)}</p>
        })
    }
}
