//! Server functions of reminders.

use domain::ids::RecordRef;
use leptos::prelude::*;
use server_fn::codec::Json;

use super::view::{ReminderView, RemindersView};
use crate::refusal::Refusal;

/// One reminder, for its own card: what it is, today where the reader is, and whether it is done.
#[server(prefix = "/call", endpoint = "reminder", input = Json)]
pub async fn reminder(id: i64) -> Result<(ReminderView, String, bool), Refusal> {
    crate::asked::answer(super::read::reminder(id).await)
}

/// The open reminders of a record.
#[server(prefix = "/call", endpoint = "reminders", input = Json)]
pub async fn reminders(of: RecordRef) -> Result<RemindersView, Refusal> {
    crate::asked::answer(super::read::reminders(of).await)
}
