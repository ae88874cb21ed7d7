//! The owner's workshop: sections, fields and words are changed here, by admins only.

pub mod api;
mod view;
#[cfg(feature = "ssr")]
mod write;

pub use view::FieldWish;
