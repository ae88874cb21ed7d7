//! Changes as they are shown.

use domain::ids::FieldKey;
use serde::{Deserialize, Serialize};

use crate::ui::Person;

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
