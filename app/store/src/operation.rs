//! Work on many records: in chunks, each its own commit with the same operation id, so that it shows
//! progress, can be stopped, and goes on after a restart. A record that refuses is left and named.

use domain::change::{Patch, Source};
use domain::fields::Section;
use domain::ids::{RecordId, UserId};
use domain::limits::{CHUNK_ROWS, OPERATION_ROWS_MAX};
use domain::rights::{Action, Actor, may};
use serde::{Deserialize, Serialize};

use crate::db::{Conn, Db, Row};
use crate::write::{self, Context, Refusal};
use crate::{Error, history, values};

/// What is done to each record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Task {
    Update(Patch),
    /// Takes back what another operation did.
    Undo {
        op: String,
    },
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
    pub section: String,
    pub state: State,
    pub done: i64,
    pub total: i64,
    /// Records that were left as they are, wholly or in some fields.
    pub left: Vec<RecordId>,
    task: Task,
    /// Numbers of records; of an undo, places in the event log.
    records: Vec<i64>,
}

impl Operation {
    pub fn is_undo(&self) -> bool {
        matches!(self.task, Task::Undo { .. })
    }
}

impl State {
    fn as_str(self) -> &'static str {
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

/// Begins a change of these records. `context.op` becomes its id; nothing is changed yet.
pub async fn begin_update(
    db: &Db,
    section: &Section,
    context: &Context,
    patch: Patch,
    records: Vec<RecordId>,
) -> Result<Operation, Refusal> {
    // Refused as a whole, before anything is written.
    write::read_patch(section, context, &patch)?;
    begin(db, section, context, Task::Update(patch), records).await
}

/// Begins to take back an operation, one's own unless one is an admin.
pub async fn begin_undo(db: &Db, section: &Section, context: &Context, op: &str) -> Result<Operation, Refusal> {
    if !crate::draft::is_id(op) {
        return Err(Refusal::NotFound);
    }
    // What is still under way is stopped first: nothing of it must come after its undoing.
    match set_state(db, &context.actor, op, State::Stopped).await {
        Ok(_) | Err(Refusal::NotFound) => {}
        Err(refused) => return Err(refused),
    }
    let mut conn = db.read().await?;
    let changes = history::by_op(&mut conn, section, op).await?;
    drop(conn);
    let first = changes.first().ok_or(Refusal::NotFound)?;
    if !may(&context.actor, Action::UndoOperation { of: first.actor }) {
        return Err(Refusal::Forbidden);
    }
    let seqs = changes.iter().map(|change| change.seq).collect();
    begin(db, section, context, Task::Undo { op: op.to_string() }, seqs).await
}

async fn begin(
    db: &Db,
    section: &Section,
    context: &Context,
    task: Task,
    records: Vec<i64>,
) -> Result<Operation, Refusal> {
    if records.len() > OPERATION_ROWS_MAX {
        return Err(Refusal::TooMany);
    }
    let operation = Operation {
        id: context.op.clone(),
        actor: context.actor.id,
        section: section.key.to_string(),
        state: State::Running,
        done: 0,
        total: records.len() as i64,
        left: Vec::new(),
        task,
        records,
    };
    let (begun, now) = (operation.clone(), context.now);
    db.write(move |conn| {
        let begun = begun.clone();
        Box::pin(async move {
            conn.execute(
                "INSERT INTO operation (id, actor, section, state, task, records, total, at) \
                 VALUES ($1, $2, $3, 'running', $4, $5, $6, $7)",
                values![
                    begun.id,
                    begun.actor,
                    begun.section,
                    json(&begun.task)?,
                    json(&begun.records)?,
                    begun.total,
                    now
                ],
            )
            .await?;
            Ok::<_, Refusal>(())
        })
    })
    .await?;
    Ok(operation)
}

/// Does the next chunk of the operation `context.op`; gives it as it stands then. Nothing happens to one that
/// is not running.
pub async fn step(db: &Db, section: &Section, context: Context) -> Result<Operation, Refusal> {
    let section = section.clone();
    db.write(move |conn| {
        let (section, mut context) = (section.clone(), context.clone());
        Box::pin(async move {
            write::declared_as(conn, &context).await?;
            let id = context.op.clone();
            let mut operation = load(conn, &id).await?.ok_or(Refusal::NotFound)?;
            if operation.state != State::Running {
                return Ok(operation);
            }
            (context.source, context.undoes) = match &operation.task {
                Task::Update(_) => (Source::Form, None),
                Task::Undo { op } => (Source::Undo, Some(op.clone())),
            };
            let from = operation.done as usize;
            let until = operation.records.len().min(from + CHUNK_ROWS);
            for place in from..until {
                let record = operation.records[place];
                if let Some(left) = one(conn, &section, &context, &operation.task, record).await? {
                    operation.left.push(left);
                }
            }
            operation.done = until as i64;
            if operation.done == operation.total {
                operation.state = State::Done;
            }
            // A stop that was asked for meanwhile stands; a second runner of the same chunk does nothing.
            let moved = conn
                .execute(
                    "UPDATE operation SET done = $2, refused = $3, \
                 state = CASE WHEN $2 = total THEN 'done' ELSE state END WHERE id = $1 AND done = $4",
                    values![operation.id.as_str(), operation.done, json(&operation.left)?, from as i64],
                )
                .await?;
            if moved != 1 {
                return Err(Error::Interrupted.into());
            }
            Ok(operation)
        })
    })
    .await
}

/// One record; gives its number when it, or a part of it, was left as it is.
async fn one(
    conn: &mut Conn,
    section: &Section,
    context: &Context,
    task: &Task,
    record: i64,
) -> Result<Option<RecordId>, Refusal> {
    let (record, done) = match task {
        Task::Update(patch) => (record, write::overwrite(conn, section, context, record, patch).await),
        Task::Undo { .. } => {
            let Some(change) = history::at(conn, section, record).await? else { return Ok(Some(record)) };
            (change.record, write::reverse(conn, section, context, &change).await)
        }
    };
    match done {
        Ok(applied) => Ok((!applied.left.is_empty()).then_some(record)),
        Err(Refusal::Store(error)) => Err(Refusal::Store(error)),
        // It refused before it was touched.
        Err(_) => Ok(Some(record)),
    }
}

/// Does all that is left of it.
pub async fn run(db: &Db, section: &Section, context: &Context, clock: fn() -> i64) -> Result<Operation, Refusal> {
    loop {
        let operation = step(db, section, Context { now: clock(), ..context.clone() }).await?;
        if operation.state != State::Running {
            return Ok(operation);
        }
    }
}

/// Stops it after the present chunk, or lets a stopped one go on. Only one's own, unless one is an admin.
pub async fn set_state(db: &Db, actor: &Actor, id: &str, state: State) -> Result<Operation, Refusal> {
    let (actor, id) = (actor.clone(), id.to_string());
    db.write(move |conn| {
        let (actor, id) = (actor.clone(), id.clone());
        Box::pin(async move {
            let mut operation = load(conn, &id).await?.ok_or(Refusal::NotFound)?;
            if !may(&actor, Action::UndoOperation { of: operation.actor }) {
                return Err(Refusal::Forbidden);
            }
            if operation.state != State::Done {
                operation.state = state;
                let sql = "UPDATE operation SET state = $2 WHERE id = $1 AND state <> 'done'";
                conn.execute(sql, values![id, state.as_str()]).await?;
            }
            Ok(operation)
        })
    })
    .await
}

/// Stops one that cannot go on.
pub async fn halt(db: &Db, id: &str) -> Result<(), Error> {
    let id = id.to_string();
    db.write(move |conn| {
        let id = id.clone();
        Box::pin(async move {
            conn.execute("UPDATE operation SET state = 'stopped' WHERE id = $1 AND state = 'running'", values![id])
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

/// The latest of a user that is not done, or was begun after `since`.
pub async fn latest(conn: &mut Conn, actor: UserId, since: i64) -> Result<Option<Operation>, Error> {
    let row = conn
        .optional(
            "SELECT id, actor, section, state, task, records, done, total, refused FROM operation \
             WHERE actor = $1 AND (state <> 'done' OR at >= $2) ORDER BY at DESC LIMIT 1",
            values![actor, since],
        )
        .await?;
    row.map(|row| read(&row)).transpose()
}

/// Those that a restart has cut off.
pub async fn unfinished(conn: &mut Conn) -> Result<Vec<Operation>, Error> {
    let rows = conn
        .all(
            "SELECT id, actor, section, state, task, records, done, total, refused FROM operation \
             WHERE state = 'running' ORDER BY at LIMIT 100",
            values![],
        )
        .await?;
    rows.iter().map(read).collect()
}

async fn load(conn: &mut Conn, id: &str) -> Result<Option<Operation>, Error> {
    if !crate::draft::is_id(id) {
        return Ok(None);
    }
    let row = conn
        .optional(
            "SELECT id, actor, section, state, task, records, done, total, refused FROM operation WHERE id = $1",
            values![id],
        )
        .await?;
    row.map(|row| read(&row)).transpose()
}

fn read(row: &Row) -> Result<Operation, Error> {
    let text = |column: &str| row.get::<String>(column);
    let corrupt = |what: &str| Error::Corrupt(format!("operation: {what}"));
    let state = text("state")?;
    Ok(Operation {
        id: text("id")?,
        actor: row.get("actor")?,
        section: text("section")?,
        state: State::parse(&state).ok_or_else(|| corrupt(&state))?,
        done: row.get("done")?,
        total: row.get("total")?,
        left: serde_json::from_str(&text("refused")?).map_err(|_| corrupt("refused"))?,
        task: serde_json::from_str(&text("task")?).map_err(|_| corrupt("task"))?,
        records: serde_json::from_str(&text("records")?).map_err(|_| corrupt("records"))?,
    })
}

fn json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Corrupt(error.to_string()))
}
