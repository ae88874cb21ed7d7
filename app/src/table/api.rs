//! Server functions of a table.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::view::{ListView, Refreshed};
use crate::refusal::Refusal;

/// These rows as they are now, for a list that is on the screen.
#[server(prefix = "/call", endpoint = "refresh", input = Json)]
pub async fn refresh(section: String, query: String, ids: Vec<i64>) -> Result<Vec<Refreshed>, Refusal> {
    crate::asked::answer(super::read::refresh(&section, &query, &ids).await)
}

#[server(prefix = "/call", endpoint = "list", input = Json)]
pub async fn list(section: String, query: String) -> Result<ListView, Refusal> {
    crate::asked::answer(super::read::list(&section, &query).await)
}
