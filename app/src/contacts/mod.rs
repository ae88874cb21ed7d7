//! Contacts: natural persons, who never stand among clients.

pub mod api;
mod fields;
#[cfg(feature = "ssr")]
pub mod load;
mod panel;

pub use fields::{KEY, section};
pub use panel::{ContactsPanel, Persons};
