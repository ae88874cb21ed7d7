//! What may stand in a field. One file per kind; this is the only place that lists them all,
//! beside its SQL, its input and its cell.

mod choice;
mod date;
pub mod email;
mod inn;
mod instant;
mod integer;
mod kpp;
pub mod lines;
pub mod link;
mod long_text;
mod money;
mod ogrn;
pub mod phone;
mod reference;
pub mod references;
mod text;
mod yes_no;

pub use choice::{Choice, Choices};
pub use integer::Integer;

use serde::{Deserialize, Serialize};

use super::{Target, Value, fold};
use crate::list::{DateRange, Ending, Op, Test};
use crate::problem::Code;
use crate::words::Lang;

/// What may stand in a field. A kind has all that it needs: there is no choice without choices, and no
/// reference that points nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    Text,
    LongText,
    Integer(Integer),
    Money,
    Date,
    Instant,
    YesNo,
    Choice(Choices),
    Reference(Target),
    /// Several.
    References(Target),
    Phone,
    /// Several, the main one first.
    Phones,
    Email,
    /// Several, the main one first.
    Emails,
    Link,
    Inn,
    Kpp,
    Ogrn,
}

/// What a kind has beside its name, as it is written down in the database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindData {
    /// Of a choice, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// Of a reference: `users`, or the key of a section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Of a whole number: the smallest and the greatest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<(i64, i64)>,
}

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

impl Kind {
    pub fn rules(&self) -> &dyn Rules {
        match self {
            Self::Text => &text::Text,
            Self::LongText => &long_text::LongText,
            Self::Integer(integer) => integer,
            Self::Money => &money::Money,
            Self::Date => &date::Date,
            Self::Instant => &instant::Instant,
            Self::YesNo => &yes_no::YesNo,
            Self::Choice(choices) => choices,
            Self::Reference(_) => &reference::Reference,
            Self::References(_) => &references::References,
            Self::Phone => &phone::Phone,
            Self::Phones => &lines::Lines(phone::Phone),
            Self::Email => &email::Email,
            Self::Emails => &lines::Lines(email::Email),
            Self::Link => &link::Link,
            Self::Inn => &inn::Inn,
            Self::Kpp => &kpp::Kpp,
            Self::Ogrn => &ogrn::Ogrn,
        }
    }

    pub fn own(&self) -> Op {
        self.rules().operators()[0]
    }

    /// What it points at.
    pub fn target(&self) -> Option<&Target> {
        if let Self::Reference(target) | Self::References(target) = self { Some(target) } else { None }
    }

    /// The values that it offers, in their order.
    pub fn choices(&self) -> &[Choice] {
        if let Self::Choice(choices) = self { choices } else { &[] }
    }

    /// Whether it points at several.
    pub fn is_references(&self) -> bool {
        matches!(self, Self::References(_))
    }

    /// Whether several values stand in one field, each typed in a place of its own.
    pub fn is_several(&self) -> bool {
        matches!(self, Self::References(_) | Self::Phones | Self::Emails)
    }

    /// Its name and its data, as they are written down.
    pub fn parts(&self) -> (&'static str, KindData) {
        let plain = KindData::default;
        let to = |target: &Target| KindData { target: Some(target.as_str().to_string()), ..plain() };
        match self {
            Self::Text => ("Text", plain()),
            Self::LongText => ("LongText", plain()),
            Self::Integer(integer) => ("Integer", KindData { within: integer.within, ..plain() }),
            Self::Money => ("Money", plain()),
            Self::Date => ("Date", plain()),
            Self::Instant => ("Instant", plain()),
            Self::YesNo => ("YesNo", plain()),
            Self::Choice(choices) => ("Choice", KindData { choices: choices.to_vec(), ..plain() }),
            Self::Reference(target) => ("Reference", to(target)),
            Self::References(target) => ("References", to(target)),
            Self::Phone => ("Phone", plain()),
            Self::Phones => ("Phones", plain()),
            Self::Email => ("Email", plain()),
            Self::Emails => ("Emails", plain()),
            Self::Link => ("Link", plain()),
            Self::Inn => ("Inn", plain()),
            Self::Kpp => ("Kpp", plain()),
            Self::Ogrn => ("Ogrn", plain()),
        }
    }

    /// The kind of this name; `None` where its data is missing, or it has what belongs to another one.
    pub fn from_parts(name: &str, data: KindData) -> Option<Self> {
        let target = data.target.as_deref().map(Target::from);
        let kind = match name {
            "Text" => Self::Text,
            "LongText" => Self::LongText,
            "Integer" => Self::Integer(Integer::new(data.within)?),
            "Money" => Self::Money,
            "Date" => Self::Date,
            "Instant" => Self::Instant,
            "YesNo" => Self::YesNo,
            "Choice" => Self::Choice(Choices::new(data.choices.clone())?),
            "Reference" => Self::Reference(target?),
            "References" => Self::References(target?),
            "Phone" => Self::Phone,
            "Phones" => Self::Phones,
            "Email" => Self::Email,
            "Emails" => Self::Emails,
            "Link" => Self::Link,
            "Inn" => Self::Inn,
            "Kpp" => Self::Kpp,
            "Ogrn" => Self::Ogrn,
            _ => return None,
        };
        (kind.parts().1 == data).then_some(kind)
    }
}

/// Of kinds that are text: contains, is, starts, and their negations.
const TEXT_OPERATORS: &[Op] = &[Op::Has, Op::HasNot, Op::Is, Op::Not, Op::Starts, Op::Empty, Op::Filled];
/// Of kinds that are one of a few values.
const EQUAL_OPERATORS: &[Op] = &[Op::Is, Op::Not, Op::Empty, Op::Filled];
/// Of kinds that have an order.
const RANGE_OPERATORS: &[Op] = &[Op::Within, Op::Not, Op::Empty, Op::Filled];
/// Of days and instants.
const TIME_OPERATORS: &[Op] = &[Op::Within, Op::Not, Op::Older, Op::Newer, Op::Empty, Op::Filled];
/// Of numbers with a check digit.
const CODE_OPERATORS: &[Op] = &[Op::Has, Op::HasNot, Op::Is, Op::Not, Op::Starts, Op::Empty, Op::Filled, Op::Doubtful];

/// The tests of a text whose key is folded.
fn folded_test(op: Op, typed: &str) -> Option<Test> {
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
fn code_test(op: Op, typed: &str) -> Option<Test> {
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
fn range_test(op: Op, typed: &str, end: impl Fn(&str) -> Option<i64>) -> Option<Test> {
    if op != Op::Within {
        return None;
    }
    let Some((from, to)) = typed.trim().split_once("..") else {
        let number = end(typed.trim())?;
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
fn time_test(op: Op, typed: &str) -> Option<Test> {
    match op {
        Op::Within => DateRange::parse(typed).map(Test::Days),
        Op::Older if typed.trim() == "own" => Some(Test::AgoOwn),
        Op::Older | Op::Newer => {
            let days = typed.trim().strip_suffix('d')?.parse().ok().filter(|days| (0..=36_500).contains(days))?;
            Some(Test::Ago { days, older: op == Op::Older })
        }
        _ => None,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_written_down_and_read_again() {
        let choices = Choices::of([("да", "yes", 3), ("нет", "no", 1)]);
        for kind in [
            Kind::Text,
            Kind::LongText,
            Kind::Integer(Integer::ANY),
            Kind::Integer(Integer { within: Some((1, 5)) }),
            Kind::Money,
            Kind::Date,
            Kind::Instant,
            Kind::YesNo,
            Kind::Choice(choices),
            Kind::Reference(Target::Users),
            Kind::References(Target::Section("things".into())),
            Kind::Phone,
            Kind::Phones,
            Kind::Email,
            Kind::Emails,
            Kind::Link,
            Kind::Inn,
            Kind::Kpp,
            Kind::Ogrn,
        ] {
            let (name, data) = kind.parts();
            let written = serde_json::to_string(&data).expect("JSON");
            let data = serde_json::from_str(&written).expect("data");
            assert_eq!(Kind::from_parts(name, data), Some(kind), "{name} {written}");
        }
    }

    #[test]
    fn what_lacks_its_data_or_has_anothers_is_no_kind() {
        let target = || KindData { target: Some("users".into()), ..KindData::default() };
        let backwards = KindData { within: Some((5, 1)), ..KindData::default() };
        for (name, data) in [
            ("Choice", KindData::default()),
            ("Reference", KindData::default()),
            ("References", KindData::default()),
            ("Text", target()),
            ("Integer", backwards),
            ("Colour", KindData::default()),
        ] {
            assert_eq!(Kind::from_parts(name, data), None, "{name}");
        }
        assert!(serde_json::from_str::<Kind>(r#"{"Choice":[]}"#).is_err());
    }
}
