//! All sections of the system, as the server has them.

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

    /// Tells every section what other sections keep from its records.
    pub fn connect(&mut self) {
        let mut feeds: Vec<(SectionKey, Feed)> = Vec::new();
        for section in &self.sections {
            let rolled = section.kept().filter_map(|field| Some((field, field.rollup()?)));
            let rolled: Vec<(FieldKey, SectionKey)> =
                rolled.map(|(field, rollup)| (field.key.clone(), rollup.of.clone())).collect();
            if rolled.is_empty() {
                continue;
            }
            let whole = std::sync::Arc::new(section.clone());
            feeds.extend(rolled.into_iter().map(|(field, of)| (of, Feed { section: whole.clone(), field })));
        }
        for section in &mut self.sections {
            let own = feeds.iter().filter(|(of, _)| *of == section.key).map(|(_, feed)| feed.clone());
            section.feeds = own.collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Label;

    fn section(key: &'static str, to: &[&'static str], part: bool) -> SectionSpec {
        let key = SectionKey::built_in(key);
        let fields: Vec<FieldSpec> = to.iter().map(|to| FieldSpec::record(to, to, Label::new("", ""))).collect();
        let part_of = fields.first().filter(|_| part).map(|field| field.key.clone());
        SectionSpec { key, part_of, fields, ..SectionSpec::default() }
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
