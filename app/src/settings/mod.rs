//! «Настройки»: the user's own account, and what the user has chosen.

pub mod api;
#[cfg(feature = "ssr")]
pub mod doors;
mod mine;
mod page;
#[cfg(feature = "ssr")]
pub mod queries;
#[cfg(feature = "ssr")]
mod read;
mod view;
#[cfg(feature = "ssr")]
mod write;

pub use mine::{MyView, provide_views, use_view};
pub use page::SettingsPage;
