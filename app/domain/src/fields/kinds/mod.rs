//! What may stand in a field. One file per kind; this is the only place that lists them all,
//! beside its SQL, its input and its cell.

mod email;
mod inn;
mod instant;
mod integer;
mod kpp;
pub mod link;
mod ogrn;
pub mod phone;
mod reference;
mod text;

use serde::{Deserialize, Serialize};

use super::Value;
use crate::list::Test;
use crate::problem::Code;

/// What a reference points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    Users,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    Text,
    Integer,
    Instant,
    Reference(Target),
    Phone,
    Email,
    Link,
    Inn,
    Kpp,
    Ogrn,
}

/// What a kind knows: reading what was typed, showing what is kept, and what its filter means.
pub trait Rules: Sync {
    /// What a person typed, as a value; blanks are `Empty`.
    fn parse(&self, typed: &str) -> Result<Value, Code>;

    /// Why a value that may be kept is likely to be a mistake.
    fn doubt(&self, _value: &Value) -> Option<Code> {
        None
    }

    fn is_sortable(&self) -> bool {
        true
    }

    /// Whether a second column holds what is searched and sorted.
    fn has_key(&self) -> bool {
        false
    }

    /// What is searched and sorted instead of the value, for a kind that has a key.
    fn key(&self, _value: &Value) -> Option<String> {
        None
    }

    /// As a person reads it. Instants and references need more than the value and are shown by their cells.
    fn show(&self, value: &Value) -> String {
        match value {
            Value::Empty => String::new(),
            Value::Text(text) => text.clone(),
            Value::Integer(number) | Value::Instant(number) | Value::Reference(number) => number.to_string(),
        }
    }

    /// What the kind's own operator, written `key=typed`, looks for; `None` when nothing is left of it.
    fn own_test(&self, typed: &str) -> Option<Test>;
}

impl Kind {
    pub fn rules(self) -> &'static dyn Rules {
        match self {
            Self::Text => &text::Text,
            Self::Integer => &integer::Integer,
            Self::Instant => &instant::Instant,
            Self::Reference(Target::Users) => &reference::Reference,
            Self::Phone => &phone::Phone,
            Self::Email => &email::Email,
            Self::Link => &link::Link,
            Self::Inn => &inn::Inn,
            Self::Kpp => &kpp::Kpp,
            Self::Ogrn => &ogrn::Ogrn,
        }
    }
}

/// Trims, drops invisible characters at the ends, refuses control characters and too long a text.
fn tidy(typed: &str, chars_max: usize) -> Result<&str, Code> {
    let text = typed.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
    });
    if text.chars().any(char::is_control) {
        return Err(Code::ControlCharacter);
    }
    if text.chars().count() > chars_max {
        return Err(Code::TooLong { chars_max: chars_max as u32 });
    }
    Ok(text)
}

fn text_or_empty(text: impl Into<String>) -> Value {
    let text = text.into();
    if text.is_empty() { Value::Empty } else { Value::Text(text) }
}

/// Digits with the blanks, dashes and the like that people put between them; `None` when anything else is there.
fn digits(text: &str) -> Option<String> {
    let mut found = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' => found.push(c),
            c if c.is_whitespace() || matches!(c, '-' | '–' | '—' | '.' | '\u{ad}' | '\u{200b}'..='\u{200f}') => {}
            _ => return None,
        }
    }
    Some(found)
}

/// The sum of digits times weights.
fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum()
}

/// "Contains" on a field whose value is its own key: digits and capital letters.
fn contains_code(typed: &str) -> Option<Test> {
    let part: String = typed.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    (!part.is_empty()).then_some(Test::Contains { part, ending: None })
}
