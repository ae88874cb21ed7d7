//! A section's page of many: filter row, table, pages. It knows no section.

pub mod api;
pub mod cell;
mod chips;
mod columns;
#[cfg(feature = "ssr")]
pub mod event;
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

pub use cell::CallButton;
pub use page::ListPage;
pub use peek::Peek;
