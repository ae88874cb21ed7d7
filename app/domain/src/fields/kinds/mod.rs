//! What may stand in a field. One file per kind; this is the only place that lists them all,
//! beside its SQL, its input and its cell.

mod choice;
mod date;
pub mod email;
mod inn;
mod instant;
mod integer;
mod kpp;
pub mod lines;
pub mod link;
mod long_text;
mod money;
mod ogrn;
pub mod phone;
pub mod record;
mod reference;
pub mod references;
mod rules;
mod text;
mod yes_no;

pub use choice::{Choice, Choices, Outcome};
pub use integer::Integer;
pub use rules::{Rules, Shape};

use serde::{Deserialize, Serialize};

use super::target::Target;
use super::test::Op;

/// What may stand in a field. A kind has all that it needs: there is no choice without choices, and no
/// reference that points nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    Text,
    LongText,
    Integer(Integer),
    Money,
    Date,
    Instant,
    YesNo,
    Choice(Choices),
    Reference(Target),
    /// A record of any section.
    Record,
    /// Several.
    References(Target),
    Phone,
    /// Several, the main one first.
    Phones,
    Email,
    /// Several, the main one first.
    Emails,
    Link,
    Inn,
    Kpp,
    Ogrn,
}

/// What a kind has beside its name, as it is written down in the database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindData {
    /// Of a choice, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// Of a reference: `users`, or the key of a section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Of a whole number: the smallest and the greatest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<(i64, i64)>,
}

impl Kind {
    pub fn rules(&self) -> &dyn Rules {
        match self {
            Self::Text => &text::Text,
            Self::LongText => &long_text::LongText,
            Self::Integer(integer) => integer,
            Self::Money => &money::Money,
            Self::Date => &date::Date,
            Self::Instant => &instant::Instant,
            Self::YesNo => &yes_no::YesNo,
            Self::Choice(choices) => choices,
            Self::Reference(_) => &reference::Reference,
            Self::Record => &record::Record,
            Self::References(_) => &references::References,
            Self::Phone => &phone::Phone,
            Self::Phones => &lines::Lines(phone::Phone),
            Self::Email => &email::Email,
            Self::Emails => &lines::Lines(email::Email),
            Self::Link => &link::Link,
            Self::Inn => &inn::Inn,
            Self::Kpp => &kpp::Kpp,
            Self::Ogrn => &ogrn::Ogrn,
        }
    }

    pub fn own(&self) -> Op {
        self.rules().operators()[0]
    }

    /// What it points at.
    pub fn target(&self) -> Option<&Target> {
        if let Self::Reference(target) | Self::References(target) = self { Some(target) } else { None }
    }

    /// The values that it offers, in their order.
    pub fn choices(&self) -> &[Choice] {
        if let Self::Choice(choices) = self { choices } else { &[] }
    }

    /// Whether it points at several.
    pub fn is_references(&self) -> bool {
        matches!(self, Self::References(_))
    }

    /// Whether several values stand in one field, each typed in a place of its own.
    pub fn is_several(&self) -> bool {
        matches!(self, Self::References(_) | Self::Phones | Self::Emails)
    }

    /// Its name and its data, as they are written down.
    pub fn parts(&self) -> (&'static str, KindData) {
        let plain = KindData::default;
        let to = |target: &Target| KindData { target: Some(target.as_str().to_string()), ..plain() };
        match self {
            Self::Text => ("Text", plain()),
            Self::LongText => ("LongText", plain()),
            Self::Integer(integer) => ("Integer", KindData { within: integer.within, ..plain() }),
            Self::Money => ("Money", plain()),
            Self::Date => ("Date", plain()),
            Self::Instant => ("Instant", plain()),
            Self::YesNo => ("YesNo", plain()),
            Self::Choice(choices) => ("Choice", KindData { choices: choices.to_vec(), ..plain() }),
            Self::Reference(target) => ("Reference", to(target)),
            Self::Record => ("Record", plain()),
            Self::References(target) => ("References", to(target)),
            Self::Phone => ("Phone", plain()),
            Self::Phones => ("Phones", plain()),
            Self::Email => ("Email", plain()),
            Self::Emails => ("Emails", plain()),
            Self::Link => ("Link", plain()),
            Self::Inn => ("Inn", plain()),
            Self::Kpp => ("Kpp", plain()),
            Self::Ogrn => ("Ogrn", plain()),
        }
    }

    /// The kind of this name; `None` where its data is missing, or it has what belongs to another one.
    pub fn from_parts(name: &str, data: KindData) -> Option<Self> {
        let target = data.target.as_deref().map(Target::from);
        let kind = match name {
            "Text" => Self::Text,
            "LongText" => Self::LongText,
            "Integer" => Self::Integer(Integer::new(data.within)?),
            "Money" => Self::Money,
            "Date" => Self::Date,
            "Instant" => Self::Instant,
            "YesNo" => Self::YesNo,
            "Choice" => Self::Choice(Choices::new(data.choices.clone())?),
            "Reference" => Self::Reference(target?),
            "Record" => Self::Record,
            "References" => Self::References(target?),
            "Phone" => Self::Phone,
            "Phones" => Self::Phones,
            "Email" => Self::Email,
            "Emails" => Self::Emails,
            "Link" => Self::Link,
            "Inn" => Self::Inn,
            "Kpp" => Self::Kpp,
            "Ogrn" => Self::Ogrn,
            _ => return None,
        };
        (kind.parts().1 == data).then_some(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::super::value::Value;
    use super::*;

    #[test]
    fn a_kind_is_written_down_and_read_again() {
        let choices = Choices::of([("да", "yes", 3), ("нет", "no", 1)]);
        for kind in [
            Kind::Text,
            Kind::LongText,
            Kind::Integer(Integer::ANY),
            Kind::Integer(Integer { within: Some((1, 5)) }),
            Kind::Money,
            Kind::Date,
            Kind::Instant,
            Kind::YesNo,
            Kind::Choice(choices),
            Kind::Reference(Target::Users),
            Kind::Record,
            Kind::References(Target::Section("things".into())),
            Kind::Phone,
            Kind::Phones,
            Kind::Email,
            Kind::Emails,
            Kind::Link,
            Kind::Inn,
            Kind::Kpp,
            Kind::Ogrn,
        ] {
            let (name, data) = kind.parts();
            let written = serde_json::to_string(&data).expect("JSON");
            let data = serde_json::from_str(&written).expect("data");
            assert_eq!(Kind::from_parts(name, data), Some(kind), "{name} {written}");
        }
    }

    /// What is copied from a page or a message often brings marks along that nobody sees.
    #[test]
    fn marks_that_nobody_sees_are_taken_off() {
        for (kind, typed) in [
            (Kind::Inn, "7707083893"),
            (Kind::Kpp, "770701001"),
            (Kind::Ogrn, "1027700132195"),
            (Kind::Integer(Integer::ANY), "1204"),
            (Kind::Money, "148300"),
            (Kind::Date, "01.06.2026"),
            (Kind::Phone, "+79162401108"),
            (Kind::Email, "a@b.ru"),
            (Kind::Link, "romashka.ru"),
        ] {
            let (first, rest) = typed.split_at(2);
            let plain = kind.rules().parse(typed);
            for mark in [
                '\u{202a}', '\u{202c}', '\u{2066}', '\u{2069}', '\u{2060}', '\u{200b}', '\u{200f}', '\u{feff}',
                '\u{ad}',
            ] {
                for copied in [
                    format!("{mark}{typed}{mark}"),
                    format!("{first}{mark}{rest}"),
                    format!("\u{a0}{mark}{typed}\u{a0}"),
                ] {
                    assert_eq!(kind.rules().parse(&copied), plain, "{kind:?} {copied:?}");
                    let (own, test) = (kind.own(), |typed: &str| kind.rules().test(kind.own(), typed));
                    assert_eq!(test(&copied), test(typed), "{kind:?} {own:?} {copied:?}");
                }
            }
        }
        let named = Kind::Text.rules().parse("\u{2066}\u{feff}Ромашка\u{200b}\u{2069}");
        assert_eq!(named, Ok(Value::Text("Ромашка".into())), "of a name at its ends");
    }

    #[test]
    fn what_lacks_its_data_or_has_anothers_is_no_kind() {
        let target = || KindData { target: Some("users".into()), ..KindData::default() };
        let backwards = KindData { within: Some((5, 1)), ..KindData::default() };
        for (name, data) in [
            ("Choice", KindData::default()),
            ("Reference", KindData::default()),
            ("References", KindData::default()),
            ("Text", target()),
            ("Integer", backwards),
            ("Colour", KindData::default()),
        ] {
            assert_eq!(Kind::from_parts(name, data), None, "{name}");
        }
        assert!(serde_json::from_str::<Kind>(r#"{"Choice":[]}"#).is_err());
    }
}
