//! Server functions of the workshop. Each asks for the right to administer where it writes; `key` makes a
//! repeated request the same one. What changes something gives the change, to be taken back.

use domain::fields::FieldChange;
use domain::words::Forms;
use leptos::prelude::*;
use server_fn::codec::Json;

use super::view::FieldWish;
use crate::refusal::Refusal;

/// Makes a section; gives its key.
#[server(prefix = "/call", endpoint = "make_section", input = Json)]
pub async fn make_section(forms: Forms, key: String) -> Result<String, Refusal> {
    crate::asked::answer(super::write::make_section(forms, key).await)
}

/// Adds a field to a section; gives its key.
#[server(prefix = "/call", endpoint = "make_field", input = Json)]
pub async fn make_field(wish: FieldWish, key: String) -> Result<String, Refusal> {
    crate::asked::answer(super::write::make_field(wish, key).await)
}

/// Changes what a field is called, where it stands and where it is shown; also of a built-in one.
#[server(prefix = "/call", endpoint = "change_field", input = Json)]
pub async fn change_field(
    section: String,
    field: String,
    change: FieldChange,
    key: String,
) -> Result<Option<i64>, Refusal> {
    crate::asked::answer(super::write::change_field(&section, &field, change, key).await)
}

#[server(prefix = "/call", endpoint = "rename_section", input = Json)]
pub async fn rename_section(section: String, forms: Forms, key: String) -> Result<Option<i64>, Refusal> {
    crate::asked::answer(super::write::rename_section(&section, forms, key).await)
}

/// Switches a section of the owner's off, or on again.
#[server(prefix = "/call", endpoint = "switch_section", input = Json)]
pub async fn switch_section(section: String, on: bool, key: String) -> Result<Option<i64>, Refusal> {
    crate::asked::answer(super::write::switch_section(&section, on, key).await)
}

/// Switches a field of the owner's off, or on again.
#[server(prefix = "/call", endpoint = "switch_field", input = Json)]
pub async fn switch_field(field: String, on: bool, key: String) -> Result<Option<i64>, Refusal> {
    crate::asked::answer(super::write::switch_field(&field, on, key).await)
}

/// Turns a built-in part of the system on or off.
#[server(prefix = "/call", endpoint = "switch_feature", input = Json)]
pub async fn switch_feature(feature: String, on: bool, key: String) -> Result<Option<i64>, Refusal> {
    crate::asked::answer(super::write::switch_feature(&feature, on, key).await)
}

/// Takes a change of a declaration back; gives the names of the properties that somebody has changed since.
#[server(prefix = "/call", endpoint = "undo_declaration", input = Json)]
pub async fn undo_declaration(seq: i64, key: String) -> Result<Vec<String>, Refusal> {
    crate::asked::answer(super::write::undo_declaration(seq, key).await)
}
