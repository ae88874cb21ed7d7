//! Several lines of text.

use super::rules::{Rules, TEXT_OPERATORS, folded_test, text_or_empty};
use crate::fields::{Op, Test, Value, fold};
use crate::limits::LONG_TEXT_CHARS_MAX;
use crate::problem::Code;

pub struct LongText;

impl Rules for LongText {
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        // Forms send line breaks as CR LF.
        let text = typed.replace("\r\n", "\n").replace('\r', "\n");
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(Code::ControlCharacter);
        }
        let text = text.trim();
        if text.chars().count() > LONG_TEXT_CHARS_MAX {
            return Err(Code::TooLong { chars_max: LONG_TEXT_CHARS_MAX as u32 });
        }
        Ok(text_or_empty(text))
    }

    fn has_key(&self) -> bool {
        true
    }

    fn key(&self, value: &Value) -> Option<String> {
        value.text().and_then(fold::key)
    }

    fn operators(&self) -> &'static [Op] {
        TEXT_OPERATORS
    }

    fn test(&self, op: Op, typed: &str) -> Option<Test> {
        folded_test(op, typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_kept_and_control_characters_refused() {
        assert_eq!(LongText.parse(" a\r\nb \n"), Ok(Value::Text("a\nb".into())));
        assert_eq!(LongText.parse("\r\n "), Ok(Value::Empty));
        assert_eq!(LongText.parse("a\0"), Err(Code::ControlCharacter));
        assert!(LongText.parse(&"я".repeat(LONG_TEXT_CHARS_MAX + 1)).is_err());
    }
}
