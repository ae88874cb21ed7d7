//! Reminders from the database to what is shown.

use domain::fields::Section;
use domain::fields::kinds;
use domain::ids::{FieldKey, RecordId, RecordRef};
use domain::limits::PANEL_ROWS;
use domain::list::{ListQuery, pairs};
use domain::words::{ahead, exact_due};
use store::list::Shelf;
use store::record::{self, Record};

use super::fields::KEY;
use super::view::{ReminderView, RemindersView};
use crate::asked::Asked;
use crate::refusal::Refusal;
use crate::values::Names;
use crate::values::count::count_text;
use crate::values::tone_ahead;

pub async fn reminders(of: RecordRef) -> Result<RemindersView, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(KEY)?.clone();
    let mut conn = asked.server.db.read().await?;
    record::load(&mut conn, asked.section(of.section.as_str())?, of.id).await?.ok_or(Refusal::NotFound)?;
    let (field, value) = section.pointing(&of).ok_or(Refusal::NotFound)?;
    let (query, dropped) = ListQuery::parse(&section, &pairs(&format!("{field}={value}&done.empty=1&sort=when")));
    if !dropped.is_empty() {
        return Err(Refusal::NotFound);
    }
    let keys: Vec<FieldKey> = section.fields.iter().map(|field| field.key.clone()).collect();
    let midnight = |date| asked.midnight(date);
    let page = store::list::page(&mut conn, &section, &query, &keys, Shelf::InUse, &asked.of_list(&midnight)).await?;
    let names = Names::of_records(&mut conn, &asked, &section, &page.records).await?;
    Ok(RemindersView {
        open: page.records.iter().take(PANEL_ROWS).map(|one| view(&asked, &section, one, &names, Some(&of))).collect(),
        count: count_text(page.count),
        href: format!("/{KEY}{}", query.print(&section)),
        today: asked.now_moment().date().iso(),
    })
}

pub async fn reminder(id: RecordId) -> Result<(ReminderView, String, bool), Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(KEY)?.clone();
    let mut conn = asked.server.db.read().await?;
    let record = record::load(&mut conn, &section, id).await?.ok_or(Refusal::NotFound)?;
    let names = Names::of_records(&mut conn, &asked, &section, std::slice::from_ref(&record)).await?;
    let done = !record.value(&FieldKey::from("done")).is_empty();
    Ok((view(&asked, &section, &record, &names, None), asked.now_moment().date().iso(), done))
}

/// `on`: the record on whose card it stands.
pub fn view(asked: &Asked, section: &Section, record: &Record, names: &Names, on: Option<&RecordRef>) -> ReminderView {
    let lang = asked.lang;
    let value = |key: &str| record.value(&FieldKey::from(key));
    let shown = |key: &str| {
        let field = section.field_named(key)?;
        let shown = field.kind.rules().show(value(key), lang);
        (!shown.is_empty()).then_some(shown)
    };
    let called = |key: &str| {
        let field = section.field_named(key)?;
        names.called(field.kind.target()?, value(key).number()?).map(str::to_string)
    };
    let at = value("when").number().unwrap_or_default();
    let due = asked.due(at);
    let note = value("note").text();
    let what = [shown("what"), note.map(str::to_string)].into_iter().flatten().collect::<Vec<_>>().join(": ");
    ReminderView {
        id: record.id,
        version: record.version,
        href: format!("/{KEY}/{}", record.id),
        what: if what.is_empty() { section.forms.automatic_name(record.id, lang) } else { what },
        when: ahead(due, asked.now_moment(), lang),
        exact: exact_due(due, lang),
        tone: tone_ahead(at, asked),
        with: called("contact"),
        of: of_what(section, record, names, on),
        by: called("responsible"),
        repeats: shown("repeats"),
    }
}

/// The record that it is about, where that one is not said by the page: name and address.
fn of_what(section: &Section, record: &Record, names: &Names, on: Option<&RecordRef>) -> Option<(String, String)> {
    let about = section.about_field().map(|field| record.value(&field.key))?;
    let of = kinds::record::named(about).filter(|of| Some(of) != on)?;
    Some((names.record(&of.section, of.id)?.to_string(), of.path()))
}
