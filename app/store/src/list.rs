//! `ListQuery` → SQL: one condition for the rows and for their number, pages by cursor in two
//! segments (records with a value in the sorted column, then those without).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use domain::fields::{FieldSpec, Kind, Rhythm, Scope, Section, Value, Written};
use domain::ids::{FieldKey, RecordId, UserId};
use domain::limits::{CHOICES_MAX, COUNT_ROWS_MAX, PAGE_ROWS, RHYTHM_DAYS};
use domain::list::{Condition, Cursor, DateRange, Direction, Ending, ListQuery, Op, Place, Test, Walk};
use domain::moment::{DAY_MS, Date};
use domain::words::Lang;
use sea_query::{
    Alias, BinOper, CaseStatement, Cond, Expr, ExprTrait, Func, Order, Query, SelectStatement, SimpleExpr,
};

use crate::db::{Conn, Dialect, Error};
use crate::record::{self, Record};
use crate::{key, search, sight};

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

/// What is sorted by: a field's key, or the number.
struct Sorted {
    column: String,
    key: Expr,
    /// The number is never empty: it has one segment only.
    has_empty: bool,
    /// The list is of those that have no value.
    only_empty: bool,
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
    let asked = Asked::new(conn, section, query, shelf, reader).await?;
    let found = asked.condition(Plan::Find);
    let count = count(conn, section, &found).await?;
    let order = order(section, query);
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
    let by_number = |direction| Sorted {
        column: "id".into(),
        key: Expr::col(Alias::new("id")),
        has_empty: false,
        only_empty: false,
        text: false,
        choices: Vec::new(),
        direction,
    };
    let Some(sort) = &query.sort else { return by_number(Direction::Descending) };
    match section.field(&sort.field) {
        // What is out of sight would tell by its order.
        Some(field) if field.column != "id" && sight::leads_out(section, field).is_none() => Sorted {
            column: field.key_column(),
            key: key::indexed(field),
            has_empty: true,
            only_empty: query.conditions.iter().any(|condition| {
                condition.field == field.key && condition.op == Op::Empty && condition.group.is_none()
            }),
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
    /// any more comes last, by its id.
    fn rank(&self, key: &Value) -> sea_query::Value {
        match (self.choices.is_empty(), key.number()) {
            (false, Some(id)) => {
                let place = self.choices.iter().position(|choice| *choice == id).map(|place| place as i64);
                place.unwrap_or(id.saturating_add(self.choices.len() as i64)).into()
            }
            (true, Some(number)) => number.into(),
            (_, None) => key.text().unwrap_or_default().into(),
        }
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
    Empties,
}

impl Segment {
    /// Whether a record with this key stands here.
    fn has(self, key: &Value) -> bool {
        match self {
            Self::Number => true,
            Self::Values => !key.is_empty(),
            Self::Choice(id) => key.number() == Some(id),
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
        let mut segments = self.segments(conn).await?;
        if back {
            segments.reverse();
        }
        let starts_in = cursor.and_then(|cursor| segments.iter().position(|part| part.has(&cursor.place.key)));
        let mut found = Vec::new();
        for (number, part) in segments.into_iter().enumerate().skip(starts_in.unwrap_or(0)) {
            if found.len() < wanted {
                let own_cursor = cursor.filter(|_| starts_in == Some(number));
                found.extend(self.segment(conn, part, own_cursor, back, wanted - found.len()).await?);
            }
        }
        Ok(found)
    }

    /// The parts of the list that an index holds in one piece each, in the order of a walk down an ascending list.
    /// A choice is walked choice by choice: the index has them by their ids, and the order that the owner gives them may change
    /// without any record being written.
    async fn segments(&self, conn: &mut Conn) -> Result<Vec<Segment>, Error> {
        if !self.order.has_empty {
            return Ok(vec![Segment::Number]);
        }
        if self.order.only_empty {
            return Ok(vec![Segment::Empties]);
        }
        let mut values = match self.filter_first || self.order.choices.is_empty() {
            true => vec![Segment::Values],
            false => {
                let not_offered = self.not_offered(conn).await?;
                self.order.choices.iter().copied().chain(not_offered).map(Segment::Choice).collect()
            }
        };
        if self.order.direction == Direction::Descending {
            values.reverse();
        }
        values.push(Segment::Empties);
        Ok(values)
    }

    /// The choices that records have and nobody is offered any more: the index is asked for each.
    async fn not_offered(&self, conn: &mut Conn) -> Result<Vec<i64>, Error> {
        let mut found = Vec::new();
        let mut last = i64::MIN;
        while found.len() < CHOICES_MAX {
            let mut statement = Query::select();
            statement
                .expr_as(Func::min(self.order.key.clone()), Alias::new("next"))
                .from(Alias::new(&self.section.table))
                .and_where(Expr::col(Alias::new("trashed")).is_null())
                .and_where(self.order.key.clone().gt(last));
            let rows = conn.select(&statement).await?;
            let next: Option<i64> = rows.first().map_or(Ok(None), |row| row.get("next"))?;
            let Some(next) = next else { break };
            if !self.order.choices.contains(&next) {
                found.push(next);
            }
            last = next;
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
        let key = || self.ordered(self.order.key.clone(), self.order.text);
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
            Segment::Values => {
                statement.expr_as(key(), Alias::new("sort_key")).and_where(key().is_not_null());
            }
        }
        match part {
            Segment::Number | Segment::Empties | Segment::Choice(_) => {
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
                    Segment::Values => Value::Integer(row.get("sort_key")?),
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
        let last = key.clone().add(self.order.choices.len() as i64);
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

/// What is asked of a list. Its condition is one: rows, count and everything else of the list share it.
struct Asked<'a> {
    dialect: Dialect,
    section: &'a Section,
    query: &'a ListQuery,
    shelf: Shelf,
    reader: &'a Reader<'a>,
    /// Texts of fields that so many records may have that the search leads nowhere.
    common: BTreeSet<Part>,
}

/// A field and a text that it may contain.
type Part = (FieldKey, String);

/// So many texts are looked up in the search beforehand.
const LOOKED_UP_MAX: usize = 20;

impl<'a> Asked<'a> {
    async fn new(
        conn: &mut Conn,
        section: &'a Section,
        query: &'a ListQuery,
        shelf: Shelf,
        reader: &'a Reader<'a>,
    ) -> Result<Self, Error> {
        let common = BTreeSet::new();
        let mut asked = Self { dialect: conn.dialect(), section, query, shelf, reader, common };
        for part in asked.parts().into_iter().take(LOOKED_UP_MAX) {
            let Some(field) = section.field(&part.0) else { continue };
            if search::is_common(conn, section, field, &part.1).await? {
                asked.common.insert(part);
            }
        }
        Ok(asked)
    }

    fn compiler<'c>(&'c self, plan: Plan<'c>) -> Compiler<'c> {
        let Self { dialect, section, shelf, reader, .. } = *self;
        Compiler { dialect, section, shelf, reader, plan, common: &self.common, parts: RefCell::default() }
    }

    /// The texts that the search would be asked for.
    fn parts(&self) -> BTreeSet<Part> {
        let compiler = self.compiler(Plan::Find);
        compiler.all(self.query);
        compiler.parts.into_inner()
    }

    fn condition(&self, plan: Plan<'_>) -> Cond {
        self.compiler(plan).all(self.query)
    }
}

impl Shelf {
    fn condition(self) -> SimpleExpr {
        let trashed = Expr::col(Alias::new("trashed"));
        match self {
            Self::InUse => trashed.is_null(),
            Self::Trash => trashed.is_not_null(),
        }
    }
}

struct Compiler<'a> {
    dialect: Dialect,
    section: &'a Section,
    shelf: Shelf,
    reader: &'a Reader<'a>,
    plan: Plan<'a>,
    common: &'a BTreeSet<Part>,
    /// What the search was asked for.
    parts: RefCell<BTreeSet<Part>>,
}

/// Of so many values the records that have none of them are found between them.
const GAPS_MAX: usize = 20;

impl Compiler<'_> {
    fn all(&self, query: &ListQuery) -> Cond {
        let mut all = Cond::all().add(self.shelf.condition());
        let mut groups: BTreeMap<char, Vec<Cond>> = BTreeMap::new();
        for condition in &query.conditions {
            let Some(field) = self.section.field(&condition.field) else { continue };
            let meaning = self.condition(field, condition);
            match condition.group {
                None => all = all.add(meaning.unwrap_or_else(nothing)),
                Some(letter) => groups.entry(letter).or_default().extend(meaning),
            }
        }
        for group in groups.into_values() {
            all = all.add(self.any_of(group).unwrap_or_else(nothing));
        }
        all = all.add(match self.plan {
            Plan::Find => record::in_scope(self.section.scope()),
            Plan::Walk(_) => record::row_in_scope(self.section),
        });
        if let Some(q) = &query.q {
            let searched = self.section.search.iter().filter_map(|key| self.section.field(key));
            let any = self.any_of(searched.filter_map(|field| self.own(field, q)).collect());
            all = all.add(any.unwrap_or_else(nothing));
        }
        all
    }

    /// The text or number that a field's tests look into. PostgreSQL knows from its statistics when to walk; SQLite
    /// would take any index that the condition offers.
    fn key(&self, field: &FieldSpec) -> Expr {
        self.unless_walked(field, Expr::col(Alias::new(field.key_column())))
    }

    /// The same as the field's index has it.
    fn indexed(&self, field: &FieldSpec) -> Expr {
        let key = match self.plan {
            // PostgreSQL knows how many there are of whole keys, and of their beginnings it does not.
            Plan::Walk(sorted) if field.key_column() != sorted => self.key(field),
            _ => key::indexed(field),
        };
        Expr::expr(sight::column(self.section, field, key))
    }

    fn unless_walked(&self, field: &FieldSpec, column: Expr) -> Expr {
        let text = matches!(record::storage(&field.kind), record::Storage::Text);
        match (self.plan, self.dialect) {
            (Plan::Walk(sorted), Dialect::Sqlite) if field.key_column() != sorted => unindexed(column, text),
            _ => column,
        }
    }

    /// One of these. SQLite asks an index for each when each says by itself what the index holds.
    /// Of none of them nothing is found.
    fn any_of(&self, alternatives: Vec<Cond>) -> Option<Cond> {
        if alternatives.len() < 2 {
            return alternatives.into_iter().next();
        }
        let says_all = self.dialect == Dialect::Sqlite && self.plan == Plan::Find;
        Some(alternatives.into_iter().fold(Cond::any(), |any, one| {
            any.add(if says_all { Cond::all().add(self.shelf.condition()).add(one) } else { one })
        }))
    }

    /// Any of the texts; with a negation none of them, and then also every record without a value. `None` finds
    /// nothing: a text that means nothing to the field.
    fn condition(&self, field: &FieldSpec, condition: &Condition) -> Option<Cond> {
        let (tests, negated) = condition.tests(field);
        let mut fields = vec![(field, tests)];
        // Without a value only where none of them has one.
        if condition.op != Op::Empty && condition.op != Op::Filled {
            let also = field.also.iter().filter_map(|key| self.section.field(key));
            fields.extend(also.map(|other| (other, condition.tests(other).0)));
        }
        let automatic = match condition.op {
            Op::Has | Op::HasNot => {
                condition.typed.iter().filter_map(|typed| self.automatic_name(field, typed)).collect()
            }
            _ => Vec::new(),
        };
        if !negated {
            let mut all: Vec<Cond> = fields
                .iter()
                .flat_map(|(field, tests)| tests.iter().filter_map(|test| self.test(field, test)))
                .collect();
            all.extend(automatic);
            return self.any_of(all);
        }
        let mut none = Cond::all();
        // What has not the text is in no index: rows are looked at one by one.
        let looked_at = Compiler { plan: Plan::Walk(""), parts: RefCell::default(), ..*self };
        for (field, tests) in &fields {
            let any = || looked_at.any_of(tests.iter().filter_map(|test| looked_at.test(field, test)).collect());
            if let Some(others) = self.others(field, tests).or_else(|| any().map(negation)) {
                none = none.add(others);
            }
        }
        for automatic in automatic {
            none = none.add(negation(automatic));
        }
        Some(none)
    }

    /// What the field's own operator finds.
    fn own(&self, field: &FieldSpec, typed: &str) -> Option<Cond> {
        // A text is no phone, whatever digits it has.
        if matches!(field.kind, Kind::Phone | Kind::Phones) && typed.chars().any(char::is_alphabetic) {
            return None;
        }
        let condition =
            Condition { field: field.key.clone(), op: field.kind.own(), typed: vec![typed.to_string()], group: None };
        self.condition(field, &condition)
    }

    /// The records that none of the tests finds, as pieces of the field's index; `None` where they are not.
    fn others(&self, field: &FieldSpec, tests: &[Test]) -> Option<Cond> {
        // Where nothing is looked for, nobody is left out.
        if tests.is_empty() || tests.len() > GAPS_MAX {
            return None;
        }
        if field.kind.is_references() || key::is_brief(field) && *tests != [Test::Empty] {
            return None;
        }
        // Pieces lead away from the index that is walked, be it their own.
        let text = matches!(record::storage(&field.kind), record::Storage::Text);
        let key = || match (self.plan, self.dialect) {
            (Plan::Walk(_), Dialect::Sqlite) => unindexed(self.indexed(field), text),
            _ => self.indexed(field),
        };
        // SQLite knows of a column that is never empty, and asks no index for an alternative that it takes for nothing.
        let is_filled = matches!(field.written, Written::Stamp { .. } | Written::Number);
        let empty = || (!is_filled).then(|| Cond::all().add(key().is_null()));
        match tests {
            [Test::Empty] => return Some(Cond::all().add(key().is_not_null())),
            [Test::Ago { days, older }] => {
                let then = self.ago(field, *days);
                let other = if *older { self.after(key, then - 1) } else { self.before(key, then) };
                return self.any_of([Cond::all().add(other)].into_iter().chain(empty()).collect());
            }
            [test @ (Test::Days(_) | Test::Between { .. })] => {
                let (from, to) = self.ends(field, test)?;
                let earlier = from.map(|from| Cond::all().add(self.before(key, from)));
                let later = to.map(|to| Cond::all().add(self.after(key, to)));
                return self.any_of(earlier.into_iter().chain(later).chain(empty()).collect());
            }
            _ => {}
        }
        let mut values: Vec<Point> = tests.iter().map(|test| self.point(test)).collect::<Option<_>>()?;
        values.sort();
        values.dedup();
        let mut pieces: Vec<Cond> = empty().into_iter().collect();
        pieces.extend(values.first().map(|first| Cond::all().add(key().lt(first.value()))));
        let between = values.windows(2).filter_map(|two| <&[Point; 2]>::try_from(two).ok());
        pieces.extend(between.map(|[one, next]| Cond::all().add(key().gt(one.value())).add(key().lt(next.value()))));
        pieces.extend(values.last().map(|last| Cond::all().add(key().gt(last.value()))));
        self.any_of(pieces)
    }

    /// The one key that a test finds.
    fn point(&self, test: &Test) -> Option<Point> {
        match test {
            Test::KeyIs(text) => Some(Point::Text(text.clone())),
            Test::Equals(value) => Some(match value.number() {
                Some(number) => Point::Number(number),
                None => Point::Text(value.text().unwrap_or_default().to_string()),
            }),
            Test::Me => Some(Point::Number(self.reader.user)),
            _ => None,
        }
    }

    /// Both ends are said: SQLite takes a piece of an index with one end for a quarter of it, and would rather go over
    /// all. PostgreSQL has counted.
    fn before(&self, key: impl Fn() -> Expr, then: i64) -> SimpleExpr {
        match self.dialect {
            Dialect::Sqlite => key().gte(i64::MIN).and(key().lt(then)),
            Dialect::Postgres => key().lt(then),
        }
    }

    fn after(&self, key: impl Fn() -> Expr, then: i64) -> SimpleExpr {
        match self.dialect {
            Dialect::Sqlite => key().gt(then).and(key().lte(i64::MAX)),
            Dialect::Postgres => key().gt(then),
        }
    }

    fn ago(&self, field: &FieldSpec, days: i64) -> i64 {
        let in_days = field.kind.rules().counts_days();
        if in_days { self.reader.today.days() - days } else { self.reader.now - days * DAY_MS }
    }

    /// Both ends of what a test finds, included.
    fn ends(&self, field: &FieldSpec, test: &Test) -> Option<(Option<i64>, Option<i64>)> {
        match test {
            Test::Days(DateRange { from, to }) => {
                let in_days = field.kind.rules().counts_days();
                let begins = |day: Date| if in_days { day.days() } else { (self.reader.midnight)(day) };
                let after = to.map(|to| Date::from_days(to.days() + 1));
                Some((from.map(begins), after.map(|after| begins(after) - 1)))
            }
            Test::Between { from, to } => Some((*from, *to)),
            _ => None,
        }
    }

    fn test(&self, field: &FieldSpec, test: &Test) -> Option<Cond> {
        let key = || self.indexed(field);
        let one = |expr: SimpleExpr| Some(Cond::all().add(expr));
        match test {
            Test::Contains { part, ending } => {
                let part = (!part.is_empty()).then(|| self.contains(field, part));
                self.with_ending(field, part, ending.as_ref(), |typed| self.contains(field, typed))
            }
            Test::Starts { part, ending } => {
                let part = (!part.is_empty()).then(|| self.starts_with(key(), part));
                self.with_ending(field, part, ending.as_ref(), |typed| self.starts_with(key(), typed))
            }
            Test::Digits { anywhere, start } => {
                let anywhere = one(self.contains(field, anywhere));
                let start = start.as_ref().and_then(|start| one(self.starts_with(key(), start)));
                self.any_of(anywhere.into_iter().chain(start).collect())
            }
            Test::KeyIs(text) => {
                let all = Cond::all().add(key().eq(key::brief(field, text)));
                Some(if key::is_brief(field) { all.add(self.key(field).eq(text.as_str())) } else { all })
            }
            Test::Equals(Value::Reference(id)) if field.kind.is_references() => {
                one(sight::points_at(self.section, field, Some(*id)))
            }
            Test::Me if field.kind.is_references() => {
                one(sight::points_at(self.section, field, Some(self.reader.user)))
            }
            Test::Empty if field.kind.is_references() && sight::leads_out(self.section, field).is_some() => {
                one(sight::points_at(self.section, field, None).not())
            }
            Test::AnyOf(tests) => self.any_of(tests.iter().filter_map(|test| self.test(field, test)).collect()),
            // Where the rhythm is a field that the reader does not see, the usual one is told.
            Test::AgoOwn => match field.rhythm.as_ref().and_then(Rhythm::own).and_then(|own| self.section.field(own)) {
                Some(rhythm) => {
                    one(self.before(|| self.unless_walked(field, key::due(field, rhythm)), self.reader.now))
                }
                None => one(self.before(key, self.reader.now - RHYTHM_DAYS * DAY_MS)),
            },
            Test::Equals(_) | Test::Me => self.point(test).and_then(|point| one(key().eq(point.value()))),
            Test::Days(_) | Test::Between { .. } => {
                let (from, to) = self.ends(field, test).unwrap_or_default();
                match (from, to) {
                    (Some(from), Some(to)) => one(key().gte(from).and(key().lte(to))),
                    (Some(from), None) => one(self.after(key, from.saturating_sub(1))),
                    (None, Some(to)) => one(self.before(key, to.saturating_add(1))),
                    (None, None) => None,
                }
            }
            Test::Ago { days, older } => {
                let then = self.ago(field, *days);
                one(if *older { self.before(key, then) } else { self.after(key, then - 1) })
            }
            Test::Empty => one(key().is_null()),
            Test::Doubtful => field.doubt_column().and_then(|column| one(Expr::col(Alias::new(column)).is_not_null())),
        }
    }

    /// The part, and the legal form at the end; or all of it as it was typed.
    fn with_ending(
        &self,
        field: &FieldSpec,
        part: Option<SimpleExpr>,
        ending: Option<&Ending>,
        whole: impl Fn(&str) -> SimpleExpr,
    ) -> Option<Cond> {
        let all = part.into_iter().fold(Cond::all(), Cond::add);
        let Some(Ending { form, whole: typed }) = ending else { return Some(all) };
        let end = format!(" {form}");
        let ends = self.narrowed(field, &end, self.end_of(self.key(field), end.chars().count()).eq(end.as_str()));
        let is_form = self.indexed(field).eq(form.as_str());
        let with_form = self.any_of(vec![Cond::all().add(ends), Cond::all().add(is_form)])?;
        self.any_of(vec![all.add(with_form), Cond::all().add(whole(typed))])
    }

    /// Never LIKE: it folds letters differently on each database and reads `%` and `_`.
    fn contains(&self, field: &FieldSpec, part: &str) -> SimpleExpr {
        let position = match self.dialect {
            Dialect::Sqlite => "instr",
            Dialect::Postgres => "strpos",
        };
        let place = Func::cust(Alias::new(position)).arg(self.key(field)).arg(part);
        self.narrowed(field, part, Expr::expr(place).gt(0))
    }

    /// A piece of the index: both databases compare keys letter by letter, by their numbers.
    fn starts_with(&self, key: Expr, start: &str) -> SimpleExpr {
        let from = key.clone().gte(start);
        match key::after(start) {
            Some(after) => from.and(key.lt(after)),
            None => from,
        }
    }

    /// The pairs of the text lead to few records; `meaning` says which of them are meant.
    fn narrowed(&self, field: &FieldSpec, text: &str, meaning: SimpleExpr) -> SimpleExpr {
        let part = (field.key.clone(), text.to_string());
        if self.plan != Plan::Find || self.common.contains(&part) {
            return meaning;
        }
        self.parts.borrow_mut().insert(part);
        match search::may_contain(self.dialect, self.section, field, text) {
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
        let number = domain::list::automatic_name(&self.section.forms, typed, self.reader.lang)?;
        Some(match number {
            // The number leads to it.
            Some(number) => Cond::all().add(Expr::col(Alias::new("id")).eq(number)).add(self.key(field).is_null()),
            None => Cond::all().add(self.indexed(field).is_null()),
        })
    }
}

/// A key that is looked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Point {
    Number(i64),
    Text(String),
}

impl Point {
    fn value(&self) -> Expr {
        match self {
            Self::Number(number) => Expr::val(*number),
            Self::Text(text) => Expr::val(text.as_str()),
        }
    }
}

/// NULL is not true either.
fn negation(any: Cond) -> Cond {
    Cond::all().add(Expr::expr(Func::coalesce([Expr::expr(any), Expr::val(false)])).not())
}

fn nothing() -> Cond {
    Cond::all().add(Expr::val(1).eq(0))
}
