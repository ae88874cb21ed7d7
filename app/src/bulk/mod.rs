//! One act on many records, with progress; it can be stopped, goes on after a restart and can be undone.

pub mod api;
#[cfg(feature = "ssr")]
pub mod doors;
mod jobs;
#[cfg(feature = "ssr")]
pub mod read;
#[cfg(feature = "ssr")]
pub mod runner;
mod view;
#[cfg(feature = "ssr")]
mod write;

pub use jobs::{JobStrip, provide_jobs, use_jobs};
pub use view::{BulkChange, Undone};
