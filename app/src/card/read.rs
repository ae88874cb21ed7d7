//! A card from the database to what is shown.

use domain::fields::{Computed, FieldSpec, Kind, Outcome, Section};
use domain::ids::RecordId;
use domain::limits::PANEL_ROWS;
use domain::list::{ListQuery, pairs};
use domain::rights::{Action, may};
use domain::words::{Word, days, grouped, short_date};
use store::Conn;
use store::list::Shelf;
use store::record::Record;

use super::input::input;
use super::view::{CardView, FieldView, Input, Panel, PanelRow, PlaceView, Step, StepState, StepsView};
use crate::asked::Asked;
use crate::draft::draft_of;
use crate::refusal::Refusal;
use crate::values::count::count_text;
use crate::values::{Cell, Names, card_address, cell, cell_of, title_cell, trashed_line};

pub async fn card(section: &str, id: RecordId, draft: Option<&str>, list: Option<&str>) -> Result<CardView, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(section)?.clone();
    let mut conn = asked.server.db.read().await?;
    let mut view = view(&mut conn, &asked, &section, id).await?;
    if let Some(list) = list {
        view.place = place(&mut conn, &asked, &section, list).await?;
    }
    view.draft = draft_of(&mut conn, &asked, section.key.as_str(), id, draft).await;
    Ok(view)
}

/// Where the record stands in the list that it was opened from.
async fn place(conn: &mut Conn, asked: &Asked, section: &Section, list: &str) -> Result<Option<PlaceView>, Refusal> {
    let query = ListQuery::parse(section, &pairs(list)).0;
    let midnight = |date| asked.midnight(date);
    let found = store::list::neighbours(conn, section, &query, &asked.of_list(&midnight)).await?;
    let beside =
        |neighbour: Option<(RecordId, String)>| neighbour.map(|(id, place)| card_address(section, &query, id, &place));
    Ok(found.map(|found| PlaceView {
        position: format!("{} {} {}", grouped(found.position), Word::Of.text(asked.lang), count_text(found.count)),
        list: format!("/{}{}", section.key, query.with_at(None).print(section)),
        previous: beside(found.previous),
        next: beside(found.next),
    }))
}

pub async fn view(conn: &mut Conn, asked: &Asked, section: &Section, id: RecordId) -> Result<CardView, Refusal> {
    let record = store::record::load(conn, section, id).await?.ok_or(Refusal::NotFound)?;
    let names = Names::of_records(conn, asked, section, std::slice::from_ref(&record)).await?;
    let field_view = |field: &FieldSpec| FieldView {
        key: field.key.clone(),
        label: field.label.get(asked.lang).to_string(),
        cell: cell(field, record.value(&field.key), &names, asked),
        input: if record.trashed.is_some() || !may(&asked.actor(), Action::WriteField(&section.access, field)) {
            Input::ReadOnly
        } else {
            input(field, record.value(&field.key), &names, asked)
        },
    };
    // A title that the reader may not see is the automatic one.
    let unnamed =
        FieldView { key: section.title.clone(), label: String::new(), cell: Cell::Empty, input: Input::ReadOnly };
    let name = section.field(&section.title).map_or(unnamed, field_view);
    // Its steps are shown as such, and what is computed from them says nothing new.
    let is_step = |field: &FieldSpec| {
        section.steps.as_ref() == Some(&field.key) || field.computed_from().is_some() || field.asked_when.is_some()
    };
    let responsible = section.owner.as_ref().and_then(|owner| record.value(owner).number());
    let panels = panels(conn, asked, section, id).await?;
    Ok(CardView {
        section: section.key.to_string(),
        id,
        version: record.version,
        title: title_cell(section, &record, asked.lang).text().to_string(),
        named: !record.value(&section.title).is_empty(),
        name,
        fields: section.fields.iter().filter(|field| field.on_card).map(field_view).collect(),
        responsible: responsible.and_then(|id| names.person(id).cloned()),
        panels,
        steps: steps(asked, section, &record, field_view),
        chip: section.fields.iter().filter(|field| !field.kind.choices().is_empty() && !is_step(field)).find_map(
            |field| {
                let shown = field.kind.rules().show(record.value(&field.key), asked.lang);
                (!shown.is_empty()).then_some(shown)
            },
        ),
        lately: lately(asked, section, &record, &names),
        place: None,
        trashed: record.trashed.map(|(at, by)| trashed_line(asked, at, names.person(by))),
        draft: None,
    })
}

/// The steps that a record goes through, and where it stands.
fn steps(
    asked: &Asked,
    section: &Section,
    record: &Record,
    field_view: impl Fn(&FieldSpec) -> FieldView,
) -> Option<StepsView> {
    let lang = asked.lang;
    let field = section.field(section.steps.as_ref()?)?;
    let Kind::Choice(choices) = &field.kind else { return None };
    let value = record.value(&field.key);
    let here = choices.iter().position(|choice| Some(choice.id) == value.number());
    let since = section.fields.iter().find(|other| other.computed_from() == Some(&Computed::Since(field.key.clone())));
    let since = since.and_then(|since| record.value(&since.key).number());
    let said = since.map(|since| {
        let (day, today) = (asked.moment(since).date(), asked.now_moment().date());
        match today.days() - day.days() {
            0 => Word::Today.text(lang).to_string(),
            past => format!("{} {}, {}", Word::Since.text(lang), short_date(day, today, lang), days(past, lang)),
        }
    });
    let outcome = choices.outcome(value);
    let steps = choices.iter().enumerate().map(|(place, choice)| Step {
        value: choice.id.to_string(),
        label: choice.label.get(lang).to_string(),
        state: match here {
            Some(here) if place == here => StepState::Now,
            // Whoever lost has not come through the other steps.
            Some(here) if place < here && outcome != Some(Outcome::Lost) => StepState::Past,
            _ => StepState::Ahead,
        },
        outcome: choice.outcome,
        since: said.clone().filter(|_| here == Some(place)).unwrap_or_default(),
    });
    let asks = section.fields.iter().find(|asked| asked.asked_when.is_some() && asked.asked_when == outcome);
    Some(StepsView {
        field: field.key.clone(),
        label: field.label.get(lang).to_string(),
        steps: steps.collect(),
        may_write: record.trashed.is_none() && may(&asked.actor(), Action::WriteField(&section.access, field)),
        asks: asks
            .filter(|asked| record.value(&asked.key).is_empty())
            .map(field_view)
            .filter(|asked| asked.input != Input::ReadOnly),
    })
}

/// «Общались вчера, обычно раз в 14 дней»
fn lately(asked: &Asked, section: &Section, record: &Record, names: &Names) -> Option<Cell> {
    let lang = asked.lang;
    let field = section.fields.iter().find(|field| field.recency.is_some())?;
    let Cell::Event { shown, hint, tone, mark } = cell_of(field, record, names, asked) else { return None };
    let days = field.recency.as_ref()?.days.as_ref().and_then(|key| record.value(key).number());
    let usually = days.map(|days| format!("{} {}", Word::UsuallyEvery.text(lang), domain::words::days(days, lang)));
    let shown = match record.value(&field.key).is_empty() {
        true => shown,
        false => format!("{} {shown}", field.label.get(lang)),
    };
    let shown = [Some(shown), usually].into_iter().flatten().collect::<Vec<_>>().join(", ");
    Some(Cell::Event { shown, hint, tone, mark })
}

/// Sections with a field that points at this one: their records that name this record.
async fn panels(conn: &mut Conn, asked: &Asked, section: &Section, id: RecordId) -> Result<Vec<Panel>, Refusal> {
    let midnight = |date| asked.midnight(date);
    let mut panels = Vec::new();
    // What has a part of its own on this card needs no panel.
    let there = |key: &str| asked.section(key).is_ok();
    let code = asked.server.code.iter().find(|code| code.key == section.key.as_str());
    let shown = code.map(|code| (code.parts)(&there).shown).unwrap_or_default();
    let others = asked.sees.sections.iter();
    for other in others.filter(|other| !other.inner && !shown.contains(&other.key.as_str())) {
        // What is kept from this very section stands among the data already.
        for field in other.links_to(&section.key).filter(|field| field.rollup().is_none()) {
            let query = ListQuery::default().with_filter(other, &field.key, &id.to_string());
            let page = store::list::page(conn, other, &query, &[], Shelf::InUse, &asked.of_list(&midnight)).await?;
            let rows = page.records.iter().take(PANEL_ROWS).map(|record| PanelRow {
                id: record.id,
                href: format!("/{}/{}", other.key, record.id),
                title: title_cell(other, record, asked.lang),
            });
            panels.push(Panel {
                field: field.key.clone(),
                label: other.forms.many.get(asked.lang).to_string(),
                count: count_text(page.count),
                href: format!("/{}{}", other.key, query.print(other)),
                rows: rows.collect(),
            });
        }
    }
    Ok(panels)
}
