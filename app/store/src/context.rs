//! Who writes, when, from where, and with the sections as they knew them.

use std::sync::Arc;

use domain::change::Source;
use domain::fields::Registry;
use domain::rights::Actor;

use crate::act::Refusal;
use crate::db::{Conn, Dialect};
use crate::idempotency::Sent;
use crate::{registry, values};

/// The clock, the ids and the sections are arguments of every write.
#[derive(Clone, Debug)]
pub struct Context {
    pub actor: Actor,
    /// Milliseconds since 1970-01-01T00:00Z.
    pub now: i64,
    pub source: Source,
    /// The operation's id: shared by all that is done in one call.
    pub op: String,
    /// What was sent and its key: sent once more, it is answered as it was the first time.
    pub sent: Option<Sent>,
    /// The sections as the actor may see them.
    pub registry: Arc<Registry>,
}

/// Sections and fields are still what they were when the request began, and stay so until the commit.
pub(crate) async fn lock_registry(conn: &mut Conn, version: i64) -> Result<(), Refusal> {
    let now = match conn.dialect() {
        Dialect::Sqlite => registry::version(conn).await?,
        Dialect::Postgres => {
            let row = conn.one("SELECT version FROM registry WHERE one = 1 FOR SHARE", values![]).await?;
            row.get("version")?
        }
    };
    if now == version { Ok(()) } else { Err(Refusal::Stale) }
}
