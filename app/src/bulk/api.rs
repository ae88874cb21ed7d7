//! Server functions of work on many records.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::view::{BulkChange, LeftView, Undone};
use crate::progress::Progress;
use crate::refusal::Refusal;

/// Sets a field of every record that the query finds, or of these among them.
#[server(prefix = "/call", endpoint = "change_all", input = Json)]
pub async fn change_all(change: BulkChange, key: String) -> Result<Progress, Refusal> {
    crate::asked::answer(super::write::change_all_here(change, &key).await)
}

/// Takes everything back that an operation did.
#[server(prefix = "/call", endpoint = "undo_operation", input = Json)]
pub async fn undo_operation(op: String, key: String) -> Result<Progress, Refusal> {
    crate::asked::answer(super::write::undo_operation_here(&op, &key).await)
}

/// Changes what an operation left alone because others had changed it since: all the same.
#[server(prefix = "/call", endpoint = "overwrite_left", input = Json)]
pub async fn overwrite_left(op: String, key: String) -> Result<Progress, Refusal> {
    crate::asked::answer(super::write::overwrite_left_here(&op, &key).await)
}

#[server(prefix = "/call", endpoint = "operation", input = Json)]
pub async fn operation(id: String) -> Result<Progress, Refusal> {
    crate::asked::answer(super::read::operation_here(&id).await)
}

/// The records that an operation has left alone.
#[server(prefix = "/call", endpoint = "left_alone", input = Json)]
pub async fn left_alone(id: String) -> Result<Vec<LeftView>, Refusal> {
    crate::asked::answer(super::read::left_alone_here(&id).await)
}

/// Stops it after the present chunk, or lets it go on.
#[server(prefix = "/call", endpoint = "run_operation", input = Json)]
pub async fn run_operation(id: String, on: bool, key: String) -> Result<Progress, Refusal> {
    crate::asked::answer(super::write::run_operation_here(&id, on, &key).await)
}

/// Takes back the latest thing that the user has done, whatever it was; gives what it was called.
#[server(prefix = "/call", endpoint = "undo_last", input = Json)]
pub async fn undo_last(key: String) -> Result<Undone, Refusal> {
    crate::asked::answer(super::write::undo_last(&key).await)
}
