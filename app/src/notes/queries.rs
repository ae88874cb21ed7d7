//! The SQL of the stream: its pages, and mentions. Entries are seen with what they are said of: who asks for them brings
//! that record along, loaded, and so may see it.

use std::collections::BTreeMap;

use domain::fields::{FieldSpec, Kind, Section, Value, kinds};
use domain::ids::{RecordId, RecordRef, UserId};
use sea_query::{Alias, Expr, ExprTrait, Order, Query, SimpleExpr};
use store::record::Record;
use store::{Conn, Db, Error, values};

/// What the entries of a record have in one of their columns.
pub struct Of<'a> {
    field: &'a FieldSpec,
    value: Value,
}

impl<'a> Of<'a> {
    /// `None` where entries of this section's records are none that the reader may know of.
    pub fn record(notes: &'a Section, of: &Section, record: &Record) -> Option<Self> {
        let field = notes.pointing_at(&of.key)?;
        let value = match field.kind {
            Kind::Record => kinds::record::value(&RecordRef::new(&of.key, record.id)),
            _ => Value::Reference(record.id),
        };
        Some(Self { field, value })
    }

    fn condition(&self) -> SimpleExpr {
        let column = Expr::col(Alias::new(&self.field.column));
        match &self.value {
            Value::Text(text) => column.eq(text.as_str()),
            value => column.eq(value.number()),
        }
    }
}

/// Entries older than a place, newest first: numbers in the order of the stream, each with its instant.
pub async fn page(
    conn: &mut Conn,
    of: &Of<'_>,
    kind: Option<i64>,
    before: Option<(i64, RecordId)>,
    rows_max: usize,
) -> Result<Vec<(i64, RecordId)>, Error> {
    let column = |name: &'static str| Expr::col(Alias::new(name));
    let mut statement = Query::select();
    statement
        .columns(["at", "id"].map(Alias::new))
        .from(Alias::new("notes"))
        .and_where(of.condition())
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

pub async fn pinned(conn: &mut Conn, of: &Of<'_>, rows_max: usize) -> Result<Vec<RecordId>, Error> {
    let column = |name: &'static str| Expr::col(Alias::new(name));
    let mut statement = Query::select();
    statement
        .column(Alias::new("id"))
        .from(Alias::new("notes"))
        .and_where(of.condition())
        .and_where(Expr::cust("pinned = 1"))
        .and_where(column("trashed").is_null())
        .order_by(Alias::new("at"), Order::Desc)
        .order_by(Alias::new("id"), Order::Desc)
        .limit(rows_max as u64);
    conn.select(&statement).await?.iter().map(|row| row.get("id")).collect()
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
