//! What stands in a field of a record.

use serde::{Deserialize, Serialize};

use crate::ids::RecordId;

/// What stands in a field of a record. '' does not exist: it is `Empty`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Value {
    #[default]
    Empty,
    Text(String),
    /// A whole number: also a day since 1970-01-01, minor units of money, yes (1) and no (0), a choice's id.
    Integer(i64),
    /// Milliseconds since 1970-01-01T00:00Z.
    Instant(i64),
    /// The number of an employee or of another section's record.
    Reference(RecordId),
}

impl Value {
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Empty | Self::Integer(_) | Self::Instant(_) | Self::Reference(_) => None,
        }
    }

    /// The number inside: a count, an instant's milliseconds, a reference's id.
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Integer(number) | Self::Instant(number) | Self::Reference(number) => Some(*number),
            Self::Empty | Self::Text(_) => None,
        }
    }
}
