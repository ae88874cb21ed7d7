//! «Настройки»: the user's own account.

mod page;
#[cfg(feature = "ssr")]
pub mod queries;

pub use page::SettingsPage;
