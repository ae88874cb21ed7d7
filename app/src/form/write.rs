//! What a section's own form writes: nothing of it is left out.

use domain::change::{Pairs, Patch, Source};
use domain::fields::Section;
use domain::ids::RecordId;
use store::write::{Act, Applied};

use crate::asked::Asked;
use crate::refusal::Refusal;
use crate::section_code::OwnForm;
use crate::writing::{apply, one};

pub async fn add_here(section: &str, pairs: Pairs, key: &str) -> Result<RecordId, Refusal> {
    Ok(add(&Asked::here()?, section, pairs, key).await?.record)
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
    let patch = read(asked, section, None, pairs).await?;
    one(asked, Source::Form, key, Act::Create { section: section.key.clone(), patch }).await
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
    let patch = read(asked, section, Some(id), pairs).await?;
    apply(asked, section, id, base, key, patch).await
}

/// What the form means; of a section that has none of its own every input is its field.
async fn read(asked: &Asked, section: &Section, id: Option<RecordId>, pairs: Pairs) -> Result<Patch, Refusal> {
    let own = asked.server.code.iter().find(|code| code.key == section.key.as_str()).and_then(|code| code.read_form);
    match own {
        Some(read) => read(OwnForm { reader: &asked.reader, db: &asked.server.db, section, id, pairs }).await,
        None => Ok(Patch::of_pairs(pairs)),
    }
}
