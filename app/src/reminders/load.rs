//! Reminders from the database to what is shown, and what their forms mean.

use domain::change::{Input, Pairs, Patch};
use domain::fields::{Section, Stamp, Value};
use domain::ids::{FieldKey, RecordId};
use domain::limits::PANEL_ROWS;
use domain::list::{ListQuery, pairs};
use domain::problem::{Code, Problem};
use domain::words::{ahead, exact};
use store::list::Shelf;
use store::record::{self, Record};

use super::api::{ReminderView, RemindersView};
use super::fields::{KEY, WHAT};
use super::when::When;
use crate::asked::Asked;
use crate::clients;
use crate::refusal::Refusal;
use crate::values::Names;
use crate::values::count::count_text;
use crate::values::tone_ahead;

pub async fn reminders(client: RecordId) -> Result<RemindersView, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(KEY)?.clone();
    let mut conn = asked.server.db.read().await?;
    record::load(&mut conn, asked.section(clients::KEY)?, client).await?.ok_or(Refusal::NotFound)?;
    let (query, dropped) = ListQuery::parse(&section, &pairs(&format!("client={client}&done.empty=1&sort=when")));
    if !dropped.is_empty() {
        return Err(Refusal::NotFound);
    }
    let keys: Vec<FieldKey> = section.fields.iter().map(|field| field.key.clone()).collect();
    let midnight = |date| asked.midnight(date);
    let page = store::list::page(&mut conn, &section, &query, &keys, Shelf::InUse, &asked.of_list(&midnight)).await?;
    let names = Names::of_records(&mut conn, &asked, &section, &page.records).await?;
    Ok(RemindersView {
        open: page.records.iter().take(PANEL_ROWS).map(|one| view(&asked, &section, one, &names)).collect(),
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
    Ok((view(&asked, &section, &record, &names), asked.now_moment().date().iso(), done))
}

pub fn view(asked: &Asked, section: &Section, record: &Record, names: &Names) -> ReminderView {
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
    let moment = asked.moment(at);
    let note = value("note").text();
    let what = [shown("what"), note.map(str::to_string)].into_iter().flatten().collect::<Vec<_>>().join(": ");
    ReminderView {
        id: record.id,
        version: record.version,
        href: format!("/{KEY}/{}", record.id),
        what: if what.is_empty() { section.forms.automatic_name(record.id, lang) } else { what },
        when: ahead(moment, asked.now_moment(), lang),
        exact: exact(moment, lang),
        tone: tone_ahead(at, asked),
        with: called("contact"),
        by: called("responsible"),
        repeats: shown("repeats"),
    }
}

/// What a reminder's forms send: its fields, `in` (a quick choice, or `other` with `date` and `time`), and
/// `done` (1 or 0).
pub async fn read_form(asked: &Asked, section: &Section, id: Option<RecordId>, pairs: Pairs) -> Result<Patch, Refusal> {
    let get = |name: &str| pairs.get(name).map(str::to_string);
    let own = ["in", "date", "time", "done"];
    let fields = pairs.iter().filter(|(key, text)| {
        let empty_at_first = id.is_none() && text.trim().is_empty();
        !own.contains(&key.as_str()) && !empty_at_first
    });
    let mut patch = crate::sections::typed(fields.cloned().collect());
    let mut put = |key: &str, value: Value| patch.fields.push((FieldKey::from(key), Input::Value(value)));
    let mut set = |when: When| {
        put("when", Value::Instant(when.utc_ms));
        put("wall", Value::Text(when.wall));
        put("zone", Value::Text(asked.user.zone_name.clone()));
    };
    match get("in").as_deref() {
        Some("other") | None if get("date").is_some() => {
            let (date, time) = (get("date").unwrap_or_default(), get("time").unwrap_or_default());
            let typed = When::typed(&date, &time, &asked.zone);
            set(typed.ok_or_else(|| problem("date", Code::NotAMoment))?);
        }
        Some(choice) => {
            let quick = When::quick(choice, asked.now, &asked.zone);
            set(quick.ok_or_else(|| problem("date", Code::NotAMoment))?);
        }
        None => {}
    }
    let Some(id) = id else {
        if get("in").is_none() && get("date").is_none() {
            return Err(problem("date", Code::Required));
        }
        // A card of the client is where a reminder is made; whom it concerns stays so.
        if get("client").is_none_or(|client| client.is_empty()) {
            return Err(problem("client", Code::UnknownRecord));
        }
        if get("what").is_none() {
            put_choice(&mut patch);
        }
        return Ok(patch);
    };
    match get("done").as_deref() {
        Some("1") => {
            let mut conn = asked.server.db.read().await?;
            let record = record::load(&mut conn, section, id).await?.ok_or(Refusal::NotFound)?;
            let value = |key: &str| record.value(&FieldKey::from(key));
            // One that repeats goes on to its next time instead, counted from the first: the 31st comes again.
            let next = value("repeats").number().zip(value("wall").text()).and_then(|(repeats, wall)| {
                let zone = value("zone").text().and_then(|name| jiff::tz::TimeZone::get(name).ok());
                let after = Ord::max(asked.now, value("when").number().unwrap_or_default());
                When::next(wall, repeats, after, &zone.unwrap_or_else(|| asked.zone.clone()))
            });
            match next {
                Some(when) => patch.fields.push((FieldKey::from("when"), Input::Value(Value::Instant(when.utc_ms)))),
                None => patch.fields.push((FieldKey::from("done"), Input::Stamp(Stamp::Now))),
            }
        }
        Some("0") => patch.fields.push((FieldKey::from("done"), Input::Value(Value::Empty))),
        _ => {}
    }
    Ok(patch)
}

/// To call, unless something else is said.
fn put_choice(patch: &mut Patch) {
    patch.fields.push((FieldKey::from("what"), Input::Value(Value::Integer(WHAT[0].2))));
}

fn problem(field: &str, code: Code) -> Refusal {
    Refusal::Problems(vec![Problem::at(&FieldKey::from(field), code)])
}
