//! How a field's own filter stands in the filter row: the same for the page and for what it asks of the server.

use domain::fields::{FieldSpec, Op, SectionSpec};
use domain::ids::FieldKey;
use domain::list::Condition;
use domain::words::Label;

use super::operators::choices;
use crate::ui::Person;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowInput {
    Text,
    Choice(Vec<(String, Label)>),
    People,
    /// Only a button that opens its form: a range, a record.
    Form,
}

pub fn row_input(field: &FieldSpec) -> RowInput {
    match field.kind.own() {
        Op::Has => RowInput::Text,
        Op::Is if field.points_at_users() => RowInput::People,
        Op::Is if !choices(field).is_empty() => RowInput::Choice(choices(field)),
        _ => RowInput::Form,
    }
}

/// The input of the row that shows a condition; without one it is a chip. A select shows only what it offers.
pub fn filter_input(
    section: &SectionSpec,
    pinned: &[FieldKey],
    people: &[Person],
    condition: &Condition,
) -> Option<RowInput> {
    let field = section.field(&condition.field).filter(|field| pinned.contains(&field.key))?;
    let [typed] = condition.typed.as_slice() else { return None };
    let plain = condition.op == field.kind.own() && condition.group.is_none();
    Some(row_input(field)).filter(|input| {
        let shown = match input {
            RowInput::Text => true,
            RowInput::Choice(options) => options.iter().any(|(value, _)| value == typed),
            RowInput::People => typed == "me" || people.iter().any(|person| person.id.to_string() == *typed),
            RowInput::Form => false,
        };
        plain && shown
    })
}
