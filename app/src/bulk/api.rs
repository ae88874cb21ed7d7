//! Server functions of work on many records.

use domain::ids::FieldKey;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::refusal::Refusal;

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub id: String,
    pub section: String,
    /// running, stopped, done
    pub state: String,
    /// Whether it takes another one back.
    pub is_undo: bool,
    pub done: i64,
    pub total: i64,
    /// Records that were left as they are, wholly or in some fields.
    pub left: Vec<i64>,
}

/// Sets a field of every record that the query finds, or of these among them.
#[server(endpoint = "change_all", input = Json)]
pub async fn change_all(
    section: String,
    query: String,
    ids: Option<Vec<i64>>,
    field: FieldKey,
    typed: String,
) -> Result<Progress, Refusal> {
    crate::asked::answer(super::load::change_all_here(&section, &query, ids, &field, &typed).await)
}

/// Takes everything back that an operation did.
#[server(endpoint = "undo_operation", input = Json)]
pub async fn undo_operation(section: String, op: String) -> Result<Progress, Refusal> {
    crate::asked::answer(super::load::undo_operation_here(&section, &op).await)
}

#[server(endpoint = "operation", input = Json)]
pub async fn operation(id: String) -> Result<Progress, Refusal> {
    crate::asked::answer(super::load::operation_here(&id).await)
}

/// Stops it after the present chunk, or lets it go on.
#[server(endpoint = "run_operation", input = Json)]
pub async fn run_operation(id: String, on: bool) -> Result<Progress, Refusal> {
    crate::asked::answer(super::load::run_operation_here(&id, on).await)
}

/// Takes back the latest thing that the user has done, whatever it was; gives what it was called.
#[server(endpoint = "undo_last", input = Json)]
pub async fn undo_last() -> Result<Undone, Refusal> {
    crate::asked::answer(super::load::undo_last().await)
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// «Отменено: ООО «Маяк», адрес»; `None` when there is nothing to take back.
    pub said: Option<String>,
    /// Of many records: it goes on.
    pub operation: Option<Progress>,
}
