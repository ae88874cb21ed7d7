//! What is said of a record belongs to the whole that the record is a part of, and goes with it: a call that was noted on
//! a deal is one with the deal's client, and becomes another client's when the deal does.

use std::collections::{BTreeMap, BTreeSet};

use domain::fields::{FieldSpec, Registry, Section, Target, Value};
use domain::ids::{FieldKey, RecordId, RecordRef, SectionKey};
use sea_query::{Alias, Expr, ExprTrait, Query};

use crate::db::{Conn, Error, PARAMETERS_MAX};
use crate::{record, scope};

/// A section whose records are said of others, and how they come to their whole.
#[derive(Clone, Copy)]
pub(crate) struct Said<'a> {
    registry: &'a Registry,
    pub section: &'a Section,
    pub about: &'a FieldSpec,
    pub whole: &'a FieldSpec,
    to: &'a SectionKey,
}

/// All such sections.
pub(crate) fn all(registry: &Registry) -> impl Iterator<Item = Said<'_>> {
    registry.sections.iter().filter_map(move |section| {
        let (about, whole) = (section.about_field()?, section.whole_field()?);
        let Some(Target::Section(to)) = whole.kind.target() else { return None };
        Some(Said { registry, section, about, whole, to })
    })
}

/// The wholes of records, and the records that the ways to them lead over, these and the wholes included.
#[derive(Default)]
pub(crate) struct Wholes {
    of: BTreeMap<RecordRef, RecordId>,
    pub passed: BTreeSet<RecordRef>,
}

impl Wholes {
    /// As it stands in the field.
    pub fn value(&self, of: &RecordRef) -> Value {
        self.of.get(of).map_or(Value::Empty, |id| Value::Reference(*id))
    }
}

impl<'a> Said<'a> {
    /// The field of this section by which its records come to the whole.
    pub fn way(&self, from: &SectionKey) -> Option<&'a FieldSpec> {
        self.registry.way(from, self.to)
    }

    /// What these records are a part of. `within` knows what the transaction has not written yet.
    pub async fn wholes(
        &self,
        conn: &mut Conn,
        of: BTreeSet<RecordRef>,
        within: impl Fn(&RecordRef, &FieldKey) -> Option<Value>,
    ) -> Result<Wholes, Error> {
        let of: BTreeSet<RecordRef> =
            of.into_iter().filter(|one| self.registry.section(&one.section).is_some()).collect();
        let mut found = Wholes { of: BTreeMap::new(), passed: of.clone() };
        let mut under_way: Vec<(RecordRef, RecordRef)> = of.into_iter().map(|one| (one.clone(), one)).collect();
        // Each step leads to another section.
        for _ in 0..=self.registry.sections.len() {
            let (there, on): (Vec<_>, Vec<_>) = under_way.into_iter().partition(|(_, at)| at.section == *self.to);
            found.of.extend(there.into_iter().map(|(from, at)| (from, at.id)));
            under_way = Vec::new();
            let mut of_section: BTreeMap<SectionKey, Vec<(RecordRef, RecordRef)>> = BTreeMap::new();
            for (from, at) in on {
                of_section.entry(at.section.clone()).or_default().push((from, at));
            }
            for (key, on) in of_section {
                let (Some(section), Some(field)) = (self.registry.section(&key), self.way(&key)) else { continue };
                let Some(Target::Section(to)) = field.kind.target() else { continue };
                let ids: Vec<RecordId> = on.iter().map(|(_, at)| at.id).collect();
                let written = column(conn, section, field, &ids).await?;
                for (from, at) in on {
                    let value = within(&at, &field.key).or_else(|| written.get(&at.id).cloned()).unwrap_or_default();
                    let Some(next) = scope::targets(field, &value).first().map(|id| RecordRef::new(to, *id)) else {
                        continue;
                    };
                    found.passed.insert(next.clone());
                    under_way.push((from, next));
                }
            }
        }
        Ok(found)
    }

    /// The records that are said of these, or of their parts.
    pub async fn of(&self, conn: &mut Conn, mut moved: BTreeSet<RecordRef>) -> Result<BTreeSet<RecordId>, Error> {
        let mut said = BTreeSet::new();
        let mut seen = BTreeSet::new();
        while !moved.is_empty() {
            seen.extend(moved.iter().cloned());
            let named: Vec<String> = moved.iter().map(RecordRef::to_string).collect();
            for some in named.chunks(PARAMETERS_MAX) {
                let mut statement = Query::select();
                statement
                    .column(Alias::new("id"))
                    .from(Alias::new(&self.section.table))
                    .and_where(Expr::col(Alias::new(&self.about.column)).is_in(some.iter().map(String::as_str)));
                for row in conn.select(&statement).await? {
                    said.insert(row.get("id")?);
                }
            }
            moved = self.parts(conn, &moved).await?.into_iter().filter(|part| !seen.contains(part)).collect();
        }
        Ok(said)
    }

    /// The records whose way leads over these.
    async fn parts(&self, conn: &mut Conn, of: &BTreeSet<RecordRef>) -> Result<BTreeSet<RecordRef>, Error> {
        let mut parts = BTreeSet::new();
        for section in self.registry.sections.iter().filter(|section| section.about.is_none()) {
            let Some(field) = self.way(&section.key) else { continue };
            let Some(Target::Section(to)) = field.kind.target() else { continue };
            let ids: Vec<RecordId> = of.iter().filter(|one| one.section == *to).map(|one| one.id).collect();
            for some in ids.chunks(PARAMETERS_MAX) {
                let mut statement = match field.kind.is_references() {
                    true => scope::linking(&section.key, field),
                    false => Query::select()
                        .expr_as(Expr::col(Alias::new("id")), Alias::new("record"))
                        .from(Alias::new(&section.table))
                        .to_owned(),
                };
                let target = if field.kind.is_references() { "target" } else { field.column.as_str() };
                statement.and_where(Expr::col(Alias::new(target)).is_in(some.iter().copied()));
                for row in conn.select(&statement).await? {
                    parts.insert(RecordRef::new(&section.key, row.get("record")?));
                }
            }
        }
        Ok(parts)
    }
}

/// What a field holds, whoever may see the records.
async fn column(
    conn: &mut Conn,
    section: &Section,
    field: &FieldSpec,
    ids: &[RecordId],
) -> Result<BTreeMap<RecordId, Value>, Error> {
    let mut values = BTreeMap::new();
    for some in ids.chunks(PARAMETERS_MAX) {
        let mut statement = record::select(section, &[field]);
        statement.and_where(Expr::col(Alias::new("id")).is_in(some.iter().copied()));
        for row in conn.select(&statement).await? {
            let mut record = record::read(&row, &[field])?;
            values.insert(record.id, record.values.remove(&field.key).unwrap_or_default());
        }
    }
    Ok(values)
}
