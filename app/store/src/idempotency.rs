//! A request that comes twice is done once. What counts is what was sent, byte for byte, not what was made of it:
//! «через час», sent again a minute later with the same key, is answered with the first reminder.

use std::pin::Pin;
use std::sync::Arc;

use domain::ids::UserId;
use domain::limits::DRAFT_MS_MAX;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::db::{AsTransient, Conn, Db, Error};
use crate::values;

/// A request as it came: the key that its page gave it, and the SHA-256 of its address and body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub key: String,
    pub digest: String,
}

/// SHA-256 over the parts of a request, each with its length, as 64 hexadecimal digits.
pub fn digest(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Runs a write transaction once for what a user sent; sent again within a day, it gives the first answer.
/// Without a key it is simply run.
pub async fn once<T, E, F>(db: &Db, actor: UserId, now: i64, sent: Option<Sent>, act: F) -> Result<T, E>
where
    T: Serialize + DeserializeOwned + Send + 'static,
    E: From<Error> + AsTransient + Send + 'static,
    F: for<'c> Fn(&'c mut Conn) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>> + Send + Sync + 'static,
{
    let act = Arc::new(act);
    db.write(move |conn| {
        let (act, sent) = (act.clone(), sent.clone());
        Box::pin(async move {
            let Some(sent) = sent else { return act(conn).await };
            if let Some(answer) = claim(conn, actor, now, &sent).await? {
                return Ok(serde_json::from_str(&answer).map_err(corrupt)?);
            }
            let done = act(conn).await?;
            let answer = serde_json::to_string(&done).map_err(corrupt)?;
            conn.execute(
                "UPDATE idempotency SET answer = $4 WHERE actor = $1 AND key = $2 AND request = $3",
                values![actor, sent.key, sent.digest, answer],
            )
            .await?;
            Ok(done)
        })
    })
    .await
}

fn corrupt(error: serde_json::Error) -> Error {
    Error::Corrupt(format!("an answer: {error}"))
}

/// Takes the key for this request, or gives what it was answered with before.
async fn claim(conn: &mut Conn, actor: UserId, now: i64, sent: &Sent) -> Result<Option<String>, Error> {
    // Waits for another request with the same key to end; one that fails leaves nothing.
    let first = conn
        .execute(
            "INSERT INTO idempotency (actor, key, request, answer, at) VALUES ($1, $2, $3, '', $4) \
             ON CONFLICT DO NOTHING",
            values![actor, sent.key.as_str(), sent.digest.as_str(), now],
        )
        .await?;
    if first == 1 {
        return Ok(None);
    }
    let row = conn
        .one(
            "SELECT answer FROM idempotency WHERE actor = $1 AND key = $2 AND request = $3",
            values![actor, sent.key.as_str(), sent.digest.as_str()],
        )
        .await?;
    row.get("answer").map(Some)
}

/// Whether exactly this was sent before and done.
pub async fn is_done(conn: &mut Conn, actor: UserId, sent: &Sent) -> Result<bool, Error> {
    let row = conn
        .optional(
            "SELECT at FROM idempotency WHERE actor = $1 AND key = $2 AND request = $3",
            values![actor, sent.key.as_str(), sent.digest.as_str()],
        )
        .await?;
    Ok(row.is_some())
}

/// What a user's request with this key was answered with, if it was done: the answer as JSON.
pub async fn answered(conn: &mut Conn, actor: UserId, key: &str) -> Result<Option<String>, Error> {
    let row = conn
        .optional(
            "SELECT answer FROM idempotency WHERE actor = $1 AND key = $2 ORDER BY at DESC LIMIT 1",
            values![actor, key],
        )
        .await?;
    row.map(|row| row.get("answer")).transpose()
}

/// Forgets what was answered more than a day ago.
pub async fn forget_old(db: &Db, now: i64) -> Result<(), Error> {
    db.write(move |conn| {
        Box::pin(async move {
            conn.execute("DELETE FROM idempotency WHERE at < $1", values![now - DRAFT_MS_MAX]).await.map(drop)
        })
    })
    .await
}
