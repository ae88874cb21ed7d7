//! What somebody wants to change, and what was changed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fields::{Stamp, Value};
use crate::ids::{FieldKey, RecordId, UserId};
use crate::limits::PARTS_MAX;

/// What a form has: what was typed for each field, in its order. More than `PARTS_MAX` are not read.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<(FieldKey, String)>", into = "Vec<(FieldKey, String)>")]
pub struct Pairs(Vec<(FieldKey, String)>);

impl TryFrom<Vec<(FieldKey, String)>> for Pairs {
    type Error = String;

    fn try_from(pairs: Vec<(FieldKey, String)>) -> Result<Self, String> {
        if pairs.len() > PARTS_MAX { Err(format!("more than {PARTS_MAX} parts")) } else { Ok(Self(pairs)) }
    }
}

impl Pairs {
    pub fn iter(&self) -> std::slice::Iter<'_, (FieldKey, String)> {
        self.0.iter()
    }

    /// What was typed for a field; of several inputs the last one counts.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(key, _)| key.as_str() == name).map(|(_, text)| text.trim())
    }
}

impl IntoIterator for Pairs {
    type Item = (FieldKey, String);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl FromIterator<(FieldKey, String)> for Pairs {
    fn from_iter<I: IntoIterator<Item = (FieldKey, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl From<Pairs> for Vec<(FieldKey, String)> {
    fn from(pairs: Pairs) -> Self {
        pairs.0
    }
}

/// New values for some fields of a record, as typed or as taken from the history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Patch {
    pub fields: Vec<(FieldKey, Input)>,
    /// Fields whose doubtful value is kept all the same.
    pub accept: Vec<FieldKey>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Input {
    /// What a person typed; the field's kind reads it.
    Typed(String),
    /// A value that was in the field before.
    Value(Value),
    /// What the system knows when it is written.
    Stamp(Stamp),
    /// A reference to the record that an earlier act of the same call makes: its place among the acts, from 0.
    Made(usize),
}

impl Patch {
    pub fn typed(field: &FieldKey, text: &str) -> Self {
        Self { fields: vec![(field.clone(), Input::Typed(text.to_string()))], accept: Vec::new() }
    }

    /// Every input of a form as its field.
    pub fn of_pairs(pairs: impl IntoIterator<Item = (FieldKey, String)>) -> Self {
        let fields = pairs.into_iter().map(|(key, text)| (key, Input::Typed(text))).collect();
        Self { fields, accept: Vec::new() }
    }

    pub fn keys(&self) -> impl Iterator<Item = &FieldKey> {
        self.fields.iter().map(|(key, _)| key)
    }
}

/// One entry of the history: what one operation did to one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its place in the event log.
    pub seq: i64,
    /// Shared by everything that was done in one act.
    pub op: String,
    pub record: RecordId,
    /// The record's version after it.
    pub version: i64,
    /// Milliseconds since 1970-01-01T00:00Z.
    pub at: i64,
    pub actor: UserId,
    pub source: Source,
    pub kind: ChangeKind,
    /// The operation that this one takes back.
    pub undoes: Option<String>,
    pub fields: BTreeMap<FieldKey, Difference>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub old: Value,
    pub new: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeKind {
    Create,
    Update,
    Trash,
    Restore,
}

/// Where a change came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    Form,
    Undo,
    Seed,
}

impl ChangeKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Trash => "trash",
            Self::Restore => "restore",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Create, Self::Update, Self::Trash, Self::Restore].into_iter().find(|kind| kind.as_str() == text)
    }
}

impl Source {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Undo => "undo",
            Self::Seed => "seed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Form, Self::Undo, Self::Seed].into_iter().find(|source| source.as_str() == text)
    }
}
