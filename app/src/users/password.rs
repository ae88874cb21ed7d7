//! Passwords: argon2id, off the request's threads.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use domain::limits::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, PASSWORDS_WAITING_MAX};
use tokio::sync::Semaphore;

use crate::refusal::Refusal;

/// Why a password cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadPassword {
    TooShort,
    TooLong,
}

pub fn check_length(password: &str) -> Result<(), BadPassword> {
    match password.chars().count() {
        count if count < PASSWORD_CHARS_MIN => Err(BadPassword::TooShort),
        count if count > PASSWORD_CHARS_MAX => Err(BadPassword::TooLong),
        _ => Ok(()),
    }
}

/// Each takes 19 MiB and a core: as many at once as there are cores, a few that wait, and no more.
struct Room {
    cores: Semaphore,
    waiting: Semaphore,
}

static ROOM: LazyLock<Room> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    Room { cores: Semaphore::new(cores), waiting: Semaphore::new(PASSWORDS_WAITING_MAX) }
});

/// There are more passwords to look at than the machine can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy;

impl From<Busy> for Refusal {
    fn from(_: Busy) -> Self {
        Self::Unavailable
    }
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
    let waiting = ROOM.waiting.try_acquire().map_err(|_| Busy)?;
    let core = ROOM.cores.acquire().await.map_err(|_| Busy)?;
    drop(waiting);
    // Whoever asked may have gone: the core is busy all the same until it is done.
    tokio::task::spawn_blocking(move || {
        let _core = core;
        work()
    })
    .await
    .map_err(|_| Busy)
}

/// A PHC string with a fresh salt; `None` when the system gives no randomness.
pub async fn hash(password: String) -> Result<Option<String>, Busy> {
    in_turn(move || Argon2::default().hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())).await
}

/// Takes as long for an account that does not exist, so that nobody learns which logins do.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool, Busy> {
    // Of no password that anybody has.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$rGjVDeNqhJHn+S4/0F0ZTwZqs3o8v0rXv0yq7fT3l9E";
    in_turn(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_string());
        PasswordHash::new(&hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
            && known
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_opens() {
        let hash = hash("верный пароль".into()).await.expect("room");
        assert!(hash.as_deref().is_some_and(|hash| hash.starts_with("$argon2id$")));
        assert_eq!(verify("верный пароль".into(), hash.clone()).await, Ok(true));
        assert_eq!(verify("Верный пароль".into(), hash).await, Ok(false));
        assert_eq!(verify("верный пароль".into(), None).await, Ok(false));
    }
}
