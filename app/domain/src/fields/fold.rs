//! The key of a text: what is searched, compared and sorted instead of the text itself.

/// Legal forms as they are abbreviated, in lower case.
const FORMS: &[&str] = &[
    "ооо",
    "ао",
    "пао",
    "зао",
    "оао",
    "нао",
    "одо",
    "ип",
    "кфх",
    "гбу",
    "гку",
    "гау",
    "гуп",
    "муп",
    "мбу",
    "мку",
    "мау",
    "мбоу",
    "мбдоу",
    "гбуз",
    "гбоу",
    "гбпоу",
    "фгуп",
    "фгбу",
    "фгбоу",
    "фку",
    "ано",
    "нко",
    "тсж",
    "тсн",
    "снт",
    "спк",
    "пк",
    "фонд",
    "llc",
    "ltd",
    "inc",
    "gmbh",
];

/// The same forms written out, longest first.
const LONG_FORMS: &[(&str, &str)] = &[
    ("непубличное акционерное общество", "нао"),
    ("публичное акционерное общество", "пао"),
    ("закрытое акционерное общество", "зао"),
    ("открытое акционерное общество", "оао"),
    ("общество с ограниченной ответственностью", "ооо"),
    ("акционерное общество", "ао"),
    ("индивидуальный предприниматель", "ип"),
    ("автономная некоммерческая организация", "ано"),
];

/// A folded text: what remains, and the legal form that was taken off it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    pub rest: String,
    pub form: Option<&'static str>,
}

/// Lower case, ё→е, no quotes, one blank between words, the legal form at the end:
/// «ООО "Ромашка"» and «ромашка ооо» have the same key. `None` when nothing remains.
pub fn key(text: &str) -> Option<String> {
    let Folded { rest, form } = split(text);
    match (rest.is_empty(), form) {
        (true, None) => None,
        (true, Some(form)) => Some(form.to_string()),
        (false, None) => Some(rest),
        (false, Some(form)) => Some(format!("{rest} {form}")),
    }
}

/// Folds and takes the legal form off, wherever it stands: at the start or at the end.
pub fn split(text: &str) -> Folded {
    let plain = plain(text);
    for (long, form) in LONG_FORMS {
        if let Some(rest) = without(&plain, long) {
            return Folded { rest, form: Some(form) };
        }
    }
    for form in FORMS {
        if let Some(rest) = without(&plain, form) {
            return Folded { rest, form: Some(form) };
        }
    }
    Folded { rest: plain, form: None }
}

fn without(text: &str, form: &str) -> Option<String> {
    if text == form {
        return Some(String::new());
    }
    let rest = match text.strip_prefix(form) {
        Some(rest) if rest.starts_with(' ') => rest,
        _ => text.strip_suffix(form).filter(|rest| rest.ends_with(' '))?,
    };
    Some(rest.trim().to_string())
}

/// Lower case, ё→е, quotes dropped, dashes and blanks made one; the legal form stays where it is.
pub fn plain(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut blank = false;
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            '«' | '»' | '"' | '“' | '”' | '„' | '‟' | '\'' | '’' | '‘' | '`' => {}
            // Soft hyphen, zero-width and directional marks.
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {}
            // Letters that arrive decomposed: й and ё.
            '\u{306}' if folded.ends_with('и') => {
                folded.pop();
                folded.push('й');
            }
            '\u{308}' if folded.ends_with('е') => {}
            c if c.is_whitespace() || c.is_control() || c == ',' || c == ';' => blank = true,
            c => {
                if blank && !folded.is_empty() {
                    folded.push(' ');
                }
                blank = false;
                folded.push(match c {
                    'ё' => 'е',
                    '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
                    c => c,
                });
            }
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(key(text).as_deref().unwrap_or(""), expected, "{text}");
    }

    #[test]
    fn a_name_is_one_whatever_its_case_quotes_and_legal_form() {
        for same in [
            "ООО \"Ромашка\"",
            "ромашка ооо",
            "РОМАШКА, ООО",
            "ООО «Ромашка»",
            "Общество с ограниченной ответственностью «Ромашка»",
            " ооо  ромашка ",
        ] {
            check(same, "ромашка ооо");
        }
        check("АО «Ёлка»", "елка ао");
        check("Ёлочка — сервис", "елочка - сервис");
        check("Ооочень", "ооочень");
        check("ООО", "ооо");
        check(" «» ", "");
        check("и\u{306}од", "йод");
    }

    #[test]
    fn the_form_is_taken_off_while_it_is_typed() {
        assert_eq!(split("ООО Рома"), Folded { rest: "рома".into(), form: Some("ооо") });
        assert_eq!(split("рома оо"), Folded { rest: "рома оо".into(), form: None });
    }

    proptest! {
        #[test]
        fn folding_is_stable(text in "[а-яёА-ЯЁ a-z\"«»,.0-9-]{0,40}") {
            let once = key(&text).unwrap_or_default();
            // Forms may stand one inside another («ООО ИП»): only the last one is taken off at a time.
            prop_assert!(!once.contains('ё') && !once.contains('«') && !once.contains("  "));
            prop_assert_eq!(once.trim(), &once);
        }
    }
}
