//! The system as one reader may see it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::fields::{Access, Computed, FieldSpec, ReadyView, Registry, Rollup, Scope, Section, SectionSpec, Target};
use crate::ids::{FieldKey, SectionKey, UserId};
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
                if let Some(recency) = &mut field.recency {
                    recency.days.take_if(|days| !seen.contains(days));
                    recency.tried.take_if(|(tried, _)| !seen.contains(tried));
                }
            }
            section.search.retain(|key| seen.contains(key));
            section.row_filters.retain(|key| seen.contains(key));
            let views = std::mem::take(&mut section.views);
            section.views = views.into_iter().filter(|view| view.is_whole(section)).collect();
        }
        let scopes = match actor.limits.own_records_only {
            false => everything(&sections),
            true => own_records(&sections, actor.id),
        };
        give(&mut sections, scopes);
        Self { version: self.version, sections, template: self.template.clone() }
    }

    /// As the system itself sees it: every record.
    pub fn uncut(mut self) -> Self {
        let scopes = everything(&self.sections);
        give(&mut self.sections, scopes);
        self
    }

    /// A section that is, over other sections, a part of itself: nobody could say whose its records are.
    pub fn circle(&self) -> Option<&SectionKey> {
        self.sections.iter().map(|section| &section.key).find(|key| {
            let mut above = Vec::new();
            let mut next = whole_of(&self.sections, key);
            while let Some((whole, _)) = next {
                if above.contains(&&whole.key) {
                    break;
                }
                above.push(&whole.key);
                next = whole_of(&self.sections, &whole.key);
            }
            above.contains(key)
        })
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
    cut.access = Access {
        read_only: read_only.map(|field| field.key.clone()).collect(),
        denied: actor.limits.denies(&section.key).collect(),
    };
    cut.fields = seen;
    cut.hidden.extend(hidden);
    cut
}

/// What is kept from a hidden field is hidden, and what is kept from that.
fn hide_what_is_kept_from_hidden(sections: &mut [Section]) {
    loop {
        let seen: Vec<(SectionKey, Vec<FieldKey>)> = sections
            .iter()
            .map(|section| (section.key.clone(), section.fields.iter().map(|field| field.key.clone()).collect()))
            .collect();
        let mut found = false;
        for section in &mut *sections {
            let key = section.key.clone();
            let is_open = |field: &FieldSpec| {
                let seen_of = |section: &SectionKey| {
                    seen.iter()
                        .find(|(other, _)| other == section)
                        .map(|(_, fields)| fields.as_slice())
                        .unwrap_or_default()
                };
                let whole = |rollup: &Rollup| rollup.reads().all(|key| seen_of(&rollup.of).contains(key));
                let own = |computed: &Computed| seen_of(&key).contains(computed.of());
                field.rollup().is_none_or(whole) && field.computed_from().is_none_or(own)
            };
            let (open, closed): (Vec<_>, Vec<_>) = std::mem::take(&mut section.fields).into_iter().partition(is_open);
            section.fields = open;
            found |= !closed.is_empty();
            section.hidden.extend(closed);
        }
        if !found {
            return;
        }
    }
}

fn give(sections: &mut [Section], scopes: BTreeMap<SectionKey, Scope>) {
    let scopes = Arc::new(scopes);
    for section in sections {
        section.scopes = scopes.clone();
    }
}

fn everything(sections: &[Section]) -> BTreeMap<SectionKey, Scope> {
    sections.iter().map(|section| (section.key.clone(), Scope::All)).collect()
}

/// The records that are the user's, and the parts of them, and the parts of those.
fn own_records(sections: &[Section], user: UserId) -> BTreeMap<SectionKey, Scope> {
    sections.iter().map(|section| (section.key.clone(), own(sections, section, user, &mut Vec::new()))).collect()
}

/// What is a part of something is seen with it, whoever's it is itself.
fn own<'s>(sections: &'s [Section], section: &'s Section, user: UserId, below: &mut Vec<&'s SectionKey>) -> Scope {
    if below.contains(&&section.key) {
        return Scope::None;
    }
    below.push(&section.key);
    if section.part_of.is_some() {
        let part = match whole_of(sections, &section.key) {
            Some((whole, field)) => Scope::PartOf {
                section: section.key.clone(),
                field: Box::new(field.clone()),
                table: whole.table.clone(),
                whole: Box::new(own(sections, whole, user, &mut below.clone())),
            },
            None => Scope::None,
        };
        let Some(about) = section.about_field() else { return part };
        let of = sections.iter().filter(|of| of.can_be_of());
        return Scope::About {
            table: section.table.clone(),
            column: about.column.clone(),
            of: of.map(|of| (of.key.clone(), of.table.clone(), own(sections, of, user, &mut below.clone()))).collect(),
            otherwise: Box::new(part),
        };
    }
    match section.owner.as_ref().and_then(|owner| kept(section, owner)) {
        Some(owner) => Scope::Own { column: owner.column.clone(), user },
        None => Scope::None,
    }
}

/// What a section's records are parts of, and the reference that says so.
fn whole_of<'s>(sections: &'s [Section], key: &SectionKey) -> Option<(&'s Section, &'s FieldSpec)> {
    let section = sections.iter().find(|section| section.key == *key)?;
    let field = kept(section, section.part_of.as_ref()?)?;
    let Some(Target::Section(to)) = field.kind.target() else { return None };
    Some((sections.iter().find(|whole| whole.key == *to)?, field))
}

/// Also where nobody sees the field: hiding it must not open anything.
fn kept<'s>(section: &'s Section, key: &FieldKey) -> Option<&'s FieldSpec> {
    section.kept().find(|field| field.key == *key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::{Kind, Recency};
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
                FieldSpec::new("last", Kind::Instant, label()).recent(Recency::new(label(), label()).days("code")),
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
        assert_eq!((&all.spec, all.scope()), (&things().sections[0].spec, &Scope::All));
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
        let recency = cut.field_named("last").and_then(|field| field.recency.as_ref()).expect("still recent");
        assert_eq!(recency.days, None);
        assert!(!sent.contains("code") && cut.kept().any(|field| field.key.as_str() == "code"), "{sent}");
    }

    #[test]
    fn hiding_the_owner_opens_nothing() {
        let hidden = vec![("things".to_string(), "who".to_string())];
        let cut = cut(Limits { own_records_only: true, hidden, ..Limits::default() });
        assert_eq!(cut.scope(), &Scope::Own { column: "who".into(), user: 7 });
    }

    fn part(key: &str, of: &str) -> SectionSpec {
        let whole = FieldSpec::new("whole", Kind::Reference(Target::Section(of.into())), Label::new("", ""));
        SectionSpec {
            key: key.into(),
            table: key.to_string(),
            part_of: Some("whole".into()),
            fields: vec![whole],
            ..SectionSpec::default()
        }
    }

    fn own_only(sections: Vec<SectionSpec>) -> Registry {
        let limits = Limits { own_records_only: true, ..Limits::default() };
        let registry = Registry::built_in(sections, SectionSpec::default());
        registry.cut(&Actor { id: 7, role: Role::Manager, limits })
    }

    #[test]
    fn a_part_of_a_part_is_seen_with_the_whole() {
        let registry =
            own_only(vec![part("lines", "orders"), part("orders", "things"), things().sections[0].spec.clone()]);
        let Scope::PartOf { table, whole, .. } = registry.sections[0].scope() else {
            panic!("not closed to the whole")
        };
        assert_eq!(table, "orders");
        let Scope::PartOf { table, whole, .. } = whole.as_ref() else { panic!("the whole is open") };
        assert_eq!((table.as_str(), whole.as_ref()), ("things", &Scope::Own { column: "who".into(), user: 7 }));
    }

    #[test]
    fn what_is_said_of_any_record_is_seen_with_it() {
        let mut notes = part("notes", "things");
        notes.about = Some("of".into());
        notes.fields.push(FieldSpec::new("of", Kind::Record, Label::new("", "")));
        let registry = own_only(vec![things().sections[0].spec.clone(), part("orders", "things"), notes]);
        let Scope::About { column, of, otherwise, .. } = registry.sections[2].scope() else {
            panic!("not by what it is of")
        };
        let keys: Vec<&str> = of.iter().map(|(key, _, _)| key.as_str()).collect();
        assert_eq!((column.as_str(), keys), ("of", vec!["things", "orders"]), "and not of other such ones");
        assert!(matches!(of[1].2, Scope::PartOf { .. }) && matches!(**otherwise, Scope::PartOf { .. }));
    }

    #[test]
    fn what_declares_nothing_is_nobodys() {
        let nothing = SectionSpec { key: "notices".into(), ..SectionSpec::default() };
        let registry = own_only(vec![nothing.clone(), part("lines", "notices"), part("lost", "gone")]);
        assert_eq!(registry.sections[0].scope(), &Scope::None);
        assert!(matches!(registry.sections[1].scope(), Scope::PartOf { whole, .. } if **whole == Scope::None));
        assert_eq!(registry.sections[2].scope(), &Scope::None, "a part of what is not there");
        assert_eq!(Section::from(nothing).scope(), &Scope::None, "before anybody has asked for it");
    }

    #[test]
    fn a_circle_is_found_and_closed() {
        let circle = vec![part("eggs", "hens"), part("hens", "eggs"), part("boxes", "eggs")];
        let registry = Registry::built_in(circle.clone(), SectionSpec::default());
        assert_eq!(registry.circle(), Some(&"eggs".into()));
        assert_eq!(things().circle(), None);
        for section in &own_only(circle).sections {
            let mut scope = section.scope();
            while let Scope::PartOf { whole, .. } = scope {
                scope = whole;
            }
            assert_eq!(scope, &Scope::None);
        }
    }
}
