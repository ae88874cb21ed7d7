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

/// A key as it is sorted: numbers by what they are worth, so that 2 stands before 10. Each has how many digits it has
/// before it (a nine means that nine are not all), and no zeros; those that were taken off are counted at the end.
pub fn natural(key: &str) -> String {
    let mut sorted = String::new();
    let mut zeros: Vec<String> = Vec::new();
    let mut rest = key;
    while let Some(begin) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(begin);
        let (digits, after) = from.split_at(from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len()));
        let worth = digits.trim_start_matches('0');
        sorted.push_str(before);
        sorted.push_str(&"9".repeat(worth.len() / 9));
        sorted.push_str(&(worth.len() % 9).to_string());
        sorted.push_str(worth);
        zeros.push((digits.len() - worth.len()).to_string());
        rest = after;
    }
    sorted.push_str(rest);
    if zeros.iter().any(|count| count != "0") {
        sorted.push('\u{1}');
        sorted.push_str(&zeros.join(","));
    }
    sorted
}

/// What the sorted keys of the texts begin with that begin so: one of these. The last number of the start may go on, and
/// stands where it is worth so much; what follows one that begins with a zero is not known.
pub fn natural_starts(start: &str) -> Vec<String> {
    const DIGITS_MAX: usize = 18;
    let before = start.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &start[before.len()..];
    let sorted = natural(before);
    let sorted = sorted.split('\u{1}').next().unwrap_or_default();
    if digits.is_empty() {
        return vec![sorted.to_string()];
    }
    if digits.starts_with('0') || digits.len() >= DIGITS_MAX {
        return (0..=9).map(|first| format!("{sorted}{first}")).collect();
    }
    let of_length = |length: usize| format!("{sorted}{}{}{digits}", "9".repeat(length / 9), length % 9);
    (digits.len()..DIGITS_MAX).map(of_length).chain([format!("{sorted}99")]).collect()
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

    #[test]
    fn numbers_are_sorted_by_what_they_are_worth() {
        let mut texts = vec![
            "ромашка",
            "ромашка 1",
            "ромашка 2",
            "ромашка 2а",
            "ромашка 10",
            "ромашка 10 а",
            "ромашка 100",
            "ромашка 123456789",
            "ромашка 1234567890",
            "ромашка 12345678901234567890",
            "ромашка а",
            "10",
            "9",
            "9 лет",
            "стр 2 дом 10",
            "стр 10 дом 2",
        ];
        texts.sort_by_key(|text| natural(text));
        assert_eq!(
            texts,
            [
                "9",
                "9 лет",
                "10",
                "ромашка",
                "ромашка 1",
                "ромашка 2",
                "ромашка 2а",
                "ромашка 10",
                "ромашка 10 а",
                "ромашка 100",
                "ромашка 123456789",
                "ромашка 1234567890",
                "ромашка 12345678901234567890",
                "ромашка а",
                "стр 2 дом 10",
                "стр 10 дом 2",
            ]
        );
        assert_ne!(natural("7"), natural("007"), "one is not the other");
        assert_eq!(natural("без чисел"), "без чисел");
    }

    #[test]
    fn what_begins_so_lies_together() {
        for (start, text) in
            [("ромашка 1", "ромашка 10"), ("1", "12"), ("дом 007", "дом 0071"), ("дом 2 с", "дом 2 стр 10"), ("", "а")]
        {
            let sorted = natural(text);
            let found = natural_starts(start).into_iter().filter(|begins| sorted.starts_with(begins)).count();
            assert_eq!(found, 1, "{start} {text}");
        }
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
