//! What every page knows: who is signed in, the language, the sections. The server writes it into the
//! page once; the browser reads it from there, so both begin with the same.

#[cfg(feature = "ssr")]
mod beginning;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::fields::{Access, SectionSpec};
use domain::ids::{FieldKey, RecordRef, SectionKey};
use domain::rights::Role;
use domain::words::{Lang, Word};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::appearance::{Theme, UserView};
use crate::counters::Counters;
use crate::progress::Progress;
use crate::ui::Person;

#[cfg(feature = "ssr")]
pub use beginning::Beginning;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    pub user: Option<SignedIn>,
    pub lang: Lang,
    /// The sections that the user sees, as they are declared.
    pub sections: Vec<SectionSpec>,
    /// What of each the user only reads.
    pub access: BTreeMap<SectionKey, Access>,
    pub views: BTreeMap<SectionKey, UserView>,
    /// Employees to choose from.
    pub people: Vec<Person>,
    /// What the user has under way.
    pub job: Option<Progress>,
    pub counters: Counters,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    pub person: Person,
    pub login: String,
    pub role: Role,
    pub zone: String,
    pub theme: Theme,
}

/// The id of the element that carries it.
pub const ELEMENT: &str = "frame";

impl Frame {
    pub fn section(&self, key: &str) -> Option<&SectionSpec> {
        self.sections.iter().find(|section| section.key.as_str() == key)
    }

    /// What the user may write in a section.
    pub fn access(&self, section: &SectionKey) -> Access {
        self.access.get(section).cloned().unwrap_or_default()
    }

    /// What a section calls many and one of its records.
    pub fn names_of(&self, key: &str) -> (String, String) {
        let forms = self.section(key).map(|section| section.forms.clone()).unwrap_or_default();
        (forms.many.get(self.lang).to_string(), forms.one.get(self.lang).to_string())
    }

    /// For the page: JSON that cannot end its element.
    #[cfg(feature = "ssr")]
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default().replace('<', "\\u003c")
    }

    #[cfg(feature = "hydrate")]
    fn read() -> Option<Self> {
        let text = document().get_element_by_id(ELEMENT)?.text_content()?;
        serde_json::from_str(&text).ok()
    }
}

impl Default for Frame {
    fn default() -> Self {
        Self {
            user: None,
            lang: Lang::Ru,
            sections: Vec::new(),
            access: BTreeMap::new(),
            views: BTreeMap::new(),
            people: Vec::new(),
            job: None,
            counters: Counters::default(),
        }
    }
}

/// Puts the frame where `frame()` finds it: from the request, or from the page.
pub fn provide_frame() {
    #[cfg(feature = "hydrate")]
    provide_context(Arc::new(Frame::read().unwrap_or_default()));
}

pub fn frame() -> Arc<Frame> {
    use_context::<Arc<Frame>>().unwrap_or_default()
}

/// What a form of a section sends along, so that what it makes is said of this record.
pub fn pointing(section: &str, at: &RecordRef) -> Vec<(FieldKey, String)> {
    frame().section(section).and_then(|section| section.pointing(at)).into_iter().collect()
}

/// The user's word for a thing.
pub fn word(word: Word) -> &'static str {
    word.text(frame().lang)
}
