//! How a value looks, by its kind.

use domain::fields::kinds::{email, lines, link, phone, record, references};
use domain::fields::{FieldSpec, Kind, Target, Value};
use domain::moment::Due;
use domain::words::{ahead_short, exact, exact_due, near, sentence};

use super::cell::Cell;
use super::names::Names;
use crate::reader::Reader;

/// A kind's cell.
pub fn cell(field: &FieldSpec, value: &Value, names: &Names, reader: &Reader) -> Cell {
    if value.is_empty() {
        return Cell::Empty;
    }
    let rules = field.kind.rules();
    let shown = rules.show(value, reader.lang);
    let typed = value.text().unwrap_or_default();
    let of_lines = |kind: Kind| {
        let one = FieldSpec { kind, ..field.clone() };
        let parts: Vec<Cell> =
            lines::lines(value).map(|line| cell(&one, &Value::Text(line.to_string()), names, reader)).collect();
        several(parts)
    };
    match &field.kind {
        Kind::Integer(_) => Cell::Number(shown),
        Kind::Text | Kind::LongText | Kind::Money | Kind::Date | Kind::YesNo | Kind::Choice(_) => Cell::Text(shown),
        Kind::Phones => of_lines(Kind::Phone),
        Kind::Emails => of_lines(Kind::Email),
        Kind::References(target) => {
            let one = FieldSpec { kind: Kind::Reference(target.clone()), ..field.clone() };
            let ids = references::ids(value).into_iter();
            several(
                ids.map(|id| cell(&one, &Value::Reference(id), names, reader))
                    .filter(|cell| *cell != Cell::Empty)
                    .collect(),
            )
        }
        Kind::Phone => Cell::Phone { shown, dial: phone::dial(typed) },
        Kind::Email => match email::href(typed) {
            Some(href) => Cell::Mail { shown, href },
            None => Cell::Text(shown),
        },
        Kind::Link => match link::href(typed) {
            Some(href) => Cell::Link { shown, href },
            None => Cell::Text(shown),
        },
        Kind::Inn | Kind::Kpp | Kind::Ogrn => match rules.doubt(value) {
            Some(code) => Cell::Doubtful { shown, why: sentence(&code, reader.lang) },
            None => Cell::Text(shown),
        },
        Kind::Instant => match value {
            Value::Instant(at) if field.may_be_day && Due::day_of(*at).is_some() => {
                let due = reader.due(*at);
                Cell::When {
                    near: ahead_short(due, reader.now_moment(), reader.lang),
                    exact: exact_due(due, reader.lang),
                }
            }
            Value::Instant(at) => {
                let moment = reader.moment(*at);
                Cell::When { near: near(moment, reader.now_moment(), reader.lang), exact: exact(moment, reader.lang) }
            }
            Value::Empty | Value::Text(_) | Value::Integer(_) | Value::Reference(_) => Cell::Empty,
        },
        Kind::Record => match record::named(value) {
            Some(of) => match names.record(&of.section, of.id) {
                Some(title) => Cell::Record { title: title.to_string(), href: of.path() },
                None => Cell::Empty,
            },
            None => Cell::Empty,
        },
        Kind::Reference(target) => match (target, value.number()) {
            (Target::Users, Some(id)) => names.person(id).cloned().map_or(Cell::Empty, Cell::Person),
            (Target::Section(to), Some(id)) => match names.record(to, id) {
                Some(title) => Cell::Record { title: title.to_string(), href: format!("/{to}/{id}") },
                None => Cell::Empty,
            },
            (_, None) => Cell::Empty,
        },
    }
}

fn several(mut parts: Vec<Cell>) -> Cell {
    match parts.len() {
        0 => Cell::Empty,
        1 => parts.swap_remove(0),
        _ => {
            let shown: Vec<&str> = parts.iter().map(Cell::text).collect();
            Cell::Several { shown: shown.join(", "), parts }
        }
    }
}
