//! A field that the writer keeps from records of another section: when a client was last talked to, what comes
//! next. Whatever moves one of those records moves it, in the same transaction.

use serde::{Deserialize, Serialize};

use super::value::Value;
use crate::ids::{FieldKey, SectionKey};

/// What is taken from which records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollup {
    pub of: SectionKey,
    /// Their reference to the record that keeps the field.
    pub by: FieldKey,
    /// Only those that have these values; `Value::Empty` asks for none.
    pub only: Vec<(FieldKey, Value)>,
    pub take: Take,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Take {
    /// The greatest value of an instant.
    Latest(FieldKey),
    /// The smallest value of an instant.
    Earliest(FieldKey),
    /// The number of the first record; those with a yes in this field go before the others.
    First { preferring: FieldKey },
    /// All lines of a field of many lines.
    Lines(FieldKey),
}

impl Rollup {
    pub fn new(of: &'static str, by: &'static str, take: Take) -> Self {
        Self { of: SectionKey::built_in(of), by: FieldKey::built_in(by), only: Vec::new(), take }
    }

    /// The fields of the other section that it is made from.
    pub fn reads(&self) -> impl Iterator<Item = &FieldKey> {
        let (Take::Latest(taken) | Take::Earliest(taken) | Take::Lines(taken) | Take::First { preferring: taken }) =
            &self.take;
        [&self.by, taken].into_iter().chain(self.only.iter().map(|(key, _)| key))
    }

    pub fn only(mut self, field: &'static str, value: Value) -> Self {
        self.only.push((FieldKey::built_in(field), value));
        self
    }
}
