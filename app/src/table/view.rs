//! A list as it is shown.

use serde::{Deserialize, Serialize};

use crate::values::Cell;

/// One page of a list, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListView {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// «1–50 из 1 204»
    pub position: String,
    /// «1 204»
    pub count: String,
    pub previous: Option<String>,
    pub next: Option<String>,
    /// How many there are, as far as they are counted, and whether there are more.
    pub total: i64,
    pub or_more: bool,
    /// How much of the history it has seen: goes along with an act on its records.
    pub seen: String,
    /// Parts of the address that were not understood.
    pub dropped: Vec<String>,
    /// Filters that have no input of their own in the row.
    pub chips: Vec<Chip>,
    /// The whole list, then lists that are there from the beginning.
    pub views: Vec<ViewTab>,
    /// Values of a filter by many that nothing has.
    pub missing: Vec<Missing>,
    /// A record that its maker has left as it was made.
    pub untouched: Option<Untouched>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    pub label: String,
    pub values: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Untouched {
    pub id: i64,
    pub title: String,
}

/// A filter that is on: «Создан с 1 июн 2026 ×».
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewTab {
    pub label: String,
    pub href: String,
    pub count: String,
    pub on: bool,
    /// Whether there are any that one should worry about.
    pub alarm: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chip {
    /// One, or all of an any-of group.
    pub parts: Vec<ChipPart>,
    /// The form in which it is changed.
    pub edit: String,
    /// The list without it.
    pub without: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChipPart {
    pub label: String,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub key: String,
    pub label: String,
    pub sortable: bool,
    /// The class of its kind: how wide it is and where its text stands.
    pub class: String,
    pub is_title: bool,
    /// The number and the name: they stay, and stay in sight.
    pub fixed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub id: i64,
    /// Its card, which knows the list that it was opened from.
    pub href: String,
    pub title: Cell,
    pub cells: Vec<Cell>,
    /// The phone's second line: phone · responsible.
    pub second: Vec<String>,
    pub dial: Option<String>,
}

/// A row as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refreshed {
    pub row: Row,
    /// Whether the list still finds it.
    pub fits: bool,
}
