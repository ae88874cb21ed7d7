//! Contacts: natural persons, who never stand among clients.

pub mod api;
mod fields;
mod panel;
#[cfg(feature = "ssr")]
mod queries;
#[cfg(feature = "ssr")]
pub mod read;
mod view;
mod whom;
#[cfg(feature = "ssr")]
pub mod write;

pub use fields::{KEY, of_clients, section};
pub use panel::{ContactsPanel, Persons};
pub use whom::{People, WithWhom, people};
