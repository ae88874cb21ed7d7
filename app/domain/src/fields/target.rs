//! What a reference points at.

use serde::{Deserialize, Serialize};

use crate::ids::SectionKey;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    Users,
    Section(SectionKey),
}

impl Target {
    const USERS: &'static str = "users";

    /// As it is written down: `users`, or the key of a section.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Users => Self::USERS,
            Self::Section(key) => key.as_str(),
        }
    }
}

impl From<&str> for Target {
    fn from(text: &str) -> Self {
        if text == Self::USERS { Self::Users } else { Self::Section(text.into()) }
    }
}
