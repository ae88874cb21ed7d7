//! Records to refer to: those whose name contains a text.

use leptos::prelude::*;
use server_fn::codec::Json;

use crate::refusal::Refusal;

#[server(prefix = "/call", endpoint = "find_records", input = Json)]
pub async fn find_records(section: String, text: String) -> Result<Vec<(i64, String)>, Refusal> {
    crate::asked::answer(super::found::find_records(&section, &text).await)
}
