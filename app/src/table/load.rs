//! A page of a list: from the query string to what is shown.

use std::collections::BTreeMap;

use domain::fields::{FieldSpec, Kind, SectionSpec, Shape, Value};
use domain::ids::FieldKey;
use domain::list::{Dropped, ListQuery, Op, Test, pairs};
use domain::words::{Lang, Word, grouped};
use store::Conn;
use store::list::{Count, Page, Shelf};
use store::record::Record;

use super::api::{Chip, Column, ListView, Row};
use super::cell::{Cell, cell};
use super::names::Names;
use crate::asked::Asked;
use crate::refusal::Refusal;
use crate::settings::queries::{self as settings, UserView};

/// Names are looked up for so many values of one filter.
const CHIP_NAMES_MAX: usize = 50;

pub async fn list(section: &str, query: &str) -> Result<ListView, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(section)?.clone();
    let (query, dropped) = ListQuery::parse(&section, &pairs(query));
    let mut conn = asked.server.db.read().await?;
    let remembered = settings::user_view(&mut conn, asked.user.id, &section).await?;
    let columns = columns(&section, &query, &remembered);
    let keys: Vec<FieldKey> = columns.iter().map(|field| field.key.clone()).chain(second_line(&section)).collect();

    let midnight = |date| asked.midnight(date);
    let reader = asked.reader(&midnight);
    let page = store::list::page(&mut conn, &section, &query, &keys, Shelf::InUse, &reader).await?;
    let names = Names::of_records(&mut conn, &asked, &section, &page.records).await?;

    let link = |at: &Option<String>| {
        at.clone().map(|at| format!("/{}{}", section.key, query.with_at(Some(at)).print(&section)))
    };
    Ok(ListView {
        rows: page.records.iter().map(|record| row(&section, &columns, record, &names, &asked)).collect(),
        columns: columns.iter().map(|field| column(&section, field, asked.user.lang)).collect(),
        position: position(&page, asked.user.lang),
        count: count_text(page.count),
        previous: link(&page.previous),
        next: link(&page.next),
        dropped: dropped.into_iter().map(|Dropped(name)| name).collect(),
        dense: remembered.dense,
        all_columns: section.fields.iter().map(|field| column(&section, field, asked.user.lang)).collect(),
        chips: chips(&section, &query, &names_in(&mut conn, &asked, &section, &query).await?, &asked),
    })
}

/// From the address, else the remembered ones, else the section's own.
fn columns<'a>(section: &'a SectionSpec, query: &ListQuery, remembered: &UserView) -> Vec<&'a FieldSpec> {
    let keys = match (&query.columns, &remembered.columns) {
        (Some(columns), _) | (None, Some(columns)) => columns.clone(),
        (None, None) => section.default_columns(),
    };
    keys.iter().filter_map(|key| section.field(key)).collect()
}

/// What a row on the phone says under the name.
fn second_line(section: &SectionSpec) -> impl Iterator<Item = FieldKey> {
    section.fields.iter().filter(|field| is_second_line(section, field)).map(|field| field.key.clone())
}

fn is_second_line(section: &SectionSpec, field: &FieldSpec) -> bool {
    field.kind == Kind::Phone || section.owner.as_ref() == Some(&field.key)
}

fn column(section: &SectionSpec, field: &FieldSpec, lang: Lang) -> Column {
    Column {
        key: field.key.to_string(),
        label: field.label.get(lang).to_string(),
        sortable: field.is_sortable(),
        class: class(section, field).to_string(),
        is_title: field.key == section.title,
    }
}

fn class(section: &SectionSpec, field: &FieldSpec) -> &'static str {
    if field.key == section.title {
        return "k-title";
    }
    match field.kind.rules().shape() {
        Shape::Number => "k-number",
        Shape::Text => "k-text",
        Shape::Code => "k-code",
        Shape::Phone => "k-phone",
        Shape::When => "k-when",
        Shape::Person => "k-person",
    }
}

/// The fields that have an input in the filter row.
pub fn has_input(section: &SectionSpec, field: &FieldSpec) -> bool {
    section.search.contains(&field.key)
}

/// Names of the employees and records that conditions name by number.
async fn names_in(conn: &mut Conn, asked: &Asked, section: &SectionSpec, query: &ListQuery) -> Result<Names, Refusal> {
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

/// «Мои» is the switch's, and the row's inputs show themselves, unless there is more than one text.
fn chips(section: &SectionSpec, query: &ListQuery, names: &Names, asked: &Asked) -> Vec<Chip> {
    let lang = asked.user.lang;
    let mut chips = Vec::new();
    for condition in &query.conditions {
        let Some(field) = section.field(&condition.field) else { continue };
        let own = condition.op == field.kind.own() && condition.group.is_none();
        if has_input(section, field) && own && condition.typed.len() == 1 {
            continue;
        }
        let is_mine = own && section.owner.as_ref() == Some(&field.key) && condition.typed == ["me"];
        if is_mine {
            continue;
        }
        let said = |typed: &String| said_value(field, condition.op, typed, names, asked);
        let or = format!(" {} ", Word::Or.text(lang));
        let values = condition.typed.iter().map(said).collect::<Vec<_>>().join(&or);
        let operator = if own { "" } else { operator_word(condition.op).text(lang) };
        chips.push(Chip {
            label: field.label.get(lang).to_string(),
            text: [operator, values.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "),
            without: format!("/{}{}", section.key, query.without(condition).print(section)),
        });
    }
    if let Some(q) = &query.q {
        chips.push(Chip {
            label: Word::Find.text(lang).to_string(),
            text: q.clone(),
            without: format!("/{}{}", section.key, query.with_q("").print(section)),
        });
    }
    chips
}

/// What was typed, as a person says it.
fn said_value(field: &FieldSpec, op: Op, typed: &str, names: &Names, asked: &Asked) -> String {
    let lang = asked.user.lang;
    let positive = op.negates(field.kind.own()).unwrap_or(op);
    match (positive, field.kind.rules().test(positive, typed)) {
        (Op::Empty | Op::Doubtful, _) => String::new(),
        (_, Some(Test::Ago { days, .. })) => domain::words::days(days, lang),
        (_, Some(Test::Me)) => Word::Me.text(lang).to_string(),
        (_, Some(Test::Days(range))) => said_range(range, lang),
        (_, Some(Test::Equals(value))) => match cell(field, &value, names, asked) {
            // A record that is not there for this reader.
            Cell::Empty => typed.to_string(),
            shown => shown.text().to_string(),
        },
        _ => typed.to_string(),
    }
}

fn operator_word(op: Op) -> Word {
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

/// «с 1 июня 2026», «по 30 июня 2026», «с … по …».
fn said_range(range: domain::list::DateRange, lang: Lang) -> String {
    let end = |word: Word, date: Option<domain::moment::Date>| {
        date.map(|date| format!("{} {}", word.text(lang), domain::words::full_date(date, lang)))
    };
    [end(Word::From, range.from), end(Word::To, range.to)].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn row(section: &SectionSpec, columns: &[&FieldSpec], record: &Record, names: &Names, asked: &Asked) -> Row {
    let title = title_cell(section, record, asked.user.lang);
    let cells = columns
        .iter()
        .map(|field| {
            if field.key == section.title { title.clone() } else { cell(field, record.value(&field.key), names, asked) }
        })
        .collect();
    let second: Vec<Cell> = section
        .fields
        .iter()
        .filter(|field| is_second_line(section, field))
        .map(|field| cell(field, record.value(&field.key), names, asked))
        .filter(|cell| *cell != Cell::Empty)
        .collect();
    let dial = second.iter().find_map(|cell| match cell {
        Cell::Phone { dial, .. } => dial.clone(),
        _ => None,
    });
    Row { id: record.id, title, cells, second: second.iter().map(|cell| cell.text().to_string()).collect(), dial }
}

/// The record's name, or the one that the system makes.
pub fn title_cell(section: &SectionSpec, record: &Record, lang: Lang) -> Cell {
    let name = record.value(&section.title);
    let title = section.title_of(name, record.id, lang);
    if name.is_empty() { Cell::Automatic(title) } else { Cell::Text(title) }
}

pub fn count_text(count: Count) -> String {
    let number = grouped(count.records);
    if count.or_more { format!("{number}+") } else { number }
}

pub fn position(page: &Page, lang: Lang) -> String {
    if page.records.is_empty() {
        return String::new();
    }
    let last = page.first + page.records.len() as i64 - 1;
    format!("{}–{} {} {}", grouped(page.first), grouped(last), Word::Of.text(lang), count_text(page.count))
}
