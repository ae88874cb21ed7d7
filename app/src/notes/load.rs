//! The stream from the database to what is shown: entries and changes, two indexes walked side by side.

use std::collections::BTreeMap;

use domain::change::{Change, Input, Pairs, Patch};
use domain::fields::kinds::references;
use domain::fields::{Section, Stamp, Value};
use domain::ids::{FieldKey, RecordId};
use domain::limits::{MENTIONS_MAX, PINNED_ROWS, STREAM_LATEST_ROWS, STREAM_PAGE_ROWS, TODAY_ROWS};
use domain::problem::{Code, Problem};
use domain::rights::Role;
use domain::words::{Word, exact, near_day};
use store::history::{self, Wanted};
use store::record::{self, Record};
use store::{Conn, history as events};

use super::api::{Item, MentionView, NoteView, StreamDay, StreamView, StreamWish};
use super::fields::{CALL, COMMENT, KEY, MEETING};
use super::queries;
use super::text::{candidates, spans};
use crate::asked::Asked;
use crate::card::diff::{Budget, beside};
use crate::card::load::entry;
use crate::refusal::Refusal;
use crate::users::queries::named;
use crate::values::Names;
use crate::{clients, contacts};

/// So many mentions are looked at to find those that one may see.
const MENTIONS_READ_MAX: usize = 400;

/// What a part of the stream shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Show {
    All,
    Notes(i64),
    Changes,
}

impl Show {
    fn parse(text: Option<&str>) -> Self {
        match text {
            Some("comments") => Self::Notes(COMMENT),
            Some("calls") => Self::Notes(CALL),
            Some("meetings") => Self::Notes(MEETING),
            Some("changes") => Self::Changes,
            _ => Self::All,
        }
    }

    fn kind(self) -> Option<i64> {
        match self {
            Self::Notes(kind) => Some(kind),
            Self::All | Self::Changes => None,
        }
    }
}

/// Where a page begins in each of the two: `1764000000000.17.42`, the change's place last.
#[derive(Clone, Copy)]
struct Before {
    note: Option<(i64, RecordId)>,
    change: Option<i64>,
}

impl Before {
    fn parse(text: Option<&str>) -> Self {
        let mut parts = text.unwrap_or_default().split('.').map(|part| part.parse::<i64>().ok());
        let (at, id, change) = (parts.next().flatten(), parts.next().flatten(), parts.next().flatten());
        Self { note: at.zip(id), change }
    }

    fn print(self) -> String {
        let (at, id) = self.note.unwrap_or((i64::MAX, i64::MAX));
        format!("{at}.{id}.{}", self.change.unwrap_or(i64::MAX))
    }
}

pub async fn stream(wish: StreamWish) -> Result<StreamView, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(KEY)?.clone();
    let of = asked.section(clients::KEY)?.clone();
    let mut conn = asked.server.db.read().await?;
    let client = record::load(&mut conn, &of, wish.client).await?.ok_or(Refusal::NotFound)?;
    let rows_max = if wish.latest { STREAM_LATEST_ROWS } else { STREAM_PAGE_ROWS };
    let show = Show::parse(wish.show.as_deref());
    // Whoever does not see what kind an entry is of cannot ask for one.
    if show.kind().is_some() && section.field_named("kind").is_none() {
        return Err(Refusal::NotFound);
    }
    let before = Before::parse(wish.before.as_deref());

    let notes = match show {
        Show::Changes => Vec::new(),
        Show::All | Show::Notes(_) => queries::page(&mut conn, &client, show.kind(), before.note, rows_max + 1).await?,
    };
    let (changes, hidden_before) = match (show, wish.latest) {
        (Show::Notes(_), _) | (_, true) => (Vec::new(), None),
        (Show::All | Show::Changes, false) => {
            let wanted = Wanted { before: before.change, ..Wanted::default() };
            let page = events::page(&mut conn, &of, client.id, &wanted, rows_max + 1).await?;
            (page.changes, page.earlier)
        }
    };
    let (places, earlier) = merged(&notes, &changes, before, hidden_before, rows_max);

    let pinned = match (wish.before.is_some() || wish.latest, show) {
        (false, Show::All) if section.field_named("pinned").is_some() => {
            queries::pinned(&mut conn, &client, PINNED_ROWS).await?
        }
        _ => Vec::new(),
    };
    let ids: Vec<RecordId> = places.iter().filter_map(|place| place.note()).chain(pinned.iter().copied()).collect();
    let records = record::load_some(&mut conn, &section, &ids).await?;
    let names = Names::of_records(&mut conn, &asked, &section, &records).await?;
    let shown: Vec<&Change> = places.iter().filter_map(|place| place.change(&changes)).collect();
    let owned: Vec<Change> = shown.iter().map(|change| (*change).clone()).collect();
    let change_names = Names::of_changes(&mut conn, &asked, &of, &owned).await?;
    let ops: Vec<String> = owned.iter().map(|change| change.op.clone()).collect();
    let sizes = history::sizes(&mut conn, &ops).await?;

    drop(conn);
    beside(move || {
        let of_client = Changes { of: &of, client: &client, all: &changes, names: &change_names, sizes: &sizes };
        let of_notes = Notes { section: &section, records: &records, names: &names };
        StreamView {
            pinned: pinned.iter().filter_map(|id| of_notes.view(&asked, *id)).collect(),
            days: days(&asked, &places, &of_notes, &of_client),
            earlier,
        }
    })
    .await
}

/// What is known of the entries of a page, and of its changes.
struct Notes<'a> {
    section: &'a Section,
    records: &'a [Record],
    names: &'a Names,
}

struct Changes<'a> {
    of: &'a Section,
    client: &'a Record,
    all: &'a [Change],
    names: &'a Names,
    sizes: &'a BTreeMap<String, i64>,
}

impl Notes<'_> {
    fn view(&self, asked: &Asked, id: RecordId) -> Option<NoteView> {
        let record = self.records.iter().find(|record| record.id == id)?;
        Some(note(asked, self.section, record, self.names))
    }
}

fn days(asked: &Asked, places: &[Place], notes: &Notes<'_>, changes: &Changes<'_>) -> Vec<StreamDay> {
    let today = asked.now_moment().date();
    let mut budget = Budget::of_page();
    let mut days: Vec<StreamDay> = Vec::new();
    for place in places {
        let (at, item) = match place {
            Place::Note(at, id) => match notes.view(asked, *id) {
                Some(note) => (*at, Item::Note(note)),
                None => continue,
            },
            Place::Change(at, place) => {
                let Some(change) = changes.all.get(*place) else { continue };
                let size = changes.sizes.get(&change.op).copied().unwrap_or(1);
                let entry = entry(asked, changes.of, changes.client, change, changes.names, size, &mut budget);
                (*at, Item::Change(entry))
            }
        };
        let name = near_day(asked.moment(at).date(), today, asked.lang);
        match days.last_mut().filter(|day| day.name == name) {
            Some(day) => day.items.push(item),
            None => days.push(StreamDay { name, items: vec![item] }),
        }
    }
    days
}

enum Place {
    Note(i64, RecordId),
    /// Its place among the changes.
    Change(i64, usize),
}

impl Place {
    fn note(&self) -> Option<RecordId> {
        match self {
            Self::Note(_, id) => Some(*id),
            Self::Change(..) => None,
        }
    }

    fn change<'a>(&self, changes: &'a [Change]) -> Option<&'a Change> {
        match self {
            Self::Note(..) => None,
            Self::Change(_, place) => changes.get(*place),
        }
    }
}

/// The newest of both, and where the next page begins.
fn merged(
    notes: &[(i64, RecordId)],
    changes: &[Change],
    before: Before,
    // Where the changes go on, when this reader does not see all that were looked at.
    hidden_before: Option<i64>,
    rows_max: usize,
) -> (Vec<Place>, Option<String>) {
    let mut places = Vec::new();
    let (mut note, mut change) = (0, 0);
    let mut next = before;
    while places.len() < rows_max {
        match (notes.get(note), changes.get(change)) {
            (Some((at, id)), other) if other.is_none_or(|other| *at >= other.at) => {
                places.push(Place::Note(*at, *id));
                next.note = Some((*at, *id));
                note += 1;
            }
            (_, Some(other)) => {
                places.push(Place::Change(other.at, change));
                next.change = Some(other.seq);
                change += 1;
            }
            _ => break,
        }
    }
    if change == changes.len() && places.len() < rows_max {
        next.change = hidden_before.or(next.change);
    }
    let more = note < notes.len() || change < changes.len() || hidden_before.is_some();
    (places, more.then(|| next.print()))
}

pub fn note(asked: &Asked, section: &Section, record: &Record, names: &Names) -> NoteView {
    let lang = asked.lang;
    let value = |key: &str| record.value(&FieldKey::from(key));
    let at = value("at").number().unwrap_or_default();
    let moment = asked.moment(at);
    let (hour, minute) = moment.time();
    let kind = value("kind").number().unwrap_or(COMMENT);
    let talked = value("talked").number() == Some(1);
    let author = value("created_by").number();
    let own = author == Some(asked.user.id);
    let mentioned: Vec<&str> = references::ids(value("mentions"))
        .into_iter()
        .filter_map(|id| names.person(id))
        // Whoever was alone with a name when the text was written may have a namesake by now.
        .flat_map(|person| [Some(person.name.as_str()), person.name.split_once(" (").map(|(name, _)| name)])
        .flatten()
        .collect();
    let text = value("text").text().unwrap_or_default();
    let with = section.field_named("contact").zip(value("contact").number()).and_then(|(field, id)| {
        let name = names.called(field.kind.target()?, id)?;
        Some((name.to_string(), format!("/{}/{id}", contacts::KEY)))
    });
    NoteView {
        id: record.id,
        version: record.version,
        kind,
        by: author.and_then(|author| names.person(author).cloned()),
        time: format!("{hour:02}:{minute:02}"),
        exact: exact(moment, lang),
        talk: match (kind, talked) {
            (CALL, true) => Some(Word::Answered),
            (CALL, false) => Some(Word::NotAnswered),
            (COMMENT, true) => Some(Word::WasTalk),
            _ => None,
        }
        .map(|word| word.text(lang).to_string()),
        with,
        text: spans(text, &mentioned),
        own_text: own.then(|| text.to_string()),
        edited: !value("edited").is_empty(),
        pinned: value("pinned").number() == Some(1),
        can_delete: own || asked.user.role == Role::Admin,
    }
}

/// What the composer sends: `client`, `kind`, `text`, `contact`, `answered` of a call, `talked` of a comment.
pub async fn read_form(asked: &Asked, section: &Section, id: Option<RecordId>, pairs: Pairs) -> Result<Patch, Refusal> {
    let get = |name: &str| pairs.get(name);
    let at = |name: &str, code: Code| Refusal::Problems(vec![Problem::at(&FieldKey::from(name), code)]);
    // What a kind reads from a text, or what is wrong with it.
    let read = |name: &str, text: &str| -> Result<Value, Refusal> {
        let field = section.field_named(name).ok_or_else(|| at(name, Code::UnknownField))?;
        field.kind.rules().parse(text).map_err(|code| at(name, code))
    };
    let mut values: Vec<(&str, Value)> = Vec::new();
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
            references::value(mentioned(asked, value.text().unwrap_or_default(), id.is_none()).await?),
        ));
        values.push(("text", value));
    } else if id.is_none() {
        return Err(at("text", Code::Missing));
    }
    if let Some(pinned) = get("pinned") {
        values.push(("pinned", read("pinned", pinned)?));
    }
    if id.is_none() {
        let client = read("client", get("client").unwrap_or_default())?;
        if client.is_empty() {
            return Err(at("client", Code::UnknownRecord));
        }
        values.push(("client", client));
        values.push(("kind", Value::Integer(kind)));
        let talked = match kind {
            CALL => get("answered") != Some("0"),
            MEETING => true,
            _ => get("talked") == Some("1"),
        };
        values.push(("talked", Value::Integer(talked.into())));
        if kind != COMMENT
            && let Some(contact) = get("contact").filter(|contact| !contact.is_empty())
        {
            values.push(("contact", read("contact", contact)?));
        }
    }
    let text_changes = id.is_some() && values.iter().any(|(key, _)| *key == "text");
    let fields = values.into_iter().map(|(key, value)| (FieldKey::from(key), Input::Value(value)));
    let stamp = |key: &str| (FieldKey::from(key), Input::Stamp(Stamp::Now));
    let at = id.is_none().then(|| stamp("at")).or(text_changes.then(|| stamp("edited")));
    Ok(Patch { fields: fields.chain(at).collect(), accept: Vec::new() })
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
async fn mentioned(asked: &Asked, text: &str, is_new: bool) -> Result<Vec<i64>, Refusal> {
    let places = candidates(text);
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let mut conn = asked.server.db.read().await?;
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

pub async fn mentions() -> Result<Vec<MentionView>, Refusal> {
    let asked = Asked::here()?;
    let mut conn = asked.server.db.read().await?;
    mentions_of(&mut conn, &asked, false).await
}

/// Where the one who asks was mentioned; of clients that one may see.
pub async fn mentions_of(conn: &mut Conn, asked: &Asked, unread_only: bool) -> Result<Vec<MentionView>, Refusal> {
    let section = asked.section(KEY)?.clone();
    let found = queries::mentions(conn, &section, asked.user.id, unread_only, MENTIONS_READ_MAX).await?;
    let ids: Vec<RecordId> = found.iter().map(|(id, _)| *id).collect();
    // Those of clients that one may not see are not there.
    let mut records = record::load_in_order(conn, &section, &ids).await?;
    records.truncate(2 * TODAY_ROWS);
    let names = Names::of_records(conn, asked, &section, &records).await?;
    let today = asked.now_moment().date();
    let of = section.field_named("client").and_then(|field| field.kind.target().cloned()).ok_or(Refusal::NotFound)?;
    let views = records.iter().filter_map(|record| {
        let client = record.value(&FieldKey::from("client")).number()?;
        let title = names.called(&of, client)?;
        let at = record.value(&FieldKey::from("at")).number()?;
        Some(MentionView {
            note: note(asked, &section, record, &names),
            client,
            href: format!("/{}/{client}", clients::KEY),
            title: title.to_string(),
            day: near_day(asked.moment(at).date(), today, asked.lang),
            seen: found.iter().any(|(id, seen)| *id == record.id && *seen),
        })
    });
    Ok(views.collect())
}

/// How many of them were not read.
pub async fn count_unread(conn: &mut Conn, asked: &Asked) -> Result<i64, Refusal> {
    let section = asked.section(KEY)?.clone();
    let found = queries::mentions(conn, &section, asked.user.id, true, MENTIONS_READ_MAX).await?;
    let ids: Vec<RecordId> = found.iter().map(|(id, _)| *id).collect();
    Ok(record::seen(conn, &section, &ids).await?)
}

pub async fn mention_seen(asked: &Asked, note: RecordId) -> Result<(), Refusal> {
    let section = asked.section(KEY)?.clone();
    let mut conn = asked.server.db.read().await?;
    let record = record::load(&mut conn, &section, note).await?.ok_or(Refusal::NotFound)?;
    drop(conn);
    // Only a mention of one's own is one to mark.
    if !references::ids(record.value(&FieldKey::from("mentions"))).contains(&asked.user.id) {
        return Err(Refusal::NotFound);
    }
    Ok(queries::see(&asked.server.db, asked.user.id, note).await?)
}
