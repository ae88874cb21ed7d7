//! The trash from the database to what is shown.

use domain::list::{ListQuery, pairs};
use store::list::Shelf;

use super::view::{TrashView, TrashedRow};
use crate::asked::Asked;
use crate::refusal::Refusal;
use crate::values::Names;
use crate::values::count::position;
use crate::values::title_cell;
use crate::values::trashed_line;

pub async fn trash(query: &str) -> Result<TrashView, Refusal> {
    let asked = Asked::here()?;
    let asked_for = pairs(query).into_iter().find(|(name, _)| name == "of").map(|(_, section)| section);
    let sections = &asked.sees.sections;
    let found = sections.iter().find(|section| Some(section.key.as_str()) == asked_for.as_deref());
    let section = found.or(sections.first()).ok_or(Refusal::NotFound)?.clone();
    let lang = asked.lang;
    let address = |section: &domain::fields::SectionSpec| format!("/trash?of={}", section.key);
    let tabs = sections.iter().map(|one| (one.forms.many.get(lang).to_string(), address(one), one.key == section.key));
    let tabs = tabs.collect();
    let (query, _) = ListQuery::parse(&section, &pairs(query));
    let mut conn = asked.server.db.read().await?;
    let midnight = |date| asked.midnight(date);
    let reader = asked.of_list(&midnight);
    let page = store::list::page(&mut conn, &section, &query, &[], Shelf::Trash, &reader).await?;
    let names = Names::of_records(&mut conn, &asked, &section, &page.records).await?;
    let link = |at: &Option<String>| at.clone().map(|at| format!("{}&at={at}", address(&section)));
    Ok(TrashView {
        tabs,
        rows: page
            .records
            .iter()
            .map(|record| TrashedRow {
                id: record.id,
                path: format!("/{}/{}", section.key, record.id),
                has_page: !section.inner,
                title: title_cell(&section, record, asked.lang).text().to_string(),
                line: record.trashed.map(|(at, by)| trashed_line(&asked, at, names.person(by))).unwrap_or_default(),
            })
            .collect(),
        position: position(&page, asked.lang),
        previous: link(&page.previous),
        next: link(&page.next),
    })
}
