//! The user's account: language, look, zone, password, and where one is signed in.

use domain::rights::Role;
use domain::words::{Lang, Word};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::api::sessions;
use super::view::{SessionView, ZONES};
use crate::appearance::Theme;
use crate::error_line::ErrorLine;
use crate::frame::{SignedIn, frame, word};
use crate::key;
use crate::ui::{Icon, PersonName, Sign, Title};

#[component]
pub fn SettingsPage() -> impl IntoView {
    let query = use_query_map();
    let said = move |name: &'static str| query.with(|query| query.get(name)).unwrap_or_default();
    let user = frame().user.clone();
    view! {
        <Title text=format!("{} · {}", word(Word::Settings), word(Word::Product))/>
        <div class="head"><h1>{word(Word::Settings)}</h1></div>
        <div class="settings">
            {user.map(|user| view! {
                <Account user=user.clone()/>
                <Look user=user.clone() done=said("done") problem=said("problem")/>
                <Password login=user.login.clone() done=said("done") problem=said("problem")/>
                <Sessions/>
            })}
        </div>
    }
}

#[component]
fn Account(user: SignedIn) -> impl IntoView {
    let role = match user.role {
        Role::Admin => Word::RoleAdmin,
        Role::Manager => Word::RoleManager,
    };
    view! {
        <section class="panel" aria-labelledby="account">
            <h2 id="account">{word(Word::Account)}</h2>
            <dl>
                <dt>{word(Word::Name)}</dt><dd><PersonName person=user.person/></dd>
                <dt>{word(Word::Login)}</dt><dd>{user.login}</dd>
                <dt>{word(Word::Role)}</dt><dd>{word(role)}</dd>
            </dl>
        </section>
    }
}

#[component]
fn Look(user: SignedIn, done: String, problem: String) -> impl IntoView {
    let lang = frame().lang;
    let option = |value: &str, label: &str, on: bool| {
        view! { <option value=value.to_string() selected=on>{label.to_string()}</option> }
    };
    let languages = [(Lang::Ru, "Русский"), (Lang::En, "English")];
    let languages = languages.map(|(each, name)| option(each.as_str(), name, each == lang));
    let themes = Theme::ALL.map(|each| {
        let name = match each {
            Theme::System => Word::ThemeSystem,
            Theme::Light => Word::ThemeLight,
            Theme::Dark => Word::ThemeDark,
        };
        option(each.as_str(), word(name), each == user.theme)
    });
    let other = (!ZONES.iter().any(|(name, ..)| *name == user.zone)).then(|| option(&user.zone, &user.zone, true));
    let zones = ZONES.iter().map(|(name, ru, en)| {
        let label = if lang == Lang::Ru { ru } else { en };
        option(name, label, *name == user.zone)
    });
    view! {
        <section class="panel" aria-labelledby="look">
            <h2 id="look">{word(Word::Look)}</h2>
            <form class="settings-form" method="post" action="/settings">
                <input type="hidden" name=key::NAME value=key::fresh()/>
                <label>{word(Word::Language)}<select class="f" name="lang">{languages.collect_view()}</select></label>
                <label>{word(Word::Theme)}<select class="f" name="theme">{themes.collect_view()}</select></label>
                <label>{word(Word::Zone)}<select class="f" name="zone">{other}{zones.collect_view()}</select></label>
                {(problem == "choice").then(|| view! { <p class="hint" role="alert">{word(Word::Failed)}</p> })}
                <div class="rowb"><button class="btn p">{word(Word::Save)}</button>
                    {(done == "look").then(|| view! { <span class="saved" role="status">{word(Word::Saved)}</span> })}
                </div>
            </form>
        </section>
    }
}

#[component]
fn Password(login: String, done: String, problem: String) -> impl IntoView {
    let (old, new) = match problem.as_str() {
        "old" => (Some(Word::WrongOldPassword), None),
        "wait" => (Some(Word::TooManyAttempts), None),
        "short" => (None, Some(Word::PasswordTooShort)),
        "long" => (None, Some(Word::PasswordTooLong)),
        _ => (None, None),
    };
    let field = |name: &'static str, label: Word, autocomplete: &'static str, problem: Option<Word>| {
        let id = format!("{name}-problem");
        view! {
            <label>
                {word(label)}
                <input class="f" type="password" name=name autocomplete=autocomplete required
                    aria-invalid=problem.map(|_| "true") aria-describedby=problem.map(|_| id.clone())/>
            </label>
            {problem.map(|problem| view! { <p class="hint" id=id role="alert">{word(problem)}</p> })}
        }
    };
    view! {
        <section class="panel" aria-labelledby="password">
            <h2 id="password">{word(Word::Password)}</h2>
            <form class="settings-form" method="post" action="/settings/password">
                <input type="hidden" name=key::NAME value=key::fresh()/>
                // For the browser's keeper of passwords.
                <input class="sr-only" name="login" value=login autocomplete="username" readonly tabindex="-1" aria-hidden="true"/>
                {field("old", Word::OldPassword, "current-password", old)}
                {field("new", Word::NewPassword, "new-password", new)}
                <div class="rowb"><button class="btn">{word(Word::ChangePassword)}</button>
                    {(done == "password").then(|| view! { <span class="saved" role="status">{word(Word::PasswordChanged)}</span> })}
                </div>
            </form>
        </section>
    }
}

#[component]
fn Sessions() -> impl IntoView {
    let loaded = Resource::new(|| (), |()| sessions());
    view! {
        <section class="panel" aria-labelledby="sessions">
            <h2 id="sessions">{word(Word::Sessions)}</h2>
            <Transition fallback=|| view! { <p class="wait">{word(Word::Loading)}</p> }>
                {move || Suspend::new(async move {
                    match loaded.await {
                        Ok(sessions) => view! { <ul class="sessions">{sessions.into_iter().map(|session| view! { <SessionLine session/> }).collect_view()}</ul> }.into_any(),
                        Err(refusal) => view! { <ErrorLine refusal/> }.into_any(),
                    }
                })}
            </Transition>
            <div class="rowb">
                <form method="post" action="/settings/sessions">
                    <input type="hidden" name=key::NAME value=key::fresh()/>
                    <button class="btn">{word(Word::SignOutElsewhere)}</button>
                </form>
                <form method="post" action="/logout"><button class="btn"><Icon sign=Sign::Leave/>{word(Word::SignOut)}</button></form>
            </div>
        </section>
    }
}

#[component]
fn SessionLine(session: SessionView) -> impl IntoView {
    let agent = if session.agent.is_empty() { word(Word::UnknownBrowser).to_string() } else { session.agent };
    view! {
        <li>
            <span>{agent}</span>
            <span class="mut" title=session.exact>{session.seen}</span>
            {if session.is_this {
                view! { <span class="chip g">{word(Word::ThisSession)}</span> }.into_any()
            } else {
                view! {
                    <form method="post" action="/settings/sessions">
                        <input type="hidden" name=key::NAME value=key::fresh()/>
                        <input type="hidden" name="id" value=session.id/>
                        <button class="at">{word(Word::SignOut)}</button>
                    </form>
                }
                .into_any()
            }}
        </li>
    }
}
