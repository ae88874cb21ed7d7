//! A card from the database to what is shown, and what its forms write.

use std::collections::BTreeMap;

use domain::change::{Change, ChangeKind, Difference, Input as Typed, Pairs, Patch, Source};
use domain::fields::kinds::references;
use domain::fields::{FieldSpec, Kind, Rhythm, Section, Value};
use domain::ids::{FieldKey, RecordId};
use domain::limits::{HISTORY_PAGE_ROWS, LATEST_CHANGES, PANEL_ROWS};
use domain::list::{ListQuery, pairs};
use domain::rights::{Action, may};
use domain::words::{Word, exact, grouped, near, near_day};
use serde::{Deserialize, Serialize};
use store::history::{self as events, Wanted};
use store::list::Shelf;
use store::record::Record;
use store::write::{self, Act, Applied, Base, Refused, Subject};
use store::{Conn, draft};

use super::api::*;
use super::diff::{Budget, beside, brief, compared};
use crate::asked::Asked;
use crate::refusal::{Clash, Refusal};
use crate::ui::Person;
use crate::users::queries::people;
use crate::values::Names;
use crate::values::cell_of;
use crate::values::count::count_text;
use crate::values::{Cell, cell};
use crate::values::{card_address, title_cell};

/// A refused form, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Draft {
    pub typed: Vec<(FieldKey, String)>,
    pub refusal: Refusal,
}

/// A write is repeated so often when sections or fields are changed at the same time.
pub const TRIES_MAX: u32 = 5;

pub async fn card(section: &str, id: RecordId, draft: Option<&str>, list: Option<&str>) -> Result<CardView, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(section)?.clone();
    let mut conn = asked.server.db.read().await?;
    let mut view = view(&mut conn, &asked, &section, id).await?;
    if let Some(list) = list {
        view.place = place(&mut conn, &asked, &section, list).await?;
    }
    if let Some(draft) = draft
        && let Some(body) = draft::find(&mut conn, draft, asked.user.id, section.key.as_str(), id, asked.now).await?
        && let Ok(draft) = serde_json::from_str::<Draft>(&body)
    {
        view.draft = Some(DraftView { typed: draft.typed, refusal: Some(draft.refusal) });
    }
    Ok(view)
}

/// Where the record stands in the list that it was opened from.
async fn place(conn: &mut Conn, asked: &Asked, section: &Section, list: &str) -> Result<Option<PlaceView>, Refusal> {
    let query = ListQuery::parse(section, &pairs(list)).0;
    let midnight = |date| asked.midnight(date);
    let found = store::list::neighbours(conn, section, &query, &asked.of_list(&midnight)).await?;
    let beside =
        |neighbour: Option<(RecordId, String)>| neighbour.map(|(id, place)| card_address(section, &query, id, &place));
    Ok(found.map(|found| PlaceView {
        position: format!("{} {} {}", grouped(found.position), Word::Of.text(asked.lang), count_text(found.count)),
        list: format!("/{}{}", section.key, query.with_at(None).print(section)),
        previous: beside(found.previous),
        next: beside(found.next),
    }))
}

async fn view(conn: &mut Conn, asked: &Asked, section: &Section, id: RecordId) -> Result<CardView, Refusal> {
    let record = store::record::load(conn, section, id).await?.ok_or(Refusal::NotFound)?;
    let names = Names::of_records(conn, asked, section, std::slice::from_ref(&record)).await?;
    let field_view = |field: &FieldSpec| FieldView {
        key: field.key.clone(),
        label: field.label.get(asked.lang).to_string(),
        cell: cell(field, record.value(&field.key), &names, asked),
        input: if record.trashed.is_some() || !may(&asked.actor(), Action::WriteField(&section.access, field)) {
            Input::ReadOnly
        } else {
            input(field, record.value(&field.key), &names, asked)
        },
    };
    // A title that the reader may not see is the automatic one.
    let unnamed =
        FieldView { key: section.title.clone(), label: String::new(), cell: Cell::Empty, input: Input::ReadOnly };
    let name = section.field(&section.title).map_or(unnamed, field_view);
    let responsible = section.owner.as_ref().and_then(|owner| record.value(owner).number());
    let panels = panels(conn, asked, section, id).await?;
    Ok(CardView {
        section: section.key.to_string(),
        id,
        version: record.version,
        title: title_cell(section, &record, asked.lang).text().to_string(),
        named: !record.value(&section.title).is_empty(),
        name,
        fields: section.fields.iter().filter(|field| field.on_card).map(field_view).collect(),
        responsible: responsible.and_then(|id| names.person(id).cloned()),
        panels,
        chip: section.fields.iter().filter(|field| !field.kind.choices().is_empty()).find_map(|field| {
            let shown = field.kind.rules().show(record.value(&field.key), asked.lang);
            (!shown.is_empty()).then_some(shown)
        }),
        lately: lately(asked, section, &record, &names),
        place: None,
        trashed: record.trashed.map(|(at, by)| trashed_line(asked, at, names.person(by))),
        draft: None,
    })
}

/// «Общались вчера, обычно раз в 14 дней»
fn lately(asked: &Asked, section: &Section, record: &Record, names: &Names) -> Option<Cell> {
    let lang = asked.lang;
    let field = section.fields.iter().find(|field| field.rhythm.is_some())?;
    let Cell::Event { shown, hint, tone, mark } = cell_of(section, field, record, names, asked) else { return None };
    let rhythm = field.rhythm.as_ref().and_then(Rhythm::own).and_then(|key| record.value(key).number());
    let rhythm =
        rhythm.map(|rhythm| format!("{} {}", Word::UsuallyEvery.text(lang), domain::words::days(rhythm, lang)));
    let shown = match record.value(&field.key).is_empty() {
        true => shown,
        false => format!("{} {shown}", field.label.get(lang)),
    };
    let shown = [Some(shown), rhythm].into_iter().flatten().collect::<Vec<_>>().join(", ");
    Some(Cell::Event { shown, hint, tone, mark })
}

/// «Удалён вчера, 10:15, Анна Крылова»
pub fn trashed_line(asked: &Asked, at: i64, by: Option<&Person>) -> String {
    let when = near(asked.moment(at), asked.now_moment(), asked.lang);
    let by = by.map(|person| format!(", {}", person.name)).unwrap_or_default();
    format!("{} {when}{by}", Word::Deleted.text(asked.lang))
}

/// Sections with a field that points at this one: their records that name this record.
async fn panels(conn: &mut Conn, asked: &Asked, section: &Section, id: RecordId) -> Result<Vec<Panel>, Refusal> {
    let midnight = |date| asked.midnight(date);
    let mut panels = Vec::new();
    // What has a part of its own on this card needs no panel.
    let shown = crate::sections::parts(|key| asked.section(key).is_ok(), section).shown;
    let others = asked.sees.sections.iter();
    for other in others.filter(|other| !other.inner && !shown.contains(&other.key.as_str())) {
        // What is kept from this very section stands among the data already.
        for field in other.links_to(&section.key).filter(|field| field.rollup().is_none()) {
            let query = ListQuery::default().with_filter(other, &field.key, &id.to_string());
            let page = store::list::page(conn, other, &query, &[], Shelf::InUse, &asked.of_list(&midnight)).await?;
            let rows = page.records.iter().take(PANEL_ROWS).map(|record| PanelRow {
                id: record.id,
                href: format!("/{}/{}", other.key, record.id),
                title: title_cell(other, record, asked.lang),
            });
            panels.push(Panel {
                field: field.key.clone(),
                label: other.forms.many.get(asked.lang).to_string(),
                count: count_text(page.count),
                href: format!("/{}{}", other.key, query.print(other)),
                rows: rows.collect(),
            });
        }
    }
    Ok(panels)
}

/// A kind's input.
fn input(field: &FieldSpec, value: &Value, names: &Names, asked: &Asked) -> Input {
    let line = |mode| Input::Line { value: field.kind.rules().edit(value), mode };
    let choice = |options: Vec<Choice>| Input::Choice { chosen: field.kind.rules().edit(value), options };
    let option = |value: i64, label: &str| Choice { value: value.to_string(), label: label.to_string() };
    let lang = asked.lang;
    match &field.kind {
        Kind::Instant => Input::ReadOnly,
        Kind::LongText | Kind::Phones | Kind::Emails => Input::Lines { value: field.kind.rules().edit(value) },
        Kind::References(target) => Input::Several {
            chosen: references::ids(value)
                .into_iter()
                .filter_map(|id| Some(option(id, names.called(target, id)?)))
                .collect(),
            target: target.clone(),
        },
        Kind::Text | Kind::Kpp => line(LineMode::Text),
        Kind::Phone => line(LineMode::Phone),
        Kind::Email => line(LineMode::Email),
        Kind::Link => line(LineMode::Link),
        Kind::Inn | Kind::Ogrn | Kind::Integer(_) | Kind::Money => line(LineMode::Digits),
        Kind::Date => line(LineMode::Date),
        Kind::YesNo => choice(vec![option(1, Word::Yes.text(lang)), option(0, Word::No.text(lang))]),
        Kind::Choice(choices) => {
            choice(choices.iter().map(|offered| option(offered.id, offered.label.get(lang))).collect())
        }
        Kind::Reference(target) => Input::Reference {
            chosen: field.kind.rules().edit(value),
            shown: cell(field, value, names, asked).text().to_string(),
            target: target.clone(),
        },
    }
}

/// Makes a record that begins with these values.
pub async fn create(asked: &Asked, section: &str, given: Pairs, key: String) -> Result<RecordId, Refusal> {
    let section = asked.section(section)?;
    if section.made_elsewhere {
        return Err(Refusal::Forbidden);
    }
    let fields = given.into_iter().filter(|(_, typed)| !typed.trim().is_empty());
    let fields: Vec<_> = fields.map(|(key, typed)| (key, Typed::Typed(typed))).collect();
    // What somebody looked for is taken as it is, also when it is doubtful.
    let mut patch = Patch { accept: fields.iter().map(|(key, _)| key.clone()).collect(), fields };
    loop {
        let act = Act::Create { section: section.key.clone(), patch: patch.clone() };
        match one(asked, Source::Form, &key, act).await {
            Ok(applied) => return Ok(applied.record),
            // What cannot be a value of its field is left out: the record is what was asked for.
            Err(Refusal::Problems(problems)) if !patch.fields.is_empty() => {
                let before = patch.fields.len();
                let wrong = |key: &FieldKey| problems.iter().any(|problem| problem.field.as_ref() == Some(key));
                patch.fields.retain(|(key, _)| !wrong(key));
                if patch.fields.len() == before {
                    return Err(Refusal::Problems(problems));
                }
            }
            Err(refusal) => return Err(refusal),
        }
    }
}

/// Makes a record from its section's own form: nothing of it is left out.
pub async fn add(asked: &Asked, section: &str, pairs: Pairs, key: String) -> Result<Applied, Refusal> {
    let section = asked.section(section)?;
    let patch = crate::sections::read_form(asked, section, None, pairs).await?;
    one(asked, Source::Form, &key, Act::Create { section: section.key.clone(), patch }).await
}

/// Changes a record from its section's own form.
pub async fn change(
    asked: &Asked,
    section: &Section,
    id: RecordId,
    base: i64,
    pairs: Pairs,
    key: String,
) -> Result<Applied, Refusal> {
    let patch = crate::sections::read_form(asked, section, Some(id), pairs).await?;
    apply(asked, section, id, base, key, patch).await
}

/// What a refused form of a section had, for the page that it came from.
pub async fn draft_of(conn: &mut Conn, asked: &Asked, section: &str, draft: Option<&str>) -> Option<DraftView> {
    let body = draft::find(conn, draft?, asked.user.id, section, 0, asked.now).await.ok()??;
    let draft: Draft = serde_json::from_str(&body).ok()?;
    Some(DraftView { typed: draft.typed, refusal: Some(draft.refusal) })
}

/// Writes a patch: the form's door and the server function's end here.
pub async fn apply(
    asked: &Asked,
    section: &Section,
    id: RecordId,
    base: i64,
    key: String,
    patch: Patch,
) -> Result<Applied, Refusal> {
    one(asked, Source::Form, &key, update(section, id, base, patch)).await
}

fn update(section: &Section, id: RecordId, base: i64, patch: Patch) -> Act {
    Act::Update { section: section.key.clone(), record: id.into(), base: Base::Version(base), patch }
}

pub async fn set_trashed(
    asked: &Asked,
    section: &Section,
    id: RecordId,
    key: String,
    trashed: bool,
) -> Result<Applied, Refusal> {
    let (section, record) = (section.key.clone(), id.into());
    let act = if trashed { Act::Trash { section, record } } else { Act::Restore { section, record } };
    one(asked, Source::Form, &key, act).await
}

/// Takes back what the operation of a change did to this record.
pub async fn take_back(
    asked: &Asked,
    section: &Section,
    id: RecordId,
    seq: i64,
    key: String,
) -> Result<Applied, Refusal> {
    let mut conn = asked.server.db.read().await?;
    // A record that may not be seen has no changes to take back.
    store::record::load(&mut conn, section, id).await?.ok_or(Refusal::NotFound)?;
    let change = events::by_seq(&mut conn, section, id, seq).await?.ok_or(Refusal::NotFound)?;
    drop(conn);
    let act = Act::Undo { op: change.op, only: Some((section.key.clone(), id)) };
    one(asked, Source::Undo, &key, act).await
}

/// Puts one earlier value back, whoever changed it; `base` is the version that the reader saw.
pub async fn put_back(
    asked: &Asked,
    section: &Section,
    id: RecordId,
    seq: i64,
    field: &FieldKey,
    base: i64,
    key: String,
) -> Result<Applied, Refusal> {
    let mut conn = asked.server.db.read().await?;
    store::record::load(&mut conn, section, id).await?.ok_or(Refusal::NotFound)?;
    let change = events::by_seq(&mut conn, section, id, seq).await?.ok_or(Refusal::NotFound)?;
    drop(conn);
    let difference = change.fields.get(field).ok_or(Refusal::NotFound)?;
    // What a record was made with has nothing before it; what belongs together goes back together.
    let alone = section.field(field).is_some_and(|field| !field.is_by_form());
    if change.kind != ChangeKind::Update || !alone {
        return Err(Refusal::Forbidden);
    }
    let patch = Patch { fields: vec![(field.clone(), Typed::Value(difference.old.clone()))], accept: Vec::new() };
    one(asked, Source::Undo, &key, update(section, id, base, patch)).await
}

/// Does one act on one record.
async fn one(asked: &Asked, source: Source, key: &str, act: Act) -> Result<Applied, Refusal> {
    apply_all(asked, source, key, vec![act]).await?.into_iter().next().ok_or(Refusal::NotFound)
}

/// Does all of these acts or none; when sections or fields were changed just now, again with them as they are.
pub async fn apply_all(asked: &Asked, source: Source, key: &str, acts: Vec<Act>) -> Result<Vec<Applied>, Refusal> {
    let mut asked = asked.clone();
    for _ in 0..TRIES_MAX {
        let context = asked.write(source, key)?;
        match write::apply(&asked.server.db, &context, acts.clone()).await {
            Ok(applied) => return Ok(applied),
            Err(Refused { why: write::Refusal::Stale, .. }) => asked.look_again().await?,
            Err(Refused { act, why }) => {
                let about = match acts.get(act) {
                    Some(Act::Update { section, record: Subject::Number(id), .. }) => Some((section, *id)),
                    _ => None,
                };
                let (section, id) = about.and_then(|(key, id)| Some((asked.sees.section(key)?, id))).unzip();
                let (none, id) = (Section::default(), id.unwrap_or(0));
                return Err(refusal(&asked, section.unwrap_or(&none), id, why).await);
            }
        }
    }
    Err(Refusal::Failed)
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

pub async fn put_back_here(
    section: &str,
    id: RecordId,
    seq: i64,
    field: &FieldKey,
    version: i64,
    key: String,
) -> Result<Saved, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(section)?.clone();
    let applied = put_back(&asked, &section, id, seq, field, version, key).await?;
    saved(&asked, &section, applied).await
}

pub async fn set_trashed_here(section: &str, id: RecordId, trashed: bool, key: String) -> Result<(), Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(section)?.clone();
    set_trashed(&asked, &section, id, key, trashed).await.map(drop)
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

pub async fn undo(section: &str, id: RecordId, seq: i64, key: String) -> Result<Saved, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(section)?.clone();
    let applied = take_back(&asked, &section, id, seq, key).await?;
    saved(&asked, &section, applied).await
}

async fn saved(asked: &Asked, section: &Section, applied: Applied) -> Result<Saved, Refusal> {
    let mut conn = asked.server.db.read().await?;
    // What was saved may have taken the record out of the writer's sight.
    let card = match view(&mut conn, asked, section, applied.record).await {
        Ok(card) => Some(card),
        Err(Refusal::NotFound) => None,
        Err(refusal) => return Err(refusal),
    };
    Ok(Saved { card, seq: applied.seq, left: labels(asked, section, &applied.left) })
}

fn labels(asked: &Asked, section: &Section, keys: &[FieldKey]) -> Vec<String> {
    let known = keys.iter().filter_map(|key| section.field(key));
    known.map(|field| field.label.get(asked.lang).to_string()).collect()
}

/// A refusal of the store, with what the reader needs to settle it.
pub async fn refusal(asked: &Asked, section: &Section, id: RecordId, refused: write::Refusal) -> Refusal {
    match refused {
        write::Refusal::Problems(problems) => Refusal::Problems(problems),
        write::Refusal::NotFound => Refusal::NotFound,
        write::Refusal::InTrash => Refusal::InTrash,
        write::Refusal::Forbidden => Refusal::Forbidden,
        // Repeated where it is written.
        write::Refusal::Stale => Refusal::Failed,
        write::Refusal::TooMany => Refusal::Declaration(refused.to_string()),
        write::Refusal::Store(error) => error.into(),
        write::Refusal::Conflicts(conflicts) => match clashes(asked, section, id, conflicts).await {
            Ok(clashes) => Refusal::Clashes(clashes),
            Err(refusal) => refusal,
        },
    }
}

async fn clashes(
    asked: &Asked,
    section: &Section,
    id: RecordId,
    conflicts: Vec<write::Conflict>,
) -> Result<Vec<Clash>, Refusal> {
    let mut conn = asked.server.db.read().await?;
    let version = store::record::load(&mut conn, section, id).await?.map_or(0, |record| record.version);
    let theirs = conflicts.iter().map(|conflict| Change {
        seq: 0,
        op: String::new(),
        record: id,
        version,
        at: conflict.at,
        actor: conflict.by,
        source: Source::Form,
        kind: ChangeKind::Update,
        undoes: None,
        fields: BTreeMap::from([(
            conflict.field.clone(),
            Difference { old: Value::Empty, new: conflict.theirs.clone() },
        )]),
    });
    let names = Names::of_changes(&mut conn, asked, section, &theirs.collect::<Vec<_>>()).await?;
    let said = conflicts.into_iter().filter_map(|conflict| {
        let field = section.field(&conflict.field)?;
        Some(Clash {
            label: field.label.get(asked.lang).to_string(),
            by: names.person(conflict.by).map(|person| person.name.clone()).unwrap_or_default(),
            theirs: cell(field, &conflict.theirs, &names, asked).text().to_string(),
            field: conflict.field,
            version,
        })
    });
    Ok(said.collect())
}

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
