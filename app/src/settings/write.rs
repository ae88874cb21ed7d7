//! What a user chooses to have remembered.

use domain::fields::SectionSpec;
use domain::ids::{FieldKey, SectionKey};
use domain::limits::COLUMNS_MAX;
use domain::list::Shown;

use super::queries::remember_view;
use crate::appearance::UserView;
use crate::asked::Asked;
use crate::refusal::Refusal;

pub async fn remember(section: SectionKey, view: UserView, key: &str) -> Result<(), Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(section.as_str())?;
    remember_view(&asked, asked.sent(key)?, section, known(section, view)).await?;
    Ok(())
}

/// What the browser sends is cut to what the section has.
pub fn known(section: &SectionSpec, view: UserView) -> UserView {
    let columns = view.columns.map(|columns| {
        let text = Shown::print_all(&columns[..columns.len().min(COLUMNS_MAX)]);
        Shown::parse_all(section, &text).0
    });
    let mut pinned: Vec<FieldKey> = Vec::new();
    for key in view.pinned.iter().flatten() {
        if section.listed_field(key.as_str()).is_some() && !pinned.contains(key) {
            pinned.push(key.clone());
        }
    }
    UserView {
        columns: columns.filter(|columns| !columns.is_empty()),
        dense: view.dense,
        pinned: view.pinned.map(|_| pinned),
    }
}
