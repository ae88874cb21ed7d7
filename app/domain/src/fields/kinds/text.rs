//! One line of text.

use super::rules::{Rules, TEXT_OPERATORS, folded_test, text_or_empty, tidy};
use crate::fields::{Op, Test, Value, fold};
use crate::limits::TEXT_CHARS_MAX;
use crate::problem::Code;

pub struct Text;

impl Rules for Text {
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        // Pasted line breaks are blanks here.
        let one_line = typed.replace(['\r', '\n', '\t'], " ");
        tidy(&one_line, TEXT_CHARS_MAX).map(text_or_empty)
    }

    fn has_key(&self) -> bool {
        true
    }

    fn key(&self, value: &Value) -> Option<String> {
        value.text().and_then(fold::key)
    }

    fn sorts_numbers(&self) -> bool {
        true
    }

    fn operators(&self) -> &'static [Op] {
        TEXT_OPERATORS
    }

    fn test(&self, op: Op, typed: &str) -> Option<Test> {
        folded_test(op, typed)
    }
}
