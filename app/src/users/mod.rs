//! Employees: signing in and out, and who is who.

#[cfg(feature = "ssr")]
pub mod attempts;
#[cfg(feature = "ssr")]
pub mod doors;
mod guard;
mod login;
#[cfg(feature = "ssr")]
pub mod password;
#[cfg(feature = "ssr")]
pub mod queries;

pub use guard::{Guard, GuardDialog, provide_guard, use_guard};
pub use login::LoginPage;
