//! The one writer of records. A call has acts on records of any section; all of them are one transaction, one
//! operation, one entry of the history for each record and act, or nothing at all.
//!
//! rights → reading what was typed → the records, locked → merge by field → rows, links, what is kept of them
//! elsewhere → history → feed → one commit. How that goes within the transaction is `work`.

use std::sync::Arc;

use domain::change::Patch;
use domain::ids::{RecordId, SectionKey};

use crate::context::lock_registry;
use crate::db::Db;
use crate::{idempotency, work};

pub use crate::act::{Act, Applied, Base, Conflict, Refusal, Refused, Subject};
pub use crate::context::Context;

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
