//! All sections of the system, as the server has them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::field::FieldSpec;
use super::section::{Feed, Section, SectionSpec};
use super::target::Target;
use crate::ids::{FieldKey, SectionKey};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registry {
    /// Raised by every change of what is declared; every write compares it.
    pub version: i64,
    pub sections: Vec<Section>,
    /// What every section that the owner makes begins with.
    pub template: SectionSpec,
}

impl Registry {
    /// The sections that the program brings along.
    pub fn built_in(sections: Vec<SectionSpec>, template: SectionSpec) -> Self {
        Self { version: 0, sections: sections.into_iter().map(Section::from).collect(), template }
    }

    pub fn section(&self, key: &SectionKey) -> Option<&Section> {
        self.sections.iter().find(|section| section.key == *key)
    }

    /// The reference by which records of a section come to the records of `to` that they are a part of, directly or over
    /// other sections: what is declared, or else the first that leads there.
    pub fn way(&self, from: &SectionKey, to: &SectionKey) -> Option<&FieldSpec> {
        self.way_over(from, to, self.sections.len())
    }

    fn way_over(&self, from: &SectionKey, to: &SectionKey, steps_max: usize) -> Option<&FieldSpec> {
        let section = self.section(from).filter(|_| steps_max > 0 && from != to)?;
        let leads = |field: &&FieldSpec| match field.kind.target() {
            Some(Target::Section(next)) => next == to || self.way_over(next, to, steps_max - 1).is_some(),
            _ => false,
        };
        match section.whole_field() {
            Some(whole) => Some(whole).filter(leads),
            None => section
                .kept()
                .filter(|field| !field.is_by_system())
                .find(|field| matches!(field.kind.target(), Some(Target::Section(next)) if next == to)),
        }
    }

    /// Tells every section what other sections keep from its records, and what others again keep from those.
    pub fn connect(&mut self) {
        let mut ready: BTreeMap<SectionKey, Arc<Section>> = BTreeMap::new();
        for section in &self.sections {
            self.fed(section, &mut ready, &mut Vec::new());
        }
        for section in &mut self.sections {
            if let Some(fed) = ready.get(&section.key) {
                section.feeds = fed.feeds.clone();
            }
        }
    }

    /// A section with its feeds. Those who keep something of it come first; `above` are under way.
    fn fed(
        &self,
        section: &Section,
        ready: &mut BTreeMap<SectionKey, Arc<Section>>,
        above: &mut Vec<SectionKey>,
    ) -> Arc<Section> {
        if let Some(fed) = ready.get(&section.key) {
            return fed.clone();
        }
        above.push(section.key.clone());
        let mut feeds = Vec::new();
        // A circle is refused at start; here it must end.
        for keeper in self.sections.iter().filter(|keeper| !above.contains(&keeper.key)).collect::<Vec<_>>() {
            let kept = keeper.kept().filter(|field| field.rollup().is_some_and(|rollup| rollup.of == section.key));
            let fields: Vec<FieldKey> = kept.map(|field| field.key.clone()).collect();
            if !fields.is_empty() {
                let keeper = self.fed(keeper, ready, above);
                feeds.extend(fields.into_iter().map(|field| Feed { section: keeper.clone(), field }));
            }
        }
        above.pop();
        let fed = Arc::new(Section { feeds, ..section.clone() });
        ready.insert(section.key.clone(), fed.clone());
        fed
    }

    /// A section that keeps something from itself, over other sections: nobody could say what to compute first.
    pub fn feeding_circle(&self) -> Option<&SectionKey> {
        let sources = |key: &SectionKey| -> Vec<SectionKey> {
            let section = self.section(key).into_iter();
            section.flat_map(Section::kept).filter_map(|field| Some(field.rollup()?.of.clone())).collect()
        };
        self.sections.iter().map(|section| &section.key).find(|key| {
            let (mut seen, mut next) = (Vec::new(), sources(key));
            while let Some(of) = next.pop() {
                if !seen.contains(&of) {
                    next.extend(sources(&of));
                    seen.push(of);
                }
            }
            seen.contains(key)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::{Integer, Kind, Rollup, Take};
    use crate::words::Label;

    fn section(key: &'static str, to: &[&'static str], part: bool) -> SectionSpec {
        let key = SectionKey::built_in(key);
        let fields: Vec<FieldSpec> = to.iter().map(|to| FieldSpec::record(to, to, Label::new("", ""))).collect();
        let part_of = fields.first().filter(|_| part).map(|field| field.key.clone());
        SectionSpec { key, part_of, fields, ..SectionSpec::default() }
    }

    #[test]
    fn what_is_kept_from_what_is_kept_is_known_to_the_first_source() {
        let keeps = |key: &'static str, of: &'static str| {
            let rollup = Rollup::new(of, "whole", Take::Count);
            let field = FieldSpec::new("count", Kind::Integer(Integer::ANY), Label::new("", "")).rolled_up(rollup);
            SectionSpec { key: SectionKey::built_in(key), fields: vec![field], ..SectionSpec::default() }
        };
        let lines = SectionSpec { key: "lines".into(), ..SectionSpec::default() };
        let sections = vec![keeps("clients", "orders"), lines, keeps("orders", "lines")];
        let mut registry = Registry::built_in(sections, SectionSpec::default());
        assert_eq!(registry.feeding_circle(), None);
        registry.connect();
        let orders = &registry.section(&"lines".into()).expect("lines").feeds[0].section;
        let clients = &orders.feeds[0].section;
        assert_eq!((orders.key.as_str(), clients.key.as_str()), ("orders", "clients"));
        assert_eq!(registry.section(&"orders".into()).expect("orders").feeds.len(), 1);

        let mut circle = Registry::built_in(vec![keeps("a", "b"), keeps("b", "a")], SectionSpec::default());
        assert_eq!(circle.feeding_circle(), Some(&"a".into()));
        circle.connect();
    }

    #[test]
    fn a_way_leads_over_what_a_record_is_a_part_of() {
        let sections = vec![
            section("clients", &[], false),
            section("orders", &["clients"], true),
            section("lines", &["orders", "goods"], true),
            section("goods", &["clients"], false),
            section("eggs", &["hens"], true),
            section("hens", &["eggs"], true),
        ];
        let registry = Registry::built_in(sections, SectionSpec::default());
        let way = |from: &'static str| {
            let found = registry.way(&SectionKey::built_in(from), &SectionKey::built_in("clients"));
            found.map(|field| field.key.to_string())
        };
        assert_eq!(way("orders").as_deref(), Some("clients"));
        assert_eq!(way("lines").as_deref(), Some("orders"), "over the order");
        assert_eq!(way("goods").as_deref(), Some("clients"), "it is a part of nothing, but it names one");
        assert_eq!((way("clients"), way("eggs"), way("none")), (None, None, None));
    }
}
