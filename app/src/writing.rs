//! What a request writes: acts, again where the sections were changed just now, and refusals with what the writer
//! needs to settle them.

use std::collections::BTreeMap;

use domain::change::{Change, ChangeKind, Difference, Patch, Source};
use domain::fields::{Section, Value};
use domain::ids::RecordId;
use store::write::{self, Act, Applied, Base, Refused, Subject};

use crate::asked::Asked;
use crate::refusal::{Clash, Refusal};
use crate::values::{Names, cell};

/// A write is repeated so often when sections or fields are changed at the same time.
pub const TRIES_MAX: u32 = 5;

/// Does one act on one record.
pub async fn one(asked: &Asked, source: Source, key: &str, act: Act) -> Result<Applied, Refusal> {
    apply_all(asked, source, key, vec![act]).await?.into_iter().next().ok_or(Refusal::NotFound)
}

/// Does all of these acts or none; when sections or fields were changed just now, again with them as they are.
pub async fn apply_all(asked: &Asked, source: Source, key: &str, acts: Vec<Act>) -> Result<Vec<Applied>, Refusal> {
    let mut asked = asked.clone();
    for _ in 0..TRIES_MAX {
        let context = asked.write(source, key)?;
        match write::apply(&asked.server.db, &context, acts.clone()).await {
            Ok(applied) => return Ok(applied),
            Err(Refused { why: write::Refusal::Stale, .. }) => asked.look_again().await?,
            Err(Refused { act, why }) => {
                let about = match acts.get(act) {
                    Some(Act::Update { section, record: Subject::Number(id), .. }) => Some((section, *id)),
                    _ => None,
                };
                let (section, id) = about.and_then(|(key, id)| Some((asked.sees.section(key)?, id))).unzip();
                let (none, id) = (Section::default(), id.unwrap_or(0));
                return Err(refusal(&asked, section.unwrap_or(&none), id, why).await);
            }
        }
    }
    Err(Refusal::Failed)
}

/// Writes a patch to one record.
pub async fn apply(
    asked: &Asked,
    section: &Section,
    id: RecordId,
    base: i64,
    key: &str,
    patch: Patch,
) -> Result<Applied, Refusal> {
    one(asked, Source::Form, key, update(section, id, base, patch)).await
}

pub fn update(section: &Section, id: RecordId, base: i64, patch: Patch) -> Act {
    Act::Update { section: section.key.clone(), record: id.into(), base: Base::Version(base), patch }
}

/// A refusal of the store, with what the reader needs to settle it.
pub async fn refusal(asked: &Asked, section: &Section, id: RecordId, refused: write::Refusal) -> Refusal {
    match refused {
        write::Refusal::Problems(problems) => Refusal::Problems(problems),
        write::Refusal::NotFound => Refusal::NotFound,
        write::Refusal::InTrash => Refusal::InTrash,
        write::Refusal::Forbidden => Refusal::Forbidden,
        // Repeated where it is written.
        write::Refusal::Stale => Refusal::Failed,
        write::Refusal::TooMany => Refusal::Declaration(refused.to_string()),
        write::Refusal::Store(error) => error.into(),
        write::Refusal::Conflicts(conflicts) => match clashes(asked, section, id, conflicts).await {
            Ok(clashes) => Refusal::Clashes(clashes),
            Err(refusal) => refusal,
        },
    }
}

async fn clashes(
    asked: &Asked,
    section: &Section,
    id: RecordId,
    conflicts: Vec<write::Conflict>,
) -> Result<Vec<Clash>, Refusal> {
    let mut conn = asked.server.db.read().await?;
    let version = store::record::load(&mut conn, section, id).await?.map_or(0, |record| record.version);
    let theirs = conflicts.iter().map(|conflict| Change {
        seq: 0,
        op: String::new(),
        record: id,
        version,
        at: conflict.at,
        actor: conflict.by,
        source: Source::Form,
        kind: ChangeKind::Update,
        undoes: None,
        fields: BTreeMap::from([(
            conflict.field.clone(),
            Difference { old: Value::Empty, new: conflict.theirs.clone() },
        )]),
    });
    let names = Names::of_changes(&mut conn, asked, section, &theirs.collect::<Vec<_>>()).await?;
    let said = conflicts.into_iter().filter_map(|conflict| {
        let field = section.field(&conflict.field)?;
        Some(Clash {
            label: field.label.get(asked.lang).to_string(),
            by: names.person(conflict.by).map(|person| person.name.clone()).unwrap_or_default(),
            theirs: cell(field, &conflict.theirs, &names, asked).text().to_string(),
            field: conflict.field,
            version,
        })
    });
    Ok(said.collect())
}
