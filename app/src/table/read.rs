//! A page of a list: from the query string to what is shown.

use domain::fields::{FieldSpec, Kind, Section, Shape, Take};
use domain::fields::{Op, Test};
use domain::ids::{FieldKey, RecordId};
use domain::limits::{PAGE_ROWS, UNTOUCHED_MS_MAX};
use domain::list::{Condition, Dropped, ListQuery, pairs};
use domain::words::Lang;
use store::history::Seen;
use store::list::Shelf;
use store::record::Record;
use store::{Conn, history as events};

use super::chip_text::{chips, names_in};
use super::tabs::tabs;
use super::view::{Column, ListView, Missing, Refreshed, Row, Untouched};
use crate::appearance::{UserView, stays};
use crate::asked::Asked;
use crate::refusal::Refusal;
use crate::settings::queries as settings;
use crate::users::queries::choices;
use crate::values::Names;
use crate::values::cell_of;
use crate::values::count::{count_text, position};
use crate::values::{Cell, cell};
use crate::values::{card_address, title_cell};

pub async fn list(section: &str, query: &str) -> Result<ListView, Refusal> {
    let asked = Asked::here()?;
    let section = asked.listed(section)?.clone();
    let (query, dropped) = ListQuery::parse(&section, &pairs(query));
    let mut conn = asked.server.db.read().await?;
    let view = settings::user_view(&mut conn, asked.user.id, &section).await?;
    let columns = columns(&section, &query, &view);
    let keys = keys(&section, &columns);

    let midnight = |date| asked.midnight(date);
    let reader = asked.of_list(&midnight);
    // Asked before the rows: what is committed in between is in neither.
    let seen = Seen::now(&mut conn).await?.as_str().to_string();
    let page = store::list::page(&mut conn, &section, &query, &keys, Shelf::InUse, &reader).await?;
    let names = Names::of_records(&mut conn, &asked, &section, &page.records).await?;
    let own_names = names_in(&mut conn, &asked, &section, &query).await?;

    let link = |at: &Option<String>| {
        at.clone().map(|at| format!("/{}{}", section.key, query.with_at(Some(at)).print(&section)))
    };
    let rows = page.records.iter().zip(&page.places).map(|(record, place)| {
        let href = card_address(&section, &query, record.id, place);
        row(&section, &columns, record, href, &names, &asked)
    });
    Ok(ListView {
        rows: rows.collect(),
        columns: columns.iter().map(|field| column(&section, field, asked.lang)).collect(),
        position: position(&page, asked.lang),
        count: count_text(page.count),
        total: page.count.records,
        or_more: page.count.or_more,
        previous: link(&page.previous),
        next: link(&page.next),
        seen,
        dropped: dropped.into_iter().map(|Dropped(name)| name).collect(),
        chips: chips(&section, &query, &view, &choices(&mut conn).await?, &own_names, &asked),
        views: tabs(&mut conn, &asked, &section, &query).await?,
        // Without these the list is a list all the same.
        missing: missing(&mut conn, &asked, &section, &query).await.unwrap_or_default(),
        untouched: untouched(&mut conn, &asked, &section).await.unwrap_or_default(),
    })
}

pub async fn refresh(section: &str, query: &str, ids: &[RecordId]) -> Result<Vec<Refreshed>, Refusal> {
    let asked = Asked::here()?;
    let section = asked.listed(section)?.clone();
    let (query, _) = ListQuery::parse(&section, &pairs(query));
    let ids = &ids[..ids.len().min(PAGE_ROWS)];
    let mut conn = asked.server.db.read().await?;
    let view = settings::user_view(&mut conn, asked.user.id, &section).await?;
    let columns = columns(&section, &query, &view);
    let midnight = |date| asked.midnight(date);
    let reader = asked.of_list(&midnight);
    let fitting = store::list::fitting(&mut conn, &section, &query, &reader, ids).await?;
    let records = store::record::load_some(&mut conn, &section, ids).await?;
    let names = Names::of_records(&mut conn, &asked, &section, &records).await?;
    let refreshed = records.iter().map(|record| Refreshed {
        row: row(&section, &columns, record, format!("/{}/{}", section.key, record.id), &names, &asked),
        fits: fitting.contains(&record.id),
    });
    Ok(refreshed.collect())
}

/// Values of a filter by many («любое из») that no record has.
async fn missing(
    conn: &mut Conn,
    asked: &Asked,
    section: &Section,
    query: &ListQuery,
) -> Result<Vec<Missing>, Refusal> {
    let mut missing = Vec::new();
    for condition in query.conditions.iter().filter(|condition| condition.typed.len() > 1 && condition.op == Op::Is) {
        let Some(field) = section.field(&condition.field) else { continue };
        let key_of = |typed: &String| match field.kind.rules().test(Op::Is, typed) {
            Some(Test::KeyIs(key)) => Some(key),
            _ => None,
        };
        let keys: Vec<String> = condition.typed.iter().filter_map(key_of).collect();
        let there = store::list::keys_there(conn, section, field, &keys).await?;
        let lost = condition.typed.iter().filter(|typed| key_of(typed).is_some_and(|key| !there.contains(&key)));
        let mut values: Vec<String> = Vec::new();
        for typed in lost {
            let one = Condition { typed: vec![typed.clone()], group: None, ..condition.clone() };
            let query = ListQuery { conditions: vec![one], ..ListQuery::default() };
            // What its filter looks through besides may have it.
            let midnight = |date| asked.midnight(date);
            let elsewhere = !field.also.is_empty()
                && store::list::count_of(conn, section, &query, &asked.of_list(&midnight)).await?.records > 0;
            if !elsewhere {
                values.push(typed.clone());
            }
        }
        if !values.is_empty() {
            missing.push(Missing { label: field.label.get(asked.lang).to_string(), values });
        }
    }
    Ok(missing)
}

/// The record that the user has made last and left as it was.
async fn untouched(conn: &mut Conn, asked: &Asked, section: &Section) -> Result<Option<Untouched>, Refusal> {
    let since = asked.now - UNTOUCHED_MS_MAX;
    let Some(id) = events::untouched(conn, section, asked.user.id, since).await? else { return Ok(None) };
    let record = store::record::load(conn, section, id).await?.filter(|record| record.trashed.is_none());
    // What a form of its own has made has no name and is no mistake.
    let nameless = record.filter(|record| record.value(&section.title).is_empty() && !section.made_elsewhere);
    Ok(nameless.map(|record| Untouched { id, title: title_cell(section, &record, asked.lang).text().to_string() }))
}

/// The columns of a list, as its section knows them.
fn columns<'a>(section: &'a Section, query: &ListQuery, view: &UserView) -> Vec<&'a FieldSpec> {
    view.columns(section, query).iter().filter_map(|shown| section.field(&shown.field)).collect()
}

/// The fields that rows are made from: beside the columns what the phone shows, and what their words need.
fn keys(section: &Section, columns: &[&FieldSpec]) -> Vec<FieldKey> {
    let mut keys: Vec<FieldKey> = columns.iter().map(|field| field.key.clone()).chain(second_line(section)).collect();
    if columns.iter().any(|field| field.recency.is_some()) {
        let latest = |field: &&FieldSpec| field.rollup().is_some_and(|rollup| matches!(rollup.take, Take::Latest(_)));
        keys.extend(section.fields.iter().filter(latest).map(|field| field.key.clone()));
        keys.extend(columns.iter().filter_map(|field| field.recency.as_ref()?.days.clone()));
    }
    keys
}

/// What a row on the phone says under the name.
fn second_line(section: &Section) -> impl Iterator<Item = FieldKey> {
    section.fields.iter().filter(|field| is_second_line(section, field)).map(|field| field.key.clone())
}

fn is_second_line(section: &Section, field: &FieldSpec) -> bool {
    field.kind == Kind::Phone || section.owner.as_ref() == Some(&field.key)
}

fn column(section: &Section, field: &FieldSpec, lang: Lang) -> Column {
    Column {
        key: field.key.to_string(),
        label: field.label.get(lang).to_string(),
        sortable: field.is_sortable(),
        class: class(section, field).to_string(),
        fixed: stays(section, &field.key),
        is_title: field.key == section.title,
    }
}

/// A column's class: how wide it is, and where its text stands.
fn class(section: &Section, field: &FieldSpec) -> &'static str {
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

fn row(section: &Section, columns: &[&FieldSpec], record: &Record, href: String, names: &Names, asked: &Asked) -> Row {
    let title = title_cell(section, record, asked.lang);
    let cells = columns
        .iter()
        .map(|field| if field.key == section.title { title.clone() } else { cell_of(field, record, names, asked) })
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
    Row { id: record.id, href, title, cells, second: second.iter().map(|cell| cell.text().to_string()).collect(), dial }
}
