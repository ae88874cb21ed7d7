//! «Сегодня»: whom to call and why, in the order of urgency.

pub mod api;
#[cfg(feature = "ssr")]
pub mod load;
mod page;

pub use page::TodayPage;
