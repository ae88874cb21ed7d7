//! A card as it is shown.

use domain::fields::{Outcome, Target};
use domain::ids::FieldKey;
use serde::{Deserialize, Serialize};

use crate::draft::DraftView;
use crate::refusal::{Clash, Refusal};
use crate::ui::Person;
use crate::values::Cell;

/// A record, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardView {
    pub section: String,
    pub id: i64,
    pub version: i64,
    pub title: String,
    pub named: bool,
    pub name: FieldView,
    /// In the order of the card.
    pub fields: Vec<FieldView>,
    /// The employee shown beside the name.
    pub responsible: Option<Person>,
    /// Records of other sections that belong to this one.
    pub panels: Vec<Panel>,
    /// «Удалён вчера, 10:15, Анна Крылова»
    pub trashed: Option<String>,
    /// A value of few («Опт»), shown beside the name.
    pub chip: Option<String>,
    /// The steps that it goes through.
    pub steps: Option<StepsView>,
    /// What happened last.
    pub lately: Option<Cell>,
    /// Where it stands in the list that it was opened from.
    pub place: Option<PlaceView>,
    /// What was typed into a form that was refused.
    pub draft: Option<DraftView>,
}

/// A choice whose values are steps, one after another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepsView {
    pub field: FieldKey,
    pub label: String,
    pub steps: Vec<Step>,
    pub may_write: bool,
    /// What is asked for now that an outcome has come about: a choice.
    pub asks: Option<FieldView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub value: String,
    pub label: String,
    pub state: StepState,
    pub outcome: Option<Outcome>,
    /// «с 15 ноя, 9 дней», of the one where it stands.
    pub since: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StepState {
    Past,
    Now,
    Ahead,
}

/// «3 из 1 204», and the ways to the ones beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceView {
    pub position: String,
    pub list: String,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// A section's records that refer to the record of the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panel {
    /// The referring field, which makes the panel one of its kind.
    pub field: FieldKey,
    pub label: String,
    pub count: String,
    /// The list of all of them.
    pub href: String,
    pub rows: Vec<PanelRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelRow {
    pub id: i64,
    pub href: String,
    pub title: Cell,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldView {
    pub key: FieldKey,
    pub label: String,
    pub cell: Cell,
    pub input: Input,
}

/// How a field is edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Input {
    /// Set by the system.
    ReadOnly,
    Line {
        value: String,
        mode: LineMode,
    },
    /// Several lines.
    Lines {
        value: String,
    },
    Choice {
        chosen: String,
        options: Vec<Choice>,
    },
    /// An employee or a record, searched for.
    Reference {
        chosen: String,
        shown: String,
        target: Target,
    },
    /// Several of them: boxes to untick, and a search for one more.
    Several {
        chosen: Vec<Choice>,
        target: Target,
    },
}

/// One of the values to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

/// Which keyboard a phone shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LineMode {
    Text,
    Digits,
    Phone,
    Email,
    Link,
    Date,
}

impl Input {
    /// What the input holds when nothing was typed.
    pub fn value(&self) -> String {
        match self {
            Self::Several { chosen, .. } => {
                chosen.iter().map(|choice| choice.value.as_str()).collect::<Vec<_>>().join("\n")
            }
            Self::ReadOnly => String::new(),
            Self::Line { value, .. } | Self::Lines { value } => value.clone(),
            Self::Choice { chosen, .. } | Self::Reference { chosen, .. } => chosen.clone(),
        }
    }
}

/// What saving a field gives back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// `None` when the record is one that the writer may not see any more.
    pub card: Option<CardView>,
    /// The change to undo; `None` when nothing was different.
    pub seq: Option<i64>,
    /// Labels of fields that an undo left alone.
    pub left: Vec<String>,
}

/// Saves what was typed into one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    pub section: String,
    pub id: i64,
    /// The version that the editor saw.
    pub version: i64,
    pub key: String,
    pub field: FieldKey,
    pub typed: String,
    /// Keep a doubtful value.
    pub accept: bool,
}

/// Somebody else's values, said to the one who was writing.
pub fn clash_of<'a>(refusal: &'a Refusal, field: &FieldKey) -> Option<&'a Clash> {
    match refusal {
        Refusal::Clashes(clashes) => clashes.iter().find(|clash| clash.field == *field),
        _ => None,
    }
}
