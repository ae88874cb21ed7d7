//! Who may do what: asked here and nowhere else.

use serde::{Deserialize, Serialize};

use crate::fields::{Access, Deed, FieldSpec};
use crate::ids::{FieldKey, SectionKey, UserId};

/// Владелец and Сотрудник.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    Admin,
    Manager,
}

impl Role {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "admin" => Some(Self::Admin),
            "manager" => Some(Self::Manager),
            _ => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Manager => "manager",
        }
    }
}

/// The one who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub id: UserId,
    pub role: Role,
    pub limits: Limits,
}

/// What of the system a user sees less of. Nothing for most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    pub own_records_only: bool,
    /// Section and field.
    pub hidden: Vec<(String, String)>,
    pub read_only: Vec<(String, String)>,
    /// Section and what may not be done to its records.
    pub denied: Vec<(String, Deed)>,
}

impl Limits {
    pub fn denies(&self, section: &SectionKey) -> impl Iterator<Item = Deed> {
        self.denied.iter().filter(|(of, _)| of == section.as_str()).map(|(_, deed)| *deed)
    }

    pub fn hides(&self, section: &SectionKey, field: &FieldKey) -> bool {
        names(&self.hidden, section, field)
    }

    pub fn read_only(&self, section: &SectionKey, field: &FieldKey) -> bool {
        names(&self.read_only, section, field)
    }
}

fn names(list: &[(String, String)], section: &SectionKey, field: &FieldKey) -> bool {
    list.iter().any(|(of, key)| of == section.as_str() && key == field.as_str())
}

/// On records, always of one section: with what the cut says of this reader there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action<'a> {
    WriteField(&'a Access, &'a FieldSpec),
    Record(&'a Access, Deed),
    /// Undo everything that an operation of this user did.
    UndoOperation {
        of: UserId,
    },
    /// Users, fields, sections.
    Administer,
}

/// An admin may everything; a manager everything with records, and nothing with the make-up of the system.
pub fn may(actor: &Actor, action: Action<'_>) -> bool {
    match action {
        Action::Record(access, deed) => access.may(deed),
        Action::WriteField(access, field) => access.may_write(field),
        Action::UndoOperation { of } => actor.role == Role::Admin || actor.id == of,
        Action::Administer => actor.role == Role::Admin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manager_undoes_own_operations_and_does_not_administer() {
        let manager = Actor { id: 2, role: Role::Manager, limits: Limits::default() };
        let admin = Actor { id: 1, role: Role::Admin, limits: Limits::default() };
        assert!(may(&manager, Action::UndoOperation { of: 2 }));
        assert!(!may(&manager, Action::UndoOperation { of: 1 }));
        assert!(may(&admin, Action::UndoOperation { of: 2 }));
        assert!(!may(&manager, Action::Administer));
        assert!(may(&admin, Action::Administer));
    }
}
