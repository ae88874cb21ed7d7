//! An amount in rubles, kept in kopecks.

use super::rules::{RANGE_OPERATORS, Rules, Shape, bare, range_test, tidy};
use crate::fields::{Op, Test, Value};
use crate::limits::IDENTIFIER_CHARS_MAX;
use crate::problem::Code;
use crate::words::{Lang, THIN, grouped};

pub struct Money;

const KOPECKS_MAX: i64 = 1_000_000_000_000_000;

impl Rules for Money {
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        let bare = bare(typed);
        let text = tidy(&bare, IDENTIFIER_CHARS_MAX)?;
        if text.is_empty() {
            return Ok(Value::Empty);
        }
        kopecks(text).map(Value::Integer).ok_or(Code::NotAnAmount)
    }

    /// 148 300 ₽, 62 000,50 ₽
    fn show(&self, value: &Value, _lang: Lang) -> String {
        let Some(kopecks) = value.number() else { return String::new() };
        let sign = if kopecks < 0 { "−" } else { "" };
        let (rubles, rest) = (kopecks.abs() / 100, kopecks.abs() % 100);
        let rest = if rest == 0 { String::new() } else { format!(",{rest:02}") };
        format!("{sign}{}{rest}{THIN}₽", grouped(rubles))
    }

    fn edit(&self, value: &Value) -> String {
        let Some(kopecks) = value.number() else { return String::new() };
        let sign = if kopecks < 0 { "-" } else { "" };
        match kopecks.abs() % 100 {
            0 => format!("{sign}{}", kopecks.abs() / 100),
            rest => format!("{sign}{},{rest:02}", kopecks.abs() / 100),
        }
    }

    fn shape(&self) -> Shape {
        Shape::Number
    }

    fn operators(&self) -> &'static [Op] {
        RANGE_OPERATORS
    }

    /// `1000..5000`, `1000..`, `..5000`, `1000`.
    fn test(&self, op: Op, typed: &str) -> Option<Test> {
        range_test(op, typed, kopecks)
    }
}

/// `1 248 300,50 ₽` in kopecks; more than two places is refused rather than rounded.
fn kopecks(text: &str) -> Option<i64> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '₽').collect();
    let (negative, plain) = match plain.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, plain.as_str()),
    };
    let (rubles, rest) = plain.split_once([',', '.']).unwrap_or((plain, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if rubles.is_empty() || !digits(rubles) || !digits(rest) || rest.len() > 2 {
        return None;
    }
    let amount = rubles.parse::<i64>().ok()?.checked_mul(100)?.checked_add(format!("{rest:0<2}").parse().ok()?)?;
    (amount <= KOPECKS_MAX).then_some(if negative { -amount } else { amount })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_exact() {
        for (typed, kopecks) in
            [("148 300 ₽", 14_830_000), ("0,5", 50), ("62000.05", 6_200_005), ("-10", -1000), ("−10,10", -1010)]
        {
            assert_eq!(Money.parse(typed), Ok(Value::Integer(kopecks)), "{typed}");
            let again = Money.edit(&Value::Integer(kopecks));
            assert_eq!(Money.parse(&again), Ok(Value::Integer(kopecks)), "{again}");
        }
        for wrong in ["1,234", "сто", "1e3", ",5", "99999999999999999", "92233720368547758,99", "1-2"] {
            assert_eq!(Money.parse(wrong), Err(Code::NotAnAmount), "{wrong}");
        }
        assert_eq!(Money.show(&Value::Integer(124_830_050), Lang::Ru), "1\u{202f}248\u{202f}300,50\u{202f}₽");
    }
}
