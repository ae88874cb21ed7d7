//! Server functions of a card.

use domain::change::Pairs;
use domain::ids::FieldKey;
use leptos::prelude::*;
use server_fn::codec::Json;

use super::view::{CardView, Edit, Saved};
use crate::refusal::Refusal;

#[server(prefix = "/call", endpoint = "card", input = Json)]
pub async fn card(section: String, id: i64, draft: Option<String>, list: Option<String>) -> Result<CardView, Refusal> {
    crate::asked::answer(super::read::card(&section, id, draft.as_deref(), list.as_deref()).await)
}

/// Makes a record with these values; gives its number.
#[server(prefix = "/call", endpoint = "create", input = Json)]
pub async fn create(section: String, given: Pairs, key: String) -> Result<i64, Refusal> {
    crate::asked::answer(super::write::create_here(&section, given, &key).await)
}

#[server(prefix = "/call", endpoint = "save", input = Json)]
pub async fn save(edit: Edit) -> Result<Saved, Refusal> {
    crate::asked::answer(super::write::save(edit).await)
}

/// Takes one change back.
#[server(prefix = "/call", endpoint = "undo", input = Json)]
pub async fn undo(section: String, id: i64, seq: i64, key: String) -> Result<Saved, Refusal> {
    crate::asked::answer(super::write::undo(&section, id, seq, key).await)
}

/// Puts one earlier value back.
#[server(prefix = "/call", endpoint = "put_back", input = Json)]
pub async fn put_back(
    section: String,
    id: i64,
    seq: i64,
    field: FieldKey,
    version: i64,
    key: String,
) -> Result<Saved, Refusal> {
    crate::asked::answer(super::write::put_back(&section, id, seq, &field, version, key).await)
}

/// Puts a record into the trash, or takes it out.
#[server(prefix = "/call", endpoint = "set_trashed", input = Json)]
pub async fn set_trashed(section: String, id: i64, trashed: bool, key: String) -> Result<(), Refusal> {
    crate::asked::answer(super::write::set_trashed(&section, id, trashed, key).await)
}
