//! One field of a card: text until it is pressed, then an input in the same place. It saves on leaving;
//! without JavaScript it is a form that posts.

use domain::ids::FieldKey;
use domain::list::encode;
use domain::problem::Problem;
use domain::words::{Word, sentence};
use gloo_timers::future::TimeoutFuture;
use leptos::ev::{Event, FocusEvent, KeyboardEvent, MouseEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use wasm_bindgen::JsCast;

use super::api;
use super::record_input::RecordInput;
use super::trace::{TraceView, Tracing};
use super::view::{CardView, Edit, FieldView, Input, LineMode, Saved, clash_of};
use crate::changes::use_changes;
use crate::frame::{frame, word};
use crate::key;
use crate::refusal::Refusal;
use crate::ui::{
    Icon, Sign, TextArea, forget_text, form_of, keep_text, kept_text, kept_with, released, tab, use_say, value_in,
};
use crate::users::{Guard, use_guard};
use crate::values::{Cell, CellView};
use crate::waiting::{Unsent, no_longer, wait, waits};

/// The server's page puts the cursor into the input; in a living page the browser would only complain.
pub const AUTOFOCUS: bool = cfg!(feature = "ssr");

/// That something was saved is said for so long.
const SAVED_MS: u32 = 6_000;
/// What could not be sent is sent again after so long.
const SEND_AGAIN_MS: u32 = 3_000;

/// Where the writing of a field stands. The mark never lies: `Saved` follows the server's answer.
#[derive(Clone, Debug, PartialEq)]
enum Status {
    Idle,
    Saving { typed: String },
    Saved { seq: Option<i64> },
    Refused { typed: String, refusal: Refusal },
}

/// What belongs to one field, handed from the text to the input and back.
#[derive(Clone, Copy)]
struct Editor {
    card: RwSignal<CardView>,
    key: StoredValue<FieldKey>,
    status: RwSignal<Status>,
    /// What was typed while a save was under way: it is saved next.
    pending: StoredValue<Option<String>>,
    /// The version that was seen when the input opened.
    seen: StoredValue<i64>,
    /// Whether the text gets the focus back when the input closes.
    refocus: StoredValue<bool>,
    opened_by_address: Memo<bool>,
    leave: StoredValue<Callback<()>>,
    /// Goes to an address of the card.
    open: StoredValue<Callback<String>>,
    /// A link was pressed that leads to another page: the way there is not to be crossed.
    going_away: StoredValue<bool>,
    /// Id and name of what was chosen for a reference.
    chosen: StoredValue<Option<(String, String)>>,
    /// What `in` of the address says.
    list: StoredValue<Option<String>>,
    tracing: Tracing,
    guard: Guard,
    /// What is being typed is kept under this and the tab's name.
    kept_under: StoredValue<String>,
    /// What was typed and not saved, here or in another tab: where it is kept, and the text.
    unsaved: RwSignal<Option<(String, String)>>,
    /// What the input begins with instead of the value.
    given: StoredValue<Option<String>>,
    name: StoredValue<String>,
}

/// The card's own address, with the field that is edited.
fn address(card: &CardView, list: Option<&str>, edit: Option<&str>) -> String {
    let pairs = [("in", list), ("edit", edit)].into_iter();
    let pairs: Vec<(String, String)> =
        pairs.filter_map(|(name, value)| Some((name.to_string(), value?.to_string()))).collect();
    format!("/{}/{}{}", card.section, card.id, encode(&pairs))
}

#[component]
pub fn Field(card: RwSignal<CardView>, field: FieldKey) -> impl IntoView {
    let query = use_query_map();
    let opened_by_address = {
        let field = field.clone();
        Memo::new(move |_| query.with(|query| query.get("edit").is_some_and(|edit| edit == field.as_str())))
    };
    // The list that the card was opened from goes along.
    let list = query.with_untracked(|query| query.get("in"));
    let closed = card.with_untracked(|card| address(card, list.as_deref(), None));
    let navigate = use_navigate();
    let go = navigate.clone();
    let opens = Callback::new(move |address: String| {
        go(&address, NavigateOptions { replace: true, scroll: false, ..Default::default() });
    });
    let leave = Callback::new(move |()| {
        if opened_by_address.get_untracked() {
            navigate(&closed, NavigateOptions { replace: true, scroll: false, ..Default::default() });
        }
    });
    let editor = Editor {
        status: RwSignal::new(card.with_untracked(|card| drafted(card, &field))),
        seen: StoredValue::new(card.with_untracked(|card| card.version)),
        refocus: StoredValue::new(false),
        pending: StoredValue::new(None),
        chosen: StoredValue::new(None),
        list: StoredValue::new(list),
        tracing: card.with_untracked(|card| Tracing::new(card.section.clone(), card.id, field.clone())),
        kept_under: StoredValue::new(kept_under(&card, &field)),
        unsaved: RwSignal::new(None),
        given: StoredValue::new(None),
        name: StoredValue::new(card.with_untracked(|card| {
            let fields = std::iter::once(&card.name).chain(&card.fields);
            let label =
                fields.into_iter().find(|one| one.key == field).map(|one| one.label.clone()).unwrap_or_default();
            [card.title.clone(), label].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        })),
        guard: use_guard(),
        key: StoredValue::new(field),
        leave: StoredValue::new(leave),
        open: StoredValue::new(opens),
        going_away: StoredValue::new(false),
        card,
        opened_by_address,
    };
    let open = Memo::new(move |_| {
        let refused = editor.status.with(|status| matches!(status, Status::Refused { .. }));
        !editor.is_read_only() && (refused || editor.opened_by_address.get())
    });
    // Signed in again over the page: what was refused for that is sent once more.
    Effect::watch(
        move || editor.guard.renewed(),
        move |_, _, _| {
            if let Status::Refused { typed, refusal: Refusal::SignIn } = editor.status.get_untracked() {
                editor.save(typed, false);
            }
        },
        false,
    );
    let changes = use_changes();
    Effect::new(move |_| {
        changes.told();
        editor.find_unsaved();
    });
    let is_title = editor.is_title();
    let title = move || view! { <h1 class="sr-only">{move || editor.card.with(|card| card.title.clone())}</h1> };
    move || match (open.get(), is_title) {
        (true, _) => view! { {is_title.then(title)}<EditForm editor/> }.into_any(),
        (false, true) => view! { <h1><Shown editor/></h1><Mark editor/><Unsaved editor/><Traced editor/> }.into_any(),
        (false, false) => view! { <Shown editor/><Mark editor/><Unsaved editor/><Traced editor/> }.into_any(),
    }
}

/// Per user, field and tab: two tabs do not overwrite each other.
fn kept_under(card: &RwSignal<CardView>, field: &FieldKey) -> String {
    let user = frame().user.as_ref().map(|user| user.person.id).unwrap_or_default();
    card.with_untracked(|card| format!("value:{user}:{}/{}:{field}:", card.section, card.id))
}

/// A form that was refused begins with what was typed.
fn drafted(card: &CardView, field: &FieldKey) -> Status {
    let draft = card.draft.as_ref();
    let typed = draft.and_then(|draft| draft.typed(field));
    let refusal = draft.and_then(|draft| draft.refusal.clone());
    match (typed, refusal) {
        (Some(typed), Some(refusal)) => Status::Refused { typed: typed.to_string(), refusal },
        _ => Status::Idle,
    }
}

impl Editor {
    fn view(&self) -> FieldView {
        let key = self.key.get_value();
        self.card.with(|card| {
            let found = std::iter::once(&card.name).chain(&card.fields).find(|field| field.key == key);
            found.unwrap_or(&card.name).clone()
        })
    }

    /// Whether it is the record's name.
    fn is_title(&self) -> bool {
        let key = self.key.get_value();
        self.card.with_untracked(|card| card.name.key == key)
    }

    fn is_read_only(&self) -> bool {
        self.view().input == Input::ReadOnly
    }

    /// Sends what was typed, unless nothing is different.
    fn save(self, typed: String, accept: bool) {
        let status = self.status.get_untracked();
        let before = untrack(|| self.view()).input.value();
        match &status {
            Status::Saving { typed: sent } => {
                self.pending.set_value(Some(typed).filter(|typed| typed != sent));
                return;
            }
            Status::Refused { .. } => {}
            Status::Idle | Status::Saved { .. } if typed.trim() == before.trim() => return self.close(),
            Status::Idle | Status::Saved { .. } => {}
        }
        let key = self.key.get_value();
        let version = match &status {
            Status::Refused { refusal, .. } => clash_of(refusal, &key).map(|clash| clash.version),
            _ => None,
        };
        let (section, id) = self.card.with_untracked(|card| (card.section.clone(), card.id));
        let edit = Edit {
            section,
            id,
            version: version.unwrap_or(self.seen.get_value()),
            key: key::fresh(),
            field: key,
            typed: typed.clone(),
            accept,
        };
        self.send(edit);
    }

    /// Keeps what is being typed until it has been saved.
    fn keep(self, typed: &str) {
        keep_text(&self.kept_key(), typed);
    }

    fn kept_key(self) -> String {
        format!("{}{}", self.kept_under.try_get_value().unwrap_or_default(), tab())
    }

    fn forget(self) {
        forget_text(&self.kept_key());
    }

    /// What was typed here before a reload, or in a tab that was closed. What waits for the line is not offered.
    fn find_unsaved(self) {
        let value = untrack(|| self.view()).input.value();
        let own = tab();
        let mut kept = self.kept_under.with_value(|all| kept_with(all));
        kept.retain(|(key, text)| text.trim() != value.trim() && !waits(key));
        kept.sort_by_key(|(key, _)| !key.ends_with(&own));
        self.unsaved.set(kept.into_iter().next());
    }

    fn send(self, edit: Edit) {
        let typed = edit.typed.clone();
        self.status.set(Status::Saving { typed: typed.clone() });
        // The card may be left before the answer comes.
        let (kept_key, name) = (self.kept_key(), self.name.get_value());
        no_longer(&kept_key);
        leptos::task::spawn_local(async move {
            match api::save(edit.clone()).await {
                Ok(saved) => {
                    no_longer(&kept_key);
                    if kept_text(&kept_key).is_some_and(|kept| kept == typed) {
                        forget_text(&kept_key);
                    }
                    self.saved(saved, Some(&typed));
                }
                Err(refusal) => {
                    match &refusal {
                        Refusal::SignIn => self.guard.is_over(),
                        refusal if refusal.may_be_repeated() => {
                            let_wait(&edit, &name, &kept_key);
                            self.send_later(edit, refusal.clone());
                        }
                        _ => {}
                    }
                    self.status.try_set(Status::Refused { typed, refusal });
                }
            }
        });
    }

    /// The connection is gone, or nobody knows what became of it: tries again while the text is what it was. It is
    /// the same request with the same key, which is done once.
    fn send_later(self, edit: Edit, refusal: Refusal) {
        leptos::task::spawn_local(async move {
            TimeoutFuture::new(SEND_AGAIN_MS).await;
            let waits = Status::Refused { typed: edit.typed.clone(), refusal: refusal.clone() };
            let same = self.status.try_with_untracked(|status| *status == waits).unwrap_or(false);
            // What is being written on is not taken away from under the hand.
            if same && !self.is_being_written(&edit.typed) {
                self.send(edit);
            } else if same {
                self.send_later(edit, refusal);
            }
        });
    }

    /// Whether its input holds another text by now.
    fn is_being_written(self, typed: &str) -> bool {
        let name = self.key.get_value();
        let input = document().query_selector(&format!("form.edit [name='{name}']")).ok().flatten();
        let form = input.and_then(|input| form_of(Some(input.into())));
        form.and_then(|form| value_in(&form, name.as_str())).is_some_and(|now| now != typed)
    }

    /// The server has answered; the person may have gone on to another card meanwhile.
    fn saved(self, saved: Saved, sent: Option<&str>) {
        let Some(card) = saved.card else {
            // Given away: the record is not among one's own any more.
            if let Some(section) = self.card.try_with_untracked(|card| card.section.clone()) {
                let _ = window().location().set_href(&format!("/{section}"));
            }
            return;
        };
        let version = card.version;
        if self.card.try_update(|shown| *shown = card).is_none() {
            return;
        }
        self.status.set(Status::Saved { seq: saved.seq });
        leptos::task::spawn_local(async move {
            TimeoutFuture::new(SAVED_MS).await;
            if self.status.try_with_untracked(|now| *now == Status::Saved { seq: saved.seq }) == Some(true) {
                self.status.try_set(Status::Idle);
            }
        });
        match self.pending.try_update_value(Option::take).flatten() {
            Some(typed) => {
                self.seen.set_value(version);
                self.save(typed, false);
            }
            // What was written on meanwhile stays where it is being written.
            None if sent.is_some_and(|sent| self.is_being_written(sent)) => self.seen.set_value(version),
            None if self.going_away.get_value() => {}
            None => self.leave.with_value(|leave| leave.run(())),
        }
    }

    /// Back to the text, with the value as it was.
    fn close(self) {
        self.forget();
        no_longer(&self.kept_key());
        self.given.set_value(None);
        self.unsaved.set(None);
        self.status.set(Status::Idle);
        self.leave.with_value(|leave| leave.run(()));
    }

    /// Takes the other's value: loads the card as it is now.
    fn take_theirs(self) {
        let (section, id) = self.card.with_untracked(|card| (card.section.clone(), card.id));
        leptos::task::spawn_local(async move {
            if let Ok(fresh) = api::card(section, id, None, None).await
                && self.card.try_update(|card| *card = fresh).is_some()
            {
                self.close();
            }
        });
    }

    fn undo(self, seq: i64) {
        let (section, id) = self.card.with_untracked(|card| (card.section.clone(), card.id));
        leptos::task::spawn_local(async move {
            match api::undo(section, id, seq, key::fresh()).await {
                Ok(saved) => {
                    self.saved(saved, None);
                    self.status.try_set(Status::Idle);
                }
                Err(refusal) => {
                    let typed = untrack(|| self.view()).input.value();
                    self.status.try_set(Status::Refused { typed, refusal });
                }
            }
        });
    }
}

#[component]
fn Shown(editor: Editor) -> impl IntoView {
    let link = NodeRef::<html::A>::new();
    Effect::new(move |_| {
        if let Some(link) = link.get()
            && editor.refocus.get_value()
        {
            editor.refocus.set_value(false);
            let _ = link.focus();
        }
    });
    move || {
        let field = editor.view();
        // What is on the screen is what an edit begins with.
        editor.seen.set_value(editor.card.with(|card| card.version));
        let href = editor.card.with_untracked(|card| {
            editor.list.with_value(|list| address(card, list.as_deref(), Some(field.key.as_str())))
        });
        let label = format!("{}: {}", word(Word::Edit), field.label);
        let is_title = editor.is_title();
        let cell = match editor.status.get() {
            Status::Saving { typed }
                if editor.chosen.with_value(|chosen| chosen.as_ref().is_some_and(|(id, _)| *id == typed)) =>
            {
                Cell::Text(editor.chosen.get_value().map(|(_, name)| name).unwrap_or_default())
            }
            Status::Saving { typed } if field.input.value() != typed => Cell::Text(said(&field.input, &typed)),
            _ if is_title && field.cell == Cell::Empty => Cell::Automatic(editor.card.with(|card| card.title.clone())),
            _ => field.cell.clone(),
        };
        let live = matches!(cell, Cell::Phone { .. } | Cell::Link { .. } | Cell::Mail { .. } | Cell::Record { .. });
        match (&field.input, live) {
            (Input::ReadOnly, _) => view! { <CellView cell/> }.into_any(),
            (_, true) => view! {
                <CellView cell/>
                <a class="pen" href=href title=label.clone() aria-label=label node_ref=link><Icon sign=Sign::Pen/></a>
            }
            .into_any(),
            (_, false) => {
                view! { <a class="value" href=href title=label node_ref=link><CellView cell/></a> }.into_any()
            }
        }
    }
}

/// Where the value comes from, while the hand rests over it.
#[component]
fn Traced(editor: Editor) -> impl IntoView {
    let place = NodeRef::<html::Span>::new();
    let tracing = editor.tracing;
    // The hand rests over the whole field, of which this is a part.
    Effect::new(move |_| {
        let Some(field) = place.get().and_then(|place| place.closest("[data-field]").ok().flatten()) else { return };
        let enter = wasm_bindgen::closure::Closure::<dyn Fn()>::new(move || tracing.enter());
        let leave = wasm_bindgen::closure::Closure::<dyn Fn()>::new(move || tracing.leave());
        for (name, act) in [("mouseenter", &enter), ("mouseleave", &leave)] {
            let _ = field.add_event_listener_with_callback(name, act.as_ref().unchecked_ref());
        }
        let kept = StoredValue::new_local((field, enter, leave));
        on_cleanup(move || {
            let _ = kept.try_with_value(|(field, enter, leave)| {
                for (name, act) in [("mouseenter", enter), ("mouseleave", leave)] {
                    let _ = field.remove_event_listener_with_callback(name, act.as_ref().unchecked_ref());
                }
            });
        });
    });
    let version = Signal::derive(move || editor.card.with(|card| card.version));
    let done = Callback::new(move |done: Result<Saved, Refusal>| match done {
        Ok(saved) => editor.saved(saved, None),
        Err(refusal) => {
            let typed = untrack(|| editor.view()).input.value();
            editor.status.try_set(Status::Refused { typed, refusal });
        }
    });
    view! { <span class="traced" node_ref=place><TraceView tracing version done/></span> }
}

/// «Сохраняется…», «Сохранено · Отменить»: beside the value, or in the line of the panel's name where there is no room
/// beside it, so that it covers nothing and nothing moves.
#[component]
fn Mark(editor: Editor) -> impl IntoView {
    move || {
        match editor.status.get() {
        Status::Saving { .. } => {
            Some(view! { <span class="saved" role="status">{word(Word::Saving)}</span> }.into_any())
        }
        Status::Saved { seq } => Some(
            view! {
                <span class="saved" role="status">
                    <span class="saved-what">{untrack(|| editor.view()).label}": "</span>{word(Word::Saved)}
                    {seq.map(|seq| view! {
                        " · "<button class="at" type="button" on:click=move |_| editor.undo(seq)>{word(Word::Undo)}</button>
                    })}
                </span>
            }
            .into_any(),
        ),
        Status::Idle | Status::Refused { .. } => None,
    }
    }
}

/// What was typed, as a person reads it before the server has answered.
fn said(input: &Input, typed: &str) -> String {
    match input {
        Input::Choice { options, .. } => {
            let chosen = options.iter().find(|choice| choice.value == typed);
            chosen.map(|choice| choice.label.clone()).unwrap_or_default()
        }
        Input::ReadOnly
        | Input::Line { .. }
        | Input::Lines { .. }
        | Input::Reference { .. }
        | Input::Several { .. } => typed.to_string(),
    }
}

#[component]
fn EditForm(editor: Editor) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let field = untrack(|| editor.view());
    let name = field.key.to_string();
    let problem_id = format!("{name}-problem");
    let (path, key) =
        (editor.card.with_untracked(|card| format!("/{}/{}", card.section, card.id)), editor.key.get_value());
    let (typed, version) = editor.status.with_untracked(|status| match status {
        Status::Refused { typed, refusal } => (typed.clone(), clash_of(refusal, &key).map(|clash| clash.version)),
        Status::Saving { typed } => (typed.clone(), None),
        Status::Idle | Status::Saved { .. } => {
            (editor.given.try_update_value(Option::take).flatten().unwrap_or_else(|| field.input.value()), None)
        }
    });
    let version = version.unwrap_or(editor.seen.get_value());
    let closed = editor.card.with_untracked(|card| editor.list.with_value(|list| address(card, list.as_deref(), None)));
    // From the event, not from a reference of ours: an input that goes away says so after those have ended.
    let read = {
        let name = name.clone();
        move |target: Option<web_sys::EventTarget>| value_in(&form_of(target)?, &name)
    };
    let save_if_changed = move |typed: String| {
        let left_alone = editor
            .status
            .with_untracked(|status| matches!(status, Status::Refused { typed: refused, .. } if *refused == typed));
        // A refused text that was left alone waits for a decision.
        if !left_alone {
            editor.save(typed, false);
        }
    };
    let here = StoredValue::new(());
    let (say, lang, label, kept) = (use_say(), frame().lang, editor.name.get_value(), editor.kept_under.get_value());
    let begun_with = typed.clone();
    let (section, id) = editor.card.with_untracked(|card| (card.section.clone(), card.id));
    let on_leave = {
        let read = read.clone();
        move |event: FocusEvent| {
            let Some(typed) = read(event.current_target()) else { return };
            if leads_away(event.related_target()) {
                editor.going_away.set_value(true);
            }
            // Into the form's own buttons is not away.
            let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            if to.is_some() && form_of(event.current_target()).is_some_and(|form| form.contains(to.as_ref())) {
                return;
            }
            // The whole card may go away while something was typed: it is saved all the same.
            let all_the_same = {
                let (section, field, begun_with) = (section.clone(), key.clone(), begun_with.clone());
                let (typed_label, kept_key) = (label.clone(), format!("{kept}{}", tab()));
                move |typed: String| async move {
                    if typed != begun_with {
                        let edit = Edit { section, id, version, key: key::fresh(), field, typed, accept: false };
                        match api::save(edit.clone()).await {
                            Ok(_) => forget_text(&kept_key),
                            // It goes by itself when there is a line again.
                            Err(refusal) if refusal.may_be_repeated() => let_wait(&edit, &typed_label, &kept_key),
                            // Its text is offered where it was typed.
                            Err(refusal) => say.text(format!("{}: {}", typed_label, refusal.sentence(lang))),
                        }
                    }
                }
            };
            match (here.try_get_value(), editor.status.try_get_untracked()) {
                // The input has closed by itself.
                (None, Some(_)) => {}
                (_, None) => leptos::task::spawn_local(all_the_same(typed)),
                (Some(()), Some(_)) => leptos::task::spawn_local(async move {
                    released().await;
                    match editor.status.try_get_untracked() {
                        Some(_) => save_if_changed(typed),
                        None => all_the_same(typed).await,
                    }
                }),
            }
        }
    };
    let on_input = {
        let read = read.clone();
        move |event: Event| {
            if let Some(typed) = read(event.current_target()) {
                editor.keep(&typed);
            }
        }
    };
    let on_submit = {
        let read = read.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            editor.refocus.set_value(true);
            if let Some(typed) = read(event.current_target()) {
                editor.save(typed, false);
            }
        }
    };
    let on_key = {
        let read = read.clone();
        move |event: KeyboardEvent| match event.key().as_str() {
            "Escape" => {
                event.prevent_default();
                editor.refocus.set_value(true);
                editor.close();
            }
            "Enter" if !event.is_composing() && (event.ctrl_key() || !writes_lines(&event)) => {
                event.prevent_default();
                editor.refocus.set_value(true);
                if let Some(typed) = read(event.current_target()) {
                    editor.save(typed, false);
                }
            }
            _ => {}
        }
    };
    let on_change = {
        let is_choice = matches!(field.input, Input::Choice { .. } | Input::Reference { .. });
        let read = read.clone();
        move |event: Event| {
            // What is typed into a search is not chosen yet.
            let in_search = event.target().is_some_and(|target| {
                target.dyn_into::<web_sys::Element>().is_ok_and(|element| element.has_attribute("data-combo"))
            });
            if let Some(typed) = (is_choice && !in_search).then(|| read(event.current_target())).flatten() {
                save_if_changed(typed);
            }
        }
    };
    let accept = {
        let read = read.clone();
        move |event: MouseEvent| {
            event.prevent_default();
            if let Some(typed) = read(event.target()) {
                editor.save(typed, true);
            }
        }
    };
    let choose = Callback::new(move |(id, name): (String, String)| {
        editor.chosen.set_value(Some((id.clone(), name)));
        editor.refocus.set_value(true);
        editor.save(id, false);
    });
    // A card opened by a press gets the cursor; one that the server rendered has it from `autofocus`.
    let begun = typed.clone();
    Effect::new({
        let name = name.clone();
        move |_| {
            // One that opened by itself, because its text was refused, takes the cursor from nobody.
            let Some(form) = form.get() else { return };
            bring_text_back(&form, &name, &editor.kept_key(), &begun);
            if editor.opened_by_address.get_untracked() {
                focus_input(&form, &name);
            }
        }
    });
    // A record without a name goes on being called by its number while one is typed.
    let placeholder = editor
        .is_title()
        .then(|| editor.card.with_untracked(|card| (!card.named).then(|| card.title.clone())))
        .flatten();
    let refused = move || editor.status.with(|status| matches!(status, Status::Refused { .. }));
    let describe = {
        let problem_id = problem_id.clone();
        move || refused().then(|| problem_id.clone())
    };
    view! {
        <form class="edit" method="post" action=path.clone() node_ref=form
            on:input=on_input on:focusout=on_leave on:submit=on_submit on:keydown=on_key on:change=on_change
            class:refused=refused>
            <input type="hidden" name="_version" value=version.to_string()/>
            <input type="hidden" name=key::NAME value=key::fresh()/>
            {editor.list.get_value().map(|list| view! { <input type="hidden" name="_in" value=list/> })}
            <InputView placeholder input=field.input name=name.clone() typed label=field.label refused=Signal::derive(refused) describe=Signal::derive(describe) choose/>
            <div class="hints" id=problem_id>
                {move || editor.status.with(|status| match status {
                    Status::Saving { .. } => Some(view! { <p class="saved" role="status">{word(Word::Saving)}</p> }.into_any()),
                    Status::Refused { refusal, .. } => Some(view! { <Hint editor refusal=refusal.clone() accept=Callback::new(accept.clone())/> }.into_any()),
                    Status::Idle | Status::Saved { .. } => None,
                })}
            </div>
            <div class="rowb no-js">
                <button class="btn p">{word(Word::Save)}</button>
                <a class="btn" href=closed>{word(Word::DoNotSave)}</a>
            </div>
        </form>
    }
}

/// What could not be sent is sent when there is a line again, whatever page is open then.
fn let_wait(edit: &Edit, what: &str, kept_under: &str) {
    #[derive(serde::Serialize)]
    struct Arguments<'a> {
        edit: &'a Edit,
    }
    if let Ok(body) = serde_json::to_string(&Arguments { edit }) {
        let (path, typed, what) = ("/call/save".to_string(), edit.typed.clone(), what.to_string());
        wait(&Unsent { path, body, typed, what, kept_under: kept_under.to_string() });
    }
}

/// «Не сохранено: «Тверь» · Вернуть · Забыть»
#[component]
fn Unsaved(editor: Editor) -> impl IntoView {
    let bring_back = move |(key, text): (String, String)| {
        forget_text(&key);
        editor.keep(&text);
        editor.unsaved.set(None);
        editor.given.set_value(Some(text.clone()));
        editor.status.set(Status::Idle);
        let field = editor.key.get_value();
        let query = editor
            .card
            .with_untracked(|card| editor.list.with_value(|list| address(card, list.as_deref(), Some(field.as_str()))));
        editor.open.with_value(|open| open.run(query));
    };
    let forget = move |key: String| {
        forget_text(&key);
        no_longer(&key);
        editor.find_unsaved();
    };
    move || {
        let (key, text) = editor.unsaved.get().filter(|_| editor.status.with(|status| *status == Status::Idle))?;
        let (kept, of_kept) = ((key.clone(), text.clone()), key);
        Some(view! {
            <p class="unsaved" role="status">
                {word(Word::NotSavedYet)}": «"<q>{text}</q>"» · "
                <button class="at" type="button" on:click=move |_| bring_back(kept.clone())>{word(Word::BringBack)}</button>
                " · "
                <button class="at" type="button" on:click=move |_| forget(of_kept.clone())>{word(Word::ForgetIt)}</button>
            </p>
        })
    }
}

/// Whether what was pressed is a link to another page of ours.
fn leads_away(pressed: Option<web_sys::EventTarget>) -> bool {
    let element = pressed.and_then(|pressed| pressed.dyn_into::<web_sys::Element>().ok());
    let link = element.and_then(|element| element.closest("a[href^='/']").ok().flatten());
    let href = link.and_then(|link| link.get_attribute("href")).unwrap_or_default();
    let path = href.split(['?', '#']).next().unwrap_or_default();
    !path.is_empty() && window().location().pathname().is_ok_and(|own| own != path)
}

/// Where Enter has a meaning of its own: a button, a link, a text of several lines.
fn writes_lines(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|element| matches!(element.tag_name().as_str(), "BUTTON" | "A" | "TEXTAREA"))
}

/// What was typed before a reload stands in the input again; what was typed before the script came is kept.
fn bring_text_back(form: &web_sys::HtmlFormElement, name: &str, kept_under: &str, begun: &str) {
    let Some(element) = form.elements().named_item(name) else { return };
    let kept = kept_text(kept_under).filter(|kept| kept != begun);
    if let Some(input) = element.dyn_ref::<web_sys::HtmlInputElement>() {
        match kept {
            _ if input.type_() == "hidden" || input.type_() == "checkbox" => {}
            _ if input.value() != begun => keep_text(kept_under, &input.value()),
            Some(kept) => input.set_value(&kept),
            None => {}
        }
    } else if let Some(area) = element.dyn_ref::<web_sys::HtmlTextAreaElement>() {
        match kept {
            _ if area.value() != begun => keep_text(kept_under, &area.value()),
            Some(kept) => area.set_value(&kept),
            None => {}
        }
    }
}

fn focus_input(form: &web_sys::HtmlFormElement, name: &str) {
    // A search stands before what it fills in.
    let combo = form.query_selector("[data-combo]").ok().flatten();
    let Some(element) = combo.or_else(|| form.elements().named_item(name)) else { return };
    if document().active_element().as_ref() == Some(&element) {
        return;
    }
    if let Some(input) = element.dyn_ref::<web_sys::HtmlInputElement>() {
        let _ = input.focus();
        let end = input.value().encode_utf16().count() as u32;
        let _ = input.set_selection_range(end, end);
    } else if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        let _ = element.focus();
    }
}

#[component]
fn InputView(
    placeholder: Option<String>,
    input: Input,
    name: String,
    typed: String,
    label: String,
    refused: Signal<bool>,
    describe: Signal<Option<String>>,
    /// Of a reference: its id and name were chosen.
    choose: Callback<(String, String)>,
) -> impl IntoView {
    let invalid = move || refused.get().then_some("true");
    match input {
        Input::ReadOnly => ().into_any(),
        Input::Line { mode, .. } => {
            let (inputmode, autocapitalize) = match mode {
                LineMode::Text => ("text", "sentences"),
                LineMode::Digits => ("numeric", "none"),
                LineMode::Phone => ("tel", "none"),
                LineMode::Email => ("email", "none"),
                LineMode::Link => ("url", "none"),
                LineMode::Date => ("numeric", "none"),
            };
            let kind = if mode == LineMode::Date { "date" } else { "text" };
            view! {
                <input class="in" type=kind name=name value=typed placeholder=placeholder aria-label=label inputmode=inputmode autocapitalize=autocapitalize
                    autocomplete="off" autofocus=AUTOFOCUS aria-invalid=invalid aria-describedby=move || describe.get()/>
            }
            .into_any()
        }
        Input::Lines { .. } => {
            view! { <TextArea name text=typed label focus=true invalid=refused describe/> }.into_any()
        }
        Input::Several { chosen, target } => {
            // What was typed is told from the numbers; a name is known of what was chosen before.
            let boxes = chosen.into_iter().map(|choice| {
                let on = typed.lines().any(|line| line == choice.value);
                view! { <label class="pick"><input type="checkbox" name=name.clone() value=choice.value checked=on/>{choice.label}</label> }
            });
            view! {
                <span class="several">
                    {boxes.collect_view()}
                    <RecordInput target name=name.clone() typed=String::new() shown=String::new() label invalid=refused describe/>
                </span>
            }
            .into_any()
        }
        Input::Reference { chosen, shown, target } => {
            let shown = if chosen == typed { shown } else { typed.clone() };
            view! { <RecordInput target name typed shown label chosen=choose invalid=refused describe/> }.into_any()
        }
        Input::Choice { options, .. } => {
            let none = typed.is_empty();
            let options = options
                .into_iter()
                .map(|choice| {
                    let chosen = choice.value == typed;
                    view! { <option value=choice.value selected=chosen>{choice.label}</option> }
                })
                .collect_view();
            view! {
                <select class="in" name=name aria-label=label autofocus=AUTOFOCUS aria-invalid=invalid aria-describedby=move || describe.get()>
                    <option value="" selected=none>{word(Word::Nobody)}</option>
                    {options}
                </select>
            }
            .into_any()
        }
    }
}

/// Why the value was not kept, and what can be done about it.
#[component]
fn Hint(editor: Editor, refusal: Refusal, accept: Callback<MouseEvent>) -> impl IntoView {
    let key = editor.key.get_value();
    let lang = frame().lang;
    let path = editor.card.with_untracked(|card| format!("/{}/{}", card.section, card.id));
    if let Some(clash) = clash_of(&refusal, &key).cloned() {
        let theirs = if clash.theirs.is_empty() { word(Word::NoValue).to_string() } else { clash.theirs };
        return view! {
            <div class="conf" role="alert">
                {word(Word::WhileYouWrote)}<b>{clash.by}</b>{word(Word::HasChanged)}"«"{clash.label}"»: «"<q data-theirs=key.to_string()>{theirs}</q>"»"
                <div class="rowb">
                    <button class="btn" type="submit">{word(Word::KeepMine)}</button>
                    <a class="btn" href=path on:click=move |_| editor.take_theirs()>{word(Word::TakeTheirs)}</a>
                </div>
            </div>
        }
        .into_any();
    }
    match &refusal {
        Refusal::Problems(problems) => {
            let own: Vec<&Problem> = problems.iter().filter(|problem| problem.field.as_ref() == Some(&key)).collect();
            let doubtful = own.iter().any(|problem| problem.is_warning());
            let sentences = own.iter().map(|problem| sentence(&problem.code, lang)).collect::<Vec<_>>().join(". ");
            view! {
                <p class="hint" class:w=doubtful role="alert">
                    {sentences}
                    {doubtful.then(|| view! {
                        ". "<button class="at" type="submit" name="_accept" value=key.to_string() on:click=move |event| accept.run(event)>{word(Word::SaveAnyway)}</button>
                    })}
                </p>
            }
            .into_any()
        }
        Refusal::SignIn => view! {
            <p class="hint" role="alert">
                {refusal.sentence(lang)}" · "<a class="at" href="/login" target="_blank" rel="external">{word(Word::SignIn)}</a>
                " · "<button class="at" type="submit">{word(Word::TryAgain)}</button>
            </p>
        }
        .into_any(),
        Refusal::Unreachable
        | Refusal::Failed
        | Refusal::TooSlow
        | Refusal::Unavailable
        | Refusal::Unknown
        | Refusal::NoRoom => view! {
            <p class="hint" role="alert">{refusal.sentence(lang)}" · "<button class="at" type="submit">{word(Word::TryAgain)}</button></p>
        }
        .into_any(),
        Refusal::Clashes(_)
        | Refusal::Declaration(_)
        | Refusal::Forbidden
        | Refusal::NotFound
        | Refusal::InTrash
        | Refusal::BadRequest { .. }
        | Refusal::NotUnderstood(_) => {
            view! { <p class="hint" role="alert">{refusal.sentence(lang)}</p> }.into_any()
        }
    }
}
