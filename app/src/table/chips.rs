//! Filters that are on and have no input in the row: each says what it asks, opens its form, and goes.

use domain::fields::SectionSpec;
use domain::list::ListQuery;
use domain::words::Word;
use leptos::prelude::*;

use super::view::{Chip, ListView};
use crate::frame::word;
use crate::refusal::Refusal;
use crate::ui::{Icon, Sign};

#[component]
pub fn Chips(loaded: Resource<Result<ListView, Refusal>>) -> impl IntoView {
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let chips = loaded.await.map(|list| list.chips).unwrap_or_default();
                chips.into_iter().map(|chip| view! { <ChipView chip/> }).collect_view()
            })}
        </Transition>
    }
}

#[component]
fn ChipView(chip: Chip) -> impl IntoView {
    let labels = chip.parts.iter().map(|part| part.label.clone()).collect::<Vec<_>>().join(", ");
    let remove = format!("{}: {labels}", word(Word::RemoveFilter));
    let parts = chip
        .parts
        .into_iter()
        .enumerate()
        .map(|(place, part)| {
            let or = (place > 0).then(|| format!(" {} ", word(Word::Or)));
            view! { {or}<b>{part.label}</b>" "{part.text} }
        })
        .collect_view();
    view! {
        <span class="f on chip-filter">
            <a class="chip-text" href=chip.edit>{parts}</a>
            <a class="x" href=chip.without aria-label=remove.clone() title=remove><Icon sign=Sign::Cross/></a>
        </span>
    }
}

/// «изменён · Сбросить»: the list is not as it is by itself.
#[component]
pub fn Changed(section: SectionSpec, query: Memo<ListQuery>) -> impl IntoView {
    let path = format!("/{}", section.key);
    move || {
        let changed = query.with(|query| query.is_filtered() || query.sort.is_some() || query.columns.is_some());
        changed.then(|| {
            view! {
                <span class="changed d">
                    <span class="said">{word(Word::Changed)}" · "</span><a class="at" href=path.clone()>{word(Word::Reset)}</a>
                </span>
            }
        })
    }
}
