//! What a deal's own form means.

use domain::change::{Input, Patch};
use domain::fields::{Kind, Target, Value};
use domain::ids::{FieldKey, SectionKey};
use domain::problem::{Code, Problem};
use store::record;

use super::fields::FIRST_STAGE;
use crate::clients;
use crate::refusal::Refusal;
use crate::section_code::{Meaning, OwnForm};

/// A new one begins in the first stage, with whoever is responsible for its client.
pub async fn read_form(form: OwnForm<'_>) -> Result<Meaning, Refusal> {
    let OwnForm { reader, db, section, id, pairs } = form;
    let given = |name: &str| pairs.get(name).map(str::trim).filter(|text| !text.is_empty()).map(str::to_string);
    let (client, stage, responsible) = (given("client"), given("stage"), given("responsible"));
    let mut patch = Patch::of_pairs(pairs);
    if id.is_some() {
        return Ok(patch.into());
    }
    patch.fields.retain(|(_, input)| !matches!(input, Input::Typed(text) if text.trim().is_empty()));
    let mut put = |key: &'static str, value: Value| patch.fields.push((FieldKey::built_in(key), Input::Value(value)));
    if stage.is_none() && section.field_named("stage").is_some() {
        put("stage", Value::Integer(FIRST_STAGE));
    }
    let Some(client) = client.filter(|_| responsible.is_none()) else { return Ok(patch.into()) };
    let to = SectionKey::built_in(clients::KEY);
    let wrong = |code: Code| Refusal::Problems(vec![Problem::at(&FieldKey::built_in("client"), code)]);
    let number = Kind::Reference(Target::Section(to.clone())).rules().parse(&client).map_err(wrong)?.number();
    let whole = reader.sees.section(&to).zip(number);
    if let Some((whole, id)) = whole
        && let Some(client) = record::load(&mut db.read().await?, whole, id).await?
        && section.field_named("responsible").is_some_and(|field| section.access.may_write(field))
    {
        match client.value(&FieldKey::built_in("responsible")) {
            Value::Empty => {}
            // Who has left is nobody's responsible.
            whose => {
                if let Some(id) = whose.number()
                    && crate::users::queries::user(&mut db.read().await?, id).await?.is_some()
                {
                    put("responsible", whose.clone());
                }
            }
        }
    }
    Ok(patch.into())
}
