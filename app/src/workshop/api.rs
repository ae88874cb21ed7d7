//! Server functions of the workshop. Each asks for the right to administer where it writes.

use domain::fields::Kind;
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
    pub kind: Kind,
    /// Labels of the values, for a choice.
    #[serde(default)]
    pub choices: Vec<Label>,
    /// The section that a reference points at; `users` for employees.
    #[serde(default)]
    pub target: Option<String>,
}

/// Makes a section; gives its key.
#[server(prefix = "/call", endpoint = "make_section", input = Json)]
pub async fn make_section(forms: Forms) -> Result<String, Refusal> {
    crate::asked::answer(super::load::make_section(forms).await)
}

/// Adds a field to a section; gives its key.
#[server(prefix = "/call", endpoint = "make_field", input = Json)]
pub async fn make_field(wish: FieldWish) -> Result<String, Refusal> {
    crate::asked::answer(super::load::make_field(wish).await)
}

#[server(prefix = "/call", endpoint = "rename_section", input = Json)]
pub async fn rename_section(section: String, forms: Forms) -> Result<(), Refusal> {
    crate::asked::answer(super::load::rename_section(&section, forms).await)
}

/// Switches a section of the owner's off, or on again.
#[server(prefix = "/call", endpoint = "switch_section", input = Json)]
pub async fn switch_section(section: String, on: bool) -> Result<(), Refusal> {
    crate::asked::answer(super::load::switch_section(&section, on).await)
}

/// Switches a field of the owner's off, or on again.
#[server(prefix = "/call", endpoint = "switch_field", input = Json)]
pub async fn switch_field(field: String, on: bool) -> Result<(), Refusal> {
    crate::asked::answer(super::load::switch_field(&field, on).await)
}

/// Turns a built-in part of the system on or off.
#[server(prefix = "/call", endpoint = "switch_feature", input = Json)]
pub async fn switch_feature(feature: String, on: bool) -> Result<(), Refusal> {
    crate::asked::answer(super::load::switch_feature(&feature, on).await)
}
