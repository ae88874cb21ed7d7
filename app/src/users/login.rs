//! The page to sign in.

use domain::words::Word;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::frame::word;
use crate::ui::Title;

/// Left attempts are said from here on.
const SAY_LEFT_FROM: i64 = 4;

#[component]
pub fn LoginPage() -> impl IntoView {
    let pairs = domain::list::pairs(&use_location().search.get_untracked());
    let value =
        |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default();
    let problem = match value("problem").as_str() {
        "password" => {
            let left = value("left").parse::<i64>().ok().filter(|left| *left <= SAY_LEFT_FROM);
            let left = left.map(|left| format!(". {}{left}", word(Word::AttemptsLeft))).unwrap_or_default();
            Some(format!("{}{left}", word(Word::WrongPassword)))
        }
        "wait" => Some(word(Word::TooManyAttempts).to_string()),
        _ => None,
    };
    let wrong = problem.is_some();
    let login = value("login");
    let begin_with_login = login.is_empty();
    view! {
        <Title text=format!("{} · {}", word(Word::SignInTitle), word(Word::Product))/>
        <main class="login" id="content">
            <form class="login-form" method="post" action="/login">
                <h1 class="brand"><b aria-hidden="true">"К"</b>{word(Word::Product)}</h1>
                <input type="hidden" name="next" value=value("next")/>
                <label>
                    {word(Word::Login)}
                    <input class="f" name="login" value=login autocomplete="username" autocapitalize="none" required autofocus=begin_with_login/>
                </label>
                <label>
                    {word(Word::Password)}
                    <input class="f" name="password" type="password" autocomplete="current-password" required
                        autofocus=!begin_with_login
                        aria-invalid=wrong.then_some("true")
                        aria-describedby=wrong.then_some("login-problem")/>
                </label>
                {problem.map(|problem| view! { <p class="hint" id="login-problem" role="alert">{problem}</p> })}
                <button class="btn p">{word(Word::SignIn)}</button>
            </form>
        </main>
    }
}
