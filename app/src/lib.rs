//! The pages, their server functions, and the plain forms that do the same without JavaScript.

mod appearance;
pub mod bulk;
mod card;
mod changes;
pub mod clients;
pub mod contacts;
mod counters;
pub mod deals;
mod draft;
mod error_line;
pub mod form;
mod frame;
mod gallery;
mod history;
mod key;
mod layout;
pub mod notes;
mod progress;
pub mod refusal;
#[cfg(feature = "ssr")]
pub mod registry;
pub mod reminders;
mod routes;
mod section_code;
pub mod sections;
pub mod settings;
mod table;
pub mod today;
mod trash;
mod ui;
pub mod users;
mod values;
mod waiting;
pub mod workshop;

#[cfg(feature = "ssr")]
pub mod asked;
#[cfg(feature = "ssr")]
pub mod doors;
#[cfg(feature = "ssr")]
pub mod lifecycle;
#[cfg(feature = "ssr")]
pub mod outside;
#[cfg(feature = "ssr")]
mod reader;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
mod writing;

#[cfg(feature = "ssr")]
pub use frame::Beginning;
pub use frame::Frame;
pub use routes::App;
#[cfg(feature = "ssr")]
pub use shell::{Site, shell};
