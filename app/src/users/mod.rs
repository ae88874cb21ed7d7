//! Employees: signing in and out, and who is who.

#[cfg(feature = "ssr")]
pub mod doors;
mod login;
#[cfg(feature = "ssr")]
pub mod password;
#[cfg(feature = "ssr")]
pub mod queries;

pub use login::LoginPage;
