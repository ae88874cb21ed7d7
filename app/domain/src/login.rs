//! What one signs in with.

use crate::limits::LOGIN_CHARS_MAX;

/// A login as it is kept: Latin letters without capitals, digits, `.`, `_`, `-` and `@`. No two look alike, which
/// letters of other alphabets, invisible marks and full-width forms would let them (Unicode UTS 39).
pub fn login(typed: &str) -> Option<String> {
    let login = typed.trim().to_ascii_lowercase();
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"._-@".contains(&byte);
    (!login.is_empty() && login.len() <= LOGIN_CHARS_MAX && login.bytes().all(known)).then_some(login)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_logins_look_alike() {
        assert_eq!(login(" Anna ").as_deref(), Some("anna"));
        assert_eq!(login("anna.k-2@romashka.ru").as_deref(), Some("anna.k-2@romashka.ru"));
        for wrong in ["", "аnna", "ａｎｎａ", "an\u{200b}na", "an na", "ann\u{e0}", &"a".repeat(65), "anna\0"] {
            assert_eq!(login(wrong), None, "{wrong}");
        }
    }
}
