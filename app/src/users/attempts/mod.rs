//! Passwords that are tried: counted before they are looked at, so that forty sent at once are not forty guesses.
//!
//! What counts is the login from one address, the address over all logins, and the login over all addresses from
//! which its owner never came: who guesses from elsewhere does not keep the owner out.

mod queries;

pub use queries::{Try, count, forgive};
