//! «Корзина»

pub mod api;
mod page;
#[cfg(feature = "ssr")]
mod read;
mod view;

pub use page::TrashPage;
