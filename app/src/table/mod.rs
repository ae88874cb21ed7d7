//! A section's page of many: filter row, table, pages. It knows no section.

pub mod api;
pub mod cell;
mod chips;
mod columns;
mod filter_form;
mod filters;
mod grid;
mod latest;
#[cfg(feature = "ssr")]
pub mod load;
#[cfg(feature = "ssr")]
pub mod names;
mod operators;
mod page;
mod peek;
mod plus;
mod selection;

pub use page::ListPage;
