//! Server functions of reminders.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::refusal::Refusal;
use crate::values::Tone;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemindersView {
    /// Those that are not done, the earliest first.
    pub open: Vec<ReminderView>,
    pub count: String,
    /// The list of all of them.
    pub href: String,
    /// Today, where the reader is: `2026-11-24`.
    pub today: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReminderView {
    pub id: i64,
    pub version: i64,
    pub href: String,
    /// «Позвонить: новый счёт»
    pub what: String,
    /// «сегодня 16:30»
    pub when: String,
    pub exact: String,
    pub tone: Tone,
    pub with: Option<String>,
    pub by: Option<String>,
    pub repeats: Option<String>,
}

/// One reminder, for its own card: what it is, today where the reader is, and whether it is done.
#[server(prefix = "/call", endpoint = "reminder", input = Json)]
pub async fn reminder(id: i64) -> Result<(ReminderView, String, bool), Refusal> {
    crate::asked::answer(super::load::reminder(id).await)
}

/// The reminders of a client.
#[server(prefix = "/call", endpoint = "reminders", input = Json)]
pub async fn reminders(client: i64) -> Result<RemindersView, Refusal> {
    crate::asked::answer(super::load::reminders(client).await)
}
