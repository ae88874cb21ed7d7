//! An e-mail address. Only its shape is checked: that letters arrive is known when one does.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::rules::{Rules, TEXT_OPERATORS, bare, folded_test, text_or_empty, tidy};
use crate::fields::{Op, Test, Value, fold};
use crate::limits::IDENTIFIER_CHARS_MAX;
use crate::problem::Code;

pub struct Email;

impl Rules for Email {
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        let bare = bare(typed);
        let text = tidy(&bare, IDENTIFIER_CHARS_MAX)?;
        let address = alone(text);
        match is_address(address) {
            true => Ok(text_or_empty(address)),
            false if text.is_empty() => Ok(Value::Empty),
            false if self.parts(text).iter().filter(|part| is_address(alone(part))).count() > 1 => Err(Code::OneEmail),
            false => Err(Code::EmailShape),
        }
    }

    /// Between commas, semicolons and line breaks; a comma within a name ends nothing.
    fn parts(&self, typed: &str) -> Vec<String> {
        let mut parts: Vec<String> = Vec::new();
        let mut name = String::new();
        for piece in bare(typed).split_inclusive([',', ';', '\n', '\r']) {
            name.push_str(piece);
            if piece.contains('@') || piece.ends_with(['\n', '\r']) {
                parts.push(std::mem::take(&mut name));
            }
        }
        parts.push(name);
        parts.iter().map(|part| part.trim_matches([',', ';', '\n', '\r', ' ']).to_string()).collect()
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
        let parts = self.parts(typed);
        let addresses: Vec<&str> = parts.iter().map(|part| alone(part)).filter(|part| is_address(part)).collect();
        match addresses.as_slice() {
            [] => folded_test(op, typed),
            [one] => folded_test(op, one),
            several => Some(Test::AnyOf(several.iter().filter_map(|one| folded_test(op, one)).collect())),
        }
    }
}

/// The address without what is copied along with one: `mailto:`, the name before it, brackets, a dot at the end.
fn alone(text: &str) -> &str {
    let text = match (text.rfind('<'), text.strip_suffix('>')) {
        (Some(begins), Some(_)) if !text[..begins].contains(['@', '<']) => &text[begins + 1..text.len() - 1],
        _ => text,
    };
    let text = text.trim();
    let text = match text.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:")) {
        true => &text[7..],
        false => text,
    };
    text.trim().trim_end_matches(['.', ',', ';'])
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
    use super::super::lines::Lines;
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
            "a?bcc=c@d.ru",
            "a@b.ru?bcc=c@d.ru",
            "a@b.ru&body=x",
            "a%0A@b.ru",
            "a@b..ru",
            "a@b.ru/c",
        ] {
            assert_eq!(Email.parse(wrong), Err(Code::EmailShape), "{wrong}");
            assert_eq!(href(wrong), None, "{wrong}");
        }
        for same in [
            "a@b.ru.",
            "mailto:a@b.ru",
            "MAILTO: a@b.ru",
            "<a@b.ru>",
            "Анна Крылова <a@b.ru>",
            "\"Крылова, Анна\" <mailto:a@b.ru>",
            "a\u{200b}@b.ru",
            "\u{2066}a@b.ru\u{2069}",
            "\u{a0}a@b.ru,",
        ] {
            assert_eq!(Email.parse(same), Ok(Value::Text("a@b.ru".into())), "{same}");
        }
        assert_eq!(Email.test(Op::Has, "Анна <mailto:a@b.ru>"), Email.test(Op::Has, "a@b.ru"));
        for several in ["a@b.ru, c@d.ru", "a@b.ru; c@d.ru", "Крылова, Анна <a@b.ru>, Савин <c@d.ru>"] {
            assert_eq!(Email.parse(several), Err(Code::OneEmail), "{several}");
            let value = Lines(Email).parse(several).expect("two addresses");
            assert_eq!(value.text(), Some("a@b.ru\nc@d.ru"), "{several}");
        }
        assert_eq!(href("r&d+x=y@romashka.ru").as_deref(), Some("mailto:r%26d%2Bx%3Dy@romashka.ru"));
        assert_eq!(href("почта@b.ru").as_deref(), Some("mailto:%D0%BF%D0%BE%D1%87%D1%82%D0%B0@b.ru"));
    }
}
