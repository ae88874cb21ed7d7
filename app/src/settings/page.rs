//! Who is signed in, and the way out.

use domain::rights::Role;
use domain::words::Word;
use leptos::prelude::*;

use crate::frame::{frame, word};
use crate::ui::{Icon, PersonName, Sign, Title};

#[component]
pub fn SettingsPage() -> impl IntoView {
    let account = frame().user.map(|user| {
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
                <form method="post" action="/logout">
                    <button class="btn"><Icon sign=Sign::Leave/>{word(Word::SignOut)}</button>
                </form>
            </section>
        }
    });
    view! {
        <Title text=format!("{} · {}", word(Word::Settings), word(Word::Product))/>
        <div class="head"><h1>{word(Word::Settings)}</h1></div>
        <div class="col">{account}</div>
    }
}
