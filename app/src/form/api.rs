//! Server functions of a section's own form.

use domain::change::Pairs;
use leptos::prelude::*;
use server_fn::codec::Json;

use crate::refusal::Refusal;

/// Makes a record from its section's own form; gives its number, and the change to undo.
#[server(prefix = "/call", endpoint = "add", input = Json)]
pub async fn add(section: String, pairs: Pairs, key: String) -> Result<(i64, Option<i64>), Refusal> {
    crate::asked::answer(super::write::add_here(&section, pairs, &key).await)
}

/// Changes a record from its section's own form; gives the change to undo.
#[server(prefix = "/call", endpoint = "change", input = Json)]
pub async fn change(section: String, id: i64, version: i64, pairs: Pairs, key: String) -> Result<Option<i64>, Refusal> {
    crate::asked::answer(super::write::change_here(&section, id, version, pairs, &key).await)
}

/// Whether what the one who asks has sent with this key was written.
#[server(prefix = "/call", endpoint = "was_written", input = Json)]
pub async fn was_written(sent: String) -> Result<bool, Refusal> {
    crate::asked::answer(super::read::was_written(&sent).await)
}
