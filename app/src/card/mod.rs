//! A section's page of one: data edited in place, history. It knows no section.

pub mod api;
#[cfg(feature = "ssr")]
pub mod diff;
#[cfg(feature = "ssr")]
pub mod doors;
mod field;
mod history;
#[cfg(feature = "ssr")]
pub mod load;
mod page;
mod parts;
mod record_input;
mod section_form;
mod trace;

pub use history::{Changes, EntryView};
pub use page::{ActForm, CardPage, Lately};
pub use parts::{Part, Parts, Place, typed};
pub use record_input::RecordInput;
pub use section_form::{Done, SectionForm, use_take_back};
