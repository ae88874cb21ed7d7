//! Operations: begun by a request, done in the background.

use domain::change::{Patch, Source};
use domain::fields::SectionSpec;
use domain::ids::{FieldKey, UserId};
use domain::limits::OPERATION_ROWS_MAX;
use domain::list::{ListQuery, pairs};
use store::list::Shelf;
use store::operation::{self, Operation, State};
use store::write::Context;

use super::api::Progress;
use crate::asked::{Asked, Server};
use crate::card::load::refusal;
use crate::refusal::Refusal;
use crate::users::queries::user;

impl From<Operation> for Progress {
    fn from(operation: Operation) -> Self {
        let state = match operation.state {
            State::Running => "running",
            State::Stopped => "stopped",
            State::Done => "done",
        };
        Self {
            id: operation.id,
            state: state.to_string(),
            done: operation.done,
            total: operation.total,
            left: operation.left,
        }
    }
}

pub async fn change_all(section: &str, query: &str, field: &FieldKey, typed: &str) -> Result<Progress, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(section)?.clone();
    let (query, dropped) = ListQuery::parse(&section, &pairs(query));
    // A part that was not understood would change more records than were meant.
    if !dropped.is_empty() {
        return Err(Refusal::Failed);
    }
    let mut conn = asked.server.db.read().await?;
    let midnight = |date| asked.midnight(date);
    let reader = asked.reader(&midnight);
    let limit = OPERATION_ROWS_MAX + 1;
    let ids = store::list::ids(&mut conn, &section, &query, Shelf::InUse, &reader, limit).await?;
    drop(conn);
    let context = asked.write(Source::Form, None)?;
    let begun = operation::begin_update(&asked.server.db, &section, &context, Patch::typed(field, typed), ids).await;
    go(&asked, &section, begun).await
}

pub async fn undo_operation(section: &str, op: &str) -> Result<Progress, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(section)?.clone();
    let context = asked.write(Source::Undo, None)?;
    let begun = operation::begin_undo(&asked.server.db, &section, &context, op).await;
    go(&asked, &section, begun).await
}

pub async fn operation(id: &str) -> Result<Progress, Refusal> {
    let asked = Asked::here()?;
    let mut conn = asked.server.db.read().await?;
    match operation::find(&mut conn, &asked.actor(), id).await {
        Ok(operation) => Ok(operation.into()),
        Err(refused) => Err(refusal(&asked, &SectionSpec::default(), 0, refused).await),
    }
}

pub async fn run_operation(id: &str, on: bool) -> Result<Progress, Refusal> {
    let asked = Asked::here()?;
    let state = if on { State::Running } else { State::Stopped };
    match operation::set_state(&asked.server.db, &asked.actor(), id, state).await {
        Ok(operation) if on => {
            let section = asked.section(&operation.section)?.clone();
            go(&asked, &section, Ok(operation)).await
        }
        Ok(operation) => Ok(operation.into()),
        Err(refused) => Err(refusal(&asked, &SectionSpec::default(), 0, refused).await),
    }
}

/// Sets it going; the answer does not wait for its end.
async fn go(
    asked: &Asked,
    section: &SectionSpec,
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
        if let Err(error) = finish(&server, author, &section, &id).await {
            eprintln!("klientura: operation {id}: {error}");
        }
    });
}

/// Does all that is left, with the rights that its author has and the sections as they are, also when those
/// are changed meanwhile.
async fn finish(server: &Server, author: UserId, section: &str, id: &str) -> Result<(), store::write::Refusal> {
    loop {
        let mut conn = server.db.read().await?;
        let Some(author) = user(&mut conn, author).await? else { return Ok(()) };
        let actor = author.actor();
        let registry = server.registry.get(&mut conn).await?.cut(&actor);
        drop(conn);
        let Some(spec) = registry.sections.iter().find(|spec| spec.key.as_str() == section) else { return Ok(()) };
        let context = Context {
            actor,
            now: (server.clock)(),
            source: Source::Form,
            op: id.to_string(),
            key: None,
            registry: registry.version,
        };
        match operation::run(&server.db, spec, &context, server.clock).await {
            Err(store::write::Refusal::Stale) => server.registry.forget(),
            done => return done.map(drop),
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
