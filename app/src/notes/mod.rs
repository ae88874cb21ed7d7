//! The stream of a client: comments, calls and meetings, and beside them what was changed.

pub mod api;
mod composer;
#[cfg(feature = "ssr")]
pub mod doors;
mod fields;
#[cfg(feature = "ssr")]
pub mod load;
mod mentions;
#[cfg(feature = "ssr")]
pub mod queries;
mod stream;
mod text;

pub use composer::Composer;
pub use fields::{CALL, COMMENT, KEY, MEETING, section};
pub use mentions::{MentionsPage, SeenForm};
pub use stream::{Latest, Stream};
#[cfg(feature = "ssr")]
pub use text::text_of;
