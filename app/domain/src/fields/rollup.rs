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
    /// How many there are; nothing where there are none.
    Count,
    /// The sum of a number; nothing where none has one.
    Sum(FieldKey),
    /// What a field has in the record where another one is greatest.
    ValueOf { field: FieldKey, greatest: FieldKey },
}

impl Take {
    /// The fields that it looks at.
    pub fn fields(&self) -> Vec<&FieldKey> {
        match self {
            Self::Latest(field) | Self::Earliest(field) | Self::Lines(field) | Self::Sum(field) => vec![field],
            Self::First { preferring } => vec![preferring],
            Self::Count => Vec::new(),
            Self::ValueOf { field, greatest } => vec![field, greatest],
        }
    }
}

impl Rollup {
    pub fn new(of: &'static str, by: &'static str, take: Take) -> Self {
        Self { of: SectionKey::built_in(of), by: FieldKey::built_in(by), only: Vec::new(), take }
    }

    /// The fields of the other section that it is made from.
    pub fn reads(&self) -> impl Iterator<Item = &FieldKey> {
        let only = self.only.iter().map(|(key, _)| key);
        [&self.by].into_iter().chain(self.take.fields()).chain(only)
    }

    pub fn only(mut self, field: &'static str, value: Value) -> Self {
        self.only.push((FieldKey::built_in(field), value));
        self
    }
}
