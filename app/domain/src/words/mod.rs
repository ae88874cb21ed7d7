//! The words of the interface, Russian first, and how they bend.

mod near;
mod problems;
mod table;

pub use near::{ago, ahead, ahead_short, day_of_year, exact, full_date, middle_date, near, near_day};
pub use problems::sentence;
pub use table::Word;

use serde::{Deserialize, Serialize};

use crate::ids::RecordId;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lang {
    #[default]
    Ru,
    En,
}

impl Lang {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "ru" => Some(Self::Ru),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }
}

/// A name in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    pub ru: String,
    pub en: String,
}

impl Label {
    pub fn new(ru: &str, en: &str) -> Self {
        Self { ru: ru.to_string(), en: en.to_string() }
    }

    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ru => &self.ru,
            Lang::En => &self.en,
        }
    }
}

/// What the records of a section are called, in the forms that sentences need.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forms {
    /// Клиент
    pub one: Label,
    /// Клиенты
    pub many: Label,
    /// (два) клиента
    pub few: Label,
    /// (пять) клиентов
    pub of_many: Label,
}

/// No break, narrow: between «№» and the number, between groups of digits.
pub const THIN: char = '\u{202f}';

impl Forms {
    /// «Клиент № 17»
    pub fn automatic_name(&self, id: RecordId, lang: Lang) -> String {
        match lang {
            Lang::Ru => format!("{} №{THIN}{id}", self.one.ru),
            Lang::En => format!("{} No.{THIN}{id}", self.one.en),
        }
    }

    /// «1 204 клиента»
    pub fn count(&self, count: i64, lang: Lang) -> String {
        let small = |label: &Label| label.get(lang).to_lowercase();
        let word = match lang {
            Lang::Ru => plural_ru(count, &small(&self.one), &small(&self.few), &small(&self.of_many)).to_string(),
            Lang::En if count == 1 => small(&self.one),
            Lang::En => small(&self.many),
        };
        format!("{} {word}", grouped(count))
    }

    /// «Здесь будут ваши {many}», with the section's own words in place of the braces.
    pub fn fill(&self, word: Word, lang: Lang) -> String {
        let small = |label: &Label| label.get(lang).to_lowercase();
        word.text(lang)
            .replace("{One}", self.one.get(lang))
            .replace("{many}", &small(&self.many))
            .replace("{of_many}", &small(&self.of_many))
    }
}

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
