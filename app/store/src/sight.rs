//! What a reader may not see is in nothing that a reader gets: neither what a record refers to out of sight, nor
//! that it does.

use std::collections::{BTreeMap, BTreeSet};

use domain::change::{Change, ChangeKind};
use domain::fields::kinds::references;
use domain::fields::{FieldSpec, Scope, Section, Target, Value};
use domain::ids::{FieldKey, RecordId, SectionKey};
use sea_query::{Alias, Expr, ExprTrait, Query, SimpleExpr};

use crate::db::{Conn, Error};
use crate::scope::{self, targets};

/// Where a field leads, of which the reader does not see all.
pub(crate) fn leads_out<'s>(section: &'s Section, field: &'s FieldSpec) -> Option<(&'s SectionKey, &'s Scope)> {
    let Some(Target::Section(to)) = field.kind.target() else { return None };
    let scope = section.scope_of(to);
    (*scope != Scope::All).then_some((to, scope))
}

/// The column of a reference that leads out, as the reader has it: empty where the record is out of sight.
pub(crate) fn column(section: &Section, field: &FieldSpec, column: SimpleExpr) -> SimpleExpr {
    let Some((to, scope)) = leads_out(section, field) else { return column };
    // What a record is a part of is seen with it, unless it is by something else that the record is seen.
    let is_whole = section.part_of.as_ref() == Some(&field.key) && section.about.is_none();
    if field.kind.is_references() || is_whole {
        return column;
    }
    Expr::case(column.clone().in_subquery(records(to, scope)), column).into()
}

/// That one of a record's references, of those that the reader sees, is this one; any of them without a number.
pub(crate) fn points_at(section: &Section, field: &FieldSpec, target: Option<RecordId>) -> SimpleExpr {
    let mut links = scope::linking(&section.key, field);
    if let Some(target) = target {
        links.and_where(Expr::col(Alias::new("target")).eq(target));
    }
    if let Some((to, scope)) = leads_out(section, field) {
        links.and_where(Expr::col(Alias::new("target")).in_subquery(records(to, scope)));
    }
    Expr::col(Alias::new("id")).in_subquery(links)
}

/// Whether the reader sees the record that a field is asked for.
pub(crate) fn sees(section: &Section, field: &FieldSpec, id: RecordId) -> Option<SimpleExpr> {
    let (to, scope) = leads_out(section, field)?;
    let mut seen = records(to, scope);
    seen.and_where(Expr::col(Alias::new("id")).eq(id));
    Some(Expr::exists(seen))
}

fn records(section: &SectionKey, scope: &Scope) -> sea_query::SelectStatement {
    Query::select()
        .column(Alias::new("id"))
        .from(Alias::new(scope::table(section)))
        .cond_where(scope::in_scope(scope))
        .to_owned()
}

/// Takes out of records' values what they refer to out of sight.
pub(crate) async fn narrow_values(
    conn: &mut Conn,
    section: &Section,
    records: Vec<&mut BTreeMap<FieldKey, Value>>,
) -> Result<(), Error> {
    let values = records.iter().flat_map(|values| values.iter());
    let Some(seen) = Seen::find(conn, section, values).await? else { return Ok(()) };
    for values in records {
        for (key, value) in values {
            seen.narrow(key, value);
        }
    }
    Ok(())
}

/// The same of changes; of one that moved nothing that is seen nothing is left.
pub(crate) async fn narrow_changes(conn: &mut Conn, section: &Section, changes: &mut Vec<Change>) -> Result<(), Error> {
    let values = || {
        let fields = changes.iter().flat_map(|change| &change.fields);
        fields.flat_map(|(key, difference)| [(key, &difference.old), (key, &difference.new)])
    };
    let Some(seen) = Seen::find(conn, section, values()).await? else { return Ok(()) };
    for change in &mut *changes {
        change.fields.retain(|key, difference| {
            let moved = seen.narrow(key, &mut difference.old) | seen.narrow(key, &mut difference.new);
            !moved || difference.old != difference.new
        });
    }
    changes.retain(|change| change.kind != ChangeKind::Update || !change.fields.is_empty());
    Ok(())
}

/// Of the references that lead out, the records that the reader sees.
struct Seen<'s> {
    fields: BTreeMap<&'s FieldKey, (&'s FieldSpec, &'s SectionKey)>,
    records: BTreeMap<&'s SectionKey, BTreeSet<RecordId>>,
}

impl<'s> Seen<'s> {
    /// `None` where no field leads out.
    async fn find<'v>(
        conn: &mut Conn,
        section: &'s Section,
        values: impl Iterator<Item = (&'v FieldKey, &'v Value)>,
    ) -> Result<Option<Self>, Error> {
        let mut fields = BTreeMap::new();
        let mut asked: BTreeMap<&SectionKey, (&Scope, BTreeSet<RecordId>)> = BTreeMap::new();
        for field in &section.fields {
            let Some((to, scope)) = leads_out(section, field) else { continue };
            fields.insert(&field.key, (field, to));
            asked.insert(to, (scope, BTreeSet::new()));
        }
        if fields.is_empty() {
            return Ok(None);
        }
        for (key, value) in values {
            let Some((field, to)) = fields.get(key) else { continue };
            if let Some((_, ids)) = asked.get_mut(to) {
                ids.extend(targets(field, value));
            }
        }
        let mut records = BTreeMap::new();
        for (to, (scope, ids)) in asked {
            let ids: Vec<RecordId> = ids.into_iter().collect();
            records.insert(to, scope::in_sight(conn, to, scope, &ids).await?);
        }
        Ok(Some(Self { fields, records }))
    }

    /// Whether anything was taken out.
    fn narrow(&self, key: &FieldKey, value: &mut Value) -> bool {
        let Some((field, to)) = self.fields.get(key) else { return false };
        let targets = targets(field, value);
        let is_seen = |id: &RecordId| self.records.get(to).is_some_and(|seen| seen.contains(id));
        if targets.iter().all(is_seen) {
            return false;
        }
        *value = match field.kind.is_references() {
            true => references::value(targets.into_iter().filter(is_seen).collect()),
            false => Value::Empty,
        };
        true
    }
}
