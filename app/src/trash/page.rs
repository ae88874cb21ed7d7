//! «Корзина»: what was deleted, and the way back.

use domain::words::Word;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::api::trash;
use crate::card::ActForm;
use crate::error_line::ErrorLine;
use crate::frame::word;
use crate::ui::{Icon, Sign, Title};

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
