//! Server functions of the stream.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use super::text::Span;
use crate::card::api::Entry;
use crate::refusal::Refusal;
use crate::ui::Person;

/// What of the stream is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamWish {
    pub client: i64,
    /// comments, calls, meetings, changes; everything else is all.
    pub show: Option<String>,
    /// Where the page begins, as the page before said it.
    pub before: Option<String>,
    /// A few of the latest only.
    pub latest: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamView {
    pub pinned: Vec<NoteView>,
    pub days: Vec<StreamDay>,
    pub earlier: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamDay {
    pub name: String,
    pub items: Vec<Item>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Item {
    Note(NoteView),
    Change(Entry),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteView {
    pub id: i64,
    pub version: i64,
    pub kind: i64,
    pub by: Option<Person>,
    pub time: String,
    pub exact: String,
    /// «дозвонились», «не дозвонились», «разговор с клиентом»
    pub talk: Option<String>,
    pub with: Option<(String, String)>,
    pub text: Vec<Span>,
    /// As it was typed, for its author.
    pub own_text: Option<String>,
    pub edited: bool,
    pub pinned: bool,
    pub can_delete: bool,
}

/// Where one was mentioned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MentionView {
    pub note: NoteView,
    pub client: i64,
    pub href: String,
    pub title: String,
    pub day: String,
    pub seen: bool,
}

#[server(prefix = "/call", endpoint = "stream", input = Json)]
pub async fn stream(wish: StreamWish) -> Result<StreamView, Refusal> {
    crate::asked::answer(super::load::stream(wish).await)
}

/// The latest ones, the unread first.
#[server(prefix = "/call", endpoint = "mentions", input = Json)]
pub async fn mentions() -> Result<Vec<MentionView>, Refusal> {
    crate::asked::answer(super::load::mentions().await)
}

/// Marks a mention of the one who asks as read.
#[server(prefix = "/call", endpoint = "mention_seen", input = Json)]
pub async fn mention_seen(note: i64) -> Result<(), Refusal> {
    let seen = async { super::load::mention_seen(&crate::asked::Asked::here()?, note).await };
    crate::asked::answer(seen.await)
}
