//! A record beside the list: its main data and its latest changes.

use domain::fields::SectionSpec;
use domain::list::ListQuery;
use domain::words::Word;
use leptos::prelude::*;

use super::cell::{Cell, CellView};
use crate::card::Changes;
use crate::card::api::{HistoryWish, card, history};
use crate::frame::word;
use crate::layout::ErrorLine;
use crate::ui::{Icon, Sign};

#[component]
pub fn Peek(section: SectionSpec, query: Memo<ListQuery>, id: i64) -> impl IntoView {
    let key = section.key.to_string();
    let path = format!("/{key}/{id}");
    let closed = move || query.with(|query| format!("/{}{}", section.key, query.print(&section)));
    let loaded = Resource::new(
        || (),
        move |()| {
            let wish = HistoryWish { section: key.clone(), id, latest: true, ..Default::default() };
            let key = key.clone();
            async move { (card(key, id, None, None).await, history(wish).await) }
        },
    );
    view! {
        <aside class="peek" aria-label=word(Word::Beside)>
            <a class="btn sq q peek-close" href=closed aria-label=word(Word::Close) title=word(Word::Close)><Icon sign=Sign::Cross/></a>
            <Transition fallback=|| view! { <p class="wait">{word(Word::Loading)}</p> }>
                {move || {
                    let path = path.clone();
                    Suspend::new(async move {
                        let (card, changes) = loaded.await;
                        let card = match card {
                            Ok(card) => card,
                            Err(refusal) => return view! { <ErrorLine refusal/> }.into_any(),
                        };
                        let fields = card.fields.into_iter().filter(|field| field.cell != Cell::Empty);
                        let fields = fields.map(|field| view! { <dt>{field.label}</dt><dd><CellView cell=field.cell/></dd> }).collect_view();
                        view! {
                            <h2 class="peek-title"><a href=path.clone()>{card.title}</a></h2>
                            <dl>{fields}</dl>
                            {changes.ok().map(|view| view! { <Changes path=path.clone() view/> })}
                        }
                        .into_any()
                    })
                }}
            </Transition>
        </aside>
    }
}
