//! Deals: what a client may buy, step by step, until it is won or lost.

pub mod api;
mod fields;
mod panel;
#[cfg(feature = "ssr")]
mod read;
mod view;
#[cfg(feature = "ssr")]
pub mod write;

pub use fields::{KEY, of_clients, section};
pub use panel::DealsPanel;
