//! A record beside the list: what is next, how to reach whom, what happened last, and where to write.

use domain::fields::SectionSpec;
use domain::ids::RecordRef;
use domain::words::Word;
use leptos::prelude::*;

use crate::card::Lately;
use crate::card::api::card;
use crate::changes::{shown_by, use_changes};
use crate::error_line::ErrorLine;
use crate::frame::word;
use crate::history::api::history;
use crate::history::{Changes, HistoryWish};
use crate::section_code::{Part, Parts};
use crate::ui::{Icon, Sign};
use crate::values::{Cell, CellView};

#[component]
pub fn Peek(section: SectionSpec, parts: Parts, #[prop(into)] closed: Signal<String>, id: i64) -> impl IntoView {
    let key = section.key.to_string();
    let path = format!("/{key}/{id}");
    let of = RecordRef { section: key.as_str().into(), id };
    let changes = use_changes();
    // What was said last changes while one writes; what one writes in stays.
    let fresh = {
        let key = key.clone();
        let (own, sections) = (of.clone(), shown_by(&section));
        let told = move || {
            let sections: Vec<&str> = sections.iter().map(String::as_str).collect();
            changes.told_of_record(&own, &sections)
        };
        Resource::new(told, move |_| card(key.clone(), id, None, None))
    };
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
            <a class="btn sq q peek-close" href=move || closed.get() aria-label=word(Word::Close) title=word(Word::Close)><Icon sign=Sign::Cross/></a>
            <Transition fallback=|| view! { <p class="wait">{word(Word::Loading)}</p> }>
                {move || {
                    let (path, of) = (path.clone(), of.clone());
                    Suspend::new(async move {
                        let (card, changes) = loaded.await;
                        let card = match card {
                            Ok(card) => card,
                            Err(refusal) => return view! { <ErrorLine refusal/> }.into_any(),
                        };
                        let part = |part: Option<Part>| part.map(|part| part(of.clone()));
                        let fields = card.fields.into_iter().filter(|field| field.cell != Cell::Empty);
                        let fields = fields.map(|field| view! { <dt>{field.label}</dt><dd><CellView cell=field.cell/></dd> }).collect_view();
                        let last = match part(parts.latest) {
                            Some(latest) => Some(latest),
                            None => changes.ok().map(|view| view! { <Changes path=path.clone() view/> }.into_any()),
                        };
                        view! {
                            <h2 class="peek-title"><a href=path.clone()>{card.title}</a></h2>
                            <Transition>
                                {move || Suspend::new(async move { fresh.await.ok()?.lately.map(|cell| view! { <p><Lately cell/></p> }) })}
                            </Transition>
                            {part(parts.next)}
                            {part(parts.below_data)}
                            {last}
                            <dl>{fields}</dl>
                        }
                        .into_any()
                    })
                }}
            </Transition>
        </aside>
    }
}
