//! What a list is filtered by, in words.

use std::collections::BTreeMap;

use domain::fields::{DateRange, FieldSpec, Op, Section, Test, Value};
use domain::list::{Condition, ListQuery, Opened};
use domain::moment::Date;
use domain::words::{self, Lang, Word, count_of_values, middle_date};
use store::Conn;
use store::record::Record;

use super::operators::operator_word;
use super::row_input::filter_input;
use super::tabs::is_mine;
use super::view::{Chip, ChipPart};
use crate::appearance::UserView;
use crate::asked::Asked;
use crate::reader::Reader;
use crate::refusal::Refusal;
use crate::ui::Person;
use crate::values::{Cell, Names, cell};

/// Names are looked up for so many values of one filter.
const CHIP_NAMES_MAX: usize = 50;
/// More values of one filter are only counted.
const CHIP_VALUES_MAX: usize = 3;

/// Names of the employees and records that conditions name by number.
pub async fn names_in(conn: &mut Conn, asked: &Asked, section: &Section, query: &ListQuery) -> Result<Names, Refusal> {
    let mut values = BTreeMap::new();
    let mut records = Vec::new();
    for condition in &query.conditions {
        for id in condition.typed.iter().filter_map(|typed| domain::ids::record_id(typed)).take(CHIP_NAMES_MAX) {
            values.insert(condition.field.clone(), Value::Reference(id));
            records.push(Record { id: 0, version: 0, trashed: None, values: std::mem::take(&mut values) });
        }
    }
    Ok(Names::of_records(conn, asked, section, &records).await?)
}

/// «Мои» is the switch's, and the row's inputs show themselves; everything else is a chip.
pub fn chips(
    section: &Section,
    query: &ListQuery,
    view: &UserView,
    people: &[Person],
    names: &Names,
    reader: &Reader,
) -> Vec<Chip> {
    let pinned = view.row_filters(section);
    let mut chips: Vec<Chip> = Vec::new();
    let mut groups: BTreeMap<char, usize> = BTreeMap::new();
    for (place, condition) in query.conditions.iter().enumerate() {
        let Some(field) = section.field(&condition.field) else { continue };
        if filter_input(section, &pinned, people, condition).is_some() || is_mine(section, condition) {
            continue;
        }
        let part = said_condition(field, condition, names, reader);
        let same_group = condition.group.and_then(|letter| groups.get(&letter).copied());
        if let Some(chip) = same_group.and_then(|chip| chips.get_mut(chip)) {
            chip.parts.push(part);
            continue;
        }
        groups.extend(condition.group.map(|letter| (letter, chips.len())));
        chips.push(Chip {
            parts: vec![part],
            edit: Opened::Edit { place, op: None }.address(section, query),
            without: format!("/{}{}", section.key, query.without_all_of(condition).print(section)),
        });
    }
    if let Some(q) = &query.q {
        let label = Word::Find.text(reader.lang).to_string();
        let without = format!("/{}{}", section.key, query.with_q("").print(section));
        chips.push(Chip { parts: vec![ChipPart { label, text: q.clone() }], edit: without.clone(), without });
    }
    chips
}

/// «Создан с 1 июня 2026»
fn said_condition(field: &FieldSpec, condition: &Condition, names: &Names, reader: &Reader) -> ChipPart {
    let lang = reader.lang;
    let said = |typed: &String| said_value(field, condition.op, typed, names, reader);
    let or = format!(" {} ", Word::Or.text(lang));
    let values = match condition.typed.len() {
        count if count > CHIP_VALUES_MAX => count_of_values(count as i64, lang),
        _ => condition.typed.iter().map(said).collect::<Vec<_>>().join(&or),
    };
    // The value of «больше 30 дней назад» says it all.
    let own = condition.op == field.kind.own() || matches!(condition.op, Op::Older | Op::Newer);
    let operator = match (own, condition.typed.len()) {
        (true, _) => "",
        (false, 2..) if condition.op == Op::Is => Word::AnyOf.text(lang),
        (false, _) if condition.op == Op::Not => Word::Not.text(lang),
        (false, _) => operator_word(condition.op).text(lang),
    };
    let text = [operator, values.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    ChipPart { label: field.label.get(lang).to_string(), text }
}

/// What was typed, as a person says it.
fn said_value(field: &FieldSpec, op: Op, typed: &str, names: &Names, reader: &Reader) -> String {
    let lang = reader.lang;
    let positive = op.negates(field.kind.own()).unwrap_or(op);
    match (positive, field.kind.rules().test(positive, typed)) {
        (Op::Empty | Op::Doubtful, _) => String::new(),
        (_, Some(Test::Ago { days, older: true })) => {
            format!("{} {} {}", Word::MoreThan.text(lang), words::days(days, lang), Word::Ago.text(lang))
        }
        (_, Some(Test::Ago { days, .. })) => {
            format!("{} {}", Word::WithinLast.text(lang), words::days(days, lang))
        }
        (_, Some(Test::Me)) => Word::Me.text(lang).to_string(),
        (_, Some(Test::Days(range))) => said_range(range, lang),
        (_, Some(Test::Equals(value))) => match cell(field, &value, names, reader) {
            // A record that is not there for this reader.
            Cell::Empty => typed.to_string(),
            shown => shown.text().to_string(),
        },
        _ => typed.to_string(),
    }
}

/// «с 1 июн 2026», «по 30 июн 2026», «с … по …».
fn said_range(range: DateRange, lang: Lang) -> String {
    let end =
        |word: Word, date: Option<Date>| date.map(|date| format!("{} {}", word.text(lang), middle_date(date, lang)));
    [end(Word::From, range.from), end(Word::To, range.to)].into_iter().flatten().collect::<Vec<_>>().join(" ")
}
