//! What a record is called, and where its card is.

use domain::fields::Section;
use domain::ids::RecordId;
use domain::limits::URI_BYTES_MAX;
use domain::list::{ListQuery, encode};
use domain::words::{Lang, Word, near};
use store::record::Record;

use super::cell::Cell;
use crate::reader::Reader;
use crate::ui::Person;

/// A longer name is cut where it is shown.
const TITLE_CHARS_MAX: usize = 200;

/// The record's name, or the one that the system makes.
pub fn title_cell(section: &Section, record: &Record, lang: Lang) -> Cell {
    let name = record.value(&section.title);
    let title = section.title_of(name, record.id, lang);
    // Of a text of many lines the first one is its name.
    let line = title.lines().next().unwrap_or_default();
    let title = match line.chars().count() > TITLE_CHARS_MAX {
        true => format!("{}…", line.chars().take(TITLE_CHARS_MAX).collect::<String>().trim_end()),
        false => line.to_string(),
    };
    if name.is_empty() { Cell::Automatic(title) } else { Cell::Text(title) }
}

/// `/clients/17?in=…`: the list with the cursor of this row.
pub fn card_address(section: &Section, query: &ListQuery, id: RecordId, place: &str) -> String {
    let list = query.with_columns(None).with_at(Some(place.to_string())).print(section);
    let inside = ("in".to_string(), list.trim_start_matches('?').to_string());
    let address = format!("/{}/{id}{}", section.key, encode(&[inside]));
    // Too long an address would open nothing.
    if address.len() < URI_BYTES_MAX { address } else { format!("/{}/{id}", section.key) }
}

/// «Удалён вчера, 10:15, Анна Крылова»
pub fn trashed_line(reader: &Reader, at: i64, by: Option<&Person>) -> String {
    let when = near(reader.moment(at), reader.now_moment(), reader.lang);
    let by = by.map(|person| format!(", {}", person.name)).unwrap_or_default();
    format!("{} {when}{by}", Word::Deleted.text(reader.lang))
}
