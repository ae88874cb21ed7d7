//! Fields that are kept from the records of another section: recomputed from those records, in the transaction
//! that moves one of them. What they hold is never in the history: it follows from it.

use std::collections::BTreeSet;

use domain::fields::{FieldSpec, Rollup, Section, Take, Value};
use domain::ids::{FieldKey, RecordId};
use domain::limits::ROLLUP_RECORDS_MAX;
use sea_query::{Alias, Expr, ExprTrait, Func, Order, Query, SelectStatement};

use crate::db::{Conn, Error};
use crate::record::{self, Record, Storage};
use crate::search;

/// After a record of `section` had the values `before` and has those of `now`: what is kept from it elsewhere.
pub(crate) async fn follow<'a>(
    conn: &mut Conn,
    section: &Section,
    before: impl Fn(&FieldKey) -> &'a Value,
    now: impl Fn(&FieldKey) -> &'a Value,
) -> Result<(), Error> {
    for feed in &section.feeds {
        let Some((field, rollup)) = feed.field() else { continue };
        let Some(by) = section.kept().find(|by| by.key == rollup.by) else { continue };
        let owners: BTreeSet<RecordId> =
            record::targets(by, before(&by.key)).into_iter().chain(record::targets(by, now(&by.key))).collect();
        for owner in owners {
            keep(conn, section, &feed.section, field, rollup, owner).await?;
        }
    }
    Ok(())
}

/// Computes the field of one record and writes it.
async fn keep(
    conn: &mut Conn,
    from: &Section,
    section: &Section,
    field: &FieldSpec,
    rollup: &Rollup,
    id: RecordId,
) -> Result<(), Error> {
    // Locked before it is computed: of two writers the later one sees what the earlier one did.
    // The keeper's section is as it is declared, not as the writer may see it.
    let Some(mut record) = record::load_for_update(conn, section, id).await? else { return Ok(()) };
    let value = computed(conn, from, field, rollup, id).await?;
    if *record.value(&field.key) == value {
        return Ok(());
    }
    let mut columns = record::columns(field, &value);
    record.values.insert(field.key.clone(), value);
    if search::concerns(field) {
        columns.extend(search::column(conn.dialect(), section, |key| record.value(key)));
        search::note(conn, section, id, |key| record.value(key)).await?;
    }
    let mut statement = Query::update();
    statement
        .table(Alias::new(&section.table))
        .values(columns.into_iter().map(|(column, value)| (Alias::new(column), value)))
        .and_where(Expr::col(Alias::new("id")).eq(id));
    conn.run(&statement).await.map(drop)
}

/// What the field of a record holds, from the records that it is kept from.
pub(crate) async fn computed(
    conn: &mut Conn,
    from: &Section,
    field: &FieldSpec,
    rollup: &Rollup,
    id: RecordId,
) -> Result<Value, Error> {
    let find = |key: &FieldKey| from.kept().find(|field| field.key == *key);
    let Some(by) = find(&rollup.by) else { return Ok(Value::Empty) };
    let (Take::Latest(taken) | Take::Earliest(taken) | Take::Lines(taken) | Take::First { preferring: taken }) =
        &rollup.take;
    let Some(taken) = find(taken) else { return Ok(Value::Empty) };
    let column = || Expr::col(Alias::new(&taken.column));
    let mut statement = of_records(from, rollup, by, id);
    match &rollup.take {
        Take::Latest(_) => {
            statement.expr_as(Func::max(column()), Alias::new("taken"));
        }
        Take::Earliest(_) => {
            statement.expr_as(Func::min(column()), Alias::new("taken"));
        }
        Take::First { .. } => {
            let preferred = Func::coalesce([column(), Expr::val(0i64)]);
            statement
                .expr_as(Expr::col(Alias::new("id")), Alias::new("taken"))
                .order_by_expr(Expr::expr(preferred), Order::Desc)
                .order_by(Alias::new("id"), Order::Asc)
                .limit(1);
        }
        Take::Lines(_) => {
            statement
                .expr_as(column(), Alias::new("taken"))
                .and_where(column().is_not_null())
                .order_by(Alias::new("id"), Order::Asc)
                .limit(ROLLUP_RECORDS_MAX);
        }
    }
    let rows = conn.select(&statement).await?;
    match record::storage(&field.kind) {
        Storage::Text => {
            let texts = rows.iter().map(|row| row.get("taken")).collect::<Result<Vec<String>, _>>()?;
            Ok(if texts.is_empty() { Value::Empty } else { Value::Text(texts.join("\n")) })
        }
        Storage::Number(make) => match rows.first() {
            Some(row) => Ok(row.get::<Option<i64>>("taken")?.map_or(Value::Empty, make)),
            None => Ok(Value::Empty),
        },
    }
}

/// The records in use that a field of `id` is kept from.
fn of_records(from: &Section, rollup: &Rollup, by: &FieldSpec, id: RecordId) -> SelectStatement {
    let mut statement = Query::select();
    statement
        .from(Alias::new(&from.table))
        .and_where(record::points_at(&from.key, by, id))
        .and_where(Expr::col(Alias::new("trashed")).is_null());
    only(&mut statement, from, rollup);
    statement
}

fn only(statement: &mut SelectStatement, from: &Section, rollup: &Rollup) {
    for (key, value) in &rollup.only {
        let Some(field) = from.kept().find(|field| field.key == *key) else { continue };
        let column = Expr::col(Alias::new(&field.column));
        statement.and_where(match value.number() {
            Some(number) => column.eq(number),
            None => column.is_null(),
        });
    }
}

/// The records that these records' fields were taken from: «звонок» for «общались вчера». `field` is kept by
/// `Take::Latest` or `Take::Earliest`.
pub async fn sources(
    conn: &mut Conn,
    from: &Section,
    field: &FieldSpec,
    owners: &[Record],
) -> Result<Vec<Record>, Error> {
    let Some(rollup) = field.rollup() else { return Ok(Vec::new()) };
    let (Take::Latest(taken) | Take::Earliest(taken)) = &rollup.take else { return Ok(Vec::new()) };
    let (Some(by), Some(taken)) = (from.field(&rollup.by), from.field(taken)) else { return Ok(Vec::new()) };
    let mut any = sea_query::Cond::any();
    let mut some = false;
    for owner in owners {
        let Some(at) = owner.value(&field.key).number() else { continue };
        some = true;
        any = any.add(record::points_at(&from.key, by, owner.id).and(Expr::col(Alias::new(&taken.column)).eq(at)));
    }
    if !some {
        return Ok(Vec::new());
    }
    let fields: Vec<&FieldSpec> = from.fields.iter().collect();
    let mut statement = record::select(from, &fields);
    statement.cond_where(any).and_where(Expr::col(Alias::new("trashed")).is_null());
    only(&mut statement, from, rollup);
    if let Some(scope) = from.scope() {
        statement.and_where(record::in_scope(scope));
    }
    let rows = conn.select(&statement).await?;
    rows.iter().map(|row| record::read(row, &fields)).collect()
}

/// What a record's rolled up fields ought to hold, for `check`: each with what it does.
pub(crate) async fn due(
    conn: &mut Conn,
    sections: &[Section],
    section: &Section,
    record: &Record,
) -> Result<Vec<(FieldKey, Value)>, Error> {
    let mut due = Vec::new();
    for field in section.kept() {
        let Some(rollup) = field.rollup() else { continue };
        let Some(from) = sections.iter().find(|from| from.key == rollup.of) else { continue };
        let value = computed(conn, from, field, rollup, record.id).await?;
        if *record.value(&field.key) != value {
            due.push((field.key.clone(), value));
        }
    }
    Ok(due)
}
