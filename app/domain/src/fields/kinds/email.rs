//! An e-mail address. Only its shape is checked: that letters arrive is known when one does.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::rules::{Rules, TEXT_OPERATORS, folded_test, text_or_empty, tidy};
use crate::fields::{Op, Test, Value, fold};
use crate::limits::IDENTIFIER_CHARS_MAX;
use crate::problem::Code;

pub struct Email;

impl Rules for Email {
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        let text = tidy(typed, IDENTIFIER_CHARS_MAX)?;
        if text.is_empty() {
            return Ok(Value::Empty);
        }
        if is_address(text) { Ok(text_or_empty(text)) } else { Err(Code::EmailShape) }
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

/// A name and a host. The signs that give an address parts of its own in a link are in none that is in use, although
/// RFC 5322 lets some of them be.
fn is_address(text: &str) -> bool {
    let of_name = |c: char| c.is_alphanumeric() || "!$'*+-./=^_`{|}~&".contains(c);
    let of_host = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '-');
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && name.chars().all(of_name) && host.contains('.') && host.split('.').all(of_host)
    })
}

/// The link that writes to an address; `None` for what is none. Everything that would end it is spelled out (RFC 6068).
pub fn href(address: &str) -> Option<String> {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'@');
    is_address(address).then(|| format!("mailto:{}", utf8_percent_encode(address, KEPT)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_passes() {
        assert_eq!(Email.parse(" office@romashka.ru "), Ok(Value::Text("office@romashka.ru".into())));
        assert_eq!(Email.parse("почта@пример.рф"), Ok(Value::Text("почта@пример.рф".into())));
        for wrong in [
            "office",
            "@a.ru",
            "a@ru",
            "a@b@c.ru",
            "a b@c.ru",
            "a@.ru",
            "x:y@a.ru",
            "<a@b.ru>",
            "a?bcc=c@d.ru",
            "a@b.ru?bcc=c@d.ru",
            "a@b.ru&body=x",
            "a%0A@b.ru",
            "a@b..ru",
            "a@b.ru/c",
            "a\u{200b}@b.ru",
        ] {
            assert_eq!(Email.parse(wrong), Err(Code::EmailShape), "{wrong}");
            assert_eq!(href(wrong), None, "{wrong}");
        }
        assert_eq!(href("r&d+x=y@romashka.ru").as_deref(), Some("mailto:r%26d%2Bx%3Dy@romashka.ru"));
        assert_eq!(href("почта@b.ru").as_deref(), Some("mailto:%D0%BF%D0%BE%D1%87%D1%82%D0%B0@b.ru"));
    }
}
