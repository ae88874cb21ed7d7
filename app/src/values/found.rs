//! Looks for records by their names.

use domain::ids::RecordId;
use domain::limits::FOUND_ROWS;
use domain::list::ListQuery;
use store::list::Shelf;

use super::title::title_cell;
use crate::asked::Asked;
use crate::refusal::Refusal;

pub async fn find_records(section: &str, text: &str) -> Result<Vec<(RecordId, String)>, Refusal> {
    let asked = Asked::here()?;
    let section = asked.listed(section)?.clone();
    let lang = asked.lang;
    let query = ListQuery::default().with_filter(&section, &section.title, text);
    // A text that means nothing is no filter: nothing is found by it, rather than everything.
    let known = ListQuery::parse(&section, &query.pairs(&section)).0;
    if !text.trim().is_empty() && !known.is_filtered() {
        return Ok(Vec::new());
    }
    let mut conn = asked.server.db.read().await?;
    let midnight = |date| asked.midnight(date);
    let page = store::list::page(&mut conn, &section, &known, &[], Shelf::InUse, &asked.of_list(&midnight)).await?;
    let found = page.records.iter().take(FOUND_ROWS);
    Ok(found.map(|record| (record.id, title_cell(&section, record, lang).text().to_string())).collect())
}
