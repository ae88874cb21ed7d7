//! A record of any section, read by its declared columns and never by `*`.

use std::collections::{BTreeMap, BTreeSet};

use domain::fields::{FieldSpec, Scope, Section, Value};
use domain::ids::{FieldKey, RecordId, UserId};
use sea_query::{Alias, Expr, ExprTrait, IntoIden, Order, Query, SelectStatement, SimpleExpr, TableRef, ValueTuple};

use crate::db::{Conn, Dialect, Error, PARAMETERS_MAX, Row};
use crate::scope::{in_scope, targets, whole_in_use};
use crate::storage::{Held, Storage, columns_of, storage};
use crate::{search, sight, values};

/// Rows of one statement.
const ROWS_OF_STATEMENT: usize = 250;

#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub id: RecordId,
    pub version: i64,
    /// When and by whom it was deleted.
    pub trashed: Option<(i64, UserId)>,
    pub values: BTreeMap<FieldKey, Value>,
}

impl Record {
    pub fn value(&self, key: &FieldKey) -> &Value {
        const EMPTY: &Value = &Value::Empty;
        self.values.get(key).unwrap_or(EMPTY)
    }
}

/// Takes out of records what they refer to out of sight.
pub(crate) async fn narrow(conn: &mut Conn, section: &Section, records: &mut [Record]) -> Result<(), Error> {
    sight::narrow_values(conn, section, records.iter_mut().map(|record| &mut record.values).collect()).await
}

/// Loads one record, also a deleted one; none that the reader may not see.
pub async fn load(conn: &mut Conn, section: &Section, id: RecordId) -> Result<Option<Record>, Error> {
    let mut records = fetch(conn, section, section.scope(), section.fields.iter().collect(), &[id], false).await?;
    narrow(conn, section, &mut records).await?;
    Ok(records.into_iter().next())
}

/// Loads these records with all that they keep, and keeps others from changing them until the transaction ends.
/// They are locked in the order of their numbers, the one order in which everybody locks.
pub(crate) async fn lock(conn: &mut Conn, section: &Section, ids: &[RecordId]) -> Result<Vec<Record>, Error> {
    fetch(conn, section, section.scope(), section.kept().collect(), ids, true).await
}

/// The same, whoever may see them: what follows from what one does.
pub(crate) async fn lock_any(conn: &mut Conn, section: &Section, ids: &[RecordId]) -> Result<Vec<Record>, Error> {
    fetch(conn, section, &Scope::All, section.kept().collect(), ids, true).await
}

/// Loads these records with all that they keep, as they are now and not locked.
pub(crate) async fn load_kept(conn: &mut Conn, section: &Section, ids: &[RecordId]) -> Result<Vec<Record>, Error> {
    fetch(conn, section, section.scope(), section.kept().collect(), ids, false).await
}

/// The same, whoever may see them.
pub(crate) async fn load_any(conn: &mut Conn, section: &Section, ids: &[RecordId]) -> Result<Vec<Record>, Error> {
    fetch(conn, section, &Scope::All, section.kept().collect(), ids, false).await
}

/// Keeps others from changing these records until the transaction ends, whoever may see them.
pub(crate) async fn hold(conn: &mut Conn, table: &str, ids: &[RecordId]) -> Result<(), Error> {
    // SQLite's transaction is the only writer already.
    if conn.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    for some in ids.chunks(PARAMETERS_MAX) {
        let mut statement = Query::select();
        statement
            .column(Alias::new("id"))
            .from(Alias::new(table))
            .and_where(Expr::col(Alias::new("id")).is_in(some.iter().copied()))
            .order_by(Alias::new("id"), Order::Asc)
            .lock(sea_query::LockType::Update);
        conn.select_often(&statement).await?;
    }
    Ok(())
}

async fn fetch(
    conn: &mut Conn,
    section: &Section,
    scope: &Scope,
    fields: Vec<&FieldSpec>,
    ids: &[RecordId],
    lock: bool,
) -> Result<Vec<Record>, Error> {
    let mut records = Vec::new();
    for some in ids.chunks(PARAMETERS_MAX) {
        let mut statement = select(section, &fields);
        statement.and_where(Expr::col(Alias::new("id")).is_in(some.iter().copied()));
        statement.cond_where(in_scope(scope));
        // SQLite's transaction is the only writer already.
        if lock && conn.dialect() == Dialect::Postgres {
            statement.order_by(Alias::new("id"), Order::Asc).lock(sea_query::LockType::Update);
        }
        for row in conn.select_often(&statement).await? {
            records.push(read(&row, &fields)?);
        }
    }
    Ok(records)
}

/// These records; those that the reader may not see are left out.
pub async fn load_some(conn: &mut Conn, section: &Section, ids: &[RecordId]) -> Result<Vec<Record>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let fields: Vec<&FieldSpec> = section.fields.iter().collect();
    let mut statement = select(section, &fields);
    statement.and_where(Expr::col(Alias::new("id")).is_in(ids.iter().copied()));
    statement.cond_where(in_scope(section.scope()));
    let rows = conn.select(&statement).await?;
    let mut records = rows.iter().map(|row| read(row, &fields)).collect::<Result<Vec<_>, _>>()?;
    narrow(conn, section, &mut records).await?;
    Ok(records)
}

/// These records in the order of their numbers here; those that the reader may not see are left out.
pub async fn load_in_order(conn: &mut Conn, section: &Section, ids: &[RecordId]) -> Result<Vec<Record>, Error> {
    let records = load_some(conn, section, ids).await?;
    let mut by_id: BTreeMap<RecordId, Record> = records.into_iter().map(|record| (record.id, record)).collect();
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}

/// Which of these records the reader may see that do not rest in the trash, themselves or with what they belong to.
pub async fn in_use(conn: &mut Conn, section: &Section, ids: &[RecordId]) -> Result<BTreeSet<RecordId>, Error> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut statement = Query::select();
    statement
        .column(Alias::new("id"))
        .from(Alias::new(&section.table))
        .and_where(Expr::col(Alias::new("id")).is_in(ids.iter().copied()))
        .and_where(Expr::col(Alias::new("trashed")).is_null())
        .cond_where(whole_in_use(section, conn.dialect()));
    statement.cond_where(in_scope(section.scope()));
    conn.select(&statement).await?.iter().map(|row| row.get("id")).collect()
}

/// The values of one field of several records, by number.
pub async fn field_of(
    conn: &mut Conn,
    section: &Section,
    field: &FieldKey,
    ids: &[RecordId],
) -> Result<BTreeMap<RecordId, Value>, Error> {
    let fields: Vec<&FieldSpec> = section.field(field).into_iter().collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut statement = select(section, &fields);
    statement.and_where(Expr::col(Alias::new("id")).is_in(ids.iter().copied()));
    statement.cond_where(in_scope(section.scope()));
    let rows = conn.select(&statement).await?;
    let mut records = rows.iter().map(|row| read(row, &fields)).collect::<Result<Vec<_>, _>>()?;
    narrow(conn, section, &mut records).await?;
    Ok(records.into_iter().map(|mut record| (record.id, record.values.remove(field).unwrap_or_default())).collect())
}

/// Notes whom records point at, where a column alone does not say it. Those of `made` had no links before.
pub(crate) async fn link(
    conn: &mut Conn,
    section: &Section,
    field: &FieldSpec,
    records: &[&Record],
    made: bool,
) -> Result<(), Error> {
    let (key, name) = (section.key.as_str(), field.key.as_str());
    if !made {
        for record in records {
            let sql = "DELETE FROM link WHERE section = $1 AND field = $2 AND record = $3";
            conn.execute(sql, values![key, name, record.id]).await?;
        }
    }
    let links: Vec<(RecordId, RecordId)> = records
        .iter()
        .flat_map(|record| targets(field, record.value(&field.key)).into_iter().map(|target| (record.id, target)))
        .collect();
    for some in links.chunks(ROWS_OF_STATEMENT) {
        let mut statement = Query::insert();
        statement.into_table(Alias::new("link")).columns(["section", "field", "record", "target"].map(Alias::new));
        for (record, target) in some {
            statement.values_panic([Expr::val(key), Expr::val(name), Expr::val(*record), Expr::val(*target)]);
        }
        conn.run(&statement).await?;
    }
    Ok(())
}

/// Writes new records into their section's table, many rows to a statement.
pub(crate) async fn insert(conn: &mut Conn, section: &Section, records: &[&Record]) -> Result<(), Error> {
    // What none of them has is left out: NULL is what a column holds by itself.
    let fields: Vec<&FieldSpec> = section
        .kept()
        .filter(|field| field.column != "id" && records.iter().any(|record| !record.value(&field.key).is_empty()))
        .collect();
    let dialect = conn.dialect();
    let row = |record: &Record| {
        let (when, who) = record.trashed.unzip();
        let mut columns = vec![
            ("id".to_string(), Expr::val(record.id)),
            ("version".to_string(), Expr::val(record.version)),
            ("trashed".to_string(), Expr::val(when)),
            ("trashed_by".to_string(), Expr::val(who)),
        ];
        let own = fields.iter().flat_map(|field| columns_of(field, record.value(&field.key)));
        let searched = search::column(dialect, section, |key| record.value(key));
        columns.extend(own.chain(searched).map(|(name, held)| {
            let content = search::cast(&name, Expr::val(held));
            (name, content)
        }));
        columns
    };
    let width = records.first().map_or(1, |record| row(record).len());
    for some in records.chunks(Ord::clamp(PARAMETERS_MAX / width, 1, ROWS_OF_STATEMENT)) {
        let mut statement = Query::insert();
        statement.into_table(Alias::new(&section.table));
        for (place, record) in some.iter().enumerate() {
            let (names, contents): (Vec<String>, Vec<SimpleExpr>) = row(record).into_iter().unzip();
            if place == 0 {
                statement.columns(names.into_iter().map(Alias::new));
            }
            statement.values_panic(contents);
        }
        conn.run(&statement).await?;
    }
    Ok(())
}

/// SELECT of a record's own columns and of these fields.
pub(crate) fn select(section: &Section, fields: &[&FieldSpec]) -> SelectStatement {
    let mut columns: Vec<&str> = vec!["id", "version", "trashed", "trashed_by"];
    for field in fields {
        if !columns.contains(&field.column.as_str()) {
            columns.push(&field.column);
        }
    }
    let mut statement = Query::select();
    statement.from(Alias::new(&section.table));
    for column in columns {
        // With a name of its own: SQLite reads a quoted column that its connection has not heard of yet as
        // a text, notices the new schema when it runs, and would have told the wrong name before.
        statement.expr_as(Expr::col((Alias::new(&section.table), Alias::new(column))), Alias::new(column));
    }
    statement
}

pub(crate) fn read(row: &Row, fields: &[&FieldSpec]) -> Result<Record, Error> {
    let trashed: Option<i64> = row.get("trashed")?;
    let by: Option<i64> = row.get("trashed_by")?;
    let mut values = BTreeMap::new();
    for field in fields {
        values.insert(field.key.clone(), read_value(row, field)?);
    }
    Ok(Record { id: row.get("id")?, version: row.get("version")?, trashed: trashed.zip(by), values })
}

fn read_value(row: &Row, field: &FieldSpec) -> Result<Value, Error> {
    let column = field.column.as_str();
    Ok(match storage(&field.kind) {
        Storage::Text => row.get::<Option<String>>(column)?.map_or(Value::Empty, Value::Text),
        Storage::Number(make) => row.get::<Option<i64>>(column)?.map_or(Value::Empty, make),
    })
}

/// What a record's columns are to hold.
pub(crate) struct Update {
    pub id: RecordId,
    /// The version that it has: of any other nothing is written.
    pub version: i64,
    pub columns: Vec<(String, Held)>,
}

/// Writes columns of many records, those with the same columns in one statement; gives how many records there were.
pub(crate) async fn update(conn: &mut Conn, section: &Section, updates: Vec<Update>) -> Result<u64, Error> {
    let mut alike: BTreeMap<Vec<String>, Vec<Vec<Held>>> = BTreeMap::new();
    for Update { id, version, columns } in updates {
        let (names, contents): (Vec<String>, Vec<Held>) = columns.into_iter().unzip();
        let own = [Held::from(id), Held::from(version)];
        alike.entry(names).or_default().push(own.into_iter().chain(contents).collect());
    }
    let mut done = 0;
    for (names, rows) in alike {
        let most = Ord::clamp(PARAMETERS_MAX / (names.len() + 2), 1, ROWS_OF_STATEMENT);
        for some in rows.chunks(most) {
            let mut statement = Query::update();
            let table = || Alias::new(&section.table);
            // Both databases call the columns of a list of values so.
            let column = |place: usize| Expr::col((Alias::new("new"), Alias::new(format!("column{place}"))));
            let written = names.iter().zip(3..).map(|(name, place)| (name, column(place)));
            let written = written.map(|(name, content)| (Alias::new(name), search::cast(name, content)));
            let list = some.iter().map(|row| ValueTuple::Many(row.clone())).collect();
            statement
                .table(table())
                .values(written)
                .from(TableRef::ValuesList(list, Alias::new("new").into_iden()))
                .and_where(Expr::col((table(), Alias::new("id"))).eq(column(1)))
                .and_where(Expr::col((table(), Alias::new("version"))).eq(column(2)));
            done += conn.run(&statement).await?;
        }
    }
    Ok(done)
}
