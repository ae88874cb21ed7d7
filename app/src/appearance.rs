//! How a user looks at a section, and at everything.

use domain::fields::SectionSpec;
use domain::ids::FieldKey;
use domain::list::{ListQuery, Shown};
use serde::{Deserialize, Serialize};

/// What is remembered of a section's table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserView {
    /// The section's own columns when `None`.
    pub columns: Option<Vec<Shown>>,
    pub dense: bool,
    /// Fields that have a filter in the row; the section's own when `None`.
    pub pinned: Option<Vec<FieldKey>>,
}

impl UserView {
    /// The columns of a list: from the address, else the remembered ones, else the section's own. The number and
    /// the name are always there, and come first.
    pub fn columns(&self, section: &SectionSpec, query: &ListQuery) -> Vec<Shown> {
        let chosen = match (&query.columns, &self.columns) {
            (Some(columns), _) | (None, Some(columns)) => columns.clone(),
            (None, None) => section.default_columns().iter().map(Shown::of).collect(),
        };
        let always: Vec<&FieldKey> = section.fields.iter().filter(|f| stays(section, &f.key)).map(|f| &f.key).collect();
        let first = always.iter().map(|key| {
            let own = chosen.iter().find(|shown| shown.field == **key);
            own.cloned().unwrap_or_else(|| Shown::of(key))
        });
        let rest =
            chosen.iter().filter(|shown| !always.contains(&&shown.field) && section.field(&shown.field).is_some());
        first.chain(rest.cloned()).collect()
    }

    /// The fields that have a filter in the row.
    pub fn row_filters(&self, section: &SectionSpec) -> Vec<FieldKey> {
        let keys = match &self.pinned {
            Some(pinned) => pinned.clone(),
            None if section.row_filters.is_empty() => section.search.iter().chain(&section.owner).cloned().collect(),
            None => section.row_filters.clone(),
        };
        keys.into_iter().filter(|key| section.field(key).is_some()).collect()
    }
}

/// Whether a column cannot be hidden or moved: the number and the name.
pub fn stays(section: &SectionSpec, field: &FieldKey) -> bool {
    *field == section.title || section.field(field).is_some_and(|field| field.column == "id")
}

/// Light, dark, or as the system is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == text)
    }
}
