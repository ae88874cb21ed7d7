//! The URL is the view: a `ListQuery` prints to and parses from the query string.

mod automatic_name;
mod cursor;
mod filter_form;
mod query;

pub use automatic_name::automatic_name;
pub use cursor::{Cursor, Place, Walk};
pub use filter_form::{Opened, Pasted, compose, pasted};
pub use query::{Condition, Direction, Dropped, ListQuery, Shown, Sort, encode, pairs};
