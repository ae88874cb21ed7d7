//! Server functions of reminders.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::view::{ReminderView, RemindersView};
use crate::refusal::Refusal;

/// One reminder, for its own card: what it is, today where the reader is, and whether it is done.
#[server(prefix = "/call", endpoint = "reminder", input = Json)]
pub async fn reminder(id: i64) -> Result<(ReminderView, String, bool), Refusal> {
    crate::asked::answer(super::read::reminder(id).await)
}

/// The reminders of a client.
#[server(prefix = "/call", endpoint = "reminders", input = Json)]
pub async fn reminders(client: i64) -> Result<RemindersView, Refusal> {
    crate::asked::answer(super::read::reminders(client).await)
}
