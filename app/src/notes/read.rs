//! The stream from the database to what is shown: entries and changes, two indexes walked side by side.

use std::collections::BTreeMap;

use domain::change::Change;
use domain::fields::kinds::{self, references};
use domain::fields::{Section, Target};
use domain::ids::{FieldKey, RecordId, RecordRef};
use domain::limits::{PINNED_ROWS, STREAM_LATEST_ROWS, STREAM_PAGE_ROWS};
use domain::rights::Role;
use domain::words::{Word, exact, near_day};
use store::history::{self, Wanted};
use store::record::{self, Record};

use super::fields::{CALL, COMMENT, KEY, MEETING};
use super::queries;
use super::text::spans;
use super::view::{Item, NoteView, StreamDay, StreamView, StreamWish};
use crate::asked::Asked;
use crate::contacts;
use crate::history::{Budget, beside, entry};
use crate::refusal::Refusal;
use crate::values::Names;

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
    let of = asked.section(wish.of.section.as_str())?.clone();
    let mut conn = asked.server.db.read().await?;
    let record = record::load(&mut conn, &of, wish.of.id).await?.ok_or(Refusal::NotFound)?;
    let of_record = queries::Of::record(&section, &of, &record).filter(|_| of.can_be_of());
    let of_record = of_record.ok_or(Refusal::NotFound)?;
    let rows_max = if wish.latest { STREAM_LATEST_ROWS } else { STREAM_PAGE_ROWS };
    let show = Show::parse(wish.show.as_deref());
    // Whoever does not see what kind an entry is of cannot ask for one.
    if show.kind().is_some() && section.field_named("kind").is_none() {
        return Err(Refusal::NotFound);
    }
    let before = Before::parse(wish.before.as_deref());

    let notes = match show {
        Show::Changes => Vec::new(),
        Show::All | Show::Notes(_) => {
            queries::page(&mut conn, &of_record, show.kind(), before.note, rows_max + 1).await?
        }
    };
    let (changes, hidden_before) = match (show, wish.latest) {
        (Show::Notes(_), _) | (_, true) => (Vec::new(), None),
        (Show::All | Show::Changes, false) => {
            let wanted = Wanted { before: before.change, ..Wanted::default() };
            let page = history::page(&mut conn, &of, record.id, &wanted, rows_max + 1).await?;
            (page.changes, page.earlier)
        }
    };
    let (places, earlier) = merged(&notes, &changes, before, hidden_before, rows_max);

    let pinned = match (wish.before.is_some() || wish.latest, show) {
        (false, Show::All) if section.field_named("pinned").is_some() => {
            queries::pinned(&mut conn, &of_record, PINNED_ROWS).await?
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
        let of_client = Changes { of: &of, record: &record, all: &changes, names: &change_names, sizes: &sizes };
        let of_notes = Notes { section: &section, records: &records, names: &names, on: &wish.of };
        StreamView {
            pinned: pinned.iter().filter_map(|id| of_notes.view(&asked, *id)).collect(),
            days: days(&asked, &places, &of_notes, &of_client),
            earlier,
        }
    })
    .await
}

/// What an entry is said of, unless it is the record in whose stream it stands: name and address.
pub fn said_of(section: &Section, record: &Record, names: &Names, on: Option<&RecordRef>) -> Option<(String, String)> {
    let about = section.about_field().and_then(|field| kinds::record::named(record.value(&field.key)));
    let whole = || {
        let field = section.whole_field()?;
        let Some(Target::Section(to)) = field.kind.target() else { return None };
        Some(RecordRef::new(to, record.value(&field.key).number()?))
    };
    let of = about.or_else(whole).filter(|of| Some(of) != on)?;
    Some((names.record(&of.section, of.id)?.to_string(), of.path()))
}

/// What is known of the entries of a page, and of its changes.
struct Notes<'a> {
    section: &'a Section,
    records: &'a [Record],
    names: &'a Names,
    /// Whose stream it is.
    on: &'a RecordRef,
}

struct Changes<'a> {
    of: &'a Section,
    record: &'a Record,
    all: &'a [Change],
    names: &'a Names,
    sizes: &'a BTreeMap<String, i64>,
}

impl Notes<'_> {
    fn view(&self, asked: &Asked, id: RecordId) -> Option<NoteView> {
        let record = self.records.iter().find(|record| record.id == id)?;
        Some(note(asked, self.section, record, self.names, Some(self.on)))
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
                let entry = entry(asked, changes.of, changes.record, change, changes.names, size, &mut budget);
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

/// `on`: the record in whose stream it stands.
pub fn note(asked: &Asked, section: &Section, record: &Record, names: &Names, on: Option<&RecordRef>) -> NoteView {
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
        of: said_of(section, record, names, on),
        text: spans(text, &mentioned),
        own_text: own.then(|| text.to_string()),
        edited: !value("edited").is_empty(),
        pinned: value("pinned").number() == Some(1),
        can_delete: own || asked.user.role == Role::Admin,
    }
}
