//! Server functions of what a user has chosen.

use domain::ids::SectionKey;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use super::UserView;
use crate::refusal::Refusal;

/// A place where the user is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    pub id: String,
    pub agent: String,
    /// «вчера, 10:15»
    pub seen: String,
    pub exact: String,
    pub is_this: bool,
}

/// Remembers columns, density and the row's filters of a section.
#[server(prefix = "/call", endpoint = "remember", input = Json)]
pub async fn remember(section: SectionKey, view: UserView, key: String) -> Result<(), Refusal> {
    crate::asked::answer(super::doors::remember_for(section, view, &key).await)
}

#[server(prefix = "/call", endpoint = "sessions", input = Json)]
pub async fn sessions() -> Result<Vec<SessionView>, Refusal> {
    crate::asked::answer(super::doors::sessions_of_user().await)
}
