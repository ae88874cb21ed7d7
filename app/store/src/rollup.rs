//! Fields that are kept from the records of another section: recomputed from those records, in the transaction
//! that moves one of them. What they hold is never in the history: it follows from it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::fields::{FieldSpec, Kind, Rollup, Section, Take, Value};
use domain::ids::{FieldKey, RecordId, SectionKey};
use domain::limits::ROLLUP_RECORDS_MAX;
use sea_query::{Alias, Expr, ExprTrait, Func, Order, Query, SelectStatement, SimpleExpr};

use crate::db::{Conn, Dialect, Error};
use crate::record::{self, Record, Update};
use crate::storage::{Held, Storage, columns_of, storage};
use crate::{aggregate, scope, search, search_index};

/// Statements name so many keepers at most.
const KEEPERS_OF_STATEMENT: usize = 500;

/// The records whose fields follow from what a transaction does: collected first, each computed once.
#[derive(Default)]
pub(crate) struct Keepers {
    by_section: BTreeMap<SectionKey, Kept>,
}

struct Kept {
    section: Arc<Section>,
    /// Each with the section that it is kept from.
    fields: BTreeMap<FieldKey, SectionKey>,
    records: BTreeSet<RecordId>,
}

impl Keepers {
    /// A record of `section` had the values `before` and has those of `now`; `touched` says which fields may differ.
    pub fn gather<'a>(
        &mut self,
        section: &Section,
        touched: impl Fn(&FieldKey) -> bool,
        before: impl Fn(&FieldKey) -> &'a Value,
        now: impl Fn(&FieldKey) -> &'a Value,
    ) {
        for feed in &section.feeds {
            let Some((field, rollup)) = feed.field() else { continue };
            if !rollup.reads().any(&touched) {
                continue;
            }
            let Some(by) = section.kept().find(|by| by.key == rollup.by) else { continue };
            let pointing = |value: &Value| scope::targets_in(by, value, &feed.section.key);
            let owners: Vec<RecordId> = pointing(before(&by.key)).into_iter().chain(pointing(now(&by.key))).collect();
            let kept = self.by_section.entry(feed.section.key.clone()).or_insert_with(|| Kept {
                section: feed.section.clone(),
                fields: BTreeMap::new(),
                records: BTreeSet::new(),
            });
            kept.fields.insert(field.key.clone(), section.key.clone());
            kept.records.extend(owners);
        }
    }

    /// The records to be locked, in the one order in which everybody locks.
    pub fn records(&self) -> impl Iterator<Item = (&Arc<Section>, &BTreeSet<RecordId>)> {
        self.by_section.values().map(|kept| (&kept.section, &kept.records))
    }

    /// Computes what they hold now and writes what is different, and then what others keep of that; gives whom that was.
    /// `held` are locked: of two writers the later one sees here what the earlier one did.
    pub async fn compute<'s>(
        mut self,
        conn: &mut Conn,
        held: &BTreeSet<(SectionKey, RecordId)>,
        from: impl Fn(&SectionKey) -> Option<&'s Section>,
    ) -> Result<Vec<(SectionKey, RecordId)>, Error> {
        let mut changed = Vec::new();
        let mut computed: BTreeMap<SectionKey, Arc<Section>> = BTreeMap::new();
        while let Some((key, kept)) = self.take_first() {
            // Somebody may have moved a record to another keeper after we had looked and before it was ours.
            let new: Vec<RecordId> =
                kept.records.iter().copied().filter(|id| !held.contains(&(key.clone(), *id))).collect();
            record::hold(conn, &kept.section.table, &new).await?;
            let sources: Vec<(&FieldSpec, &Rollup, &Section)> = kept
                .fields
                .iter()
                .filter_map(|(field, of)| {
                    let field = kept.section.kept().find(|kept| kept.key == *field)?;
                    let of = computed.get(of).map(Arc::as_ref).or_else(|| from(of))?;
                    Some((field, field.rollup()?, of))
                })
                .collect();
            let records: Vec<RecordId> = kept.records.iter().copied().collect();
            for some in records.chunks(KEEPERS_OF_STATEMENT) {
                let due = self::computed(conn, &kept.section, &sources, some).await?;
                for (before, now) in keep(conn, &kept.section, due).await? {
                    let touched = |key: &FieldKey| before.value(key) != now.value(key);
                    self.gather(&kept.section, touched, |key| before.value(key), |key| now.value(key));
                    changed.push((key.clone(), now.id));
                }
            }
            computed.insert(key, kept.section.clone());
        }
        Ok(changed)
    }

    /// Those of a section that nothing is kept in from others that still are to be computed.
    fn take_first(&mut self) -> Option<(SectionKey, Kept)> {
        let waits =
            |key: &SectionKey| self.by_section.iter().any(|(other, kept)| other != key && feeds(&kept.section, key));
        let first =
            self.by_section.keys().find(|key| !waits(key)).or_else(|| self.by_section.keys().next()).cloned()?;
        self.by_section.remove_entry(&first)
    }
}

/// Whether something of a section is kept in another one, be it over others.
fn feeds(section: &Section, key: &SectionKey) -> bool {
    section.feeds.iter().any(|feed| feed.section.key == *key || feeds(&feed.section, key))
}

/// Writes what is due into the fields of records; gives those where anything was different, as they were and are.
async fn keep(
    conn: &mut Conn,
    section: &Section,
    due: Vec<(Record, Vec<(&FieldSpec, Value)>)>,
) -> Result<Vec<(Record, Record)>, Error> {
    let is_searched = due.iter().flat_map(|(_, due)| due).any(|(field, _)| search::concerns(field));
    let mut earlier = Vec::new();
    let mut records = Vec::new();
    let mut updates = Vec::new();
    for (mut record, due) in due {
        if due.iter().all(|(field, value)| record.value(&field.key) == value) {
            continue;
        }
        earlier.push(record.clone());
        // All of them, so that the records are written alike.
        let mut columns: Vec<(String, Held)> = due.iter().flat_map(|(field, value)| columns_of(field, value)).collect();
        record.values.extend(due.into_iter().map(|(field, value)| (field.key.clone(), value)));
        if is_searched {
            columns.extend(search::column(conn.dialect(), section, |key| record.value(key)));
        }
        updates.push(Update { id: record.id, version: record.version, columns });
        records.push(record);
    }
    if is_searched {
        search_index::write(conn, section, &records.iter().collect::<Vec<_>>(), false).await?;
    }
    record::update(conn, section, updates).await?;
    Ok(earlier.into_iter().zip(records).collect())
}

/// These records with what their fields ought to hold, from the records that they are kept from.
async fn computed<'f>(
    conn: &mut Conn,
    section: &Section,
    sources: &[(&'f FieldSpec, &Rollup, &Section)],
    ids: &[RecordId],
) -> Result<Vec<(Record, Vec<(&'f FieldSpec, Value)>)>, Error> {
    let dialect = conn.dialect();
    let kept: Vec<&FieldSpec> = section.kept().collect();
    let mut statement = record::select(section, &kept);
    statement.and_where(Expr::col((Alias::new(&section.table), Alias::new("id"))).is_in(ids.iter().copied()));
    for (place, (_, rollup, from)) in sources.iter().enumerate() {
        if let Some(due) = due(dialect, section, from, rollup) {
            statement.expr_as(due, Alias::new(format!("due_{place}")));
        }
    }
    let mut found = Vec::new();
    for row in conn.select_often(&statement).await? {
        let mut values = Vec::new();
        for (place, (field, rollup, from)) in sources.iter().enumerate() {
            let column = format!("due_{place}");
            let value = match (due(dialect, section, from, rollup).is_some(), storage(&field.kind)) {
                (false, _) => Value::Empty,
                (true, Storage::Text) => row.get::<Option<String>>(&column)?.map_or(Value::Empty, Value::Text),
                (true, Storage::Number(make)) => row.get::<Option<i64>>(&column)?.map_or(Value::Empty, make),
            };
            values.push((*field, value));
        }
        found.push((record::read(&row, &kept)?, values));
    }
    Ok(found)
}

/// What a field of the record in the row around it ought to hold.
fn due(dialect: Dialect, keeper: &Section, from: &Section, rollup: &Rollup) -> Option<SimpleExpr> {
    let find = |key: &FieldKey| from.kept().find(|field| field.key == *key);
    let by = find(&rollup.by)?;
    let id = || (Alias::new(&from.table), Alias::new("id"));
    let column = |key: &FieldKey| Some(Expr::col((Alias::new(&from.table), Alias::new(&find(key)?.column))));
    let mut statement = of_keeper(keeper, from, rollup, by);
    match &rollup.take {
        Take::Latest(taken) => {
            statement.expr(Func::max(column(taken)?));
        }
        Take::Earliest(taken) => {
            statement.expr(Func::min(column(taken)?));
        }
        Take::Count => {
            let count = Expr::expr(Func::count(Expr::col(id())));
            statement.expr(Expr::expr(Func::cust(Alias::new("NULLIF")).arg(count).arg(0)));
        }
        Take::Sum(taken) => {
            statement.expr(aggregate::sum(dialect, column(taken)?));
        }
        Take::ValueOf { field, greatest } => {
            statement
                .expr(column(field)?)
                .and_where(column(greatest)?.is_not_null())
                .order_by_expr(column(greatest)?, Order::Desc)
                .order_by(id(), Order::Desc)
                .limit(1);
        }
        Take::First { preferring } => {
            let preferred = Func::coalesce([column(preferring)?, Expr::val(0i64)]);
            statement
                .expr(Expr::col(id()))
                .order_by_expr(Expr::expr(preferred), Order::Desc)
                .order_by(id(), Order::Asc)
                .limit(1);
        }
        Take::Lines(taken) => {
            statement
                .expr_as(column(taken)?, Alias::new("line"))
                .and_where(column(taken)?.is_not_null())
                .order_by(id(), Order::Asc)
                .limit(ROLLUP_RECORDS_MAX);
            let lines = Func::cust(Alias::new("string_agg")).arg(Expr::col(Alias::new("line"))).arg("\n");
            statement = Query::select().expr(lines).from_subquery(statement, Alias::new("lines")).to_owned();
        }
    }
    Some(SimpleExpr::SubQuery(None, Box::new(statement.into())))
}

/// The records in use that a field of the keeper in the row around it is kept from.
fn of_keeper(keeper: &Section, from: &Section, rollup: &Rollup, by: &FieldSpec) -> SelectStatement {
    let mut statement = Query::select();
    statement
        .from(Alias::new(&from.table))
        .and_where(scope::points_at_row(from, by, keeper))
        .and_where(Expr::col((Alias::new(&from.table), Alias::new("trashed"))).is_null());
    only(&mut statement, from, rollup);
    statement
}

fn only(statement: &mut SelectStatement, from: &Section, rollup: &Rollup) {
    for (key, value) in &rollup.only {
        let Some(field) = from.kept().find(|field| field.key == *key) else { continue };
        let column = Expr::col((Alias::new(&from.table), Alias::new(&field.column)));
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
    keeper: &SectionKey,
    from: &Section,
    field: &FieldSpec,
    owners: &[Record],
) -> Result<Vec<Record>, Error> {
    let Some(rollup) = field.rollup() else { return Ok(Vec::new()) };
    let (Take::Latest(taken) | Take::Earliest(taken)) = &rollup.take else { return Ok(Vec::new()) };
    let (Some(by), Some(taken)) = (from.field(&rollup.by), from.field(taken)) else { return Ok(Vec::new()) };
    let wanted: Vec<(RecordId, i64)> =
        owners.iter().filter_map(|owner| Some((owner.id, owner.value(&field.key).number()?))).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let fields: Vec<&FieldSpec> = from.fields.iter().collect();
    let mut statement = record::select(from, &fields);
    // Joined with a list, the index is asked for each; written as alternatives, SQLite would go over all records.
    let asked = |place: usize| Expr::col((Alias::new("asked"), Alias::new(format!("column{place}"))));
    let own = |column: &str| Expr::col((Alias::new(&from.table), Alias::new(column)));
    let pointing = match by.kind.is_references() {
        true => {
            let mut links = scope::linking(&from.key, by);
            links.and_where(Expr::col((Alias::new("link"), Alias::new("target"))).eq(asked(1)));
            own("id").in_subquery(links)
        }
        false if by.kind == Kind::Record => own(&by.column).eq(scope::naming(keeper, asked(1))),
        false => own(&by.column).eq(asked(1)),
    };
    statement
        .from_values(wanted, Alias::new("asked"))
        .and_where(pointing)
        .and_where(own(&taken.column).eq(asked(2)))
        .and_where(own("trashed").is_null());
    only(&mut statement, from, rollup);
    statement.cond_where(scope::in_scope(from.scope()));
    let rows = conn.select(&statement).await?;
    let mut records = rows.iter().map(|row| record::read(row, &fields)).collect::<Result<Vec<_>, _>>()?;
    record::narrow(conn, from, &mut records).await?;
    Ok(records)
}

/// What these records' rolled up fields ought to hold where they hold something else, for `check`.
pub(crate) async fn faults(
    conn: &mut Conn,
    sections: &[Section],
    section: &Section,
    ids: &[RecordId],
) -> Result<Vec<(RecordId, FieldKey, Value)>, Error> {
    let sources: Vec<(&FieldSpec, &Rollup, &Section)> = section
        .kept()
        .filter_map(|field| {
            let rollup = field.rollup()?;
            let from = sections.iter().find(|from| from.key == rollup.of)?;
            Some((field, rollup, from))
        })
        .collect();
    let mut faults = Vec::new();
    for (record, due) in computed(conn, section, &sources, ids).await? {
        let different = due.into_iter().filter(|(field, value)| record.value(&field.key) != value);
        faults.extend(different.map(|(field, value)| (record.id, field.key.clone(), value)));
    }
    Ok(faults)
}
