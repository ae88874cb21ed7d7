//! «Сегодня»: whom to call and why, in the order of urgency.

pub mod api;
mod page;
#[cfg(feature = "ssr")]
pub mod read;
mod view;

pub use page::TodayPage;
