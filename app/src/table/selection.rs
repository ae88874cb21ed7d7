//! Rows that are picked for one act: by their boxes, by key, or the whole list; and what can be done to them.

use std::collections::BTreeSet;

use domain::fields::SectionSpec;
use domain::list::ListQuery;
use domain::words::{Word, grouped};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::view::ListView;
use crate::bulk::BulkChange;
use crate::bulk::api::change_all;
use crate::bulk::use_jobs;
use crate::frame::{frame, word};
use crate::refusal::Refusal;
use crate::ui::{close_menus, form_of, use_say, value_in};

#[derive(Clone, Copy)]
pub struct Selection {
    picked: RwSignal<BTreeSet<i64>>,
    /// Everything that the list finds, also on other pages.
    whole: RwSignal<bool>,
    /// Where a range begins.
    last: StoredValue<Option<i64>>,
}

impl Selection {
    pub fn new() -> Self {
        Self { picked: RwSignal::default(), whole: RwSignal::new(false), last: StoredValue::new(None) }
    }

    pub fn has(self, id: i64) -> bool {
        self.whole.get() || self.picked.with(|picked| picked.contains(&id))
    }

    pub fn is_any(self) -> bool {
        self.whole.get() || self.picked.with(|picked| !picked.is_empty())
    }

    pub fn clear(self) {
        self.whole.set(false);
        self.picked.update(BTreeSet::clear);
        self.last.set_value(None);
    }

    /// Picks or leaves a row; from the one before it when a range is meant.
    pub fn toggle(self, id: i64, rows: &[i64], range: bool) {
        let on = !untrack(|| self.has(id));
        if self.whole.get_untracked() {
            // All of this page but one.
            self.whole.set(false);
            self.picked.update(|picked| picked.extend(rows));
        }
        let place = |id: i64| rows.iter().position(|row| *row == id);
        let from = self.last.get_value().and_then(place).filter(|_| range);
        let ids: Vec<i64> = match (from, place(id)) {
            (Some(from), Some(to)) => rows[from.min(to)..=from.max(to)].to_vec(),
            _ => vec![id],
        };
        self.picked.update(|picked| {
            for id in ids {
                if on {
                    picked.insert(id);
                } else {
                    picked.remove(&id);
                }
            }
        });
        self.last.set_value(Some(id));
    }

    pub fn set_all(self, rows: &[i64], on: bool) {
        self.whole.set(false);
        self.picked.update(|picked| {
            for id in rows {
                if on {
                    picked.insert(*id);
                } else {
                    picked.remove(id);
                }
            }
        });
    }

    pub fn has_all(self, rows: &[i64]) -> bool {
        !rows.is_empty() && rows.iter().all(|id| self.has(*id))
    }

    fn count(self, total: i64) -> i64 {
        if self.whole.get() { total } else { self.picked.with(|picked| picked.len() as i64) }
    }
}

/// «Выбрано 2 · Выбрать все 1 204 · Сменить ответственного · Снять»; without JavaScript the form alone.
#[component]
pub fn SelectionBar(
    section: SectionSpec,
    query: Memo<ListQuery>,
    list: ListView,
    selection: Selection,
) -> impl IntoView {
    let lang = frame().lang;
    let jobs = use_jobs();
    let say = use_say();
    let (total, or_more, seen) = (list.total, list.or_more, list.seen.clone());
    let count = move || selection.count(total);
    let owner = section
        .owner
        .as_ref()
        .and_then(|owner| section.field(owner))
        .filter(|owner| frame().access(&section.key).may_write(owner))?
        .clone();
    let key = section.key.to_string();
    let list_of = {
        let section = section.clone();
        move || {
            query.get_untracked().with_columns(None).with_at(None).print(&section).trim_start_matches('?').to_string()
        }
    };
    let back = {
        let section = section.clone();
        move || query.with(|query| format!("/{}{}", section.key, query.print(&section)))
    };
    let title = format!("{}: ", word(Word::ChangeResponsible));
    let failed = move |refusal: &Refusal| refusal.sentence(lang);
    let submit = {
        let (key, owner, section, seen) = (key.clone(), owner.key.clone(), section.clone(), seen.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let form = form_of(event.target());
            let Some(typed) = form.as_ref().and_then(|form| value_in(form, "typed")) else { return };
            if untrack(count) == 0 {
                return;
            }
            close_menus(None);
            let ids: Vec<i64> = selection.picked.with_untracked(|picked| picked.iter().copied().collect());
            let ids = (!selection.whole.get_untracked()).then_some(ids);
            let what = format!("{title}{}", section.forms.count(untrack(count), lang));
            let change = BulkChange {
                section: key.clone(),
                query: list_of(),
                ids,
                field: owner.clone(),
                typed,
                seen: seen.clone(),
            };
            let press = form.as_ref().map(crate::key::of_form).unwrap_or_default();
            leptos::task::spawn_local(async move {
                let begun = change_all(change, press).await;
                if let Some(form) = &form {
                    crate::key::renew(form);
                }
                match begun {
                    Ok(begun) => {
                        selection.clear();
                        jobs.watch(begun, what);
                    }
                    Err(refusal) => say.text(failed(&refusal)),
                }
            });
        }
    };
    let people = frame().people.clone().into_iter();
    let options =
        people.map(|person| view! { <option value=person.id.to_string()>{person.name}</option> }).collect_view();
    let all = {
        let plus = if or_more { "+" } else { "" };
        format!("{} {}{plus}", word(Word::PickAll), grouped(total))
    };
    Some(view! {
        <span class="picked" class:none=move || count() == 0 role="status">
            {move || (count() > 0).then(|| view! { {word(Word::Picked)}" "{grouped(count())}{(or_more && selection.whole.get()).then_some("+")} })}
        </span>
        {move || (count() > 0 && !selection.whole.get() && total > count()).then(|| view! {
            <button class="at d" type="button" on:click=move |_| selection.whole.set(true)>{all.clone()}</button>
        })}
        <details class="menu-of up bulk" class:none=move || count() == 0>
            <summary class="btn q">{word(Word::ChangeResponsible)}</summary>
            <form id="bulk" class="pop" method="post" action=format!("/{key}/bulk") on:submit=submit>
                <input type="hidden" name="_key" value=crate::key::fresh()/>
                <input type="hidden" name="_seen" value=seen/>
                <input type="hidden" name="field" value=owner.key.to_string()/>
                <input type="hidden" name="back" value=back/>
                <select class="f" name="typed" required aria-label=word(Word::ChangeResponsible)>
                    <option value="" selected disabled>{word(Word::ChooseResponsible)}</option>{options}
                </select>
                <button class="btn p">{word(Word::Apply)}</button>
            </form>
        </details>
        {move || (count() > 0).then(|| view! {
            <button class="btn q" type="button" on:click=move |_| selection.clear()>{word(Word::Unpick)}</button>
        })}
    })
}
