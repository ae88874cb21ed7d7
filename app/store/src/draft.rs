//! What was typed into a form that was refused: kept for a day, shown to the one who typed it.

use domain::ids::{RecordId, UserId};
use domain::limits::{DRAFT_MS_MAX, DRAFTS_CHARS_MAX, DRAFTS_MAX};

use crate::db::{Conn, Db, Error};
use crate::values;

/// Keeps a draft; gives its id. Of the same person's the latest stay, up to a number and a size.
pub async fn keep(
    db: &Db,
    actor: UserId,
    section: &str,
    record: RecordId,
    body: String,
    now: i64,
) -> Result<String, Error> {
    let id = random_id()?;
    let (section, kept) = (section.to_string(), id.clone());
    db.write(move |conn| {
        let (section, body, id) = (section.clone(), body.clone(), kept.clone());
        Box::pin(async move {
            conn.execute("DELETE FROM draft WHERE at < $1", values![now - DRAFT_MS_MAX]).await?;
            conn.execute(
                "INSERT INTO draft (id, actor, section, record, body, at) VALUES ($1, $2, $3, $4, $5, $6)",
                values![id.as_str(), actor, section, record, body, now],
            )
            .await?;
            conn.execute(
                "DELETE FROM draft WHERE actor = $1 AND id NOT IN (SELECT id FROM (SELECT id, \
                 ROW_NUMBER() OVER (ORDER BY at DESC, id = $2 DESC) AS place, \
                 SUM(LENGTH(body)) OVER (ORDER BY at DESC, id = $2 DESC ROWS UNBOUNDED PRECEDING) AS chars \
                 FROM draft WHERE actor = $1) AS mine WHERE id = $2 OR (place <= $3 AND chars <= $4))",
                values![actor, id.as_str(), DRAFTS_MAX, DRAFTS_CHARS_MAX],
            )
            .await?;
            Ok::<_, Error>(())
        })
    })
    .await?;
    Ok(id)
}

/// Another's draft, an old one and one of another record are not found.
pub async fn find(
    conn: &mut Conn,
    id: &str,
    actor: UserId,
    section: &str,
    record: RecordId,
    now: i64,
) -> Result<Option<String>, Error> {
    if !is_id(id) {
        return Ok(None);
    }
    let row = conn
        .optional(
            "SELECT body FROM draft WHERE id = $1 AND actor = $2 AND section = $3 AND record = $4 AND at >= $5",
            values![id, actor, section, record, now - DRAFT_MS_MAX],
        )
        .await?;
    row.map(|row| row.get("body")).transpose()
}

/// Whether a text from outside can be an id of ours: no database is asked for anything else.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// 128 random bits as text: for drafts, operations and idempotency keys.
pub fn random_id() -> Result<String, Error> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|_| Error::NoRandomness)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
