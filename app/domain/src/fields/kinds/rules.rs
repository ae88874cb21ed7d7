//! What a kind knows, and what several kinds have in common.

use crate::fields::Value;
use crate::fields::fold;
use crate::fields::{DateRange, Ending, Op, Test};
use crate::problem::Code;
use crate::words::Lang;

/// How wide a column is, and where its text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Text,
    /// Digits of a fixed length, a word out of a few.
    Code,
    /// Right-aligned.
    Number,
    Phone,
    When,
    Person,
}

/// What a kind knows: reading what was typed, showing what is kept, and what its filters mean.
pub trait Rules: Sync {
    /// What a person typed, as a value; blanks are `Empty`.
    fn parse(&self, typed: &str) -> Result<Value, Code>;

    /// The values that were typed into a field of several.
    fn parts(&self, typed: &str) -> Vec<String> {
        typed.split(['\n', '\r', ';']).map(str::to_string).collect()
    }

    /// What two values have in common that are one and the same, however they were typed.
    fn identity(&self, value: &Value) -> Option<String> {
        self.key(value)
    }

    /// Whether some values that may be kept are likely to be mistakes.
    fn may_be_doubtful(&self) -> bool {
        false
    }

    /// Why this one is.
    fn doubt(&self, _value: &Value) -> Option<Code> {
        None
    }

    /// Why a value of this kind may not be kept all the same: it is out of range, or not offered.
    fn refuses(&self, _value: &Value) -> Option<Code> {
        None
    }

    fn is_sortable(&self) -> bool {
        true
    }

    /// How its column stands in a table.
    fn shape(&self) -> Shape {
        Shape::Text
    }

    /// Whether its numbers count days; those of an instant count milliseconds.
    fn counts_days(&self) -> bool {
        false
    }

    /// Whether a second column holds what is searched and sorted.
    fn has_key(&self) -> bool {
        false
    }

    /// What is searched and sorted instead of the value, for a kind that has a key.
    fn key(&self, _value: &Value) -> Option<String> {
        None
    }

    /// Whether a third column holds how it is sorted, where that is not the key: numbers by their worth.
    fn sorts_numbers(&self) -> bool {
        false
    }

    /// As a person reads it. Instants and references need more than the value and are shown by their cells.
    fn show(&self, value: &Value, _lang: Lang) -> String {
        match value {
            Value::Empty => String::new(),
            Value::Text(text) => text.clone(),
            Value::Integer(number) | Value::Instant(number) | Value::Reference(number) => number.to_string(),
        }
    }

    /// As it stands in its input.
    fn edit(&self, value: &Value) -> String {
        match value {
            Value::Empty => String::new(),
            Value::Text(text) => text.clone(),
            Value::Integer(number) | Value::Instant(number) | Value::Reference(number) => number.to_string(),
        }
    }

    /// Its operators; the first is its own, written `key=typed`.
    fn operators(&self) -> &'static [Op];

    /// What a positive operator of this kind looks for; `None` when nothing is left of the text.
    fn test(&self, op: Op, typed: &str) -> Option<Test>;
}

/// Of kinds that are text: contains, is, starts, and their negations.
pub(super) const TEXT_OPERATORS: &[Op] = &[Op::Has, Op::HasNot, Op::Is, Op::Not, Op::Starts, Op::Empty, Op::Filled];
/// Of kinds that are one of a few values.
pub(super) const EQUAL_OPERATORS: &[Op] = &[Op::Is, Op::Not, Op::Empty, Op::Filled];
/// Of kinds that have an order.
pub(super) const RANGE_OPERATORS: &[Op] = &[Op::Within, Op::Not, Op::Empty, Op::Filled];
/// Of days and instants.
pub(super) const TIME_OPERATORS: &[Op] = &[Op::Within, Op::Not, Op::Older, Op::Newer, Op::Empty, Op::Filled];
/// Of numbers with a check digit.
pub(super) const CODE_OPERATORS: &[Op] =
    &[Op::Has, Op::HasNot, Op::Is, Op::Not, Op::Starts, Op::Empty, Op::Filled, Op::Doubtful];

/// The tests of a text whose key is folded.
pub(super) fn folded_test(op: Op, typed: &str) -> Option<Test> {
    let folded = fold::split(typed);
    if folded.rest.is_empty() && folded.form.is_none() {
        return None;
    }
    // What looks like a legal form may be a word of the text: «фонд мира».
    let ending = folded.form.map(|form| Ending { form: form.to_string(), whole: fold::plain(typed) });
    match op {
        Op::Has => Some(Test::Contains { part: folded.rest, ending }),
        Op::Is => fold::key(typed).map(Test::KeyIs),
        Op::Starts => Some(Test::Starts { part: folded.rest, ending }),
        _ => None,
    }
}

/// The tests of a value that is its own key: digits and capital letters.
pub(super) fn code_test(op: Op, typed: &str) -> Option<Test> {
    let part: String = typed.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    if part.is_empty() {
        return None;
    }
    match op {
        Op::Has => Some(Test::Contains { part, ending: None }),
        Op::Is => Some(Test::KeyIs(part)),
        Op::Starts => Some(Test::Starts { part, ending: None }),
        Op::Doubtful => Some(Test::Doubtful),
        _ => None,
    }
}

/// `1000..5000`, `1000..`, `..5000`, `1000`: each end as its kind reads it.
pub(super) fn range_test(op: Op, typed: &str, end: impl Fn(&str) -> Option<i64>) -> Option<Test> {
    if op != Op::Within {
        return None;
    }
    let bare = bare(typed);
    let Some((from, to)) = bare.trim().split_once("..") else {
        let number = end(bare.trim())?;
        return Some(Test::Between { from: Some(number), to: Some(number) });
    };
    let end = |part: &str| match part.trim() {
        "" => Some(None),
        part => end(part).map(Some),
    };
    let (from, to) = (end(from)?, end(to)?);
    (from.is_some() || to.is_some()).then_some(Test::Between { from, to })
}

/// Of days and instants: `30d` ago.
pub(super) fn time_test(op: Op, typed: &str) -> Option<Test> {
    let bare = bare(typed);
    match op {
        Op::Within => DateRange::parse(&bare).map(Test::Days),
        Op::Older if bare.trim() == "own" => Some(Test::AgoOwn),
        Op::Older | Op::Newer => {
            let days = bare.trim().strip_suffix('d')?.parse().ok().filter(|days| (0..=36_500).contains(days))?;
            Some(Test::Ago { days, older: op == Op::Older })
        }
        _ => None,
    }
}

/// Marks that nobody sees and that come along when a text is copied: zero-width blanks and joiners, directions, the
/// soft hyphen, the byte order mark.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Without them, for values that are no words.
pub(super) fn bare(typed: &str) -> String {
    typed.chars().filter(|c| !is_invisible(*c)).collect()
}

/// Trims, drops invisible characters at the ends, refuses control characters and too long a text.
pub(super) fn tidy(typed: &str, chars_max: usize) -> Result<&str, Code> {
    let text = typed.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    if text.chars().any(char::is_control) {
        return Err(Code::ControlCharacter);
    }
    if text.chars().count() > chars_max {
        return Err(Code::TooLong { chars_max: chars_max as u32 });
    }
    Ok(text)
}

pub(super) fn text_or_empty(text: impl Into<String>) -> Value {
    let text = text.into();
    if text.is_empty() { Value::Empty } else { Value::Text(text) }
}

/// Digits with the blanks, dashes and the like that people put between them; `None` when anything else is there.
pub(super) fn digits(text: &str) -> Option<String> {
    let mut found = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' => found.push(c),
            c if c.is_whitespace() || is_invisible(c) || "-‐‑‒–—−.".contains(c) => {}
            _ => return None,
        }
    }
    Some(found)
}

/// The sum of digits times weights.
pub(super) fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum()
}
