//! A day, without a time and without a zone. Kept as days since 1970-01-01.

use super::rules::{Rules, Shape, TIME_OPERATORS, bare, tidy, time_test};
use crate::fields::{Op, Test, Value};
use crate::limits::IDENTIFIER_CHARS_MAX;
use crate::moment::Date as Day;
use crate::problem::Code;
use crate::words::{Lang, full_date};

pub struct Date;

impl Rules for Date {
    /// `2026-06-01` as inputs send it, `01.06.2026` as people write it.
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        let bare = bare(typed);
        let text = tidy(&bare, IDENTIFIER_CHARS_MAX)?;
        if text.is_empty() {
            return Ok(Value::Empty);
        }
        day(text).map(|day| Value::Integer(day.days())).ok_or(Code::NotADate)
    }

    fn show(&self, value: &Value, lang: Lang) -> String {
        value.number().map(|days| full_date(Day::from_days(days), lang)).unwrap_or_default()
    }

    fn edit(&self, value: &Value) -> String {
        value.number().map(|days| Day::from_days(days).iso()).unwrap_or_default()
    }

    fn shape(&self) -> Shape {
        Shape::When
    }

    fn counts_days(&self) -> bool {
        true
    }

    fn operators(&self) -> &'static [Op] {
        TIME_OPERATORS
    }

    fn test(&self, op: Op, typed: &str) -> Option<Test> {
        time_test(op, typed)
    }
}

fn day(text: &str) -> Option<Day> {
    Day::parse(text).or_else(|| {
        let mut parts = text.split('.').rev();
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        parts.next().is_none().then(|| Day::parse(&format!("{year}-{month:0>2}-{day:0>2}")))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_two_ways() {
        let first = Day::parse("2026-06-01").map(Day::days).map(Value::Integer);
        for typed in ["2026-06-01", "01.06.2026", "1.6.2026"] {
            assert_eq!(Date.parse(typed).ok(), first, "{typed}");
        }
        for wrong in ["31.06.2026", "2026-6-1", "0000-01-01", "1.6.26", "вчера", "01.06.20260"] {
            assert_eq!(Date.parse(wrong), Err(Code::NotADate), "{wrong}");
        }
        assert!(Date.parse("0001-01-01").is_ok() && Date.parse("9999-12-31").is_ok());
    }
}
