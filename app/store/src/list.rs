//! The pages of a list, how many records it has and what stands beside one of them. `condition` says which records,
//! `order` walks along them.

mod condition;
mod order;
mod reader;

use std::collections::BTreeSet;

use domain::fields::{FieldSpec, Scope, Section, Value};
use domain::ids::{FieldKey, RecordId};
use domain::limits::{COUNT_ROWS_MAX, PAGE_ROWS};
use domain::list::{Cursor, ListQuery, Place, Walk};
use sea_query::{Alias, Cond, Expr, ExprTrait, Func, Order, Query};

use self::condition::{Asked, Plan};
use self::order::{Rows, Sorted};
pub use self::reader::{Reader, Shelf};
use crate::db::{Conn, Error};
use crate::record::{self, Record};
use crate::{aggregate, key, scope, sight};

#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    pub records: Vec<Record>,
    /// The printed cursor of each: the page that begins after it.
    pub places: Vec<String>,
    pub count: Count,
    /// The position of the first record, from 1.
    pub first: i64,
    /// Printed cursors.
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// How many there are; counting stops at a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    pub records: i64,
    pub or_more: bool,
}
pub async fn page(
    conn: &mut Conn,
    section: &Section,
    query: &ListQuery,
    columns: &[FieldKey],
    shelf: Shelf,
    reader: &Reader<'_>,
) -> Result<Page, Error> {
    let asked = Asked::new(conn, section, query, shelf, reader).await?;
    let found = asked.condition(Plan::Find);
    let count = count(conn, section, &found).await?;
    let order = Sorted::by(section, query);
    let digest = query.digest(section);
    let cursor = query.at.as_deref().and_then(|at| Cursor::parse(at, &digest)).filter(|cursor| order.takes(cursor));

    let fields = fields(section, columns);
    let filter_first = finds_first(section, query, count, reader);
    let condition = match filter_first {
        true => found,
        false => asked.condition(Plan::Walk(&order.column)),
    };
    let rows = Rows { section, fields: &fields, condition: &condition, order: &order, filter_first };
    let mut found = rows.walk(conn, cursor.as_ref(), PAGE_ROWS + 1).await?;
    let more = found.len() > PAGE_ROWS;
    found.truncate(PAGE_ROWS);
    let back = cursor.as_ref().is_some_and(|cursor| cursor.walk == Walk::Back);
    if back {
        found.reverse();
    }
    let before = match &cursor {
        None => 0,
        Some(cursor) if back => Ord::max(cursor.before - found.len() as i64, 0),
        Some(cursor) => cursor.before,
    };
    let at = |row: Option<&(Record, Value)>, walk: Walk, before: i64| {
        row.map(|(record, key)| {
            Cursor { walk, place: Place { key: key.clone(), id: record.id }, before }.print(&digest)
        })
    };
    let has_previous = if back { more } else { cursor.is_some() };
    let has_next = back || more;
    let mut records: Vec<Record> = found.iter().map(|(record, _)| record.clone()).collect();
    record::narrow(conn, section, &mut records).await?;
    Ok(Page {
        previous: at(found.first(), Walk::Back, before).filter(|_| has_previous),
        next: at(found.last(), Walk::Forward, before + found.len() as i64).filter(|_| has_next),
        count,
        first: before + 1,
        places: (before + 1..)
            .zip(&found)
            .map(|(before, (record, key))| {
                let place = Place { key: key.clone(), id: record.id };
                Cursor { walk: Walk::Forward, place, before }.print(&digest)
            })
            .collect(),
        records,
    })
}

/// The numbers of a list's records, at most `limit`: for one act on all of them.
pub async fn ids(
    conn: &mut Conn,
    section: &Section,
    query: &ListQuery,
    shelf: Shelf,
    reader: &Reader<'_>,
    limit: usize,
) -> Result<Vec<RecordId>, Error> {
    let mut statement = Query::select();
    statement
        .column(Alias::new("id"))
        .from(Alias::new(&section.table))
        .cond_where(Asked::new(conn, section, query, shelf, reader).await?.condition(Plan::Find))
        .order_by(Alias::new("id"), Order::Asc)
        .limit(limit as u64);
    conn.select(&statement).await?.iter().map(|row| row.get("id")).collect()
}

/// Which of these records a list finds.
pub async fn fitting(
    conn: &mut Conn,
    section: &Section,
    query: &ListQuery,
    reader: &Reader<'_>,
    ids: &[RecordId],
) -> Result<BTreeSet<RecordId>, Error> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut statement = Query::select();
    statement
        .column(Alias::new("id"))
        .from(Alias::new(&section.table))
        // They lead to themselves: nothing else is to be found.
        .cond_where(Asked::new(conn, section, query, Shelf::InUse, reader).await?.condition(Plan::Walk("id")))
        .and_where(Expr::col(Alias::new("id")).is_in(ids.iter().copied()));
    conn.select(&statement).await?.iter().map(|row| row.get("id")).collect()
}

/// Which of these keys some record in use has, whatever else is filtered.
pub async fn keys_there(
    conn: &mut Conn,
    section: &Section,
    field: &FieldSpec,
    keys: &[String],
) -> Result<BTreeSet<String>, Error> {
    if keys.is_empty() {
        return Ok(BTreeSet::new());
    }
    let column = || Expr::col(Alias::new(field.key_column()));
    let mut statement = Query::select();
    statement
        .and_where(key::indexed(field).is_in(keys.iter().map(|text| key::brief(field, text))))
        .distinct()
        .expr_as(column(), Alias::new("found"))
        .from(Alias::new(&section.table))
        .and_where(Expr::col(Alias::new("trashed")).is_null())
        .and_where(column().is_in(keys.iter().map(String::as_str)));
    statement.cond_where(scope::in_scope(section.scope()));
    conn.select(&statement).await?.iter().map(|row| row.get("found")).collect()
}

/// Where a record stands in the list that it was opened from.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbours {
    pub position: i64,
    pub count: Count,
    /// Number and cursor of the one before and the one after.
    pub previous: Option<(RecordId, String)>,
    pub next: Option<(RecordId, String)>,
}

/// The records before and after the place that `query.at` names: the place, not what the record holds by now.
pub async fn neighbours(
    conn: &mut Conn,
    section: &Section,
    query: &ListQuery,
    reader: &Reader<'_>,
) -> Result<Option<Neighbours>, Error> {
    let digest = query.digest(section);
    let order = Sorted::by(section, query);
    let cursor = query.at.as_deref().and_then(|at| Cursor::parse(at, &digest)).filter(|cursor| order.takes(cursor));
    let Some(cursor) = cursor else { return Ok(None) };
    let asked = Asked::new(conn, section, query, Shelf::InUse, reader).await?;
    let found = asked.condition(Plan::Find);
    let count = count(conn, section, &found).await?;
    let filter_first = finds_first(section, query, count, reader);
    let condition = match filter_first {
        true => found,
        false => asked.condition(Plan::Walk(&order.column)),
    };
    let rows = Rows { section, fields: &[], condition: &condition, order: &order, filter_first };
    let position = cursor.before;
    let mut beside = [None, None];
    for (walk, step, place) in [(Walk::Back, -1, 0), (Walk::Forward, 1, 1)] {
        let from = Cursor { walk, ..cursor.clone() };
        let mut walked = rows.walk(conn, Some(&from), 1).await?;
        beside[place] = walked.pop().map(|(record, key)| {
            let place = Place { key, id: record.id };
            (record.id, Cursor { walk: Walk::Forward, place, before: Ord::max(position + step, 1) }.print(&digest))
        });
    }
    let [previous, next] = beside;
    Ok(Some(Neighbours { position, count, previous, next }))
}

/// Whether what is asked for, or all that the reader sees, is so little that it is found first and sorted then.
fn finds_first(section: &Section, query: &ListQuery, count: Count, reader: &Reader<'_>) -> bool {
    let is_part = query.is_filtered() || *section.scope() != Scope::All;
    is_part && !count.or_more && count.records <= reader.filter_first_rows_max
}

/// How many records a list has.
pub async fn count_of(
    conn: &mut Conn,
    section: &Section,
    query: &ListQuery,
    reader: &Reader<'_>,
) -> Result<Count, Error> {
    let asked = Asked::new(conn, section, query, Shelf::InUse, reader).await?;
    count(conn, section, &asked.condition(Plan::Find)).await
}

/// How many records a query finds, and what a field of theirs adds up to: of no more than are counted.
pub async fn sum_of(
    conn: &mut Conn,
    section: &Section,
    query: &ListQuery,
    field: &FieldSpec,
    reader: &Reader<'_>,
) -> Result<(Count, Option<i64>), Error> {
    let asked = Asked::new(conn, section, query, Shelf::InUse, reader).await?;
    let mut inner = Query::select();
    inner
        .expr_as(Expr::val(1), Alias::new("one"))
        .expr_as(sight::column(section, field, Expr::col(Alias::new(&field.column))), Alias::new("number"))
        .from(Alias::new(&section.table))
        .cond_where(asked.condition(Plan::Find))
        .limit(COUNT_ROWS_MAX as u64 + 1);
    let mut statement = Query::select();
    statement
        .expr_as(Func::count(Expr::col(Alias::new("one"))), Alias::new("found"))
        .expr_as(aggregate::sum(conn.dialect(), Expr::col(Alias::new("number"))), Alias::new("sum"))
        .from_subquery(inner, Alias::new("found_rows"));
    let rows = conn.select(&statement).await?;
    let records: i64 = rows.first().map_or(Ok(0), |row| row.get("found"))?;
    let sum = rows.first().map_or(Ok(None), |row| row.get("sum"))?;
    Ok((counted(records), sum.filter(|_| records <= COUNT_ROWS_MAX)))
}

async fn count(conn: &mut Conn, section: &Section, condition: &Cond) -> Result<Count, Error> {
    let mut inner = Query::select();
    inner
        .expr_as(Expr::val(1), Alias::new("one"))
        .from(Alias::new(&section.table))
        .cond_where(condition.clone())
        .limit(COUNT_ROWS_MAX as u64 + 1);
    let mut statement = Query::select();
    statement
        .expr_as(Func::count(Expr::col(Alias::new("one"))), Alias::new("found"))
        .from_subquery(inner, Alias::new("found_rows"));
    let rows = conn.select(&statement).await?;
    let records: i64 = rows.first().map_or(Ok(0), |row| row.get("found"))?;
    Ok(counted(records))
}

fn counted(records: i64) -> Count {
    Count { records: Ord::min(records, COUNT_ROWS_MAX), or_more: records > COUNT_ROWS_MAX }
}

/// Columns of the page and the record's name, which every row needs.
fn fields<'a>(section: &'a Section, columns: &[FieldKey]) -> Vec<&'a FieldSpec> {
    section.fields.iter().filter(|field| columns.contains(&field.key) || field.key == section.title).collect()
}
