//! What stands in the rail beside its links.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    pub today: i64,
    pub overdue: i64,
    pub mentions: i64,
}
