//! What sections put on the card of another one: `sections` says which; the card knows none of them.

use leptos::prelude::*;

use super::api::DraftView;

/// The record whose card it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub section: String,
    pub id: i64,
}

pub type Part = fn(Place) -> AnyView;

#[derive(Clone, Copy, Default)]
pub struct Parts {
    /// Under the name.
    pub next: Option<Part>,
    /// What belongs to it, under its data.
    pub below_data: Option<Part>,
    /// What happened.
    pub stream: Option<Part>,
    /// What happened last, and where to write: beside a list.
    pub latest: Option<Part>,
    /// What comes.
    pub ahead: Option<Part>,
    /// Sections that the parts above show: they need no panel.
    pub shown: &'static [&'static str],
}

/// What a form that was refused had in an input.
pub fn typed(draft: Option<&DraftView>, name: &str) -> String {
    let typed = draft.and_then(|draft| draft.typed.iter().find(|(key, _)| key.as_str() == name));
    typed.map(|(_, text)| text.clone()).unwrap_or_default()
}
