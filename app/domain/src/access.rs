//! The system as one reader may see it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::fields::{Access, FieldSpec, ReadyView, Registry, Scope, Section, SectionSpec, Target};
use crate::ids::{FieldKey, SectionKey};
use crate::list::{ListQuery, pairs};
use crate::rights::Actor;

impl Registry {
    /// The system as this actor may see it: every condition, form, column and history is made from this,
    /// so that what is cut off here cannot be filtered, sorted, searched, exported or read.
    pub fn cut(&self, actor: &Actor) -> Self {
        let mut sections: Vec<Section> = self.sections.iter().map(|section| cut_section(section, actor)).collect();
        hide_what_is_kept_from_hidden(&mut sections);
        for section in &mut sections {
            // What only others may see is not named to this reader.
            let seen: Vec<FieldKey> = section.fields.iter().map(|field| field.key.clone()).collect();
            for field in &mut section.fields {
                field.also.retain(|key| seen.contains(key));
            }
            section.search.retain(|key| seen.contains(key));
            section.row_filters.retain(|key| seen.contains(key));
            let views = std::mem::take(&mut section.views);
            section.views = views.into_iter().filter(|view| view.is_whole(section)).collect();
        }
        let scopes = Arc::new(scopes(&sections, actor));
        for section in &mut sections {
            section.scopes = scopes.clone();
        }
        Self { version: self.version, sections, template: self.template.clone() }
    }
}

impl ReadyView {
    /// Whether all that it asks is there.
    pub fn is_whole(&self, section: &SectionSpec) -> bool {
        ListQuery::parse(section, &pairs(&self.query)).1.is_empty()
    }
}

fn cut_section(section: &Section, actor: &Actor) -> Section {
    let mut cut = section.clone();
    let (hidden, seen): (Vec<_>, Vec<_>) =
        std::mem::take(&mut cut.fields).into_iter().partition(|field| actor.limits.hides(&section.key, &field.key));
    let read_only = seen.iter().filter(|field| actor.limits.read_only(&section.key, &field.key));
    cut.access = Access { read_only: read_only.map(|field| field.key.clone()).collect() };
    cut.fields = seen;
    cut.hidden.extend(hidden);
    cut
}

/// What is kept from a hidden field is hidden.
fn hide_what_is_kept_from_hidden(sections: &mut [Section]) {
    let seen: Vec<(SectionKey, Vec<FieldKey>)> = sections
        .iter()
        .map(|section| (section.key.clone(), section.fields.iter().map(|field| field.key.clone()).collect()))
        .collect();
    for section in sections {
        let is_open = |field: &FieldSpec| {
            field.rollup().is_none_or(|rollup| {
                let fields = seen.iter().find(|(key, _)| *key == rollup.of).map(|(_, fields)| fields);
                fields.is_some_and(|fields| rollup.reads().all(|key| fields.contains(key)))
            })
        };
        let (open, closed): (Vec<_>, Vec<_>) = std::mem::take(&mut section.fields).into_iter().partition(is_open);
        section.fields = open;
        section.hidden.extend(closed);
    }
}

/// Whose records alone the actor may see, of every section where it is not all.
fn scopes(sections: &[Section], actor: &Actor) -> BTreeMap<SectionKey, Scope> {
    let kept = |section: &Section, key: &Option<FieldKey>| -> Option<FieldSpec> {
        let key = key.as_ref()?;
        section.kept().find(|field| field.key == *key).cloned()
    };
    // The owner counts also where nobody sees the field: hiding it must not open anything.
    let owned: BTreeMap<SectionKey, (String, String)> = sections
        .iter()
        .filter(|_| actor.limits.own_records_only)
        .filter_map(|section| {
            Some((section.key.clone(), (section.table.clone(), kept(section, &section.owner)?.column)))
        })
        .collect();
    let mut scopes: BTreeMap<SectionKey, Scope> = owned
        .iter()
        .map(|(key, (_, column))| (key.clone(), Scope::Own { column: column.clone(), user: actor.id }))
        .collect();
    for section in sections {
        let Some(field) = kept(section, &section.part_of) else { continue };
        let Some(Target::Section(to)) = field.kind.target() else { continue };
        let Some((table, owner)) = owned.get(to) else { continue };
        let (table, owner) = (table.clone(), owner.clone());
        let part = Scope::PartOf { section: section.key.clone(), field: Box::new(field), table, owner, user: actor.id };
        scopes.insert(section.key.clone(), part);
    }
    scopes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::Kind;
    use crate::rights::{Limits, Role};
    use crate::words::Label;

    fn things() -> Registry {
        let label = || Label::new("", "");
        let spec = SectionSpec {
            key: "things".into(),
            table: "things".into(),
            owner: Some("who".into()),
            fields: vec![
                FieldSpec::new("name", Kind::Text, label()).also(&["code"]),
                FieldSpec::new("code", Kind::Text, label()),
                FieldSpec::employee("who", label()),
            ],
            ..SectionSpec::default()
        };
        Registry::built_in(vec![spec], SectionSpec::default())
    }

    fn cut(limits: Limits) -> Section {
        things().cut(&Actor { id: 7, role: Role::Manager, limits }).sections.remove(0)
    }

    #[test]
    fn what_a_reader_may_do_stands_beside_what_is_declared() {
        let all = cut(Limits::default());
        assert_eq!((&all.spec, all.scope()), (&things().sections[0].spec, None));
        let limits = Limits { read_only: vec![("things".into(), "name".into())], ..Limits::default() };
        let cut = cut(limits);
        assert_eq!(cut.spec, all.spec, "declared for everybody alike");
        let name = cut.field_named("name").expect("a field");
        assert!(!cut.access.may_write(name) && all.access.may_write(name));
    }

    #[test]
    fn a_hidden_field_is_named_nowhere_in_what_is_sent() {
        let limits = Limits { hidden: vec![("things".into(), "code".into())], ..Limits::default() };
        let cut = cut(limits);
        let sent = serde_json::to_string(&(&cut.spec, &cut.access)).expect("JSON");
        assert!(!sent.contains("code") && cut.kept().any(|field| field.key.as_str() == "code"), "{sent}");
    }

    #[test]
    fn hiding_the_owner_opens_nothing() {
        let hidden = vec![("things".to_string(), "who".to_string())];
        let cut = cut(Limits { own_records_only: true, hidden, ..Limits::default() });
        assert_eq!(cut.scope(), Some(&Scope::Own { column: "who".into(), user: 7 }));
    }
}
