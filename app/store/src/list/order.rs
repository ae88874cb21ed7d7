//! A list's order, and the walk along it: in segments that an index holds in one piece each.

use domain::fields::Op;
use domain::fields::{FieldSpec, Section, Value};
use domain::limits::CHOICES_MAX;
use domain::list::{Cursor, Direction, ListQuery, Walk};
use sea_query::{Alias, CaseStatement, Cond, Expr, ExprTrait, Func, Order, Query, SelectStatement};

use crate::db::{Conn, Error};
use crate::record::{self, Record};
use crate::storage::{Storage, storage};
use crate::{key, sight};

/// What is sorted by: a field's key, or the number.
pub(super) struct Sorted {
    pub(super) column: String,
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

impl Sorted {
    pub(super) fn by(section: &Section, query: &ListQuery) -> Self {
        let by_number = |direction| Self {
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
            Some(field) if field.column != "id" && sight::leads_out(section, field).is_none() => Self {
                column: field.key_column(),
                key: key::indexed(field),
                has_empty: true,
                only_empty: query.conditions.iter().any(|condition| {
                    condition.field == field.key && condition.op == Op::Empty && condition.group.is_none()
                }),
                text: matches!(storage(&field.kind), Storage::Text),
                choices: field.kind.choices().iter().map(|choice| choice.id).collect(),
                direction: sort.direction,
            },
            _ => by_number(sort.direction),
        }
    }

    /// Whether a cursor fits this column: it may have been written by hand.
    pub(super) fn takes(&self, cursor: &Cursor) -> bool {
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
pub(super) struct Rows<'a> {
    pub(super) section: &'a Section,
    pub(super) fields: &'a [&'a FieldSpec],
    pub(super) condition: &'a Cond,
    pub(super) order: &'a Sorted,
    /// Few records: find them first, then sort them. Many: walk the sorted index and filter on the way.
    /// Left to themselves both planners were wrong by orders of magnitude; the count, which the page
    /// needs anyway, knows better.
    pub(super) filter_first: bool,
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
    pub(super) async fn walk(
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
        if self.filter_first { key::unindexed(column, text) } else { column }
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
