//! Operations from the database to what is shown.

use std::collections::BTreeMap;

use domain::fields::{Registry, Section};
use domain::ids::{RecordId, SectionKey, UserId};
use domain::limits::LEFT_ROWS;
use domain::words::{Lang, Word, count_of_records, sentence};
use store::Conn;
use store::operation::{self, Left, Operation, Why};

use super::view::LeftView;
use crate::asked::Asked;
use crate::progress::{Progress, State};
use crate::refusal::Refusal;
use crate::ui::Person;
use crate::users::queries::people;
use crate::values::title_cell;
use crate::writing::refusal;

/// So long an operation that has ended is still said.
const JUST_ENDED_MS: i64 = 20 * 1000;

pub fn progress(operation: Operation, registry: &Registry, lang: Lang) -> Progress {
    let section = operation.section.as_deref().and_then(|key| registry.section(&SectionKey::from(key)));
    Progress {
        what: match section {
            Some(section) => section.forms.count(operation.total, lang),
            None => count_of_records(operation.total, lang),
        },
        is_undo: operation.is_undo(),
        id: operation.id,
        state: match operation.state {
            operation::State::Running => State::Running,
            operation::State::Stopped => State::Stopped,
            operation::State::Done => State::Done,
        },
        done: operation.done,
        total: operation.total,
        left: operation.left,
    }
}

/// What the user has under way, or has just ended: said on every page.
pub async fn latest(
    conn: &mut Conn,
    user: UserId,
    registry: &Registry,
    lang: Lang,
    now: i64,
) -> Result<Option<Progress>, store::Error> {
    let latest = operation::latest(conn, user, now - JUST_ENDED_MS).await?;
    Ok(latest.map(|operation| progress(operation, registry, lang)))
}

pub async fn operation_here(id: &str) -> Result<Progress, Refusal> {
    let asked = Asked::here()?;
    Ok(progress(find(&asked, id).await?, &asked.sees, asked.lang))
}

pub async fn find(asked: &Asked, id: &str) -> Result<Operation, Refusal> {
    let mut conn = asked.server.db.read().await?;
    match operation::find(&mut conn, &asked.actor(), id).await {
        Ok(operation) => Ok(operation),
        Err(refused) => Err(refusal(asked, &Section::default(), 0, refused).await),
    }
}

pub async fn left_alone_here(id: &str) -> Result<Vec<LeftView>, Refusal> {
    let asked = Asked::here()?;
    let operation = find(&asked, id).await?;
    let mut conn = asked.server.db.read().await?;
    let left = operation::left(&mut conn, &operation, LEFT_ROWS).await?;
    let authors: Vec<UserId> = left.iter().filter_map(|one| changed_by(&one.why)).collect();
    let authors = people(&mut conn, &authors).await?;
    let mut titles: BTreeMap<(SectionKey, RecordId), String> = BTreeMap::new();
    for section in &asked.sees.sections {
        let of_section = left.iter().filter(|one| one.section == section.key);
        let ids: Vec<RecordId> = of_section.map(|one| one.record).collect();
        for record in store::record::load_some(&mut conn, section, &ids).await? {
            let title = title_cell(section, &record, asked.lang).text().to_string();
            titles.insert((section.key.clone(), record.id), title);
        }
    }
    Ok(left.iter().map(|one| left_view(&asked, one, &titles, &authors)).collect())
}

fn changed_by(why: &Why) -> Option<UserId> {
    match why {
        Why::Changed { by, .. } => *by,
        Why::InTrash | Why::NotFound | Why::Forbidden | Why::Problems(_) => None,
    }
}

fn left_view(
    asked: &Asked,
    left: &Left,
    titles: &BTreeMap<(SectionKey, RecordId), String>,
    authors: &BTreeMap<UserId, Person>,
) -> LeftView {
    let lang = asked.lang;
    let section = asked.sees.section(&left.section);
    let label = |key| section.and_then(|section| section.field(key)).map(|field| field.label.get(lang));
    let why = match &left.why {
        Why::Changed { by, fields } => {
            let fields: Vec<&str> = fields.iter().filter_map(label).collect();
            let by = by.and_then(|by| authors.get(&by)).map(|person| format!(" ({})", person.name)).unwrap_or_default();
            format!("{}: {}{by}", Word::ChangedSince.text(lang), fields.join(", "))
        }
        Why::InTrash => Word::RecordInTrash.text(lang).to_string(),
        Why::NotFound => Word::NotFound.text(lang).to_string(),
        Why::Forbidden => Word::Forbidden.text(lang).to_string(),
        Why::Problems(problems) => {
            problems.iter().map(|problem| sentence(&problem.code, lang)).collect::<Vec<_>>().join(" ")
        }
    };
    let title = titles.get(&(left.section.clone(), left.record)).cloned();
    LeftView {
        id: left.record,
        title: title.unwrap_or_else(|| {
            section.map(|section| section.forms.automatic_name(left.record, lang)).unwrap_or_default()
        }),
        href: format!("/{}/{}", left.section, left.record),
        why,
        by_others: matches!(left.why, Why::Changed { by: Some(_), .. }),
    }
}
