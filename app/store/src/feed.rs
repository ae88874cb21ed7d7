//! What was committed, in the order of the commits: records, what is kept of them elsewhere, declarations. Live
//! pages, webhooks and the outbox read it "after N" and miss nothing.
//!
//! SQLite has one writer: a row's place is its number. PostgreSQL gives numbers before the commit, so that a row
//! with a lower number may appear later; there a reader numbers what it finds committed and not numbered yet, one
//! reader at a time. A number, once given, is final, and nothing appears before it.

use domain::ids::{RecordId, SectionKey};
use domain::limits::{FEED_MS_MAX, FEED_ROWS_MAX};
use sea_query::{Alias, Expr, Query};

use crate::db::{Conn, Db, Dialect, Error};
use crate::values;

/// What happened to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Created,
    Updated,
    Trashed,
    Restored,
    /// A field that follows from other records.
    RolledUp,
    /// A section or a field was declared, changed or switched.
    Declared,
}

/// One thing that was committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its place: each is one more than the one before.
    pub n: i64,
    pub section: String,
    pub record: RecordId,
    pub what: What,
}

impl What {
    fn as_str(self) -> &'static str {
        match self {
            Self::Created => "create",
            Self::Updated => "update",
            Self::Trashed => "trash",
            Self::Restored => "restore",
            Self::RolledUp => "rollup",
            Self::Declared => "declare",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Created, Self::Updated, Self::Trashed, Self::Restored, Self::RolledUp, Self::Declared]
            .into_iter()
            .find(|what| what.as_str() == text)
    }
}

/// Tells what this transaction does; readers learn of it when it is committed.
pub(crate) async fn tell(conn: &mut Conn, now: i64, told: &[(SectionKey, RecordId, What)]) -> Result<(), Error> {
    for some in told.chunks(500) {
        let mut statement = Query::insert();
        statement.into_table(Alias::new("feed")).columns(["section", "record", "what", "at"].map(Alias::new));
        for (section, record, what) in some {
            statement.values_panic([
                Expr::val(section.as_str()),
                Expr::val(*record),
                Expr::val(what.as_str()),
                Expr::val(now),
            ]);
        }
        conn.run(&statement).await?;
    }
    Ok(())
}

/// What was committed after place `n`, at most `FEED_ROWS_MAX`; a gap after `n` says that the reader comes too late
/// and has to look at everything anew.
pub async fn after(db: &Db, n: i64) -> Result<Vec<Event>, Error> {
    if let Db::Postgres { .. } = db {
        while number(db).await? == FEED_ROWS_MAX as u64 {}
    }
    let mut conn = db.read().await?;
    let rows = match conn.dialect() {
        Dialect::Sqlite => {
            let sql = "SELECT seq AS n, section, record, what FROM feed WHERE seq > $1 ORDER BY seq LIMIT $2";
            conn.all(sql, values![n, FEED_ROWS_MAX as i64]).await?
        }
        Dialect::Postgres => {
            let sql = "SELECT n, section, record, what FROM feed WHERE n > $1 ORDER BY n LIMIT $2";
            conn.all(sql, values![n, FEED_ROWS_MAX as i64]).await?
        }
    };
    rows.iter()
        .map(|row| {
            let what: String = row.get("what")?;
            Ok(Event {
                n: row.get("n")?,
                section: row.get("section")?,
                record: row.get("record")?,
                what: What::parse(&what).ok_or_else(|| Error::Corrupt(format!("feed: {what}")))?,
            })
        })
        .collect()
}

/// The latest place: who begins to read now begins after it.
pub async fn head(db: &Db) -> Result<i64, Error> {
    if let Db::Postgres { .. } = db {
        while number(db).await? == FEED_ROWS_MAX as u64 {}
    }
    let mut conn = db.read().await?;
    let row = match conn.dialect() {
        Dialect::Sqlite => conn.optional("SELECT seq AS n FROM feed ORDER BY seq DESC LIMIT 1", values![]).await?,
        Dialect::Postgres => conn.optional("SELECT next - 1 AS n FROM feed_head WHERE one = 1", values![]).await?,
    };
    row.map_or(Ok(0), |row| row.get("n"))
}

/// Gives the next places to what is committed and has none yet; one process at a time. How many.
async fn number(db: &Db) -> Result<u64, Error> {
    let mut conn = db.read().await?;
    if conn.optional("SELECT seq FROM feed WHERE n IS NULL LIMIT 1", values![]).await?.is_none() {
        return Ok(0);
    }
    drop(conn);
    db.write(|conn| {
        Box::pin(async move {
            // Who comes second waits here and then sees what the first one has numbered.
            let row = conn.one("SELECT next FROM feed_head WHERE one = 1 FOR UPDATE", values![]).await?;
            let next: i64 = row.get("next")?;
            let numbered = conn
                .execute(
                    "WITH waiting AS (SELECT seq, ROW_NUMBER() OVER (ORDER BY seq) AS place FROM \
                     (SELECT seq FROM feed WHERE n IS NULL ORDER BY seq LIMIT $2) AS first) \
                     UPDATE feed SET n = $1 + waiting.place - 1 FROM waiting WHERE feed.seq = waiting.seq",
                    values![next, FEED_ROWS_MAX as i64],
                )
                .await?;
            conn.execute("UPDATE feed_head SET next = next + $1 WHERE one = 1", values![numbered as i64]).await?;
            Ok::<_, Error>(numbered)
        })
    })
    .await
}

/// Forgets what is older than every reader may be.
pub async fn forget_old(db: &Db, now: i64) -> Result<(), Error> {
    loop {
        let gone = db
            .write(move |conn| {
                Box::pin(async move {
                    conn.execute(
                        "DELETE FROM feed WHERE seq IN (SELECT seq FROM feed WHERE at < $1 ORDER BY at LIMIT $2)",
                        values![now - FEED_MS_MAX, FEED_ROWS_MAX as i64],
                    )
                    .await
                })
            })
            .await?;
        if gone < FEED_ROWS_MAX as u64 {
            return Ok(());
        }
    }
}
