//! Values as they are read: the same in a table, on a card and in the history.

mod cell;
#[cfg(feature = "ssr")]
pub mod count;
#[cfg(feature = "ssr")]
mod event;
mod find;
#[cfg(feature = "ssr")]
mod found;
#[cfg(feature = "ssr")]
mod names;
#[cfg(feature = "ssr")]
mod of_kind;
#[cfg(feature = "ssr")]
mod title;

pub use cell::{CallButton, Cell, CellView, Tone};
pub use find::find_records;

#[cfg(feature = "ssr")]
pub use event::{cell_of, tone_ahead};
#[cfg(feature = "ssr")]
pub use names::Names;
#[cfg(feature = "ssr")]
pub use of_kind::cell;
#[cfg(feature = "ssr")]
pub use title::{card_address, title_cell, trashed_line};
