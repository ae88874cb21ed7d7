//! Pieces of the interface that know nothing of the business.

mod icon;
mod person;
mod pointer;
mod text_area;
mod title;

pub use icon::{Icon, Sign};
pub use person::{Avatar, Person, PersonName};
pub use pointer::{released, watch_pointer};
pub use text_area::TextArea;
pub use title::Title;
