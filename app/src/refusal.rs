//! Why a request was not done, as data that the page can word.

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
    /// Stopped at the time limit.
    TooSlow,
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
    pub fn word(&self) -> Word {
        match self {
            Self::SignIn => Word::SessionOver,
            Self::Forbidden => Word::Forbidden,
            Self::NotFound => Word::NotFound,
            Self::InTrash => Word::RecordInTrash,
            Self::TooSlow => Word::ListTooSlow,
            Self::Unreachable => Word::Offline,
            Self::Problems(_) | Self::Clashes(_) | Self::Declaration(_) | Self::Failed => Word::Failed,
        }
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
        // What the database says stays here.
        eprintln!("klientura: {error}");
        Self::Failed
    }
}
