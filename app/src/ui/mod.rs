//! Pieces of the interface that know nothing of the business.

mod icon;
mod person;
mod text_area;
mod title;

pub use icon::{Icon, Sign};
pub use person::{Avatar, Person, PersonName};
pub use text_area::TextArea;
pub use title::Title;
