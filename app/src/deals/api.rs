//! Server functions of deals.

use domain::ids::RecordRef;
use leptos::prelude::*;
use server_fn::codec::Json;

use super::view::DealsView;
use crate::refusal::Refusal;

/// The deals of a client, or of a contact.
#[server(prefix = "/call", endpoint = "deals", input = Json)]
pub async fn deals(of: RecordRef) -> Result<DealsView, Refusal> {
    crate::asked::answer(super::read::deals(of).await)
}
