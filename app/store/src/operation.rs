//! Work on many records. An operation has a row and an item for each record; it is done in chunks, each a commit of
//! its own, so that it shows how far it is, can be stopped, and goes on in whatever process is there. A record that
//! refuses is left alone and named.
//!
//! Whoever runs one has a lease: it is renewed by every chunk, and what has no live lease is taken over. The lease
//! only keeps two from doing the same work; what keeps them from doing it twice is the row, locked from the
//! beginning of a chunk to its commit.

use std::sync::Arc;

use domain::change::{Patch, Source};
use domain::ids::{FieldKey, RecordId, SectionKey, UserId};
use domain::limits::{CHUNK_ROWS, LEASE_MS, OPERATION_ROWS_MAX};
use domain::problem::Problem;
use domain::rights::{Action, Actor, may};
use serde::{Deserialize, Serialize};

use crate::context::lock_registry;
use crate::db::{Conn, Db, Dialect, Row};
use crate::history::Seen;
use crate::idempotency::once;
use crate::write::{Act, Base, Context, Refusal};
use crate::{Error, patch, values, work};

/// What is done to each record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Task {
    Update {
        patch: Patch,
        /// What the list had seen from which the records were picked: what others changed since is left alone.
        /// `None` overwrites.
        seen: Option<String>,
    },
    /// Takes back what another operation did.
    Undo { op: String },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    Running,
    Stopped,
    Done,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    pub id: String,
    pub actor: UserId,
    /// The section of its records; `None` when they are of several.
    pub section: Option<String>,
    pub state: State,
    /// Why it stopped by itself, in English.
    pub problem: Option<String>,
    pub done: i64,
    pub total: i64,
    /// How many records were left as they are, wholly or in some fields.
    pub left: i64,
    task: Task,
}

/// A record that was left alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    pub section: SectionKey,
    pub record: RecordId,
    pub why: Why,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// Somebody has changed these fields since.
    Changed {
        by: Option<UserId>,
        fields: Vec<FieldKey>,
    },
    InTrash,
    NotFound,
    Forbidden,
    Problems(Vec<Problem>),
}

impl Operation {
    pub fn is_undo(&self) -> bool {
        matches!(self.task, Task::Undo { .. })
    }
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Done => "done",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Running, Self::Stopped, Self::Done].into_iter().find(|state| state.as_str() == text)
    }
}

/// SELECT of whole operations.
macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, actor, task, section, state, problem, done, total, left_alone FROM operation ", $rest)
    };
}

/// Begins a change of these records, picked from a list that had `seen` so much. `context.op` becomes its id;
/// nothing is changed yet.
pub async fn begin_update(
    db: &Db,
    context: &Context,
    section: &SectionKey,
    patch: Patch,
    mut records: Vec<RecordId>,
    seen: Option<Seen>,
) -> Result<Operation, Refusal> {
    // Refused as a whole, before anything is written.
    let spec = context.registry.section(section).ok_or(Refusal::NotFound)?;
    patch::read(spec, context, &patch)?;
    records.sort_unstable();
    records.dedup();
    if records.len() > OPERATION_ROWS_MAX {
        return Err(Refusal::TooMany);
    }
    let (context, section) = (Arc::new(context.clone()), section.clone());
    let begun = context.clone();
    let id = once(db, context.actor.id, context.now, context.sent.clone(), move |conn| {
        let (context, section, records) = (context.clone(), section.clone(), records.clone());
        let (patch, seen) = (patch.clone(), seen.clone());
        Box::pin(async move {
            // Of a list that says nothing: what is there now was seen.
            let seen = match seen {
                Some(seen) => seen,
                None => Seen::now(conn).await?,
            };
            let task = Task::Update { patch, seen: Some(seen.as_str().to_string()) };
            insert(conn, &context, &task, Some(section.as_str()), records.len() as i64).await?;
            for (chunk, some) in records.chunks(CHUNK_ROWS).enumerate() {
                let mut statement = sea_query::Query::insert();
                statement
                    .into_table(sea_query::Alias::new("operation_item"))
                    .columns(["op", "place", "section", "record"].map(sea_query::Alias::new));
                for (place, record) in (chunk * CHUNK_ROWS + 1..).zip(some) {
                    statement.values_panic([
                        context.op.as_str().into(),
                        (place as i64).into(),
                        section.as_str().into(),
                        (*record).into(),
                    ]);
                }
                conn.run(&statement).await?;
            }
            Ok::<_, Refusal>(context.op.clone())
        })
    })
    .await?;
    find(&mut db.read().await?, &begun.actor, &id).await
}

/// Begins to take back an operation in every section, one's own unless one is an admin. What of it is still under
/// way is stopped, and the chunk in flight waited for: nothing of it comes after its undoing.
pub async fn begin_undo(db: &Db, context: &Context, op: &str) -> Result<Operation, Refusal> {
    if !crate::draft::is_id(op) {
        return Err(Refusal::NotFound);
    }
    let (context, op) = (Arc::new(context.clone()), op.to_string());
    let begun = context.clone();
    let id = once(db, context.actor.id, context.now, context.sent.clone(), move |conn| {
        let (context, op) = (context.clone(), op.clone());
        Box::pin(async move { undo_in(conn, &context, &op).await })
    })
    .await?;
    find(&mut db.read().await?, &begun.actor, &id).await
}

/// The same within a transaction; gives the id of the operation that takes it back.
pub(crate) async fn undo_in(conn: &mut Conn, context: &Context, op: &str) -> Result<String, Refusal> {
    let under_way = lock(conn, op).await?;
    let first = conn.optional("SELECT actor FROM change WHERE op = $1 LIMIT 1", values![op]).await?;
    let of: UserId = match (&under_way, first) {
        (Some(operation), _) => operation.actor,
        (None, Some(row)) => row.get("actor")?,
        (None, None) => return Err(Refusal::NotFound),
    };
    patch::allow(&context.actor, Action::UndoOperation { of })?;
    conn.execute(
        "UPDATE operation SET state = 'done', ended = $2 WHERE id = $1 AND state <> 'done'",
        values![op, context.now],
    )
    .await?;
    let total = conn
        .execute(
            "INSERT INTO operation_item (op, place, section, record) \
             SELECT $2, ROW_NUMBER() OVER (ORDER BY section, record), section, record FROM \
             (SELECT DISTINCT section, record FROM change AS done WHERE op = $1 AND NOT EXISTS \
             (SELECT 1 FROM change AS back WHERE back.undoes = done.op AND back.section = done.section \
             AND back.record = done.record)) AS records",
            values![op, context.op.as_str()],
        )
        .await?;
    let row = conn
        .one(
            "SELECT MIN(section) AS first, MAX(section) AS last FROM operation_item WHERE op = $1",
            values![context.op.as_str()],
        )
        .await?;
    let (first, last): (Option<String>, Option<String>) = (row.get("first")?, row.get("last")?);
    let section = first.filter(|first| Some(first) == last.as_ref());
    insert(conn, context, &Task::Undo { op: op.to_string() }, section.as_deref(), total as i64).await?;
    Ok(context.op.clone())
}

/// Begins to change the records that an operation left alone because somebody else had changed them since: all the
/// same.
pub async fn begin_overwrite(db: &Db, context: &Context, id: &str) -> Result<Operation, Refusal> {
    let (context, of) = (Arc::new(context.clone()), id.to_string());
    let begun = context.clone();
    let id = once(db, context.actor.id, context.now, context.sent.clone(), move |conn| {
        let (context, of) = (context.clone(), of.clone());
        Box::pin(async move {
            let operation = lock(conn, &of).await?.ok_or(Refusal::NotFound)?;
            patch::allow(&context.actor, Action::UndoOperation { of: operation.actor })?;
            let Task::Update { patch, seen: Some(_) } = operation.task else { return Err(Refusal::NotFound) };
            let total = conn
                .execute(
                    "INSERT INTO operation_item (op, place, section, record) \
                     SELECT $2, ROW_NUMBER() OVER (ORDER BY place), section, record FROM operation_item \
                     WHERE op = $1 AND problem IS NOT NULL AND substr(problem, 1, 10) = '{\"Changed\"'",
                    values![of.as_str(), context.op.as_str()],
                )
                .await?;
            if total == 0 {
                return Err(Refusal::NotFound);
            }
            let task = Task::Update { patch, seen: None };
            insert(conn, &context, &task, operation.section.as_deref(), total as i64).await?;
            Ok(context.op.clone())
        })
    })
    .await?;
    find(&mut db.read().await?, &begun.actor, &id).await
}

async fn insert(
    conn: &mut Conn,
    context: &Context,
    task: &Task,
    section: Option<&str>,
    total: i64,
) -> Result<(), Refusal> {
    let state = if total == 0 { State::Done } else { State::Running };
    conn.execute(
        "INSERT INTO operation (id, actor, section, state, task, total, at, ended) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            context.op.as_str(),
            context.actor.id,
            section,
            state.as_str(),
            json(task)?,
            total,
            context.now,
            (total == 0).then_some(context.now)
        ],
    )
    .await?;
    Ok(())
}

/// Takes what runs and is nobody's, or already this runner's, and renews its leases; the oldest first.
pub async fn take(db: &Db, runner: &str, now: i64, rows_max: usize) -> Result<Vec<Operation>, Error> {
    let runner = runner.to_string();
    db.write(move |conn| {
        let runner = runner.clone();
        Box::pin(async move {
            let sql = match conn.dialect() {
                Dialect::Sqlite => select!(
                    "WHERE state = 'running' AND (runner = $1 OR lease IS NULL OR lease < $2) ORDER BY at, id LIMIT $3"
                ),
                // What another runner is just taking, or working on, is not waited for.
                Dialect::Postgres => select!(
                    "WHERE state = 'running' AND (runner = $1 OR lease IS NULL OR lease < $2) ORDER BY at, id LIMIT $3 \
                     FOR UPDATE SKIP LOCKED"
                ),
            };
            let rows = conn.all(sql, values![runner.as_str(), now, rows_max as i64]).await?;
            let taken: Vec<Operation> = rows.iter().map(read).collect::<Result<_, _>>()?;
            for operation in &taken {
                conn.execute(
                    "UPDATE operation SET runner = $2, lease = $3 WHERE id = $1",
                    values![operation.id.as_str(), runner.as_str(), now + LEASE_MS],
                )
                .await?;
            }
            Ok(taken)
        })
    })
    .await
}

/// Whether anything runs that this runner may take.
pub async fn is_waiting(conn: &mut Conn, runner: &str, now: i64) -> Result<bool, Error> {
    let row = conn
        .optional(
            "SELECT id FROM operation WHERE state = 'running' AND (runner = $1 OR lease IS NULL OR lease < $2) LIMIT 1",
            values![runner, now],
        )
        .await?;
    Ok(row.is_some())
}

/// Gives up this runner's leases, so that another one goes on at once.
pub async fn release(db: &Db, runner: &str) -> Result<(), Error> {
    let runner = runner.to_string();
    db.write(move |conn| {
        let runner = runner.clone();
        Box::pin(async move {
            let sql = "UPDATE operation SET runner = NULL, lease = NULL WHERE runner = $1 AND state = 'running'";
            conn.execute(sql, values![runner]).await.map(drop)
        })
    })
    .await
}

/// Does the next chunk of the operation `context.op`, with the rights that its author has now; gives it as it
/// stands then. Nothing happens to one that does not run, or that another runner has.
pub async fn step(db: &Db, runner: &str, context: Context) -> Result<Operation, Refusal> {
    let (runner, context) = (runner.to_string(), Arc::new(context));
    db.write(move |conn| {
        let (runner, context) = (runner.clone(), context.clone());
        Box::pin(async move {
            lock_registry(conn, context.registry.version).await?;
            let mut operation = lock(conn, &context.op).await?.ok_or(Refusal::NotFound)?;
            let row = conn.one("SELECT runner FROM operation WHERE id = $1", values![context.op.as_str()]).await?;
            let holder: Option<String> = row.get("runner")?;
            if operation.state != State::Running || holder.is_some_and(|holder| holder != runner) {
                return Ok(operation);
            }
            let source = if operation.is_undo() { Source::Undo } else { Source::Form };
            let author = Arc::new(Context { source, sent: None, ..(*context).clone() });
            let items = conn
                .all(
                    "SELECT place, section, record FROM operation_item WHERE op = $1 AND place > $2 \
                     ORDER BY place LIMIT $3",
                    values![operation.id.as_str(), operation.done, CHUNK_ROWS as i64],
                )
                .await?;
            let mut acts = Vec::new();
            let mut places: Vec<i64> = Vec::new();
            for item in &items {
                let section: String = item.get("section")?;
                let record: RecordId = item.get("record")?;
                places.push(item.get("place")?);
                acts.push((author.clone(), operation.act(SectionKey::from(section.as_str()), record)));
            }
            let done = work::perform(conn, &acts, work::When::EachCan).await?;
            for (place, done) in places.iter().zip(done) {
                let why = match done {
                    Ok(applied) => {
                        let fields: Vec<FieldKey> = applied.into_iter().flat_map(|applied| applied.left).collect();
                        if fields.is_empty() {
                            continue;
                        }
                        Why::Changed { by: None, fields }
                    }
                    Err(refusal) => why(refusal)?,
                };
                operation.left += 1;
                conn.execute(
                    "UPDATE operation_item SET problem = $3 WHERE op = $1 AND place = $2",
                    values![operation.id.as_str(), *place, json(&why)?],
                )
                .await?;
            }
            operation.done = places.last().copied().unwrap_or(operation.total);
            if operation.done >= operation.total {
                operation.state = State::Done;
            }
            let ended = (operation.state == State::Done).then_some(context.now);
            conn.execute(
                "UPDATE operation SET done = $2, left_alone = $3, state = $4, ended = $5, lease = $6 WHERE id = $1",
                values![
                    operation.id.as_str(),
                    operation.done,
                    operation.left,
                    operation.state.as_str(),
                    ended,
                    context.now + LEASE_MS
                ],
            )
            .await?;
            Ok(operation)
        })
    })
    .await
}

impl Operation {
    fn act(&self, section: SectionKey, record: RecordId) -> Act {
        match &self.task {
            Task::Update { patch, seen } => {
                let base = seen.as_deref().and_then(Seen::parse).map_or(Base::Whatever, Base::Seen);
                Act::Update { section, record: record.into(), base, patch: patch.clone() }
            }
            Task::Undo { op } => Act::Undo { op: op.clone(), only: Some((section, record)) },
        }
    }
}

/// Why a record was left alone; what is no fault of the record's fails the whole chunk.
fn why(refusal: Refusal) -> Result<Why, Refusal> {
    Ok(match refusal {
        Refusal::Problems(problems) => Why::Problems(problems),
        Refusal::Conflicts(conflicts) => Why::Changed {
            by: conflicts.first().map(|conflict| conflict.by),
            fields: conflicts.into_iter().map(|conflict| conflict.field).collect(),
        },
        Refusal::NotFound => Why::NotFound,
        Refusal::InTrash => Why::InTrash,
        Refusal::Forbidden => Why::Forbidden,
        refusal @ (Refusal::Stale | Refusal::TooMany | Refusal::Store(_)) => return Err(refusal),
    })
}

/// Whether an operation was an act on many records, and not one form's.
pub async fn is_on_many(conn: &mut Conn, op: &str) -> Result<bool, Error> {
    Ok(conn.optional("SELECT id FROM operation WHERE id = $1", values![op]).await?.is_some())
}

/// Stops it after the present chunk, or lets a stopped one go on. Only one's own, unless one is an admin.
pub async fn set_state(db: &Db, context: &Context, id: &str, state: State) -> Result<Operation, Refusal> {
    let (context, id) = (Arc::new(context.clone()), id.to_string());
    let (asked, asked_id) = (context.clone(), id.clone());
    once(db, context.actor.id, context.now, context.sent.clone(), move |conn| {
        let (context, id) = (context.clone(), id.clone());
        Box::pin(async move {
            let operation = lock(conn, &id).await?.ok_or(Refusal::NotFound)?;
            patch::allow(&context.actor, Action::UndoOperation { of: operation.actor })?;
            // Whoever had it when it was stopped has it no longer; who has one that runs keeps it.
            conn.execute(
                "UPDATE operation SET state = $2, problem = NULL, runner = NULL, lease = NULL \
                 WHERE id = $1 AND state <> 'done' AND state <> $2",
                values![id, state.as_str()],
            )
            .await?;
            Ok::<_, Refusal>(())
        })
    })
    .await?;
    find(&mut db.read().await?, &asked.actor, &asked_id).await
}

/// Stops one that cannot go on, and says why.
pub async fn halt(db: &Db, id: &str, problem: &str) -> Result<(), Error> {
    let (id, problem) = (id.to_string(), problem.to_string());
    db.write(move |conn| {
        let (id, problem) = (id.clone(), problem.clone());
        Box::pin(async move {
            conn.execute(
                "UPDATE operation SET state = 'stopped', problem = $2 WHERE id = $1 AND state = 'running'",
                values![id, problem],
            )
            .await
            .map(drop)
        })
    })
    .await
}

/// One's own operation, or anybody's for an admin.
pub async fn find(conn: &mut Conn, actor: &Actor, id: &str) -> Result<Operation, Refusal> {
    let operation = load(conn, id).await?.ok_or(Refusal::NotFound)?;
    if may(actor, Action::UndoOperation { of: operation.actor }) { Ok(operation) } else { Err(Refusal::Forbidden) }
}

/// The latest of a user that is not done, or has ended after `since`.
pub async fn latest(conn: &mut Conn, actor: UserId, since: i64) -> Result<Option<Operation>, Error> {
    let row = conn
        .optional(
            select!("WHERE actor = $1 AND (state <> 'done' OR ended >= $2) ORDER BY at DESC, id LIMIT 1"),
            values![actor, since],
        )
        .await?;
    row.map(|row| read(&row)).transpose()
}

/// The records that it has left alone, in the order of their places.
pub async fn left(conn: &mut Conn, operation: &Operation, rows_max: usize) -> Result<Vec<Left>, Error> {
    let rows = conn
        .all(
            "SELECT section, record, problem FROM operation_item WHERE op = $1 AND problem IS NOT NULL \
             ORDER BY place LIMIT $2",
            values![operation.id.as_str(), rows_max as i64],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let section: String = row.get("section")?;
            let problem: String = row.get("problem")?;
            let why =
                serde_json::from_str(&problem).map_err(|_| Error::Corrupt(format!("operation_item: {problem}")))?;
            Ok(Left { section: SectionKey::from(section.as_str()), record: row.get("record")?, why })
        })
        .collect()
}

async fn load(conn: &mut Conn, id: &str) -> Result<Option<Operation>, Error> {
    if !crate::draft::is_id(id) {
        return Ok(None);
    }
    let row = conn.optional(select!("WHERE id = $1"), values![id]).await?;
    row.map(|row| read(&row)).transpose()
}

/// Loads it and keeps others from it until the transaction ends: a chunk in flight is waited for.
async fn lock(conn: &mut Conn, id: &str) -> Result<Option<Operation>, Error> {
    if !crate::draft::is_id(id) {
        return Ok(None);
    }
    let sql = match conn.dialect() {
        Dialect::Sqlite => select!("WHERE id = $1"),
        Dialect::Postgres => select!("WHERE id = $1 FOR UPDATE"),
    };
    let row = conn.optional(sql, values![id]).await?;
    row.map(|row| read(&row)).transpose()
}

fn read(row: &Row) -> Result<Operation, Error> {
    let text = |column: &str| row.get::<String>(column);
    let corrupt = |what: &str| Error::Corrupt(format!("operation: {what}"));
    let state = text("state")?;
    Ok(Operation {
        id: text("id")?,
        actor: row.get("actor")?,
        section: row.get("section")?,
        state: State::parse(&state).ok_or_else(|| corrupt(&state))?,
        problem: row.get("problem")?,
        done: row.get("done")?,
        total: row.get("total")?,
        left: row.get("left_alone")?,
        task: serde_json::from_str(&text("task")?).map_err(|_| corrupt("task"))?,
    })
}

fn json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Corrupt(error.to_string()))
}
