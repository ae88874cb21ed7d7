//! What operators are called, and what they ask for.

use domain::fields::Op;
use domain::fields::{FieldSpec, Shape};
use domain::words::Word;

pub fn operator_word(op: Op) -> Word {
    match op {
        Op::Has => Word::OpHas,
        Op::HasNot => Word::OpHasNot,
        Op::Is => Word::OpIs,
        Op::Not => Word::OpNot,
        Op::Starts => Word::OpStarts,
        Op::Within => Word::OpWithin,
        Op::Empty => Word::OpEmpty,
        Op::Filled => Word::OpFilled,
        Op::Older => Word::OpOlder,
        Op::Newer => Word::OpNewer,
        Op::Doubtful => Word::Doubtful,
    }
}

/// What is entered for an operator of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    Nothing,
    /// So many days.
    Days,
    /// From a day, to a day.
    DayRange,
    /// From a number, to a number.
    NumberRange,
    /// Any of a few values.
    Choices,
    People,
    /// A record's number.
    Record,
    /// Texts, one in a line.
    Texts,
}

pub fn asks(field: &FieldSpec, op: Op) -> Asks {
    let shape = field.kind.rules().shape();
    let has_range = field.kind.own() == Op::Within;
    match op {
        Op::Empty | Op::Filled | Op::Doubtful => Asks::Nothing,
        Op::Older | Op::Newer => Asks::Days,
        Op::Within | Op::Not if has_range && shape == Shape::When => Asks::DayRange,
        Op::Within | Op::Not if has_range => Asks::NumberRange,
        _ if !choices(field).is_empty() => Asks::Choices,
        _ if field.points_at_users() => Asks::People,
        _ if field.kind.target().is_some() => Asks::Record,
        Op::Has | Op::HasNot | Op::Is | Op::Not | Op::Starts | Op::Within => Asks::Texts,
    }
}

/// The few values of a field, each as it is typed and as it is called; none where there are many.
pub fn choices(field: &FieldSpec) -> Vec<(String, domain::words::Label)> {
    use domain::fields::Kind;
    if field.kind == Kind::YesNo {
        let label = |word: Word| {
            use domain::words::Lang;
            domain::words::Label::new(word.text(Lang::Ru), word.text(Lang::En))
        };
        return vec![("1".into(), label(Word::Yes)), ("0".into(), label(Word::No))];
    }
    field.kind.choices().iter().map(|choice| (choice.id.to_string(), choice.label.clone())).collect()
}
