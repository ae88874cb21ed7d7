//! Is the base whole? Every record is made anew from its history and compared with what its table holds.

use std::collections::{BTreeMap, BTreeSet};

use domain::change::{Change, ChangeKind};
use domain::fields::{FieldSpec, Registry, Section, Value};
use domain::ids::{FieldKey, RecordId};
use sea_query::{Alias, Expr, ExprTrait, Func, Order, Query};

use crate::db::{Conn, Db, Dialect, Error};
use crate::record::{self, Record};
use crate::storage::{self, Storage, storage};
use crate::{history, rollup, scope, search_index, values};

const CHUNK: u64 = 500;
/// After so many faults the rest is not said.
const FAULTS_MAX: usize = 100;
const UNSEARCHED: &str = "the search does not find it by all that it holds";

/// What is wrong, each in words; empty when the base is whole.
pub async fn check(db: &Db, registry: &Registry) -> Result<Vec<String>, Error> {
    check_with(db, registry, |_, _| ()).await
}

/// `told` hears how many records were looked at, and of how many.
pub async fn check_with(db: &Db, registry: &Registry, mut told: impl FnMut(u64, u64)) -> Result<Vec<String>, Error> {
    let mut faults = Vec::new();
    let mut progress = (0, 0);
    for section in &registry.sections {
        progress.1 += records(db, section).await?;
    }
    for section in &registry.sections {
        let mut told = |records: usize| {
            progress.0 += records as u64;
            told(progress.0, Ord::max(progress.1, progress.0));
        };
        check_section(db, &registry.sections, section, &mut faults, &mut told).await?;
        check_links(db, section, &mut faults).await?;
    }
    if let Db::Sqlite { .. } = db {
        let mut conn = db.read_at_leisure().await?;
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

async fn records(db: &Db, section: &Section) -> Result<u64, Error> {
    let mut statement = Query::select();
    statement.expr_as(Func::count(Expr::col(Alias::new("id"))), Alias::new("records")).from(Alias::new(&section.table));
    let mut conn = db.read_at_leisure().await?;
    let rows = conn.select(&statement).await?;
    rows.first().map_or(Ok(0), |row| Ok(row.get::<i64>("records")?.unsigned_abs()))
}

/// Links that stand in no record's field: those that a field has and no link are found record by record.
async fn check_links(db: &Db, section: &Section, faults: &mut Vec<String>) -> Result<(), Error> {
    for field in section.kept().filter(|field| field.kind.is_references()) {
        let mut last = 0;
        loop {
            let mut conn = db.read_at_leisure().await?;
            let rows = conn
                .all(
                    "SELECT DISTINCT record FROM link WHERE section = $1 AND field = $2 AND record > $3 \
                     ORDER BY record LIMIT $4",
                    values![section.key.as_str(), field.key.as_str(), last, CHUNK as i64],
                )
                .await?;
            let ids = rows.iter().map(|row| row.get("record")).collect::<Result<Vec<RecordId>, _>>()?;
            let Some(until) = ids.last() else { break };
            let there: BTreeSet<RecordId> =
                record::load_kept(&mut conn, section, &ids).await?.iter().map(|record| record.id).collect();
            for id in ids.iter().filter(|id| !there.contains(id)) {
                faults.push(format!("{}/{id}: {}: it is linked, but is not in its table", section.key, field.key));
            }
            last = *until;
        }
    }
    Ok(())
}

/// The links of these records, beside what their fields hold.
async fn compare_links(
    conn: &mut Conn,
    section: &Section,
    found: &[(Record, Made)],
    faults: &mut Vec<String>,
) -> Result<(), Error> {
    for field in section.kept().filter(|field| field.kind.is_references()) {
        let ids = found.iter().map(|(record, _)| record.id);
        let mut statement = Query::select();
        statement
            .columns(["record", "target"].map(Alias::new))
            .from(Alias::new("link"))
            .and_where(Expr::col(Alias::new("section")).eq(section.key.as_str()))
            .and_where(Expr::col(Alias::new("field")).eq(field.key.as_str()))
            .and_where(Expr::col(Alias::new("record")).is_in(ids));
        let mut links: BTreeMap<RecordId, BTreeSet<RecordId>> = BTreeMap::new();
        for row in conn.select(&statement).await? {
            links.entry(row.get("record")?).or_default().insert(row.get("target")?);
        }
        for (record, _) in found {
            let due: BTreeSet<RecordId> = scope::targets(field, record.value(&field.key)).into_iter().collect();
            let has = links.remove(&record.id).unwrap_or_default();
            if has != due {
                let (key, id) = (&section.key, record.id);
                faults.push(format!("{key}/{id}: {}: it is linked to {has:?}, its field has {due:?}", field.key));
            }
        }
    }
    Ok(())
}

async fn check_section(
    db: &Db,
    sections: &[Section],
    section: &Section,
    faults: &mut Vec<String>,
    told: &mut impl FnMut(usize),
) -> Result<(), Error> {
    let mut last = 0;
    let mut searched = search_index::Expected::default();
    loop {
        let mut conn = db.read_at_leisure().await?;
        let found = chunk(&mut conn, section, last).await?;
        let ends = found.len() < CHUNK as usize;
        let until = found.last().map_or(last, |(record, _)| record.id);
        // Also what lies between the records and after the last one.
        let changes = changes(&mut conn, section, last + 1, if ends { i64::MAX } else { until }).await?;
        for (record, kept) in &found {
            let own = changes.get(&record.id).map(Vec::as_slice).unwrap_or_default();
            let place = format!("{}/{}", section.key, record.id);
            faults.extend(compare(section, record, kept, own).into_iter().map(|fault| format!("{place}: {fault}")));
            match conn.dialect() {
                Dialect::Sqlite => searched.add(section, record),
                Dialect::Postgres if search_index::is_in_row(&mut conn, section, record).await? => {}
                Dialect::Postgres => faults.push(format!("{place}: {UNSEARCHED}")),
            }
        }
        if ends || searched.is_full() {
            for id in std::mem::take(&mut searched).missing(&mut conn, section).await? {
                faults.push(format!("{}/{id}: {UNSEARCHED}", section.key));
            }
        }
        let ids: Vec<RecordId> = found.iter().map(|(record, _)| record.id).collect();
        for (id, key, due) in rollup::faults(&mut conn, sections, section, &ids).await? {
            let has = found.iter().find(|(record, _)| record.id == id).map(|(record, _)| record.value(&key));
            faults.push(format!("{}/{id}: {key}: the table has {has:?}, the records {due:?}", section.key));
        }
        if !found.is_empty() {
            compare_links(&mut conn, section, &found, faults).await?;
        }
        told(found.len());
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
    let mut conn = db.read_at_leisure().await?;
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
            if let Some(column) = field.order_column() {
                let order: Option<String> = row.get(&column)?;
                made.insert(column, order.map_or(Value::Empty, Value::Text));
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
    key.into_iter().chain(field.order_column()).chain(field.doubt_column())
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
    if changes.first().is_none_or(|change| change.kind != ChangeKind::Create) {
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
        match change.kind {
            ChangeKind::Trash => trashed = Some((change.at, change.actor)),
            ChangeKind::Restore => trashed = None,
            ChangeKind::Create | ChangeKind::Update => {}
        }
    }
    if trashed != record.trashed {
        faults.push("the history and the table differ in whether it is in the trash".into());
    }
    let edited = changes.iter().rev().find(|change| matches!(change.kind, ChangeKind::Create | ChangeKind::Update));
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
        let natural = storage::natural(field, has).map_or(Value::Empty, Value::Text);
        if field.order_column().is_some_and(|column| made.get(&column) != Some(&natural)) {
            faults.push(format!("{}: it is not sorted by what it holds", field.key));
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
