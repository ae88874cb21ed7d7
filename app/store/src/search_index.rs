//! What records are found by, written into the index of their section and compared with it; after an update of the
//! program made anew.

use std::collections::{BTreeMap, BTreeSet};

use domain::fields::{FieldSpec, Registry, Section};
use domain::ids::RecordId;
use sea_query::{Alias, Expr, ExprTrait, Order, Query};

use crate::db::{Conn, Db, Dialect, Error};
use crate::record::{self, Record, Update};
use crate::search::{FOLD, column, complete, found, has_all, index, phrase, rows, tokens};
use crate::storage::columns_of;
use crate::{ddl, values};

/// So many records are written together.
const CHUNK: u64 = 500;

/// Writes down what records are found by where that does not stand in their rows. Those that were `made` just now are in
/// no index yet.
pub(crate) async fn write(conn: &mut Conn, section: &Section, records: &[&Record], made: bool) -> Result<(), Error> {
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
            write(conn, &section, &records.iter().collect::<Vec<_>>(), false).await?;
            let dialect = conn.dialect();
            let update = |record: &Record| {
                // What is compared and sorted is made from the value as this version makes it.
                let made = section.kept().flat_map(|field| columns_of(field, record.value(&field.key)).split_off(1));
                let columns = made.chain(column(dialect, &section, |key| record.value(key))).collect();
                Update { id: record.id, version: record.version, columns }
            };
            record::update(conn, &section, records.iter().map(update).collect()).await?;
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
    pub fn add(&mut self, section: &Section, record: &Record) {
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
