//! Yes or no, or not said.

use super::rules::{EQUAL_OPERATORS, Rules, Shape};
use crate::fields::{Op, Test, Value};
use crate::problem::Code;
use crate::words::{Lang, Word};

pub struct YesNo;

impl Rules for YesNo {
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        match typed.trim() {
            "" => Ok(Value::Empty),
            text => read(text).map(Value::Integer).ok_or(Code::NotYesNo),
        }
    }

    fn show(&self, value: &Value, lang: Lang) -> String {
        match value.number() {
            Some(0) => Word::No.text(lang).to_string(),
            Some(_) => Word::Yes.text(lang).to_string(),
            None => String::new(),
        }
    }

    fn shape(&self) -> Shape {
        Shape::Code
    }

    fn operators(&self) -> &'static [Op] {
        EQUAL_OPERATORS
    }

    fn test(&self, op: Op, typed: &str) -> Option<Test> {
        let yes = read(typed.trim())?;
        (op == Op::Is).then_some(Test::Equals(Value::Integer(yes)))
    }
}

fn read(text: &str) -> Option<i64> {
    match text.to_lowercase().as_str() {
        "1" | "да" | "yes" | "true" => Some(1),
        "0" | "нет" | "no" | "false" => Some(0),
        _ => None,
    }
}
