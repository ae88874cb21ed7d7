//! INN, the taxpayer's number: 10 digits for a legal entity, 12 for a sole trader. Check digits by
//! the order of the Federal Tax Service MMV-7-6/435@ of 29.06.2012.

use super::rules::{CODE_OPERATORS, Rules, Shape, bare, code_test, digits, text_or_empty, tidy, weighted};
use crate::fields::{Op, Test, Value};
use crate::limits::IDENTIFIER_CHARS_MAX;
use crate::problem::Code;

pub struct Inn;

impl Rules for Inn {
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        let digits = digits(tidy(&bare(typed), IDENTIFIER_CHARS_MAX)?).ok_or(Code::InnDigits)?;
        match digits.len() {
            0 | 10 | 12 if !digits.is_empty() && digits.bytes().all(|digit| digit == b'0') => Err(Code::InnZeros),
            0 | 10 | 12 => Ok(text_or_empty(digits)),
            length => Err(Code::InnLength { digits: length as u32 }),
        }
    }

    fn may_be_doubtful(&self) -> bool {
        true
    }

    fn doubt(&self, value: &Value) -> Option<Code> {
        let digits = value.text()?.as_bytes();
        (!check_digits_match(digits)).then_some(Code::InnCheckDigit)
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

fn check_digits_match(digits: &[u8]) -> bool {
    let check = |weights: &[u32]| (weighted(digits, weights) % 11 % 10) as u8 + b'0';
    match digits.len() {
        10 => digits[9] == check(&[2, 4, 10, 3, 5, 9, 4, 6, 8]),
        12 => {
            digits[10] == check(&[7, 2, 4, 10, 3, 5, 9, 4, 6, 8])
                && digits[11] == check(&[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8])
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_a_warning_and_the_length_a_refusal() {
        for good in ["7707083893", "500100732259", "77 0708 3893", "7707-083-893"] {
            let value = Inn.parse(good).expect(good);
            assert_eq!(Inn.doubt(&value), None, "{good}");
        }
        let doubtful = Inn.parse("7707083894").expect("ten digits are kept");
        assert_eq!(Inn.doubt(&doubtful), Some(Code::InnCheckDigit));
        assert_eq!(Inn.parse("770708389"), Err(Code::InnLength { digits: 9 }));
        assert_eq!(Inn.parse("77O7083893"), Err(Code::InnDigits));
        assert_eq!(Inn.parse("0000000000"), Err(Code::InnZeros));
        assert_eq!(Inn.parse("  "), Ok(Value::Empty));
    }
}
