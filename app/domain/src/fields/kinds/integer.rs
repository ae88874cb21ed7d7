//! A whole number.

use super::{EQUAL_OPERATORS, Rules, Shape, Value, tidy};
use crate::limits::IDENTIFIER_CHARS_MAX;
use crate::list::{Op, Test};
use crate::problem::Code;

pub struct Integer;

/// Larger ones would not survive a trip through JavaScript.
const ABSOLUTE_MAX: u64 = 1 << 53;

impl Rules for Integer {
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        let text = tidy(typed, IDENTIFIER_CHARS_MAX)?;
        if text.is_empty() {
            return Ok(Value::Empty);
        }
        whole(text).map(Value::Integer).ok_or(Code::NotAnInteger)
    }

    fn shape(&self) -> Shape {
        Shape::Number
    }

    fn operators(&self) -> &'static [Op] {
        EQUAL_OPERATORS
    }

    /// The number itself; «№ 17» is 17.
    fn test(&self, op: Op, typed: &str) -> Option<Test> {
        let number = whole(typed.trim().trim_start_matches(['№', '#']))?;
        (op == Op::Is).then_some(Test::Equals(Value::Integer(number)))
    }
}

/// Digits with blanks between them, and a minus of any kind.
fn whole(text: &str) -> Option<i64> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).map(|c| if c == '−' { '-' } else { c }).collect();
    plain.parse().ok().filter(|number: &i64| number.unsigned_abs() <= ABSOLUTE_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_may_have_blanks_and_a_minus() {
        assert_eq!(Integer.parse("1 204"), Ok(Value::Integer(1204)));
        assert_eq!(Integer.parse("−5"), Ok(Value::Integer(-5)));
        for wrong in ["1,5", "x", "--1", "99999999999999999999", "9007199254740993", "-9223372036854775808"] {
            assert_eq!(Integer.parse(wrong), Err(Code::NotAnInteger), "{wrong}");
        }
    }
}
