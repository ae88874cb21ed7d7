//! A record of any section: `clients.17`. What hangs on it need not know which sections there are.

use super::rules::{EQUAL_OPERATORS, Rules, Shape};
use crate::fields::{Op, Test, Value};
use crate::ids::RecordRef;
use crate::problem::Code;

pub struct Record;

/// The record that a value names.
pub fn named(value: &Value) -> Option<RecordRef> {
    RecordRef::parse(value.text()?)
}

pub fn value(record: &RecordRef) -> Value {
    Value::Text(record.to_string())
}

impl Rules for Record {
    /// Whether there is such a record is asked where it is written.
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        match typed.trim() {
            "" => Ok(Value::Empty),
            typed => RecordRef::parse(typed).map(|record| value(&record)).ok_or(Code::UnknownRecord),
        }
    }

    fn refuses(&self, given: &Value) -> Option<Code> {
        (!given.is_empty() && named(given).is_none_or(|record| value(&record) != *given)).then_some(Code::UnknownRecord)
    }

    fn is_sortable(&self) -> bool {
        false
    }

    fn operators(&self) -> &'static [Op] {
        EQUAL_OPERATORS
    }

    fn test(&self, op: Op, typed: &str) -> Option<Test> {
        if op != Op::Is {
            return None;
        }
        RecordRef::parse(typed).map(|record| Test::KeyIs(record.to_string()))
    }

    fn shape(&self) -> Shape {
        Shape::Person
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_record_passes() {
        assert_eq!(Record.parse("deals.5"), Ok(Value::Text("deals.5".into())));
        assert_eq!(Record.parse(" "), Ok(Value::Empty));
        assert_eq!(Record.parse("5"), Err(Code::UnknownRecord));
        assert_eq!(Record.refuses(&Value::Text("deals.05".into())), Some(Code::UnknownRecord));
        assert_eq!(named(&Value::Text("deals.5".into())).map(|record| record.path()), Some("/deals/5".into()));
    }
}
