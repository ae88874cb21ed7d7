//! The page that opens after signing in.

use domain::words::Word;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use wasm_bindgen::JsCast;

use super::api::today;
use super::view::{Line, Part, Tick};
use crate::changes::use_changes;
use crate::clients;
use crate::error_line::ErrorLine;
use crate::frame::{frame, word};
use crate::notes::SeenForm;
use crate::reminders::TickForm;
use crate::table::Peek;
use crate::ui::Title;
use crate::ui::keys::{is_on_control, is_single, on_key};
use crate::values::CallButton;

#[component]
pub fn TodayPage() -> impl IntoView {
    let changes = use_changes();
    let query = use_query_map();
    let peek = Memo::new(move |_| query.with(|query| query.get("peek").and_then(|id| domain::ids::record_id(&id))));
    let loaded = Resource::new(move || changes.told(), |_| today());
    use_day_keys(peek);
    let section = frame().section(clients::KEY).cloned();
    let beside = move || {
        let section = section.clone()?;
        let parts = crate::sections::parts(|key| frame().section(key).is_some(), &section);
        let closed = Signal::derive(|| "/today".to_string());
        peek.get().map(|id| view! { <Peek section parts closed id/> })
    };
    view! {
        <Title text=format!("{} · {}", word(Word::TodayTitle), word(Word::Product))/>
        <div class="beside-list day-page">
            <div class="day-list">
                <Transition fallback=|| view! { <p class="wait">{word(Word::Loading)}</p> }>
                    {move || Suspend::new(async move {
                        match loaded.await {
                            Ok(view) => {
                                let none = view.parts.is_empty();
                                view! {
                                    <div class="day-head">
                                        <h1>{view.title}</h1>
                                        <span class="keys js d">
                                            <kbd>"↓"</kbd>" "{word(Word::KeyNext)}" · "<kbd>{word(Word::SpaceKey)}</kbd>" "{word(Word::BesideCard)}" · "<kbd>"Enter"</kbd>" "{word(Word::KeyOpen)}
                                        </span>
                                    </div>
                                    {none.then(|| view! { <div class="void"><b>{word(Word::TodayNothing)}</b><p>{word(Word::TodayNothingHint)}</p></div> })}
                                    {view.parts.into_iter().map(|part| view! { <PartView part peek/> }).collect_view()}
                                }
                                .into_any()
                            }
                            Err(refusal) => view! { <ErrorLine refusal/> }.into_any(),
                        }
                    })}
                </Transition>
            </div>
            {beside}
        </div>
    }
}

#[component]
fn PartView(part: Part, peek: Memo<Option<i64>>) -> impl IntoView {
    let Part { name, count, href, lines } = part;
    let lines = lines.into_iter().map(|line| view! { <LineView line peek/> }).collect_view();
    let head = match href {
        Some(href) => view! { <a href=href>{name}" "<span class="mut">{count}</span></a> }.into_any(),
        None => view! { {name}" "<span class="mut">{count}</span> }.into_any(),
    };
    view! {
        <section class="day-part">
            <h2>{head}</h2>
            <ul>{lines}</ul>
        </section>
    }
}

#[component]
fn LineView(line: Line, peek: Memo<Option<i64>>) -> impl IntoView {
    let Line { client, href, title, reason, words, person, phone, chip, exact, tone, tick } = line;
    let tick = match tick {
        Some(Tick::Reminder { id, version }) => {
            view! { <TickForm id version what=reason.clone() whom=Some(title.clone())/> }.into_any()
        }
        Some(Tick::Mention { note }) => view! { <SeenForm note/> }.into_any(),
        None => view! { <span class="tick-form"></span> }.into_any(),
    };
    let whom = person.clone().unwrap_or_else(|| title.clone());
    let call = phone.clone().map(|(_, dial)| view! { <span class="m"><CallButton dial whom=whom.clone()/></span> });
    let number =
        phone.map(|(shown, dial)| view! { <a class="tel" href=format!("tel:{dial}") title=person.clone()>{shown}</a> });
    view! {
        <li class="day-line" data-client=client.to_string() class:here=move || peek.get() == Some(client)>
            {tick}
            <div class="day-what">
                <p><a class="day-link" href=href>{title}</a>" · "{reason}</p>
                {words.map(|words| view! { <p class="mut">"«"{words}"»"</p> })}
            </div>
            <div class="day-whom d"><span>{person}</span>{number}</div>
            <span class=format!("chip d {}", tone.class()) title=exact>{chip}</span>
            {call}
        </li>
    }
}

/// Arrows go from line to line, Space shows the client beside.
fn use_day_keys(peek: Memo<Option<i64>>) {
    let navigate = use_navigate();
    let show = move |id: Option<i64>| {
        let address = id.map_or("/today".to_string(), |id| format!("/today?peek={id}"));
        navigate(&address, NavigateOptions { replace: true, scroll: false, ..Default::default() });
    };
    on_key(move |event: &KeyboardEvent| {
        if !is_single(event) || is_on_control(event) {
            return;
        }
        let handled = match event.code().as_str() {
            "ArrowDown" | "ArrowUp" => {
                let to = step(if event.code() == "ArrowDown" { 1 } else { -1 });
                if let (Some(to), Some(_)) = (to, peek.get_untracked()) {
                    show(Some(to));
                }
                to.is_some()
            }
            "Space" => match (in_focus(), peek.get_untracked()) {
                (Some((_, id)), shown) if shown != Some(id) => {
                    show(Some(id));
                    true
                }
                (_, Some(_)) => {
                    show(None);
                    true
                }
                _ => false,
            },
            "Escape" if peek.get_untracked().is_some() => {
                show(None);
                true
            }
            _ => false,
        };
        if handled {
            event.prevent_default();
        }
    });
}

fn lines() -> Vec<web_sys::Element> {
    let Ok(lines) = document().query_selector_all("li.day-line") else { return Vec::new() };
    (0..lines.length()).filter_map(|place| lines.item(place)?.dyn_into().ok()).collect()
}

/// The line in focus: its place and its client.
fn in_focus() -> Option<(usize, i64)> {
    let line = document().active_element()?.closest("li.day-line").ok()??;
    let id = line.get_attribute("data-client")?.parse().ok()?;
    lines().iter().position(|other| *other == line).map(|place| (place, id))
}

fn step(by: isize) -> Option<i64> {
    let lines = lines();
    let to = match in_focus() {
        Some((from, _)) => from.checked_add_signed(by).filter(|to| *to < lines.len())?,
        None => 0,
    };
    let line = lines.get(to)?;
    let link = line.query_selector("a.day-link").ok()??.dyn_into::<web_sys::HtmlElement>().ok()?;
    link.focus().ok()?;
    line.get_attribute("data-client")?.parse().ok()
}
