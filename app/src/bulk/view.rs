//! Work on many records, as it is asked for and shown.

use domain::ids::FieldKey;
use serde::{Deserialize, Serialize};

use crate::progress::Progress;

/// A record that was left as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftView {
    pub id: i64,
    pub title: String,
    pub href: String,
    /// «Адрес: с тех пор изменил Дмитрий Савин»
    pub why: String,
    /// Whether it can be changed all the same.
    pub by_others: bool,
}

/// Which records are changed, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkChange {
    pub section: String,
    pub query: String,
    /// These among the records that the query finds.
    #[serde(default)]
    pub ids: Option<Vec<i64>>,
    pub field: FieldKey,
    pub typed: String,
    /// What the list had seen: `ListView::seen`.
    #[serde(default)]
    pub seen: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// «Отменено: ООО «Маяк», адрес»; `None` when there is nothing to take back.
    pub said: Option<String>,
    /// Of many records: it goes on.
    pub operation: Option<Progress>,
}
