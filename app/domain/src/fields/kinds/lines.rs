//! Several values of one kind, each on a line of its own; the first is the main one. The key has every line
//! between line breaks, so that a line is found whole, by its beginning and by a part.

use std::collections::BTreeSet;

use super::rules::{Rules, Shape, TEXT_OPERATORS, text_or_empty};
use crate::fields::{Op, Test, Value};
use crate::limits::LINES_MAX;
use crate::problem::Code;
use crate::words::Lang;

pub struct Lines<R>(pub R);

/// The lines of a value.
pub fn lines(value: &Value) -> impl Iterator<Item = &str> {
    value.text().unwrap_or_default().lines()
}

impl<R: Rules> Rules for Lines<R> {
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        let mut kept: Vec<String> = Vec::new();
        let mut keys = BTreeSet::new();
        for line in self.0.parts(typed) {
            if let Value::Text(text) = self.0.parse(&line)? {
                // The same number typed in another way is the same number.
                if !keys.insert(self.0.identity(&Value::Text(text.clone()))) {
                    continue;
                }
                if kept.len() == LINES_MAX {
                    return Err(Code::TooManyLines { lines_max: LINES_MAX as u32 });
                }
                kept.push(text);
            }
        }
        Ok(text_or_empty(kept.join("\n")))
    }

    fn has_key(&self) -> bool {
        true
    }

    fn key(&self, value: &Value) -> Option<String> {
        let keys: Vec<String> = lines(value).filter_map(|line| self.0.key(&Value::Text(line.to_string()))).collect();
        (!keys.is_empty()).then(|| format!("\n{}\n", keys.join("\n")))
    }

    fn show(&self, value: &Value, lang: Lang) -> String {
        let shown: Vec<String> = lines(value).map(|line| self.0.show(&Value::Text(line.to_string()), lang)).collect();
        shown.join(", ")
    }

    fn shape(&self) -> Shape {
        self.0.shape()
    }

    fn operators(&self) -> &'static [Op] {
        TEXT_OPERATORS
    }

    fn test(&self, op: Op, typed: &str) -> Option<Test> {
        let contains = |part: String| Test::Contains { part, ending: None };
        Some(match self.0.test(op, typed)? {
            Test::Contains { part, ending } => contains(ending.map_or(part, |ending| ending.whole)),
            Test::Starts { part, ending } => contains(format!("\n{}", ending.map_or(part, |ending| ending.whole))),
            Test::KeyIs(key) => contains(format!("\n{key}\n")),
            Test::Digits { anywhere, start } => {
                let begins = start.map(|start| contains(format!("\n{start}")));
                Test::AnyOf(std::iter::once(contains(anywhere)).chain(begins).collect())
            }
            other => other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::phone::Phone;
    use super::*;

    #[test]
    fn each_line_is_a_number_of_its_own() {
        let typed = "+7 916 240-11-08\r\n8 495 123-45-67 доб. 214\n\n8 916 240 11 08";
        let value = Lines(Phone).parse(typed).expect("two numbers");
        assert_eq!(lines(&value).count(), 2, "the same number twice is one");
        assert_eq!(Lines(Phone).key(&value).as_deref(), Some("\n79162401108\n74951234567\n"));
        assert_eq!(Lines(Phone).parse("+7 916 240-11-08\nМария"), Err(Code::PhoneDigits));
        let many = (0..=LINES_MAX).map(|place| format!("{}\n", 100 + place)).collect::<String>();
        assert!(matches!(Lines(Phone).parse(&many), Err(Code::TooManyLines { .. })));
    }

    #[test]
    fn nothing_typed_disappears() {
        let parsed = |typed: &str| Lines(Phone).parse(typed).map(|value| value.text().unwrap_or_default().to_string());
        let two = "8 495 123-45-67 доб. 214\n8 495 123-45-67 доб. 305";
        assert_eq!(parsed(two).as_deref(), Ok(two), "one number, two people");
        assert_eq!(parsed("+7 (812) 320-15-60/61").as_deref(), Ok("+7 (812) 320-15-60\n+7 (812) 320-15-61"));
        assert_eq!(parsed("+74951234567;ext=214").as_deref(), Ok("+74951234567;ext=214"));
    }

    #[test]
    fn a_line_is_found_whole_and_by_its_beginning() {
        let part = |part: &str| Test::Contains { part: part.into(), ending: None };
        assert_eq!(Lines(Phone).test(Op::Is, "8 916 240-11-08"), Some(part("\n79162401108\n")));
        assert_eq!(Lines(Phone).test(Op::Has, "8916"), Some(Test::AnyOf(vec![part("8916"), part("\n7916")])));
        assert_eq!(Lines(Phone).test(Op::Starts, "8916"), Some(part("\n7916")));
    }
}
