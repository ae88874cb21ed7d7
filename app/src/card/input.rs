//! How a field is edited, by its kind.

use domain::fields::kinds::references;
use domain::fields::{FieldSpec, Kind, Value};
use domain::words::Word;

use super::view::{Choice, Input, LineMode};
use crate::reader::Reader;
use crate::values::{Names, cell};

/// A kind's input.
pub fn input(field: &FieldSpec, value: &Value, names: &Names, reader: &Reader) -> Input {
    let line = |mode| Input::Line { value: field.kind.rules().edit(value), mode };
    let choice = |options: Vec<Choice>| Input::Choice { chosen: field.kind.rules().edit(value), options };
    let option = |value: i64, label: &str| Choice { value: value.to_string(), label: label.to_string() };
    let lang = reader.lang;
    match &field.kind {
        Kind::Instant | Kind::Record => Input::ReadOnly,
        Kind::LongText | Kind::Phones | Kind::Emails => Input::Lines { value: field.kind.rules().edit(value) },
        Kind::References(target) => Input::Several {
            chosen: references::ids(value)
                .into_iter()
                .filter_map(|id| Some(option(id, names.called(target, id)?)))
                .collect(),
            target: target.clone(),
        },
        Kind::Text | Kind::Kpp => line(LineMode::Text),
        Kind::Phone => line(LineMode::Phone),
        Kind::Email => line(LineMode::Email),
        Kind::Link => line(LineMode::Link),
        Kind::Inn | Kind::Ogrn | Kind::Integer(_) | Kind::Money => line(LineMode::Digits),
        Kind::Date => line(LineMode::Date),
        Kind::YesNo => choice(vec![option(1, Word::Yes.text(lang)), option(0, Word::No.text(lang))]),
        Kind::Choice(choices) => {
            choice(choices.iter().map(|offered| option(offered.id, offered.label.get(lang))).collect())
        }
        Kind::Reference(target) => Input::Reference {
            chosen: field.kind.rules().edit(value),
            shown: cell(field, value, names, reader).text().to_string(),
            target: target.clone(),
        },
    }
}
