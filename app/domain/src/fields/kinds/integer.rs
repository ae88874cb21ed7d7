//! A whole number, perhaps of a range.

use serde::{Deserialize, Serialize};

use super::rules::{RANGE_OPERATORS, Rules, Shape, bare, range_test, tidy};
use crate::fields::{Op, Test, Value};
use crate::limits::IDENTIFIER_CHARS_MAX;
use crate::problem::Code;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Integer {
    /// The smallest and the greatest.
    pub within: Option<(i64, i64)>,
}

/// Larger ones would not survive a trip through JavaScript.
const ABSOLUTE_MAX: u64 = 1 << 53;

impl Integer {
    pub const ANY: Self = Self { within: None };

    /// `None` where nothing lies within.
    pub fn new(within: Option<(i64, i64)>) -> Option<Self> {
        within.is_none_or(|(from, to)| from <= to).then_some(Self { within })
    }
}

impl Rules for Integer {
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        let bare = bare(typed);
        let text = tidy(&bare, IDENTIFIER_CHARS_MAX)?;
        if text.is_empty() {
            return Ok(Value::Empty);
        }
        let value = whole(text).map(Value::Integer).ok_or(Code::NotAnInteger)?;
        self.refuses(&value).map_or(Ok(value), Err)
    }

    fn refuses(&self, value: &Value) -> Option<Code> {
        let (number, (from, to)) = value.number().zip(self.within)?;
        (number < from || number > to).then_some(Code::NotWithin { from, to })
    }

    fn shape(&self) -> Shape {
        Shape::Number
    }

    fn operators(&self) -> &'static [Op] {
        RANGE_OPERATORS
    }

    /// `10..20`, or the number itself; «№ 17» is 17.
    fn test(&self, op: Op, typed: &str) -> Option<Test> {
        range_test(op, typed, |end| whole(end.trim_start_matches(['№', '#'])))
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
        assert_eq!(Integer::ANY.parse("1 204"), Ok(Value::Integer(1204)));
        assert_eq!(Integer::ANY.parse("−5"), Ok(Value::Integer(-5)));
        for wrong in ["1,5", "x", "--1", "99999999999999999999", "9007199254740993", "-9223372036854775808"] {
            assert_eq!(Integer::ANY.parse(wrong), Err(Code::NotAnInteger), "{wrong}");
        }
    }

    #[test]
    fn what_lies_outside_is_refused_typed_or_not() {
        let days = Integer { within: Some((1, 365)) };
        assert_eq!(days.parse("365"), Ok(Value::Integer(365)));
        assert_eq!(days.parse("0"), Err(Code::NotWithin { from: 1, to: 365 }));
        assert_eq!(days.refuses(&Value::Integer(366)), Some(Code::NotWithin { from: 1, to: 365 }));
        assert_eq!(days.refuses(&Value::Empty), None);
        assert_eq!(Integer::new(Some((5, 1))), None);
    }

    #[test]
    fn a_range_has_both_ends_one_or_is_one_number() {
        let between = |from, to| Some(Test::Between { from, to });
        for (typed, test) in [
            ("17", between(Some(17), Some(17))),
            ("№ 17", between(Some(17), Some(17))),
            ("10..20", between(Some(10), Some(20))),
            ("-5..", between(Some(-5), None)),
            (".. 1 000", between(None, Some(1000))),
            ("..", None),
            ("a..b", None),
        ] {
            assert_eq!(Integer::ANY.test(Op::Within, typed), test, "{typed}");
        }
        assert_eq!(Integer::ANY.test(Op::Is, "17"), None);
    }
}
