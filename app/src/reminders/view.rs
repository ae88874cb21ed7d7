//! Reminders as they are shown.

use serde::{Deserialize, Serialize};

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
    /// The record that it is about, where the page does not say it: name and address.
    pub of: Option<(String, String)>,
    pub by: Option<String>,
    pub repeats: Option<String>,
}
