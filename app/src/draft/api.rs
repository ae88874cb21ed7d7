//! Server functions of what forms begin with.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::view::DraftView;
use crate::refusal::Refusal;

/// What a section's own form on another page begins with: what was typed into one that was refused, and the day
/// that it is where the writer is.
#[server(prefix = "/call", endpoint = "form_begins", input = Json)]
pub async fn form_begins(section: String, draft: Option<String>) -> Result<(Option<DraftView>, String), Refusal> {
    crate::asked::answer(super::read::form_begins(&section, draft.as_deref()).await)
}
