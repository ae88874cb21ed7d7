//! What happened with a record, newest first: the composer, the filter by kind, entries and changes by day.

use domain::ids::RecordRef;
use domain::list::encode;
use domain::words::Word;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use wasm_bindgen::JsCast;

use super::api::stream;
use super::composer::Composer;
use super::fields::{CALL, COMMENT, KEY, MEETING};
use super::text::Span;
use super::view::{Item, NoteView, StreamDay, StreamWish};
use crate::card::ActForm;
use crate::changes::use_changes;
use crate::contacts::people;
use crate::draft::form_begins;
use crate::error_line::ErrorLine;
use crate::form::{Done, SectionForm, use_take_back};
use crate::frame::{frame, word};
use crate::history::EntryView;
use crate::reminders;
use crate::ui::{Avatar, Icon, Sign, TextArea, give_text_back, keep_text, use_say};

const SHOWS: [(&str, Word); 5] = [
    ("", Word::EverythingTab),
    ("comments", Word::CommentsTab),
    ("calls", Word::CallsTab),
    ("meetings", Word::MeetingsTab),
    ("changes", Word::ChangesTab),
];

#[component]
pub fn Stream(of: RecordRef) -> impl IntoView {
    let changes = use_changes();
    let query = use_query_map();
    let get = move |name: &'static str| Memo::new(move |_| query.with(|query| query.get(name)));
    let (show, before, list) = (get("show"), get("before"), get("in"));
    let edited = Memo::new(move |_| query.with(|query| query.get("note").and_then(|note| note.parse::<i64>().ok())));
    let (draft, ask) = query.with_untracked(|query| (query.get("draft"), query.get("next").is_some()));
    let own = of.clone();
    let loaded = Resource::new(move || (show.get(), before.get(), changes.told_of_record(&own, &[KEY])), {
        let of = of.clone();
        move |(show, before, _)| stream(StreamWish { of: of.clone(), show, before, latest: false })
    });
    let composer = Resource::new(|| (), move |()| form_begins(KEY.into(), draft.clone()));
    let people = people(of.clone());
    let due = frame().section(reminders::KEY).is_some().then(|| reminders::due_of(of.clone()));
    let of = StoredValue::new(of);
    let address = move |pairs: &[(&str, &str)]| {
        let kept = list.get().map(|list| ("in".to_string(), list));
        let pairs = pairs.iter().filter(|(_, value)| !value.is_empty());
        let pairs = pairs.map(|(name, value)| (name.to_string(), value.to_string()));
        let pairs = encode(&kept.into_iter().chain(pairs).collect::<Vec<_>>());
        of.with_value(|of| format!("{}{pairs}", of.path()))
    };
    let tabs = move || {
        let now = show.get().unwrap_or_default();
        let tab = |(key, label): (&'static str, Word)| {
            let on = now == key;
            view! { <a href=address(&[("show", key)]) aria-current=on.then_some("true")>{word(label)}</a> }
        };
        // Who does not see of what kind an entry is chooses none.
        let has_kinds = frame().section(KEY).is_some_and(|section| section.field_named("kind").is_some());
        let shows = SHOWS.into_iter().filter(|(show, _)| has_kinds || matches!(*show, "" | "changes"));
        shows.map(tab).collect_view()
    };
    view! {
        <section class="col mid stream" aria-labelledby="stream">
            <h2 id="stream" class="sr-only">{word(Word::Stream)}</h2>
            <Transition>
                {move || Suspend::new(async move {
                    let draft = composer.await.ok().and_then(|(draft, _)| draft);
                    view! { <Composer of=of.get_value() people due draft ask/> }
                })}
            </Transition>
            <nav class="shows" aria-label=word(Word::Stream)>{tabs}</nav>
            <Transition fallback=|| view! { <p class="wait">{word(Word::Loading)}</p> }>
                {move || Suspend::new(async move {
                    match loaded.await {
                        Ok(view) => {
                            let empty = view.days.is_empty() && view.pinned.is_empty();
                            let shown = show.get().unwrap_or_default();
                            let earlier = view.earlier.map(|before| address(&[("show", &shown), ("before", &before)]));
                            view! {
                                {(!view.pinned.is_empty()).then(|| view! {
                                    <div class="pinned" role="group" aria-label=word(Word::Pinned)>
                                        {view.pinned.into_iter().map(|note| view! { <NoteLine of note edited=None/> }).collect_view()}
                                    </div>
                                })}
                                <Days of days=view.days edited/>
                                {empty.then(|| view! { <p class="mut none">{word(Word::NothingInStream)}</p> })}
                                {earlier.map(|href| view! { <a class="btn" href=href>{word(Word::Earlier)}</a> })}
                            }
                            .into_any()
                        }
                        Err(refusal) => view! { <ErrorLine refusal/> }.into_any(),
                    }
                })}
            </Transition>
        </section>
    }
}

#[component]
fn Days(of: StoredValue<RecordRef>, days: Vec<StreamDay>, edited: Memo<Option<i64>>) -> impl IntoView {
    let path = of.with_value(RecordRef::path);
    days.into_iter()
        .map(|StreamDay { name, items }| {
            let items = items.into_iter().map(|item| match item {
                Item::Note(note) => view! { <NoteLine of note edited=Some(edited)/> }.into_any(),
                Item::Change(entry) => {
                    view! { <EntryView path=path.clone() version=entry.record_version entry/> }.into_any()
                }
            });
            view! { <h3 class="day">{name}</h3>{items.collect_view()} }
        })
        .collect_view()
}

/// A text with what is live in it.
#[component]
pub fn LiveText(spans: Vec<Span>) -> impl IntoView {
    spans
        .into_iter()
        .map(|span| match span {
            Span::Text(text) => text.into_any(),
            Span::Link { shown, href } if href.starts_with("http") => {
                view! { <a class="l" href=href target="_blank" rel="noopener noreferrer">{shown}</a> }.into_any()
            }
            Span::Link { shown, href } => view! { <a class="l" href=href>{shown}</a> }.into_any(),
            Span::Mention(name) => view! { <b class="mention">{name}</b> }.into_any(),
        })
        .collect_view()
}

#[component]
fn NoteLine(of: StoredValue<RecordRef>, note: NoteView, edited: Option<Memo<Option<i64>>>) -> impl IntoView {
    let id = note.id;
    let note = StoredValue::new(note);
    let is_edited = move || edited.is_some_and(|edited| edited.get() == Some(id));
    move || {
        let note = note.get_value();
        if is_edited() && note.own_text.is_some() {
            view! { <EditNote of note/> }.into_any()
        } else {
            view! { <ShownNote of note/> }.into_any()
        }
    }
}

#[component]
fn ShownNote(of: StoredValue<RecordRef>, note: NoteView) -> impl IntoView {
    let NoteView {
        id,
        version,
        kind,
        by,
        time,
        exact,
        talk,
        with,
        of: said_of,
        text,
        own_text,
        edited,
        pinned,
        can_delete,
    } = note;
    let name = by.as_ref().map(|person| person.name.clone()).unwrap_or_default();
    let head = match (kind, by) {
        (COMMENT, Some(person)) => view! { <Avatar person/> }.into_any(),
        (kind, _) => view! { <span class="ic"><Icon sign=sign(kind)/></span> }.into_any(),
    };
    let title = match kind {
        CALL => Some(Word::CallTo),
        MEETING => Some(Word::MeetingWith),
        _ => None,
    };
    let edit = here(of, Some(id));
    let back = here(of, None);
    let empty = text.is_empty();
    let done = Callback::new(|_: Done| {});
    let pin = if pinned { ("0", Word::Unpin) } else { ("1", Word::Pin) };
    view! {
        <article class="ev note" class:pin=pinned data-note=id.to_string()>
            {head}
            <div>
                <p class="h">
                    <b>{title.map(|title| format!("{}: ", word(title)))}{name}</b>
                    " · "<time title=exact>{time}</time>
                    {with.map(|(name, href)| view! { " · "<a class="l" href=href>{name}</a> })}
                    {said_of.map(|(name, href)| view! { " · "<a class="l" href=href>{name}</a> })}
                    {talk.map(|talk| format!(" · {talk}"))}
                    {edited.then(|| format!(" · {}", word(Word::EditedNote)))}
                </p>
                {(!empty).then(|| view! { <div class="bubble"><LiveText spans=text/></div> })}
            </div>
            <div class="note-acts">
                <SectionForm section=KEY record=Some((id, version)) done>
                    <button class="at" name="pinned" value=pin.0>{word(pin.1)}</button>
                </SectionForm>
                {own_text.map(|_| view! { <a class="at" href=edit>{word(Word::EditNote)}</a> })}
                {can_delete.then(|| view! { <ActForm path=format!("/{KEY}/{id}") act="trash" label=Word::Delete back stay=true/> })}
            </div>
        </article>
    }
}

fn sign(kind: i64) -> Sign {
    match kind {
        CALL => Sign::Phone,
        MEETING => Sign::Meeting,
        _ => Sign::Comment,
    }
}

/// The page of the stream that one is on, with the entry that is edited.
fn here(of: StoredValue<RecordRef>, note: Option<i64>) -> String {
    let kept = use_query_map().with_untracked(|query| {
        ["in", "show", "before"].map(|name| query.get(name).map(|value| (name.to_string(), value)))
    });
    let note = note.map(|note| ("note".to_string(), note.to_string()));
    let pairs: Vec<(String, String)> = kept.into_iter().chain([note]).flatten().collect();
    of.with_value(|of| format!("{}{}", of.path(), encode(&pairs)))
}

/// The text in the place where it stood.
#[component]
fn EditNote(of: StoredValue<RecordRef>, note: NoteView) -> impl IntoView {
    let say = use_say();
    let take_back = use_take_back();
    let (said, undo) = (word(Word::Saved), word(Word::Undo));
    let user = frame().user.as_ref().map(|user| user.person.id).unwrap_or_default();
    // The stream may be asked for anew while one writes.
    let kept_under = StoredValue::new(format!("{KEY}:{user}:{}@{}", note.id, note.version));
    let node = NodeRef::<leptos::html::Article>::new();
    let area = move || {
        let found = node.get_untracked()?.query_selector("textarea").ok()??;
        found.dyn_into::<web_sys::HtmlTextAreaElement>().ok()
    };
    Effect::new(move |_| {
        if node.get().is_some()
            && let Some(area) = area()
        {
            kept_under.with_value(|key| give_text_back(key, &area));
            let _ = area.focus();
        }
    });
    let on_input = move |_| {
        if let Some(area) = area() {
            kept_under.with_value(|key| keep_text(key, &area.value()));
        }
    };
    let navigate = StoredValue::new(use_navigate());
    let closed = here(of, None);
    let done = Callback::new({
        let closed = closed.clone();
        move |Done { id, seq, .. }: Done| {
            kept_under.try_with_value(|key| keep_text(key, ""));
            let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
            navigate.try_with_value(|go| go(&closed, options));
            if seq.is_some() {
                say.with_act(said, undo, take_back(KEY, id, seq));
            }
        }
    });
    view! {
        <article class="ev note" data-note=note.id.to_string() node_ref=node on:input=on_input>
            <span class="ic"><Icon sign=Sign::Pen/></span>
            <SectionForm section=KEY record=Some((note.id, note.version)) class="composer" done>
                <input type="hidden" name="kind" value=note.kind.to_string()/>
                <TextArea name="text".into() text=note.own_text.unwrap_or_default() label=word(Word::EditNote).into() class="composer-in" focus=true/>
                <div class="composer-foot">
                    <span class="sp"></span>
                    <a class="btn" href=closed>{word(Word::DoNotSave)}</a>
                    <button class="btn p">{word(Word::Save)}</button>
                </div>
            </SectionForm>
        </article>
    }
}

/// A few of the latest entries, and where to write: beside a list.
#[component]
pub fn Latest(of: RecordRef) -> impl IntoView {
    let changes = use_changes();
    let loaded = Resource::new(move || changes.told_of(&[KEY]), {
        let of = of.clone();
        move |_| stream(StreamWish { of: of.clone(), show: None, before: None, latest: true })
    });
    let edited = Memo::new(|_| None);
    let people = people(of.clone());
    let due = frame().section(reminders::KEY).is_some().then(|| reminders::due_of(of.clone()));
    let of = StoredValue::new(of);
    view! {
        <Composer of=of.get_value() people due draft=None/>
        <Transition>
            {move || Suspend::new(async move {
                loaded.await.ok().map(|view| view! { <Days of days=view.days edited/> })
            })}
        </Transition>
    }
}
