//! «Корзина»: what was deleted, and the way back.

use domain::words::Word;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::card::ActForm;
use crate::error_line::ErrorLine;
use crate::frame::word;
use crate::refusal::Refusal;
use crate::ui::{Icon, Sign, Title};

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

#[server(prefix = "/call", endpoint = "trash", input = Json)]
pub async fn trash(query: String) -> Result<TrashView, Refusal> {
    crate::asked::answer(load::trash(&query).await)
}

#[component]
pub fn TrashPage() -> impl IntoView {
    let search = use_location().search;
    let loaded =
        Resource::new(move || search.get(), |search: String| trash(search.trim_start_matches('?').to_string()));
    let turn = |href: Option<String>, label: Word, sign: Sign| {
        href.map(
            |href| view! { <a class="btn sq q" href=href title=word(label) aria-label=word(label)><Icon sign/></a> },
        )
    };
    view! {
        <Title text=format!("{} · {}", word(Word::Trash), word(Word::Product))/>
        <div class="head"><h1>{word(Word::Trash)}</h1></div>
        <Transition>
            {move || Suspend::new(async move {
                let tabs = loaded.await.ok()?.tabs;
                let tabs = tabs.into_iter().map(|(label, href, on)| view! { <a href=href aria-current=on.then_some("page")>{label}</a> });
                Some(view! { <nav class="views" aria-label=word(Word::Trash)>{tabs.collect_view()}</nav> })
            })}
        </Transition>
        <Transition fallback=|| view! { <p class="wait">{word(Word::Loading)}</p> }>
            {move || Suspend::new(async move {
                let view = match loaded.await {
                    Ok(view) => view,
                    Err(refusal) => return view! { <ErrorLine refusal/> }.into_any(),
                };
                if view.rows.is_empty() {
                    return view! {
                        <div class="void">
                            <b>{word(Word::TrashEmpty)}</b><p>{word(Word::TrashEmptyHint)}</p>
                            <div class="rowb"><a class="btn" href="/clients">{word(Word::BackToList)}</a></div>
                        </div>
                    }
                    .into_any();
                }
                let here = view.tabs.iter().find(|(_, _, on)| *on).map(|(_, href, _)| href.clone()).unwrap_or_default();
                let rows = view.rows.into_iter().map(|row| {
                    let restore = match row.has_page {
                        true => view! { <ActForm path=row.path.clone() act="restore" label=Word::Restore sign=Sign::Restore/> }.into_any(),
                        false => view! { <ActForm path=row.path.clone() act="restore" label=Word::Restore sign=Sign::Restore back=here.clone() stay=true/> }.into_any(),
                    };
                    let name = match row.has_page {
                        true => view! { <a class="row-name" href=row.path>{row.title}</a> }.into_any(),
                        false => view! { <span class="row-name">{row.title}</span> }.into_any(),
                    };
                    view! { <li data-id=row.id.to_string()>{name}<span class="mut">{row.line}</span>{restore}</li> }
                }).collect_view();
                view! {
                    <ul class="trash">{rows}</ul>
                    <div class="foot">
                        <span>{view.position}</span><span class="sp"></span>
                        {turn(view.previous, Word::PreviousPage, Sign::Left)}
                        {turn(view.next, Word::NextPage, Sign::Right)}
                    </div>
                }.into_any()
            })}
        </Transition>
    }
}

#[cfg(feature = "ssr")]
mod load {
    use domain::list::{ListQuery, pairs};
    use store::list::Shelf;

    use super::{TrashView, TrashedRow};
    use crate::asked::Asked;
    use crate::card::load::trashed_line;
    use crate::refusal::Refusal;
    use crate::values::Names;
    use crate::values::count::position;
    use crate::values::title_cell;

    pub async fn trash(query: &str) -> Result<TrashView, Refusal> {
        let asked = Asked::here()?;
        let asked_for = pairs(query).into_iter().find(|(name, _)| name == "of").map(|(_, section)| section);
        let sections = &asked.sees.sections;
        let found = sections.iter().find(|section| Some(section.key.as_str()) == asked_for.as_deref());
        let section = found.or(sections.first()).ok_or(Refusal::NotFound)?.clone();
        let lang = asked.lang;
        let address = |section: &domain::fields::SectionSpec| format!("/trash?of={}", section.key);
        let tabs =
            sections.iter().map(|one| (one.forms.many.get(lang).to_string(), address(one), one.key == section.key));
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
}
