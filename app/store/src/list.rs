//! `ListQuery` → SQL: one condition for the rows and for their number, pages by cursor in two
//! segments (records with a value in the sorted column, then those without).

use std::collections::{BTreeMap, BTreeSet};

use domain::fields::{FieldSpec, Rhythm, Section, Value};
use domain::ids::{FieldKey, RecordId, UserId};
use domain::limits::{COUNT_ROWS_MAX, PAGE_ROWS, RHYTHM_DAYS};
use domain::list::{Condition, Cursor, DateRange, Direction, Ending, ListQuery, Op, Place, Test, Walk};
use domain::moment::{DAY_MS, Date};
use domain::words::Lang;
use sea_query::{
    Alias, BinOper, CaseStatement, Cond, Expr, ExprTrait, Func, Order, Query, SelectStatement, SimpleExpr,
};

use crate::db::{Conn, Dialect, Error};
use crate::record::{self, Record};
use crate::{search, sight};

/// Who asks, and what the answer depends on besides the query.
pub struct Reader<'a> {
    pub user: UserId,
    pub lang: Lang,
    /// Milliseconds since 1970-01-01T00:00Z, and the day that it is where the reader is.
    pub now: i64,
    pub today: Date,
    /// Up to so many matching records are found first and sorted then.
    pub filter_first_rows_max: i64,
    /// The instant at which a day of the reader begins, in milliseconds.
    pub midnight: &'a (dyn Fn(Date) -> i64 + Send + Sync),
}

/// Records that are in use, or those in the trash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    InUse,
    Trash,
}

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

/// How a condition is to be asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plan<'a> {
    /// Through the indexes of what is filtered.
    Find,
    /// Along the index of the sorted column, which is this one: no other may lead away from it.
    Walk(&'a str),
}

/// The sorted column: its field's key column, or the number.
struct Sorted {
    column: String,
    /// The number is never empty: it has one segment only.
    has_empty: bool,
    text: bool,
    /// The ids of a choice in their order, which is the owner's and not that of the numbers in the column.
    choices: Vec<i64>,
    direction: Direction,
}

pub async fn page(
    conn: &mut Conn,
    section: &Section,
    query: &ListQuery,
    columns: &[FieldKey],
    shelf: Shelf,
    reader: &Reader<'_>,
) -> Result<Page, Error> {
    let found = condition(conn.dialect(), section, query, shelf, reader, Plan::Find);
    let count = count(conn, section, &found).await?;
    let order = order(section, query);
    let digest = query.digest(section);
    let cursor = query.at.as_deref().and_then(|at| Cursor::parse(at, &digest)).filter(|cursor| order.takes(cursor));

    let fields = fields(section, columns);
    let filter_first = query.is_filtered() && !count.or_more && count.records <= reader.filter_first_rows_max;
    let condition = match filter_first {
        true => found,
        false => condition(conn.dialect(), section, query, shelf, reader, Plan::Walk(&order.column)),
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
    sight::narrow_records(conn, section, &mut records).await?;
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
        .cond_where(condition(conn.dialect(), section, query, shelf, reader, Plan::Find))
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
        .cond_where(condition(conn.dialect(), section, query, Shelf::InUse, reader, Plan::Find))
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
        .distinct()
        .expr_as(column(), Alias::new("found"))
        .from(Alias::new(&section.table))
        .and_where(Expr::col(Alias::new("trashed")).is_null())
        .and_where(column().is_in(keys.iter().map(String::as_str)));
    statement.cond_where(record::in_scope(section.scope()));
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
    let order = order(section, query);
    let cursor = query.at.as_deref().and_then(|at| Cursor::parse(at, &digest)).filter(|cursor| order.takes(cursor));
    let Some(cursor) = cursor else { return Ok(None) };
    let found = condition(conn.dialect(), section, query, Shelf::InUse, reader, Plan::Find);
    let count = count(conn, section, &found).await?;
    let filter_first = query.is_filtered() && !count.or_more && count.records <= reader.filter_first_rows_max;
    let condition = match filter_first {
        true => found,
        false => condition(conn.dialect(), section, query, Shelf::InUse, reader, Plan::Walk(&order.column)),
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

/// How many records a list has.
pub async fn count_of(
    conn: &mut Conn,
    section: &Section,
    query: &ListQuery,
    reader: &Reader<'_>,
) -> Result<Count, Error> {
    let condition = condition(conn.dialect(), section, query, Shelf::InUse, reader, Plan::Find);
    count(conn, section, &condition).await
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
    Ok(Count { records: Ord::min(records, COUNT_ROWS_MAX), or_more: records > COUNT_ROWS_MAX })
}

/// Columns of the page and the record's name, which every row needs.
fn fields<'a>(section: &'a Section, columns: &[FieldKey]) -> Vec<&'a FieldSpec> {
    section.fields.iter().filter(|field| columns.contains(&field.key) || field.key == section.title).collect()
}

fn order(section: &Section, query: &ListQuery) -> Sorted {
    let by_number =
        |direction| Sorted { column: "id".into(), has_empty: false, text: false, choices: Vec::new(), direction };
    let Some(sort) = &query.sort else { return by_number(Direction::Descending) };
    match section.field(&sort.field) {
        // What is out of sight would tell by its order.
        Some(field) if field.column != "id" && sight::leads_out(section, field).is_none() => Sorted {
            column: field.key_column(),
            has_empty: true,
            text: matches!(record::storage(&field.kind), record::Storage::Text),
            choices: field.kind.choices().iter().map(|choice| choice.id).collect(),
            direction: sort.direction,
        },
        _ => by_number(sort.direction),
    }
}

impl Sorted {
    /// Whether a cursor fits this column: it may have been written by hand.
    fn takes(&self, cursor: &Cursor) -> bool {
        match &cursor.place.key {
            Value::Empty => true,
            Value::Text(_) => self.text && self.has_empty,
            Value::Integer(_) | Value::Instant(_) | Value::Reference(_) => !self.text && self.has_empty,
        }
    }

    /// Where a value stands among the others. Of a choice it is its place, and not its id; what is not offered
    /// any more comes last.
    fn rank(&self, key: &Value) -> sea_query::Value {
        match (self.choices.is_empty(), key.number()) {
            (false, Some(id)) => {
                let place = self.choices.iter().position(|choice| *choice == id).unwrap_or(self.choices.len());
                (place as i64).into()
            }
            (true, Some(number)) => number.into(),
            (_, None) => key.text().unwrap_or_default().into(),
        }
    }

    /// The parts of the list that an index holds in one piece each, in the order of a walk down an ascending list.
    /// A choice is walked choice by choice: the index has them by their ids, and the order that the owner gives them may change
    /// without any record being written.
    fn segments(&self, filter_first: bool) -> Vec<Segment> {
        if !self.has_empty {
            return vec![Segment::Number];
        }
        let mut values = match filter_first || self.choices.is_empty() {
            true => vec![Segment::Values],
            false => {
                let choices = self.choices.iter().copied().map(Segment::Choice);
                choices.chain([Segment::NotOffered]).collect()
            }
        };
        if self.direction == Direction::Descending {
            values.reverse();
        }
        values.push(Segment::Empties);
        values
    }
}

/// What is walked, and in which order.
struct Rows<'a> {
    section: &'a Section,
    fields: &'a [&'a FieldSpec],
    condition: &'a Cond,
    order: &'a Sorted,
    /// Few records: find them first, then sort them. Many: walk the sorted index and filter on the way.
    /// Left to themselves both planners were wrong by orders of magnitude; the count, which the page
    /// needs anyway, knows better.
    filter_first: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Segment {
    Number,
    Values,
    /// The records that have this choice.
    Choice(i64),
    /// Those whose choice is not offered any more.
    NotOffered,
    Empties,
}

impl Segment {
    /// Whether a record with this key stands here.
    fn has(self, key: &Value, order: &Sorted) -> bool {
        match self {
            Self::Number => true,
            Self::Values => !key.is_empty(),
            Self::Choice(id) => key.number() == Some(id),
            Self::NotOffered => key.number().is_some_and(|id| !order.choices.contains(&id)),
            Self::Empties => key.is_empty(),
        }
    }
}

impl Rows<'_> {
    /// So many rows in the order of the walk, each with its key.
    async fn walk(
        &self,
        conn: &mut Conn,
        cursor: Option<&Cursor>,
        wanted: usize,
    ) -> Result<Vec<(Record, Value)>, Error> {
        let back = cursor.is_some_and(|cursor| cursor.walk == Walk::Back);
        let mut segments = self.order.segments(self.filter_first);
        if back {
            segments.reverse();
        }
        let starts_in =
            cursor.and_then(|cursor| segments.iter().position(|part| part.has(&cursor.place.key, self.order)));
        let mut found = Vec::new();
        for (number, part) in segments.into_iter().enumerate().skip(starts_in.unwrap_or(0)) {
            if found.len() < wanted {
                let own_cursor = cursor.filter(|_| starts_in == Some(number));
                found.extend(self.segment(conn, part, own_cursor, back, wanted - found.len()).await?);
            }
        }
        Ok(found)
    }

    /// The column as it is, or as no index knows it: then nothing but the filter can lead to the records.
    fn ordered(&self, column: Expr, text: bool) -> Expr {
        if self.filter_first { unindexed(column, text) } else { column }
    }

    async fn segment(
        &self,
        conn: &mut Conn,
        part: Segment,
        cursor: Option<&Cursor>,
        back: bool,
        limit: usize,
    ) -> Result<Vec<(Record, Value)>, Error> {
        let id = || self.ordered(Expr::col(Alias::new("id")), false);
        let key = || self.ordered(Expr::col(Alias::new(&self.order.column)), self.order.text);
        let ascending = (self.order.direction == Direction::Ascending) != back;
        let direction = if ascending { Order::Asc } else { Order::Desc };
        let mut statement: SelectStatement = record::select(self.section, self.fields);
        statement.cond_where(self.condition.clone()).limit(limit as u64);
        match part {
            Segment::Number => {}
            Segment::Empties => {
                statement.and_where(key().is_null());
            }
            Segment::Choice(id) => {
                statement.and_where(key().eq(id));
            }
            Segment::NotOffered => {
                statement.and_where(key().is_not_in(self.order.choices.iter().copied()));
                statement.expr_as(key(), Alias::new("sort_key"));
            }
            Segment::Values => {
                statement.expr_as(key(), Alias::new("sort_key")).and_where(key().is_not_null());
            }
        }
        match part {
            Segment::Number | Segment::Empties | Segment::Choice(_) | Segment::NotOffered => {
                if let Some(cursor) = cursor {
                    let from = cursor.place.id;
                    statement.and_where(if ascending { id().gt(from) } else { id().lt(from) });
                }
                statement.order_by_expr(id(), direction);
            }
            Segment::Values => {
                let rank = || self.rank(key());
                if let Some(cursor) = cursor {
                    // As a tuple: SQLite searches the index for it, and scans for the same written with OR.
                    let place = Expr::tuple([rank(), id()]);
                    let from = Expr::tuple([Expr::val(self.order.rank(&cursor.place.key)), Expr::val(cursor.place.id)]);
                    statement.and_where(if ascending { place.gt(from) } else { place.lt(from) });
                }
                statement.order_by_expr(rank(), direction.clone()).order_by_expr(id(), direction);
            }
        }
        let rows = conn.select(&statement).await?;
        rows.iter()
            .map(|row| {
                let key = match part {
                    Segment::Number | Segment::Empties => Value::Empty,
                    Segment::Choice(id) => Value::Integer(id),
                    Segment::Values if self.order.text => Value::Text(row.get("sort_key")?),
                    Segment::Values | Segment::NotOffered => Value::Integer(row.get("sort_key")?),
                };
                Ok((record::read(row, self.fields)?, key))
            })
            .collect()
    }

    /// What is compared: of a choice its place among the others.
    fn rank(&self, key: Expr) -> Expr {
        if self.order.choices.is_empty() {
            return key;
        }
        let last = self.order.choices.len() as i64;
        let places = self
            .order
            .choices
            .iter()
            .zip(0i64..)
            .fold(CaseStatement::new(), |case, (id, place)| case.case(key.clone().eq(*id), place));
        places.finally(last).into()
    }
}

/// The column as no index knows it.
fn unindexed(column: Expr, text: bool) -> Expr {
    if text { column.binary(BinOper::Custom("||"), Expr::val("")) } else { column.add(0i64) }
}

/// The one condition that rows, count and everything else of this list share.
fn condition(
    dialect: Dialect,
    section: &Section,
    query: &ListQuery,
    shelf: Shelf,
    reader: &Reader<'_>,
    plan: Plan<'_>,
) -> Cond {
    let trashed = Expr::col(Alias::new("trashed"));
    let mut all = Cond::all().add(match shelf {
        Shelf::InUse => trashed.is_null(),
        Shelf::Trash => trashed.is_not_null(),
    });
    let compiler = Compiler { dialect, section, reader, plan };
    let mut groups: BTreeMap<char, Cond> = BTreeMap::new();
    for condition in &query.conditions {
        let Some(field) = section.field(&condition.field) else { continue };
        let meaning = compiler.condition(field, condition);
        match condition.group {
            None => all = all.add(meaning),
            Some(letter) => {
                let group = groups.remove(&letter).unwrap_or_else(Cond::any);
                groups.insert(letter, group.add(meaning));
            }
        }
    }
    for group in groups.into_values() {
        all = all.add(group);
    }
    all = all.add(record::in_scope(section.scope()));
    if let Some(q) = &query.q {
        let mut any = Cond::any();
        for field in section.search.iter().filter_map(|key| section.field(key)) {
            any = any.add(compiler.own(field, q));
        }
        all = all.add(any);
    }
    all
}

struct Compiler<'a> {
    dialect: Dialect,
    section: &'a Section,
    reader: &'a Reader<'a>,
    plan: Plan<'a>,
}

impl Compiler<'_> {
    /// The column that a field's tests look at. PostgreSQL knows from its statistics when to walk; SQLite
    /// would take any index that the condition offers.
    fn key(&self, field: &FieldSpec) -> Expr {
        let name = field.key_column();
        let text = matches!(record::storage(&field.kind), record::Storage::Text);
        let column = Expr::col(Alias::new(&name));
        match (self.plan, self.dialect) {
            (Plan::Walk(sorted), Dialect::Sqlite) if name != sorted => unindexed(column, text),
            _ => column,
        }
    }

    /// Any of the texts; with a negation none of them, and then also every record without a value.
    fn condition(&self, field: &FieldSpec, condition: &Condition) -> Cond {
        let (tests, negated) = condition.tests(field);
        let mut any = self.any(field, &tests);
        // Without a value only where none of them has one.
        if condition.op != Op::Empty && condition.op != Op::Filled {
            for other in field.also.iter().filter_map(|key| self.section.field(key)) {
                any = any.add(self.any(other, &condition.tests(other).0));
            }
        }
        if matches!(condition.op, Op::Has | Op::HasNot) {
            for typed in &condition.typed {
                if let Some(automatic) = self.automatic_name(field, typed) {
                    any = any.add(automatic);
                }
            }
        }
        if !negated {
            return any;
        }
        // NULL is not true either.
        Cond::all().add(Expr::expr(Func::coalesce([Expr::expr(any), Expr::val(false)])).not())
    }

    /// What the field's own operator finds.
    fn own(&self, field: &FieldSpec, typed: &str) -> Cond {
        let condition =
            Condition { field: field.key.clone(), op: field.kind.own(), typed: vec![typed.to_string()], group: None };
        self.condition(field, &condition)
    }

    /// A text that means nothing to the field matches nothing.
    fn any(&self, field: &FieldSpec, tests: &[Test]) -> Cond {
        if tests.is_empty() {
            return Cond::any().add(Expr::val(1).eq(0));
        }
        tests.iter().fold(Cond::any(), |any, test| any.add(self.test(field, test)))
    }

    fn test(&self, field: &FieldSpec, test: &Test) -> Cond {
        let key = || Expr::expr(sight::column(self.section, field, self.key(field)));
        let one = |expr: SimpleExpr| Cond::all().add(expr);
        match test {
            Test::Contains { part, ending } => {
                let part = (!part.is_empty()).then(|| self.contains(key(), part));
                self.with_ending(key, part, ending.as_ref(), |whole| self.contains(key(), whole))
            }
            Test::Starts { part, ending } => {
                let part = (!part.is_empty()).then(|| self.starts_with(key(), part));
                self.with_ending(key, part, ending.as_ref(), |whole| self.starts_with(key(), whole))
            }
            Test::Digits { anywhere, start } => {
                let mut any = Cond::any().add(self.contains(key(), anywhere));
                if let Some(start) = start {
                    any = any.add(self.starts_with(key(), start));
                }
                any
            }
            Test::KeyIs(text) => one(key().eq(text.as_str())),
            Test::Equals(Value::Reference(id)) if field.kind.is_references() => {
                one(sight::points_at(self.section, field, Some(*id)))
            }
            Test::Me if field.kind.is_references() => {
                one(sight::points_at(self.section, field, Some(self.reader.user)))
            }
            Test::Empty if field.kind.is_references() && sight::leads_out(self.section, field).is_some() => {
                one(sight::points_at(self.section, field, None).not())
            }
            Test::AnyOf(tests) => tests.iter().fold(Cond::any(), |any, test| any.add(self.test(field, test))),
            Test::AgoOwn => match field.rhythm.as_ref().and_then(Rhythm::own).and_then(|own| self.section.field(own)) {
                Some(rhythm) => {
                    let days = Func::coalesce([Expr::col(Alias::new(&rhythm.column)), Expr::val(RHYTHM_DAYS)]);
                    let then = Expr::val(self.reader.now).sub(Expr::expr(days).mul(DAY_MS));
                    // No rhythm is shorter than a day: the index may be asked.
                    one(key().lt(self.reader.now - DAY_MS).and(key().lt(then)))
                }
                None => one(key().lt(self.reader.now - RHYTHM_DAYS * DAY_MS)),
            },
            Test::Equals(value) => one(match value.number() {
                Some(number) => key().eq(number),
                None => key().eq(value.text().unwrap_or_default()),
            }),
            Test::Me => one(key().eq(self.reader.user)),
            Test::Days(DateRange { from, to }) => {
                let in_days = field.kind.rules().counts_days();
                let begins = |day: Date| if in_days { day.days() } else { (self.reader.midnight)(day) };
                let after = to.map(|to| Date::from_days(to.days() + 1));
                between(key, from.map(begins), after.map(|after| begins(after) - 1))
            }
            Test::Between { from, to } => between(key, *from, *to),
            Test::Ago { days, older } => {
                let in_days = field.kind.rules().counts_days();
                let then = if in_days { self.reader.today.days() - days } else { self.reader.now - days * DAY_MS };
                one(if *older { key().lt(then) } else { key().gte(then) })
            }
            Test::Empty => one(key().is_null()),
            Test::Doubtful => match field.doubt_column() {
                Some(column) => one(Expr::col(Alias::new(column)).eq(1i64)),
                None => one(Expr::val(1).eq(0)),
            },
        }
    }

    /// The part, and the legal form at the end; or all of it as it was typed.
    fn with_ending(
        &self,
        key: impl Fn() -> Expr,
        part: Option<SimpleExpr>,
        ending: Option<&Ending>,
        whole: impl Fn(&str) -> SimpleExpr,
    ) -> Cond {
        let mut all = Cond::all();
        if let Some(part) = part {
            all = all.add(part);
        }
        let Some(Ending { form, whole: typed }) = ending else { return all };
        let end = format!(" {form}");
        let ends = self.end_of(key(), end.chars().count()).eq(end);
        Cond::any().add(all.add(Cond::any().add(ends).add(key().eq(form.as_str())))).add(whole(typed))
    }

    /// Never LIKE: it folds letters differently on each database and reads `%` and `_`.
    fn contains(&self, key: Expr, part: &str) -> SimpleExpr {
        let position = match self.dialect {
            Dialect::Sqlite => "instr",
            Dialect::Postgres => "strpos",
        };
        self.narrowed(part, Expr::expr(Func::cust(Alias::new(position)).arg(key).arg(part)).gt(0))
    }

    fn starts_with(&self, key: Expr, start: &str) -> SimpleExpr {
        let chars = start.chars().count() as i32;
        self.narrowed(start, Expr::expr(Func::cust(Alias::new("substr")).arg(key).arg(1).arg(chars)).eq(start))
    }

    /// The pairs of the text lead to few records; `meaning` says which of them are meant.
    fn narrowed(&self, part: &str, meaning: SimpleExpr) -> SimpleExpr {
        let narrow = match self.plan {
            Plan::Find => search::may_contain(self.dialect, self.section, part),
            Plan::Walk(_) => None,
        };
        match narrow {
            Some(narrow) => narrow.and(meaning),
            None => meaning,
        }
    }

    fn end_of(&self, key: Expr, chars: usize) -> Expr {
        let chars = chars as i64;
        match self.dialect {
            Dialect::Sqlite => Expr::expr(Func::cust(Alias::new("substr")).arg(key).arg(-chars)),
            Dialect::Postgres => Expr::expr(Func::cust(Alias::new("right")).arg(key).arg(chars as i32)),
        }
    }

    /// A record without a name is found by the one that it shows: «клиент 17», «№ 17», «17».
    fn automatic_name(&self, field: &FieldSpec, typed: &str) -> Option<Cond> {
        if field.key != self.section.title {
            return None;
        }
        let nameless = self.key(field).is_null();
        let number = domain::list::automatic_name(&self.section.forms, typed, self.reader.lang)?;
        let mut all = Cond::all().add(nameless);
        if let Some(number) = number {
            all = all.add(Expr::col(Alias::new("id")).eq(number));
        }
        Some(all)
    }
}

/// Both ends included.
fn between(key: impl Fn() -> Expr, from: Option<i64>, to: Option<i64>) -> Cond {
    let mut all = Cond::all();
    if let Some(from) = from {
        all = all.add(key().gte(from));
    }
    if let Some(to) = to {
        all = all.add(key().lte(to));
    }
    all
}
