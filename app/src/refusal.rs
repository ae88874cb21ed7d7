//! Why a request was not done, as data that the page can word.
//!
//! - 400: it cannot be read at all (`BadRequest`); its code says what. Nobody's words, only a program's.
//! - 401, 403, 404: nobody is signed in; one may not; there is no such thing, or not for the one who asks.
//! - 409: somebody else was faster (`Clashes`), or the record is in the trash: both values are shown.
//! - 422: it was read, and cannot be (`Problems`, each at its field; `NotUnderstood`; `Declaration`).
//! - 503: not now (`TooSlow`, `Unavailable`), or nobody knows whether it was written (`Unknown`): the same request
//!   with the same key may be sent again, it is done once.
//! - 507: no room to write (`NoRoom`); what was written before can be read.
//! - 500: a fault of ours (`Failed`), whole in the log and nothing of it in the answer. No input leads here.

use domain::ids::FieldKey;
use domain::problem::Problem;
use domain::words::{Lang, Word};
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    Problems(Vec<Problem>),
    Clashes(Vec<Clash>),
    SignIn,
    Forbidden,
    NotFound,
    InTrash,
    /// A section or field cannot be made so.
    Declaration(String),
    /// What cannot be read: `arguments`, `encoding`, `parts`, `key`; the detail is for who writes the program that asks.
    BadRequest {
        code: String,
        detail: String,
    },
    /// Parts of a query that mean nothing.
    NotUnderstood(Vec<String>),
    /// Stopped at the time limit.
    TooSlow,
    /// The database cannot be reached just now.
    Unavailable,
    /// No room to write.
    NoRoom,
    /// The answer did not come in time, or the connection was lost at the commit.
    Unknown,
    Failed,
    /// The server did not answer.
    Unreachable,
}

/// Somebody else's value in a field that one was writing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clash {
    pub field: FieldKey,
    pub label: String,
    pub by: String,
    /// As it is shown.
    pub theirs: String,
    /// The record's version that has it.
    pub version: i64,
}

impl Refusal {
    pub fn bad_request(code: &str, detail: impl Into<String>) -> Self {
        Self::BadRequest { code: code.to_string(), detail: detail.into() }
    }

    pub fn word(&self) -> Word {
        match self {
            Self::SignIn => Word::SessionOver,
            Self::Forbidden => Word::Forbidden,
            Self::NotFound => Word::NotFound,
            Self::InTrash => Word::RecordInTrash,
            Self::TooSlow => Word::ListTooSlow,
            Self::Unreachable => Word::Offline,
            Self::Unavailable => Word::BaseUnavailable,
            Self::NoRoom => Word::NoRoom,
            Self::Unknown => Word::OutcomeUnknown,
            Self::BadRequest { .. } | Self::NotUnderstood(_) => Word::NotUnderstood,
            Self::Problems(_) | Self::Clashes(_) | Self::Declaration(_) | Self::Failed => Word::Failed,
        }
    }

    /// Whether the same request may be sent again by itself: it is done once.
    pub fn may_be_repeated(&self) -> bool {
        matches!(self, Self::Unreachable | Self::Unavailable | Self::Unknown)
    }

    pub fn sentence(&self, lang: Lang) -> &'static str {
        self.word().text(lang)
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.sentence(Lang::Ru))
    }
}

impl std::error::Error for Refusal {}

impl FromServerFnError for Refusal {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            ServerFnErrorErr::Args(detail) | ServerFnErrorErr::MissingArg(detail) => {
                Self::bad_request("arguments", detail)
            }
            // Here they are the arguments; in the browser it would be the answer.
            #[cfg(feature = "ssr")]
            ServerFnErrorErr::Deserialization(detail) => Self::bad_request("arguments", detail),
            _ => Self::Failed,
        }
    }
}

#[cfg(feature = "ssr")]
impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Self {
        if error.is_stopped() {
            return Self::TooSlow;
        }
        if matches!(error, store::Error::OutcomeUnknown) {
            return Self::Unknown;
        }
        // What the database says stays here.
        tracing::error!(%error, "the store");
        match () {
            () if error.is_full() => Self::NoRoom,
            () if error.is_unavailable() => Self::Unavailable,
            () => Self::Failed,
        }
    }
}
