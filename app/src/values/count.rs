//! How many there are, and which of them are shown.

use domain::words::{Lang, Word, grouped};
use store::list::{Count, Page};

pub fn count_text(count: Count) -> String {
    let number = grouped(count.records);
    if count.or_more { format!("{number}+") } else { number }
}

pub fn position(page: &Page, lang: Lang) -> String {
    if page.records.is_empty() {
        return String::new();
    }
    let last = page.first + page.records.len() as i64 - 1;
    format!("{}–{} {} {}", grouped(page.first), grouped(last), Word::Of.text(lang), count_text(page.count))
}
