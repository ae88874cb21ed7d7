//! Operations: begun by a request, done in the background.

use std::collections::BTreeMap;

use domain::change::{Patch, Source};
use domain::fields::Section;
use domain::ids::SectionKey;
use domain::limits::{OPERATION_ROWS_MAX, PICKED_ROWS_MAX, UNDO_AT_ONCE_ROWS};
use domain::list::{Dropped, ListQuery, pairs};
use store::history::{self, Seen};
use store::list::Shelf;
use store::operation::{self, Operation};
use store::undo_last::{self, TakenBack};
use store::write::{self, Applied};

use super::read::{find, progress};
use super::runner;
use super::view::{BulkChange, Undone};
use crate::asked::Asked;
use crate::progress::Progress;
use crate::refusal::Refusal;
use crate::values::title_cell;
use crate::writing::{TRIES_MAX, refusal};

pub async fn change_all_here(change: BulkChange, key: &str) -> Result<Progress, Refusal> {
    change_all(&Asked::here()?, change, key).await
}

/// Begins to set a field of every record that the query finds, or of these among them.
pub async fn change_all(asked: &Asked, change: BulkChange, key: &str) -> Result<Progress, Refusal> {
    let section = asked.listed(&change.section)?.clone();
    let (query, dropped) = ListQuery::parse(&section, &pairs(&change.query));
    // A part that was not understood would change more records than were meant.
    if !dropped.is_empty() && change.ids.is_none() {
        return Err(Refusal::NotUnderstood(dropped.into_iter().map(|Dropped(name)| name).collect()));
    }
    if change.ids.as_ref().is_some_and(|ids| ids.len() > PICKED_ROWS_MAX) {
        return Err(refusal(asked, &section, 0, write::Refusal::TooMany).await);
    }
    let ids = match change.ids {
        // What the user may not see refuses where it is written.
        Some(ids) => ids,
        None => {
            let mut conn = asked.server.db.read().await?;
            let midnight = |date| asked.midnight(date);
            let limit = OPERATION_ROWS_MAX + 1;
            store::list::ids(&mut conn, &section, &query, Shelf::InUse, &asked.of_list(&midnight), limit).await?
        }
    };
    let context = asked.write(Source::Form, key)?;
    let patch = Patch::typed(&change.field, &change.typed);
    let seen = Seen::parse(&change.seen);
    let begun = operation::begin_update(&asked.server.db, &context, &section.key, patch, ids, seen).await;
    go(asked, begun).await
}

pub async fn undo_operation_here(op: &str, key: &str) -> Result<Progress, Refusal> {
    undo_operation(&Asked::here()?, op, key).await
}

pub async fn undo_operation(asked: &Asked, op: &str, key: &str) -> Result<Progress, Refusal> {
    let context = asked.write(Source::Undo, key)?;
    go(asked, operation::begin_undo(&asked.server.db, &context, op).await).await
}

pub async fn overwrite_left_here(op: &str, key: &str) -> Result<Progress, Refusal> {
    overwrite_left(&Asked::here()?, op, key).await
}

pub async fn overwrite_left(asked: &Asked, op: &str, key: &str) -> Result<Progress, Refusal> {
    let context = asked.write(Source::Form, key)?;
    go(asked, operation::begin_overwrite(&asked.server.db, &context, op).await).await
}

/// Takes back the latest thing that the user has done; the answer says what it was.
pub async fn undo_last(key: &str) -> Result<Undone, Refusal> {
    let mut asked = Asked::here()?;
    for _ in 0..TRIES_MAX {
        let context = asked.write(Source::Undo, key)?;
        match undo_last::undo_last(&asked.server.db, &context).await {
            Ok(taken) => return undone(&asked, taken).await,
            Err(write::Refusal::Stale) => asked.look_again().await?,
            Err(refused) => return Err(refusal(&asked, &Section::default(), 0, refused).await),
        }
    }
    Err(Refusal::Failed)
}

async fn undone(asked: &Asked, taken: TakenBack) -> Result<Undone, Refusal> {
    match taken {
        TakenBack::Nothing => Ok(Undone { said: None, operation: None }),
        TakenBack::AtOnce { op, applied } => {
            if applied.iter().any(|one| one.section.as_str() == store::declare::KEY) {
                asked.server.registry.forget();
            }
            Ok(Undone { said: Some(said(asked, &op, &applied).await?), operation: None })
        }
        TakenBack::Begun { op, by } => {
            let by = go(asked, Ok(find(asked, &by).await?)).await?;
            let said = match find(asked, &op).await {
                Ok(operation) => progress(operation, &asked.sees, asked.lang).what,
                Err(_) => by.what.clone(),
            };
            Ok(Undone { said: Some(said), operation: Some(by) })
        }
    }
}

/// «ООО «Маяк», Адрес»; of several records how many of what: «1 клиент, 2 контакта».
async fn said(asked: &Asked, op: &str, applied: &[Applied]) -> Result<String, Refusal> {
    let lang = asked.lang;
    let mut conn = asked.server.db.read().await?;
    let whole = history::of_op(&mut conn, op, UNDO_AT_ONCE_ROWS).await?;
    let is_of_one = whole.is_some_and(|whole| whole.records.len() == 1);
    if let (true, [one]) = (is_of_one, applied)
        && let Some(section) = asked.sees.section(&one.section)
    {
        let record = store::record::load(&mut conn, section, one.record).await?;
        let title = record.map(|record| title_cell(section, &record, lang).text().to_string()).unwrap_or_default();
        let change = match one.seq {
            Some(seq) => history::by_seq(&mut conn, section, one.record, seq).await?,
            None => None,
        };
        let fields = change.iter().flat_map(|change| change.fields.keys()).filter_map(|key| section.field(key));
        let fields = fields.map(|field| field.label.get(lang));
        return Ok(std::iter::once(title.as_str()).chain(fields).collect::<Vec<_>>().join(", "));
    }
    let mut counts: BTreeMap<&SectionKey, i64> = BTreeMap::new();
    for one in applied.iter().filter(|one| one.seq.is_some()) {
        *counts.entry(&one.section).or_default() += 1;
    }
    let counts = counts.into_iter().filter_map(|(key, count)| Some(asked.sees.section(key)?.forms.count(count, lang)));
    Ok(counts.collect::<Vec<_>>().join(", "))
}

pub async fn run_operation_here(id: &str, on: bool, key: &str) -> Result<Progress, Refusal> {
    run_operation(&Asked::here()?, id, on, key).await
}

pub async fn run_operation(asked: &Asked, id: &str, on: bool, key: &str) -> Result<Progress, Refusal> {
    let state = if on { operation::State::Running } else { operation::State::Stopped };
    let context = asked.write(Source::Form, key)?;
    go(asked, operation::set_state(&asked.server.db, &context, id, state).await).await
}

/// Sets it going; the answer does not wait for its end.
async fn go(asked: &Asked, begun: Result<Operation, write::Refusal>) -> Result<Progress, Refusal> {
    let operation = match begun {
        Ok(operation) => operation,
        Err(refused) => return Err(refusal(asked, &Section::default(), 0, refused).await),
    };
    if operation.state == operation::State::Running {
        let server = asked.server.clone();
        asked.server.lifecycle.spawn(async move {
            if let Err(error) = runner::run_waiting(&server).await {
                tracing::warn!(%error, "operations have to wait");
            }
        });
    }
    Ok(progress(operation, &asked.sees, asked.lang))
}
