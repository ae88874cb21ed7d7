//! A reference to an employee or to a record of another section, by number.

use super::rules::{EQUAL_OPERATORS, Rules, Shape};
use crate::fields::{Op, Test, Value};
use crate::ids::record_id;
use crate::problem::Code;

pub struct Reference;

impl Rules for Reference {
    /// A number, also as it is shown: «№ 17». Whether there is such a record is asked where it is written.
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        match number(typed) {
            "" => Ok(Value::Empty),
            id => record_id(id).map(Value::Reference).ok_or(Code::UnknownRecord),
        }
    }

    /// By number it would be an order that nobody can read.
    fn is_sortable(&self) -> bool {
        false
    }

    fn shape(&self) -> Shape {
        Shape::Person
    }

    fn operators(&self) -> &'static [Op] {
        EQUAL_OPERATORS
    }

    /// `me`, or a number.
    fn test(&self, op: Op, typed: &str) -> Option<Test> {
        if op != Op::Is {
            return None;
        }
        match number(typed) {
            "me" => Some(Test::Me),
            id => record_id(id).map(|id| Test::Equals(Value::Reference(id))),
        }
    }
}

fn number(typed: &str) -> &str {
    typed.trim().trim_start_matches(['№', '#']).trim_start()
}
