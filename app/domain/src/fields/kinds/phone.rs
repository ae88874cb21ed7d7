//! A phone number. What was typed is kept; E.164 digits are its key, so that it is found in any format.

use super::rules::{Rules, Shape, TEXT_OPERATORS, text_or_empty, tidy};
use crate::fields::{Op, Test, Value};
use crate::limits::IDENTIFIER_CHARS_MAX;
use crate::problem::Code;
use crate::words::Lang;

pub struct Phone;

/// A phone number taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// E.164 digits without the plus; a short internal number stays as it is.
    pub digits: String,
    /// доб. 214
    pub extension: Option<String>,
}

impl Rules for Phone {
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        let text = tidy(typed, IDENTIFIER_CHARS_MAX)?;
        if !text.is_empty() && number(text).is_none() {
            return Err(Code::PhoneDigits);
        }
        Ok(text_or_empty(text))
    }

    fn has_key(&self) -> bool {
        true
    }

    fn key(&self, value: &Value) -> Option<String> {
        number(value.text()?).map(|number| number.digits)
    }

    /// +7 916 240-11-08 доб. 214; what is not a number of Russia stays as typed.
    fn show(&self, value: &Value, _lang: Lang) -> String {
        let text = value.text().unwrap_or_default();
        let Some(Number { digits, extension }) = number(text) else { return text.to_string() };
        if digits.len() != 11 || !digits.starts_with('7') {
            return text.to_string();
        }
        let grouped = format!("+7 {} {}-{}-{}", &digits[1..4], &digits[4..7], &digits[7..9], &digits[9..11]);
        match extension {
            Some(extension) => format!("{grouped} доб. {extension}"),
            None => grouped,
        }
    }

    fn shape(&self) -> Shape {
        Shape::Phone
    }

    fn operators(&self) -> &'static [Op] {
        TEXT_OPERATORS
    }

    /// Digits anywhere; a leading 8, 7 or +7 is one thing, also half typed.
    fn test(&self, op: Op, typed: &str) -> Option<Test> {
        let plus = typed.trim_start().starts_with('+');
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        let start = match digits.strip_prefix('8') {
            Some(rest) if !plus => Some(format!("7{rest}")),
            _ => None,
        };
        // As it is shown, with its extension, or with the way abroad.
        let whole = number(typed).filter(|number| number.extension.is_some() || digits.len() > 11);
        match (op, digits.len(), start) {
            (_, 0, _) => None,
            (Op::Has, ..) if whole.is_some() => whole.map(|whole| Test::Contains { part: whole.digits, ending: None }),
            // A whole number with its leading 8 has one meaning.
            (Op::Has, 11.., Some(start)) => Some(Test::Contains { part: start, ending: None }),
            (Op::Has, _, start) => Some(Test::Digits { anywhere: digits, start }),
            (Op::Is, ..) => number(typed).map(|number| Test::KeyIs(number.digits)),
            (Op::Starts, _, start) => Some(Test::Starts { part: start.unwrap_or(digits), ending: None }),
            _ => None,
        }
    }
}

/// Reads a number: 8 or 7 and ten digits are Russia's, ten digits too, 810… is international, with a
/// plus it is taken as written. `None` when it holds letters or no digit.
pub fn number(text: &str) -> Option<Number> {
    let lower = text.to_lowercase();
    let (main, extension) = split_extension(&lower);
    let digits: String = main.chars().filter(char::is_ascii_digit).collect();
    let only_signs =
        main.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-–—().,/‑\u{ad}\u{200b}\u{200e}".contains(c));
    if digits.is_empty() || !only_signs || digits.len() > 20 {
        return None;
    }
    let extension = match extension.map(|part| part.chars().filter(char::is_ascii_digit).collect::<String>()) {
        Some(part) if part.is_empty() => return None,
        other => other,
    };
    let digits = if main.trim_start().starts_with('+') {
        digits
    } else if let Some(abroad) = digits.strip_prefix("810").filter(|rest| rest.len() >= 7) {
        abroad.to_string()
    } else if digits.len() == 11 && digits.starts_with('8') {
        format!("7{}", &digits[1..])
    } else if digits.len() == 10 {
        format!("7{digits}")
    } else {
        digits
    };
    Some(Number { digits, extension })
}

/// What a `tel:` link dials: +79162401108.
pub fn dial(text: &str) -> Option<String> {
    let digits = number(text)?.digits;
    Some(if digits.len() >= 10 { format!("+{digits}") } else { digits })
}

fn split_extension(lower: &str) -> (&str, Option<&str>) {
    for mark in ["добавочный", "доб", "ext", "#", "вн."] {
        if let Some((main, extension)) = lower.split_once(mark) {
            return (main, Some(extension));
        }
    }
    (lower, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(typed: &str, digits: &str) {
        assert_eq!(number(typed).map(|number| number.digits).as_deref(), Some(digits), "{typed}");
    }

    #[test]
    fn one_number_in_any_format_has_one_key() {
        for same in ["8 (912) 345-67-89", "+79123456789", "9123456789", "7 912 345 67 89", "+7(912)345–67–89"] {
            check(same, "79123456789");
        }
        check("810 375 29 1234567", "375291234567");
        check("+375 29 123-45-67", "375291234567");
        check("214", "214");
        check("8 495 123-45-67 доб. 214", "74951234567");
        for wrong in ["звонить Марии", "", "+", "8 495 123-45-67 доб.", "tel:1234567"] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_number_is_shown_in_groups_and_dialled_whole() {
        let show = |typed: &str| Phone.show(&Value::Text(typed.into()), Lang::Ru);
        assert_eq!(show("89162401108"), "+7 916 240-11-08");
        assert_eq!(show("8 495 123-45-67 доб. 214"), "+7 495 123-45-67 доб. 214");
        assert_eq!(show("+375 29 123-45-67"), "+375 29 123-45-67");
        assert_eq!(dial("8 495 123-45-67 доб. 214").as_deref(), Some("+74951234567"));
        assert_eq!(dial("214").as_deref(), Some("214"));
    }

    #[test]
    fn a_leading_eight_half_typed_is_also_a_seven() {
        assert_eq!(
            Phone.test(Op::Has, "8 (912"),
            Some(Test::Digits { anywhere: "8912".into(), start: Some("7912".into()) })
        );
        assert_eq!(Phone.test(Op::Has, "345-67-89"), Some(Test::Digits { anywhere: "3456789".into(), start: None }));
        assert_eq!(
            Phone.test(Op::Has, "8 (912) 345-67-89"),
            Some(Test::Contains { part: "79123456789".into(), ending: None })
        );
        let whole = |digits: &str| Some(Test::Contains { part: digits.into(), ending: None });
        assert_eq!(Phone.test(Op::Has, "+7 495 123-45-67 доб. 214"), whole("74951234567"));
        assert_eq!(Phone.test(Op::Has, "810 44 20 7946 0958"), whole("442079460958"));
        assert_eq!(Phone.test(Op::Has, "мария"), None);
    }
}
