//! Server functions of the day.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::view::TodayView;
use crate::counters::Counters;
use crate::refusal::Refusal;

#[server(prefix = "/call", endpoint = "today", input = Json)]
pub async fn today() -> Result<TodayView, Refusal> {
    crate::asked::answer(super::read::today().await)
}

#[server(prefix = "/call", endpoint = "count_today", input = Json)]
pub async fn count_today() -> Result<Counters, Refusal> {
    crate::asked::answer(super::read::counters_here().await)
}
