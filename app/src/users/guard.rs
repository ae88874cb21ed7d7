//! When the time of a session is over, one signs in again over the page: everything typed stays in its place.

use domain::words::Word;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response, UrlSearchParams};

use crate::frame::{frame, word};
use crate::ui::{Dialog, form_of, value_in};

#[derive(Clone, Copy)]
pub struct Guard {
    over: RwSignal<bool>,
    /// How often one has signed in again.
    renewed: RwSignal<u32>,
}

pub fn provide_guard() {
    provide_context(Guard { over: RwSignal::new(false), renewed: RwSignal::new(0) });
}

pub fn use_guard() -> Guard {
    use_context().unwrap_or_else(|| Guard { over: RwSignal::new(false), renewed: RwSignal::new(0) })
}

impl Guard {
    /// The server has said that the session is over.
    pub fn is_over(self) {
        self.over.set(true);
    }

    pub fn renewed(self) -> u32 {
        self.renewed.get()
    }
}

/// The dialog that asks for the password.
#[component]
pub fn GuardDialog() -> impl IntoView {
    let guard = use_guard();
    let login = frame().user.as_ref().map(|user| user.login.clone()).unwrap_or_default();
    let problem = RwSignal::new(None::<&'static str>);
    let (wrong, offline) = (word(Word::WrongPassword), word(Word::NoConnection));
    let submit = {
        let login = login.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            let Some(password) = form_of(event.target()).and_then(|form| value_in(&form, "password")) else { return };
            let login = login.clone();
            leptos::task::spawn_local(async move {
                match sign_in(&login, &password).await {
                    Some(true) => {
                        problem.set(None);
                        guard.over.set(false);
                        guard.renewed.update(|renewed| *renewed += 1);
                    }
                    Some(false) => problem.set(Some(wrong)),
                    None => problem.set(Some(offline)),
                }
            });
        }
    };
    let wrong = move || problem.get().is_some();
    view! {
        <Dialog open=guard.over.into() close=Callback::new(move |()| guard.over.set(false)) title=word(Word::SessionOverTitle).to_string()>
            <form class="guard" method="post" action="/login" on:submit=submit>
                <p class="mut">{word(Word::SessionOverHint)}</p>
                <input class="sr-only" name="login" value=login autocomplete="username" readonly tabindex="-1" aria-hidden="true"/>
                <label>
                    {word(Word::Password)}
                    <input class="f" name="password" type="password" autocomplete="current-password" required autofocus
                        aria-invalid=move || wrong().then_some("true") aria-describedby=move || wrong().then_some("guard-problem")/>
                </label>
                {move || problem.get().map(|problem| view! { <p class="hint" id="guard-problem" role="alert">{problem}</p> })}
                <button class="btn p">{word(Word::GoOn)}</button>
            </form>
        </Dialog>
    }
}

/// Whether the password was right; `None` when the server did not answer.
async fn sign_in(login: &str, password: &str) -> Option<bool> {
    let body = UrlSearchParams::new().ok()?;
    body.append("login", login);
    body.append("password", password);
    body.append("next", "/favicon.svg");
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&body);
    let response = JsFuture::from(window().fetch_with_str_and_init("/login", &init)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    // A wrong password leads back to the page to sign in.
    response.ok().then(|| response.url().ends_with("/favicon.svg"))
}
