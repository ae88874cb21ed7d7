//! The pages, their server functions, and the plain forms that do the same without JavaScript.

pub mod bulk;
mod card;
pub mod clients;
pub mod contacts;
mod frame;
mod gallery;
mod layout;
pub mod notes;
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
mod shell;

pub use frame::Frame;
pub use routes::App;
#[cfg(feature = "ssr")]
pub use shell::{Site, shell};
