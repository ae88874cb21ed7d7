//! Server functions of contacts.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::refusal::Refusal;
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

/// Whom of a client's contacts one may choose: number and name, the main one first.
#[server(prefix = "/call", endpoint = "people", input = Json)]
pub async fn people_of(client: i64) -> Result<Vec<(i64, String)>, Refusal> {
    crate::asked::answer(super::load::people_of(client).await)
}

/// The contacts of a record that they belong to.
#[server(prefix = "/call", endpoint = "contacts", input = Json)]
pub async fn contacts(of: i64) -> Result<ContactsView, Refusal> {
    crate::asked::answer(super::load::contacts(of).await)
}
