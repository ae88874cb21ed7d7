//! Server functions of the history.

use domain::ids::FieldKey;
use leptos::prelude::*;
use server_fn::codec::Json;

use super::view::{HistoryView, HistoryWish, Trace};
use crate::refusal::Refusal;

#[server(prefix = "/call", endpoint = "history", input = Json)]
pub async fn history(wish: HistoryWish) -> Result<HistoryView, Refusal> {
    crate::asked::answer(super::read::history(wish).await)
}

/// Where the present value of a field comes from; `None` when nobody has written it.
#[server(prefix = "/call", endpoint = "value_trace", input = Json)]
pub async fn value_trace(section: String, id: i64, field: FieldKey) -> Result<Option<Trace>, Refusal> {
    crate::asked::answer(super::read::trace(&section, id, &field).await)
}
