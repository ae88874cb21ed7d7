//! Server functions of contacts.

use domain::ids::RecordRef;
use leptos::prelude::*;
use server_fn::codec::Json;

use super::view::{ContactsView, Whom};
use crate::refusal::Refusal;

/// Whom one may choose where something is said of a record.
#[server(prefix = "/call", endpoint = "people", input = Json)]
pub async fn people_of(of: RecordRef) -> Result<Whom, Refusal> {
    crate::asked::answer(super::read::people_of(of).await)
}

/// The contacts of a record that they belong to.
#[server(prefix = "/call", endpoint = "contacts", input = Json)]
pub async fn contacts(of: i64) -> Result<ContactsView, Refusal> {
    crate::asked::answer(super::read::contacts(of).await)
}
