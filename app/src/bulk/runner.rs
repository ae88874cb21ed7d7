//! Whoever runs operations: every server process does, and whichever comes first has one. What a dead process
//! leaves is found by the next look around.

use std::time::Duration;

use domain::change::Source;
use domain::ids::UserId;
use store::operation::{self, Operation, State};
use store::write::{Context, Refusal};

use crate::asked::Server;
use crate::users::queries::user;

const LOOK_EVERY: Duration = Duration::from_secs(3);
/// Operations that one process goes through, a chunk of each in turn.
const AT_ONCE_MAX: usize = 16;

/// Goes on with what waits, now and every few seconds, for as long as the server lives.
pub async fn run_for_ever(server: Server) {
    loop {
        if let Err(error) = run_waiting(&server).await {
            tracing::warn!(%error, "operations have to wait");
        }
        if !server.lifecycle.pause(LOOK_EVERY).await {
            return;
        }
    }
}

/// Does all that waits, a chunk of each operation in turn, so that a short one does not wait for a long one's end.
pub async fn run_waiting(server: &Server) -> Result<(), store::Error> {
    let _one_at_a_time = server.runner.busy.lock().await;
    let name = &server.runner.name;
    loop {
        let now = (server.clock)();
        let mut conn = server.db.read().await?;
        let is_waiting = operation::is_waiting(&mut conn, name, now).await?;
        drop(conn);
        if !is_waiting {
            return Ok(());
        }
        let taken = operation::take(&server.db, name, now, AT_ONCE_MAX).await?;
        if taken.is_empty() {
            return Ok(());
        }
        for one in taken {
            // Another process goes on from here.
            if server.lifecycle.is_stopping() {
                return Ok(());
            }
            step(server, &one).await?;
        }
    }
}

/// Lets another process go on at once with what this one had.
pub async fn release(server: &Server) -> Result<(), store::Error> {
    operation::release(&server.db, &server.runner.name).await
}

/// The next chunk, with the rights that the author has now and the sections as they are now. What can never go on
/// is stopped, and says why; what the database cannot do just now waits for the next look.
async fn step(server: &Server, one: &Operation) -> Result<(), store::Error> {
    let Some(context) = context(server, one.actor, &one.id).await? else {
        return operation::halt(&server.db, &one.id, "its author has left").await;
    };
    match operation::step(&server.db, &server.runner.name, context).await {
        Ok(after) => {
            if after.state != State::Running {
                tracing::info!(operation = one.id, state = after.state.as_str(), done = after.done, "ended");
            }
            Ok(())
        }
        Err(Refusal::Stale) => {
            server.registry.forget();
            Ok(())
        }
        Err(Refusal::Store(error)) => Err(error),
        Err(refusal) => operation::halt(&server.db, &one.id, &refusal.to_string()).await,
    }
}

async fn context(server: &Server, author: UserId, op: &str) -> Result<Option<Context>, store::Error> {
    let mut conn = server.db.read().await?;
    let Some(author) = user(&mut conn, author).await? else { return Ok(None) };
    let actor = author.actor();
    let registry = server.registry.cut(&mut conn, &actor).await?;
    let (now, op) = ((server.clock)(), op.to_string());
    Ok(Some(Context { actor, now, source: Source::Form, op, sent: None, registry }))
}
