//! What became of a form.

use crate::asked::Asked;
use crate::refusal::Refusal;

pub async fn was_written(key: &str) -> Result<bool, Refusal> {
    let asked = Asked::here()?;
    let mut conn = asked.server.db.read().await?;
    Ok(store::idempotency::answered(&mut conn, asked.user.id, key).await?.is_some())
}
