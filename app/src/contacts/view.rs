//! Contacts as a card shows them.

use serde::{Deserialize, Serialize};

use crate::values::Cell;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactsView {
    pub contacts: Vec<ContactView>,
    /// «3», «20+»
    pub count: String,
    /// The list of all of them.
    pub href: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactView {
    pub id: i64,
    pub href: String,
    pub title: Cell,
    pub position: String,
    pub is_main: bool,
    /// The main one first.
    pub phones: Vec<Cell>,
    pub emails: Vec<Cell>,
}

/// Whom one may choose where something is said of a record: number and name, the main one first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whom {
    /// Contacts of the client that the record belongs to; on a contact's own card they are its clients.
    pub contact: bool,
    pub choices: Vec<(i64, String)>,
}
