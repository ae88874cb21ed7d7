//! The owner's workshop: sections, fields and words are changed here, by admins only.

pub mod api;
#[cfg(feature = "ssr")]
mod load;
