//! The one writer of records. A call has acts on records of any section; all of them are one transaction, one
//! operation, one entry of the history for each record and act, or nothing at all.
//!
//! rights → reading what was typed → the records, locked → merge by field → rows, links, what is kept of them
//! elsewhere → history → feed → one commit. How that goes within the transaction is `work`.

use std::sync::Arc;

use domain::change::Patch;
use domain::fields::Value;
use domain::ids::{FieldKey, RecordId, SectionKey, UserId};
use domain::problem::Problem;
use serde::{Deserialize, Serialize};

use crate::context::lock_registry;
use crate::db::{AsTransient, Db, Error};
use crate::history::Seen;
use crate::{declare, idempotency, work};

pub use crate::context::Context;

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

impl From<declare::Refusal> for Refusal {
    fn from(refusal: declare::Refusal) -> Self {
        match refusal {
            declare::Refusal::Forbidden => Self::Forbidden,
            declare::Refusal::Store(error) => Self::Store(error),
            declare::Refusal::NotFound
            | declare::Refusal::BadName
            | declare::Refusal::BadChoices
            | declare::Refusal::BadKind
            | declare::Refusal::BadChange
            | declare::Refusal::TooMany => Self::NotFound,
        }
    }
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

/// Does all of these, or nothing. Gives what was done to each record, in the order of the acts.
pub async fn apply(db: &Db, context: &Context, acts: Vec<Act>) -> Result<Vec<Applied>, Refused> {
    let context = Arc::new(context.clone());
    let acts: Vec<(Arc<Context>, Act)> = acts.into_iter().map(|act| (context.clone(), act)).collect();
    // Refused before anything is locked, where that can be seen.
    for (place, (context, act)) in acts.iter().enumerate() {
        work::read(context, act).map_err(|why| Refused { act: place, why })?;
    }
    let (actor, now, sent) = (context.actor.id, context.now, context.sent.clone());
    idempotency::once(db, actor, now, sent, move |conn| {
        let acts = acts.clone();
        Box::pin(async move { all_or_nothing(conn, &acts).await })
    })
    .await
}

/// Does acts of several people and times in one transaction: for loading a base. The first context says which
/// sections there are.
pub async fn load(db: &Db, acts: Vec<(Arc<Context>, Act)>) -> Result<Vec<Applied>, Refused> {
    let acts = Arc::new(acts);
    db.write(move |conn| {
        let acts = acts.clone();
        Box::pin(async move { all_or_nothing(conn, &acts).await })
    })
    .await
}

async fn all_or_nothing(conn: &mut crate::Conn, acts: &[(Arc<Context>, Act)]) -> Result<Vec<Applied>, Refused> {
    let Some((context, _)) = acts.first() else { return Ok(Vec::new()) };
    lock_registry(conn, context.registry.version).await?;
    let mut applied = Vec::new();
    for (act, done) in work::perform(conn, acts, work::When::AllCan).await?.into_iter().enumerate() {
        applied.extend(done.map_err(|why| Refused { act, why })?);
    }
    Ok(applied)
}

/// Makes a record.
pub async fn create(db: &Db, context: &Context, section: &SectionKey, patch: Patch) -> Result<Applied, Refusal> {
    one(db, context, Act::Create { section: section.clone(), patch }).await
}

/// Changes a record. `base` is the version that the writer saw.
pub async fn update(
    db: &Db,
    context: &Context,
    section: &SectionKey,
    id: RecordId,
    base: i64,
    patch: Patch,
) -> Result<Applied, Refusal> {
    let (section, base) = (section.clone(), Base::Version(base));
    one(db, context, Act::Update { section, record: id.into(), base, patch }).await
}

/// Puts a record into the trash, or takes it out.
pub async fn set_trashed(
    db: &Db,
    context: &Context,
    section: &SectionKey,
    id: RecordId,
    trashed: bool,
) -> Result<Applied, Refusal> {
    let (section, record) = (section.clone(), id.into());
    one(db, context, if trashed { Act::Trash { section, record } } else { Act::Restore { section, record } }).await
}

/// Takes back what an operation did to one record.
pub async fn undo(
    db: &Db,
    context: &Context,
    section: &SectionKey,
    id: RecordId,
    op: &str,
) -> Result<Applied, Refusal> {
    one(db, context, Act::Undo { op: op.to_string(), only: Some((section.clone(), id)) }).await
}

async fn one(db: &Db, context: &Context, act: Act) -> Result<Applied, Refusal> {
    let applied = apply(db, context, vec![act]).await.map_err(|refused| refused.why)?;
    applied.into_iter().next().ok_or(Refusal::NotFound)
}
