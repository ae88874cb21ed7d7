//! Server functions of the stream.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::view::{MentionView, StreamView, StreamWish};
use crate::refusal::Refusal;

#[server(prefix = "/call", endpoint = "stream", input = Json)]
pub async fn stream(wish: StreamWish) -> Result<StreamView, Refusal> {
    crate::asked::answer(super::read::stream(wish).await)
}

/// The latest ones, the unread first.
#[server(prefix = "/call", endpoint = "mentions", input = Json)]
pub async fn mentions() -> Result<Vec<MentionView>, Refusal> {
    crate::asked::answer(super::mentioned::mentions().await)
}

/// Marks a mention of the one who asks as read.
#[server(prefix = "/call", endpoint = "mention_seen", input = Json)]
pub async fn mention_seen(note: i64) -> Result<(), Refusal> {
    crate::asked::answer(super::mentioned::see_here(note).await)
}
