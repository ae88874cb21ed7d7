//! The URL is the view: a `ListQuery` prints to and parses from the query string.

mod cursor;
mod query;

pub use cursor::{Cursor, Place, Walk};
pub use query::{Condition, Direction, Dropped, ListQuery, Sort, encode, pairs};

use serde::{Deserialize, Serialize};

use crate::fields::{Value, fold};
use crate::ids::RecordId;
use crate::moment::Date;
use crate::words::{Forms, Lang};

/// What one condition means, once its kind has read what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// The key contains `part` and, where a legal form was typed, ends with it.
    Contains {
        part: String,
        ending: Option<String>,
    },
    /// The key contains these digits anywhere, or starts with those.
    Digits {
        anywhere: String,
        start: Option<String>,
    },
    Equals(Value),
    /// The reference is the one who asks.
    Me,
    /// The instant lies within these days of the reader.
    Days(DateRange),
}

/// Days from and to, both included; an open end is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateRange {
    pub from: Option<Date>,
    pub to: Option<Date>,
}

impl DateRange {
    /// `2026-06-01..2026-06-30`, `2026-06-01..`, `..2026-06-30`, `2026-06-01`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let Some((from, to)) = text.split_once("..") else {
            let day = Date::parse(text)?;
            return Some(Self { from: Some(day), to: Some(day) });
        };
        let end = |part: &str| match part {
            "" => Some(None),
            part => Date::parse(part).map(Some),
        };
        let (from, to) = (end(from)?, end(to)?);
        (from.is_some() || to.is_some()).then_some(Self { from, to })
    }
}

/// Reads a text as the name that a record without one shows: «клиент 17», «№ 17» and «17» are
/// `Some(Some(17))`, «клиент» is any of them: `Some(None)`.
pub fn automatic_name(forms: &Forms, typed: &str, lang: Lang) -> Option<Option<RecordId>> {
    let folded = fold::key(typed)?;
    let word = fold::key(forms.one.get(lang))?;
    let (after_word, has_word) = match folded.strip_prefix(&word) {
        Some(rest) => (rest, true),
        None => (folded.as_str(), false),
    };
    let number = after_word.trim_start().trim_start_matches(['№', '#']).trim_start_matches("no.").trim_start();
    if number.is_empty() {
        return has_word.then_some(None);
    }
    crate::ids::record_id(number).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Label;

    #[test]
    fn a_nameless_record_is_found_by_what_it_shows() {
        let forms = Forms { one: Label::new("Клиент", "Client"), ..Forms::default() };
        let read = |typed| automatic_name(&forms, typed, Lang::Ru);
        for typed in ["клиент 17", "Клиент № 17", "Клиент №\u{202f}17", "№ 17", "№17", "17", " 17 "]
        {
            assert_eq!(read(typed), Some(Some(17)), "{typed}");
        }
        assert_eq!(read("клиент"), Some(None));
        assert_eq!(read("Клиент №"), Some(None));
        for typed in ["", "№", "клиентура", "17а", "ромашка 17"] {
            assert_eq!(read(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_range_has_at_least_one_real_end() {
        let day = |text| Date::parse(text);
        assert_eq!(DateRange::parse("2026-06-01.."), Some(DateRange { from: day("2026-06-01"), to: None }));
        assert_eq!(DateRange::parse("..2026-06-30"), Some(DateRange { from: None, to: day("2026-06-30") }));
        assert_eq!(DateRange::parse("2026-06-01").map(|range| range.to), Some(day("2026-06-01")));
        for wrong in ["", "..", "вчера", "2026-06-01..x", "2026-06-31.."] {
            assert_eq!(DateRange::parse(wrong), None, "{wrong}");
        }
    }
}
