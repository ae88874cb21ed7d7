//! What is wrong with an input, as data: `words` turn it into a sentence.

use serde::{Deserialize, Serialize};

use crate::ids::FieldKey;

/// One thing that is wrong, at the field that it concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub field: Option<FieldKey>,
    pub code: Code,
}

impl Problem {
    pub fn at(field: &FieldKey, code: Code) -> Self {
        Self { field: Some(field.clone()), code }
    }

    /// Whether the value may be kept all the same («Сохранить всё равно»).
    pub fn is_warning(&self) -> bool {
        matches!(self.code, Code::InnCheckDigit | Code::OgrnCheckDigit)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Code {
    TooLong {
        chars_max: u32,
    },
    TooManyLines {
        lines_max: u32,
    },
    NotWithin {
        from: i64,
        to: i64,
    },
    /// Nothing was written where something is needed.
    Missing,
    /// A field that may not be empty.
    Required,
    /// A day and time that does not exist, or lies too far away.
    NotAMoment,
    /// No such employee, or one who has left.
    /// Several employees have the name that was mentioned: as they are told apart.
    Namesakes {
        names: String,
    },
    CannotMention {
        name: String,
    },
    /// U+0000 and other characters that no database or page should hold.
    ControlCharacter,
    InnDigits,
    InnLength {
        digits: u32,
    },
    InnZeros,
    InnCheckDigit,
    KppShape,
    OgrnLength {
        digits: u32,
    },
    OgrnDigits,
    OgrnFirstDigit,
    OgrnCheckDigit,
    PhoneDigits,
    /// Two numbers in a field of one.
    OnePhone,
    EmailShape,
    /// Several addresses in a field of one.
    OneEmail,
    LinkScheme,
    LinkShape,
    NotAnInteger,
    NotAnAmount,
    NotADate,
    NotYesNo,
    UnknownChoice,
    UnknownEmployee,
    UnknownRecord,
    /// Set by the system, never by hand.
    ReadOnly,
    UnknownField,
}
