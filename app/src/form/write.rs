//! What a section's own form writes: nothing of it is left out.

use domain::change::{Pairs, Patch, Source};
use domain::fields::Section;
use domain::ids::RecordId;
use store::write::{Act, Applied};

use crate::asked::Asked;
use crate::refusal::Refusal;
use crate::section_code::{Meaning, OwnForm};
use crate::writing::{apply_all, update};

pub async fn add_here(section: &str, pairs: Pairs, key: &str) -> Result<(RecordId, Option<i64>), Refusal> {
    let added = add(&Asked::here()?, section, pairs, key).await?;
    Ok((added.record, added.seq))
}

pub async fn change_here(
    section: &str,
    id: RecordId,
    version: i64,
    pairs: Pairs,
    key: &str,
) -> Result<Option<i64>, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(section)?.clone();
    Ok(change(&asked, &section, id, version, pairs, key).await?.seq)
}

/// Makes a record.
pub async fn add(asked: &Asked, section: &str, pairs: Pairs, key: &str) -> Result<Applied, Refusal> {
    let section = asked.section(section)?;
    let Meaning { patch, also } = read(asked, section, None, pairs).await?;
    let act = Act::Create { section: section.key.clone(), patch };
    first_of(asked, key, act, also).await
}

/// Changes a record; `base` is the version that the writer saw.
pub async fn change(
    asked: &Asked,
    section: &Section,
    id: RecordId,
    base: i64,
    pairs: Pairs,
    key: &str,
) -> Result<Applied, Refusal> {
    let Meaning { patch, also } = read(asked, section, Some(id), pairs).await?;
    first_of(asked, key, update(section, id, base, patch), also).await
}

async fn first_of(asked: &Asked, key: &str, act: Act, also: Vec<Act>) -> Result<Applied, Refusal> {
    let acts = std::iter::once(act).chain(also).collect();
    apply_all(asked, Source::Form, key, acts).await?.into_iter().next().ok_or(Refusal::NotFound)
}

/// What the form means; of a section that has none of its own every input is its field.
async fn read(asked: &Asked, section: &Section, id: Option<RecordId>, pairs: Pairs) -> Result<Meaning, Refusal> {
    let own = asked.server.code.iter().find(|code| code.key == section.key.as_str()).and_then(|code| code.read_form);
    match own {
        Some(read) => read(OwnForm { reader: &asked.reader, db: &asked.server.db, section, id, pairs }).await,
        None => Ok(Patch::of_pairs(pairs).into()),
    }
}
