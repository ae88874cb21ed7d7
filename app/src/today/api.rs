//! Server functions of the day.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::counters::Counters;
use crate::refusal::Refusal;
use crate::values::Tone;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodayView {
    /// «Сегодня, 24 ноября»
    pub title: String,
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub name: String,
    pub count: String,
    /// The list of all of them, where there is one.
    pub href: Option<String>,
    pub lines: Vec<Line>,
}

/// One client and why it stands here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub client: i64,
    pub href: String,
    pub title: String,
    pub reason: String,
    /// «отгрузка в понедельник»
    pub words: Option<String>,
    pub person: Option<String>,
    pub phone: Option<(String, String)>,
    pub chip: String,
    pub exact: String,
    pub tone: Tone,
    pub tick: Option<Tick>,
}

/// What a tick of the line does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tick {
    Reminder { id: i64, version: i64 },
    Mention { note: i64 },
}

#[server(prefix = "/call", endpoint = "today", input = Json)]
pub async fn today() -> Result<TodayView, Refusal> {
    crate::asked::answer(super::load::today().await)
}

#[server(prefix = "/call", endpoint = "count_today", input = Json)]
pub async fn count_today() -> Result<Counters, Refusal> {
    let counters = async {
        let asked = crate::asked::Asked::here()?;
        super::load::counters(&asked).await
    };
    crate::asked::answer(counters.await)
}
