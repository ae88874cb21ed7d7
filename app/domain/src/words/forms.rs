//! What the records of a section are called, in the forms that sentences need.

use serde::{Deserialize, Serialize};

use super::count::{THIN, grouped, plural_ru};
use super::lang::{Label, Lang};
use super::table::Word;
use crate::ids::RecordId;

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
