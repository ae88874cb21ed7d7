//! Reminders: what comes next with a client.

pub mod api;
mod fields;
mod panel;
mod quick;
#[cfg(feature = "ssr")]
pub mod read;
mod view;
#[cfg(feature = "ssr")]
mod when;
#[cfg(feature = "ssr")]
pub mod write;

pub use fields::{DAILY, KEY, MONTHLY, WEEKLY, WHAT, of_clients, of_deals, section};
pub use panel::{Due, NextLine, OwnLine, RemindersPanel, due_of};
pub use quick::{AskNext, TickForm, open_other};
