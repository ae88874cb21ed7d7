//! Search by pairs of letters. What the text fields of a record are searched by stands in one index of its
//! section as overlapping pairs, numbers as fours of digits and letters alone too: "contains" asks the index which
//! records may have the text, and the field's key which of them do. SQLite: a contentless FTS5 table, its tokens are
//! pairs, a text is a phrase. PostgreSQL: a column of numbers with a GIN index.

use std::collections::BTreeSet;

use domain::fields::pairs::{asked, indexed, mark};
use domain::fields::{FieldSpec, Section, Value};
use domain::ids::FieldKey;
use sea_query::{Alias, BinOper, Expr, ExprTrait, Query, SelectStatement, SimpleExpr};

use crate::db::{Conn, Dialect, Error};
use crate::storage::{Held, Storage, storage};
use crate::values;

/// Raised when keys or pairs are made in another way: what an older one made is made anew by `migrate`.
pub(crate) const FOLD: i64 = 4;
/// Stands between two rows, so that no phrase goes across.
const FENCE: &str = "x";

pub(crate) fn index(section: &Section) -> String {
    format!("{}_pairs", section.table)
}

fn token(pair: i32) -> String {
    format!("{pair:08x}")
}

/// The condition that narrows to the records that may contain a text; `None` where the text is empty.
pub(crate) fn may_contain(dialect: Dialect, section: &Section, field: &FieldSpec, part: &str) -> Option<SimpleExpr> {
    let pairs = looked_for(field, part);
    if pairs.is_empty() {
        return None;
    }
    Some(match dialect {
        Dialect::Sqlite => Expr::col(Alias::new("id")).in_subquery(found(section, &pairs)),
        Dialect::Postgres => has_all(&pairs),
    })
}

fn looked_for(field: &FieldSpec, part: &str) -> Vec<i32> {
    let mark = mark(&field.column);
    asked(part).into_iter().map(|pair| pair ^ mark).collect()
}

/// To so many records the search leads at most.
const FOUND_MAX: u64 = 10_000;

/// Whether more records may contain a text than are worth looking up.
pub(crate) async fn is_common(
    conn: &mut Conn,
    section: &Section,
    field: &FieldSpec,
    part: &str,
) -> Result<bool, Error> {
    let pairs = looked_for(field, part);
    if pairs.is_empty() {
        return Ok(true);
    }
    let mut few = match conn.dialect() {
        Dialect::Sqlite => found(section, &pairs),
        Dialect::Postgres => Query::select()
            .column(Alias::new("id"))
            .from(Alias::new(&section.table))
            .and_where(has_all(&pairs))
            .to_owned(),
    };
    few.limit(1).offset(FOUND_MAX);
    Ok(!conn.select(&few).await?.is_empty())
}

/// The numbers of records that have these pairs one after another.
pub(crate) fn found(section: &Section, pairs: &[i32]) -> SelectStatement {
    let phrase: Vec<String> = pairs.iter().copied().map(token).collect();
    let phrase = Expr::val(format!("\"{}\"", phrase.join(" ")));
    Query::select()
        .column(Alias::new("rowid"))
        .from(Alias::new(index(section)))
        .and_where(Expr::col(Alias::new("p")).binary(BinOper::Custom("MATCH"), phrase))
        .to_owned()
}

pub(crate) fn has_all(pairs: &[i32]) -> SimpleExpr {
    Expr::col(Alias::new(COLUMN))
        .binary(BinOper::Custom("@>"), cast(COLUMN, Expr::val(array(pairs.iter().copied().collect()))))
}

fn array(distinct: BTreeSet<i32>) -> String {
    let numbers: Vec<String> = distinct.iter().map(i32::to_string).collect();
    format!("{{{}}}", numbers.join(","))
}

/// Whether a change of this field changes what the record is found by.
pub(crate) fn concerns(field: &FieldSpec) -> bool {
    matches!(storage(&field.kind), Storage::Text)
}

/// What a record is found by: the rows of pairs of its texts, each text's as its field's.
pub fn rows<'a>(section: &Section, value: impl Fn(&FieldKey) -> &'a Value) -> Vec<Vec<i32>> {
    let of = |field: &FieldSpec| {
        let text = field.searched(value(&field.key))?;
        Some(rows_of(&field.column, &text))
    };
    section.kept().filter_map(of).flatten().collect()
}

fn rows_of(column: &str, text: &str) -> Vec<Vec<i32>> {
    let mark = mark(column);
    let marked = |row: Vec<i32>| row.into_iter().map(|pair| pair ^ mark).collect();
    indexed(text).into_iter().map(marked).collect()
}

/// The same in no order.
pub(crate) fn tokens(rows: Vec<Vec<i32>>) -> BTreeSet<i32> {
    rows.into_iter().flatten().collect()
}

/// The column of a record's own row for its search.
const COLUMN: &str = "pairs";

/// What belongs into a column as it is, from what was sent for it.
pub(crate) fn cast(column: &str, sent: SimpleExpr) -> SimpleExpr {
    if column == COLUMN { sent.cast_as(Alias::new("int[]")) } else { sent }
}

/// What the record's own row holds for its search.
pub(crate) fn column<'a>(
    dialect: Dialect,
    section: &Section,
    value: impl Fn(&FieldKey) -> &'a Value,
) -> Option<(String, Held)> {
    match dialect {
        Dialect::Sqlite => None,
        Dialect::Postgres => Some((COLUMN.to_string(), array(tokens(rows(section, value))).into())),
    }
}

/// Each row in its order, rows apart.
pub(crate) fn phrase(rows: &[Vec<i32>]) -> String {
    use std::fmt::Write;
    let mut phrase = String::new();
    for row in rows {
        if !phrase.is_empty() {
            phrase.push(' ');
            phrase.push_str(FENCE);
        }
        for pair in row {
            let blank = if phrase.is_empty() { "" } else { " " };
            // Writing into a String does not fail.
            let _ = write!(phrase, "{blank}{pair:08x}");
        }
    }
    phrase
}

/// What an index would hold for texts: for tests that fill it themselves.
#[cfg(feature = "testing")]
pub(crate) fn written(dialect: Dialect, texts: &[(&str, String)]) -> String {
    let rows: Vec<Vec<i32>> = texts.iter().flat_map(|(column, text)| rows_of(column, text)).collect();
    match dialect {
        Dialect::Sqlite => phrase(&rows),
        Dialect::Postgres => array(tokens(rows)),
    }
}

/// Notes that the index of a section has all its records.
pub(crate) async fn complete(conn: &mut Conn, section: &Section) -> Result<(), Error> {
    conn.execute(
        "INSERT INTO search_index (section, fold) VALUES ($1, $2) ON CONFLICT (section) DO UPDATE SET fold = $2",
        values![section.key.as_str(), FOLD],
    )
    .await
    .map(drop)
}
