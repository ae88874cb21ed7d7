//! A section's page of many: filter row, table, pages. It knows no section.

pub mod api;
mod chips;
mod columns;
mod filter_form;
mod filters;
mod grid;
mod latest;
#[cfg(feature = "ssr")]
pub mod load;
mod operators;
mod page;
mod peek;
mod plus;
mod selection;

pub use page::ListPage;
pub use peek::Peek;
