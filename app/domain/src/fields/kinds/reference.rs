//! A reference to an employee, by id.

use super::{Rules, Value};
use crate::ids::record_id;
use crate::list::Test;
use crate::problem::Code;

pub struct Reference;

impl Rules for Reference {
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        match typed.trim() {
            "" => Ok(Value::Empty),
            id => record_id(id).map(Value::Reference).ok_or(Code::UnknownEmployee),
        }
    }

    /// By id it would be an order that nobody can read.
    fn is_sortable(&self) -> bool {
        false
    }

    /// `me`, or an employee's id.
    fn own_test(&self, typed: &str) -> Option<Test> {
        match typed.trim() {
            "me" => Some(Test::Me),
            id => record_id(id).map(|id| Test::Equals(Value::Reference(id))),
        }
    }
}
