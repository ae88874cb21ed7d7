//! The server: HTTP around the pages, the assets, and the demonstration data.

pub mod assets;
pub mod connections;
pub mod demo;
pub mod housekeeping;
pub mod http;
pub mod outcome;
