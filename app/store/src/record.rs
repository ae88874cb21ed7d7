//! A record of any section, read by its declared columns and never by `*`.

use std::collections::BTreeMap;

use domain::fields::kinds::references;
use domain::fields::{FieldSpec, Kind, Scope, Section, Value};
use domain::ids::{FieldKey, RecordId, SectionKey, UserId};
use sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement, SimpleExpr};

use crate::db::{Conn, Dialect, Error, Row};
use crate::values;

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

/// Loads one record, also a deleted one; none that the reader may not see.
pub async fn load(conn: &mut Conn, section: &Section, id: RecordId) -> Result<Option<Record>, Error> {
    fetch(conn, section, section.fields.iter().collect(), id, false).await
}

/// Loads it with all that it keeps, and keeps others from changing it until the transaction ends.
pub async fn load_for_update(conn: &mut Conn, section: &Section, id: RecordId) -> Result<Option<Record>, Error> {
    // SQLite's transaction is the only writer already.
    let lock = conn.dialect() == Dialect::Postgres;
    fetch(conn, section, section.kept().collect(), id, lock).await
}

async fn fetch(
    conn: &mut Conn,
    section: &Section,
    fields: Vec<&FieldSpec>,
    id: RecordId,
    lock: bool,
) -> Result<Option<Record>, Error> {
    let mut statement = select(section, &fields);
    statement.and_where(Expr::col(Alias::new("id")).eq(id));
    if let Some(scope) = section.scope() {
        statement.and_where(in_scope(scope));
    }
    if lock {
        statement.lock(sea_query::LockType::Update);
    }
    match conn.select(&statement).await?.first() {
        Some(row) => read(row, &fields).map(Some),
        None => Ok(None),
    }
}

/// These records; those that the reader may not see are left out.
pub async fn load_some(conn: &mut Conn, section: &Section, ids: &[RecordId]) -> Result<Vec<Record>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let fields: Vec<&FieldSpec> = section.fields.iter().collect();
    let mut statement = select(section, &fields);
    statement.and_where(Expr::col(Alias::new("id")).is_in(ids.iter().copied()));
    if let Some(scope) = section.scope() {
        statement.and_where(in_scope(scope));
    }
    let rows = conn.select(&statement).await?;
    rows.iter().map(|row| read(row, &fields)).collect()
}

/// These records in the order of their numbers here; those that the reader may not see are left out.
pub async fn load_in_order(conn: &mut Conn, section: &Section, ids: &[RecordId]) -> Result<Vec<Record>, Error> {
    let records = load_some(conn, section, ids).await?;
    let mut by_id: BTreeMap<RecordId, Record> = records.into_iter().map(|record| (record.id, record)).collect();
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}

/// How many of these records the reader may see.
pub async fn seen(conn: &mut Conn, section: &Section, ids: &[RecordId]) -> Result<i64, Error> {
    if ids.is_empty() {
        return Ok(0);
    }
    let mut statement = Query::select();
    statement
        .expr_as(sea_query::Func::count(Expr::col(Alias::new("id"))), Alias::new("seen"))
        .from(Alias::new(&section.table))
        .and_where(Expr::col(Alias::new("id")).is_in(ids.iter().copied()));
    if let Some(scope) = section.scope() {
        statement.and_where(in_scope(scope));
    }
    conn.select(&statement).await?.first().map_or(Ok(0), |row| row.get("seen"))
}

/// The table of a section: built-in ones are called like their key, the owner's by number.
pub fn table(section: &SectionKey) -> String {
    match section.number() {
        Some(number) => format!("s_{number}"),
        None => section.as_str().to_string(),
    }
}

/// Whether a section has a record of this number that is in use.
pub(crate) async fn exists(
    conn: &mut Conn,
    section: &SectionKey,
    scope: Option<&Scope>,
    id: RecordId,
) -> Result<bool, Error> {
    let mut statement = Query::select();
    statement
        .column(Alias::new("id"))
        .from(Alias::new(table(section)))
        .and_where(Expr::col(Alias::new("id")).eq(id))
        .and_where(Expr::col(Alias::new("trashed")).is_null());
    if let Some(scope) = scope {
        statement.and_where(in_scope(scope));
    }
    Ok(!conn.select(&statement).await?.is_empty())
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
    if let Some(scope) = section.scope() {
        statement.and_where(in_scope(scope));
    }
    let rows = conn.select(&statement).await?;
    rows.iter().map(|row| read(row, &fields).map(|record| (record.id, record.value(field).clone()))).collect()
}

/// The records that a user may see.
pub(crate) fn in_scope(scope: &Scope) -> SimpleExpr {
    match scope {
        Scope::Own { column, user } => Expr::col(Alias::new(column)).eq(*user),
        Scope::PartOf { section, field, table, owner, user } => {
            let own = Query::select()
                .column(Alias::new("id"))
                .from(Alias::new(table))
                .and_where(Expr::col(Alias::new(owner)).eq(*user))
                .to_owned();
            if field.kind.is_references() {
                let mut links = linking(section, field);
                links.and_where(Expr::col(Alias::new("target")).in_subquery(own));
                Expr::col(Alias::new("id")).in_subquery(links)
            } else {
                Expr::col(Alias::new(&field.column)).in_subquery(own)
            }
        }
    }
}

/// The numbers of a section's records whose field of references points somewhere.
pub(crate) fn linking(section: &SectionKey, field: &FieldSpec) -> SelectStatement {
    Query::select()
        .column(Alias::new("record"))
        .from(Alias::new("link"))
        .and_where(Expr::col(Alias::new("section")).eq(section.as_str()))
        .and_where(Expr::col(Alias::new("field")).eq(field.key.as_str()))
        .to_owned()
}

/// The records that point at this one.
pub(crate) fn points_at(section: &SectionKey, field: &FieldSpec, target: RecordId) -> SimpleExpr {
    if field.kind.is_references() {
        let mut links = linking(section, field);
        links.and_where(Expr::col(Alias::new("target")).eq(target));
        Expr::col(Alias::new("id")).in_subquery(links)
    } else {
        Expr::col(Alias::new(&field.column)).eq(target)
    }
}

/// Whom a value points at.
pub(crate) fn targets(field: &FieldSpec, value: &Value) -> Vec<RecordId> {
    if field.kind.is_references() { references::ids(value) } else { value.number().into_iter().collect() }
}

/// Notes whom a record points at, where a column alone does not say it.
pub(crate) async fn link(
    conn: &mut Conn,
    section: &Section,
    id: RecordId,
    field: &FieldSpec,
    value: &Value,
) -> Result<(), Error> {
    if !field.kind.is_references() {
        return Ok(());
    }
    let (section, key) = (section.key.as_str(), field.key.as_str());
    conn.execute("DELETE FROM link WHERE section = $1 AND field = $2 AND record = $3", values![section, key, id])
        .await?;
    for target in references::ids(value) {
        conn.execute(
            "INSERT INTO link (section, field, record, target) VALUES ($1, $2, $3, $4)",
            values![section, key, id, target],
        )
        .await?;
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
        statement.expr_as(Expr::col(Alias::new(column)), Alias::new(column));
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

/// A kind's SQL: what its column holds.
pub(crate) enum Storage {
    Text,
    Number(fn(i64) -> Value),
}

pub(crate) fn storage(kind: &Kind) -> Storage {
    match kind {
        Kind::Text
        | Kind::LongText
        | Kind::References(_)
        | Kind::Phone
        | Kind::Phones
        | Kind::Email
        | Kind::Emails
        | Kind::Link
        | Kind::Inn
        | Kind::Kpp
        | Kind::Ogrn => Storage::Text,
        Kind::Integer(_) | Kind::Money | Kind::Date | Kind::YesNo | Kind::Choice(_) => Storage::Number(Value::Integer),
        Kind::Instant => Storage::Number(Value::Instant),
        Kind::Reference(_) => Storage::Number(Value::Reference),
    }
}

fn read_value(row: &Row, field: &FieldSpec) -> Result<Value, Error> {
    let column = field.column.as_str();
    Ok(match storage(&field.kind) {
        Storage::Text => row.get::<Option<String>>(column)?.map_or(Value::Empty, Value::Text),
        Storage::Number(make) => row.get::<Option<i64>>(column)?.map_or(Value::Empty, make),
    })
}

/// The columns that hold a field's value, with what belongs into them.
pub(crate) fn columns(field: &FieldSpec, value: &Value) -> Vec<(String, SimpleExpr)> {
    // The type of a NULL matters to PostgreSQL.
    let own = match storage(&field.kind) {
        Storage::Text => Expr::val(value.text().map(str::to_string)),
        Storage::Number(_) => Expr::val(value.number()),
    };
    let mut columns = vec![(field.column.clone(), own)];
    let rules = field.kind.rules();
    if rules.has_key() {
        columns.push((field.key_column(), Expr::val(rules.key(value))));
    }
    if let Some(column) = field.doubt_column() {
        columns.push((column, Expr::val(rules.doubt(value).map(|_| 1i64))));
    }
    columns
}
