//! The day as it is shown.

use serde::{Deserialize, Serialize};

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
