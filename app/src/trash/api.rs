//! Server functions of the trash.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::view::TrashView;
use crate::refusal::Refusal;

#[server(prefix = "/call", endpoint = "trash", input = Json)]
pub async fn trash(query: String) -> Result<TrashView, Refusal> {
    crate::asked::answer(super::read::trash(&query).await)
}
