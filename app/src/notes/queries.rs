//! The SQL of the stream: its pages, and mentions. Entries are a part of their client: who asks for them brings the
//! client along, loaded, and so may see it.

use std::collections::BTreeMap;

use domain::fields::Section;
use domain::ids::{RecordId, UserId};
use sea_query::{Alias, Expr, ExprTrait, Order, Query};
use store::record::Record;
use store::{Conn, Db, Error, values};

/// Entries of a client older than a place, newest first: numbers in the order of the stream, each with its instant.
pub async fn page(
    conn: &mut Conn,
    client: &Record,
    kind: Option<i64>,
    before: Option<(i64, RecordId)>,
    rows_max: usize,
) -> Result<Vec<(i64, RecordId)>, Error> {
    let column = |name: &'static str| Expr::col(Alias::new(name));
    let mut statement = Query::select();
    statement
        .columns(["at", "id"].map(Alias::new))
        .from(Alias::new("notes"))
        .and_where(column("client").eq(client.id))
        .and_where(column("trashed").is_null())
        .and_where(column("at").is_not_null())
        .order_by(Alias::new("at"), Order::Desc)
        .order_by(Alias::new("id"), Order::Desc)
        .limit(rows_max as u64);
    if let Some(kind) = kind {
        statement.and_where(column("kind").eq(kind));
    }
    if let Some((at, id)) = before {
        let place = Expr::tuple([column("at"), column("id")]);
        statement.and_where(place.lt(Expr::tuple([Expr::val(at), Expr::val(id)])));
    }
    conn.select(&statement).await?.iter().map(|row| Ok((row.get("at")?, row.get("id")?))).collect()
}

pub async fn pinned(conn: &mut Conn, client: &Record, rows_max: usize) -> Result<Vec<RecordId>, Error> {
    let rows = conn
        .all(
            "SELECT id FROM notes WHERE client = $1 AND pinned = 1 AND trashed IS NULL ORDER BY at DESC, id DESC LIMIT $2",
            values![client.id, rows_max as i64],
        )
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// Mentions of a user, those that were not read first, then the latest: entry and whether it was read.
pub async fn mentions(
    conn: &mut Conn,
    section: &Section,
    user: UserId,
    unread_only: bool,
    rows_max: usize,
) -> Result<Vec<(RecordId, bool)>, Error> {
    let rows = conn
        .all(
            "SELECT notes.id, COALESCE(seen.note, 0) AS seen FROM link \
             JOIN notes ON notes.id = link.record AND notes.trashed IS NULL \
             AND NOT EXISTS (SELECT 1 FROM clients WHERE clients.id = notes.client AND clients.trashed IS NOT NULL) \
             LEFT JOIN mention_seen AS seen ON seen.note = notes.id AND seen.user_id = $2 \
             WHERE link.section = $1 AND link.field = 'mentions' AND link.target = $2 \
             AND ($3 = 0 OR seen.note IS NULL) ORDER BY CASE WHEN seen.note IS NULL THEN 0 ELSE 1 END, notes.at DESC, notes.id DESC LIMIT $4",
            values![section.key.as_str(), user, i64::from(unread_only), rows_max as i64],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get::<i64>("seen")? > 0))).collect()
}

pub async fn see(db: &Db, user: UserId, note: RecordId) -> Result<(), Error> {
    db.write(move |conn| {
        Box::pin(async move {
            conn.execute(
                "INSERT INTO mention_seen (user_id, note) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                values![user, note],
            )
            .await
            .map(drop)
        })
    })
    .await
}

/// The last words about each of these clients.
pub async fn last_words(conn: &mut Conn, clients: &[Record]) -> Result<BTreeMap<RecordId, String>, Error> {
    let mut words = BTreeMap::new();
    // One short walk of an index each: the clients of one page.
    for client in clients {
        let row = conn
            .optional(
                "SELECT text FROM notes WHERE client = $1 AND trashed IS NULL AND text IS NOT NULL \
                 ORDER BY at DESC, id DESC LIMIT 1",
                values![client.id],
            )
            .await?;
        if let Some(row) = row {
            words.insert(client.id, row.get("text")?);
        }
    }
    Ok(words)
}
