//! What a contact's own form means.

use domain::change::Patch;
use domain::ids::FieldKey;
use domain::problem::{Code, Problem};

use crate::refusal::Refusal;
use crate::section_code::{Meaning, OwnForm};

/// A name or a phone is needed; everything else may come later.
pub async fn read_form(form: OwnForm<'_>) -> Result<Meaning, Refusal> {
    let OwnForm { id, pairs, .. } = form;
    let filled = |name: &str| pairs.get(name).is_some_and(|text| text.chars().any(char::is_alphanumeric));
    if id.is_none() && !filled("name") && !filled("phones") {
        return Err(Refusal::Problems(vec![Problem::at(&FieldKey::from("name"), Code::Missing)]));
    }
    Ok(Patch::of_pairs(pairs).into())
}
