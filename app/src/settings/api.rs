//! Server functions of what a user has chosen.

use domain::ids::SectionKey;
use leptos::prelude::*;
use server_fn::codec::Json;

use super::view::SessionView;
use crate::appearance::UserView;
use crate::refusal::Refusal;

/// Remembers columns, density and the row's filters of a section.
#[server(prefix = "/call", endpoint = "remember", input = Json)]
pub async fn remember(section: SectionKey, view: UserView, key: String) -> Result<(), Refusal> {
    crate::asked::answer(super::write::remember(section, view, &key).await)
}

#[server(prefix = "/call", endpoint = "sessions", input = Json)]
pub async fn sessions() -> Result<Vec<SessionView>, Refusal> {
    crate::asked::answer(super::read::sessions().await)
}
