//! Deals as they are shown on a card.

use serde::{Deserialize, Serialize};

/// The deals of a record: open ones first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DealsView {
    pub deals: Vec<DealView>,
    /// «открыто на 1 248 300 ₽»; nothing where none is open.
    pub open_sum: Option<String>,
    /// How many there are besides those that are shown.
    pub others: i64,
    /// The list of all of them.
    pub href: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DealView {
    pub id: i64,
    pub href: String,
    pub title: String,
    pub amount: String,
    /// «до 15 дек», «закрыта 2 окт»
    pub when: String,
    pub is_late: bool,
    pub stage: String,
    /// `g` of one that was won, `n` of the others.
    pub tone: String,
}
