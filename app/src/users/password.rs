//! Passwords: argon2id, off the request's threads.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use domain::limits::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};

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

/// A PHC string with a fresh salt; `None` when the system gives no randomness.
pub async fn hash(password: String) -> Option<String> {
    tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())
    })
    .await
    .ok()
    .flatten()
}

/// Takes as long for an account that does not exist, so that nobody learns which logins do.
pub async fn verify(password: String, hash: Option<String>) -> bool {
    // Of no password that anybody has.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$rGjVDeNqhJHn+S4/0F0ZTwZqs3o8v0rXv0yq7fT3l9E";
    tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_string());
        PasswordHash::new(&hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
            && known
    })
    .await
    .unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_opens() {
        let hash = hash("верный пароль".into()).await;
        assert!(hash.as_deref().is_some_and(|hash| hash.starts_with("$argon2id$")));
        assert!(verify("верный пароль".into(), hash.clone()).await);
        assert!(!verify("Верный пароль".into(), hash).await);
        assert!(!verify("верный пароль".into(), None).await);
    }
}
