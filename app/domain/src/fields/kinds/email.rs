//! An e-mail address. Only its shape is checked: that letters arrive is known when one does.

use super::{Rules, TEXT_OPERATORS, Value, folded_test, text_or_empty, tidy};
use crate::fields::fold;
use crate::limits::IDENTIFIER_CHARS_MAX;
use crate::list::{Op, Test};
use crate::problem::Code;

pub struct Email;

impl Rules for Email {
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        let text = tidy(typed, IDENTIFIER_CHARS_MAX)?;
        if text.is_empty() {
            return Ok(Value::Empty);
        }
        let shape = |(name, host): (&str, &str)| {
            !name.is_empty()
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
                && !host.contains('@')
        };
        let clean = !text
            .contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')' | ',' | ';' | ':' | '\\'));
        if !clean || !text.split_once('@').is_some_and(shape) {
            return Err(Code::EmailShape);
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
    fn only_an_address_passes() {
        assert_eq!(Email.parse(" office@romashka.ru "), Ok(Value::Text("office@romashka.ru".into())));
        assert_eq!(Email.parse("почта@пример.рф"), Ok(Value::Text("почта@пример.рф".into())));
        for wrong in ["office", "@a.ru", "a@ru", "a@b@c.ru", "a b@c.ru", "a@.ru", "x:y@a.ru", "<a@b.ru>"] {
            assert_eq!(Email.parse(wrong), Err(Code::EmailShape), "{wrong}");
        }
    }
}
