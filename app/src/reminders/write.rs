//! What a reminder's forms mean.

use domain::change::{Input, Patch};
use domain::fields::kinds;
use domain::fields::{Deed, FieldSpec, Kind, Section, Stamp, Target, Value};
use domain::ids::{FieldKey, RecordRef, SectionKey, record_id};
use domain::problem::{Code, Problem};
use store::record::{self, Record};
use store::write::{Act, Base};
use store::{Conn, Db};

use super::fields::WHAT;
use super::when::When;
use crate::reader::Reader;
use crate::refusal::Refusal;
use crate::section_code::{Meaning, OwnForm};
use crate::users::queries::user;
use crate::{clients, contacts};

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
        // A card is where a reminder is made; what it concerns stays so.
        let of = whose(reader, db, get("client"), get("about"), get("contact")).await?;
        patch.fields.retain(|(key, _)| !["client", "about"].contains(&key.as_str()));
        patch.fields.push(of.ok_or_else(|| problem("client", Code::UnknownRecord))?);
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
            let (fields, next) = ticked(reader, &mut conn, section, &record).await?;
            patch.fields.extend(fields);
            also.extend(next);
        }
        Some("0") => patch.fields.push((FieldKey::from("done"), Input::Value(Value::Empty))),
        _ => {}
    }
    Ok(Meaning { patch, also })
}

/// What something is said of, by the field that names it: a client, or another record. Of a contact it is the one client
/// that they have; who has none is talked of themselves.
pub async fn whose(
    reader: &Reader,
    db: &Db,
    client: Option<String>,
    about: Option<String>,
    contact: Option<String>,
) -> Result<Option<(FieldKey, Input)>, Refusal> {
    let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let client_is = |value| (FieldKey::from("client"), Input::Value(value));
    if let Some(client) = given(client) {
        let to = Target::Section(SectionKey::from(clients::KEY));
        let value = Kind::Reference(to).rules().parse(&client).map_err(|code| problem("client", code))?;
        return Ok(Some(client_is(value)));
    }
    let about_is = |value| (FieldKey::from("about"), Input::Value(value));
    if let Some(about) = given(about) {
        let value = Kind::Record.rules().parse(&about).map_err(|code| problem("client", code))?;
        // What is said of a client alone needs no other name.
        return Ok(Some(match kinds::record::named(&value) {
            Some(of) if of.section.as_str() == clients::KEY => client_is(Value::Reference(of.id)),
            _ => about_is(value),
        }));
    }
    let Some(contact) = given(contact).as_deref().and_then(record_id) else { return Ok(None) };
    let mut conn = db.read().await?;
    let of = match contacts::read::clients_of(&mut conn, reader, contact).await {
        Err(Refusal::NotFound) => return Ok(None),
        of => of?,
    };
    Ok(Some(match of.first() {
        Some(client) => client_is(Value::Reference(*client)),
        None => about_is(kinds::record::value(&RecordRef::new(&SectionKey::from(contacts::KEY), contact))),
    }))
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
async fn ticked(
    reader: &Reader,
    conn: &mut Conn,
    section: &Section,
    record: &Record,
) -> Result<(Vec<(FieldKey, Input)>, Option<Act>), Refusal> {
    let key = |name: &str| FieldKey::from(name);
    let value = |name: &str| record.value(&key(name));
    let mut fields = vec![(key("done"), Input::Stamp(Stamp::Now))];
    let next = value("repeats").number().zip(value("wall").text()).and_then(|(repeats, wall)| {
        let zone = value("zone").text().and_then(|name| jiff::tz::TimeZone::get(name).ok());
        let after = Ord::max(reader.now, value("when").number().unwrap_or_default());
        When::next(wall, repeats, after, &zone.unwrap_or_else(|| reader.zone.clone()))
    });
    let Some(next) = next else { return Ok((fields, None)) };
    let when = (key("when"), Input::Value(Value::Instant(next.utc_ms)));
    // Who may not make one moves it.
    if !section.access.may(Deed::Create) {
        return Ok((vec![when], None));
    }
    fields.push((key("repeats"), Input::Value(Value::Empty)));
    let mut of_next = vec![when];
    let value_of_about = value("about").clone();
    for field in section.fields.iter().filter(|field| section.access.may_write(field)) {
        let value = record.value(&field.key);
        // Whose it is follows from what it is about.
        let follows = field.key.as_str() == "client" && !value_of_about.is_empty();
        let is_own = follows || ["when", "done"].contains(&field.key.as_str());
        if !is_own && !value.is_empty() && is_there(reader, conn, field, value).await? {
            of_next.push((field.key.clone(), Input::Value(value.clone())));
        }
    }
    let patch = Patch { fields: of_next, accept: Vec::new() };
    Ok((fields, Some(Act::Create { section: section.key.clone(), patch })))
}

/// Whether a new record may point where this one does: a contact that was deleted and an employee who has left are not
/// gone on with.
async fn is_there(reader: &Reader, conn: &mut Conn, field: &FieldSpec, value: &Value) -> Result<bool, Refusal> {
    let Some((target, id)) = field.kind.target().zip(value.number()) else { return Ok(true) };
    Ok(match target {
        Target::Users => user(conn, id).await?.is_some(),
        Target::Section(to) => match reader.sees.section(to) {
            Some(section) => record::load(conn, section, id).await?.is_some_and(|record| record.trashed.is_none()),
            None => false,
        },
    })
}

/// The acts that finish a reminder, for what is noted elsewhere: a call.
pub async fn finish(reader: &Reader, conn: &mut Conn, section: &Section, record: &Record) -> Result<Vec<Act>, Refusal> {
    let (fields, next) = ticked(reader, conn, section, record).await?;
    let patch = Patch { fields, accept: Vec::new() };
    let (key, base) = (section.key.clone(), Base::Version(record.version));
    Ok(std::iter::once(Act::Update { section: key, record: record.id.into(), base, patch }).chain(next).collect())
}

/// To call, unless something else is said.
fn put_choice(patch: &mut Patch) {
    patch.fields.push((FieldKey::from("what"), Input::Value(Value::Integer(WHAT[0].2))));
}

fn problem(field: &str, code: Code) -> Refusal {
    Refusal::Problems(vec![Problem::at(&FieldKey::from(field), code)])
}
