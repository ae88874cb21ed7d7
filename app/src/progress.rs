//! How far work on many records is.

use serde::{Deserialize, Serialize};

/// How far it is. As large for a hundred thousand records as for one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub id: String,
    /// «1 204 клиента»; of several sections «3 записи».
    pub what: String,
    pub state: State,
    /// Whether it takes another one back.
    pub is_undo: bool,
    pub done: i64,
    pub total: i64,
    /// How many records were left as they are, wholly or in some fields.
    pub left: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Running,
    Stopped,
    Done,
}
