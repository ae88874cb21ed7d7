//! What may be done to records, and what comes of it.

use domain::change::Patch;
use domain::fields::Value;
use domain::ids::{FieldKey, RecordId, SectionKey, UserId};
use domain::problem::Problem;
use serde::{Deserialize, Serialize};

use crate::db::{AsTransient, Error};
use crate::history::Seen;

/// One thing to be done.
#[derive(Clone, Debug)]
pub enum Act {
    /// Makes a record. Its number is the section's next: consecutive, also for presses at the same time.
    Create {
        section: SectionKey,
        patch: Patch,
    },
    /// Changes fields of a record.
    Update {
        section: SectionKey,
        record: Subject,
        base: Base,
        patch: Patch,
    },
    Trash {
        section: SectionKey,
        record: Subject,
    },
    Restore {
        section: SectionKey,
        record: Subject,
    },
    /// Takes an operation back, in every section, or what it did to one record. What was changed since is left and
    /// named; what was taken back already is not taken back twice.
    Undo {
        op: String,
        only: Option<(SectionKey, RecordId)>,
    },
}

/// The record that an act is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Number(RecordId),
    /// What an earlier act of the same call makes: its place among the acts, from 0.
    Made(usize),
}

impl From<RecordId> for Subject {
    fn from(id: RecordId) -> Self {
        Self::Number(id)
    }
}

/// What the writer knew of the record. Fields that nobody changed since are merged, a field that somebody did comes
/// back as a conflict with both values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    Version(i64),
    /// A list that has seen so much; of one's own later changes one knows.
    Seen(Seen),
    /// Whatever it has become: overwritten.
    Whatever,
}

/// What was done to one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    pub section: SectionKey,
    pub record: RecordId,
    pub version: i64,
    /// The change in the history; `None` when nothing was different.
    pub seq: Option<i64>,
    /// Fields that an undo left alone, because somebody has changed them since.
    pub left: Vec<FieldKey>,
}

/// Another's value in a field that the patch wants to change too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub field: FieldKey,
    pub theirs: Value,
    pub by: UserId,
    pub at: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("the input has problems")]
    Problems(Vec<Problem>),
    #[error("somebody else changed the same fields")]
    Conflicts(Vec<Conflict>),
    #[error("there is no such record")]
    NotFound,
    #[error("the record is in the trash")]
    InTrash,
    #[error("no right to this")]
    Forbidden,
    #[error("the sections have been changed meanwhile")]
    Stale,
    #[error("more records than one operation may change")]
    TooMany,
    #[error(transparent)]
    Store(#[from] Error),
}

impl AsTransient for Refusal {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}

/// Nothing of a call was done, because of this act (its place, from 0).
#[derive(Debug, thiserror::Error)]
#[error("act {act}: {why}")]
pub struct Refused {
    pub act: usize,
    pub why: Refusal,
}

impl From<Refusal> for Refused {
    fn from(why: Refusal) -> Self {
        Self { act: 0, why }
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Refusal::from(error).into()
    }
}

impl AsTransient for Refused {
    fn is_transient(&self) -> bool {
        self.why.is_transient()
    }
}
