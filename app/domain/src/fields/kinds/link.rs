//! A web address. `javascript:` and every other scheme than http and https is refused here, so that
//! a link's value may stand in an `href`.

use std::borrow::Cow;

use super::rules::{Rules, TEXT_OPERATORS, bare, folded_test, tidy};
use crate::fields::{Op, Test, Value, fold};
use crate::limits::TEXT_CHARS_MAX;
use crate::problem::Code;
use crate::words::Lang;

pub struct Link;

impl Rules for Link {
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        read(typed, TEXT_CHARS_MAX)
    }

    fn has_key(&self) -> bool {
        true
    }

    fn key(&self, value: &Value) -> Option<String> {
        value.text().and_then(fold::key)
    }

    /// Without the scheme and the last slash: `romashka.ru`.
    fn show(&self, value: &Value, _lang: Lang) -> String {
        let text = value.text().unwrap_or_default();
        let bare = text.split_once("://").map_or(text, |(_, rest)| rest);
        bare.trim_end_matches('/').to_string()
    }

    fn operators(&self) -> &'static [Op] {
        TEXT_OPERATORS
    }

    fn test(&self, op: Op, typed: &str) -> Option<Test> {
        folded_test(op, typed)
    }
}

fn read(typed: &str, chars_max: usize) -> Result<Value, Code> {
    let bare = bare(typed);
    let text = tidy(&bare, chars_max)?.trim_end_matches(['.', ',', ';', ' ']).trim_start_matches(['.', ' ']);
    if text.is_empty() {
        return Ok(Value::Empty);
    }
    let text = with_slashes(text);
    let address = address(&text);
    if address.contains(char::is_whitespace) || address.contains(['<', '>', '"', '\\', '`']) {
        return Err(Code::LinkShape);
    }
    let rest = match address.split_once("://").filter(|(scheme, _)| !scheme.contains(['/', '?', '#'])) {
        Some((scheme, rest)) if is_web(scheme) => rest,
        Some(_) => return Err(Code::LinkScheme),
        None => address,
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (name, port) = host.split_once(':').unwrap_or((host, "80"));
    if port.parse::<u16>().is_err() {
        return Err(Code::LinkScheme);
    }
    let labels = name.split('.').filter(|label| !label.is_empty()).count();
    if labels < 2
        || labels != name.split('.').count()
        || !name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.')
    {
        return Err(Code::LinkShape);
    }
    Ok(Value::Text(text.into_owned()))
}

/// `http:/a.ru` and `https:a.ru` lack slashes.
fn with_slashes(text: &str) -> Cow<'_, str> {
    match text.split_once(':') {
        Some((scheme, rest)) if is_web(scheme) && !rest.starts_with("//") => {
            format!("{scheme}://{}", rest.trim_start_matches('/')).into()
        }
        _ => text.into(),
    }
}

fn is_web(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

fn address(text: &str) -> &str {
    text.strip_prefix("//").unwrap_or(text)
}

fn has_scheme(address: &str) -> bool {
    address.split_once("://").is_some_and(|(scheme, _)| is_web(scheme))
}

/// An address within a text may be longer than one in a field.
const HREF_CHARS_MAX: usize = 4_000;

/// What may stand in an `href` for a web address; `None` for anything else.
pub fn href(value: &str) -> Option<String> {
    match read(value, HREF_CHARS_MAX) {
        Ok(Value::Text(text)) => {
            let address = address(&text);
            Some(if has_scheme(address) { address.to_string() } else { format!("https://{address}") })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_address_passes_and_no_other_scheme() {
        for good in
            ["romashka.ru", "https://romashka.ru/", "http://пример.рф/путь?a=1", "romashka.ru:8080/x", "//romashka.ru"]
        {
            assert!(Link.parse(good).is_ok(), "{good}");
        }
        for wrong in [
            "javascript:alert(1)",
            "JaVaScRiPt://a.b/%0aalert(1)",
            "data:text/html,x",
            "ftp://a.ru",
            "a.ru:x",
            "mailto:a@b.ru",
        ] {
            assert!(Link.parse(wrong).is_err(), "{wrong}");
            assert_eq!(href(wrong), None);
        }
        for wrong in ["ромашка", "a b.ru", "a..ru", ".ru", "https://<a>.ru"] {
            assert!(Link.parse(wrong).is_err(), "{wrong}");
        }
        for (typed, kept) in [
            ("http:/romashka.ru", "http://romashka.ru"),
            ("HTTPS:romashka.ru", "HTTPS://romashka.ru"),
            (" romashka.ru. ", "romashka.ru"),
            ("romashka.ru,", "romashka.ru"),
            ("romashka.ru/go?to=https://a.ru", "romashka.ru/go?to=https://a.ru"),
            ("\u{2068}romashka.ru\u{2069}\u{a0}", "romashka.ru"),
            ("роман\u{ad}ов.рф/о-нас", "романов.рф/о-нас"),
        ] {
            assert_eq!(Link.parse(typed), Ok(Value::Text(kept.into())), "{typed}");
        }
        assert_eq!(href("a.ru/?to=http://b.ru").as_deref(), Some("https://a.ru/?to=http://b.ru"));
        assert_eq!(href("romashka.ru").as_deref(), Some("https://romashka.ru"));
        assert_eq!(Link.show(&Value::Text("https://romashka.ru/".into()), Lang::Ru), "romashka.ru");
    }
}
