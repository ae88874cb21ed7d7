//! Server functions of a list.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use super::cell::Cell;
use crate::refusal::Refusal;

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
    /// Parts of the address that were not understood.
    pub dropped: Vec<String>,
    pub dense: bool,
    /// Every column of the section, for the choice of columns.
    pub all_columns: Vec<Column>,
    /// Filters that have no input of their own in the row.
    pub chips: Vec<Chip>,
}

/// A filter that is on: «Создан с 1 июн 2026 ×».
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chip {
    pub label: String,
    pub text: String,
    /// The list without it.
    pub without: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub key: String,
    pub label: String,
    pub sortable: bool,
    /// The class of its kind: how wide it is and where its text stands.
    pub class: String,
    pub is_title: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub id: i64,
    pub title: Cell,
    pub cells: Vec<Cell>,
    /// The phone's second line: phone · responsible.
    pub second: Vec<String>,
    pub dial: Option<String>,
}

#[server(endpoint = "list", input = Json)]
pub async fn list(section: String, query: String) -> Result<ListView, Refusal> {
    crate::asked::answer(super::load::list(&section, &query).await)
}
