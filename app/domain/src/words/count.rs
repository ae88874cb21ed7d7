//! Numbers, and how they bend the words beside them.

use super::lang::Lang;

/// No break, narrow: between «№» and the number, between groups of digits.
pub const THIN: char = '\u{202f}';

/// Which of «день», «дня», «дней» goes with a number.
pub fn plural_ru<'a>(count: i64, one: &'a str, few: &'a str, many: &'a str) -> &'a str {
    let (tens, ones) = ((count.abs() / 10) % 10, count.abs() % 10);
    match (tens, ones) {
        (1, _) => many,
        (_, 1) => one,
        (_, 2..=4) => few,
        _ => many,
    }
}

/// «41 день», «34 дня»
pub fn days(count: i64, lang: Lang) -> String {
    match lang {
        Lang::Ru => format!("{} {}", grouped(count), plural_ru(count, "день", "дня", "дней")),
        Lang::En if count == 1 => "1 day".to_string(),
        Lang::En => format!("{} days", grouped(count)),
    }
}

/// «3 записи», of several sections together.
pub fn count_of_records(count: i64, lang: Lang) -> String {
    match lang {
        Lang::Ru => format!("{} {}", grouped(count), plural_ru(count, "запись", "записи", "записей")),
        Lang::En if count == 1 => "1 record".to_string(),
        Lang::En => format!("{} records", grouped(count)),
    }
}

/// «12 значений»
pub fn count_of_values(count: i64, lang: Lang) -> String {
    match lang {
        Lang::Ru => format!("{} {}", grouped(count), plural_ru(count, "значение", "значения", "значений")),
        Lang::En => format!("{} values", grouped(count)),
    }
}

/// 1 204 with a narrow blank; record numbers and INN are never grouped.
pub fn grouped(number: i64) -> String {
    let digits = number.abs().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(THIN);
        }
        text.push(digit);
    }
    if number < 0 { format!("−{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_bend_their_words() {
        for (count, expected) in [
            (1, "день"),
            (2, "дня"),
            (5, "дней"),
            (11, "дней"),
            (12, "дней"),
            (21, "день"),
            (41, "день"),
            (34, "дня"),
            (111, "дней"),
            (0, "дней"),
        ] {
            assert_eq!(plural_ru(count, "день", "дня", "дней"), expected, "{count}");
        }
        assert_eq!(grouped(1_248_300), "1\u{202f}248\u{202f}300");
        assert_eq!(grouped(-50), "−50");
    }
}
