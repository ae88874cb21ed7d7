//! A page of a list: from the query string to what is shown.

use std::collections::BTreeMap;

use domain::fields::{FieldSpec, Kind, Section, Shape, Take, Value};
use domain::fields::{Op, Test};
use domain::ids::{FieldKey, RecordId};
use domain::limits::{PAGE_ROWS, UNTOUCHED_MS_MAX};
use domain::list::{Condition, Dropped, ListQuery, Opened, pairs};
use domain::words::{Lang, Word, count_of_values};
use store::history::Seen;
use store::list::Shelf;
use store::record::Record;
use store::{Conn, history as events};

use super::api::{Chip, ChipPart, Column, ListView, Missing, Refreshed, Row, Untouched, ViewTab};
use super::filters::filter_input;
use super::operators::operator_word;
use crate::appearance::{UserView, stays};
use crate::asked::Asked;
use crate::refusal::Refusal;
use crate::settings::queries as settings;
use crate::ui::Person;
use crate::users::queries::choices;
use crate::values::Names;
use crate::values::cell_of;
use crate::values::count::{count_text, position};
use crate::values::{Cell, cell};
use crate::values::{card_address, title_cell};

/// Names are looked up for so many values of one filter.
const CHIP_NAMES_MAX: usize = 50;
/// More values of one filter are only counted.
const CHIP_VALUES_MAX: usize = 3;

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
        views: views(&mut conn, &asked, &section, &query).await?,
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

/// The whole list and the ready ones, as far as the switch «Мои · Все» lets them.
async fn views(conn: &mut Conn, asked: &Asked, section: &Section, query: &ListQuery) -> Result<Vec<ViewTab>, Refusal> {
    let lang = asked.lang;
    let mine = query.conditions.iter().find(|condition| is_mine(section, condition));
    let midnight = |date| asked.midnight(date);
    let reader = asked.of_list(&midnight);
    let whole = (section.forms.many.get(lang).to_string(), ListQuery::default(), false);
    let ready = section
        .views
        .iter()
        .map(|view| (view.label.get(lang).to_string(), ListQuery::parse(section, &pairs(&view.query)).0, view.alarm));
    let mut tabs: Vec<ViewTab> = Vec::new();
    for (label, mut view, alarm) in std::iter::once(whole).chain(ready) {
        view.conditions.extend(mine.cloned());
        let count = store::list::count_of(conn, section, &view, &reader).await?;
        // Other filters make a list narrower, not another one.
        let own = view.conditions.iter().filter(|condition| !mine.is_some_and(|mine| mine == *condition));
        let on = own.clone().count() > 0 && own.clone().all(|condition| query.conditions.contains(condition));
        tabs.push(ViewTab {
            label,
            href: format!("/{}{}", section.key, view.print(section)),
            count: count_text(count),
            on,
            alarm: alarm && count.records > 0,
        });
    }
    let none = !tabs.iter().any(|tab| tab.on);
    if let Some(whole) = tabs.first_mut() {
        whole.on = none;
    }
    Ok(tabs)
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
    if columns.iter().any(|field| field.rhythm.is_some()) {
        let latest = |field: &&FieldSpec| field.rollup().is_some_and(|rollup| matches!(rollup.take, Take::Latest(_)));
        keys.extend(section.fields.iter().filter(latest).map(|field| field.key.clone()));
        keys.extend(columns.iter().filter_map(|field| field.rhythm.as_ref()?.own().cloned()));
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

/// «Мои»
fn is_mine(section: &Section, condition: &Condition) -> bool {
    let own = section.field(&condition.field).is_some_and(|field| field.kind.own() == condition.op);
    own && condition.group.is_none() && section.owner.as_ref() == Some(&condition.field) && condition.typed == ["me"]
}

/// Names of the employees and records that conditions name by number.
async fn names_in(conn: &mut Conn, asked: &Asked, section: &Section, query: &ListQuery) -> Result<Names, Refusal> {
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
fn chips(
    section: &Section,
    query: &ListQuery,
    view: &UserView,
    people: &[Person],
    names: &Names,
    asked: &Asked,
) -> Vec<Chip> {
    let pinned = view.row_filters(section);
    let mut chips: Vec<Chip> = Vec::new();
    let mut groups: BTreeMap<char, usize> = BTreeMap::new();
    for (place, condition) in query.conditions.iter().enumerate() {
        let Some(field) = section.field(&condition.field) else { continue };
        if filter_input(section, &pinned, people, condition).is_some() || is_mine(section, condition) {
            continue;
        }
        let part = said_condition(field, condition, names, asked);
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
        let label = Word::Find.text(asked.lang).to_string();
        let without = format!("/{}{}", section.key, query.with_q("").print(section));
        chips.push(Chip { parts: vec![ChipPart { label, text: q.clone() }], edit: without.clone(), without });
    }
    chips
}

/// «Создан с 1 июня 2026»
fn said_condition(field: &FieldSpec, condition: &Condition, names: &Names, asked: &Asked) -> ChipPart {
    let lang = asked.lang;
    let said = |typed: &String| said_value(field, condition.op, typed, names, asked);
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
fn said_value(field: &FieldSpec, op: Op, typed: &str, names: &Names, asked: &Asked) -> String {
    let lang = asked.lang;
    let positive = op.negates(field.kind.own()).unwrap_or(op);
    match (positive, field.kind.rules().test(positive, typed)) {
        (Op::Empty | Op::Doubtful, _) => String::new(),
        (_, Some(Test::Ago { days, older: true })) => {
            format!("{} {} {}", Word::MoreThan.text(lang), domain::words::days(days, lang), Word::Ago.text(lang))
        }
        (_, Some(Test::Ago { days, .. })) => {
            format!("{} {}", Word::WithinLast.text(lang), domain::words::days(days, lang))
        }
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

/// «с 1 июн 2026», «по 30 июн 2026», «с … по …».
fn said_range(range: domain::fields::DateRange, lang: Lang) -> String {
    let end = |word: Word, date: Option<domain::moment::Date>| {
        date.map(|date| format!("{} {}", word.text(lang), domain::words::middle_date(date, lang)))
    };
    [end(Word::From, range.from), end(Word::To, range.to)].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn row(section: &Section, columns: &[&FieldSpec], record: &Record, href: String, names: &Names, asked: &Asked) -> Row {
    let title = title_cell(section, record, asked.lang);
    let cells = columns
        .iter()
        .map(
            |field| {
                if field.key == section.title { title.clone() } else { cell_of(section, field, record, names, asked) }
            },
        )
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
