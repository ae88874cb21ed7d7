//! A phone number. What was typed is kept; E.164 digits are its key, so that it is found in any format.

use super::rules::{Rules, Shape, TEXT_OPERATORS, bare, text_or_empty, tidy};
use crate::fields::{Op, Test, Value};
use crate::limits::IDENTIFIER_CHARS_MAX;
use crate::problem::Code;
use crate::words::Lang;

pub struct Phone;

/// A phone number taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// E.164 digits without the plus, at most 15; a short internal number stays as it is.
    pub digits: String,
    /// доб. 214
    pub extension: Option<String>,
}

/// E.164: a number has at most so many digits.
const DIGITS_MAX: usize = 15;
/// A longer line is not taken apart.
const LINE_BYTES_MAX: usize = 400;
/// With fewer it is a number of an office, or the end of one.
const WHOLE_DIGITS_MIN: usize = 10;

impl Number {
    /// Whether it can be dialled from anywhere. Those of Russia and Kazakhstan have eleven digits.
    pub fn is_whole(&self) -> bool {
        match self.digits.starts_with('7') {
            true => self.digits.len() == 11,
            false => (WHOLE_DIGITS_MIN..=DIGITS_MAX).contains(&self.digits.len()),
        }
    }
}

impl Rules for Phone {
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        let bare = bare(typed);
        let text = tidy(&bare, IDENTIFIER_CHARS_MAX)?;
        match number(text) {
            _ if several(text).len() > 1 => Err(Code::OnePhone),
            None if !text.is_empty() => Err(Code::PhoneDigits),
            _ => Ok(text_or_empty(text)),
        }
    }

    fn parts(&self, typed: &str) -> Vec<String> {
        bare(typed).split(['\n', '\r']).flat_map(several).collect()
    }

    /// Two people may have one number, each with an extension.
    fn identity(&self, value: &Value) -> Option<String> {
        let Number { digits, extension } = number(value.text()?)?;
        Some(format!("{digits}#{}", extension.unwrap_or_default()))
    }

    fn has_key(&self) -> bool {
        true
    }

    fn key(&self, value: &Value) -> Option<String> {
        let text = value.text()?;
        let known = number(text).or_else(|| several(text).iter().find_map(|one| number(one)));
        // Whatever an older version took is found by its digits.
        let digits = || text.chars().filter(char::is_ascii_digit).collect::<String>();
        Some(known.map_or_else(digits, |number| number.digits)).filter(|digits| !digits.is_empty())
    }

    /// +7 916 240-11-08 доб. 214; what is not a number of Russia stays as typed.
    fn show(&self, value: &Value, _lang: Lang) -> String {
        let text = value.text().unwrap_or_default();
        let Some(Number { digits, extension }) = number(text) else { return text.to_string() };
        if digits.len() != 11 || !digits.starts_with('7') {
            return text.to_string();
        }
        let grouped = format!("+7 {} {}-{}-{}", &digits[1..4], &digits[4..7], &digits[7..9], &digits[9..11]);
        match extension {
            Some(extension) => format!("{grouped} доб. {extension}"),
            None => grouped,
        }
    }

    fn shape(&self) -> Shape {
        Shape::Phone
    }

    fn operators(&self) -> &'static [Op] {
        TEXT_OPERATORS
    }

    /// Digits anywhere; a leading 8, 7 or +7, and the way abroad, are one thing, also half typed.
    fn test(&self, op: Op, typed: &str) -> Option<Test> {
        let bare = bare(typed);
        let parts = several(bare.trim());
        if parts.len() > 1 {
            return Some(Test::AnyOf(parts.iter().filter_map(|part| self.test(op, part)).collect()));
        }
        let digits: String = bare.chars().filter(char::is_ascii_digit).collect();
        let read = number(&bare);
        // With its plus a number of Japan or Vietnam keeps its 8.
        let is_read = bare.trim_start().starts_with('+') && read.as_ref().is_some_and(Number::is_whole);
        let start = if is_read { None } else { half_typed(&digits) };
        // As it is shown, with its extension, or with what stands before a number.
        let whole = read.as_ref().filter(|number| {
            is_read
                || number.extension.is_some()
                || digits.len() > 11
                || (number.is_whole() && number.digits.len() < digits.len())
        });
        match (op, digits.len(), start) {
            (_, 0, _) => None,
            (Op::Has, ..) if whole.is_some() => {
                whole.map(|whole| Test::Contains { part: whole.digits.clone(), ending: None })
            }
            // A whole number with its leading 8 has one meaning.
            (Op::Has, 11.., Some(start)) if digits.starts_with('8') => {
                Some(Test::Contains { part: start, ending: None })
            }
            (Op::Has, _, start) => Some(Test::Digits { anywhere: digits, start }),
            (Op::Is, ..) => read.map(|number| Test::KeyIs(number.digits)),
            (Op::Starts, _, start) => Some(Test::Starts { part: start.unwrap_or(digits), ending: None }),
            _ => None,
        }
    }
}

/// What the beginning of a number is in a key, where something stands before it: 8, 7 8, 00, 8 10.
fn half_typed(digits: &str) -> Option<String> {
    let abroad = digits.strip_prefix("810").or_else(|| digits.strip_prefix("00")).filter(|rest| !rest.is_empty());
    if let Some(rest) = abroad {
        return Some(rest.to_string());
    }
    match (digits.strip_prefix("78"), digits.strip_prefix('8')) {
        (Some(rest), _) if rest.starts_with('9') => Some(format!("7{rest}")),
        (_, Some(rest)) => Some(format!("7{rest}")),
        _ => None,
    }
}

/// Reads a number: 8 or 7 and ten digits are Russia's, ten digits too, 810… and 00… are international, with a
/// plus it is taken as written, except for what people put between the plus and the number. `None` when it holds
/// letters or no digit, or more than a number has.
pub fn number(text: &str) -> Option<Number> {
    let bare = bare(text);
    let (main, extension) = split_extension(&bare)?;
    let only_signs = main.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || is_sign(c));
    let digits: String = without_trunk(main).chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() || !only_signs {
        return None;
    }
    let has_plus = main.trim_start().starts_with('+');
    let digits = read_digits(digits, has_plus, first_group(main));
    (digits.len() <= DIGITS_MAX).then_some(Number { digits, extension })
}

fn is_sign(c: char) -> bool {
    "+-‐‑‒–—−().,/~".contains(c)
}

/// The digits up to the first sign or blank.
fn first_group(main: &str) -> &str {
    let main = main.trim_start().trim_start_matches(['+', '(']);
    main.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default()
}

/// `+44 (0)20 …`: the zero is dialled within the country only.
fn without_trunk(main: &str) -> std::borrow::Cow<'_, str> {
    if main.trim_start().starts_with('+') { main.replacen("(0)", "", 1).into() } else { main.into() }
}

fn read_digits(digits: String, has_plus: bool, first: &str) -> String {
    let long = |rest: &&str| rest.len() >= 7;
    if let Some(abroad) = digits.strip_prefix("00").filter(long) {
        return read_digits(abroad.to_string(), true, "");
    }
    // With a plus 810… is a number of Japan, unless 8 stands alone.
    let abroad = digits.strip_prefix("810").filter(long).filter(|_| !has_plus || first == "8");
    if let Some(abroad) = abroad {
        return abroad.to_string();
    }
    // 7 8 916 …: both ways to dial at once.
    let after_seven = digits.strip_prefix("78").or_else(|| digits.strip_prefix("87").filter(|_| !has_plus));
    if let Some(rest) = after_seven.filter(|rest| rest.len() == 10) {
        return format!("7{rest}");
    }
    let eight = digits.strip_prefix('8').filter(|rest| rest.len() == 10);
    match eight {
        // No country's code begins with 89; others do with 8, and stand together with their next digits.
        Some(rest) if !has_plus || first == "8" || rest.starts_with('9') => format!("7{rest}"),
        None if !has_plus && digits.len() == 10 => format!("7{digits}"),
        _ => digits,
    }
}

/// What a `tel:` link dials: +79162401108.
pub fn dial(text: &str) -> Option<String> {
    let digits = number(text)?.digits;
    Some(if digits.len() >= WHOLE_DIGITS_MIN { format!("+{digits}") } else { digits })
}

/// The numbers that stand in one line, each whole: two after a comma, «или» or a blank, the end of a second one after
/// a slash (`320-15-60/61`). A line that is one number, or none, is itself.
pub fn several(line: &str) -> Vec<String> {
    let line = line.trim();
    if line.len() > LINE_BYTES_MAX {
        return vec![line.to_string()];
    }
    let whole = |text: &str| number(text).is_some_and(|number| number.is_whole());
    let separated = line.replace(" или ", ",").replace(" or ", ",").replace(" и ", ",");
    let mut pieces: Vec<(&str, bool)> = Vec::new();
    let mut begun = 0;
    for (place, sign) in separated.match_indices([',', ';', '/', '|']) {
        // `;ext=214` belongs to its number.
        if sign == ";" && separated[place + 1..].trim_start().starts_with("ext") {
            continue;
        }
        pieces.push((&separated[begun..place], sign == "/"));
        begun = place + 1;
    }
    pieces.push((&separated[begun..], false));
    let mut found: Vec<String> = Vec::new();
    let mut after_slash = false;
    for (piece, before_slash) in pieces {
        let piece = piece.trim();
        if !piece.is_empty() {
            let full = match found.last() {
                Some(first) if !whole(piece) => completed(first, piece, after_slash),
                _ => Some(piece.to_string()).filter(|piece| whole(piece)),
            };
            let Some(full) = full else { return side_by_side(line) };
            found.push(full);
        }
        after_slash = before_slash;
    }
    if found.len() > 1 { found } else { side_by_side(line) }
}

/// Two numbers with only a blank between them.
fn side_by_side(line: &str) -> Vec<String> {
    let itself = || Some(line.to_string()).filter(|line| !line.is_empty()).into_iter().collect();
    // Three at most: every way to take them apart is tried.
    if !(DIGITS_MAX + 1..=3 * DIGITS_MAX).contains(&line.chars().filter(char::is_ascii_digit).count()) {
        return itself();
    }
    let whole = |text: &str| number(text).is_some_and(|number| number.is_whole());
    for (place, _) in line.match_indices(char::is_whitespace) {
        let (first, rest) = (line[..place].trim(), line[place..].trim());
        if whole(first) {
            let more = several(rest);
            if more.iter().all(|one| whole(one)) {
                return std::iter::once(first.to_string()).chain(more).collect();
            }
        }
    }
    itself()
}

/// The number that differs from the first one in its last digits: all of a city's number, after a slash also two.
fn completed(first: &str, end: &str, after_slash: bool) -> Option<String> {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    let only_signs = end.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || is_sign(c));
    let (count, main) = (digits(end), split_extension(first).map(|(main, _)| main)?);
    let fits = matches!(count, 5..=7) || (after_slash && matches!(count, 2 | 4));
    if !only_signs || !fits || count >= digits(main) {
        return None;
    }
    let cut = main.char_indices().filter(|(_, c)| c.is_ascii_digit()).nth_back(count - 1).map(|(place, _)| place)?;
    Some(format!("{}{end}", &main[..cut]))
}

/// The number and what is dialled after it. `None` where something else follows.
fn split_extension(text: &str) -> Option<(&str, Option<String>)> {
    const MARKS: [&str; 13] =
        ["добавочный", "добав", "доб", "внутренний", "внутр", "вн", "extension", "ext", "доп", "x", "х", "#", "*"];
    let Some(begins) = text.find(|c: char| c.is_alphabetic() || c == '#' || c == '*') else {
        return Some((text, None));
    };
    let (main, rest) = text.split_at(begins);
    let lower = rest.to_lowercase();
    let after = MARKS.iter().find_map(|mark| lower.strip_prefix(mark))?;
    let after = after.trim_start_matches(['.', ':', '=', '№']);
    let extension: String = after.chars().filter(char::is_ascii_digit).collect();
    let only_digits = after.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || ".-)".contains(c));
    (only_digits && !extension.is_empty()).then(|| (main.trim_end_matches([';', ',', '(', ' ']), Some(extension)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(typed: &str, digits: &str) {
        assert_eq!(number(typed).map(|number| number.digits).as_deref(), Some(digits), "{typed}");
    }

    #[test]
    fn one_number_in_any_format_has_one_key() {
        for same in ["8 (912) 345-67-89", "+79123456789", "9123456789", "7 912 345 67 89", "+7(912)345–67–89"] {
            check(same, "79123456789");
        }
        check("810 375 29 1234567", "375291234567");
        check("+375 29 123-45-67", "375291234567");
        check("214", "214");
        check("8 495 123-45-67 доб. 214", "74951234567");
        for wrong in ["звонить Марии", "", "+", "8 495 123-45-67 доб.", "tel:1234567", "8 495 123-45-67 доб. Мария"]
        {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_stands_before_a_number_is_no_part_of_it() {
        for same in [
            "00 375 29 123-45-67",
            "8~10~375 29 123-45-67",
            "8-10-375-29-123-45-67",
            "+8 10 375 29 1234567",
            "+00 375 29 1234567",
            "+375 (0)29 123-45-67",
        ] {
            check(same, "375291234567");
        }
        for same in [
            "+7 8 916 240-11-08",
            "+8 916 240-11-08",
            "+89162401108",
            "7 8 916 2401108",
            "8 (+7) 916 240-11-08",
            "007 916 240 11 08",
            "\u{202a}+7\u{a0}916\u{a0}240\u{2011}11\u{2011}08\u{202c}",
        ] {
            check(same, "79162401108");
        }
        // Japan and Vietnam.
        check("+81 3 1234 5678", "81312345678");
        check("+84 912 345 678", "84912345678");
        assert_eq!(number("+7 916 240-11-08 916 240"), None, "longer than any number");
    }

    #[test]
    fn what_stands_before_a_number_finds_it() {
        let whole = |digits: &str| Some(Test::Contains { part: digits.into(), ending: None });
        for typed in ["00 375 29 123-45-67", "8~10~375 29 1234567", "810 375 29 123 45 67"] {
            assert_eq!(Phone.test(Op::Has, typed), whole("375291234567"), "{typed}");
        }
        assert_eq!(Phone.test(Op::Has, "+84 912 345 678"), whole("84912345678"), "Vietnam");
        for typed in ["+7 8 916 240-11-08", "+8 916 240-11-08"] {
            assert_eq!(Phone.test(Op::Has, typed), whole("79162401108"), "{typed}");
            assert_eq!(Phone.test(Op::Is, typed), Some(Test::KeyIs("79162401108".into())), "{typed}");
        }
        let half =
            |anywhere: &str, start: &str| Some(Test::Digits { anywhere: anywhere.into(), start: Some(start.into()) });
        assert_eq!(Phone.test(Op::Has, "00375"), half("00375", "375"));
        assert_eq!(Phone.test(Op::Has, "+7 8 916"), half("78916", "7916"));
        assert_eq!(Phone.test(Op::Has, "+8 916"), half("8916", "7916"));
    }

    #[test]
    fn a_line_that_is_made_to_be_slow_is_not() {
        // Tried in every way, this would not end.
        for line in [format!("8 {}{}", "1 ".repeat(280), "0 ".repeat(20)), "1 ".repeat(500_000), "1,".repeat(500_000)] {
            assert_eq!(several(&line).len(), 1);
            assert_eq!(several(&line[..200]).len(), 1);
        }
    }

    #[test]
    fn what_an_older_version_took_is_found_by_its_digits() {
        let key = |text: &str| Phone.key(&Value::Text(text.into()));
        assert_eq!(key("+7 (812) 320-15-60, 320-15-61").as_deref(), Some("78123201560"));
        assert_eq!(key("12345678901234567890").as_deref(), Some("12345678901234567890"));
    }

    #[test]
    fn two_numbers_in_one_place_are_two() {
        for typed in [
            "+7 (812) 320-15-60, 320-15-61",
            "+7 (812) 320-15-60/61",
            "+7 (812) 320-15-60 / 320-15-61",
            "8 812 320-15-60 или 8 812 320-15-61",
            "+7 812 320-15-60 +7 812 320-15-61",
            "88123201560 88123201561",
            "8 (812) 320-15-60; 8 (812) 320-15-61",
        ] {
            let keys: Vec<String> = several(typed).iter().filter_map(|one| number(one)).map(|one| one.digits).collect();
            assert_eq!(keys, ["78123201560", "78123201561"], "{typed}");
            assert_eq!(Phone.parse(typed), Err(Code::OnePhone), "{typed}");
            assert!(matches!(Phone.test(Op::Has, typed), Some(Test::AnyOf(both)) if both.len() == 2), "{typed}");
        }
        for one in [
            "8,916,240-11-08",
            "8 495 123-45-67;ext=214",
            "+44 20 7946 0958",
            "8.916.240.11.08",
            "214",
            "8/916/2401108",
        ] {
            assert_eq!(several(one), [one], "{one}");
        }
        // Nobody can say what is meant.
        assert_eq!(several("8 495 123-45-67, 214").len(), 1);
        assert_eq!(Phone.parse("8 495 123-45-67, 214 и ещё"), Err(Code::PhoneDigits));
    }

    #[test]
    fn an_extension_is_read_however_it_is_written() {
        for typed in [
            "8 495 123-45-67 доб. 214",
            "8 495 123-45-67 (доб. 214)",
            "8 495 123-45-67 внутр. 214",
            "8 495 123-45-67 вн. 214",
            "8 495 123-45-67 вн 214",
            "8 495 123-45-67 x214",
            "8 495 123-45-67 х 214",
            "8 495 123-45-67*214",
            "8 495 123-45-67 #214",
            "+74951234567;ext=214",
            "8 495 123-45-67, доб.214",
            "8 495 123-45-67 ДОБАВОЧНЫЙ 2-14",
        ] {
            let read = Number { digits: "74951234567".into(), extension: Some("214".into()) };
            assert_eq!(number(typed), Some(read), "{typed}");
            assert_eq!(Phone.show(&Value::Text(typed.into()), Lang::Ru), "+7 495 123-45-67 доб. 214", "{typed}");
        }
    }

    #[test]
    fn a_number_is_shown_in_groups_and_dialled_whole() {
        let show = |typed: &str| Phone.show(&Value::Text(typed.into()), Lang::Ru);
        assert_eq!(show("89162401108"), "+7 916 240-11-08");
        assert_eq!(show("8 495 123-45-67 доб. 214"), "+7 495 123-45-67 доб. 214");
        assert_eq!(show("+375 29 123-45-67"), "+375 29 123-45-67");
        assert_eq!(dial("8 495 123-45-67 доб. 214").as_deref(), Some("+74951234567"));
        assert_eq!(dial("214").as_deref(), Some("214"));
        assert_eq!(dial("+7 (812) 320-15-60, 320-15-61"), None, "never a link longer than a number");
    }

    #[test]
    fn a_leading_eight_half_typed_is_also_a_seven() {
        assert_eq!(
            Phone.test(Op::Has, "8 (912"),
            Some(Test::Digits { anywhere: "8912".into(), start: Some("7912".into()) })
        );
        assert_eq!(Phone.test(Op::Has, "345-67-89"), Some(Test::Digits { anywhere: "3456789".into(), start: None }));
        assert_eq!(
            Phone.test(Op::Has, "8 (912) 345-67-89"),
            Some(Test::Contains { part: "79123456789".into(), ending: None })
        );
        let whole = |digits: &str| Some(Test::Contains { part: digits.into(), ending: None });
        assert_eq!(Phone.test(Op::Has, "+7 495 123-45-67 доб. 214"), whole("74951234567"));
        assert_eq!(Phone.test(Op::Has, "810 44 20 7946 0958"), whole("442079460958"));
        assert_eq!(Phone.test(Op::Has, "мария"), None);
    }
}
