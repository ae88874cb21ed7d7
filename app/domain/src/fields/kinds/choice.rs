//! One of the values that the field lists, by its id.

use super::{EQUAL_OPERATORS, FieldSpec, Rules, Shape, Value};
use crate::ids::record_id;
use crate::list::{Op, Test};
use crate::problem::Code;
use crate::words::Lang;

pub struct Choice;

impl Rules for Choice {
    /// Whether the field has such a value is asked where it is written.
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        match typed.trim() {
            "" => Ok(Value::Empty),
            id => record_id(id).map(Value::Integer).ok_or(Code::UnknownChoice),
        }
    }

    /// By id it would be an order that nobody can read.
    fn is_sortable(&self) -> bool {
        false
    }

    fn show(&self, value: &Value, field: &FieldSpec, lang: Lang) -> String {
        let chosen = field.choices.iter().find(|choice| Some(choice.id) == value.number());
        chosen.map(|choice| choice.label.get(lang).to_string()).unwrap_or_default()
    }

    fn shape(&self) -> Shape {
        Shape::Code
    }

    fn operators(&self) -> &'static [Op] {
        EQUAL_OPERATORS
    }

    fn test(&self, op: Op, typed: &str) -> Option<Test> {
        let id = record_id(typed.trim())?;
        (op == Op::Is).then_some(Test::Equals(Value::Integer(id)))
    }
}
