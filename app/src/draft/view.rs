//! A form that was refused, as it comes back.

use domain::ids::FieldKey;
use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftView {
    /// Field and what was typed.
    pub typed: Vec<(FieldKey, String)>,
    pub refusal: Option<Refusal>,
}

impl DraftView {
    pub fn typed(&self, key: &FieldKey) -> Option<&str> {
        self.typed.iter().find(|(field, _)| field == key).map(|(_, typed)| typed.as_str())
    }
}

/// What a form that was refused had in an input.
pub fn typed(draft: Option<&DraftView>, name: &str) -> String {
    let typed = draft.and_then(|draft| draft.typed.iter().find(|(key, _)| key.as_str() == name));
    typed.map(|(_, text)| text.clone()).unwrap_or_default()
}
