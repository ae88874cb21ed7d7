//! Where one was mentioned.

use domain::fields::kinds::references;
use domain::ids::{FieldKey, RecordId};
use domain::limits::TODAY_ROWS;
use domain::words::near_day;
use store::Conn;
use store::record;

use super::fields::KEY;
use super::queries;
use super::read::{note, said_of};
use super::view::MentionView;
use crate::asked::Asked;
use crate::refusal::Refusal;
use crate::values::Names;

/// So many mentions are looked at to find those that one may see.
const MENTIONS_READ_MAX: usize = 400;

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
    let in_use = record::in_use(conn, &section, &ids).await?;
    let ids: Vec<RecordId> = ids.into_iter().filter(|id| in_use.contains(id)).collect();
    // Those of clients that one may not see are not there.
    let mut records = record::load_in_order(conn, &section, &ids).await?;
    records.truncate(2 * TODAY_ROWS);
    let names = Names::of_records(conn, asked, &section, &records).await?;
    let today = asked.now_moment().date();
    let views = records.iter().filter_map(|record| {
        let (title, href) = said_of(&section, record, &names, None)?;
        let at = record.value(&FieldKey::from("at")).number()?;
        Some(MentionView {
            note: note(asked, &section, record, &names, None),
            client: record.value(&FieldKey::from("client")).number(),
            href,
            title,
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
    Ok(record::in_use(conn, &section, &ids).await?.len() as i64)
}

pub async fn see_here(note: RecordId) -> Result<(), Refusal> {
    see(&Asked::here()?, note).await
}

/// Marks a mention of the one who asks as read.
pub async fn see(asked: &Asked, note: RecordId) -> Result<(), Refusal> {
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
