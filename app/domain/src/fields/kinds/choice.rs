//! One of the values that the field lists, by its id.

use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::rules::{EQUAL_OPERATORS, Rules, Shape};
use crate::fields::{Op, Test, Value};
use crate::ids::record_id;
use crate::problem::Code;
use crate::words::{Label, Lang};

/// One of the values of a choice. Its id stands in the column and never changes its meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub id: i64,
    pub label: Label,
    /// What it means for a record that goes through the choices one after another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// Where a record stands that goes through steps. Its number stands in columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Something is still to be done.
    Open = 1,
    Won = 2,
    Lost = 3,
}

impl Outcome {
    pub fn value(self) -> Value {
        Value::Integer(self as i64)
    }
}

/// At least one choice, in the order in which they are offered and sorted; no id stands twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Choice>", into = "Vec<Choice>")]
pub struct Choices(Arc<[Choice]>);

impl Choices {
    /// `None` where there is nothing to choose from.
    pub fn new(choices: Vec<Choice>) -> Option<Self> {
        let twice = |(place, choice): (usize, &Choice)| choices[..place].iter().any(|other| other.id == choice.id);
        let wrong = choices.is_empty() || choices.iter().enumerate().any(twice);
        (!wrong).then(|| Self(choices.into()))
    }

    /// Choices of the program itself: in Russian, in English, and the id.
    pub fn of<const N: usize>(choices: [(&str, &str, i64); N]) -> Self {
        const { assert!(N > 0, "nothing to choose from") };
        Self(choices.map(|(ru, en, id)| Choice { id, label: Label::new(ru, en), outcome: None }).into())
    }

    /// The same of steps that a record goes through.
    pub fn steps<const N: usize>(steps: [(&str, &str, i64, Outcome); N]) -> Self {
        const { assert!(N > 0, "nothing to choose from") };
        let step = |(ru, en, id, outcome)| Choice { id, label: Label::new(ru, en), outcome: Some(outcome) };
        Self(steps.map(step).into())
    }

    /// Where a record with this value stands.
    pub fn outcome(&self, value: &Value) -> Option<Outcome> {
        self.iter().find(|choice| Some(choice.id) == value.number())?.outcome
    }
}

impl Deref for Choices {
    type Target = [Choice];

    fn deref(&self) -> &[Choice] {
        &self.0
    }
}

impl TryFrom<Vec<Choice>> for Choices {
    type Error = &'static str;

    fn try_from(choices: Vec<Choice>) -> Result<Self, Self::Error> {
        Self::new(choices).ok_or("no choices, or one twice")
    }
}

impl From<Choices> for Vec<Choice> {
    fn from(choices: Choices) -> Self {
        choices.to_vec()
    }
}

impl Rules for Choices {
    fn parse(&self, typed: &str) -> Result<Value, Code> {
        let value = match typed.trim() {
            "" => Value::Empty,
            id => record_id(id).map(Value::Integer).ok_or(Code::UnknownChoice)?,
        };
        self.refuses(&value).map_or(Ok(value), Err)
    }

    fn refuses(&self, value: &Value) -> Option<Code> {
        let id = value.number()?;
        (!self.iter().any(|choice| choice.id == id)).then_some(Code::UnknownChoice)
    }

    fn show(&self, value: &Value, lang: Lang) -> String {
        let chosen = self.iter().find(|choice| Some(choice.id) == value.number());
        chosen.map(|choice| choice.label.get(lang).to_string()).unwrap_or_default()
    }

    fn shape(&self) -> Shape {
        Shape::Code
    }

    fn operators(&self) -> &'static [Op] {
        EQUAL_OPERATORS
    }

    fn test(&self, op: Op, typed: &str) -> Option<Test> {
        let id = record_id(typed.trim())?;
        (op == Op::Is).then_some(Test::Equals(Value::Integer(id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_offered_is_chosen() {
        let choices = Choices::of([("опт", "wholesale", 2), ("розница", "retail", 1)]);
        assert_eq!(choices.parse(" 2 "), Ok(Value::Integer(2)));
        assert_eq!(choices.parse(""), Ok(Value::Empty));
        assert_eq!(choices.parse("3"), Err(Code::UnknownChoice));
        assert_eq!(choices.refuses(&Value::Integer(3)), Some(Code::UnknownChoice));
        assert_eq!(choices.show(&Value::Integer(1), Lang::En), "retail");
    }

    #[test]
    fn no_choices_and_the_same_one_twice_are_no_choices() {
        let one = Choice { id: 1, label: Label::new("a", "a"), outcome: None };
        assert_eq!(Choices::new(vec![]), None);
        assert_eq!(Choices::new(vec![one.clone(), one.clone()]), None);
        assert!(Choices::new(vec![one]).is_some());
    }
}
