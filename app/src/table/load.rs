//! A page of a list: from the query string to what is shown.

use std::collections::BTreeMap;

use domain::fields::{FieldSpec, Kind, SectionSpec, Value};
use domain::ids::{FieldKey, UserId};
use domain::list::{Dropped, ListQuery, pairs};
use domain::words::{Lang, Word, grouped};
use store::list::{Count, Page, Reader, Shelf};
use store::record::Record;

use super::api::{Chip, Column, ListView, Row};
use super::cell::{Cell, cell};
use crate::asked::Asked;
use crate::refusal::Refusal;
use crate::settings::queries::{self as settings, UserView};
use crate::ui::Person;
use crate::users::queries::people;

pub async fn list(section: &str, query: &str) -> Result<ListView, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(section)?.clone();
    let (query, dropped) = ListQuery::parse(&section, &pairs(query));
    let mut conn = asked.server.db.read().await?;
    let remembered = settings::user_view(&mut conn, asked.user.id, &section).await?;
    let columns = columns(&section, &query, &remembered);
    let keys: Vec<FieldKey> = columns.iter().map(|field| field.key.clone()).chain(second_line(&section)).collect();

    let midnight = |date| asked.midnight(date);
    let reader = Reader { user: asked.user.id, lang: asked.user.lang, midnight: &midnight };
    let page = store::list::page(&mut conn, &section, &query, &keys, Shelf::InUse, &reader).await?;
    let people = people(&mut conn, &mentioned(&section, &page.records)).await?;

    let link =
        |at: &Option<String>| at.clone().map(|at| format!("/{}{}", section.key, query.with_at(Some(at)).print()));
    Ok(ListView {
        rows: page.records.iter().map(|record| row(&section, &columns, record, &people, &asked)).collect(),
        columns: columns.iter().map(|field| column(&section, field, asked.user.lang)).collect(),
        position: position(&page, asked.user.lang),
        count: count_text(page.count),
        previous: link(&page.previous),
        next: link(&page.next),
        dropped: dropped.into_iter().map(|Dropped(name)| name).collect(),
        dense: remembered.dense,
        all_columns: section.fields.iter().map(|field| column(&section, field, asked.user.lang)).collect(),
        chips: chips(&section, &query, &people_in(&mut conn, &query).await?, asked.user.lang),
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
    section.fields.iter().filter(|field| is_second_line(field)).map(|field| field.key.clone())
}

fn is_second_line(field: &FieldSpec) -> bool {
    !field.read_only && matches!(field.kind, Kind::Phone | Kind::Reference(_))
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
    match field.kind {
        Kind::Integer => "k-number",
        Kind::Text | Kind::Email | Kind::Link => "k-text",
        Kind::Inn | Kind::Kpp | Kind::Ogrn => "k-code",
        Kind::Phone => "k-phone",
        Kind::Instant => "k-when",
        Kind::Reference(_) => "k-person",
    }
}

/// The fields that have an input in the filter row.
pub fn has_input(section: &SectionSpec, field: &FieldSpec) -> bool {
    section.search.contains(&field.key)
}

async fn people_in(conn: &mut store::Conn, query: &ListQuery) -> Result<BTreeMap<UserId, Person>, Refusal> {
    let typed = query.conditions.iter().flat_map(|condition| &condition.typed);
    let ids: Vec<UserId> = typed.filter_map(|typed| domain::ids::record_id(typed)).take(50).collect();
    Ok(people(conn, &ids).await?)
}

/// «Мои» is the switch's, and the row's inputs show themselves, unless there is more than one text.
fn chips(section: &SectionSpec, query: &ListQuery, people: &BTreeMap<UserId, Person>, lang: Lang) -> Vec<Chip> {
    let mut chips = Vec::new();
    for condition in &query.conditions {
        let Some(field) = section.field(&condition.field) else { continue };
        let several = condition.typed.len() > 1;
        if has_input(section, field) && !several {
            continue;
        }
        let said = |typed: &String| match field.kind {
            Kind::Reference(_) if typed == "me" => Word::Me.text(lang).to_string(),
            Kind::Reference(_) => {
                let person = domain::ids::record_id(typed).and_then(|id| people.get(&id));
                person.map_or_else(|| typed.clone(), |person| person.name.clone())
            }
            Kind::Instant => {
                domain::list::DateRange::parse(typed).map_or_else(|| typed.clone(), |range| said_range(range, lang))
            }
            Kind::Text
            | Kind::Integer
            | Kind::Phone
            | Kind::Email
            | Kind::Link
            | Kind::Inn
            | Kind::Kpp
            | Kind::Ogrn => typed.clone(),
        };
        let or = format!(" {} ", Word::Or.text(lang));
        chips.push(Chip {
            label: field.label.get(lang).to_string(),
            text: condition.typed.iter().map(said).collect::<Vec<_>>().join(&or),
            without: format!("/{}{}", section.key, query.with_filter(&field.key, "").print()),
        });
    }
    if let Some(q) = &query.q {
        chips.push(Chip {
            label: Word::Find.text(lang).to_string(),
            text: q.clone(),
            without: format!("/{}{}", section.key, query.with_q("").print()),
        });
    }
    chips
}

/// «с 1 июня 2026», «по 30 июня 2026», «с … по …».
fn said_range(range: domain::list::DateRange, lang: Lang) -> String {
    let end = |word: Word, date: Option<domain::moment::Date>| {
        date.map(|date| format!("{} {}", word.text(lang), domain::words::full_date(date, lang)))
    };
    [end(Word::From, range.from), end(Word::To, range.to)].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn row(
    section: &SectionSpec,
    columns: &[&FieldSpec],
    record: &Record,
    people: &BTreeMap<UserId, Person>,
    asked: &Asked,
) -> Row {
    let title = title_cell(section, record, asked.user.lang);
    let cells = columns
        .iter()
        .map(|field| {
            if field.key == section.title {
                title.clone()
            } else {
                cell(field, record.value(&field.key), people, asked)
            }
        })
        .collect();
    let second: Vec<Cell> = section
        .fields
        .iter()
        .filter(|field| is_second_line(field))
        .map(|field| cell(field, record.value(&field.key), people, asked))
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

/// Every employee that these records name.
pub fn mentioned(section: &SectionSpec, records: &[Record]) -> Vec<UserId> {
    let references: Vec<&FieldSpec> =
        section.fields.iter().filter(|field| matches!(field.kind, Kind::Reference(_))).collect();
    let mut ids: Vec<UserId> = records
        .iter()
        .flat_map(|record| {
            references.iter().filter_map(|field| match record.value(&field.key) {
                Value::Reference(id) => Some(*id),
                Value::Empty | Value::Text(_) | Value::Integer(_) | Value::Instant(_) => None,
            })
        })
        .chain(records.iter().filter_map(|record| record.trashed.map(|(_, by)| by)))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
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
