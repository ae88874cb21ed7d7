//! What may be asked of a field: its operators, and what they mean once a text has been read.

use serde::{Deserialize, Serialize};

use super::value::Value;
use crate::moment::Date;

/// What a condition asks of a field. A kind's own operator is written `key=typed`, others `key.op=typed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Op {
    /// Contains; of a phone, digits.
    Has,
    HasNot,
    Is,
    Not,
    Starts,
    /// In a range; its negation is `Not`.
    Within,
    Empty,
    Filled,
    /// More than so many days ago.
    Older,
    /// At most so many days ago.
    Newer,
    /// Kept although it is likely a mistake.
    Doubtful,
}

impl Op {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Has => "has",
            Self::HasNot => "hasnot",
            Self::Is => "is",
            Self::Not => "not",
            Self::Starts => "starts",
            Self::Within => "within",
            Self::Empty => "empty",
            Self::Filled => "filled",
            Self::Older => "older",
            Self::Newer => "newer",
            Self::Doubtful => "doubtful",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        const ALL: [Op; 11] = [
            Op::Has,
            Op::HasNot,
            Op::Is,
            Op::Not,
            Op::Starts,
            Op::Within,
            Op::Empty,
            Op::Filled,
            Op::Older,
            Op::Newer,
            Op::Doubtful,
        ];
        ALL.into_iter().find(|op| op.as_str() == text)
    }

    /// Whether it needs no text: what stands in the address is only there to be there.
    pub fn is_bare(self) -> bool {
        matches!(self, Self::Empty | Self::Filled | Self::Doubtful)
    }

    /// The operator that it turns round, for a kind whose own operator is `own`: together the two take
    /// every record, and none twice.
    pub fn negates(self, own: Self) -> Option<Self> {
        match self {
            Self::HasNot => Some(Self::Has),
            Self::Not if own == Self::Within => Some(Self::Within),
            Self::Not => Some(Self::Is),
            Self::Filled => Some(Self::Empty),
            Self::Has
            | Self::Is
            | Self::Starts
            | Self::Within
            | Self::Empty
            | Self::Older
            | Self::Newer
            | Self::Doubtful => None,
        }
    }
}

/// What a condition means, once its kind has read what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// The key contains `part` and, where a legal form was typed, ends with it.
    Contains {
        part: String,
        ending: Option<Ending>,
    },
    /// The key starts with `part` and, where a legal form was typed, ends with it.
    Starts {
        part: String,
        ending: Option<Ending>,
    },
    /// The key contains these digits anywhere, or starts with those.
    Digits {
        anywhere: String,
        start: Option<String>,
    },
    KeyIs(String),
    Equals(Value),
    /// The reference is the one who asks.
    Me,
    /// The day, or the instant's day where the reader is, lies within.
    Days(DateRange),
    /// The number lies within, ends included.
    Between {
        from: Option<i64>,
        to: Option<i64>,
    },
    /// More than so many days ago, or at most.
    Ago {
        days: i64,
        older: bool,
    },
    /// Longer ago than the record's own rhythm.
    AgoOwn,
    AnyOf(Vec<Test>),
    Empty,
    Doubtful,
}

/// A legal form that was typed with a text: the key ends with it, or has the text as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    pub form: String,
    pub whole: String,
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

#[cfg(test)]
mod tests {
    use super::*;

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
