//! Which columns a table shows, in which order and how wide: chosen beside the filter row, remembered for the
//! user, and part of the address once changed.

use domain::fields::{FieldSpec, SectionSpec, Shape};
use domain::ids::FieldKey;
use domain::list::{ListQuery, Shown};
use domain::words::Word;
use leptos::ev::{DragEvent, Event, KeyboardEvent};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;

use crate::appearance::{UserView, stays};
use crate::changes::{Changes, use_changes};
use crate::frame::{frame, word};
use crate::settings::{MyView, use_view};
use crate::ui::{Icon, Sign};

/// How wide a column is in pixels when nobody has said so; the name takes what is left, but not less.
pub fn own_width(section: &SectionSpec, field: &FieldSpec) -> u16 {
    if field.key == section.title {
        return 264;
    }
    if let Some(width) = field.width_px {
        return width;
    }
    match field.kind.rules().shape() {
        Shape::Number => 84,
        Shape::Text => 220,
        Shape::Code => 136,
        Shape::Phone => 164,
        Shape::When => 148,
        Shape::Person => 184,
    }
}

/// Changes the columns of the list that is shown.
#[derive(Clone, Copy)]
pub struct Columns {
    section: StoredValue<SectionSpec>,
    query: Memo<ListQuery>,
    view: MyView,
    go: StoredValue<Callback<(String, bool)>>,
    changes: Changes,
}

pub fn use_columns(section: &SectionSpec, query: Memo<ListQuery>) -> Columns {
    let navigate = use_navigate();
    let go = Callback::new(move |(address, replace): (String, bool)| {
        navigate(&address, NavigateOptions { replace, scroll: false, ..Default::default() });
    });
    Columns {
        view: use_view(&section.key),
        section: StoredValue::new(section.clone()),
        query,
        go: StoredValue::new(go),
        changes: use_changes(),
    }
}

impl Columns {
    pub fn shown(self) -> Vec<Shown> {
        self.section.with_value(|section| self.query.with(|query| self.view.get().columns(section, query)))
    }

    /// As they were before anybody chose.
    fn own(self) -> Vec<Shown> {
        let plain = ListQuery::default();
        self.section.with_value(|section| UserView::default().columns(section, &plain))
    }

    /// Shows these from now on.
    pub fn set(self, columns: Vec<Shown>) {
        let columns = (columns != self.own()).then_some(columns);
        let columns_are_own = columns.is_none();
        let view = UserView { columns: columns.clone(), ..untrack(|| self.view.get()) };
        let remembered = self.view.set_and_remember(view);
        let address = self.section.with_value(|section| {
            // Without a word in the address the remembered ones hold, and those are the section's own by then.
            let query = self.query.get_untracked().with_columns(columns);
            format!("/{}{}", section.key, query.print(section))
        });
        let (go, changes) = (self.go, self.changes);
        // The address may say the same as before, and mean other columns.
        // At once, so that the next choice begins with this one; the section's own hold only once they are remembered.
        go.with_value(|go| go.run((address, true)));
        leptos::task::spawn_local(async move {
            remembered.await;
            if columns_are_own {
                changes.ask_anew();
            }
        });
    }

    pub fn set_dense(self, dense: bool) {
        self.view.set(UserView { dense, ..untrack(|| self.view.get()) });
    }

    pub fn dense(self) -> bool {
        self.view.get().dense
    }

    pub fn width(self, field: &FieldKey) -> Option<u16> {
        self.shown().iter().find(|shown| shown.field == *field).and_then(|shown| shown.width_px)
    }

    pub fn set_width(self, field: &FieldKey, width_px: i32) {
        let wide = |shown: Shown| if shown.field == *field { shown.with_width(width_px) } else { shown };
        self.set(untrack(|| self.shown()).into_iter().map(wide).collect());
    }

    fn toggle(self, field: &FieldKey) {
        let mut shown = untrack(|| self.shown());
        let before = shown.len();
        shown.retain(|shown| shown.field != *field);
        if shown.len() == before {
            shown.push(Shown::of(field));
        }
        self.set(shown);
    }

    /// Moves a column before another one, or by so many places.
    fn place_before(self, field: &FieldKey, other: &FieldKey) {
        let mut shown = untrack(|| self.shown());
        let Some(from) = shown.iter().position(|shown| shown.field == *field) else { return };
        let moved = shown.remove(from);
        let to = shown.iter().position(|shown| shown.field == *other).unwrap_or(shown.len());
        // Dragged down it takes the place of the one that it was dropped on.
        let to = if to >= from { to + 1 } else { to };
        shown.insert(to.min(shown.len()), moved);
        self.set(shown);
    }

    fn shift(self, field: &FieldKey, by: i32) {
        let shown = untrack(|| self.shown());
        let Some(from) = shown.iter().position(|shown| shown.field == *field) else { return };
        let Some(to) = from.checked_add_signed(by as isize).filter(|to| *to < shown.len()) else { return };
        let fixed = self.section.with_value(|section| stays(section, &shown[to].field));
        if !fixed {
            let mut shown = shown;
            shown.swap(from, to);
            self.set(shown);
        }
    }
}

/// Columns and density: with a script they change at once, without one they are plain forms.
#[component]
pub fn ViewForms(section: SectionSpec, query: Memo<ListQuery>) -> impl IntoView {
    let columns = use_columns(&section, query);
    let back = {
        let section = section.clone();
        move || query.with(|query| format!("/{}{}", section.key, query.print(&section)))
    };
    let key = section.key.to_string();
    let dense = move || columns.dense();
    view! {
        <ColumnPicker section columns back=Signal::derive(back.clone())/>
        <form class="d" method="post" action="/settings/view" on:submit=move |event| {
            event.prevent_default();
            columns.set_dense(!untrack(dense));
        }>
            <input type="hidden" name="section" value=key/>
            <input type="hidden" name="back" value=back/>
            <input type="hidden" name="dense" value=move || (!dense()).to_string()/>
            <button class="btn sq q" title=word(Word::Density) aria-label=word(Word::Density) aria-pressed=move || dense().to_string()>
                <Icon sign=Sign::Density/>
            </button>
        </form>
    }
}

#[component]
fn ColumnPicker(section: SectionSpec, columns: Columns, back: Signal<String>) -> impl IntoView {
    let lang = frame().lang;
    let wanted = RwSignal::new(String::new());
    let dragged = RwSignal::new(None::<FieldKey>);
    let total = section.fields.iter().filter(|field| !field.internal).count();
    let key = section.key.to_string();
    let section = StoredValue::new(section);
    // Focus goes along with a column that is moved or shown: its box is made anew in another place.
    let list = NodeRef::<leptos::html::Div>::new();
    let focused = StoredValue::new(None::<FieldKey>);
    Effect::watch(
        move || columns.shown(),
        move |_, _, _| {
            let (Some(list), Some(field)) = (list.get_untracked(), focused.get_value()) else { return };
            let found = list.query_selector(&format!("[value='{field}'][type=checkbox]")).ok().flatten();
            if let Some(found) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = found.focus();
            }
        },
        false,
    );
    let item = move |field: FieldKey, on: bool| {
        let (label, fixed) = section.with_value(|section| {
            let label = section.field(&field).map(|field| field.label.get(lang).to_string()).unwrap_or_default();
            (label, stays(section, &field))
        });
        let movable = on && !fixed;
        let name = StoredValue::new(field);
        let visible = {
            let label = label.to_lowercase();
            move || wanted.with(|wanted| label.contains(&wanted.trim().to_lowercase()))
        };
        let on_key = move |event: KeyboardEvent| {
            let by = match event.code().as_str() {
                "ArrowUp" => -1,
                "ArrowDown" => 1,
                _ => return,
            };
            if event.alt_key() && movable {
                event.prevent_default();
                event.stop_propagation();
                name.with_value(|field| columns.shift(field, by));
            }
        };
        let on_drop = move |event: DragEvent| {
            event.prevent_default();
            if let Some(from) = dragged.get_untracked() {
                name.with_value(|field| columns.place_before(&from, field));
            }
            dragged.set(None);
        };
        view! {
            <li hidden=move || !visible() draggable=movable.then_some("true")
                on:dragstart=move |_| dragged.set(Some(name.get_value()))
                on:dragover=move |event: DragEvent| if movable { event.prevent_default() }
                on:drop=on_drop
                on:keydown=on_key>
                <label>
                    <span class="grip" aria-hidden="true">{movable.then(|| view! { <Icon sign=Sign::Grip/> })}</span>
                    <input type="checkbox" name="cols" value=name.get_value().to_string() checked=on disabled=fixed
                        aria-keyshortcuts=movable.then_some("Alt+ArrowUp Alt+ArrowDown")
                        on:focus=move |_| focused.set_value(Some(name.get_value()))
                        on:change=move |_: Event| name.with_value(|field| columns.toggle(field))/>
                    {label}
                </label>
                {fixed.then(|| view! { <input type="hidden" name="cols" value=name.get_value().to_string()/> })}
            </li>
        }
    };
    let shown = move || {
        let items = columns.shown().into_iter().map(|shown| item(shown.field, true));
        items.collect_view()
    };
    let hidden = move || {
        let shown = columns.shown();
        section.with_value(|section| {
            let rest = section
                .fields
                .iter()
                .filter(|field| !field.internal && !shown.iter().any(|shown| shown.field == field.key));
            rest.map(|field| item(field.key.clone(), false)).collect_view()
        })
    };
    view! {
        <details class="menu-of d">
            <summary class="btn sq q" title=word(Word::Columns) aria-label=word(Word::Columns)><Icon sign=Sign::Columns/></summary>
            <form class="pop picker" method="post" action="/settings/view" on:submit=move |event| {
                event.prevent_default();
                columns.set(columns.own());
            }>
                <input type="hidden" name="section" value=key/>
                <input type="hidden" name="back" value=back/>
                <label class="f">
                    <Icon sign=Sign::Find/>
                    <input type="search" placeholder=word(Word::FindColumn) aria-label=word(Word::FindColumn) autocomplete="off"
                        on:input=move |event| wanted.set(event_target_value(&event))
                        on:keydown=move |event: KeyboardEvent| if event.key() == "Enter" { event.prevent_default() }/>
                </label>
                <div class="picker-lists" node_ref=list>
                    <h2>{word(Word::ColumnsShown)}</h2>
                    <ul>{shown}</ul>
                    <h2>{word(Word::ColumnsHidden)}</h2>
                    <ul>{hidden}</ul>
                </div>
                <footer>
                    <button class="btn q" name="reset" value="cols">{word(Word::Reset)}</button>
                    <button class="btn no-js" name="show" value="1">{word(Word::ShowColumns)}</button>
                    <span>{move || columns.shown().len()}" "{word(Word::Of)}" "{total}</span>
                </footer>
            </form>
        </details>
    }
}
