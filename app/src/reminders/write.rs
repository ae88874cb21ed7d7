//! What a reminder's forms mean.

use domain::change::{Input, Patch};
use domain::fields::{Stamp, Value};
use domain::ids::FieldKey;
use domain::problem::{Code, Problem};
use store::record;

use super::fields::WHAT;
use super::when::When;
use crate::refusal::Refusal;
use crate::section_code::OwnForm;

/// What a reminder's forms send: its fields, `in` (a quick choice, or `other` with `date` and `time`), and
/// `done` (1 or 0).
pub async fn read_form(form: OwnForm<'_>) -> Result<Patch, Refusal> {
    let OwnForm { reader, db, section, id, pairs } = form;
    let get = |name: &str| pairs.get(name).map(str::to_string);
    let own = ["in", "date", "time", "done"];
    let fields = pairs.iter().filter(|(key, text)| {
        let empty_at_first = id.is_none() && text.trim().is_empty();
        !own.contains(&key.as_str()) && !empty_at_first
    });
    let mut patch = Patch::of_pairs(fields.cloned());
    let mut put = |key: &str, value: Value| patch.fields.push((FieldKey::from(key), Input::Value(value)));
    let mut set = |when: When| {
        put("when", Value::Instant(when.utc_ms));
        put("wall", Value::Text(when.wall));
        put("zone", Value::Text(reader.zone.iana_name().unwrap_or("UTC").to_string()));
    };
    match get("in").as_deref() {
        Some("other") | None if get("date").is_some() => {
            let (date, time) = (get("date").unwrap_or_default(), get("time").unwrap_or_default());
            let typed = When::typed(&date, &time, &reader.zone);
            set(typed.ok_or_else(|| problem("date", Code::NotAMoment))?);
        }
        Some(choice) => {
            let quick = When::quick(choice, reader.now, &reader.zone);
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
            let mut conn = db.read().await?;
            let record = record::load(&mut conn, section, id).await?.ok_or(Refusal::NotFound)?;
            let value = |key: &str| record.value(&FieldKey::from(key));
            // One that repeats goes on to its next time instead, counted from the first: the 31st comes again.
            let next = value("repeats").number().zip(value("wall").text()).and_then(|(repeats, wall)| {
                let zone = value("zone").text().and_then(|name| jiff::tz::TimeZone::get(name).ok());
                let after = Ord::max(reader.now, value("when").number().unwrap_or_default());
                When::next(wall, repeats, after, &zone.unwrap_or_else(|| reader.zone.clone()))
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
