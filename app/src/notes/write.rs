//! What the composer's form means.

use domain::change::{Input, Patch};
use domain::fields::kinds::references;
use domain::fields::{Stamp, Value};
use domain::ids::{FieldKey, RecordId, record_id};
use domain::limits::MENTIONS_MAX;
use domain::problem::{Code, Problem};
use store::Db;
use store::record::{self, Record};
use store::write::Act;

use super::fields::{CALL, COMMENT, MEETING};
use super::text::candidates;
use crate::reader::Reader;
use crate::refusal::Refusal;
use crate::reminders;
use crate::section_code::{Meaning, OwnForm};
use crate::users::queries::named;

/// What the composer sends: `client`, `kind`, `text`, `contact`, `answered` of a call, `talked` of a comment.
pub async fn read_form(form: OwnForm<'_>) -> Result<Meaning, Refusal> {
    let OwnForm { reader, db, section, id, pairs } = form;
    let get = |name: &str| pairs.get(name);
    let at = |name: &str, code: Code| Refusal::Problems(vec![Problem::at(&FieldKey::from(name), code)]);
    // What a kind reads from a text, or what is wrong with it.
    let read = |name: &str, text: &str| -> Result<Value, Refusal> {
        let field = section.field_named(name).ok_or_else(|| at(name, Code::UnknownField))?;
        field.kind.rules().parse(text).map_err(|code| at(name, code))
    };
    let mut values: Vec<(&str, Value)> = Vec::new();
    let mut said_of = None;
    let kind = match (id, get("kind")) {
        (_, None) => COMMENT,
        (_, Some(kind)) => [COMMENT, CALL, MEETING]
            .into_iter()
            .find(|known| known.to_string() == kind)
            .ok_or_else(|| at("kind", Code::UnknownChoice))?,
    };
    if let Some(text) = get("text") {
        let value = read("text", text)?;
        // A call that nobody answered needs no words.
        if !is_said(&value) && (kind == COMMENT || id.is_some()) {
            return Err(at("text", Code::Missing));
        }
        values.push((
            "mentions",
            references::value(mentioned(db, value.text().unwrap_or_default(), id.is_none()).await?),
        ));
        values.push(("text", value));
    } else if id.is_none() {
        return Err(at("text", Code::Missing));
    }
    if let Some(pinned) = get("pinned") {
        values.push(("pinned", read("pinned", pinned)?));
    }
    if id.is_none() {
        let named = |name: &str| get(name).map(str::to_string);
        let of = reminders::write::whose(reader, db, named("client"), named("about"), named("contact")).await?;
        said_of = Some(of.ok_or_else(|| at("client", Code::UnknownRecord))?);
        values.push(("kind", Value::Integer(kind)));
        let talked = match kind {
            CALL => get("answered") != Some("0"),
            MEETING => true,
            _ => get("talked") == Some("1"),
        };
        values.push(("talked", Value::Integer(talked.into())));
        // On their own card a contact is whom it is about, whatever it is.
        let on_contact = get("client").is_none() && get("about").is_none();
        if (kind != COMMENT || on_contact)
            && let Some(contact) = get("contact").filter(|contact| !contact.is_empty())
        {
            values.push(("contact", read("contact", contact)?));
        }
    }
    // An attempt is no talk: what was to be talked about is still open.
    let talked = id.is_none() && kind != COMMENT && (kind != CALL || get("answered") != Some("0"));
    let text_changes = id.is_some() && values.iter().any(|(key, _)| *key == "text");
    let fields = values.into_iter().map(|(key, value)| (FieldKey::from(key), Input::Value(value)));
    let stamp = |key: &str| (FieldKey::from(key), Input::Stamp(Stamp::Now));
    let at = id.is_none().then(|| stamp("at")).or(text_changes.then(|| stamp("edited")));
    let fields = fields.chain(at).chain(said_of.clone());
    let patch = Patch { fields: fields.collect(), accept: Vec::new() };
    let also = match get("finish").and_then(record_id).filter(|_| talked) {
        Some(reminder) => finished(reader, db, said_of.as_ref(), reminder).await?,
        None => Vec::new(),
    };
    Ok(Meaning { patch, also })
}

/// The acts that finish a reminder of what was talked about; of one that is done by now there are none.
async fn finished(
    reader: &Reader,
    db: &Db,
    of: Option<&(FieldKey, Input)>,
    reminder: RecordId,
) -> Result<Vec<Act>, Refusal> {
    let Some(section) = reader.sees.section(&reminders::KEY.into()) else { return Ok(Vec::new()) };
    let mut conn = db.read().await?;
    let found = record::load(&mut conn, section, reminder).await?.filter(|record| record.trashed.is_none());
    let is_open = |record: &Record| {
        let same = |(key, value): &(FieldKey, Input)| *value == Input::Value(record.value(key).clone());
        record.value(&FieldKey::from("done")).is_empty() && of.is_some_and(same)
    };
    match found.filter(is_open) {
        Some(record) => reminders::write::finish(reader, &mut conn, section, &record).await,
        None => Ok(Vec::new()),
    }
}

/// Whether anything of a text can be seen.
fn is_said(value: &Value) -> bool {
    let unseen = |c: char| {
        c.is_whitespace()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
    };
    value.text().is_some_and(|text| !text.chars().all(unseen))
}

/// The employees who are mentioned in a text: after each «@» the longest name that there is. In a new text none
/// of them may have left.
async fn mentioned(db: &Db, text: &str, is_new: bool) -> Result<Vec<i64>, Refusal> {
    let places = candidates(text);
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let mut conn = db.read().await?;
    let found = named(&mut conn, &places.concat()).await?;
    let mut ids = Vec::new();
    for names in places {
        let of_name = |name: &String| {
            let exactly = found.iter().filter(|one| one.shown == *name).collect::<Vec<_>>();
            if exactly.is_empty() { found.iter().filter(|one| one.name == *name).collect() } else { exactly }
        };
        let Some(namesakes) = names.iter().map(of_name).find(|found| !found.is_empty()) else { continue };
        let refuse = |code: Code| Refusal::Problems(vec![Problem::at(&FieldKey::from("text"), code)]);
        let mut here = namesakes.iter().filter(|one| !one.has_left);
        match (here.next(), here.next()) {
            (Some(first), Some(second)) if is_new => {
                let names = format!("{}, {}", first.shown, second.shown);
                return Err(refuse(Code::Namesakes { names }));
            }
            (Some(one), _) => ids.push(one.id),
            (None, _) if is_new => {
                let name = namesakes.first().map(|one| one.name.clone()).unwrap_or_default();
                return Err(refuse(Code::CannotMention { name }));
            }
            (None, _) => {}
        }
    }
    ids.truncate(MENTIONS_MAX);
    Ok(ids)
}
