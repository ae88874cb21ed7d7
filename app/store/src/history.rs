//! The history is the event log: every change of every field, in the transaction that made it.

use std::collections::BTreeMap;

use domain::change::{Act, Change, Difference, Source};
use domain::fields::{FieldSpec, SectionSpec, Value};
use domain::ids::{FieldKey, RecordId};
use domain::limits::HISTORY_PAGE_ROWS;
use serde_json::Value as Json;

use crate::db::{Conn, Error, Row};
use crate::record::{Storage, storage};
use crate::values;

/// A page of a record's history, newest first.
pub struct Page {
    pub changes: Vec<Change>,
    /// The `before` of the next page.
    pub earlier: Option<i64>,
}

/// Changes of one record; `before` is a change's seq.
pub async fn page(
    conn: &mut Conn,
    section: &SectionSpec,
    record: RecordId,
    before: Option<i64>,
) -> Result<Page, Error> {
    let limit = HISTORY_PAGE_ROWS as i64;
    let rows = conn
        .all(
            "SELECT seq, op, record, version, at, actor, source, act, fields FROM change \
             WHERE section = $1 AND record = $2 AND seq < $3 ORDER BY version DESC LIMIT $4",
            values![section.key.as_str(), record, before.unwrap_or(i64::MAX), limit + 1],
        )
        .await?;
    let more = rows.len() > HISTORY_PAGE_ROWS;
    let mut changes: Vec<Change> =
        rows.iter().take(HISTORY_PAGE_ROWS).map(|row| read(row, section)).collect::<Result<_, _>>()?;
    let earlier = changes.last().filter(|_| more).map(|change| change.seq);
    // Of fields that are not there for this reader nothing is left, not even that something happened.
    changes.retain(|change| change.act != Act::Update || !change.fields.is_empty());
    Ok(Page { changes, earlier })
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
            "SELECT seq, op, record, version, at, actor, source, act, fields FROM change \
             WHERE section = $1 AND record = $2 AND version > $3 ORDER BY version",
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
            "SELECT seq, op, record, version, at, actor, source, act, fields FROM change \
             WHERE section = $1 AND record >= $2 AND record <= $3 ORDER BY record, version",
            values![section.key.as_str(), from, to],
        )
        .await?;
    rows.iter().map(|row| read(row, section)).collect()
}

/// The changes of an operation, the latest first.
pub async fn by_op(conn: &mut Conn, section: &SectionSpec, op: &str) -> Result<Vec<Change>, Error> {
    let rows = conn
        .all(
            "SELECT seq, op, record, version, at, actor, source, act, fields FROM change \
             WHERE section = $1 AND op = $2 ORDER BY seq DESC",
            values![section.key.as_str(), op],
        )
        .await?;
    rows.iter().map(|row| read(row, section)).collect()
}

/// The change at this place of the event log.
pub(crate) async fn at(conn: &mut Conn, section: &SectionSpec, seq: i64) -> Result<Option<Change>, Error> {
    let row = conn
        .optional(
            "SELECT seq, op, record, version, at, actor, source, act, fields FROM change \
             WHERE section = $1 AND seq = $2",
            values![section.key.as_str(), seq],
        )
        .await?;
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
            "SELECT seq, op, record, version, at, actor, source, act, fields FROM change \
             WHERE section = $1 AND record = $2 AND seq = $3",
            values![section.key.as_str(), record, seq],
        )
        .await?;
    row.map(|row| read(&row, section)).transpose()
}

/// Writes one change; its `seq` is given by the database.
pub async fn append(conn: &mut Conn, section: &SectionSpec, change: &Change) -> Result<i64, Error> {
    let row = conn
        .one(
            "INSERT INTO change (op, section, record, version, at, actor, source, act, fields) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING seq",
            values![
                change.op.as_str(),
                section.key.as_str(),
                change.record,
                change.version,
                change.at,
                change.actor,
                change.source.as_str(),
                change.act.as_str(),
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
    match storage(field.kind) {
        Storage::Text => json.as_str().map(|text| Value::Text(text.to_string())),
        Storage::Number(make) => json.as_i64().map(make),
    }
}
