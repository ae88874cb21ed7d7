//! The SQL that only contacts have.

use domain::fields::Section;
use domain::ids::{FieldKey, RecordId};
use store::record::Record;
use store::{Conn, Error, values};

/// The contacts of a client that was loaded, and so may be seen: the main ones first, then whoever came first. In
/// this order a client keeps the first of them.
pub async fn of_client(
    conn: &mut Conn,
    section: &Section,
    by: &FieldKey,
    client: &Record,
    rows_max: usize,
) -> Result<Vec<RecordId>, Error> {
    let rows = conn
        .all(
            "SELECT contacts.id FROM link JOIN contacts ON contacts.id = link.record AND contacts.trashed IS NULL \
             WHERE link.section = $1 AND link.field = $2 AND link.target = $3 \
             ORDER BY COALESCE(contacts.main, 0) DESC, contacts.id LIMIT $4",
            values![section.key.as_str(), by.as_str(), client.id, rows_max as i64],
        )
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}
