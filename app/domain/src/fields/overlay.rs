//! What the owner changes of a field, of an own one and of a built-in one alike.

use serde::{Deserialize, Serialize};

use super::kinds::Choice;
use crate::words::Label;

/// What is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldChange {
    pub label: Option<Label>,
    /// Its order among the fields of its section: see `place_between`.
    pub place: Option<i64>,
    pub in_table: Option<bool>,
    pub on_card: Option<bool>,
    pub in_filters: Option<bool>,
    pub required: Option<bool>,
    /// Nowhere; what is in it stays.
    pub hidden: Option<bool>,
    /// Of an own choice: all choices in their new order. New ones have the id 0; none is left out.
    pub choices: Option<Vec<Choice>>,
}
