//! OGRN (13 digits, first 1 or 5) and OGRNIP (15 digits, first 3): the state registration number
//! (government decree No. 438 of 19.06.2002; the check digit of 15 is taken mod 13, then mod 10).

use super::rules::{CODE_OPERATORS, Rules, Shape, bare, code_test, digits, text_or_empty, tidy};
use crate::fields::{Op, Test, Value};
use crate::limits::IDENTIFIER_CHARS_MAX;
use crate::problem::Code;

pub struct Ogrn;

impl Rules for Ogrn {
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        let digits = digits(tidy(&bare(typed), IDENTIFIER_CHARS_MAX)?).ok_or(Code::OgrnDigits)?;
        let first = digits.bytes().next();
        match (digits.len(), first) {
            (0, _) | (13, Some(b'1' | b'5')) | (15, Some(b'3')) => Ok(text_or_empty(digits)),
            (13 | 15, _) => Err(Code::OgrnFirstDigit),
            (length, _) => Err(Code::OgrnLength { digits: length as u32 }),
        }
    }

    fn may_be_doubtful(&self) -> bool {
        true
    }

    fn doubt(&self, value: &Value) -> Option<Code> {
        let (body, check) = value.text()?.split_at_checked(value.text()?.len() - 1)?;
        let body_number: u64 = body.parse().ok()?;
        let divisor = if body.len() == 12 { 11 } else { 13 };
        (check.parse() != Ok(body_number % divisor % 10)).then_some(Code::OgrnCheckDigit)
    }

    fn shape(&self) -> Shape {
        Shape::Code
    }

    fn operators(&self) -> &'static [Op] {
        CODE_OPERATORS
    }

    fn test(&self, op: Op, typed: &str) -> Option<Test> {
        code_test(op, typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lengths_have_their_check_digit() {
        for good in ["1027700132195", "304500116000157"] {
            let value = Ogrn.parse(good).expect(good);
            assert_eq!(Ogrn.doubt(&value), None, "{good}");
        }
        let doubtful = Ogrn.parse("1027700132196").expect("thirteen digits are kept");
        assert_eq!(Ogrn.doubt(&doubtful), Some(Code::OgrnCheckDigit));
        assert_eq!(Ogrn.parse("2027700132195"), Err(Code::OgrnFirstDigit));
        assert_eq!(Ogrn.parse("102770013219"), Err(Code::OgrnLength { digits: 12 }));
    }
}
