//! What a reminder's forms mean.

use domain::change::{Input, Patch};
use domain::fields::{Section, Stamp, Value};
use domain::ids::FieldKey;
use domain::problem::{Code, Problem};
use store::record::{self, Record};
use store::write::{Act, Base};

use super::fields::WHAT;
use super::when::When;
use crate::reader::Reader;
use crate::refusal::Refusal;
use crate::section_code::{Meaning, OwnForm};

/// What a reminder's forms send: its fields, `in` (a quick choice, or `other` with `date` and `time`; `series` moves all
/// that follow too), and `done` (1 or 0).
pub async fn read_form(form: OwnForm<'_>) -> Result<Meaning, Refusal> {
    let OwnForm { reader, db, section, id, pairs } = form;
    let get = |name: &str| pairs.get(name).map(str::to_string);
    let own = ["in", "date", "time", "done"];
    let fields = pairs.iter().filter(|(key, text)| {
        let empty_at_first = id.is_none() && text.trim().is_empty();
        !own.contains(&key.as_str()) && !empty_at_first
    });
    let mut patch = Patch::of_pairs(fields.cloned());
    let when = match get("in").as_deref() {
        Some("other" | "series") | None if get("date").is_some() => {
            let (date, time) = (get("date").unwrap_or_default(), get("time").unwrap_or_default());
            let typed = When::typed(&date, &time, &reader.zone);
            Some(typed.ok_or_else(|| problem("date", Code::NotAMoment))?)
        }
        Some(choice) => {
            let quick = When::quick(choice, reader.now, &reader.zone);
            Some(quick.ok_or_else(|| problem("date", Code::NotAMoment))?)
        }
        None => None,
    };
    let Some(id) = id else {
        let when = when.ok_or_else(|| problem("date", Code::Required))?;
        // A card of the client is where a reminder is made; whom it concerns stays so.
        if get("client").is_none_or(|client| client.is_empty()) {
            return Err(problem("client", Code::UnknownRecord));
        }
        if get("what").is_none() {
            put_choice(&mut patch);
        }
        patch.fields.extend(series_from(&when, reader));
        return Ok(patch.into());
    };
    let mut conn = db.read().await?;
    let record = record::load(&mut conn, section, id).await?.ok_or(Refusal::NotFound)?;
    if let Some(when) = when {
        // One of a series is put off alone: the others come when they were to come.
        let alone = !record.value(&FieldKey::from("repeats")).is_empty() && get("in").as_deref() != Some("series");
        patch.fields.extend(series_from(&when, reader).into_iter().take(if alone { 1 } else { usize::MAX }));
    }
    let mut also = Vec::new();
    match get("done").as_deref() {
        Some("1") => {
            let (fields, next) = ticked(reader, section, &record);
            patch.fields.extend(fields);
            also.extend(next);
        }
        Some("0") => patch.fields.push((FieldKey::from("done"), Input::Value(Value::Empty))),
        _ => {}
    }
    Ok(Meaning { patch, also })
}

/// When it comes, and from when on the series is counted.
fn series_from(when: &When, reader: &Reader) -> Vec<(FieldKey, Input)> {
    let zone = reader.zone.iana_name().unwrap_or("UTC").to_string();
    let values =
        [("when", Value::Instant(when.utc_ms)), ("wall", Value::Text(when.wall.clone())), ("zone", Value::Text(zone))];
    values.map(|(key, value)| (FieldKey::from(key), Input::Value(value))).to_vec()
}

/// What a tick does: the occurrence is done and stays as such; a series goes on in a new reminder, counted from its
/// first time, so that the 31st comes again.
fn ticked(reader: &Reader, section: &Section, record: &Record) -> (Vec<(FieldKey, Input)>, Option<Act>) {
    let key = |name: &str| FieldKey::from(name);
    let value = |name: &str| record.value(&key(name));
    let mut fields = vec![(key("done"), Input::Stamp(Stamp::Now))];
    let next = value("repeats").number().zip(value("wall").text()).and_then(|(repeats, wall)| {
        let zone = value("zone").text().and_then(|name| jiff::tz::TimeZone::get(name).ok());
        let after = Ord::max(reader.now, value("when").number().unwrap_or_default());
        When::next(wall, repeats, after, &zone.unwrap_or_else(|| reader.zone.clone()))
    });
    let Some(next) = next else { return (fields, None) };
    fields.push((key("repeats"), Input::Value(Value::Empty)));
    let same = ["client", "contact", "what", "note", "responsible", "repeats", "wall", "zone"];
    let same = same.iter().filter(|name| section.field_named(name).is_some() && !value(name).is_empty());
    let mut of_next: Vec<_> = same.map(|name| (key(name), Input::Value(value(name).clone()))).collect();
    of_next.push((key("when"), Input::Value(Value::Instant(next.utc_ms))));
    let patch = Patch { fields: of_next, accept: Vec::new() };
    (fields, Some(Act::Create { section: section.key.clone(), patch }))
}

/// The acts that finish a reminder, for what is noted elsewhere: a call.
pub fn finish(reader: &Reader, section: &Section, record: &Record) -> Vec<Act> {
    let (fields, next) = ticked(reader, section, record);
    let patch = Patch { fields, accept: Vec::new() };
    let (key, base) = (section.key.clone(), Base::Version(record.version));
    std::iter::once(Act::Update { section: key, record: record.id.into(), base, patch }).chain(next).collect()
}

/// To call, unless something else is said.
fn put_choice(patch: &mut Patch) {
    patch.fields.push((FieldKey::from("what"), Input::Value(Value::Integer(WHAT[0].2))));
}

fn problem(field: &str, code: Code) -> Refusal {
    Refusal::Problems(vec![Problem::at(&FieldKey::from(field), code)])
}
