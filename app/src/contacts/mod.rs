//! Contacts: natural persons, who never stand among clients.

pub mod api;
mod fields;
#[cfg(feature = "ssr")]
pub mod load;
mod panel;
#[cfg(feature = "ssr")]
mod queries;
mod whom;

pub use fields::{KEY, section};
pub use panel::{ContactsPanel, Persons};
pub use whom::{People, WithWhom, people};
