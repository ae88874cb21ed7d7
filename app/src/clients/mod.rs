//! Clients: legal entities and sole traders. Natural persons are contacts and never stand here.

mod fields;

pub use fields::{KEY, section};
