//! The table itself: heads that sort, rows that are links, and what stands there when there are none.

use domain::fields::SectionSpec;
use domain::ids::FieldKey;
use domain::list::{Direction, ListQuery};
use domain::words::Word;
use leptos::prelude::*;

use super::api::{Column, ListView, Row};
use super::cell::{CallButton, CellView};
use super::page::PlusForm;
use crate::frame::word;
use crate::ui::{Icon, Sign};

#[component]
pub fn Grid(section: SectionSpec, query: ListQuery, list: ListView) -> impl IntoView {
    if list.rows.is_empty() {
        return view! { <Nothing section query/> }.into_any();
    }
    let path = format!("/{}", section.key);
    let columns = list.columns.clone();
    view! {
        <table class="rows" class:dense=list.dense>
            <caption class="sr-only">{section.forms.many.get(crate::frame::frame().lang).to_string()}</caption>
            <colgroup>
                {list.columns.iter().map(|column| view! { <col class=column.class.clone()/> }).collect_view()}
            </colgroup>
            <thead>
                <tr>
                    {list.columns.iter().map(|column| view! { <Head section=section.clone() query=query.clone() column=column.clone()/> }).collect_view()}
                    <td class="m"></td>
                </tr>
            </thead>
            <tbody>
                {list.rows.into_iter().map(|row| view! { <RowView path=path.clone() columns=columns.clone() row/> }).collect_view()}
            </tbody>
        </table>
    }
    .into_any()
}

#[component]
fn Head(section: SectionSpec, query: ListQuery, column: Column) -> impl IntoView {
    let key = FieldKey::from(column.key.as_str());
    let direction = match &query.sort {
        Some(sort) if sort.field == key => Some(sort.direction),
        None if column.key == "number" => Some(Direction::Descending),
        _ => None,
    };
    let (aria, sign) = match direction {
        Some(Direction::Ascending) => (Some("ascending"), Some(Sign::Up)),
        Some(Direction::Descending) => (Some("descending"), Some(Sign::Down)),
        None => (None, None),
    };
    let name = view! {
        {column.label.clone()}
        {sign.map(|sign| view! { <span class="s"><Icon sign/></span> })}
    };
    let inner = if column.sortable {
        let href = format!("/{}{}", section.key, query.with_next_sort(&key).print(&section));
        let title = format!("{}: {}", word(Word::SortBy), column.label);
        view! { <a href=href title=title>{name}</a> }.into_any()
    } else {
        name.into_any()
    };
    view! { <th scope="col" class=column.class data-field=column.key aria-sort=aria>{inner}</th> }
}

#[component]
fn RowView(path: String, columns: Vec<Column>, row: Row) -> impl IntoView {
    let href = format!("{path}/{}", row.id);
    let title = row.title.text().to_string();
    let cells = columns
        .into_iter()
        .zip(row.cells)
        .map(|(column, cell)| {
            let content = if column.is_title {
                view! { <a class="row-link" href=href.clone()><CellView cell/></a> }.into_any()
            } else {
                view! { <CellView cell/> }.into_any()
            };
            view! { <td class=column.class data-field=column.key>{content}</td> }
        })
        .collect_view();
    view! {
        <tr data-id=row.id.to_string()>
            {cells}
            <td class="m second">
                <span>{row.second.join(" · ")}</span>
                {row.dial.map(|dial| view! { <CallButton dial whom=title/> })}
            </td>
        </tr>
    }
}

/// Nothing found, or nothing there yet.
#[component]
fn Nothing(section: SectionSpec, query: ListQuery) -> impl IntoView {
    let path = format!("/{}", section.key);
    if !query.is_filtered() {
        return view! {
            <div class="void">
                <b>{section.forms.fill(Word::EmptyBase, crate::frame::frame().lang)}</b>
                <p>{word(Word::EmptyBaseHint)}</p>
                <div class="rowb"><PlusForm path label=section.forms.one.get(crate::frame::frame().lang).to_string()/></div>
            </div>
        }
        .into_any();
    }
    let of_mine = section.owner.as_ref().is_some_and(|owner| query.typed(&section, owner) == Some("me"));
    let only_mine = of_mine && query.conditions.len() == 1 && query.q.is_none();
    let everybody = section.owner.as_ref().map_or(query.clone(), |owner| query.with_filter(&section, owner, ""));
    let everybodys = format!("{path}{}", everybody.print(&section));
    let reset = format!("{path}{}", query.without_filters().print(&section));
    view! {
        <div class="void">
            <b>{section.forms.fill(if only_mine { Word::EmptyMine } else { Word::NothingFound }, crate::frame::frame().lang)}</b>
            <div class="rowb">
                {(!only_mine).then(|| view! { <a class="btn" href=reset>{word(Word::ResetFilters)}</a> })}
                {of_mine.then(|| view! { <a class="btn" href=everybodys>{word(Word::SearchAll)}</a> })}
            </div>
        </div>
    }
    .into_any()
}
