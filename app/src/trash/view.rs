//! What lies in the trash.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashView {
    /// Sections whose records may lie here, each with its address and whether it is shown.
    pub tabs: Vec<(String, String, bool)>,
    pub rows: Vec<TrashedRow>,
    pub position: String,
    pub previous: Option<String>,
    pub next: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashedRow {
    pub id: i64,
    /// `/clients/17`
    pub path: String,
    /// Whether there is a page of it.
    pub has_page: bool,
    pub title: String,
    /// «Удалён вчера, 10:15, Анна Крылова»
    pub line: String,
}
