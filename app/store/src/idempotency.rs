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
///
/// The key is noted last, with the answer. Sent again, the transaction may get as far as that, or be refused by what
/// it did itself the first time: either way nothing of it stays, and the first answer is looked up.
pub async fn once<T, E, F>(db: &Db, actor: UserId, now: i64, sent: Option<Sent>, act: F) -> Result<T, E>
where
    T: Serialize + DeserializeOwned + Send + 'static,
    E: From<Error> + AsTransient + Send + 'static,
    F: for<'c> Fn(&'c mut Conn) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>> + Send + Sync + 'static,
{
    let Some(sent) = sent else { return db.write(act).await };
    let act = Arc::new(act);
    let (key, digest) = (sent.key.clone(), sent.digest.clone());
    let done = db.write(move |conn| {
        let (act, sent) = (act.clone(), sent.clone());
        Box::pin(async move {
            let done = act(conn).await.map_err(Ended::Refused)?;
            let answer = serde_json::to_string(&done).map_err(corrupt)?;
            if keep_answer(conn, actor, now, &sent, &answer).await? { Ok(done) } else { Err(Ended::DoneBefore) }
        })
    });
    let refused = match done.await {
        Ok(done) => return Ok(done),
        Err(Ended::DoneBefore) => Error::Corrupt(format!("no answer for the key {key}")).into(),
        Err(Ended::Refused(refused)) => refused,
    };
    // A database that cannot be asked has said so already.
    let Ok(mut conn) = db.read().await else { return Err(refused) };
    match first_answer(&mut conn, actor, &Sent { key, digest }).await {
        Ok(Some(answer)) => Ok(serde_json::from_str(&answer).map_err(corrupt)?),
        Ok(None) | Err(_) => Err(refused),
    }
}

enum Ended<E> {
    DoneBefore,
    Refused(E),
}

impl<E: From<Error>> From<Error> for Ended<E> {
    fn from(error: Error) -> Self {
        Self::Refused(error.into())
    }
}

impl<E: AsTransient> AsTransient for Ended<E> {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Refused(error) if error.is_transient())
    }
}

fn corrupt(error: serde_json::Error) -> Error {
    Error::Corrupt(format!("an answer: {error}"))
}

/// Takes the key for this request; false when it is taken. Waits for another transaction that is just taking it.
async fn keep_answer(conn: &mut Conn, actor: UserId, now: i64, sent: &Sent, answer: &str) -> Result<bool, Error> {
    let first = conn
        .execute(
            "INSERT INTO idempotency (actor, key, request, answer, at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT DO NOTHING",
            values![actor, sent.key.as_str(), sent.digest.as_str(), answer, now],
        )
        .await?;
    Ok(first == 1)
}

async fn first_answer(conn: &mut Conn, actor: UserId, sent: &Sent) -> Result<Option<String>, Error> {
    let row = conn
        .optional(
            "SELECT answer FROM idempotency WHERE actor = $1 AND key = $2 AND request = $3",
            values![actor, sent.key.as_str(), sent.digest.as_str()],
        )
        .await?;
    row.map(|row| row.get("answer")).transpose()
}

/// Whether exactly this was sent before and done.
pub async fn is_done(conn: &mut Conn, actor: UserId, sent: &Sent) -> Result<bool, Error> {
    Ok(first_answer(conn, actor, sent).await?.is_some())
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
