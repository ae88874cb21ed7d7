//! Search by pairs of letters. What the text fields of a record are searched by stands in one index of its
//! section as overlapping pairs, numbers as fours of digits and letters alone too: "contains" asks the index which
//! records may have the text, and the field's key which of them do. SQLite: a contentless FTS5 table, its tokens are
//! pairs, a text is a phrase. PostgreSQL: a column of numbers with a GIN index.

use std::collections::{BTreeMap, BTreeSet};

use domain::fields::pairs::{asked, indexed, mark};
use domain::fields::{FieldSpec, Registry, Section, Value};
use domain::ids::{FieldKey, RecordId};
use sea_query::{Alias, BinOper, Expr, ExprTrait, Order, Query, SelectStatement, SimpleExpr};

use crate::db::{Conn, Db, Dialect, Error};
use crate::record::{self, Held, Record, Storage, Update};
use crate::{ddl, values};

/// Raised when keys or pairs are made in another way: what an older one made is made anew by `migrate`.
const FOLD: i64 = 2;
const CHUNK: u64 = 500;
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
fn found(section: &Section, pairs: &[i32]) -> SelectStatement {
    let phrase: Vec<String> = pairs.iter().copied().map(token).collect();
    let phrase = Expr::val(format!("\"{}\"", phrase.join(" ")));
    Query::select()
        .column(Alias::new("rowid"))
        .from(Alias::new(index(section)))
        .and_where(Expr::col(Alias::new("p")).binary(BinOper::Custom("MATCH"), phrase))
        .to_owned()
}

fn has_all(pairs: &[i32]) -> SimpleExpr {
    Expr::col(Alias::new(COLUMN))
        .binary(BinOper::Custom("@>"), cast(COLUMN, Expr::val(array(pairs.iter().copied().collect()))))
}

fn array(distinct: BTreeSet<i32>) -> String {
    let numbers: Vec<String> = distinct.iter().map(i32::to_string).collect();
    format!("{{{}}}", numbers.join(","))
}

/// Whether a change of this field changes what the record is found by.
pub(crate) fn concerns(field: &FieldSpec) -> bool {
    matches!(record::storage(&field.kind), Storage::Text)
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
fn tokens(rows: Vec<Vec<i32>>) -> BTreeSet<i32> {
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

/// Notes what records are found by where that does not stand in their rows. Those that were `made` just now are in
/// no index yet.
pub(crate) async fn note(conn: &mut Conn, section: &Section, records: &[&Record], made: bool) -> Result<(), Error> {
    if conn.dialect() == Dialect::Postgres {
        return Ok(());
    }
    for some in records.chunks(CHUNK as usize) {
        let mut statement = Query::insert();
        if !made {
            statement.replace();
        }
        statement.into_table(Alias::new(index(section))).columns([Alias::new("rowid"), Alias::new("p")]);
        for record in some {
            statement.values_panic([Expr::val(record.id), Expr::val(phrase(&rows(section, |key| record.value(key))))]);
        }
        conn.run(&statement).await?;
    }
    Ok(())
}

/// Each row in its order, rows apart.
fn phrase(rows: &[Vec<i32>]) -> String {
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

/// Whether every section's index has all its records.
pub async fn is_complete(conn: &mut Conn, registry: &Registry) -> Result<bool, Error> {
    let rows = conn.all("SELECT section FROM search_index WHERE fold = $1 LIMIT 1000", values![FOLD]).await?;
    let done = rows.iter().map(|row| row.get("section")).collect::<Result<BTreeSet<String>, _>>()?;
    Ok(registry.sections.iter().all(|section| done.contains(section.key.as_str())))
}

/// Makes the indexes that are missing, or were made in an older way. To be run while nobody writes.
pub async fn build(db: &Db, registry: &Registry) -> Result<(), Error> {
    for section in &registry.sections {
        let alone = Registry { sections: vec![section.clone()], ..Registry::default() };
        if is_complete(&mut db.read().await?, &alone).await? {
            continue;
        }
        let mut last = 0;
        while let Some(until) = build_chunk(db, section, last).await? {
            last = until;
        }
    }
    Ok(())
}

/// The records after `after`; gives the last number, `None` when there are no more and the index is whole.
async fn build_chunk(db: &Db, section: &Section, after: RecordId) -> Result<Option<RecordId>, Error> {
    let section = section.clone();
    db.write(move |conn| {
        let section = section.clone();
        Box::pin(async move {
            if after == 0 {
                ddl::define_search(conn, &section).await?;
            }
            let fields: Vec<&FieldSpec> = section.kept().collect();
            let mut statement = record::select(&section, &fields);
            statement
                .and_where(Expr::col(Alias::new("id")).gt(after))
                .order_by(Alias::new("id"), Order::Asc)
                .limit(CHUNK);
            let rows = conn.select(&statement).await?;
            let records: Vec<Record> = rows.iter().map(|row| record::read(row, &fields)).collect::<Result<_, _>>()?;
            note(conn, &section, &records.iter().collect::<Vec<_>>(), false).await?;
            let dialect = conn.dialect();
            let update = |record: &Record| {
                let columns = vec![column(dialect, &section, |key| record.value(key))?];
                Some(Update { id: record.id, version: record.version, columns })
            };
            record::update(conn, &section, records.iter().filter_map(update).collect()).await?;
            let last = records.last().map(|record| record.id);
            if last.is_none() {
                complete(conn, &section).await?;
            }
            Ok(last)
        })
    })
    .await
}

/// By what records ought to be found by SQLite's index, for `check`. Gathered over many: the index is asked for each
/// pair once, and not for each record, since to come to a record in it takes the longer the more it holds.
#[derive(Default)]
pub(crate) struct Expected {
    by_pair: BTreeMap<i32, Vec<RecordId>>,
    records: usize,
}

/// So many records are looked at together: a number for each of their pairs is kept, tens of megabytes.
const TOGETHER: usize = 50_000;

impl Expected {
    pub fn note(&mut self, section: &Section, record: &Record) {
        for pair in tokens(rows(section, |key| record.value(key))) {
            self.by_pair.entry(pair).or_default().push(record.id);
        }
        self.records += 1;
    }

    pub fn is_full(&self) -> bool {
        self.records >= TOGETHER
    }

    /// Those of the noted records that the index does not lead to by one of their pairs.
    pub async fn missing(self, conn: &mut Conn, section: &Section) -> Result<BTreeSet<RecordId>, Error> {
        let mut missing = BTreeSet::new();
        for (pair, due) in self.by_pair {
            let (Some(first), Some(last)) = (due.iter().min(), due.iter().max()) else { continue };
            let within = Expr::col(Alias::new("rowid")).between(*first, *last);
            let condition = found(section, &[pair]).and_where(within).to_owned();
            let rows = conn.select_often(&condition).await?;
            let has = rows.iter().map(|row| row.get("rowid")).collect::<Result<BTreeSet<RecordId>, _>>()?;
            missing.extend(due.into_iter().filter(|id| !has.contains(id)));
        }
        Ok(missing)
    }
}

/// Whether PostgreSQL is led to a record by all that its row holds, for `check`.
pub(crate) async fn is_in_row(conn: &mut Conn, section: &Section, record: &Record) -> Result<bool, Error> {
    let due = tokens(rows(section, |key| record.value(key)));
    let mut statement = Query::select();
    statement
        .column(Alias::new("id"))
        .from(Alias::new(&section.table))
        .and_where(Expr::col(Alias::new("id")).eq(record.id))
        .and_where(has_all(&due.into_iter().collect::<Vec<_>>()));
    Ok(!conn.select_often(&statement).await?.is_empty())
}
