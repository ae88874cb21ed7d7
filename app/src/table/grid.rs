//! The table itself: heads that sort, rows that are links, and what stands there when there are none.

use std::sync::Arc;

use domain::fields::SectionSpec;
use domain::ids::FieldKey;
use domain::list::{Direction, ListQuery};
use domain::words::Word;
use leptos::attr::custom::custom_attribute;
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::api::refresh;
use super::columns::{Columns, own_width};
use super::plus::PlusForm;
use super::selection::Selection;
use super::view::{Column, ListView, Refreshed, Row};
use crate::changes::{shown_by, use_changes};
use crate::frame::{frame, word};
use crate::ui::{Icon, Sign};
use crate::values::{CallButton, CellView};

/// The box before a row, in pixels; the head's second place from the left begins after it.
const BOX_WIDTH: u16 = 40;
const WIDTH_STEP: i32 = 16;

/// A row on the screen. One that no longer fits stays, greyed, until the list is asked for anew.
#[derive(Clone, Copy)]
struct Shown {
    id: i64,
    row: RwSignal<Row>,
    fits: RwSignal<bool>,
}

#[component]
pub fn Grid(
    section: SectionSpec,
    query: ListQuery,
    list: ListView,
    columns: Columns,
    selection: Selection,
    peek: Memo<Option<i64>>,
) -> impl IntoView {
    if list.rows.is_empty() {
        return view! { <Nothing section query/> }.into_any();
    }
    let heads = list.columns.clone();
    let rows: Vec<Shown> = list
        .rows
        .into_iter()
        .map(|row| Shown { id: row.id, row: RwSignal::new(row), fits: RwSignal::new(true) })
        .collect();
    let ids: Arc<[i64]> = rows.iter().map(|shown| shown.id).collect();
    let (all_ids, on_page) = (ids.clone(), ids.clone());
    refresh_after_changes(&section, &query, rows.clone());
    let width_of = {
        let section = section.clone();
        move |column: &Column| {
            let field = FieldKey::from(column.key.as_str());
            let own = section.field(&field).map(|field| own_width(&section, field)).unwrap_or_default();
            columns.width(&field).unwrap_or(own)
        }
    };
    let total = {
        let (heads, width_of) = (heads.clone(), width_of.clone());
        move || (heads.iter().map(|column| u32::from(width_of(column))).sum::<u32>() + u32::from(BOX_WIDTH)).to_string()
    };
    let cols = heads
        .iter()
        .map(|column| {
            let (column, width_of) = (column.clone(), width_of.clone());
            let field = FieldKey::from(column.key.as_str());
            // The name takes what the others leave.
            let flexible = column.is_title;
            let width = move || {
                let chosen = columns.width(&field).is_some();
                (!flexible || chosen).then(|| width_of(&column).to_string())
            };
            view! { <col {..custom_attribute("width", width)}/> }
        })
        .collect_view();
    let head_cells = heads
        .iter()
        .map(|column| view! { <Head section=section.clone() query=query.clone() column=column.clone() columns/> })
        .collect_view();
    view! {
        <table class="rows" class:dense=move || columns.dense() {..custom_attribute("width", total)}>
            <caption class="sr-only">{section.forms.many.get(frame().lang).to_string()}</caption>
            <colgroup><col {..custom_attribute("width", BOX_WIDTH.to_string())}/>{cols}</colgroup>
            <thead>
                <tr>
                    <td class="k-box">
                        <input type="checkbox" aria-label=word(Word::PickPage)
                            prop:checked=move || selection.has_all(&on_page)
                            on:change=move |event| selection.set_all(&all_ids, event_target_checked(&event))/>
                    </td>
                    {head_cells}
                    <td class="m"></td>
                </tr>
            </thead>
            <tbody>
                {rows.into_iter().map(|shown| view! { <RowView columns=heads.clone() shown ids=ids.clone() selection peek/> }).collect_view()}
            </tbody>
        </table>
    }
    .into_any()
}

/// What one act has changed on the screen is shown as it is now.
fn refresh_after_changes(section: &SectionSpec, query: &ListQuery, rows: Vec<Shown>) {
    let changes = use_changes();
    let key = section.key.to_string();
    let list = query.print(section).trim_start_matches('?').to_string();
    let sections = shown_by(section);
    let told = Memo::new(move |_| changes.told_of(&sections.iter().map(String::as_str).collect::<Vec<_>>()));
    Effect::watch(
        move || told.get(),
        move |_, _, _| {
            let (key, list, rows) = (key.clone(), list.clone(), rows.clone());
            leptos::task::spawn_local(async move {
                let ids = rows.iter().map(|shown| shown.id).collect();
                let Ok(fresh) = refresh(key, list, ids).await else { return };
                for shown in rows {
                    match fresh.iter().find(|fresh| fresh.row.id == shown.id) {
                        Some(Refreshed { row, fits }) => {
                            // Its address is that of the list that it was shown in.
                            shown.row.try_update(|old| *old = Row { href: old.href.clone(), ..row.clone() });
                            shown.fits.try_set(*fits);
                        }
                        None => drop(shown.fits.try_set(false)),
                    }
                }
            });
        },
        false,
    );
}

#[component]
fn Head(section: SectionSpec, query: ListQuery, column: Column, columns: Columns) -> impl IntoView {
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
        <span class="head-label">{column.label.clone()}</span>
        <span class="s">{sign.map(|sign| view! { <Icon sign/> })}</span>
    };
    let inner = if column.sortable {
        let href = format!("/{}{}", section.key, query.with_next_sort(&key).print(&section));
        let title = format!("{}: {}", word(Word::SortBy), column.label);
        view! { <a href=href title=title>{name}</a> }.into_any()
    } else {
        name.into_any()
    };
    let class = format!("{}{}", column.class, if column.fixed { " fixed" } else { "" });
    let movable = !column.fixed || column.is_title;
    view! {
        <th scope="col" class=class data-field=column.key aria-sort=aria>
            {inner}
            {movable.then(|| view! { <Edge section field=key label=column.label columns/> })}
        </th>
    }
}

/// The right edge of a head: dragged, or moved by the arrows, it makes the column wider.
#[component]
fn Edge(section: SectionSpec, field: FieldKey, label: String, columns: Columns) -> impl IntoView {
    let own = section.field(&field).map(|field| own_width(&section, field)).unwrap_or_default();
    let field = StoredValue::new(field);
    let width = move || i32::from(field.with_value(|field| columns.width(field)).unwrap_or(own));
    let dragged = StoredValue::new(None::<(i32, i32)>);
    let wide = move |event: &PointerEvent| dragged.get_value().map(|(from, width)| width + event.client_x() - from);
    let down = move |event: PointerEvent| {
        event.prevent_default();
        let Some(edge) = element(event.current_target()) else { return };
        let _ = edge.set_pointer_capture(event.pointer_id());
        // As it is drawn: a table wider than its columns has stretched them.
        let drawn = edge.parent_element().map(|head| head.get_bounding_client_rect().width() as i32);
        dragged.set_value(Some((event.client_x(), drawn.unwrap_or_else(|| untrack(width)))));
    };
    // While it is dragged only the picture changes; the address does when it is let go.
    let moved = move |event: PointerEvent| {
        if let (Some(wide), Some(col)) = (wide(&event), col_of(event.current_target())) {
            let _ = col.set_attribute("width", &wide.max(0).to_string());
        }
    };
    let up = move |event: PointerEvent| {
        if let Some(wide) = wide(&event) {
            dragged.set_value(None);
            field.with_value(|field| columns.set_width(field, wide));
        }
    };
    let key = move |event: KeyboardEvent| {
        let by = match event.code().as_str() {
            "ArrowLeft" => -WIDTH_STEP,
            "ArrowRight" => WIDTH_STEP,
            _ => return,
        };
        event.prevent_default();
        field.with_value(|field| columns.set_width(field, untrack(width) + by));
    };
    view! {
        <span class="edge d" role="separator" tabindex="0" aria-orientation="vertical"
            aria-label=format!("{}: {label}", word(Word::ColumnWidth)) aria-valuenow=move || width().to_string()
            aria-valuemin="56" aria-valuemax="800"
            on:pointerdown=down on:pointermove=moved on:pointerup=up on:keydown=key></span>
    }
}

fn element(target: Option<web_sys::EventTarget>) -> Option<web_sys::Element> {
    target?.dyn_into().ok()
}

/// The `<col>` of the column that an edge belongs to.
fn col_of(edge: Option<web_sys::EventTarget>) -> Option<web_sys::Element> {
    let head = element(edge)?.parent_element()?;
    let mut place = 0;
    let mut before = head.previous_element_sibling();
    while let Some(sibling) = before {
        place += 1;
        before = sibling.previous_element_sibling();
    }
    let table = head.closest("table").ok()??;
    table.query_selector_all("col").ok()?.item(place)?.dyn_into().ok()
}

#[component]
fn RowView(
    columns: Vec<Column>,
    shown: Shown,
    ids: Arc<[i64]>,
    selection: Selection,
    /// The one that is shown beside the list.
    peek: Memo<Option<i64>>,
) -> impl IntoView {
    let Shown { id, row, fits } = shown;
    let cells = columns
        .into_iter()
        .enumerate()
        .map(|(place, column)| {
            let content = move || {
                let cell = row.with(|row| row.cells.get(place).cloned())?;
                Some(if column.is_title {
                    let href = row.with(|row| row.href.clone());
                    view! { <a class="row-link" href=href><CellView cell/></a> }.into_any()
                } else {
                    view! { <CellView cell/> }.into_any()
                })
            };
            let class = format!("{}{}", column.class, if column.fixed { " fixed" } else { "" });
            view! { <td class=class data-field=column.key>{content}</td> }
        })
        .collect_view();
    let title = move || row.with(|row| row.title.text().to_string());
    let pick = move |event: MouseEvent| {
        // The box follows the selection, not the press: after a range it may be another's.
        selection.toggle(id, &ids, event.shift_key());
    };
    // The whole row opens its card, what is live in it does what it does.
    let press = move |event: MouseEvent| {
        // The right button is the browser's.
        let Some(target) = element(event.target()).filter(|_| event.button() != 2) else { return };
        let live = target.closest("a, button, input, summary").is_ok_and(|live| live.is_some());
        let chosen = window().get_selection().ok().flatten().is_some_and(|text| !text.is_collapsed());
        let link = element(event.current_target()).and_then(|row| row.query_selector("a.row-link").ok()?);
        if let Some(link) =
            link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()).filter(|_| !live && !chosen)
        {
            if event.button() == 1 || event.ctrl_key() || event.meta_key() {
                let href = link.get_attribute("href").unwrap_or_default();
                let _ = window().open_with_url_and_target(&href, "_blank");
            } else {
                // After this press has ended: the link's own comes through here too.
                leptos::task::spawn_local(async move { link.click() });
            }
        }
    };
    view! {
        <tr data-id=id.to_string() on:click=press on:auxclick=press class:picked=move || selection.has(id) class:gone=move || !fits.get() class:here=move || peek.get() == Some(id)
            title=move || (!fits.get()).then(|| word(Word::NoLongerFits))>
            <td class="k-box">
                <input type="checkbox" name="id" form="bulk" value=id.to_string()
                    aria-label=move || format!("{}: {}", word(Word::Pick), title())
                    prop:checked=move || selection.has(id) on:click=pick/>
            </td>
            {cells}
            <td class="m second">
                <span>{move || row.with(|row| row.second.join(" · "))}</span>
                {move || row.with(|row| row.dial.clone()).map(|dial| view! { <CallButton dial whom=title()/> })}
            </td>
        </tr>
    }
}

/// Nothing found, or nothing there yet.
#[component]
fn Nothing(section: SectionSpec, query: ListQuery) -> impl IntoView {
    let lang = frame().lang;
    let path = format!("/{}", section.key);
    if !query.is_filtered() {
        return view! {
            <div class="void">
                <b>{section.forms.fill(Word::EmptyBase, lang)}</b>
                <p>{word(Word::EmptyBaseHint)}</p>
                <div class="rowb"><PlusForm section/></div>
            </div>
        }
        .into_any();
    }
    let of_mine = section.owner.as_ref().is_some_and(|owner| query.typed(&section, owner) == Some("me"));
    let only_mine = of_mine && query.conditions.len() == 1 && query.q.is_none();
    let everybody = section.owner.as_ref().map_or(query.clone(), |owner| query.with_filter(&section, owner, ""));
    let everybodys = format!("{path}{}", everybody.print(&section));
    let reset = format!("{path}{}", query.without_filters().print(&section));
    // What was looked for, as far as the row's inputs say it; the chips say the rest themselves.
    let looked_for: Vec<String> = query
        .conditions
        .iter()
        .filter(|condition| condition.group.is_none() && condition.typed.len() == 1 && condition.typed[0] != "me")
        .filter_map(|condition| {
            let field = section.field(&condition.field).filter(|field| field.kind.own() == condition.op)?;
            let is_text = field.kind.own() == domain::fields::Op::Has;
            is_text.then(|| format!("{}: «{}»", field.label.get(lang), condition.typed[0].trim()))
        })
        .chain(query.q.as_ref().map(|q| format!("«{q}»")))
        .collect();
    // One press makes the record that was looked for by its name.
    let name = query.typed(&section, &section.title).or(query.q.as_deref()).map(str::trim).map(str::to_string);
    let make = name.filter(|name| !name.is_empty()).map(|name| {
        let named = (section.title.clone(), name);
        view! { <PlusForm section=section.clone() named/> }
    });
    view! {
        <div class="void">
            <b>{section.forms.fill(if only_mine { Word::EmptyMine } else { Word::NothingFound }, lang)}</b>
            {(!looked_for.is_empty()).then(|| view! { <p>{looked_for.join(", ")}</p> })}
            <div class="rowb">
                {(!only_mine).then(|| view! { <a class="btn" href=reset>{word(Word::ResetFilters)}</a> })}
                {of_mine.then(|| view! { <a class="btn" href=everybodys>{word(Word::SearchAll)}</a> })}
                {make}
            </div>
        </div>
    }
    .into_any()
}
