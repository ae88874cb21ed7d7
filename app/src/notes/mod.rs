//! The stream of a client: comments, calls and meetings, and beside them what was changed.

pub mod api;
mod composer;
#[cfg(feature = "ssr")]
pub mod doors;
mod fields;
#[cfg(feature = "ssr")]
pub mod mentioned;
mod mentions;
#[cfg(feature = "ssr")]
pub mod queries;
#[cfg(feature = "ssr")]
mod read;
mod stream;
mod text;
mod view;
#[cfg(feature = "ssr")]
pub mod write;

pub use composer::Composer;
pub use fields::{CALL, COMMENT, KEY, MEETING, of_clients, section};
pub use mentions::{MentionsPage, SeenForm};
pub use stream::{Latest, Stream};
#[cfg(feature = "ssr")]
pub use text::text_of;
