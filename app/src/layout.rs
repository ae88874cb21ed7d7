//! The frame of every page: the rail on the left, the bar at the bottom of the phone.

use domain::words::Word;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::frame::{frame, word};
use crate::refusal::Refusal;
use crate::ui::{Avatar, Icon, Sign};

/// Pages of a signed-in user have the rail; the page to sign in stands alone.
#[component]
pub fn Layout(children: Children) -> impl IntoView {
    let frame = frame();
    let Some(user) = frame.user else {
        return children().into_any();
    };
    let path = use_location().pathname;
    let place = move |href: &str| {
        let href = href.to_string();
        let below = format!("{href}/");
        move || path.with(|path| *path == href || path.starts_with(&below)).then_some("page")
    };
    let link = move |href: String, sign: Sign, label: String| {
        view! { <a href=href.clone() aria-current=place(&href)><Icon sign/>{label}</a> }
    };
    let lang = frame.lang;
    let sections: Vec<(String, String)> = frame
        .registry
        .sections
        .iter()
        .map(|section| (format!("/{}", section.key), section.forms.many.get(lang).to_string()))
        .collect();
    let rail = sections.iter().cloned().map(|(href, label)| link(href, Sign::Clients, label)).collect_view();
    let bar = sections.into_iter().map(|(href, label)| link(href, Sign::Clients, label)).collect_view();
    let name = user.person.name.clone();
    view! {
        <a class="skip" href="#content">{word(Word::SkipToContent)}</a>
        <div class="app">
            <nav class="rail" aria-label=word(Word::Sections)>
                <a class="brand" href="/clients"><b aria-hidden="true">"К"</b>{word(Word::Product)}</a>
                {rail}
                {link("/trash".into(), Sign::Trash, word(Word::Trash).into())}
                <span class="gap"></span>
                {link("/settings".into(), Sign::Settings, word(Word::Settings).into())}
                <form class="me" method="post" action="/logout">
                    <Avatar person=user.person.clone()/>
                    <span class="me-name">{name}</span>
                    <button class="btn sq q" title=word(Word::SignOut) aria-label=word(Word::SignOut)><Icon sign=Sign::Leave/></button>
                </form>
            </nav>
            <main class="main" id="content" tabindex="-1">{children()}</main>
            <nav class="bar m" aria-label=word(Word::More)>
                {bar}
                {link("/trash".into(), Sign::Trash, word(Word::Trash).into())}
                {link("/settings".into(), Sign::Settings, word(Word::Settings).into())}
            </nav>
        </div>
    }
    .into_any()
}

/// Why a page or a part of it is not there, and the next step.
#[component]
pub fn ErrorLine(refusal: Refusal) -> impl IntoView {
    let lang = frame().lang;
    let (title, hint) = match &refusal {
        Refusal::NotFound => (word(Word::NotFound), Some(word(Word::NotFoundHint))),
        Refusal::Forbidden => (word(Word::Forbidden), Some(word(Word::ForbiddenHint))),
        Refusal::Unreachable => (word(Word::ListFailed), None),
        other => (other.sentence(lang), None),
    };
    let next = match &refusal {
        Refusal::NotFound | Refusal::Forbidden => ("/clients".to_string(), word(Word::BackToList)),
        Refusal::SignIn => ("/login".to_string(), word(Word::SignIn)),
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
