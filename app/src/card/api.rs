//! Server functions of a card.

use domain::change::Pairs;
use domain::fields::Target;
use domain::ids::FieldKey;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::refusal::{Clash, Refusal};
use crate::ui::Person;
use crate::values::Cell;

/// A record, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardView {
    pub section: String,
    pub id: i64,
    pub version: i64,
    pub title: String,
    pub named: bool,
    pub name: FieldView,
    /// In the order of the card.
    pub fields: Vec<FieldView>,
    /// The employee shown beside the name.
    pub responsible: Option<Person>,
    /// Records of other sections that belong to this one.
    pub panels: Vec<Panel>,
    /// «Удалён вчера, 10:15, Анна Крылова»
    pub trashed: Option<String>,
    /// A value of few («Опт»), shown beside the name.
    pub chip: Option<String>,
    /// What happened last.
    pub lately: Option<Cell>,
    /// Where it stands in the list that it was opened from.
    pub place: Option<PlaceView>,
    /// What was typed into a form that was refused.
    pub draft: Option<DraftView>,
}

/// «3 из 1 204», and the ways to the ones beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceView {
    pub position: String,
    pub list: String,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// A section's records that refer to the record of the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panel {
    /// The referring field, which makes the panel one of its kind.
    pub field: FieldKey,
    pub label: String,
    pub count: String,
    /// The list of all of them.
    pub href: String,
    pub rows: Vec<PanelRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelRow {
    pub id: i64,
    pub href: String,
    pub title: Cell,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldView {
    pub key: FieldKey,
    pub label: String,
    pub cell: Cell,
    pub input: Input,
}

/// How a field is edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Input {
    /// Set by the system.
    ReadOnly,
    Line {
        value: String,
        mode: LineMode,
    },
    /// Several lines.
    Lines {
        value: String,
    },
    Choice {
        chosen: String,
        options: Vec<Choice>,
    },
    /// An employee or a record, searched for.
    Reference {
        chosen: String,
        shown: String,
        target: Target,
    },
    /// Several of them: boxes to untick, and a search for one more.
    Several {
        chosen: Vec<Choice>,
        target: Target,
    },
}

/// One of the values to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

/// Which keyboard a phone shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LineMode {
    Text,
    Digits,
    Phone,
    Email,
    Link,
    Date,
}

impl Input {
    /// What the input holds when nothing was typed.
    pub fn value(&self) -> String {
        match self {
            Self::Several { chosen, .. } => {
                chosen.iter().map(|choice| choice.value.as_str()).collect::<Vec<_>>().join("\n")
            }
            Self::ReadOnly => String::new(),
            Self::Line { value, .. } | Self::Lines { value } => value.clone(),
            Self::Choice { chosen, .. } | Self::Reference { chosen, .. } => chosen.clone(),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftView {
    /// Field and what was typed.
    pub typed: Vec<(FieldKey, String)>,
    pub refusal: Option<Refusal>,
}

impl DraftView {
    pub fn typed(&self, key: &FieldKey) -> Option<&str> {
        self.typed.iter().find(|(field, _)| field == key).map(|(_, typed)| typed.as_str())
    }
}

/// What saving a field gives back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// `None` when the record is one that the writer may not see any more.
    pub card: Option<CardView>,
    /// The change to undo; `None` when nothing was different.
    pub seq: Option<i64>,
    /// Labels of fields that an undo left alone.
    pub left: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryView {
    pub days: Vec<Day>,
    /// The seq that the page before begins below.
    pub earlier: Option<i64>,
    /// Who has changed the record.
    pub authors: Vec<Person>,
    pub version: i64,
    /// Labels of fields that the undo just made left alone.
    pub left: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    pub name: String,
    pub entries: Vec<Entry>,
}

/// One change of the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub seq: i64,
    /// The record's version when it was read: putting a value back begins with it.
    pub record_version: i64,
    pub by: Option<Person>,
    pub time: String,
    pub exact: String,
    /// «возврат», «загрузка»
    pub source: Option<String>,
    pub what: What,
    /// Whether the one who reads may take the whole change back.
    pub can_undo: bool,
    /// The act on many records that it was a part of.
    pub operation: Option<PartOf>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartOf {
    pub op: String,
    /// «12 клиентов»
    pub records: String,
    pub can_undo: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// Created, deleted, restored: a sentence.
    Act(String),
    Values(Vec<ValueChange>),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueChange {
    pub key: FieldKey,
    pub label: String,
    pub old: Vec<Piece>,
    pub new: Vec<Piece>,
    /// Whether the old value is another than the present one, and may be put back.
    pub can_put_back: bool,
}

/// A part of a text, and whether the other text lacks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub text: String,
    pub changed: bool,
}

/// Which changes are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryWish {
    pub section: String,
    pub id: i64,
    pub before: Option<i64>,
    pub field: Option<String>,
    pub by: Option<i64>,
    /// Fields that the undo just made left alone.
    pub left: Vec<String>,
    /// A few of the latest only.
    pub latest: bool,
}

/// Where a value comes from: who wrote it, when, and what it was before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    pub seq: i64,
    pub by: Option<Person>,
    pub near: String,
    pub exact: String,
    /// «пусто» when there was nothing; `None` for what it was made with.
    pub old: Option<String>,
    pub can_put_back: bool,
}

/// Saves what was typed into one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    pub section: String,
    pub id: i64,
    /// The version that the editor saw.
    pub version: i64,
    pub key: String,
    pub field: FieldKey,
    pub typed: String,
    /// Keep a doubtful value.
    pub accept: bool,
}

#[server(prefix = "/call", endpoint = "card", input = Json)]
pub async fn card(section: String, id: i64, draft: Option<String>, list: Option<String>) -> Result<CardView, Refusal> {
    crate::asked::answer(super::load::card(&section, id, draft.as_deref(), list.as_deref()).await)
}

#[server(prefix = "/call", endpoint = "history", input = Json)]
pub async fn history(wish: HistoryWish) -> Result<HistoryView, Refusal> {
    crate::asked::answer(super::load::history(wish).await)
}

/// Makes a record with these values; gives its number.
#[server(prefix = "/call", endpoint = "create", input = Json)]
pub async fn create(section: String, given: Pairs, key: String) -> Result<i64, Refusal> {
    crate::asked::answer(super::load::create(&crate::asked::Asked::here()?, &section, given, key).await)
}

#[server(prefix = "/call", endpoint = "save", input = Json)]
pub async fn save(edit: Edit) -> Result<Saved, Refusal> {
    crate::asked::answer(super::load::save(edit).await)
}

/// Makes a record from its section's own form; gives its number.
#[server(prefix = "/call", endpoint = "add", input = Json)]
pub async fn add(section: String, pairs: Pairs, key: String) -> Result<i64, Refusal> {
    let add = async {
        let asked = crate::asked::Asked::here()?;
        Ok(super::load::add(&asked, &section, pairs, key).await?.record)
    };
    crate::asked::answer(add.await)
}

/// What a section's own form on another page begins with: what was typed into one that was refused, and the day
/// that it is where the writer is.
#[server(prefix = "/call", endpoint = "form_begins", input = Json)]
pub async fn form_begins(section: String, draft: Option<String>) -> Result<(Option<DraftView>, String), Refusal> {
    let begins = async {
        let asked = crate::asked::Asked::here()?;
        let today = asked.now_moment().date().iso();
        let mut conn = asked.server.db.read().await?;
        Ok((super::load::draft_of(&mut conn, &asked, &section, draft.as_deref()).await, today))
    };
    crate::asked::answer(begins.await)
}

/// Changes a record from its section's own form; gives the change to undo.
#[server(prefix = "/call", endpoint = "change", input = Json)]
pub async fn change(section: String, id: i64, version: i64, pairs: Pairs, key: String) -> Result<Option<i64>, Refusal> {
    let change = async {
        let asked = crate::asked::Asked::here()?;
        let section = asked.section(&section)?.clone();
        Ok(super::load::change(&asked, &section, id, version, pairs, key).await?.seq)
    };
    crate::asked::answer(change.await)
}

/// Takes one change back.
#[server(prefix = "/call", endpoint = "undo", input = Json)]
pub async fn undo(section: String, id: i64, seq: i64, key: String) -> Result<Saved, Refusal> {
    crate::asked::answer(super::load::undo(&section, id, seq, key).await)
}

/// Where the present value of a field comes from; `None` when nobody has written it.
#[server(prefix = "/call", endpoint = "value_trace", input = Json)]
pub async fn value_trace(section: String, id: i64, field: FieldKey) -> Result<Option<Trace>, Refusal> {
    crate::asked::answer(super::load::trace(&section, id, &field).await)
}

/// Puts one earlier value back.
#[server(prefix = "/call", endpoint = "put_back", input = Json)]
pub async fn put_back(
    section: String,
    id: i64,
    seq: i64,
    field: FieldKey,
    version: i64,
    key: String,
) -> Result<Saved, Refusal> {
    crate::asked::answer(super::load::put_back_here(&section, id, seq, &field, version, key).await)
}

/// Puts a record into the trash, or takes it out.
#[server(prefix = "/call", endpoint = "set_trashed", input = Json)]
pub async fn set_trashed(section: String, id: i64, trashed: bool, key: String) -> Result<(), Refusal> {
    crate::asked::answer(super::load::set_trashed_here(&section, id, trashed, key).await)
}

/// Somebody else's values, said to the one who was writing.
pub fn clash_of<'a>(refusal: &'a Refusal, field: &FieldKey) -> Option<&'a Clash> {
    match refusal {
        Refusal::Clashes(clashes) => clashes.iter().find(|clash| clash.field == *field),
        _ => None,
    }
}
