//! References to several records or employees, by their numbers: `17,48`. Which records point where also stands
//! in a table of links, so that a filter finds them at once.

use super::reference;
use super::rules::{EQUAL_OPERATORS, Rules, Shape, text_or_empty};
use crate::fields::{Op, Test, Value};
use crate::ids::{RecordId, record_id};
use crate::limits::LINKS_MAX;
use crate::problem::Code;

pub struct References;

/// The numbers, each once, in the order of their values.
pub fn ids(value: &Value) -> Vec<RecordId> {
    value.text().unwrap_or_default().split(',').filter_map(record_id).collect()
}

pub fn value(mut ids: Vec<RecordId>) -> Value {
    ids.sort_unstable();
    ids.dedup();
    text_or_empty(ids.iter().map(RecordId::to_string).collect::<Vec<_>>().join(","))
}

impl Rules for References {
    /// Numbers with anything between them.
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        let parts = typed.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
        let ids: Vec<RecordId> = parts.map(record_id).collect::<Option<_>>().ok_or(Code::UnknownRecord)?;
        if ids.is_empty() && !typed.trim().is_empty() && typed.chars().any(char::is_alphanumeric) {
            return Err(Code::UnknownRecord);
        }
        if ids.len() > LINKS_MAX {
            return Err(Code::TooManyLines { lines_max: LINKS_MAX as u32 });
        }
        Ok(value(ids))
    }

    fn is_sortable(&self) -> bool {
        false
    }

    fn shape(&self) -> Shape {
        Shape::Person
    }

    fn operators(&self) -> &'static [Op] {
        EQUAL_OPERATORS
    }

    fn test(&self, op: Op, typed: &str) -> Option<Test> {
        reference::Reference.test(op, typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_kept_once_and_in_order() {
        assert_eq!(References.parse("48\n17, 48"), Ok(Value::Text("17,48".into())));
        assert_eq!(ids(&Value::Text("17,48".into())), [17, 48]);
        assert_eq!(References.parse(" , "), Ok(Value::Empty));
        assert_eq!(References.parse("Ромашка"), Err(Code::UnknownRecord));
    }
}
