//! KPP: four digits, two digits or capital Latin letters, three digits; no check digit
//! (order of the Federal Tax Service MMV-7-6/435@ of 29.06.2012).

use super::rules::{Rules, Shape, TEXT_OPERATORS, bare, code_test, tidy};
use crate::fields::{Op, Test, Value};
use crate::limits::IDENTIFIER_CHARS_MAX;
use crate::problem::Code;

pub struct Kpp;

impl Rules for Kpp {
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        let bare = bare(typed);
        let text = tidy(&bare, IDENTIFIER_CHARS_MAX)?;
        if text.is_empty() {
            return Ok(Value::Empty);
        }
        let code: String =
            text.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_uppercase).collect();
        let shape = |(place, c): (usize, u8)| c.is_ascii_digit() || (matches!(place, 4 | 5) && c.is_ascii_uppercase());
        if code.len() != 9 || !code.bytes().enumerate().all(shape) {
            return Err(Code::KppShape);
        }
        Ok(Value::Text(code))
    }

    fn shape(&self) -> Shape {
        Shape::Code
    }

    fn operators(&self) -> &'static [Op] {
        TEXT_OPERATORS
    }

    fn test(&self, op: Op, typed: &str) -> Option<Test> {
        code_test(op, typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_signs_of_one_shape() {
        assert_eq!(Kpp.parse("7707 01001"), Ok(Value::Text("770701001".into())));
        assert_eq!(Kpp.parse("7707ab001"), Ok(Value::Text("7707AB001".into())));
        for wrong in ["77070100", "77070100А", "A70701001", "7707010011", "7707ЯЯ001"] {
            assert_eq!(Kpp.parse(wrong), Err(Code::KppShape), "{wrong}");
        }
    }
}
