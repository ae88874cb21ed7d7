//! A section's page of one: data edited in place, history. It knows no section.

pub mod api;
mod field;
#[cfg(feature = "ssr")]
mod input;
mod page;
#[cfg(feature = "ssr")]
mod read;
mod record_input;
mod steps;
mod trace;
mod view;
#[cfg(feature = "ssr")]
mod write;

pub use page::{ActForm, CardPage, Lately};
pub use record_input::RecordInput;

#[cfg(feature = "ssr")]
pub use write::{create, move_to_trash, put_value_back, take_back};
