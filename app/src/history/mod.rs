//! The history of a record: every change, newest first.

pub mod api;
#[cfg(feature = "ssr")]
mod diff;
mod page;
#[cfg(feature = "ssr")]
mod read;
mod view;

pub use page::{Changes, EntryView, HistoryTab, LatestChanges};
pub use view::{Entry, HistoryWish, Trace};

#[cfg(feature = "ssr")]
pub use diff::{Budget, beside};
#[cfg(feature = "ssr")]
pub use read::{entry, labels};
