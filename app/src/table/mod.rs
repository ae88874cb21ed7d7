//! A section's page of many: filter row, table, pages. It knows no section.

pub mod api;
#[cfg(feature = "ssr")]
mod chip_text;
mod chips;
mod columns;
mod filter_form;
mod filters;
mod grid;
mod latest;
mod operators;
mod page;
mod peek;
mod plus;
#[cfg(feature = "ssr")]
mod read;
mod row_input;
mod selection;
#[cfg(feature = "ssr")]
mod tabs;
mod view;

pub use page::ListPage;
pub use peek::Peek;
