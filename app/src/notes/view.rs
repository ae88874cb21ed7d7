//! The stream as it is shown.

use domain::ids::RecordRef;
use serde::{Deserialize, Serialize};

use super::text::Span;
use crate::history::Entry;
use crate::ui::Person;

/// What of the stream is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamWish {
    pub of: RecordRef,
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
    /// What it is said of, where that is not the record whose stream it stands in: name and address.
    pub of: Option<(String, String)>,
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
    pub client: Option<i64>,
    /// Of the client, or of what else it is said of.
    pub href: String,
    pub title: String,
    pub day: String,
    pub seen: bool,
}
