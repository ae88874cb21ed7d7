//! The pages and their server functions.

mod routes;
#[cfg(feature = "ssr")]
mod shell;
mod slice;

pub use routes::App;
#[cfg(feature = "ssr")]
pub use shell::{Site, shell};
