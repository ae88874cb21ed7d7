//! What was typed into a form that was refused, for the page that it came from.

pub mod api;
#[cfg(feature = "ssr")]
mod read;
mod view;

pub use api::form_begins;
pub use view::{DraftView, typed};

#[cfg(feature = "ssr")]
pub use read::{Draft, draft_of};
