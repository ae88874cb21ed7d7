//! Who may do what: asked here and nowhere else.

use serde::{Deserialize, Serialize};

use crate::fields::FieldSpec;
use crate::ids::UserId;

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
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action<'a> {
    ReadField(&'a FieldSpec),
    WriteField(&'a FieldSpec),
    Create,
    Delete,
    Restore,
    /// Put back one earlier value, whoever changed it.
    UndoValue,
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
        Action::ReadField(_) | Action::Create | Action::Delete | Action::Restore | Action::UndoValue => true,
        Action::WriteField(field) => !field.read_only,
        Action::UndoOperation { of } => actor.role == Role::Admin || actor.id == of,
        Action::Administer => actor.role == Role::Admin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manager_undoes_own_operations_and_does_not_administer() {
        let manager = Actor { id: 2, role: Role::Manager };
        let admin = Actor { id: 1, role: Role::Admin };
        assert!(may(&manager, Action::UndoOperation { of: 2 }));
        assert!(!may(&manager, Action::UndoOperation { of: 1 }));
        assert!(may(&admin, Action::UndoOperation { of: 2 }));
        assert!(!may(&manager, Action::Administer));
        assert!(may(&admin, Action::Administer));
    }
}
