//! Who reads a list, and which records are meant.

use domain::ids::UserId;
use domain::moment::Date;
use domain::words::Lang;

/// Who asks, and what the answer depends on besides the query.
pub struct Reader<'a> {
    pub user: UserId,
    pub lang: Lang,
    /// Milliseconds since 1970-01-01T00:00Z, and the day that it is where the reader is.
    pub now: i64,
    pub today: Date,
    /// Up to so many matching records are found first and sorted then.
    pub filter_first_rows_max: i64,
    /// The instant at which a day of the reader begins, in milliseconds.
    pub midnight: &'a (dyn Fn(Date) -> i64 + Send + Sync),
}

/// Records that are in use, or those in the trash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    InUse,
    Trash,
}
