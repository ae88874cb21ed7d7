//! A section: as it is declared (`SectionSpec`, the same everywhere), and as the server has it for one reader
//! (`Section`).

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::field::{FieldSpec, PLACES_APART};
use super::kinds::Kind;
use super::rollup::Rollup;
use super::target::Target;
use super::value::Value;
use crate::ids::{FieldKey, RecordId, RecordRef, SectionKey, UserId};
use crate::words::{Forms, Label, Lang};

/// What a section is called and what fields its records have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionSpec {
    pub key: SectionKey,
    pub table: String,
    pub forms: Forms,
    /// The field that names a record; without a value the name is computed from the number.
    pub title: FieldKey,
    /// The fields that `q` looks through.
    pub search: Vec<FieldKey>,
    /// The fields that have a filter in the row until a user chooses others.
    pub row_filters: Vec<FieldKey>,
    /// The reference to the employee whose record it is.
    pub owner: Option<FieldKey>,
    /// The switch that the section belongs to: while it is off, the section is nowhere.
    pub feature: Option<String>,
    /// Shown on the cards of other records only: it has no pages of its own.
    pub inner: bool,
    /// Made by a form of its own on the cards of others, not by the plus.
    pub made_elsewhere: bool,
    /// The reference to the employee who alone changes the record.
    pub author: Option<FieldKey>,
    /// The reference to the records that it is a part of: who may not see any of them does not see it.
    pub part_of: Option<FieldKey>,
    /// What its records are said of, be it in any section (`Kind::Record`). `part_of` then follows it: what is said of
    /// a part of a whole belongs to that whole.
    pub about: Option<FieldKey>,
    /// The choice whose values a record goes through, one after another.
    pub steps: Option<FieldKey>,
    /// Lists that are there from the beginning, as tabs.
    pub views: Vec<ReadyView>,
    /// In their order.
    pub fields: Vec<FieldSpec>,
}

/// A list with a name: what its address says after the question mark. Tabs, the day and counters speak of it by its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadyView {
    pub key: String,
    pub label: Label,
    pub query: String,
    /// Whether its count is a thing to worry about.
    pub alarm: bool,
}

/// A section as the server has it: what is declared, and what of it one reader may see and write. The browser
/// is told the `spec` and the `access`, which say nothing of what the reader may not see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    pub spec: SectionSpec,
    /// What is switched off, or not for the one who asks to see: the system still keeps it.
    pub hidden: Vec<FieldSpec>,
    pub access: Access,
    /// Which records the reader may see, of every section; none of one that is not named.
    pub scopes: Arc<BTreeMap<SectionKey, Scope>>,
    /// What of other sections is kept from these records.
    pub feeds: Vec<Feed>,
}

/// A field of another section that is kept from the records of this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    pub section: Arc<Section>,
    pub field: FieldKey,
}

/// What of a section's fields a reader only reads, and what may not be done to its records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    pub read_only: Vec<FieldKey>,
    pub denied: Vec<Deed>,
}

/// What is done to a whole record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    Create,
    Delete,
    Restore,
}

/// Which records of a section a reader may see. What declares nothing is nobody's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    All,
    /// Those whose owner the user is.
    Own {
        column: String,
        user: UserId,
    },
    /// Those whose `field` points at a record of `table` that the reader may see.
    PartOf {
        section: SectionKey,
        field: Box<FieldSpec>,
        table: String,
        whole: Box<Scope>,
    },
    /// Those that are said of a record that the reader may see, named in `column` of `table`; where none is named,
    /// `otherwise` says it.
    About {
        table: String,
        column: String,
        of: Vec<(SectionKey, String, Scope)>,
        otherwise: Box<Scope>,
    },
    #[default]
    None,
}

impl Access {
    /// Whether the reader may give this field a value: by hand, or by the form that it belongs to.
    pub fn may_write(&self, field: &FieldSpec) -> bool {
        !field.is_by_system() && !self.read_only.contains(&field.key)
    }

    pub fn may(&self, deed: Deed) -> bool {
        !self.denied.contains(&deed)
    }
}

impl From<SectionSpec> for Section {
    /// Fields that have no place yet are numbered as they stand.
    fn from(mut spec: SectionSpec) -> Self {
        for (field, number) in spec.fields.iter_mut().zip(1..) {
            if field.place == 0 {
                field.place = number * PLACES_APART;
            }
        }
        Self { spec, ..Self::default() }
    }
}

impl Deref for Section {
    type Target = SectionSpec;

    fn deref(&self) -> &SectionSpec {
        &self.spec
    }
}

impl DerefMut for Section {
    fn deref_mut(&mut self) -> &mut SectionSpec {
        &mut self.spec
    }
}

impl Section {
    /// All that a record has a column for.
    pub fn kept(&self) -> impl Iterator<Item = &FieldSpec> {
        self.spec.fields.iter().chain(&self.hidden)
    }

    /// Which records the reader may see.
    pub fn scope(&self) -> &Scope {
        self.scope_of(&self.spec.key)
    }

    /// The field that names the record of which its records are said.
    pub fn about_field(&self) -> Option<&FieldSpec> {
        self.kept().find(|field| self.spec.about.as_ref() == Some(&field.key) && field.kind == Kind::Record)
    }

    /// Whether something may be said of its records: they have a card, and are not themselves said of others.
    pub fn can_be_of(&self) -> bool {
        !self.inner && self.spec.about.is_none()
    }

    /// The reference to what its records are a part of.
    pub fn whole_field(&self) -> Option<&FieldSpec> {
        self.kept().find(|field| self.spec.part_of.as_ref() == Some(&field.key))
    }

    /// The same of a section that its fields point at.
    pub fn scope_of(&self, section: &SectionKey) -> &Scope {
        self.scopes.get(section).unwrap_or(&Scope::None)
    }
}

impl Feed {
    pub fn field(&self) -> Option<(&FieldSpec, &Rollup)> {
        let field = self.section.kept().find(|field| field.key == self.field)?;
        Some((field, field.rollup()?))
    }
}

impl SectionSpec {
    /// The field by which this section's records are those of a record of `target`: of a whole, of what else is named,
    /// or of what they are said of.
    pub fn pointing_at(&self, target: &SectionKey) -> Option<&FieldSpec> {
        let leads = |field: &&FieldSpec| matches!(field.kind.target(), Some(Target::Section(to)) if to == target);
        let whole = self.fields.iter().find(|field| self.part_of.as_ref() == Some(&field.key)).filter(leads);
        let about = || self.fields.iter().find(|field| self.about.as_ref() == Some(&field.key));
        whole.or_else(|| self.fields.iter().find(leads)).or_else(about)
    }

    /// The same as it is typed: `client` and `17`, or `about` and `deals.5`.
    pub fn pointing(&self, at: &RecordRef) -> Option<(FieldKey, String)> {
        let field = self.pointing_at(&at.section)?;
        Some((field.key.clone(), if field.kind == Kind::Record { at.to_string() } else { at.id.to_string() }))
    }

    /// Fields that show this section's records on the card of `target`.
    pub fn links_to<'a>(&'a self, target: &'a SectionKey) -> impl Iterator<Item = &'a FieldSpec> {
        self.fields.iter().filter(move |field| matches!(field.kind.target(), Some(Target::Section(to)) if to == target))
    }

    pub fn field(&self, key: &FieldKey) -> Option<&FieldSpec> {
        self.fields.iter().find(|field| field.key == *key)
    }

    pub fn field_named(&self, key: &str) -> Option<&FieldSpec> {
        self.fields.iter().find(|field| field.key.as_str() == key)
    }

    /// A field that lists have: as a column, a filter, an order.
    pub fn listed_field(&self, key: &str) -> Option<&FieldSpec> {
        self.field_named(key).filter(|field| !field.internal)
    }

    /// What the address of a ready list says.
    pub fn view(&self, key: &str) -> Option<&str> {
        self.views.iter().find(|view| view.key == key).map(|view| view.query.as_str())
    }

    pub fn default_columns(&self) -> Vec<FieldKey> {
        self.fields.iter().filter(|field| field.in_table).map(|field| field.key.clone()).collect()
    }

    /// The record's name: the one it was given, else the automatic one («Клиент № 17»).
    pub fn title_of(&self, name: &Value, id: RecordId, lang: Lang) -> String {
        match name.text() {
            Some(name) => name.to_string(),
            None => self.forms.automatic_name(id, lang),
        }
    }
}
