//! Names and numbers that identify things.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A record's number in its section: «Клиент № 17», `/clients/17`. Positive.
pub type RecordId = i64;

/// An employee. Positive.
pub type UserId = i64;

/// The name of a field: the same in the URL, in inputs, in the page and in the history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FieldKey(Cow<'static, str>);

impl FieldKey {
    pub const fn built_in(key: &'static str) -> Self {
        Self(Cow::Borrowed(key))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FieldKey {
    /// A field that the owner made: `f12`.
    pub fn numbered(id: i64) -> Self {
        Self(Cow::Owned(format!("f{id}")))
    }

    /// 12 of `f12`.
    pub fn number(&self) -> Option<i64> {
        record_id(self.0.strip_prefix('f')?)
    }
}

impl From<&str> for FieldKey {
    fn from(key: &str) -> Self {
        Self(Cow::Owned(key.to_string()))
    }
}

impl fmt::Display for FieldKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The name of a section: its path (`/clients`) and its name in the history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SectionKey(Cow<'static, str>);

impl SectionKey {
    pub const fn built_in(key: &'static str) -> Self {
        Self(Cow::Borrowed(key))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SectionKey {
    /// A section that the owner made: `s5`.
    pub fn numbered(id: i64) -> Self {
        Self(Cow::Owned(format!("s{id}")))
    }

    /// 5 of `s5`.
    pub fn number(&self) -> Option<i64> {
        record_id(self.0.strip_prefix('s')?)
    }

    pub fn is_built_in(&self) -> bool {
        self.number().is_none()
    }
}

impl From<&str> for SectionKey {
    fn from(key: &str) -> Self {
        Self(Cow::Owned(key.to_string()))
    }
}

impl fmt::Display for SectionKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A record of any section, as it is written down: `clients.17`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecordRef {
    pub section: SectionKey,
    pub id: RecordId,
}

impl RecordRef {
    pub fn new(section: &SectionKey, id: RecordId) -> Self {
        Self { section: section.clone(), id }
    }

    /// Whether there is such a section is asked where it is used.
    pub fn parse(text: &str) -> Option<Self> {
        let (section, id) = text.trim().split_once('.')?;
        let is_key =
            !section.is_empty() && section.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        Some(Self { section: section.into(), id: record_id(id).filter(|_| is_key)? })
    }

    /// `/clients/17`
    pub fn path(&self) -> String {
        format!("/{}/{}", self.section, self.id)
    }
}

impl fmt::Display for RecordRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.section, self.id)
    }
}

/// Reads a record's number as it stands in a path: digits only, positive.
pub fn record_id(text: &str) -> Option<RecordId> {
    let digits_only = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits_only { text.parse().ok().filter(|id| *id > 0) } else { None }
}

#[cfg(test)]
mod tests {
    use super::{RecordRef, record_id};

    #[test]
    fn a_record_of_any_section_is_written_down_and_read_again() {
        let read = RecordRef::parse(" clients.17 ").expect("a record");
        assert_eq!((read.section.as_str(), read.id, read.to_string().as_str()), ("clients", 17, "clients.17"));
        for wrong in
            ["", "clients", ".17", "clients.", "clients.0", "clients.17.1", "Клиенты.17", "a'b.1", "clients.-1"]
        {
            assert_eq!(RecordRef::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_digits_are_a_number() {
        assert_eq!(record_id("17"), Some(17));
        for wrong in ["", "0", "+1", "-1", "1a", "٣", "99999999999999999999"] {
            assert_eq!(record_id(wrong), None, "{wrong}");
        }
    }
}
