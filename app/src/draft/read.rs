//! Refused forms, as they are kept.

use domain::ids::{FieldKey, RecordId};
use serde::{Deserialize, Serialize};
use store::{Conn, draft};

use super::view::DraftView;
use crate::asked::Asked;
use crate::refusal::Refusal;

/// A refused form, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Draft {
    pub typed: Vec<(FieldKey, String)>,
    pub refusal: Refusal,
}

/// What a refused form had: of the record with this number, of a new one 0.
pub async fn draft_of(
    conn: &mut Conn,
    asked: &Asked,
    section: &str,
    record: RecordId,
    draft: Option<&str>,
) -> Option<DraftView> {
    let body = draft::find(conn, draft?, asked.user.id, section, record, asked.now).await.ok()??;
    let draft: Draft = serde_json::from_str(&body).ok()?;
    Some(DraftView { typed: draft.typed, refusal: Some(draft.refusal) })
}

/// What a form begins with, and today where the writer is: `2026-11-24`.
pub async fn form_begins(section: &str, draft: Option<&str>) -> Result<(Option<DraftView>, String), Refusal> {
    let asked = Asked::here()?;
    let today = asked.now_moment().date().iso();
    let mut conn = asked.server.db.read().await?;
    Ok((draft_of(&mut conn, &asked, section, 0, draft).await, today))
}
