//! What a card's forms write.

use domain::change::{ChangeKind, Input as Typed, Pairs, Patch, Source};
use domain::fields::Section;
use domain::ids::{FieldKey, RecordId};
use store::history as events;
use store::operation;
use store::write::{Act, Applied};

use super::read::view;
use super::view::{Edit, Saved};
use crate::asked::Asked;
use crate::history::labels;
use crate::refusal::Refusal;
use crate::writing::{apply, apply_all, one, update};

pub async fn create_here(section: &str, given: Pairs, key: &str) -> Result<RecordId, Refusal> {
    create(&Asked::here()?, section, given, key).await
}

/// Makes a record that begins with these values.
pub async fn create(asked: &Asked, section: &str, given: Pairs, key: &str) -> Result<RecordId, Refusal> {
    let section = asked.section(section)?;
    if section.made_elsewhere {
        return Err(Refusal::Forbidden);
    }
    let fields = given.into_iter().filter(|(_, typed)| !typed.trim().is_empty());
    let fields: Vec<_> = fields.map(|(key, typed)| (key, Typed::Typed(typed))).collect();
    // What somebody looked for is taken as it is, also when it is doubtful.
    let mut patch = Patch { accept: fields.iter().map(|(key, _)| key.clone()).collect(), fields };
    loop {
        let act = Act::Create { section: section.key.clone(), patch: patch.clone() };
        match one(asked, Source::Form, key, act).await {
            Ok(applied) => return Ok(applied.record),
            // What cannot be a value of its field is left out: the record is what was asked for.
            Err(Refusal::Problems(problems)) if !patch.fields.is_empty() => {
                let before = patch.fields.len();
                let wrong = |key: &FieldKey| problems.iter().any(|problem| problem.field.as_ref() == Some(key));
                patch.fields.retain(|(key, _)| !wrong(key));
                if patch.fields.len() == before {
                    return Err(Refusal::Problems(problems));
                }
            }
            Err(refusal) => return Err(refusal),
        }
    }
}

pub async fn move_to_trash(
    asked: &Asked,
    section: &Section,
    id: RecordId,
    key: &str,
    trashed: bool,
) -> Result<Applied, Refusal> {
    let (section, record) = (section.key.clone(), id.into());
    let act = if trashed { Act::Trash { section, record } } else { Act::Restore { section, record } };
    one(asked, Source::Form, key, act).await
}

/// Takes back what the operation of a change did to this record.
pub async fn take_back(
    asked: &Asked,
    section: &Section,
    id: RecordId,
    seq: i64,
    key: &str,
) -> Result<Applied, Refusal> {
    let mut conn = asked.server.db.read().await?;
    // A record that may not be seen has no changes to take back.
    store::record::load(&mut conn, section, id).await?.ok_or(Refusal::NotFound)?;
    let change = events::by_seq(&mut conn, section, id, seq).await?.ok_or(Refusal::NotFound)?;
    // What one form did in several records goes back together; of an act on many records only this one's part.
    let is_on_many = operation::is_on_many(&mut conn, &change.op).await?;
    drop(conn);
    let only = is_on_many.then(|| (section.key.clone(), id));
    let applied = apply_all(asked, Source::Undo, key, vec![Act::Undo { op: change.op, only }]).await?;
    applied.into_iter().find(|one| one.section == section.key && one.record == id).ok_or(Refusal::NotFound)
}

/// Puts one earlier value back, whoever changed it; `base` is the version that the reader saw.
pub async fn put_value_back(
    asked: &Asked,
    section: &Section,
    id: RecordId,
    seq: i64,
    field: &FieldKey,
    base: i64,
    key: &str,
) -> Result<Applied, Refusal> {
    let mut conn = asked.server.db.read().await?;
    store::record::load(&mut conn, section, id).await?.ok_or(Refusal::NotFound)?;
    let change = events::by_seq(&mut conn, section, id, seq).await?.ok_or(Refusal::NotFound)?;
    drop(conn);
    let difference = change.fields.get(field).ok_or(Refusal::NotFound)?;
    // What a record was made with has nothing before it; what belongs together goes back together.
    let alone = section.field(field).is_some_and(|field| !field.is_by_form());
    if change.kind != ChangeKind::Update || !alone {
        return Err(Refusal::Forbidden);
    }
    let patch = Patch { fields: vec![(field.clone(), Typed::Value(difference.old.clone()))], accept: Vec::new() };
    one(asked, Source::Undo, key, update(section, id, base, patch)).await
}

pub async fn save(edit: Edit) -> Result<Saved, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(&edit.section)?.clone();
    let mut patch = Patch::typed(&edit.field, &edit.typed);
    if edit.accept {
        patch.accept.push(edit.field.clone());
    }
    let applied = apply(&asked, &section, edit.id, edit.version, &edit.key, patch).await?;
    saved(&asked, &section, applied).await
}

pub async fn put_back(
    section: &str,
    id: RecordId,
    seq: i64,
    field: &FieldKey,
    version: i64,
    key: String,
) -> Result<Saved, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(section)?.clone();
    let applied = put_value_back(&asked, &section, id, seq, field, version, &key).await?;
    saved(&asked, &section, applied).await
}

pub async fn set_trashed(section: &str, id: RecordId, trashed: bool, key: String) -> Result<(), Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(section)?.clone();
    move_to_trash(&asked, &section, id, &key, trashed).await.map(drop)
}

pub async fn undo(section: &str, id: RecordId, seq: i64, key: String) -> Result<Saved, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(section)?.clone();
    let applied = take_back(&asked, &section, id, seq, &key).await?;
    saved(&asked, &section, applied).await
}

async fn saved(asked: &Asked, section: &Section, applied: Applied) -> Result<Saved, Refusal> {
    let mut conn = asked.server.db.read().await?;
    // What was saved may have taken the record out of the writer's sight.
    let card = match view(&mut conn, asked, section, applied.record).await {
        Ok(card) => Some(card),
        Err(Refusal::NotFound) => None,
        Err(refusal) => return Err(refusal),
    };
    Ok(Saved { card, seq: applied.seq, left: labels(asked, section, &applied.left) })
}
