//! What a field, a filter, a view and a change are. Pure: no Leptos, no SQL, no async; the same code
//! runs on the server and in the browser.

pub mod access;
pub mod change;
pub mod fields;
pub mod ids;
pub mod limits;
pub mod list;
pub mod login;
pub mod moment;
pub mod problem;
pub mod rights;
pub mod words;
