//! A field is data: `FieldSpec` says what it is, `Kind` what may stand in it.

pub mod fold;
pub mod kinds;
mod pairs;
mod rollup;

pub use kinds::{Kind, Rules, Shape};
pub use pairs::pairs;
pub use rollup::{Feed, Rollup, Take};

use serde::{Deserialize, Serialize};

use crate::ids::{FieldKey, RecordId, SectionKey, UserId};
use crate::rights::Actor;
use crate::words::{Forms, Label, Lang};

/// What stands in a field of a record. '' does not exist: it is `Empty`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Value {
    #[default]
    Empty,
    Text(String),
    /// A whole number: also a day since 1970-01-01, minor units of money, yes (1) and no (0), a choice's id.
    Integer(i64),
    /// Milliseconds since 1970-01-01T00:00Z.
    Instant(i64),
    /// The number of an employee or of another section's record.
    Reference(RecordId),
}

impl Value {
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Empty | Self::Integer(_) | Self::Instant(_) | Self::Reference(_) => None,
        }
    }

    /// The number inside: a count, an instant's milliseconds, a reference's id.
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Integer(number) | Self::Instant(number) | Self::Reference(number) => Some(*number),
            Self::Empty | Self::Text(_) => None,
        }
    }
}

/// What a reference points at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    Users,
    Section(SectionKey),
}

/// One of the values of a choice. Its id stands in the column and never changes its meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub id: i64,
    pub label: Label,
}

/// A value that the system knows by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Stamp {
    Now,
    /// The one who acts.
    Actor,
}

impl Stamp {
    pub fn value(self, now: i64, actor: UserId) -> Value {
        match self {
            Self::Now => Value::Instant(now),
            Self::Actor => Value::Reference(actor),
        }
    }
}

/// A field: built-in ones are declared in a section's `fields.rs`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldSpec {
    pub key: FieldKey,
    /// Its column in the section's table.
    pub column: String,
    pub label: Label,
    pub kind: Kind,
    /// Of a reference.
    pub target: Option<Target>,
    /// Of a choice.
    pub choices: Vec<Choice>,
    /// Set by the system, never by hand.
    pub read_only: bool,
    /// Not to be written by the one who asks.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub locked: bool,
    /// Whose records alone of a reference's section the one who asks may see.
    #[serde(skip)]
    pub target_scope: Option<Scope>,
    /// The switch that the field belongs to: while it is off, the field is nowhere.
    pub feature: Option<String>,
    /// What the system puts in when a record is made.
    pub on_create: Option<Stamp>,
    /// What the system puts in whenever a record is changed.
    pub on_update: Option<Stamp>,
    /// Shown in the table until the user chooses columns.
    pub default_column: bool,
    /// Shown among the data of the card.
    pub on_card: bool,
    /// How wide its column is until a user says so; as its kind is, when `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width_px: Option<u16>,
    /// Smallest and greatest whole number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<(i64, i64)>,
    /// Kept by the writer from the records of another section.
    #[serde(skip)]
    pub rollup: Option<Rollup>,
    /// Fields that its filter looks through too.
    #[serde(skip)]
    pub also: Vec<FieldKey>,
    /// Of an instant: the field that says after how many days it is long ago for this record.
    #[serde(skip)]
    pub rhythm: Option<FieldKey>,
    /// No column, no filter: what others of its fields need.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub internal: bool,
    /// Written by the section's own form alone, which knows what belongs together.
    #[serde(skip)]
    pub by_form: bool,
    /// Of a section whose records only their author changes: this everybody may.
    #[serde(skip)]
    pub by_anyone: bool,
}

impl FieldSpec {
    pub fn new(key: &'static str, kind: Kind, label: Label) -> Self {
        Self {
            key: FieldKey::built_in(key),
            column: key.to_string(),
            label,
            kind,
            target: None,
            choices: Vec::new(),
            read_only: false,
            locked: false,
            target_scope: None,
            feature: None,
            on_create: None,
            on_update: None,
            default_column: false,
            on_card: false,
            width_px: None,
            within: None,
            rollup: None,
            also: Vec::new(),
            rhythm: None,
            internal: false,
            by_form: false,
            by_anyone: false,
        }
    }

    /// A reference to a record of another section.
    pub fn record(key: &'static str, to: &'static str, label: Label) -> Self {
        Self { target: Some(Target::Section(SectionKey::built_in(to))), ..Self::new(key, Kind::Reference, label) }
    }

    pub fn to(mut self, target: Target) -> Self {
        self.target = Some(target);
        self
    }

    pub fn wide(mut self, width_px: u16) -> Self {
        self.width_px = Some(width_px);
        self
    }

    pub fn within(mut self, from: i64, to: i64) -> Self {
        self.within = Some((from, to));
        self
    }

    /// Kept by the writer, never by hand.
    pub fn rolled_up(mut self, rollup: Rollup) -> Self {
        self.rollup = Some(rollup);
        self.read_only()
    }

    pub fn also(mut self, fields: &[&'static str]) -> Self {
        self.also = fields.iter().map(|key| FieldKey::built_in(key)).collect();
        self
    }

    pub fn rhythm(mut self, field: &'static str) -> Self {
        self.rhythm = Some(FieldKey::built_in(field));
        self
    }

    pub fn internal(mut self) -> Self {
        self.internal = true;
        self
    }

    pub fn by_form(mut self) -> Self {
        self.by_form = true;
        self
    }

    pub fn by_anyone(mut self) -> Self {
        self.by_anyone = true;
        self
    }

    /// A reference to an employee.
    pub fn employee(key: &'static str, label: Label) -> Self {
        Self { target: Some(Target::Users), ..Self::new(key, Kind::Reference, label) }
    }

    pub fn choices(mut self, choices: Vec<Choice>) -> Self {
        self.choices = choices;
        self
    }

    pub fn points_at_users(&self) -> bool {
        self.target == Some(Target::Users)
    }

    pub fn in_column(mut self, column: &str) -> Self {
        self.column = column.to_string();
        self
    }

    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    pub fn of_feature(mut self, feature: &str) -> Self {
        self.feature = Some(feature.to_string());
        self
    }

    pub fn on_create(mut self, stamp: Stamp) -> Self {
        self.on_create = Some(stamp);
        self
    }

    pub fn on_update(mut self, stamp: Stamp) -> Self {
        self.on_update = Some(stamp);
        self
    }

    pub fn default_column(mut self) -> Self {
        self.default_column = true;
        self
    }

    pub fn on_card(mut self) -> Self {
        self.on_card = true;
        self
    }

    /// Whether the order of its values means something to a reader.
    pub fn is_sortable(&self) -> bool {
        self.kind.rules().is_sortable()
    }

    /// The column that says whether the value is doubtful: 1, else NULL.
    pub fn doubt_column(&self) -> Option<String> {
        self.kind.rules().may_be_doubtful().then(|| format!("{}_doubt", self.column))
    }

    /// What stands in the column that is searched, when that is a text.
    pub fn searched(&self, value: &Value) -> Option<String> {
        let rules = self.kind.rules();
        if self.kind == Kind::References {
            return None;
        }
        if rules.has_key() { rules.key(value) } else { value.text().map(str::to_string) }
    }

    /// The column that is searched, compared and sorted.
    pub fn key_column(&self) -> String {
        if self.kind.rules().has_key() { format!("{}_key", self.column) } else { self.column.clone() }
    }
}

/// A section: what it is called and what fields its records have.
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
    #[serde(default)]
    pub row_filters: Vec<FieldKey>,
    /// The reference to the employee whose record it is.
    pub owner: Option<FieldKey>,
    /// The switch that the section belongs to: while it is off, the section is nowhere.
    #[serde(default)]
    pub feature: Option<String>,
    /// Shown on the cards of other records only: it has no pages of its own.
    #[serde(default)]
    pub inner: bool,
    /// Made by a form of its own on the cards of others, not by the plus.
    #[serde(default)]
    pub made_elsewhere: bool,
    /// The reference to the employee who alone changes the record.
    #[serde(default)]
    pub author: Option<FieldKey>,
    /// The reference to the records that it is a part of: who may not see any of them does not see it.
    #[serde(default)]
    pub part_of: Option<FieldKey>,
    /// Lists that are there from the beginning, as tabs.
    #[serde(default)]
    pub views: Vec<ReadyView>,
    pub fields: Vec<FieldSpec>,
    /// What is switched off, or not for the one who asks to see: the system still keeps it.
    #[serde(skip)]
    pub hidden: Vec<FieldSpec>,
    /// Whose records alone the one who asks may see.
    #[serde(skip)]
    pub scope: Option<Scope>,
    /// What of other sections is kept from these records.
    #[serde(skip)]
    pub feeds: Vec<Feed>,
}

/// A list with a name: what its address says after the question mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadyView {
    pub label: Label,
    pub query: String,
    /// Whether its count is a thing to worry about.
    pub alarm: bool,
}

impl ReadyView {
    /// Whether all that it asks is there.
    pub fn is_whole(&self, section: &SectionSpec) -> bool {
        crate::list::ListQuery::parse(section, &crate::list::pairs(&self.query)).1.is_empty()
    }
}

/// Which records a user may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those whose owner the user is.
    Own { column: String, user: UserId },
    /// Those that are a part of a record of `table` whose owner the user is.
    PartOf { section: SectionKey, field: Box<FieldSpec>, table: String, owner: String, user: UserId },
}

impl SectionSpec {
    fn cut(&self, actor: &Actor) -> Self {
        let limits = &actor.limits;
        let mut cut = self.clone();
        let (hidden, mut seen): (Vec<_>, Vec<_>) =
            cut.fields.into_iter().partition(|field| limits.hides(&self.key, &field.key));
        for field in &mut seen {
            field.locked = limits.read_only(&self.key, &field.key);
        }
        let owner = self.owner.as_ref().and_then(|key| self.field(key));
        cut.scope = owner
            .filter(|_| limits.own_records_only)
            .map(|owner| Scope::Own { column: owner.column.clone(), user: actor.id });
        cut.search.retain(|key| seen.iter().any(|field| field.key == *key));
        cut.row_filters.retain(|key| seen.iter().any(|field| field.key == *key));
        cut.hidden.extend(hidden);
        cut.fields = seen;
        let views = std::mem::take(&mut cut.views);
        cut.views = views.into_iter().filter(|view| view.is_whole(&cut)).collect();
        cut
    }

    /// Fields that show this section's records on the card of `target`.
    pub fn links_to<'a>(&'a self, target: &'a SectionKey) -> impl Iterator<Item = &'a FieldSpec> {
        self.fields.iter().filter(move |field| matches!(&field.target, Some(Target::Section(to)) if to == target))
    }

    pub fn field(&self, key: &FieldKey) -> Option<&FieldSpec> {
        self.fields.iter().find(|field| field.key == *key)
    }

    pub fn field_named(&self, key: &str) -> Option<&FieldSpec> {
        self.fields.iter().find(|field| field.key.as_str() == key)
    }

    /// All that a record has a column for.
    pub fn kept(&self) -> impl Iterator<Item = &FieldSpec> {
        self.fields.iter().chain(&self.hidden)
    }

    pub fn default_columns(&self) -> Vec<FieldKey> {
        self.fields.iter().filter(|field| field.default_column).map(|field| field.key.clone()).collect()
    }

    /// The record's name: the one it was given, else «Клиент № 17».
    pub fn title_of(&self, name: &Value, id: RecordId, lang: Lang) -> String {
        match name.text() {
            Some(name) => name.to_string(),
            None => self.forms.automatic_name(id, lang),
        }
    }
}

/// All sections of the system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registry {
    /// Raised by every change of what is declared; every write compares it.
    pub version: i64,
    pub sections: Vec<SectionSpec>,
}

impl Registry {
    /// The system as this actor may see it: every condition, form, column and history is made from this,
    /// so that what is cut off here cannot be filtered, sorted, searched, exported or read.
    pub fn cut(&self, actor: &Actor) -> Self {
        let mut sections: Vec<SectionSpec> = self.sections.iter().map(|section| section.cut(actor)).collect();
        // What is kept from a hidden field is hidden.
        let seen: Vec<(SectionKey, Vec<FieldKey>)> = sections
            .iter()
            .map(|section| (section.key.clone(), section.fields.iter().map(|field| field.key.clone()).collect()))
            .collect();
        for section in &mut sections {
            let is_open = |field: &FieldSpec| {
                field.rollup.as_ref().is_none_or(|rollup| {
                    let fields = seen.iter().find(|(key, _)| *key == rollup.of).map(|(_, fields)| fields);
                    fields.is_some_and(|fields| rollup.reads().all(|key| fields.contains(key)))
                })
            };
            let (open, closed): (Vec<_>, Vec<_>) = std::mem::take(&mut section.fields).into_iter().partition(is_open);
            section.fields = open;
            section.hidden.extend(closed);
            let fields = &section.fields;
            section.search.retain(|key| fields.iter().any(|field| field.key == *key));
            let views = std::mem::take(&mut section.views);
            section.views = views.into_iter().filter(|view| view.is_whole(section)).collect();
        }
        let owned: Vec<(SectionKey, String, Scope)> = sections
            .iter()
            .filter_map(|section| Some((section.key.clone(), section.table.clone(), section.scope.clone()?)))
            .collect();
        for section in &mut sections {
            let whole =
                section.part_of.as_ref().and_then(|key| section.kept().find(|field| field.key == *key)).cloned();
            let Some((field, Some(Target::Section(to)))) = whole.map(|field| (field.clone(), field.target)) else {
                continue;
            };
            if let Some((_, table, Scope::Own { column, user })) = owned.iter().find(|(key, ..)| *key == to) {
                section.scope = Some(Scope::PartOf {
                    section: section.key.clone(),
                    field: Box::new(field),
                    table: table.clone(),
                    owner: column.clone(),
                    user: *user,
                });
            }
        }
        let scopes: Vec<(SectionKey, Option<Scope>)> =
            sections.iter().map(|section| (section.key.clone(), section.scope.clone())).collect();
        for field in sections.iter_mut().flat_map(|section| &mut section.fields) {
            if let Some(Target::Section(to)) = &field.target {
                field.target_scope = scopes.iter().find(|(key, _)| key == to).and_then(|(_, scope)| scope.clone());
            }
        }
        Self { version: self.version, sections }
    }

    pub fn section(&self, key: &SectionKey) -> Option<&SectionSpec> {
        self.sections.iter().find(|section| section.key == *key)
    }

    /// Tells every section what other sections keep from its records.
    pub fn connect(&mut self) {
        let mut feeds: Vec<(SectionKey, Feed)> = Vec::new();
        for section in &self.sections {
            let rolled = section.kept().filter_map(|field| Some((field, field.rollup.as_ref()?)));
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
