//! Server functions of contacts.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::view::ContactsView;
use crate::refusal::Refusal;

/// Whom of a client's contacts one may choose: number and name, the main one first.
#[server(prefix = "/call", endpoint = "people", input = Json)]
pub async fn people_of(client: i64) -> Result<Vec<(i64, String)>, Refusal> {
    crate::asked::answer(super::read::people_of(client).await)
}

/// The contacts of a record that they belong to.
#[server(prefix = "/call", endpoint = "contacts", input = Json)]
pub async fn contacts(of: i64) -> Result<ContactsView, Refusal> {
    crate::asked::answer(super::read::contacts(of).await)
}
