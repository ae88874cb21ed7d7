//! A section's own form, on whatever page it stands, and what all forms of records post to.

pub mod api;
#[cfg(feature = "ssr")]
pub mod doors;
#[cfg(feature = "ssr")]
mod read;
mod section_form;
#[cfg(feature = "ssr")]
mod write;

pub use api::was_written;
pub use section_form::{Done, SectionForm, use_take_back};
