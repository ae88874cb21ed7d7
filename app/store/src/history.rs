//! The history is the event log: every change of every field, in the transaction that made it.

use std::collections::BTreeMap;

use domain::change::{Change, ChangeKind, Difference, Source};
use domain::fields::{FieldSpec, Section, SectionSpec, Value};
use domain::ids::{FieldKey, RecordId, SectionKey, UserId};
use domain::limits::CHANGES_SINCE_MAX;
use sea_query::{Alias, Expr, ExprTrait, Func, Order, Query};
use serde_json::Value as Json;

use crate::db::{Conn, Dialect, Error, Row};
use crate::storage::{Storage, storage};
use crate::{sight, values};

/// Authors are gathered from so many of the latest changes.
const AUTHORS_OF_CHANGES_MAX: usize = 500;
/// Records of an operation that has not counted them itself are counted up to here.
const OPERATION_COUNTED_MAX: u64 = 1_000;
/// Changes of one statement.
const APPENDED_ROWS: usize = 500;
/// A snapshot names each transaction that was under way.
const SEEN_CHARS_MAX: usize = 4_000;

const COLUMNS: [&str; 10] = ["seq", "op", "record", "version", "at", "actor", "source", "act", "undoes", "fields"];

/// SELECT of whole changes.
macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT seq, op, record, version, at, actor, source, act, undoes, fields FROM change ", $rest)
    };
}

/// A page of a record's history, newest first.
pub struct Page {
    pub changes: Vec<Change>,
    /// The `before` of the next page.
    pub earlier: Option<i64>,
}

/// Which changes of a record are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// Older than this change's seq.
    pub before: Option<i64>,
    pub field: Option<&'a FieldKey>,
    pub by: Option<UserId>,
}

/// Changes of one record.
pub async fn page(
    conn: &mut Conn,
    section: &Section,
    record: RecordId,
    wanted: &Wanted<'_>,
    rows_max: usize,
) -> Result<Page, Error> {
    let column = |name: &str| Expr::col(Alias::new(name));
    let mut statement = Query::select();
    statement
        .columns(COLUMNS.map(Alias::new))
        .from(Alias::new("change"))
        .and_where(column("section").eq(section.key.as_str()))
        .and_where(column("record").eq(record))
        .and_where(column("seq").lt(wanted.before.unwrap_or(i64::MAX)))
        .order_by(Alias::new("version"), Order::Desc)
        .limit(rows_max as u64 + 1);
    if let Some(by) = wanted.by {
        statement.and_where(column("actor").eq(by));
    }
    if let Some(field) = wanted.field {
        let find = match conn.dialect() {
            Dialect::Sqlite => "instr",
            Dialect::Postgres => "strpos",
        };
        // A quote inside a text is escaped: only a key stands so.
        let key = Func::cust(Alias::new(find)).arg(column("fields")).arg(format!("\"{field}\":["));
        statement.and_where(Expr::expr(key).gt(0));
    }
    let rows = conn.select(&statement).await?;
    let more = rows.len() > rows_max;
    let mut changes: Vec<Change> =
        rows.iter().take(rows_max).map(|row| read(row, section)).collect::<Result<_, _>>()?;
    let earlier = changes.last().filter(|_| more).map(|change| change.seq);
    // Of fields that are not there for this reader nothing is left, not even that something happened.
    changes.retain(|change| change.kind != ChangeKind::Update || !change.fields.is_empty());
    sight::narrow_changes(conn, section, &mut changes).await?;
    Ok(Page { changes, earlier })
}

/// Who has changed a record, the latest first; of changes that the reader may see, as far as they are looked at.
pub async fn authors(conn: &mut Conn, section: &Section, record: RecordId) -> Result<Vec<UserId>, Error> {
    let seen = page(conn, section, record, &Wanted::default(), AUTHORS_OF_CHANGES_MAX).await?;
    let mut authors = Vec::new();
    for change in seen.changes {
        if !authors.contains(&change.actor) {
            authors.push(change.actor);
        }
    }
    Ok(authors)
}

/// The latest operation of a user, before this place of the event log, of which some part was not taken back yet:
/// its id and the place where it was found.
pub async fn undoable(conn: &mut Conn, actor: UserId, since: i64, before: i64) -> Result<Option<(String, i64)>, Error> {
    let row = conn
        .optional(
            "SELECT op, seq FROM change AS done WHERE actor = $1 AND at >= $2 AND seq < $3 \
             AND undoes IS NULL AND source <> 'seed' AND NOT EXISTS (SELECT 1 FROM change AS back \
             WHERE back.undoes = done.op AND back.section = done.section AND back.record = done.record) \
             ORDER BY seq DESC LIMIT 1",
            values![actor, since, before],
        )
        .await?;
    row.map(|row| Ok((row.get("op")?, row.get("seq")?))).transpose()
}

/// Whose operation it is, and how many records of each section it changed; counting stops at `rows_max` changes.
pub async fn of_op(conn: &mut Conn, op: &str, rows_max: usize) -> Result<Option<Whole>, Error> {
    let rows = conn
        .all(
            "SELECT DISTINCT section, record, actor FROM (SELECT section, record, actor FROM change WHERE op = $1 \
             ORDER BY seq LIMIT $2) AS looked_at ORDER BY section, record",
            values![op, rows_max as i64],
        )
        .await?;
    let mut whole = Whole { actor: 0, records: Vec::new() };
    for row in &rows {
        whole.actor = row.get("actor")?;
        whole.records.push((SectionKey::from(row.get::<String>("section")?.as_str()), row.get("record")?));
    }
    Ok((!rows.is_empty()).then_some(whole))
}

/// What an operation did, as far as it was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    pub actor: UserId,
    pub records: Vec<(SectionKey, RecordId)>,
}

/// What of an operation was not taken back yet, the latest first; of these records alone, when they are given.
pub(crate) async fn to_take_back(
    conn: &mut Conn,
    section: &SectionSpec,
    op: &str,
    records: Option<&[RecordId]>,
) -> Result<Vec<Change>, Error> {
    let column = |name: &str| Expr::col((Alias::new("done"), Alias::new(name)));
    let back = |name: &str| Expr::col((Alias::new("back"), Alias::new(name)));
    let mut taken = Query::select();
    taken
        .expr(Expr::val(1))
        .from_as(Alias::new("change"), Alias::new("back"))
        .and_where(back("undoes").eq(op))
        .and_where(back("section").equals((Alias::new("done"), Alias::new("section"))))
        .and_where(back("record").equals((Alias::new("done"), Alias::new("record"))));
    let mut statement = Query::select();
    statement
        .columns(COLUMNS.map(|name| (Alias::new("done"), Alias::new(name))))
        .from_as(Alias::new("change"), Alias::new("done"))
        .and_where(column("op").eq(op))
        .and_where(column("section").eq(section.key.as_str()))
        .and_where(Expr::exists(taken).not())
        .order_by((Alias::new("done"), Alias::new("seq")), Order::Desc);
    if let Some(records) = records {
        statement.and_where(column("record").is_in(records.iter().copied()));
    }
    conn.select(&statement).await?.iter().map(|row| read(row, section)).collect()
}

/// How many records each of these operations has changed: of long ones as they counted it themselves, of others as far
/// as they are counted.
pub async fn sizes(conn: &mut Conn, ops: &[String]) -> Result<BTreeMap<String, i64>, Error> {
    if ops.is_empty() {
        return Ok(BTreeMap::new());
    }
    let op = || Expr::col((Alias::new("ops"), Alias::new("column1")));
    let mut changes = Query::select();
    changes
        .expr_as(Expr::val(1), Alias::new("one"))
        .from(Alias::new("change"))
        .and_where(Expr::col(Alias::new("op")).eq(op()))
        .limit(OPERATION_COUNTED_MAX);
    let mut counted = Query::select();
    counted
        .expr(Func::count(Expr::col((Alias::new("few"), Alias::new("one")))))
        .from_subquery(changes, Alias::new("few"));
    let mut own = Query::select();
    own.expr(Expr::col(Alias::new("done")).sub(Expr::col(Alias::new("left_alone"))))
        .from(Alias::new("operation"))
        .and_where(Expr::col(Alias::new("id")).eq(op()));
    let size =
        Func::coalesce([Expr::SubQuery(None, Box::new(own.into())), Expr::SubQuery(None, Box::new(counted.into()))]);
    let mut statement = Query::select();
    statement
        .expr_as(op(), Alias::new("op"))
        .expr_as(size, Alias::new("changes"))
        .from_values(ops.iter().map(String::as_str), Alias::new("ops"));
    conn.select(&statement).await?.iter().map(|row| Ok((row.get("op")?, row.get("changes")?))).collect()
}

/// The record that a user made last, if nobody has touched it since.
pub async fn untouched(
    conn: &mut Conn,
    section: &SectionSpec,
    actor: UserId,
    since: i64,
) -> Result<Option<RecordId>, Error> {
    let made = conn
        .optional(
            "SELECT record, at FROM change WHERE actor = $1 AND section = $2 AND act = 'create' \
             ORDER BY seq DESC LIMIT 1",
            values![actor, section.key.as_str()],
        )
        .await?;
    let Some(made) = made else { return Ok(None) };
    if made.get::<i64>("at")? < since {
        return Ok(None);
    }
    let record: RecordId = made.get("record")?;
    let later = conn
        .optional(
            "SELECT seq FROM change WHERE section = $1 AND record = $2 AND version > 1 LIMIT 1",
            values![section.key.as_str(), record],
        )
        .await?;
    Ok(later.is_none().then_some(record))
}

/// Changes of a record that are newer than this version, oldest first: of many the latest, one more than
/// `CHANGES_SINCE_MAX`.
pub async fn since(
    conn: &mut Conn,
    section: &SectionSpec,
    record: RecordId,
    version: i64,
) -> Result<Vec<Change>, Error> {
    let rows = conn
        .all(
            select!("WHERE section = $1 AND record = $2 AND version > $3 ORDER BY version DESC LIMIT $4"),
            values![section.key.as_str(), record, version, CHANGES_SINCE_MAX as i64 + 1],
        )
        .await?;
    rows.iter().rev().map(|row| read(row, section)).collect()
}

/// Changes of the records of a range of numbers, each record's oldest first.
pub(crate) async fn of_range(
    conn: &mut Conn,
    section: &SectionSpec,
    from: RecordId,
    to: RecordId,
) -> Result<Vec<Change>, Error> {
    let rows = conn
        .all(
            select!("WHERE section = $1 AND record >= $2 AND record <= $3 ORDER BY record, version"),
            values![section.key.as_str(), from, to],
        )
        .await?;
    rows.iter().map(|row| read(row, section)).collect()
}

/// The changes of declarations that an operation made and nobody has taken back, the latest first.
pub(crate) async fn declared_by(conn: &mut Conn, section: &SectionKey, op: &str) -> Result<Vec<i64>, Error> {
    let rows = conn
        .all(
            "SELECT seq FROM change AS done WHERE op = $1 AND section = $2 AND NOT EXISTS (SELECT 1 FROM change AS back \
             WHERE back.undoes = done.op AND back.section = done.section AND back.record = done.record) \
             ORDER BY seq DESC",
            values![op, section.as_str()],
        )
        .await?;
    rows.iter().map(|row| row.get("seq")).collect()
}

/// One change, as far as the reader may see it.
pub async fn by_seq(conn: &mut Conn, section: &Section, record: RecordId, seq: i64) -> Result<Option<Change>, Error> {
    let row = conn
        .optional(
            select!("WHERE section = $1 AND record = $2 AND seq = $3"),
            values![section.key.as_str(), record, seq],
        )
        .await?;
    let mut found: Vec<Change> = row.iter().map(|row| read(row, section)).collect::<Result<_, _>>()?;
    sight::narrow_changes(conn, section, &mut found).await?;
    Ok(found.pop())
}

/// Writes changes, each of the section beside it; gives the place of each in the event log, in their order.
pub(crate) async fn append(conn: &mut Conn, changes: &[(&SectionKey, &Change)]) -> Result<Vec<i64>, Error> {
    let mut places: BTreeMap<(String, RecordId, i64), i64> = BTreeMap::new();
    for some in changes.chunks(APPENDED_ROWS) {
        let mut statement = Query::insert();
        statement.into_table(Alias::new("change")).columns(
            ["op", "section", "record", "version", "at", "actor", "source", "act", "undoes", "fields"].map(Alias::new),
        );
        for (section, change) in some {
            statement.values_panic([
                Expr::val(change.op.as_str()),
                Expr::val(section.as_str()),
                Expr::val(change.record),
                Expr::val(change.version),
                Expr::val(change.at),
                Expr::val(change.actor),
                Expr::val(change.source.as_str()),
                Expr::val(change.kind.as_str()),
                Expr::val(change.undoes.clone()),
                Expr::val(to_json(&change.fields)),
            ]);
        }
        // In which order rows come back is nowhere promised.
        statement.returning(Query::returning().columns(["seq", "section", "record", "version"].map(Alias::new)));
        for row in conn.insert_returning(&statement).await? {
            places.insert((row.get("section")?, row.get("record")?, row.get("version")?), row.get("seq")?);
        }
    }
    let place = |(section, change): &(&SectionKey, &Change)| {
        let key = (section.to_string(), change.record, change.version);
        places.get(&key).copied().ok_or_else(|| Error::Corrupt(format!("change: {key:?} was not written")))
    };
    changes.iter().map(place).collect()
}

/// How much of the history an answer has seen: what was committed since is not in it. Opaque to who carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen(String);

impl Seen {
    /// What everything that comes later is compared with. To be asked for before what it goes with is read.
    pub async fn now(conn: &mut Conn) -> Result<Self, Error> {
        let row = match conn.dialect() {
            // One writer: places in the event log are in the order of the commits.
            Dialect::Sqlite => conn.one("SELECT CAST(COALESCE(MAX(seq), 0) AS TEXT) AS seen FROM change", values![]),
            // A place is given before the commit: which transactions were over is what counts.
            Dialect::Postgres => conn.one("SELECT pg_current_snapshot()::text AS seen", values![]),
        };
        row.await?.get("seen").map(Self)
    }

    /// Reads what a request brought back; `None` for what no answer had.
    pub fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| text.parse::<i64>().ok().filter(|number| *number >= 0 && text.len() <= 19);
        let is_seen = match text.split(':').collect::<Vec<_>>()[..] {
            [place] => number(place).is_some(),
            [min, max, running] => {
                let (min, max) = (number(min)?, number(max)?);
                let running: Vec<i64> = match running {
                    "" => Vec::new(),
                    running => running.split(',').map(number).collect::<Option<_>>()?,
                };
                let within = running.iter().all(|id| (min..max).contains(id));
                0 < min && min <= max && within && running.is_sorted_by(|one, next| one < next)
            }
            _ => false,
        };
        (is_seen && text.len() <= SEEN_CHARS_MAX).then(|| Self(text.to_string()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What others than `actor` have changed in these records and was not seen.
pub(crate) async fn unseen(
    conn: &mut Conn,
    section: &SectionSpec,
    records: &[RecordId],
    actor: UserId,
    seen: &Seen,
) -> Result<Vec<Change>, Error> {
    let mut statement = Query::select();
    statement
        .columns(COLUMNS.map(Alias::new))
        .from(Alias::new("change"))
        .and_where(Expr::col(Alias::new("section")).eq(section.key.as_str()))
        .and_where(Expr::col(Alias::new("record")).is_in(records.iter().copied()))
        .and_where(Expr::col(Alias::new("actor")).ne(actor));
    let is_place = !seen.0.contains(':');
    match (conn.dialect(), is_place) {
        (Dialect::Sqlite, true) => {
            statement.and_where(Expr::col(Alias::new("seq")).gt(seen.0.parse::<i64>().unwrap_or(i64::MAX)));
        }
        (Dialect::Postgres, false) => {
            let snapshot = Expr::val(seen.0.as_str()).cast_as(Alias::new("pg_snapshot"));
            let visible =
                Func::cust(Alias::new("pg_visible_in_snapshot")).arg(Expr::col(Alias::new("xid"))).arg(snapshot);
            statement.and_where(Expr::expr(visible).eq(false));
        }
        // Of another database: nothing is known of what it has seen.
        (Dialect::Sqlite, false) | (Dialect::Postgres, true) => {}
    }
    conn.select(&statement).await?.iter().map(|row| read(row, section)).collect()
}

fn read(row: &Row, section: &SectionSpec) -> Result<Change, Error> {
    let source: String = row.get("source")?;
    let act: String = row.get("act")?;
    let fields: String = row.get("fields")?;
    let corrupt = |what: &str| Error::Corrupt(format!("change: {what}"));
    Ok(Change {
        seq: row.get("seq")?,
        op: row.get("op")?,
        record: row.get("record")?,
        version: row.get("version")?,
        at: row.get("at")?,
        actor: row.get("actor")?,
        source: Source::parse(&source).ok_or_else(|| corrupt(&source))?,
        kind: ChangeKind::parse(&act).ok_or_else(|| corrupt(&act))?,
        undoes: row.get("undoes")?,
        fields: from_json(&fields, section).ok_or_else(|| corrupt(&fields))?,
    })
}

fn to_json(fields: &BTreeMap<FieldKey, Difference>) -> String {
    let value = |value: &Value| match value {
        Value::Empty => Json::Null,
        Value::Text(text) => Json::from(text.as_str()),
        Value::Integer(number) | Value::Instant(number) | Value::Reference(number) => Json::from(*number),
    };
    let pairs = fields
        .iter()
        .map(|(key, difference)| (key.to_string(), Json::from(vec![value(&difference.old), value(&difference.new)])));
    Json::Object(pairs.collect()).to_string()
}

/// Fields that the section no longer declares are left out.
fn from_json(text: &str, section: &SectionSpec) -> Option<BTreeMap<FieldKey, Difference>> {
    let Json::Object(pairs) = serde_json::from_str(text).ok()? else { return None };
    let mut fields = BTreeMap::new();
    for (key, pair) in pairs {
        let Some(field) = section.field_named(&key) else { continue };
        let difference = Difference { old: value(field, pair.get(0)?)?, new: value(field, pair.get(1)?)? };
        fields.insert(field.key.clone(), difference);
    }
    Some(fields)
}

fn value(field: &FieldSpec, json: &Json) -> Option<Value> {
    if json.is_null() {
        return Some(Value::Empty);
    }
    match storage(&field.kind) {
        Storage::Text => json.as_str().map(|text| Value::Text(text.to_string())),
        Storage::Number(make) => json.as_i64().map(make),
    }
}
