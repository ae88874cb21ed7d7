//! Operations: begun by a request, done in the background.

use std::collections::BTreeSet;

use domain::change::{Act, Change, Patch, Source};
use domain::fields::Section;
use domain::ids::{FieldKey, RecordId, UserId};
use domain::limits::{OPERATION_ROWS_MAX, PICKED_ROWS_MAX, UNDO_MS_MAX};
use domain::list::{ListQuery, pairs};
use store::history;
use store::list::Shelf;
use store::operation::{self, Operation, State};
use store::write::{self, Context};

use super::api::{Progress, Undone};
use crate::asked::{Asked, Server};
use crate::card::load::{refusal, take_back};
use crate::refusal::Refusal;
use crate::table::load::title_cell;
use crate::users::queries::user;

/// So long an operation that has ended is still said.
const JUST_ENDED_MS: i64 = 20 * 1000;

impl From<Operation> for Progress {
    fn from(operation: Operation) -> Self {
        let state = match operation.state {
            State::Running => "running",
            State::Stopped => "stopped",
            State::Done => "done",
        };
        Self {
            is_undo: operation.is_undo(),
            id: operation.id,
            section: operation.section,
            state: state.to_string(),
            done: operation.done,
            total: operation.total,
            left: operation.left,
        }
    }
}

pub async fn change_all_here(
    section: &str,
    query: &str,
    ids: Option<Vec<RecordId>>,
    field: &FieldKey,
    typed: &str,
) -> Result<Progress, Refusal> {
    change_all(&Asked::here()?, section, query, ids, field, typed).await
}

/// Begins to set a field of every record that the query finds, or of these among them.
pub async fn change_all(
    asked: &Asked,
    section: &str,
    query: &str,
    ids: Option<Vec<RecordId>>,
    field: &FieldKey,
    typed: &str,
) -> Result<Progress, Refusal> {
    let section = asked.section(section)?.clone();
    let (query, dropped) = ListQuery::parse(&section, &pairs(query));
    // A part that was not understood would change more records than were meant.
    if !dropped.is_empty() && ids.is_none() {
        return Err(Refusal::Failed);
    }
    if ids.as_ref().is_some_and(|ids| ids.len() > PICKED_ROWS_MAX) {
        return Err(refusal(asked, &section, 0, write::Refusal::TooMany).await);
    }
    let mut conn = asked.server.db.read().await?;
    let midnight = |date| asked.midnight(date);
    let reader = asked.reader(&midnight);
    let ids = match ids {
        // What the user may not see refuses where it is written.
        Some(ids) => ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect(),
        None => {
            let limit = OPERATION_ROWS_MAX + 1;
            store::list::ids(&mut conn, &section, &query, Shelf::InUse, &reader, limit).await?
        }
    };
    drop(conn);
    let context = asked.write(Source::Form, None)?;
    let begun = operation::begin_update(&asked.server.db, &section, &context, Patch::typed(field, typed), ids).await;
    go(asked, &section, begun).await
}

pub async fn undo_operation_here(section: &str, op: &str) -> Result<Progress, Refusal> {
    undo_operation(&Asked::here()?, section, op).await
}

pub async fn undo_operation(asked: &Asked, section: &str, op: &str) -> Result<Progress, Refusal> {
    let section = asked.section(section)?.clone();
    let context = asked.write(Source::Undo, None)?;
    let begun = operation::begin_undo(&asked.server.db, &section, &context, op).await;
    go(asked, &section, begun).await
}

/// Takes back the latest thing that the user has done and nobody has taken back yet. What cannot be taken back any
/// more, because others have changed it since or it is out of reach, is passed over.
pub async fn undo_last() -> Result<Undone, Refusal> {
    let asked = Asked::here()?;
    let lang = asked.user.lang;
    let mut conn = asked.server.db.read().await?;
    // What is still under way comes first.
    let running = operation::latest(&mut conn, asked.user.id, i64::MAX).await?;
    if let Some(running) = running.filter(|operation| operation.state == State::Running && !operation.is_undo()) {
        drop(conn);
        let section = asked.section(&running.section)?;
        let said = Some(section.forms.count(running.total, lang));
        return match undo_operation(&asked, &running.section, &running.id).await {
            Ok(operation) => Ok(Undone { said, operation: Some(operation) }),
            // Stopped before its first chunk: nothing has been changed.
            Err(Refusal::NotFound) => Ok(Undone { said, operation: None }),
            Err(refusal) => Err(refusal),
        };
    }
    let latest = history::undoable(&mut conn, asked.user.id, asked.now - UNDO_MS_MAX).await?;
    drop(conn);
    for (key, op, changes) in latest {
        // What is declared is not taken back by a key.
        let Ok(section) = asked.section(&key).cloned() else { continue };
        if changes > 1 {
            let operation = undo_operation(&asked, section.key.as_str(), &op).await?;
            return Ok(Undone { said: Some(section.forms.count(changes, lang)), operation: Some(operation) });
        }
        let mut conn = asked.server.db.read().await?;
        let Some(change) = history::by_op(&mut conn, &section, &op).await?.into_iter().next() else { continue };
        drop(conn);
        match take_back(&asked, &section, change.record, change.seq, store::draft::random_id()?).await {
            Ok(applied) if applied.seq.is_some() => {
                return Ok(Undone { said: Some(said(&asked, &section, &change).await?), operation: None });
            }
            Ok(_) | Err(Refusal::InTrash | Refusal::NotFound | Refusal::Forbidden) => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(Undone { said: None, operation: None })
}

/// «ООО «Маяк», Адрес»
async fn said(asked: &Asked, section: &Section, change: &Change) -> Result<String, Refusal> {
    let lang = asked.user.lang;
    let mut conn = asked.server.db.read().await?;
    let record = store::record::load(&mut conn, section, change.record).await?;
    let title = record.map(|record| title_cell(section, &record, lang).text().to_string()).unwrap_or_default();
    let fields = change.fields.keys().filter_map(|key| section.field(key)).map(|field| field.label.get(lang));
    Ok(match change.act {
        Act::Update => std::iter::once(title.as_str()).chain(fields).collect::<Vec<_>>().join(", "),
        Act::Create | Act::Trash | Act::Restore => title,
    })
}

/// What the user has under way, or has just ended: said on every page.
pub async fn latest(db: &store::Db, actor: UserId, now: i64) -> Result<Option<Progress>, store::Error> {
    let mut conn = db.read().await?;
    Ok(operation::latest(&mut conn, actor, now - JUST_ENDED_MS).await?.map(Progress::from))
}

pub async fn operation_here(id: &str) -> Result<Progress, Refusal> {
    progress_of(&Asked::here()?, id).await
}

async fn progress_of(asked: &Asked, id: &str) -> Result<Progress, Refusal> {
    let mut conn = asked.server.db.read().await?;
    match operation::find(&mut conn, &asked.actor(), id).await {
        Ok(operation) => Ok(operation.into()),
        Err(refused) => Err(refusal(asked, &Section::default(), 0, refused).await),
    }
}

pub async fn run_operation_here(id: &str, on: bool) -> Result<Progress, Refusal> {
    run_operation(&Asked::here()?, id, on).await
}

pub async fn run_operation(asked: &Asked, id: &str, on: bool) -> Result<Progress, Refusal> {
    let state = if on { State::Running } else { State::Stopped };
    if on {
        // Only what has somewhere to go.
        let operation = progress_of(asked, id).await?;
        asked.section(&operation.section)?;
    }
    match operation::set_state(&asked.server.db, &asked.actor(), id, state).await {
        Ok(operation) if on => {
            let section = asked.section(&operation.section)?.clone();
            go(asked, &section, Ok(operation)).await
        }
        Ok(operation) => Ok(operation.into()),
        Err(refused) => Err(refusal(asked, &Section::default(), 0, refused).await),
    }
}

/// Sets it going; the answer does not wait for its end.
async fn go(
    asked: &Asked,
    section: &Section,
    begun: Result<Operation, store::write::Refusal>,
) -> Result<Progress, Refusal> {
    match begun {
        Ok(operation) => {
            in_background(&asked.server, &operation);
            Ok(operation.into())
        }
        Err(refused) => Err(refusal(asked, section, 0, refused).await),
    }
}

fn in_background(server: &Server, operation: &Operation) {
    let (server, author) = (server.clone(), operation.actor);
    let (section, id) = (operation.section.clone(), operation.id.clone());
    tokio::spawn(async move {
        let ended = finish(&server, author, &section, &id).await;
        if let Err(error) = &ended {
            eprintln!("klientura: operation {id}: {error}");
        }
        // What cannot go on does not pretend to.
        if !matches!(ended, Ok(true))
            && let Err(error) = operation::halt(&server.db, &id).await
        {
            eprintln!("klientura: operation {id}: {error}");
        }
    });
}

/// Does all that is left, with the rights that its author has and the sections as they are, also when those
/// are changed meanwhile; whether it could.
async fn finish(server: &Server, author: UserId, section: &str, id: &str) -> Result<bool, store::write::Refusal> {
    loop {
        let mut conn = server.db.read().await?;
        let Some(author) = user(&mut conn, author).await? else { return Ok(false) };
        let actor = author.actor();
        let registry = server.registry.get(&mut conn).await?.cut(&actor);
        drop(conn);
        let Some(spec) = registry.sections.iter().find(|spec| spec.key.as_str() == section) else {
            return Ok(false);
        };
        let context = Context {
            actor,
            now: (server.clock)(),
            source: Source::Form,
            op: id.to_string(),
            key: None,
            registry: registry.version,
            undoes: None,
        };
        match operation::run(&server.db, spec, &context, server.clock).await {
            Err(store::write::Refusal::Stale) => server.registry.forget(),
            done => return done.map(|_| true),
        }
    }
}

/// Goes on with what a restart has cut off.
pub async fn resume(server: &Server) -> Result<usize, store::Error> {
    let mut conn = server.db.read().await?;
    let unfinished = operation::unfinished(&mut conn).await?;
    for operation in &unfinished {
        in_background(server, operation);
    }
    Ok(unfinished.len())
}
