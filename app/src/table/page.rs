//! The page of a section's list.

use domain::fields::SectionSpec;
use domain::list::{ListQuery, Opened, Shown, encode, pairs};
use domain::words::Word;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::chips::{Changed, Chips};
use super::columns::{ViewForms, use_columns};
use super::filter_form::FilterForms;
use super::filters::Filters;
use super::grid::Grid;
use super::latest::{Latest, latest_list};
use super::peek::Peek;
use super::plus::{PlusForm, presets};
use super::selection::{Selection, SelectionBar};
use super::view::ListView;
use crate::card::ActForm;
use crate::error_line::ErrorLine;
use crate::frame::{frame, word};
use crate::refusal::Refusal;
use crate::section_code::Parts;
use crate::ui::keys::{is_on_control, is_single, is_slash, on_key};
use crate::ui::{Icon, Sign, Title};

type Loaded = Resource<Result<ListView, Refusal>>;

/// A list's address, taken apart. While another page opens it stays as it was.
#[derive(Clone, Copy)]
struct Address {
    /// What is asked of the server: without what is only open, and without widths.
    question: Memo<String>,
    query: Memo<ListQuery>,
    /// The filter form that is open.
    opened: Memo<Option<Opened>>,
    /// The record that is shown beside the list.
    peek: Memo<Option<i64>>,
}

/// The only reader of a list's address.
fn use_address(section: SectionSpec) -> Address {
    let location = use_location();
    let own = format!("/{}", section.key);
    let search = Memo::new(move |before: Option<&String>| match before {
        Some(before) if location.pathname.get() != own => before.clone(),
        _ => location.search.get().trim_start_matches('?').to_string(),
    });
    let found = move |name: &'static str| {
        search.with(|search| pairs(search).into_iter().find(|(key, _)| key == name).map(|(_, value)| value))
    };
    let of_question = section.clone();
    let question = Memo::new(move |_| {
        let asked = search.with(|search| pairs(search)).into_iter();
        let asked = asked.filter(|(name, _)| !matches!(name.as_str(), "filter" | "peek")).map(|(name, value)| {
            let value = if name == "cols" { without_widths(&of_question, &value) } else { value };
            (name, value)
        });
        encode(&asked.collect::<Vec<_>>()).trim_start_matches('?').to_string()
    });
    let of_opened = section.clone();
    Address {
        question,
        query: Memo::new(move |_| ListQuery::parse(&section, &pairs(&search.get())).0),
        opened: Memo::new(move |_| found("filter").and_then(|text| Opened::parse(&of_opened, &text))),
        peek: Memo::new(move |_| found("peek").and_then(|id| domain::ids::record_id(&id))),
    }
}

/// `number,name:320` → `number,name`; what is not understood stays for the server to say so.
fn without_widths(section: &SectionSpec, columns: &str) -> String {
    match Shown::parse_all(section, columns) {
        (known, true) => Shown::print_all(&known.iter().map(|shown| Shown::of(&shown.field)).collect::<Vec<_>>()),
        (_, false) => columns.to_string(),
    }
}

#[component]
pub fn ListPage(section: SectionSpec, parts: Parts) -> impl IntoView {
    let lang = frame().lang;
    let Address { question, query, opened, peek } = use_address(section.clone());
    let key = section.key.to_string();
    // The raw address: the server says what it did not understand.
    let Latest { shown: loaded, waiting } = latest_list(key.clone(), question);
    let many = section.forms.many.get(lang).to_string();
    let columns = use_columns(&section, query);
    let selection = Selection::new();
    // Other filters, other rows: what was picked is not there any more.
    let filters = Memo::new(move |_| query.with(|query| (query.conditions.clone(), query.q.clone())));
    let filters_shown = StoredValue::new(None);
    Effect::watch(move || filters.get(), move |_, _, _| selection.clear(), false);
    // What was picked while they were on their way is of the old ones too.
    let shown = Memo::new(move |_| waiting.get());
    Effect::watch(
        move || shown.get(),
        move |waiting, before, _| {
            let other = filters_shown.try_get_value().flatten() != Some(filters.get_untracked());
            if !waiting && before == Some(&true) && other {
                selection.clear();
            }
            if !waiting {
                filters_shown.set_value(Some(filters.get_untracked()));
            }
        },
        true,
    );
    let focus = KeptFocus::default();
    let rows = {
        let section = section.clone();
        move || {
            let section = section.clone();
            Suspend::new(async move {
                let grid = match loaded.await {
                    Ok(list) => {
                        view! { <Grid section query=query.get_untracked() list columns selection peek/> }.into_any()
                    }
                    Err(refusal) => view! { <ErrorLine refusal/> }.into_any(),
                };
                focus.give_back();
                grid
            })
        }
    };
    let given = {
        let section = section.clone();
        Signal::derive(move || query.with(|query| presets(&section, query)))
    };
    use_list_keys(&section, query, peek, selection);
    let bar = {
        let section = section.clone();
        move || {
            let section = section.clone();
            Suspend::new(
                async move { loaded.await.ok().map(|list| view! { <SelectionBar section query list selection/> }) },
            )
        }
    };
    let beside = {
        let section = section.clone();
        let closed = {
            let section = section.clone();
            Signal::derive(move || query.with(|query| format!("/{}{}", section.key, query.print(&section))))
        };
        move || peek.get().map(|id| view! { <Peek section=section.clone() parts closed id/> })
    };
    let of_notices = section.clone();
    view! {
        <Title text=format!("{many} · {}", word(Word::Product))/>
        <div class="head"><h1>{many}</h1></div>
        <div class="views">
            <Switch section=section.clone() query/>
            <Transition>
                {move || Suspend::new(async move {
                    let list = loaded.await.ok()?;
                    let tabs = list.views.into_iter().map(|tab| view! {
                        <a href=tab.href aria-current=tab.on.then_some("page")>{tab.label}" "<span class="n" class:alarm=tab.alarm>{tab.count}</span></a>
                    });
                    Some(view! { {tabs.collect_view()}<span class="sr-only count" aria-live="polite">{list.count}</span> })
                })}
            </Transition>
        </div>
        <Filters section=section.clone() query opened>
            <Chips loaded/>
            <FilterForms section=section.clone() query opened/>
            <Changed section=section.clone() query/>
            <span class="sp d"></span>
            <ViewForms section=section.clone() query/>
            <PlusForm section=section.clone() given/>
        </Filters>
        <Notices loaded section=of_notices query/>
        <div class="beside-list">
            <div class="grid" class:waiting=move || waiting.get() aria-busy=move || waiting.get().to_string() tabindex="-1"
                on:focusin=move |event| focus.keep(event.target())>
                <Transition fallback=|| view! { <p class="wait">{word(Word::Loading)}</p> }>{rows}</Transition>
            </div>
            {beside}
        </div>
        <Foot loaded busy=Signal::derive(move || selection.is_any())><Transition>{bar}</Transition></Foot>
    }
}

/// A list that loads anew is made of new elements: the one with the focus is found again.
#[derive(Clone, Copy)]
struct KeptFocus(StoredValue<Option<String>>);

impl Default for KeptFocus {
    fn default() -> Self {
        Self(StoredValue::new(None))
    }
}

impl KeptFocus {
    /// Notes how to find the element.
    fn keep(self, target: Option<web_sys::EventTarget>) {
        let Some(element) = target.and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else { return };
        let near = |selector: &str, name: &str| element.closest(selector).ok().flatten()?.get_attribute(name);
        let inside = match (element.class_list().contains("edge"), element.tag_name().as_str()) {
            (true, _) => ".edge",
            (_, "INPUT") => "input",
            _ => "a",
        };
        let place = near("tr[data-id]", "data-id").map(|id| format!("tr[data-id='{id}'] {inside}"));
        let head = || near("th", "data-field").map(|field| format!("th[data-field='{field}'] {inside}"));
        self.0.set_value(place.or_else(head));
    }

    /// Once the new elements stand, unless the focus has gone elsewhere.
    fn give_back(self) {
        if cfg!(feature = "ssr") {
            return;
        }
        leptos::task::spawn_local(async move {
            gloo_timers::future::TimeoutFuture::new(0).await;
            let lost = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
            let Some(selector) = self.0.try_get_value().flatten().filter(|_| lost) else { return };
            let found = document().query_selector(&format!(".grid {selector}")).ok().flatten();
            if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
                let _ = element.focus();
            }
        });
    }
}

/// The keys of a list, by place: they work in any layout.
fn use_list_keys(section: &SectionSpec, query: Memo<ListQuery>, peek: Memo<Option<i64>>, selection: Selection) {
    let navigate = use_navigate();
    let section = section.clone();
    let list = move || query.get_untracked().pairs(&section);
    let path = use_location().pathname;
    let show_beside = move |id: Option<i64>, replace: bool| {
        let mut pairs = list();
        pairs.extend(id.map(|id| ("peek".to_string(), id.to_string())));
        let address = format!("{}{}", path.get_untracked(), encode(&pairs));
        navigate(&address, NavigateOptions { replace, scroll: false, ..Default::default() });
    };
    on_key(move |event: &KeyboardEvent| {
        if !is_single(event) {
            return;
        }
        let handled = match event.code().as_str() {
            "ArrowDown" | "ArrowUp" if !is_on_control(event) => {
                let to = step_row(if event.code() == "ArrowDown" { 1 } else { -1 });
                if let (Some(to), Some(_)) = (to, peek.get_untracked()) {
                    show_beside(Some(to), true);
                }
                to.is_some()
            }
            "Space" if !is_on_control(event) => match (row_in_focus(), peek.get_untracked()) {
                (Some(row), shown) if shown != Some(row) => {
                    show_beside(Some(row), shown.is_some());
                    true
                }
                (_, Some(_)) => {
                    show_beside(None, true);
                    true
                }
                (_, None) => false,
            },
            "Escape" if peek.get_untracked().is_some() => {
                show_beside(None, true);
                true
            }
            "KeyX" => match row_in_focus() {
                Some(row) => {
                    selection.toggle(row, &rows_shown(), event.shift_key());
                    true
                }
                None => false,
            },
            "KeyN" | "Insert" => press(".filters form.plus button"),
            _ if is_slash(event) => focus_on(".filter-form input[type=search]"),
            _ => false,
        };
        if handled {
            event.prevent_default();
        }
    });
}

fn rows_shown() -> Vec<i64> {
    let Ok(rows) = document().query_selector_all("tr[data-id]") else { return Vec::new() };
    let id = |place| rows.item(place)?.dyn_into::<web_sys::Element>().ok()?.get_attribute("data-id")?.parse().ok();
    (0..rows.length()).filter_map(id).collect()
}

fn row_in_focus() -> Option<i64> {
    document().active_element()?.closest("tr[data-id]").ok()??.get_attribute("data-id")?.parse().ok()
}

/// Goes to the next row or the one before, to the first one from elsewhere; gives its number.
fn step_row(by: isize) -> Option<i64> {
    let rows = rows_shown();
    let from = row_in_focus().and_then(|id| rows.iter().position(|row| *row == id));
    let to = match from {
        Some(from) => from.checked_add_signed(by).filter(|to| *to < rows.len())?,
        None => 0,
    };
    let id = *rows.get(to)?;
    focus_on(&format!("tr[data-id='{id}'] a.row-link")).then_some(id)
}

fn found(selector: &str) -> Option<HtmlElement> {
    let elements = document().query_selector_all(selector).ok()?;
    let visible = |element: &HtmlElement| element.offset_parent().is_some();
    (0..elements.length()).filter_map(|place| elements.item(place)?.dyn_into::<HtmlElement>().ok()).find(visible)
}

fn focus_on(selector: &str) -> bool {
    found(selector).is_some_and(|element| element.focus().is_ok())
}

fn press(selector: &str) -> bool {
    found(selector).map(|element| element.click()).is_some()
}

/// «Мои · Все»
#[component]
fn Switch(section: SectionSpec, query: Memo<ListQuery>) -> impl IntoView {
    let owner = section.owner.clone()?;
    let is_mine = {
        let (section, owner) = (section.clone(), owner.clone());
        Signal::derive(move || query.with(|query| query.typed(&section, &owner) == Some("me")))
    };
    let option = move |typed: &'static str, label: Word, on: Signal<bool>| {
        let (section, owner) = (section.clone(), owner.clone());
        let href = move || {
            let wanted = query.with(|query| query.with_filter(&section, &owner, typed));
            format!("/{}{}", section.key, wanted.print(&section))
        };
        view! { <a href=href aria-current=move || on.get().then_some("true")>{word(label)}</a> }
    };
    Some(view! {
        <nav class="seg" aria-label=word(Word::WhoseRecords)>
            {option("me", Word::Mine, is_mine)}
            {option("", Word::All, Signal::derive(move || !is_mine.get()))}
        </nav>
    })
}

/// What of the address was not understood, which values were not found, and what was made and left empty.
#[component]
fn Notices(loaded: Loaded, section: SectionSpec, query: Memo<ListQuery>) -> impl IntoView {
    let path = format!("/{}", section.key);
    let back = move || format!("/{}{}", section.key, query.get_untracked().print(&section));
    view! {
        <Transition>
            {move || {
                let (path, back) = (path.clone(), back());
                Suspend::new(async move {
                    let list = loaded.await.ok()?;
                    let dropped = list.dropped;
                    Some(view! {
                        {(!dropped.is_empty()).then(|| view! {
                            <p class="notice dropped">
                                {word(Word::Dropped)}
                                {dropped.into_iter().map(|name| view! { <code data-dropped=name.clone()>{name.clone()}</code>" " }).collect_view()}
                            </p>
                        })}
                        {list.missing.into_iter().map(|missing| view! {
                            <p class="notice missing">{word(Word::NotFoundValues)}" ("{missing.label}"): "{missing.values.join(", ")}</p>
                        }).collect_view()}
                        {list.untouched.map(|untouched| view! {
                            <div class="notice untouched">
                                <a href=format!("{path}/{}", untouched.id)>{untouched.title}</a>" "{word(Word::IsEmpty)}
                                <ActForm path=format!("{path}/{}", untouched.id) act="trash" label=Word::TakeAway back stay=true/>
                            </div>
                        })}
                    })
                })
            }}
        </Transition>
    }
}

#[component]
fn Foot(
    loaded: Loaded,
    /// Whether what was picked needs the room.
    busy: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let turn = |href: Option<String>, label: Word, sign: Sign, rel: &'static str| match href {
        Some(href) => {
            view! { <a class="btn sq q" href=href rel=rel title=word(label) aria-label=word(label)><Icon sign/></a> }
                .into_any()
        }
        None => view! { <span class="btn sq q off" aria-hidden="true"><Icon sign/></span> }.into_any(),
    };
    let key = |key: &'static str, label: Word| view! { <kbd>{key}</kbd>" "{word(label)} };
    view! {
        <div class="foot">
            <div class="foot-left">
                <Transition>
                    {move || Suspend::new(async move {
                        loaded.await.ok().map(|list| view! { <span class="position">{list.position}</span> })
                    })}
                </Transition>
                {children()}
            </div>
            <span class="keys js d" hidden=move || busy.get()>
                <kbd>"↑"</kbd>" "<kbd>"↓"</kbd>" "{word(Word::KeyRows)}" · "{key("Enter", Word::KeyOpen)}" · "
                {key("n", Word::KeyNew)}" · "{key("?", Word::KeyAll)}
            </span>
            <div class="foot-right">
                <Transition>
                    {move || Suspend::new(async move {
                        loaded.await.ok().map(|list| view! {
                            {turn(list.previous, Word::PreviousPage, Sign::Left, "prev")}
                            {turn(list.next, Word::NextPage, Sign::Right, "next")}
                        })
                    })}
                </Transition>
            </div>
        </div>
    }
}
