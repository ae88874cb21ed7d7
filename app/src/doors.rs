//! What every form posts: ordered pairs, the page to come back to, the key. Doors answer 303.

use axum::extract::RawForm;
use axum::http::HeaderValue;
use axum::response::{IntoResponse, Redirect, Response};
use domain::change::Pairs;
use domain::ids::FieldKey;
use domain::limits::PARTS_MAX;
use domain::list::pairs;

use crate::asked::status;
use crate::refusal::Refusal;

/// The ordered pairs of a form; repeated names are kept.
pub struct Form(Vec<(String, String)>);

impl Form {
    pub fn read(RawForm(body): RawForm) -> Result<Self, Refusal> {
        let text = std::str::from_utf8(&body).map_err(|error| Refusal::bad_request("encoding", error.to_string()))?;
        let pairs = pairs(text);
        if pairs.len() > PARTS_MAX {
            return Err(Refusal::bad_request("parts", format!("more than {PARTS_MAX}")));
        }
        Ok(Self(pairs))
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The page that the form stands on, when one comes back to it.
    pub fn back(&self) -> Option<&str> {
        self.get("_back").filter(|back| is_own_path(back))
    }

    pub fn key(&self) -> String {
        self.get("_key").unwrap_or_default().to_string()
    }

    /// What is not a field begins with an underscore.
    pub fn fields(&self) -> Pairs {
        let named = self.0.iter().filter(|(key, _)| !key.starts_with('_'));
        named.map(|(key, value)| (FieldKey::from(key.as_str()), value.clone())).collect()
    }
}

pub fn respond(result: Result<Response, Refusal>) -> Response {
    result.unwrap_or_else(|refusal| (status(&refusal), refusal.to_string()).into_response())
}

/// Sends to a page of this site, whatever an address was made of.
pub fn see(path: &str) -> Response {
    Redirect::to(if is_own_path(path) { path } else { "/" }).into_response()
}

/// A path of this site, and not of another that begins with `//` or `/\`.
pub fn is_own_path(path: &str) -> bool {
    path.starts_with('/')
        && !path[1..].starts_with(['/', '\\'])
        && !path.contains(|c: char| c.is_control() || c == '\\')
        && HeaderValue::from_str(path).is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_own_path;

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert!(is_own_path("/clients?name=%D1%80"));
        for wrong in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/a\r\nSet-Cookie: x",
            "clients",
            "javascript:1",
        ] {
            assert!(!is_own_path(wrong), "{wrong}");
        }
    }
}
