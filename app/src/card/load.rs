//! A card from the database to what is shown, and what its forms write.

use std::collections::BTreeMap;

use domain::change::{Act, Change, Input as Typed, Patch, Source};
use domain::fields::{FieldSpec, Kind, SectionSpec, Value};
use domain::ids::{FieldKey, RecordId, UserId};
use domain::rights::{Action, may};
use domain::words::{Word, exact, near, near_day};
use serde::{Deserialize, Serialize};
use store::record::Record;
use store::write::{self, Applied};
use store::{Conn, draft, history as events};

use super::api::*;
use crate::asked::Asked;
use crate::refusal::{Clash, Refusal};
use crate::table::cell::{Cell, cell};
use crate::table::load::{mentioned, title_cell};
use crate::ui::Person;
use crate::users::queries::{choices, people};

/// A refused form, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Draft {
    pub typed: Vec<(FieldKey, String)>,
    pub refusal: Refusal,
}

pub async fn card(section: &str, id: RecordId, draft: Option<&str>) -> Result<CardView, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(section)?.clone();
    let mut conn = asked.server.db.read().await?;
    let mut view = view(&mut conn, &asked, &section, id).await?;
    if let Some(draft) = draft
        && let Some(body) = draft::find(&mut conn, draft, asked.user.id, section.key.as_str(), id, asked.now).await?
        && let Ok(draft) = serde_json::from_str::<Draft>(&body)
    {
        view.draft = Some(DraftView { typed: draft.typed, refusal: Some(draft.refusal) });
    }
    Ok(view)
}

async fn view(conn: &mut Conn, asked: &Asked, section: &SectionSpec, id: RecordId) -> Result<CardView, Refusal> {
    let record = store::record::load(conn, section, id).await?.ok_or(Refusal::NotFound)?;
    let people = people(conn, &mentioned(section, std::slice::from_ref(&record))).await?;
    let choices = choices(conn).await?;
    let field_view = |field: &FieldSpec| FieldView {
        key: field.key.clone(),
        label: field.label.get(asked.user.lang).to_string(),
        cell: cell(field, record.value(&field.key), &people, asked),
        input: if record.trashed.is_some() || !may(&asked.actor(), Action::WriteField(field)) {
            Input::ReadOnly
        } else {
            input(field, record.value(&field.key), &choices, &people)
        },
    };
    let title = section.field(&section.title).ok_or(Refusal::Failed)?;
    let responsible = section.field_named("responsible").and_then(|field| record.value(&field.key).number());
    Ok(CardView {
        section: section.key.to_string(),
        id,
        version: record.version,
        title: title_cell(section, &record, asked.user.lang).text().to_string(),
        named: !record.value(&section.title).is_empty(),
        name: field_view(title),
        fields: section.fields.iter().filter(|field| field.on_card).map(field_view).collect(),
        responsible: responsible.and_then(|id| people.get(&id).cloned()),
        trashed: record.trashed.map(|(at, by)| trashed_line(asked, at, people.get(&by))),
        draft: None,
    })
}

/// «Удалён вчера, 10:15, Анна Крылова»
pub fn trashed_line(asked: &Asked, at: i64, by: Option<&Person>) -> String {
    let when = near(asked.moment(at), asked.now_moment(), asked.user.lang);
    let by = by.map(|person| format!(", {}", person.name)).unwrap_or_default();
    format!("{} {when}{by}", Word::Deleted.text(asked.user.lang))
}

/// A kind's input.
fn input(field: &FieldSpec, value: &Value, choices: &[Person], people: &BTreeMap<UserId, Person>) -> Input {
    let line = |mode| Input::Line { value: value.text().unwrap_or_default().to_string(), mode };
    match field.kind {
        Kind::Integer | Kind::Instant => Input::ReadOnly,
        Kind::Phone => line(LineMode::Phone),
        Kind::Email => line(LineMode::Email),
        Kind::Link => line(LineMode::Link),
        Kind::Inn | Kind::Ogrn => line(LineMode::Digits),
        Kind::Text | Kind::Kpp => line(LineMode::Text),
        Kind::Reference(_) => {
            let chosen = value.number();
            let mut options = choices.to_vec();
            let missing = chosen.filter(|id| !options.iter().any(|person| person.id == *id));
            options.extend(missing.and_then(|id| people.get(&id).cloned()));
            Input::Choice { chosen, options }
        }
    }
}

pub async fn create(asked: &Asked, section: &str, key: String) -> Result<RecordId, Refusal> {
    let section = asked.section(section)?.clone();
    let context = asked.write(Source::Form, Some(key))?;
    match write::create(&asked.server.db, &section, context, Patch::default()).await {
        Ok(applied) => Ok(applied.record),
        Err(refused) => Err(refusal(asked, &section, 0, refused).await),
    }
}

/// Writes a patch: the form's door and the server function's end here.
pub async fn apply(
    asked: &Asked,
    section: &SectionSpec,
    id: RecordId,
    base: i64,
    key: String,
    patch: Patch,
) -> Result<Applied, Refusal> {
    let context = asked.write(Source::Form, Some(key))?;
    match write::update(&asked.server.db, section, context, id, base, patch).await {
        Ok(applied) => Ok(applied),
        Err(refused) => Err(refusal(asked, section, id, refused).await),
    }
}

pub async fn set_trashed(
    asked: &Asked,
    section: &SectionSpec,
    id: RecordId,
    key: String,
    trashed: bool,
) -> Result<Applied, Refusal> {
    let context = asked.write(Source::Form, Some(key))?;
    match write::set_trashed(&asked.server.db, section, context, id, trashed).await {
        Ok(applied) => Ok(applied),
        Err(refused) => Err(refusal(asked, section, id, refused).await),
    }
}

/// Takes a whole change back.
pub async fn take_back(
    asked: &Asked,
    section: &SectionSpec,
    id: RecordId,
    seq: i64,
    key: String,
) -> Result<Applied, Refusal> {
    let context = asked.write(Source::Undo, Some(key))?;
    match write::undo(&asked.server.db, section, context, id, seq).await {
        Ok(applied) => Ok(applied),
        Err(refused) => Err(refusal(asked, section, id, refused).await),
    }
}

/// Puts one earlier value back, whoever changed it; `base` is the version that the reader saw.
pub async fn put_back(
    asked: &Asked,
    section: &SectionSpec,
    id: RecordId,
    seq: i64,
    field: &FieldKey,
    base: i64,
    key: String,
) -> Result<Applied, Refusal> {
    if !may(&asked.actor(), Action::UndoValue) {
        return Err(Refusal::Forbidden);
    }
    let mut conn = asked.server.db.read().await?;
    let change = events::by_seq(&mut conn, section, id, seq).await?.ok_or(Refusal::NotFound)?;
    drop(conn);
    let difference = change.fields.get(field).ok_or(Refusal::NotFound)?;
    let patch = Patch { fields: vec![(field.clone(), Typed::Value(difference.old.clone()))], accept: Vec::new() };
    let context = asked.write(Source::Undo, Some(key))?;
    match write::update(&asked.server.db, section, context, id, base, patch).await {
        Ok(applied) => Ok(applied),
        Err(refused) => Err(refusal(asked, section, id, refused).await),
    }
}

pub async fn save(edit: Edit) -> Result<Saved, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(&edit.section)?.clone();
    let mut patch = Patch::typed(&edit.field, &edit.typed);
    if edit.accept {
        patch.accept.push(edit.field.clone());
    }
    let applied = apply(&asked, &section, edit.id, edit.version, edit.key, patch).await?;
    saved(&asked, &section, applied).await
}

pub async fn undo(section: &str, id: RecordId, seq: i64, key: String) -> Result<Saved, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(section)?.clone();
    let applied = take_back(&asked, &section, id, seq, key).await?;
    saved(&asked, &section, applied).await
}

async fn saved(asked: &Asked, section: &SectionSpec, applied: Applied) -> Result<Saved, Refusal> {
    let mut conn = asked.server.db.read().await?;
    let card = view(&mut conn, asked, section, applied.record).await?;
    Ok(Saved { card, seq: applied.seq, left: labels(asked, section, &applied.left) })
}

fn labels(asked: &Asked, section: &SectionSpec, keys: &[FieldKey]) -> Vec<String> {
    let known = keys.iter().filter_map(|key| section.field(key));
    known.map(|field| field.label.get(asked.user.lang).to_string()).collect()
}

/// A refusal of the store, with what the reader needs to settle it.
async fn refusal(asked: &Asked, section: &SectionSpec, id: RecordId, refused: write::Refusal) -> Refusal {
    match refused {
        write::Refusal::Problems(problems) => Refusal::Problems(problems),
        write::Refusal::NotFound => Refusal::NotFound,
        write::Refusal::InTrash => Refusal::InTrash,
        write::Refusal::Forbidden => Refusal::Forbidden,
        write::Refusal::Store(error) => error.into(),
        write::Refusal::Conflicts(conflicts) => match clashes(asked, section, id, conflicts).await {
            Ok(clashes) => Refusal::Clashes(clashes),
            Err(refusal) => refusal,
        },
    }
}

async fn clashes(
    asked: &Asked,
    section: &SectionSpec,
    id: RecordId,
    conflicts: Vec<write::Conflict>,
) -> Result<Vec<Clash>, Refusal> {
    let mut conn = asked.server.db.read().await?;
    let version = store::record::load(&mut conn, section, id).await?.map_or(0, |record| record.version);
    let ids: Vec<UserId> =
        conflicts.iter().flat_map(|conflict| [Some(conflict.by), conflict.theirs.number()]).flatten().collect();
    let people = people(&mut conn, &ids).await?;
    let said = conflicts.into_iter().filter_map(|conflict| {
        let field = section.field(&conflict.field)?;
        Some(Clash {
            label: field.label.get(asked.user.lang).to_string(),
            by: people.get(&conflict.by).map(|person| person.name.clone()).unwrap_or_default(),
            theirs: cell(field, &conflict.theirs, &people, asked).text().to_string(),
            field: conflict.field,
            version,
        })
    });
    Ok(said.collect())
}

pub async fn history(
    section: &str,
    id: RecordId,
    before: Option<i64>,
    left: &[String],
) -> Result<HistoryView, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(section)?.clone();
    let mut conn = asked.server.db.read().await?;
    let record = store::record::load(&mut conn, &section, id).await?.ok_or(Refusal::NotFound)?;
    let page = events::page(&mut conn, &section, id, before).await?;
    let people = people(&mut conn, &named_in(&section, &page.changes)).await?;
    let today = asked.now_moment().date();
    let mut days: Vec<Day> = Vec::new();
    for change in &page.changes {
        let name = near_day(asked.moment(change.at).date(), today, asked.user.lang);
        let entry = entry(&asked, &section, &record, change, &people);
        match days.last_mut().filter(|day| day.name == name) {
            Some(day) => day.entries.push(entry),
            None => days.push(Day { name, entries: vec![entry] }),
        }
    }
    let left: Vec<FieldKey> =
        left.iter().filter_map(|key| section.field_named(key)).map(|field| field.key.clone()).collect();
    Ok(HistoryView {
        days,
        earlier: page.earlier.map(|seq| format!("/{}/{id}?tab=history&at={seq}", section.key)),
        version: record.version,
        left: labels(&asked, &section, &left),
    })
}

fn named_in(section: &SectionSpec, changes: &[Change]) -> Vec<UserId> {
    let references = changes.iter().flat_map(|change| &change.fields).filter_map(|(key, difference)| {
        matches!(section.field(key)?.kind, Kind::Reference(_))
            .then_some([difference.old.number(), difference.new.number()])
    });
    let mut ids: Vec<UserId> =
        references.flatten().flatten().chain(changes.iter().map(|change| change.actor)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// A label within a sentence: «название», but «ИНН».
fn inside(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(letters).collect(),
        _ => label.to_string(),
    }
}

fn entry(
    asked: &Asked,
    section: &SectionSpec,
    record: &Record,
    change: &Change,
    people: &BTreeMap<UserId, Person>,
) -> Entry {
    let lang = asked.user.lang;
    let moment = asked.moment(change.at);
    let (hour, minute) = moment.time();
    let shown = |field: &FieldSpec, value: &Value| match cell(field, value, people, asked) {
        Cell::When { exact, .. } => exact,
        cell => cell.text().to_string(),
    };
    // In the order of the section, not of the letters.
    let changed: Vec<_> = section
        .fields
        .iter()
        .filter_map(|field| change.fields.get(&field.key).map(|difference| (field, difference)))
        .collect();
    let what = match change.act {
        Act::Trash => What::Act(Word::MovedToTrash.text(lang).to_string()),
        Act::Restore => What::Act(Word::TakenFromTrash.text(lang).to_string()),
        Act::Create => {
            let given: Vec<String> = changed
                .iter()
                .map(|(field, difference)| {
                    format!("{} {}", inside(field.label.get(lang)), shown(field, &difference.new))
                })
                .collect();
            What::Act(match given.is_empty() {
                true => Word::Created.text(lang).to_string(),
                false => format!("{}{}", Word::CreatedWith.text(lang), given.join(", ")),
            })
        }
        Act::Update => What::Values(
            changed
                .iter()
                .map(|(field, difference)| ValueChange {
                    key: field.key.clone(),
                    label: field.label.get(lang).to_string(),
                    old: shown(field, &difference.old),
                    new: shown(field, &difference.new),
                    can_put_back: record.trashed.is_none()
                        && *record.value(&field.key) != difference.old
                        && may(&asked.actor(), Action::WriteField(field)),
                })
                .collect(),
        ),
    };
    Entry {
        seq: change.seq,
        by: people.get(&change.actor).cloned(),
        time: format!("{hour:02}:{minute:02}"),
        exact: exact(moment, lang),
        source: match change.source {
            Source::Form => None,
            Source::Undo => Some(Word::ByUndo.text(lang).to_string()),
            Source::Seed => Some(Word::BySeed.text(lang).to_string()),
        },
        can_undo: change.version == record.version
            && change.act != Act::Create
            && may(&asked.actor(), Action::UndoOperation { of: change.actor }),
        what,
    }
}
