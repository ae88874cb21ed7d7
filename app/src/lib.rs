//! The pages, their server functions, and the plain forms that do the same without JavaScript.

mod appearance;
pub mod bulk;
pub mod card;
mod changes;
pub mod clients;
pub mod contacts;
mod counters;
mod error_line;
mod frame;
mod gallery;
mod key;
mod layout;
pub mod notes;
mod progress;
pub mod refusal;
#[cfg(feature = "ssr")]
pub mod registry;
pub mod reminders;
mod routes;
pub mod sections;
pub mod settings;
mod table;
pub mod today;
mod trash;
mod ui;
pub mod users;
mod values;
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
pub use frame::Beginning;
pub use frame::Frame;
pub use routes::App;
#[cfg(feature = "ssr")]
pub use shell::{Site, shell};
