//! Changes from the event log to what is shown.

use std::collections::BTreeMap;

use domain::change::{Change, ChangeKind, Source};
use domain::fields::{FieldSpec, Section, Value};
use domain::ids::{FieldKey, RecordId};
use domain::limits::{HISTORY_PAGE_ROWS, LATEST_CHANGES};
use domain::rights::{Action, may};
use domain::words::{Word, exact, near, near_day};
use store::history::{self as events, Wanted};
use store::record::Record;

use super::diff::{Budget, beside, brief, compared};
use super::view::{Day, Entry, HistoryView, HistoryWish, PartOf, Trace, ValueChange, What};
use crate::asked::Asked;
use crate::refusal::Refusal;
use crate::users::queries::people;
use crate::values::{Cell, Names, cell};

pub async fn history(wish: HistoryWish) -> Result<HistoryView, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(&wish.section)?.clone();
    let mut conn = asked.server.db.read().await?;
    let record = store::record::load(&mut conn, &section, wish.id).await?.ok_or(Refusal::NotFound)?;
    // A field that is not there for the reader asks for nothing.
    let field = wish.field.as_deref().and_then(|key| section.field_named(key)).map(|field| &field.key);
    let wanted = Wanted { before: wish.before, field, by: wish.by };
    let rows_max = if wish.latest { LATEST_CHANGES } else { HISTORY_PAGE_ROWS };
    let page = events::page(&mut conn, &section, wish.id, &wanted, rows_max).await?;
    let names = Names::of_changes(&mut conn, &asked, &section, &page.changes).await?;
    let ops: Vec<String> = page.changes.iter().map(|change| change.op.clone()).collect();
    let sizes = events::sizes(&mut conn, &ops).await?;
    let authors = if wish.latest { Vec::new() } else { events::authors(&mut conn, &section, wish.id).await? };
    let authors = people(&mut conn, &authors).await?;
    drop(conn);
    let left: Vec<FieldKey> =
        wish.left.iter().filter_map(|key| section.field_named(key)).map(|field| field.key.clone()).collect();
    let left = labels(&asked, &section, &left);
    let (earlier, version) = (page.earlier, record.version);
    let days = beside(move || days(&asked, &section, &record, &page.changes, &names, &sizes)).await?;
    Ok(HistoryView { days, earlier, authors: authors.into_values().collect(), version, left })
}

fn days(
    asked: &Asked,
    section: &Section,
    record: &Record,
    changes: &[Change],
    names: &Names,
    sizes: &BTreeMap<String, i64>,
) -> Vec<Day> {
    let today = asked.now_moment().date();
    let mut budget = Budget::of_page();
    let mut days: Vec<Day> = Vec::new();
    for change in changes {
        let name = near_day(asked.moment(change.at).date(), today, asked.lang);
        let size = sizes.get(&change.op).copied().unwrap_or(1);
        let entry = entry(asked, section, record, change, names, size, &mut budget);
        match days.last_mut().filter(|day| day.name == name) {
            Some(day) => day.entries.push(entry),
            None => days.push(Day { name, entries: vec![entry] }),
        }
    }
    days
}

/// A label within a sentence: «название», but «ИНН».
fn inside(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(letters).collect(),
        _ => label.to_string(),
    }
}

pub fn entry(
    asked: &Asked,
    section: &Section,
    record: &Record,
    change: &Change,
    names: &Names,
    size: i64,
    budget: &mut Budget,
) -> Entry {
    let lang = asked.lang;
    let moment = asked.moment(change.at);
    let (hour, minute) = moment.time();
    let shown = |field: &FieldSpec, value: &Value| shown(field, value, names, asked);
    // In the order of the section, not of the letters.
    let changed: Vec<_> = section
        .fields
        .iter()
        // What follows from another field says nothing new, and comes back with it.
        .filter(|field| field.computed_from().is_none())
        .filter_map(|field| change.fields.get(&field.key).map(|difference| (field, difference)))
        .collect();
    let what = match change.kind {
        ChangeKind::Trash => What::Act(Word::MovedToTrash.text(lang).to_string()),
        ChangeKind::Restore => What::Act(Word::TakenFromTrash.text(lang).to_string()),
        ChangeKind::Create => {
            let given: Vec<String> = changed
                .iter()
                .map(|(field, difference)| {
                    format!("{} {}", inside(field.label.get(lang)), brief(shown(field, &difference.new)))
                })
                .collect();
            What::Act(match given.is_empty() {
                true => Word::Created.text(lang).to_string(),
                false => format!("{}{}", Word::CreatedWith.text(lang), given.join(", ")),
            })
        }
        ChangeKind::Update => What::Values(
            changed
                .iter()
                .map(|(field, difference)| {
                    (
                        field,
                        difference,
                        compared(&shown(field, &difference.old), &shown(field, &difference.new), budget),
                    )
                })
                .map(|(field, difference, (old, new))| ValueChange {
                    key: field.key.clone(),
                    label: field.label.get(lang).to_string(),
                    old,
                    new,
                    can_put_back: record.trashed.is_none()
                        && !field.is_by_form()
                        && *record.value(&field.key) != difference.old
                        && may(&asked.actor(), Action::WriteField(&section.access, field)),
                })
                .collect(),
        ),
    };
    Entry {
        seq: change.seq,
        record_version: record.version,
        by: names.person(change.actor).cloned(),
        time: format!("{hour:02}:{minute:02}"),
        exact: exact(moment, lang),
        source: match change.source {
            Source::Form => None,
            Source::Undo => Some(Word::ByUndo.text(lang).to_string()),
            Source::Seed => Some(Word::BySeed.text(lang).to_string()),
        },
        can_undo: change.version == record.version
            && change.kind != ChangeKind::Create
            && may(&asked.actor(), Action::UndoOperation { of: change.actor }),
        operation: (size > 1 && change.source != Source::Seed).then(|| PartOf {
            op: change.op.clone(),
            records: section.forms.count(size, lang),
            can_undo: change.undoes.is_none() && may(&asked.actor(), Action::UndoOperation { of: change.actor }),
        }),
        what,
    }
}

pub async fn trace(section: &str, id: RecordId, field: &FieldKey) -> Result<Option<Trace>, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(section)?.clone();
    let field = section.field(field).ok_or(Refusal::NotFound)?;
    let mut conn = asked.server.db.read().await?;
    let record = store::record::load(&mut conn, &section, id).await?.ok_or(Refusal::NotFound)?;
    let wanted = Wanted { field: Some(&field.key), ..Wanted::default() };
    let page = events::page(&mut conn, &section, id, &wanted, 1).await?;
    let Some(change) = page.changes.first() else { return Ok(None) };
    let Some(difference) = change.fields.get(&field.key) else { return Ok(None) };
    let names = Names::of_changes(&mut conn, &asked, &section, &page.changes).await?;
    let lang = asked.lang;
    let moment = asked.moment(change.at);
    let old = shown(field, &difference.old, &names, &asked);
    Ok(Some(Trace {
        seq: change.seq,
        by: names.person(change.actor).cloned(),
        near: near(moment, asked.now_moment(), lang),
        exact: exact(moment, lang),
        old: (change.kind == ChangeKind::Update)
            .then(|| if old.is_empty() { Word::NoValue.text(lang).to_string() } else { old }),
        can_put_back: change.kind == ChangeKind::Update
            && !field.is_by_form()
            && record.trashed.is_none()
            && may(&asked.actor(), Action::WriteField(&section.access, field)),
    }))
}

/// A value as the history says it: exact, where the card says it near.
fn shown(field: &FieldSpec, value: &Value, names: &Names, asked: &Asked) -> String {
    match cell(field, value, names, asked) {
        Cell::When { exact, .. } => exact,
        cell => cell.text().to_string(),
    }
}

/// Labels of fields.
pub fn labels(asked: &Asked, section: &Section, keys: &[FieldKey]) -> Vec<String> {
    let known = keys.iter().filter_map(|key| section.field(key));
    known.map(|field| field.label.get(asked.lang).to_string()).collect()
}
