//! From what the owner wishes to `store::declare`.

use domain::change::Source;
use domain::fields::{Choice, FieldChange, Kind, KindData};
use domain::ids::{FieldKey, SectionKey};
use domain::words::Forms;
use store::declare;

use super::view::FieldWish;
use crate::asked::Asked;
use crate::refusal::Refusal;
use crate::sections;

impl From<declare::Refusal> for Refusal {
    fn from(refused: declare::Refusal) -> Self {
        match refused {
            declare::Refusal::Forbidden => Self::Forbidden,
            declare::Refusal::NotFound => Self::NotFound,
            declare::Refusal::BadName
            | declare::Refusal::BadChoices
            | declare::Refusal::BadKind
            | declare::Refusal::BadChange
            | declare::Refusal::TooMany => Self::Declaration(refused.to_string()),
            declare::Refusal::Store(error) => error.into(),
        }
    }
}

/// Whatever was done, the next request sees the registry as it is.
fn seen<T>(asked: &Asked, done: Result<T, declare::Refusal>) -> Result<T, Refusal> {
    asked.server.registry.forget();
    done.map_err(Refusal::from)
}

pub async fn make_section(forms: Forms, key: String) -> Result<String, Refusal> {
    let asked = Asked::here()?;
    let context = asked.write(Source::Form, &key)?;
    let made = declare::make_section(&asked.server.db, &context, forms, sections::made_by_owner()).await;
    seen(&asked, made).map(|key| key.to_string())
}

pub async fn make_field(wish: FieldWish, key: String) -> Result<String, Refusal> {
    let asked = Asked::here()?;
    let context = asked.write(Source::Form, &key)?;
    let section = asked.section(&wish.section)?.clone();
    let kind = kind(&wish)?;
    if let Some(domain::fields::Target::Section(to)) = kind.target() {
        asked.section(to.as_str())?;
    }
    let made = declare::make_field(&asked.server.db, &context, &section, declare::NewField { label: wish.label, kind });
    seen(&asked, made.await).map(|key| key.to_string())
}

fn kind(wish: &FieldWish) -> Result<Kind, Refusal> {
    let choices =
        (1..).zip(&wish.choices).map(|(id, label)| Choice { id, label: label.clone(), outcome: None }).collect();
    let data = KindData { choices, target: wish.target.clone(), within: wish.within };
    Kind::from_parts(&wish.kind, data).ok_or_else(|| declare::Refusal::BadKind.into())
}

pub async fn change_field(
    section: &str,
    field: &str,
    change: FieldChange,
    key: String,
) -> Result<Option<i64>, Refusal> {
    let asked = Asked::here()?;
    let context = asked.write(Source::Form, &key)?;
    let section = asked.section(section)?.clone();
    let field = FieldKey::from(field);
    seen(&asked, declare::change_field(&asked.server.db, &context, &section, &field, change).await)
}

pub async fn rename_section(section: &str, forms: Forms, key: String) -> Result<Option<i64>, Refusal> {
    let asked = Asked::here()?;
    let context = asked.write(Source::Form, &key)?;
    let section = asked.section(section)?.key.clone();
    seen(&asked, declare::rename_section(&asked.server.db, &context, &section, forms).await)
}

pub async fn switch_section(section: &str, on: bool, key: String) -> Result<Option<i64>, Refusal> {
    let asked = Asked::here()?;
    let context = asked.write(Source::Form, &key)?;
    seen(&asked, declare::hide_section(&asked.server.db, &context, &SectionKey::from(section), !on).await)
}

pub async fn switch_field(field: &str, on: bool, key: String) -> Result<Option<i64>, Refusal> {
    let asked = Asked::here()?;
    let context = asked.write(Source::Form, &key)?;
    // Of the owner's only: a built-in one is called by its section too.
    let field = Some(FieldKey::from(field)).filter(|field| field.number().is_some()).ok_or(Refusal::NotFound)?;
    let has = |section: &&domain::fields::Section| section.kept().any(|kept| kept.key == field);
    let section = asked.sees.sections.iter().find(has).ok_or(Refusal::NotFound)?.clone();
    let change = FieldChange { hidden: Some(!on), ..FieldChange::default() };
    seen(&asked, declare::change_field(&asked.server.db, &context, &section, &field, change).await)
}

pub async fn switch_feature(feature: &str, on: bool, key: String) -> Result<Option<i64>, Refusal> {
    let asked = Asked::here()?;
    let context = asked.write(Source::Form, &key)?;
    let known = sections::FEATURES.iter().find(|known| **known == feature).ok_or(Refusal::NotFound)?;
    seen(&asked, declare::set_feature(&asked.server.db, &context, known, on).await)
}

pub async fn undo_declaration(seq: i64, key: String) -> Result<Vec<String>, Refusal> {
    let asked = Asked::here()?;
    let context = asked.write(Source::Undo, &key)?;
    seen(&asked, declare::undo_alone(&asked.server.db, &context, seq).await).map(|undone| undone.left)
}
