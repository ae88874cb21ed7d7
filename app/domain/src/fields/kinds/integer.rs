//! A whole number.

use super::{Rules, Value, digits, tidy};
use crate::limits::IDENTIFIER_CHARS_MAX;
use crate::list::Test;
use crate::problem::Code;

pub struct Integer;

impl Rules for Integer {
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        let text = tidy(typed, IDENTIFIER_CHARS_MAX)?;
        if text.is_empty() {
            return Ok(Value::Empty);
        }
        text.replace(char::is_whitespace, "").parse().map(Value::Integer).map_err(|_| Code::NotAnInteger)
    }

    /// The number itself; «№ 17» is 17.
    fn own_test(&self, typed: &str) -> Option<Test> {
        let number = digits(typed.trim().trim_start_matches(['№', '#']))?;
        number.parse().ok().map(|number| Test::Equals(Value::Integer(number)))
    }
}
