//! A section's page of many: filter row, table, pages. It knows no section.

pub mod api;
pub mod cell;
mod filters;
mod grid;
mod latest;
#[cfg(feature = "ssr")]
pub mod load;
#[cfg(feature = "ssr")]
pub mod names;
mod page;

pub use page::ListPage;
