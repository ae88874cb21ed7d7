//! All sections of the system, as the server has them.

use super::section::{Feed, Section, SectionSpec};
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
