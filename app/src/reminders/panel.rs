//! What comes next with a client: one line under its name, and the panel of all that is open.

use domain::ids::RecordRef;
use domain::words::Word;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::api::{reminder, reminders};
use super::fields::KEY;
use super::quick::{AskNext, DayAndTime, QuickButtons, ReminderInputs, TickForm, open_other};
use super::view::{ReminderView, RemindersView};
use crate::changes::use_changes;
use crate::contacts::{People, people};
use crate::draft::{DraftView, form_begins};
use crate::error_line::ErrorLine;
use crate::form::{Done, SectionForm, use_take_back};
use crate::frame::{frame, pointing, word};
use crate::refusal::Refusal;
use crate::ui::{Icon, Sign, close_menus, open_to_fill, use_say};

/// The open reminders of a record.
pub type Due = Resource<Result<RemindersView, Refusal>>;

/// The earliest first.
pub fn due_of(of: RecordRef) -> Due {
    let changes = use_changes();
    Resource::new(move || (of.clone(), changes.told_of(&[KEY])), move |(of, _)| reminders(of))
}

/// «Дальше: ☐ позвонить Зиминой, новый счёт · сегодня 16:30», or that nothing is planned.
#[component]
pub fn NextLine(of: RecordRef) -> impl IntoView {
    let loaded = due_of(of.clone());
    let of = StoredValue::new(of);
    view! {
        <div class="next" id="next">
            <Transition>
                {move || Suspend::new(async move {
                    let view = loaded.await.ok()?;
                    let today = view.today;
                    Some(match view.open.into_iter().next() {
                        Some(next) => view! { <Next next today/> }.into_any(),
                        None => view! {
                            <b>{word(Word::NothingPlanned)}</b><AskNext of=of.get_value()/>
                            <a class="btn q" href="#reminders" on:click=open_other>{word(Word::OtherTime)}</a>
                        }
                        .into_any(),
                    })
                })}
            </Transition>
        </div>
    }
}

/// The same on a reminder's own card: tick, postpone; what is done may be open again.
#[component]
pub fn OwnLine(id: i64) -> impl IntoView {
    let changes = use_changes();
    let loaded = Resource::new(move || changes.told_of(&[KEY]), move |_| reminder(id));
    let done = Callback::new(|_: Done| {});
    view! {
        <div class="next" id="next">
            <Transition>
                {move || Suspend::new(async move {
                    let (next, today, is_done) = loaded.await.ok()?;
                    Some(match is_done {
                        false => view! { <Next next today/> }.into_any(),
                        true => view! {
                            <b>{word(Word::Done)}</b><span>{next.what}</span><span class="sp"></span>
                            <SectionForm section=KEY record=Some((next.id, next.version)) class="quick" done>
                                <button class="btn q" name="done" value="0">{word(Word::PutBack)}</button>
                            </SectionForm>
                        }
                        .into_any(),
                    })
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Next(next: ReminderView, today: String) -> impl IntoView {
    let ReminderView { id, version, href, what, when, exact, tone, with, repeats, .. } = next;
    view! {
        <span class="next-word">{word(Word::NextLine)}":"</span>
        <TickForm id version what=what.clone()/>
        <a class="next-what" href=href>{what}{with.map(|with| format!(", {with}"))}</a>
        <span class=format!("chip {}", tone.class()) title=exact>{when}</span>
        <span class="sp"></span>
        <Postpone id version today is_series=repeats.is_some()/>
    }
}

/// «Перенести»: the quick choices and a day.
#[component]
fn Postpone(id: i64, version: i64, today: String, is_series: bool) -> impl IntoView {
    let say = use_say();
    let take_back = use_take_back();
    let (said, undo) = (word(Word::Saved), word(Word::Undo));
    let done = Callback::new(move |Done { id, seq, .. }: Done| {
        close_menus(None);
        if seq.is_some() {
            say.with_act(said, undo, take_back(KEY, id, seq));
        }
    });
    view! {
        <details class="menu-of postpone">
            <summary class="btn q">{word(Word::Postpone)}</summary>
            <div class="pop">
                <SectionForm section=KEY record=Some((id, version)) class="quick" done><QuickButtons/></SectionForm>
                <SectionForm section=KEY record=Some((id, version)) class="add-form" done>
                    <DayAndTime today/>
                    <button class="btn p" name="in" value="other">{word(Word::Postpone)}</button>
                    {is_series.then(|| view! { <button class="btn" name="in" value="series">{word(Word::PostponeSeries)}</button> })}
                </SectionForm>
            </div>
        </details>
    }
}

#[component]
pub fn RemindersPanel(of: RecordRef) -> impl IntoView {
    let loaded = due_of(of.clone());
    let (many, _) = frame().names_of(KEY);
    let people = people(of.clone());
    let of = StoredValue::new(of);
    let begun = {
        let draft = use_query_map().with_untracked(|query| query.get("draft"));
        Resource::new(|| (), move |()| form_begins(KEY.into(), draft.clone()))
    };
    view! {
            <section class="panel" aria-labelledby="reminders">
                <Transition>
                    {move || {
                        let many = many.clone();
                        Suspend::new(async move {
                        match loaded.await {
                            Ok(view) => view! {
                                <h2 id="reminders"><a href=view.href>{many.clone()}" "<span class="mut">{view.count}</span></a></h2>
                                <List open=view.open today=view.today/>
                            }
                            .into_any(),
                            Err(refusal) => view! { <ErrorLine refusal/> }.into_any(),
                        }
                    })}}
                </Transition>
                // Asked once: what is being typed stays while the list above is asked for anew.
                <Transition>
                    {move || Suspend::new(async move { begun.await.ok().map(|(draft, today)| view! { <AddReminder of=of.get_value() people draft today/> }) })}
                </Transition>
            </section>
    }
}

#[component]
fn List(open: Vec<ReminderView>, today: String) -> impl IntoView {
    if open.is_empty() {
        return view! { <p class="mut none">{word(Word::NoneYet)}</p> }.into_any();
    }
    let row = |one: ReminderView| {
        let is_series = one.repeats.is_some();
        let who = [one.with, one.by, one.repeats].into_iter().flatten().collect::<Vec<_>>().join(", ");
        let of = one.of.map(|(name, href)| view! { <a class="l" href=href>{name}</a>" · " });
        view! {
            <li class="reminder" data-reminder=one.id.to_string()>
                <TickForm id=one.id version=one.version what=one.what.clone()/>
                <div>
                    <a href=one.href>{one.what}</a>
                    <p class="mut">{of}{who}</p>
                </div>
                <div class="reminder-when">
                    <span class=format!("chip {}", one.tone.class()) title=one.exact>{one.when}</span>
                    <Postpone id=one.id version=one.version today=today.clone() is_series/>
                </div>
            </li>
        }
    };
    view! { <ul class="reminders">{open.into_iter().map(row).collect_view()}</ul> }.into_any()
}

#[component]
fn AddReminder(
    of: RecordRef,
    people: People,
    #[prop(optional_no_strip)] draft: Option<DraftView>,
    today: String,
) -> impl IntoView {
    let (_, one) = frame().names_of(KEY);
    let say = use_say();
    let take_back = use_take_back();
    let (said, undo) = (word(Word::NoteTaken), word(Word::Undo));
    let done = Callback::new(move |Done { form, id, seq, .. }: Done| {
        form.reset();
        say.with_act(said, undo, take_back(KEY, id, seq));
    });
    let draft = draft.filter(|draft| draft.typed.iter().any(|(key, _)| key.as_str() == "date"));
    let open = draft.is_some();
    view! {
        <details class="add" open=open>
            <summary class="btn q" on:click=open_to_fill><Icon sign=Sign::Plus/>{one}</summary>
            <SectionForm section=KEY with=pointing(KEY, &of) draft=draft.clone().unwrap_or_default() class="add-form" keeps=true done>
                <ReminderInputs today people draft/>
                <button class="btn p" name="in" value="other">{word(Word::Remind)}</button>
            </SectionForm>
        </details>
    }
}
