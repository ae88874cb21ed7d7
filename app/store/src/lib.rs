//! The database: one reader of lists, one writer of records, and the history that both trust.
//! SQLite or PostgreSQL; no section is named here.

mod act;
mod aggregate;
pub mod check;
pub mod context;
pub mod db;
pub mod ddl;
pub mod declare;
mod dialect;
pub mod draft;
pub mod feed;
mod follow;
pub mod history;
pub mod idempotency;
mod key;
pub mod list;
pub mod operation;
mod patch;
pub mod record;
pub mod registry;
pub mod rollup;
pub mod scope;
pub mod search;
pub mod search_index;
mod sight;
mod storage;
pub mod undo_last;
mod work;
pub mod write;

#[cfg(feature = "testing")]
pub mod plans;
#[cfg(feature = "testing")]
pub mod testing;

pub use db::{Conn, Db, Error, Row};
