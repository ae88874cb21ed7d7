//! A section's page of one: data edited in place, history. It knows no section.

pub mod api;
#[cfg(feature = "ssr")]
mod diff;
mod field;
mod history;
pub mod key;
#[cfg(feature = "ssr")]
pub mod load;
mod page;
mod record_input;
mod trace;

pub use history::Changes;
pub use page::{ActForm, CardPage};
pub use record_input::RecordInput;
