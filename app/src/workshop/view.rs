//! What the workshop is told.

use domain::words::Label;
use serde::{Deserialize, Serialize};

/// A field as its owner describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldWish {
    pub section: String,
    pub label: Label,
    /// The name of a kind: `Text`, `Money` …
    pub kind: String,
    /// Labels of the values, for a choice.
    #[serde(default)]
    pub choices: Vec<Label>,
    /// The section that a reference points at; `users` for employees.
    #[serde(default)]
    pub target: Option<String>,
    /// The smallest and the greatest whole number.
    #[serde(default)]
    pub within: Option<(i64, i64)>,
}
