//! Server functions of work on many records.

use domain::ids::FieldKey;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::progress::Progress;
use crate::refusal::Refusal;

/// A record that was left as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftView {
    pub id: i64,
    pub title: String,
    pub href: String,
    /// «Адрес: с тех пор изменил Дмитрий Савин»
    pub why: String,
    /// Whether it can be changed all the same.
    pub by_others: bool,
}

/// Which records are changed, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkChange {
    pub section: String,
    pub query: String,
    /// These among the records that the query finds.
    #[serde(default)]
    pub ids: Option<Vec<i64>>,
    pub field: FieldKey,
    pub typed: String,
    /// What the list had seen: `ListView::seen`.
    #[serde(default)]
    pub seen: String,
}

/// Sets a field of every record that the query finds, or of these among them.
#[server(prefix = "/call", endpoint = "change_all", input = Json)]
pub async fn change_all(change: BulkChange, key: String) -> Result<Progress, Refusal> {
    crate::asked::answer(super::load::change_all_here(change, &key).await)
}

/// Takes everything back that an operation did.
#[server(prefix = "/call", endpoint = "undo_operation", input = Json)]
pub async fn undo_operation(op: String, key: String) -> Result<Progress, Refusal> {
    crate::asked::answer(super::load::undo_operation_here(&op, &key).await)
}

/// Changes what an operation left alone because others had changed it since: all the same.
#[server(prefix = "/call", endpoint = "overwrite_left", input = Json)]
pub async fn overwrite_left(op: String, key: String) -> Result<Progress, Refusal> {
    crate::asked::answer(super::load::overwrite_left_here(&op, &key).await)
}

#[server(prefix = "/call", endpoint = "operation", input = Json)]
pub async fn operation(id: String) -> Result<Progress, Refusal> {
    crate::asked::answer(super::load::operation_here(&id).await)
}

/// The records that an operation has left alone.
#[server(prefix = "/call", endpoint = "left_alone", input = Json)]
pub async fn left_alone(id: String) -> Result<Vec<LeftView>, Refusal> {
    crate::asked::answer(super::load::left_alone_here(&id).await)
}

/// Stops it after the present chunk, or lets it go on.
#[server(prefix = "/call", endpoint = "run_operation", input = Json)]
pub async fn run_operation(id: String, on: bool, key: String) -> Result<Progress, Refusal> {
    crate::asked::answer(super::load::run_operation_here(&id, on, &key).await)
}

/// Takes back the latest thing that the user has done, whatever it was; gives what it was called.
#[server(prefix = "/call", endpoint = "undo_last", input = Json)]
pub async fn undo_last(key: String) -> Result<Undone, Refusal> {
    crate::asked::answer(super::load::undo_last(&key).await)
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// «Отменено: ООО «Маяк», адрес»; `None` when there is nothing to take back.
    pub said: Option<String>,
    /// Of many records: it goes on.
    pub operation: Option<Progress>,
}
