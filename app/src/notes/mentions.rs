//! «Упоминания»: where colleagues have called one by name.

use domain::words::Word;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::api::{mention_seen, mentions};
use super::stream::LiveText;
use super::view::MentionView;
use crate::changes::use_changes;
use crate::error_line::ErrorLine;
use crate::frame::{frame, word};
use crate::refusal::Refusal;
use crate::ui::{Avatar, Icon, Sign, Title, use_say};

#[component]
pub fn MentionsPage() -> impl IntoView {
    let changes = use_changes();
    if frame().section(super::KEY).is_none() {
        return view! { <ErrorLine refusal=Refusal::NotFound/> }.into_any();
    }
    let loaded = Resource::new(move || changes.told_of(&[super::KEY]), |_| mentions());
    view! {
        <Title text=format!("{} · {}", word(Word::Mentions), word(Word::Product))/>
        <div class="head"><h1>{word(Word::Mentions)}</h1></div>
        <div class="col page">
            <Transition fallback=|| view! { <p class="wait">{word(Word::Loading)}</p> }>
                {move || Suspend::new(async move {
                    match loaded.await {
                        Ok(found) if found.is_empty() => view! { <div class="void"><b>{word(Word::NoMentions)}</b></div> }.into_any(),
                        Ok(found) => found.into_iter().map(|mention| view! { <Mention mention/> }).collect_view().into_any(),
                        Err(refusal) => view! { <ErrorLine refusal/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
    .into_any()
}

#[component]
fn Mention(mention: MentionView) -> impl IntoView {
    let MentionView { note, client: _, href, title, day, seen } = mention;
    let name = note.by.as_ref().map(|person| person.name.clone()).unwrap_or_default();
    view! {
        <article class="ev note" class:unread=!seen data-note=note.id.to_string()>
            {note.by.map(|person| view! { <Avatar person/> })}
            <div>
                <p class="h"><b><a href=href>{title}</a></b>" · "{name}" · "<time title=note.exact>{day}", "{note.time}</time></p>
                <div class="bubble"><LiveText spans=note.text/></div>
            </div>
            {(!seen).then(|| view! { <SeenForm note=note.id/> })}
        </article>
    }
}

/// A tick: read.
#[component]
pub fn SeenForm(note: i64) -> impl IntoView {
    let (changes, say, lang) = (use_changes(), use_say(), frame().lang);
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        leptos::task::spawn_local(async move {
            match mention_seen(note).await {
                Ok(()) => changes.tell_of(super::KEY),
                Err(refusal) => say.text(refusal.sentence(lang)),
            }
        });
    };
    view! {
        <form method="post" action=format!("/mentions/{note}") class="tick-form" on:submit=on_submit>
            <button class="tick" aria-label=word(Word::MarkRead) title=word(Word::MarkRead)><Icon sign=Sign::Check/></button>
        </form>
    }
}
