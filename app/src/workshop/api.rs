//! Server functions of the workshop. Each asks for the right to administer where it writes; `key` makes a
//! repeated request the same one. What changes something gives the change, to be taken back.

use domain::fields::FieldChange;
use domain::words::{Forms, Label};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::refusal::Refusal;

/// A field as its owner describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldWish {
    pub section: String,
    pub label: Label,
    /// The name of a kind: `Text`, `Money` …
    pub kind: String,
    /// Labels of the values, for a choice.
    #[serde(default)]
    pub choices: Vec<Label>,
    /// The section that a reference points at; `users` for employees.
    #[serde(default)]
    pub target: Option<String>,
    /// The smallest and the greatest whole number.
    #[serde(default)]
    pub within: Option<(i64, i64)>,
}

/// Makes a section; gives its key.
#[server(prefix = "/call", endpoint = "make_section", input = Json)]
pub async fn make_section(forms: Forms, key: String) -> Result<String, Refusal> {
    crate::asked::answer(super::load::make_section(forms, key).await)
}

/// Adds a field to a section; gives its key.
#[server(prefix = "/call", endpoint = "make_field", input = Json)]
pub async fn make_field(wish: FieldWish, key: String) -> Result<String, Refusal> {
    crate::asked::answer(super::load::make_field(wish, key).await)
}

/// Changes what a field is called, where it stands and where it is shown; also of a built-in one.
#[server(prefix = "/call", endpoint = "change_field", input = Json)]
pub async fn change_field(
    section: String,
    field: String,
    change: FieldChange,
    key: String,
) -> Result<Option<i64>, Refusal> {
    crate::asked::answer(super::load::change_field(&section, &field, change, key).await)
}

#[server(prefix = "/call", endpoint = "rename_section", input = Json)]
pub async fn rename_section(section: String, forms: Forms, key: String) -> Result<Option<i64>, Refusal> {
    crate::asked::answer(super::load::rename_section(&section, forms, key).await)
}

/// Switches a section of the owner's off, or on again.
#[server(prefix = "/call", endpoint = "switch_section", input = Json)]
pub async fn switch_section(section: String, on: bool, key: String) -> Result<Option<i64>, Refusal> {
    crate::asked::answer(super::load::switch_section(&section, on, key).await)
}

/// Switches a field of the owner's off, or on again.
#[server(prefix = "/call", endpoint = "switch_field", input = Json)]
pub async fn switch_field(field: String, on: bool, key: String) -> Result<Option<i64>, Refusal> {
    crate::asked::answer(super::load::switch_field(&field, on, key).await)
}

/// Turns a built-in part of the system on or off.
#[server(prefix = "/call", endpoint = "switch_feature", input = Json)]
pub async fn switch_feature(feature: String, on: bool, key: String) -> Result<Option<i64>, Refusal> {
    crate::asked::answer(super::load::switch_feature(&feature, on, key).await)
}

/// Takes a change of a declaration back; gives the names of the properties that somebody has changed since.
#[server(prefix = "/call", endpoint = "undo_declaration", input = Json)]
pub async fn undo_declaration(seq: i64, key: String) -> Result<Vec<String>, Refusal> {
    crate::asked::answer(super::load::undo_declaration(seq, key).await)
}
