//! A field as it is declared: the same on the server and in the browser, and for every reader.

use serde::{Deserialize, Serialize};

use super::kinds::{Choices, Integer, Kind, Outcome};
use super::rollup::Rollup;
use super::target::Target;
use super::value::Value;
use crate::ids::{FieldKey, SectionKey, UserId};
use crate::problem::Code;
use crate::words::Label;

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

/// How a field comes by its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Written {
    ByHand {
        /// What the system puts in when a record is made and nothing else is said.
        begins: Option<Stamp>,
        /// Also by others than the author, in a section whose records only their author changes.
        by_anyone: bool,
    },
    /// By the section's own form alone, which knows what belongs together.
    ByForm,
    /// By the system, when a record is made and perhaps whenever it is changed.
    Stamp { on_create: Stamp, on_update: Option<Stamp> },
    /// By the system, from another field of the record.
    Computed(Computed),
    /// Kept by the writer from the records of another section.
    Rollup(Rollup),
    /// By nobody: it is the record's number.
    Number,
}

/// What the system makes of another field, whenever that changes. It stands in the history like what a person writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Computed {
    /// Since when it has its value: an instant.
    Since(FieldKey),
    /// The outcome of the step that was chosen: a choice of `Outcome`'s numbers.
    Outcome(FieldKey),
    /// When the outcome came about; nothing while it is open.
    Closed(FieldKey),
}

impl Computed {
    pub fn of(&self) -> &FieldKey {
        match self {
            Self::Since(of) | Self::Outcome(of) | Self::Closed(of) => of,
        }
    }

    /// What it holds now that the other field, which is of this kind, has changed to `value`.
    pub fn value(&self, kind: &Kind, value: &Value, before: Option<&Value>, now: i64) -> Option<Value> {
        let outcome = |value: &Value| if let Kind::Choice(choices) = kind { choices.outcome(value) } else { None };
        match self {
            Self::Since(_) if value.is_empty() => Some(Value::Empty),
            Self::Since(_) => Some(Value::Instant(now)),
            Self::Outcome(_) => Some(outcome(value).map_or(Value::Empty, Outcome::value)),
            Self::Closed(_) => match outcome(value) {
                None | Some(Outcome::Open) => Some(Value::Empty),
                // From one outcome to the other, it is closed anew.
                closed => (closed != before.and_then(outcome)).then_some(Value::Instant(now)),
            },
        }
    }
}

/// A field: built-in ones are declared in a section's `fields.rs`, the owner's in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldSpec {
    pub key: FieldKey,
    /// Its column in the section's table.
    pub column: String,
    pub label: Label,
    pub kind: Kind,
    pub written: Written,
    /// The switch that the field belongs to: while it is off, the field is nowhere.
    pub feature: Option<String>,
    /// Its order among the fields of its section; 0 until its section numbers it.
    pub place: i64,
    /// A column of the table until the user chooses others.
    pub in_table: bool,
    /// Shown among the data of the card.
    pub on_card: bool,
    /// Whoever saves it by hand may not leave it empty.
    pub required: bool,
    /// How wide its column is until a user says so; as its kind is, when `None`.
    pub width_px: Option<u16>,
    /// No column, no filter: what others of its fields need.
    pub internal: bool,
    /// Fields that its filter looks through too.
    pub also: Vec<FieldKey>,
    /// Of an instant of which one asks whether it is long ago.
    pub recency: Option<Recency>,
    /// An instant that may stand for a whole day (`Due`).
    pub may_be_day: bool,
    /// Asked for when its record comes to this outcome.
    pub asked_when: Option<Outcome>,
}

/// How the instant of what happened last is read: from when on it is long ago, and in what words. The section that it is
/// kept from says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recency {
    /// The field of the record that says after how many days; `RECENT_DAYS` where that is empty, or none.
    pub days: Option<FieldKey>,
    /// Of what never happened.
    pub never: Label,
    /// What counts.
    pub hint: Label,
    /// The instant of a try since then, and what one says of it.
    pub tried: Option<(FieldKey, Label)>,
}

impl Recency {
    pub fn new(never: Label, hint: Label) -> Self {
        Self { days: None, never, hint, tried: None }
    }

    pub fn days(mut self, field: &'static str) -> Self {
        self.days = Some(FieldKey::built_in(field));
        self
    }

    pub fn tried(mut self, field: &'static str, said: Label) -> Self {
        self.tried = Some((FieldKey::built_in(field), said));
        self
    }
}

/// Fields that are numbered stand so far apart that others can be put between them.
pub const PLACES_APART: i64 = 1 << 20;

/// The place of a field that is put between two others; `None` is an end.
pub fn place_between(before: Option<i64>, after: Option<i64>) -> i64 {
    match (before, after) {
        (Some(before), Some(after)) => before.midpoint(after),
        (Some(before), None) => before.saturating_add(PLACES_APART),
        (None, Some(after)) => after.saturating_sub(PLACES_APART),
        (None, None) => PLACES_APART,
    }
}

impl FieldSpec {
    pub fn new(key: &'static str, kind: Kind, label: Label) -> Self {
        Self {
            key: FieldKey::built_in(key),
            column: key.to_string(),
            label,
            kind,
            written: Written::ByHand { begins: None, by_anyone: false },
            feature: None,
            place: 0,
            in_table: false,
            on_card: false,
            required: false,
            width_px: None,
            internal: false,
            also: Vec::new(),
            recency: None,
            may_be_day: false,
            asked_when: None,
        }
    }

    /// The record's number, which is no column of its own.
    pub fn number(key: &'static str, label: Label) -> Self {
        let kind = Kind::Integer(Integer::ANY);
        Self { column: "id".into(), written: Written::Number, ..Self::new(key, kind, label) }
    }

    /// A reference to a record of another section.
    pub fn record(key: &'static str, to: &'static str, label: Label) -> Self {
        Self::new(key, Kind::Reference(Target::Section(SectionKey::built_in(to))), label)
    }

    /// A reference to an employee.
    pub fn employee(key: &'static str, label: Label) -> Self {
        Self::new(key, Kind::Reference(Target::Users), label)
    }

    pub fn choice(key: &'static str, choices: Choices, label: Label) -> Self {
        Self::new(key, Kind::Choice(choices), label)
    }

    pub fn in_column(mut self, column: &str) -> Self {
        self.column = column.to_string();
        self
    }

    /// Begins with this when nothing else is said.
    pub fn begins(mut self, stamp: Stamp) -> Self {
        self.written = Written::ByHand { begins: Some(stamp), by_anyone: false };
        self
    }

    pub fn by_anyone(mut self) -> Self {
        self.written = Written::ByHand { begins: None, by_anyone: true };
        self
    }

    pub fn by_form(mut self) -> Self {
        self.written = Written::ByForm;
        self
    }

    /// Set by the system when a record is made.
    pub fn on_create(mut self, stamp: Stamp) -> Self {
        self.written = Written::Stamp { on_create: stamp, on_update: None };
        self
    }

    /// Set by the system whenever a record is made or changed.
    pub fn on_every_change(mut self, stamp: Stamp) -> Self {
        self.written = Written::Stamp { on_create: stamp, on_update: Some(stamp) };
        self
    }

    pub fn computed(mut self, computed: Computed) -> Self {
        self.written = Written::Computed(computed);
        self
    }

    pub fn rolled_up(mut self, rollup: Rollup) -> Self {
        self.written = Written::Rollup(rollup);
        self
    }

    pub fn of_feature(mut self, feature: &str) -> Self {
        self.feature = Some(feature.to_string());
        self
    }

    pub fn in_table(mut self) -> Self {
        self.in_table = true;
        self
    }

    pub fn on_card(mut self) -> Self {
        self.on_card = true;
        self
    }

    pub fn wide(mut self, width_px: u16) -> Self {
        self.width_px = Some(width_px);
        self
    }

    pub fn also(mut self, fields: &[&'static str]) -> Self {
        self.also = fields.iter().map(|key| FieldKey::built_in(key)).collect();
        self
    }

    pub fn recent(mut self, recency: Recency) -> Self {
        self.recency = Some(recency);
        self
    }

    pub fn asked_when(mut self, outcome: Outcome) -> Self {
        self.asked_when = Some(outcome);
        self
    }

    pub fn may_be_day(mut self) -> Self {
        self.may_be_day = true;
        self
    }

    pub fn internal(mut self) -> Self {
        self.internal = true;
        self
    }

    pub fn is_by_form(&self) -> bool {
        matches!(self.written, Written::ByForm)
    }

    pub fn is_by_hand(&self) -> bool {
        matches!(self.written, Written::ByHand { .. })
    }

    pub fn is_by_anyone(&self) -> bool {
        matches!(self.written, Written::ByHand { by_anyone: true, .. })
    }

    /// Whether nobody writes it, neither by hand nor by a form.
    pub fn is_by_system(&self) -> bool {
        match self.written {
            Written::ByHand { .. } | Written::ByForm => false,
            Written::Stamp { .. } | Written::Computed(_) | Written::Rollup(_) | Written::Number => true,
        }
    }

    pub fn rollup(&self) -> Option<&Rollup> {
        match &self.written {
            Written::Rollup(rollup) => Some(rollup),
            Written::ByHand { .. }
            | Written::ByForm
            | Written::Stamp { .. }
            | Written::Computed(_)
            | Written::Number => None,
        }
    }

    /// What the system puts in when a record is made.
    pub fn stamp_on_create(&self) -> Option<Stamp> {
        match self.written {
            Written::ByHand { begins, .. } => begins,
            Written::Stamp { on_create, .. } => Some(on_create),
            Written::ByForm | Written::Computed(_) | Written::Rollup(_) | Written::Number => None,
        }
    }

    /// What the system puts in whenever a record is changed.
    pub fn stamp_on_update(&self) -> Option<Stamp> {
        match self.written {
            Written::Stamp { on_update, .. } => on_update,
            Written::ByHand { .. } | Written::ByForm | Written::Computed(_) | Written::Rollup(_) | Written::Number => {
                None
            }
        }
    }

    pub fn computed_from(&self) -> Option<&Computed> {
        if let Written::Computed(computed) = &self.written { Some(computed) } else { None }
    }

    pub fn points_at_users(&self) -> bool {
        self.kind.target() == Some(&Target::Users)
    }

    /// Why this value may not be saved by hand; what is taken back or loaded may be empty.
    pub fn refuses(&self, value: &Value, by_hand: bool) -> Option<Code> {
        match value.is_empty() {
            true => (by_hand && self.required).then_some(Code::Required),
            false => self.kind.rules().refuses(value),
        }
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
        if self.kind.is_references() {
            return None;
        }
        if rules.has_key() { rules.key(value) } else { value.text().map(str::to_string) }
    }

    /// The column that says how its key is sorted, where that has numbers in it.
    pub fn order_column(&self) -> Option<String> {
        let has = self.kind.rules().sorts_numbers() && !self.internal;
        has.then(|| format!("{}_natural", self.column))
    }

    /// The column that is searched, compared and sorted.
    pub fn key_column(&self) -> String {
        if self.kind.rules().has_key() { format!("{}_key", self.column) } else { self.column.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_required_field_refuses_to_be_emptied_by_hand_only() {
        let mut field = FieldSpec::new("name", Kind::Text, Label::new("", ""));
        assert_eq!(field.refuses(&Value::Empty, true), None);
        field.required = true;
        assert_eq!(field.refuses(&Value::Empty, true), Some(Code::Required));
        assert_eq!(field.refuses(&Value::Empty, false), None);
        assert_eq!(field.refuses(&Value::Text("a".into()), true), None);
    }

    #[test]
    fn there_is_a_place_between_two_and_beyond_the_ends() {
        assert_eq!(place_between(None, None), PLACES_APART);
        assert_eq!(place_between(Some(4), Some(10)), 7);
        assert!(place_between(Some(4), None) > 4 && place_between(None, Some(4)) < 4);
    }

    /// The browser reads what the server has, whatever the field is.
    #[test]
    fn a_field_is_the_same_on_the_other_side() {
        let of = |field: FieldSpec| {
            let sent = serde_json::to_string(&field).expect("JSON");
            assert_eq!(serde_json::from_str::<FieldSpec>(&sent).expect("a field"), field, "{sent}");
        };
        let label = || Label::new("а", "a");
        let rollup = Rollup::new("of", "by", crate::fields::Take::Latest("at".into())).only("yes", Value::Integer(1));
        let recency = Recency::new(label(), label()).days("days").tried("tried", label());
        of(FieldSpec::number("number", label()).in_table());
        of(FieldSpec::new("at", Kind::Instant, label()).rolled_up(rollup).recent(recency).also(&["other"]));
        of(FieldSpec::employee("who", label()).begins(Stamp::Actor).wide(80));
        of(FieldSpec::new("pinned", Kind::YesNo, label()).by_anyone());
        of(FieldSpec::new("text", Kind::LongText, label()).by_form().internal());
        of(FieldSpec::new("updated", Kind::Instant, label()).on_every_change(Stamp::Now).of_feature("x"));
    }
}
