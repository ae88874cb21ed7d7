//! From what the owner wishes to `store::schema`.

use domain::change::Source;
use domain::fields::Target;
use domain::ids::{FieldKey, SectionKey};
use domain::words::Forms;
use store::schema;

use super::api::FieldWish;
use crate::asked::Asked;
use crate::refusal::Refusal;
use crate::sections;

impl From<schema::Refusal> for Refusal {
    fn from(refused: schema::Refusal) -> Self {
        match refused {
            schema::Refusal::Forbidden => Self::Forbidden,
            schema::Refusal::NotFound => Self::NotFound,
            schema::Refusal::BadName
            | schema::Refusal::BadChoices
            | schema::Refusal::BadTarget
            | schema::Refusal::TooMany => Self::Declaration(refused.to_string()),
            schema::Refusal::Store(error) => error.into(),
        }
    }
}

/// Whatever was done, the next request sees the registry as it is.
fn seen<T>(asked: &Asked, done: Result<T, schema::Refusal>) -> Result<T, Refusal> {
    asked.server.registry.forget();
    done.map_err(Refusal::from)
}

pub async fn make_section(forms: Forms) -> Result<String, Refusal> {
    let asked = Asked::here()?;
    let context = asked.write(Source::Form, "")?;
    let made = schema::make_section(&asked.server.db, &context, forms, sections::made_by_owner()).await;
    seen(&asked, made).map(|key| key.to_string())
}

pub async fn make_field(wish: FieldWish) -> Result<String, Refusal> {
    let asked = Asked::here()?;
    let context = asked.write(Source::Form, "")?;
    let section = asked.section(&wish.section)?.clone();
    let target = match wish.target.as_deref() {
        None => None,
        Some("users") => Some(Target::Users),
        Some(key) => Some(Target::Section(asked.section(key)?.key.clone())),
    };
    let new = schema::NewField { label: wish.label, kind: wish.kind, choices: wish.choices, target };
    let made = schema::make_field(&asked.server.db, &context, &section, new).await;
    seen(&asked, made).map(|key| key.to_string())
}

pub async fn rename_section(section: &str, forms: Forms) -> Result<(), Refusal> {
    let asked = Asked::here()?;
    let context = asked.write(Source::Form, "")?;
    let key = asked.section(section)?.key.clone();
    seen(&asked, schema::rename_section(&asked.server.db, &context, &key, forms).await)
}

pub async fn switch_section(section: &str, on: bool) -> Result<(), Refusal> {
    let asked = Asked::here()?;
    let context = asked.write(Source::Form, "")?;
    seen(&asked, schema::retire_section(&asked.server.db, &context, &SectionKey::from(section), !on).await)
}

pub async fn switch_field(field: &str, on: bool) -> Result<(), Refusal> {
    let asked = Asked::here()?;
    let context = asked.write(Source::Form, "")?;
    seen(&asked, schema::retire_field(&asked.server.db, &context, &FieldKey::from(field), !on).await)
}

pub async fn switch_feature(feature: &str, on: bool) -> Result<(), Refusal> {
    let asked = Asked::here()?;
    let context = asked.write(Source::Form, "")?;
    let known = sections::FEATURES.iter().find(|known| **known == feature).ok_or(Refusal::NotFound)?;
    seen(&asked, schema::set_feature(&asked.server.db, &context, known, on).await)
}
