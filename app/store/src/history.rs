//! The history is the event log: every change of every field, in the transaction that made it.

use std::collections::BTreeMap;

use domain::change::{Act, Change, Difference, Source};
use domain::fields::{FieldSpec, SectionSpec, Value};
use domain::ids::{FieldKey, RecordId, UserId};
use sea_query::{Alias, Expr, ExprTrait, Func, Order, Query};
use serde_json::Value as Json;

use crate::db::{Conn, Dialect, Error, Row};
use crate::record::{Storage, storage};
use crate::values;

/// Authors are gathered from so many of the latest changes.
const AUTHORS_OF_CHANGES_MAX: usize = 500;

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
    section: &SectionSpec,
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
    changes.retain(|change| change.act != Act::Update || !change.fields.is_empty());
    Ok(Page { changes, earlier })
}

/// Who has changed a record, the latest first; of changes that the reader may see, as far as they are looked at.
pub async fn authors(conn: &mut Conn, section: &SectionSpec, record: RecordId) -> Result<Vec<UserId>, Error> {
    let seen = page(conn, section, record, &Wanted::default(), AUTHORS_OF_CHANGES_MAX).await?;
    let mut authors = Vec::new();
    for change in seen.changes {
        if !authors.contains(&change.actor) {
            authors.push(change.actor);
        }
    }
    Ok(authors)
}

/// The latest operations of a user that nobody has taken back, each with its section and the number of changes.
pub async fn undoable(conn: &mut Conn, actor: UserId, since: i64) -> Result<Vec<(String, String, i64)>, Error> {
    let rows = conn
        .all(
            "SELECT section, op, COUNT(seq) AS changes, MAX(seq) AS latest FROM change AS done \
             WHERE actor = $1 AND at >= $2 AND undoes IS NULL AND source <> 'seed' \
             AND NOT EXISTS (SELECT 1 FROM change AS back WHERE back.undoes = done.op) \
             GROUP BY section, op ORDER BY latest DESC LIMIT 20",
            values![actor, since],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("section")?, row.get("op")?, row.get("changes")?))).collect()
}

/// How many records each of these operations has changed.
pub async fn sizes(conn: &mut Conn, ops: &[String]) -> Result<BTreeMap<String, i64>, Error> {
    if ops.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut statement = Query::select();
    statement
        .column(Alias::new("op"))
        .expr_as(Func::count(Expr::col(Alias::new("seq"))), Alias::new("changes"))
        .from(Alias::new("change"))
        .and_where(Expr::col(Alias::new("op")).is_in(ops.iter().map(String::as_str)))
        .group_by_col(Alias::new("op"));
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
            "SELECT record, seq FROM change WHERE actor = $1 AND at >= $3 AND section = $2 AND act = 'create' \
             ORDER BY seq DESC LIMIT 1",
            values![actor, section.key.as_str(), since],
        )
        .await?;
    let Some(made) = made else { return Ok(None) };
    let record: RecordId = made.get("record")?;
    let later = conn
        .optional(
            "SELECT seq FROM change WHERE section = $1 AND record = $2 AND version > 1 LIMIT 1",
            values![section.key.as_str(), record],
        )
        .await?;
    Ok(later.is_none().then_some(record))
}

/// Changes of a record that are newer than this version, oldest first.
pub async fn since(
    conn: &mut Conn,
    section: &SectionSpec,
    record: RecordId,
    version: i64,
) -> Result<Vec<Change>, Error> {
    let rows = conn
        .all(
            select!("WHERE section = $1 AND record = $2 AND version > $3 ORDER BY version"),
            values![section.key.as_str(), record, version],
        )
        .await?;
    rows.iter().map(|row| read(row, section)).collect()
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

/// The changes of an operation, the latest first.
pub async fn by_op(conn: &mut Conn, section: &SectionSpec, op: &str) -> Result<Vec<Change>, Error> {
    let rows = conn
        .all(select!("WHERE section = $1 AND op = $2 ORDER BY seq DESC"), values![section.key.as_str(), op])
        .await?;
    rows.iter().map(|row| read(row, section)).collect()
}

/// The change at this place of the event log.
pub(crate) async fn at(conn: &mut Conn, section: &SectionSpec, seq: i64) -> Result<Option<Change>, Error> {
    let row = conn.optional(select!("WHERE section = $1 AND seq = $2"), values![section.key.as_str(), seq]).await?;
    row.map(|row| read(&row, section)).transpose()
}

pub async fn by_seq(
    conn: &mut Conn,
    section: &SectionSpec,
    record: RecordId,
    seq: i64,
) -> Result<Option<Change>, Error> {
    let row = conn
        .optional(
            select!("WHERE section = $1 AND record = $2 AND seq = $3"),
            values![section.key.as_str(), record, seq],
        )
        .await?;
    row.map(|row| read(&row, section)).transpose()
}

/// Writes one change; its `seq` is given by the database.
pub async fn append(conn: &mut Conn, section: &SectionSpec, change: &Change) -> Result<i64, Error> {
    let row = conn
        .one(
            "INSERT INTO change (op, section, record, version, at, actor, source, act, undoes, fields) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING seq",
            values![
                change.op.as_str(),
                section.key.as_str(),
                change.record,
                change.version,
                change.at,
                change.actor,
                change.source.as_str(),
                change.act.as_str(),
                change.undoes.clone(),
                to_json(&change.fields),
            ],
        )
        .await?;
    row.get("seq")
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
        act: Act::parse(&act).ok_or_else(|| corrupt(&act))?,
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
