//! What in a text is live: links, addresses, phones, and employees who are mentioned. Made on the server, so that
//! the page shows nothing that was not looked at.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Span {
    Text(String),
    Link { shown: String, href: String },
    Mention(String),
}

/// The text as it was written.
#[cfg(feature = "ssr")]
pub fn text_of(spans: &[Span]) -> String {
    let texts = spans.iter().map(|span| match span {
        Span::Text(text) | Span::Mention(text) | Span::Link { shown: text, .. } => text.as_str(),
    });
    texts.collect()
}

/// A web address takes at most so many bytes.
#[cfg(feature = "ssr")]
const LINK_BYTES_MAX: usize = 4_000;
/// Everything else that is live takes at most so many.
#[cfg(feature = "ssr")]
const LIVE_BYTES_MAX: usize = 600;

/// Takes a text apart. `names` are those of the employees who are mentioned in it.
#[cfg(feature = "ssr")]
pub fn spans(text: &str, names: &[&str]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    let mut begins_word = true;
    while let Some(first) = rest.chars().next() {
        let found = if begins_word { live(rest, names) } else { None };
        match found {
            Some((span, length)) => {
                if !plain.is_empty() {
                    spans.push(Span::Text(std::mem::take(&mut plain)));
                }
                spans.push(span);
                rest = &rest[length..];
                begins_word = false;
            }
            None => {
                plain.push(first);
                begins_word = !first.is_alphanumeric();
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    if !plain.is_empty() {
        spans.push(Span::Text(plain));
    }
    spans
}

/// What is live at the beginning of a text, and how many bytes it takes.
#[cfg(feature = "ssr")]
fn live(text: &str, names: &[&str]) -> Option<(Span, usize)> {
    if let Some(after) = text.strip_prefix('@') {
        let name = names.iter().filter(|name| after.starts_with(**name)).max_by_key(|name| name.len())?;
        return Some((Span::Mention(format!("@{name}")), name.len() + 1));
    }
    // A web address says its scheme: a sentence without a blank after its full stop is none.
    if is_web(text) {
        let word = &text[..text.floor_char_boundary(LINK_BYTES_MAX)];
        let word = without_end(word.split(char::is_whitespace).next().unwrap_or_default());
        let href = domain::fields::kinds::link::href(word)?;
        return Some((Span::Link { shown: word.to_string(), href }, word.len()));
    }
    // Nothing else that is live is longer: every place of a long text is looked at in a short time.
    let text = &text[..text.floor_char_boundary(LIVE_BYTES_MAX)];
    let word = without_end(text.split(char::is_whitespace).next().unwrap_or_default());
    let shown = || word.to_string();
    if word.contains('@') {
        let href = domain::fields::kinds::email::href(word)?;
        return Some((Span::Link { shown: shown(), href }, word.len()));
    }
    if text.starts_with(['+', '8', '7']) {
        return phone(text);
    }
    None
}

#[cfg(feature = "ssr")]
fn is_web(text: &str) -> bool {
    ["http://", "https://"]
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(scheme)))
}

/// Without what ends the sentence. A bracket that was opened within stays.
#[cfg(feature = "ssr")]
fn without_end(word: &str) -> &str {
    let mut word = word;
    while let Some(last) = word.chars().next_back() {
        let closes = last == ')' && word.matches(')').count() > word.matches('(').count();
        if !closes && !matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '»' | '"' | '\'') {
            break;
        }
        word = &word[..word.len() - last.len_utf8()];
    }
    word
}

/// A whole number with the signs that people put between its digits: one of Russia, or any with a plus. Sums, ranges
/// and other numbers are none.
#[cfg(feature = "ssr")]
fn phone(text: &str) -> Option<(Span, usize)> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || " +-–()\u{a0}\u{202f}".contains(c))).unwrap_or(text.len());
    // A dash between blanks stands between two things, and so does another plus.
    let end = [" – ", " - ", " +"].iter().filter_map(|sign| text[..end].find(sign)).min().unwrap_or(end);
    let whole = text[..end].trim_end_matches(|c: char| !c.is_ascii_digit());
    // Of two numbers with a blank between them the first one.
    let part = domain::fields::kinds::phone::several(whole).into_iter().next()?;
    let part = whole.get(..part.len()).filter(|begins| *begins == part)?;
    let number = domain::fields::kinds::phone::number(part)?;
    // Ten digits alone may be anything.
    let typed = part.chars().filter(char::is_ascii_digit).count();
    let in_plan =
        typed >= 11 && number.is_whole() && number.digits.starts_with('7') && "34689".contains(&number.digits[1..2]);
    let abroad = part.starts_with('+') && number.is_whole() && !number.digits.starts_with('7');
    if !in_plan && !abroad {
        return None;
    }
    let dial = domain::fields::kinds::phone::dial(part)?;
    Some((Span::Link { shown: part.to_string(), href: format!("tel:{dial}") }, part.len()))
}

/// The names that may stand after each sign «@» of a text: of three words, two and one.
#[cfg(feature = "ssr")]
pub fn candidates(text: &str) -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> = Vec::new();
    for (place, _) in text.match_indices('@') {
        let before = text[..place].chars().next_back();
        if before.is_some_and(char::is_alphanumeric) {
            continue;
        }
        if found.len() >= domain::limits::MENTIONS_MAX {
            break;
        }
        let after = &text[place + 1..];
        let after = &after[..after.floor_char_boundary(LIVE_BYTES_MAX)];
        let line = after.split(['\n', '\t']).next().unwrap_or_default();
        let words: Vec<&str> = line.split(' ').take(4).collect();
        let mut names: Vec<String> = Vec::new();
        // The longest first.
        for count in (1..=words.len()).rev() {
            let name = words[..count].join(" ");
            // Namesakes are told apart by their logins: «Анна Крылова (anna2)».
            if let Some(end) = name.find(')').filter(|end| name[..*end].contains(" (")) {
                names.push(name[..=end].to_string());
            }
            let name = name.trim_end_matches(|c: char| !c.is_alphanumeric());
            if !name.is_empty() && !names.iter().any(|other| other == name) {
                names.push(name.to_string());
            }
        }
        if !names.is_empty() && !found.contains(&names) {
            found.push(names);
        }
    }
    found
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn links_phones_and_mail_are_live_and_nothing_else() {
        let text = "Звоните 8 (912) 345-67-89, пишите a@b.ru, см. https://romashka.ru/цены. javascript:alert(1) <b>";
        let expected = [
            ("8 (912) 345-67-89", "tel:+79123456789"),
            ("a@b.ru", "mailto:a@b.ru"),
            ("https://romashka.ru/цены", "https://romashka.ru/цены"),
        ];
        assert_eq!(links(text), expected.map(|(shown, href)| (shown.to_string(), href.to_string())));
        for dead in [
            "JavaScript://a.b/%0aalert(1)",
            "data:text/html,x",
            "счёт 40702810900000012345",
            "77 штук",
            "ИНН 781234567890",
            "ОГРН 1027700132195",
            "бюджет 700 000 – 850 000",
            "от 8 000 000 - 12 500 000 р.",
            "8 300 000 000 р.",
            "70000085000",
        ] {
            assert_eq!(spans(dead, &[]), [Span::Text(dead.to_string())], "{dead}");
        }
    }

    fn links(text: &str) -> Vec<(String, String)> {
        let link = |span| match span {
            Span::Link { shown, href } => Some((shown, href)),
            _ => None,
        };
        spans(text, &[]).into_iter().filter_map(link).collect()
    }

    #[test]
    fn a_link_is_neither_cut_nor_goes_too_far() {
        let hrefs = |text: &str| links(text).into_iter().map(|(_, href)| href).collect::<Vec<_>>();
        assert_eq!(hrefs("(см. https://a.ru/Ромашка_(цветок))"), ["https://a.ru/Ромашка_(цветок)"]);
        assert_eq!(hrefs("(https://a.ru/b)."), ["https://a.ru/b"]);
        assert_eq!(hrefs("Https://romashka.ru и HTTP://a.ru"), ["Https://romashka.ru", "HTTP://a.ru"]);
        let long = format!("https://пример.рф/{}", "каталог/".repeat(60));
        assert_eq!(hrefs(&long), std::slice::from_ref(&long), "a long one in Cyrillic letters is whole");
        let two = "+7 916 240-11-08 +7 916 240-11-09, 8 495 123-45-67 8 495 123-45-68";
        let dials = ["tel:+79162401108", "tel:+79162401109", "tel:+74951234567", "tel:+74951234568"];
        assert_eq!(hrefs(two), dials, "two phones with a blank between them are two");
        assert_eq!(hrefs("+375 29 123-45-67"), ["tel:+375291234567"]);
    }

    #[test]
    fn the_longest_name_is_the_one_mentioned() {
        let spans = spans("@Анна Крылова, выставь", &["Анна", "Анна Крылова"]);
        assert_eq!(spans[0], Span::Mention("@Анна Крылова".into()));
        let names = [["Анна Крылова, потом", "Анна Крылова", "Анна"]];
        assert_eq!(candidates("спроси @Анна Крылова, потом"), names);
        assert!(candidates("a@b.ru").is_empty());
        // A text made to be slow is not.
        let begun = std::time::Instant::now();
        let hostile = format!("{}{}", "@я.".repeat(3000), "(".repeat(11_000));
        assert!(candidates(&hostile).len() <= domain::limits::MENTIONS_MAX);
        assert_eq!(text_of(&super::spans(&hostile, &["я"])), hostile);
        assert!(begun.elapsed() < std::time::Duration::from_secs(5), "bounded by the text, not by its square");
    }
}
