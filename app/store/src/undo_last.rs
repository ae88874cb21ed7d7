//! Ctrl+Z: takes back the latest thing that somebody has done and nobody has taken back yet.

use std::sync::Arc;

use domain::limits::{UNDO_AT_ONCE_ROWS, UNDO_MS_MAX};
use serde::{Deserialize, Serialize};

use crate::context::{Context, lock_registry};
use crate::db::{Conn, Db};
use crate::idempotency::once;
use crate::operation::{self, State};
use crate::write::{Act, Applied, Refusal};
use crate::{history, work};

/// So many operations are looked at for one that can still be taken back.
const TRIES_MAX: usize = 20;

/// What was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TakenBack {
    Nothing,
    AtOnce {
        op: String,
        applied: Vec<Applied>,
    },
    /// Of many records, or still under way: `by` is the operation that takes it back.
    Begun {
        op: String,
        by: String,
    },
}

/// What is under way is stopped and taken back first. What cannot be taken back any more, because others have
/// changed it since or it is out of reach, is passed over.
pub async fn undo_last(db: &Db, context: &Context) -> Result<TakenBack, Refusal> {
    let context = Arc::new(context.clone());
    let (actor, now, sent) = (context.actor.id, context.now, context.sent.clone());
    once(db, actor, now, sent, move |conn| {
        let context = context.clone();
        Box::pin(async move {
            lock_registry(conn, context.registry.version).await?;
            latest(conn, &context).await
        })
    })
    .await
}

async fn latest(conn: &mut Conn, context: &Arc<Context>) -> Result<TakenBack, Refusal> {
    let running = operation::latest(conn, context.actor.id, i64::MAX).await?;
    if let Some(running) = running.filter(|one| one.state == State::Running && !one.is_undo()) {
        return begin(conn, context, running.id).await;
    }
    let mut before = i64::MAX;
    for _ in 0..TRIES_MAX {
        let since = context.now - UNDO_MS_MAX;
        let Some((op, place)) = history::undoable(conn, context.actor.id, since, before).await? else { break };
        before = place;
        let Some(whole) = history::of_op(conn, &op, UNDO_AT_ONCE_ROWS + 1).await? else { continue };
        if whole.records.len() > UNDO_AT_ONCE_ROWS {
            return begin(conn, context, op).await;
        }
        let acts = [(context.clone(), Act::Undo { op: op.clone(), only: None })];
        let done = work::perform(conn, &acts, work::When::AllCan).await?.into_iter().next();
        match done.unwrap_or(Err(Refusal::NotFound)) {
            Ok(applied) if applied.iter().any(|one| one.seq.is_some()) => {
                return Ok(TakenBack::AtOnce { op, applied });
            }
            Ok(_) | Err(Refusal::InTrash | Refusal::NotFound | Refusal::Forbidden) => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(TakenBack::Nothing)
}

async fn begin(conn: &mut Conn, context: &Context, op: String) -> Result<TakenBack, Refusal> {
    let by = operation::undo_in(conn, context, &op).await?;
    Ok(TakenBack::Begun { op, by })
}
