//! Is the base whole? Every record is made anew from its history and compared with what its table holds.

use std::collections::BTreeMap;

use domain::change::{Act, Change};
use domain::fields::{FieldSpec, Registry, Section, Value};
use domain::ids::{FieldKey, RecordId};
use sea_query::{Alias, Expr, ExprTrait, Order};

use crate::db::{Conn, Db, Error};
use crate::record::{self, Record, Storage, storage};
use crate::{history, rollup, search, values};

const CHUNK: u64 = 500;
/// After so many faults the rest is not said.
const FAULTS_MAX: usize = 100;

/// What is wrong, each in words; empty when the base is whole.
pub async fn check(db: &Db, registry: &Registry) -> Result<Vec<String>, Error> {
    let mut faults = Vec::new();
    for section in &registry.sections {
        check_section(db, &registry.sections, section, &mut faults).await?;
    }
    if let Db::Sqlite { .. } = db {
        let mut conn = db.read().await?;
        for row in conn.all("PRAGMA integrity_check", values![]).await? {
            let said: String = row.get("integrity_check")?;
            if said != "ok" {
                faults.push(format!("the file: {said}"));
            }
        }
    }
    faults.truncate(FAULTS_MAX);
    Ok(faults)
}

async fn check_section(
    db: &Db,
    sections: &[Section],
    section: &Section,
    faults: &mut Vec<String>,
) -> Result<(), Error> {
    let mut last = 0;
    loop {
        let mut conn = db.read().await?;
        let found = chunk(&mut conn, section, last).await?;
        let ends = found.len() < CHUNK as usize;
        let until = found.last().map_or(last, |(record, _)| record.id);
        // Also what lies between the records and after the last one.
        let changes = changes(&mut conn, section, last + 1, if ends { i64::MAX } else { until }).await?;
        for (record, kept) in &found {
            let own = changes.get(&record.id).map(Vec::as_slice).unwrap_or_default();
            let place = format!("{}/{}", section.key, record.id);
            faults.extend(compare(section, record, kept, own).into_iter().map(|fault| format!("{place}: {fault}")));
            for (key, due) in rollup::due(&mut conn, sections, section, record).await? {
                faults.push(format!("{place}: {key}: the table has {:?}, the records {due:?}", record.value(&key)));
            }
            if !search::finds(&mut conn, section, record).await? {
                faults.push(format!("{place}: the search does not find it by all that it holds"));
            }
        }
        for id in changes.keys().filter(|id| !found.iter().any(|(record, _)| record.id == **id)) {
            faults.push(format!("{}/{id}: it has a history, but is not in its table", section.key));
        }
        last = until;
        if ends {
            break;
        }
        if faults.len() >= FAULTS_MAX {
            return Ok(());
        }
    }
    let mut conn = db.read().await?;
    let row = conn.optional("SELECT next FROM counter WHERE section = $1", values![section.key.as_str()]).await?;
    let next: i64 = row.map_or(Ok(1), |row| row.get("next"))?;
    if next <= last {
        faults.push(format!("{}: the next number is {next}, but {last} is taken", section.key));
    }
    Ok(())
}

/// What stands in the columns that are made from values: keys and doubts.
type Made = BTreeMap<String, Value>;

async fn chunk(conn: &mut Conn, section: &Section, after: RecordId) -> Result<Vec<(Record, Made)>, Error> {
    let fields: Vec<&FieldSpec> = section.kept().collect();
    let mut statement = record::select(section, &fields);
    for field in &fields {
        for column in made_columns(field) {
            statement.expr_as(Expr::col(Alias::new(&column)), Alias::new(&column));
        }
    }
    statement.and_where(Expr::col(Alias::new("id")).gt(after)).order_by(Alias::new("id"), Order::Asc).limit(CHUNK);
    let mut found = Vec::new();
    for row in conn.select(&statement).await? {
        let mut made = Made::new();
        for field in &fields {
            if field.kind.rules().has_key() {
                let key: Option<String> = row.get(&field.key_column())?;
                made.insert(field.key_column(), key.map_or(Value::Empty, Value::Text));
            }
            if let Some(column) = field.doubt_column() {
                let doubt: Option<i64> = row.get(&column)?;
                made.insert(column, doubt.map_or(Value::Empty, Value::Integer));
            }
        }
        found.push((record::read(&row, &fields)?, made));
    }
    Ok(found)
}

fn made_columns(field: &FieldSpec) -> impl Iterator<Item = String> {
    let key = field.kind.rules().has_key().then(|| field.key_column());
    key.into_iter().chain(field.doubt_column())
}

async fn changes(
    conn: &mut Conn,
    section: &Section,
    from: RecordId,
    to: RecordId,
) -> Result<BTreeMap<RecordId, Vec<Change>>, Error> {
    let mut changes: BTreeMap<RecordId, Vec<Change>> = BTreeMap::new();
    for change in history::of_range(conn, section, from, to).await? {
        changes.entry(change.record).or_default().push(change);
    }
    Ok(changes)
}

/// A record beside what its history says it is.
fn compare(section: &Section, record: &Record, made: &Made, changes: &[Change]) -> Vec<String> {
    let mut faults = Vec::new();
    let versions: Vec<i64> = changes.iter().map(|change| change.version).collect();
    if versions != (1..=record.version).collect::<Vec<_>>() {
        faults.push(format!("version {}, but the history has {versions:?}", record.version));
    }
    if changes.first().is_none_or(|change| change.act != Act::Create) {
        faults.push("the history does not begin with its creation".into());
        return faults;
    }
    let mut values: BTreeMap<&FieldKey, &Value> = BTreeMap::new();
    let mut trashed = None;
    for change in changes {
        for (key, difference) in &change.fields {
            if *values.get(key).unwrap_or(&&Value::Empty) != &difference.old {
                faults.push(format!(
                    "{key}: version {} begins with another value than the one before left",
                    change.version
                ));
            }
            values.insert(key, &difference.new);
        }
        match change.act {
            Act::Trash => trashed = Some((change.at, change.actor)),
            Act::Restore => trashed = None,
            Act::Create | Act::Update => {}
        }
    }
    if trashed != record.trashed {
        faults.push("the history and the table differ in whether it is in the trash".into());
    }
    let edited = changes.iter().rev().find(|change| matches!(change.act, Act::Create | Act::Update));
    for field in section.fields.iter().filter(|field| field.rollup().is_none()) {
        let has = record.value(&field.key);
        let edit = edited.filter(|_| field.stamp_on_update().is_some()).or(changes.first());
        let stamp = field.stamp_on_update().or(field.stamp_on_create()).zip(edit);
        let stamped = stamp.map(|(stamp, change)| stamp.value(change.at, change.actor));
        let due = match values.get(&field.key) {
            Some(value) => (*value).clone(),
            None if field.column == "id" => Value::Integer(record.id),
            None => stamped.unwrap_or_default(),
        };
        if *has != due {
            faults.push(format!("{}: the table has {has:?}, the history {due:?}", field.key));
        }
        let rules = field.kind.rules();
        let key = rules.key(has).map_or(Value::Empty, Value::Text);
        if rules.has_key() && made.get(&field.key_column()) != Some(&key) {
            faults.push(format!("{}: it is not found by what it holds", field.key));
        }
        let doubt = rules.doubt(has).map_or(Value::Empty, |_| Value::Integer(1));
        if field.doubt_column().is_some_and(|column| made.get(&column) != Some(&doubt)) {
            faults.push(format!("{}: whether it is doubtful is noted wrongly", field.key));
        }
        let is_text = matches!(storage(&field.kind), Storage::Text);
        if is_text && has.text() == Some("") {
            faults.push(format!("{}: an empty text stands where nothing should", field.key));
        }
    }
    faults
}
