//! A section's page of one: data edited in place, history. It knows no section.

pub mod api;
mod field;
mod history;
pub mod key;
#[cfg(feature = "ssr")]
pub mod load;
mod page;

pub use page::{ActForm, CardPage};
