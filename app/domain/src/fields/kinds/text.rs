//! One line of text.

use super::{Rules, Value, text_or_empty, tidy};
use crate::fields::fold;
use crate::limits::TEXT_CHARS_MAX;
use crate::list::Test;
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

    fn own_test(&self, typed: &str) -> Option<Test> {
        let folded = fold::split(typed);
        if folded.rest.is_empty() && folded.form.is_none() {
            return None;
        }
        Some(Test::Contains { part: folded.rest, ending: folded.form.map(str::to_string) })
    }
}
