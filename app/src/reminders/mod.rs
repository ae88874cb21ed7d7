//! Reminders: what comes next with a client.

pub mod api;
mod fields;
#[cfg(feature = "ssr")]
pub mod load;
mod panel;
mod quick;
#[cfg(feature = "ssr")]
mod when;

pub use fields::{DAILY, KEY, MONTHLY, WEEKLY, WHAT, section};
pub use panel::{NextLine, OwnLine, RemindersPanel};
pub use quick::{AskNext, TickForm, open_other};
