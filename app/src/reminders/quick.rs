//! «Через час · Завтра в 10:00 · Через неделю · Другое…», and the tick.

use domain::ids::{FieldKey, RecordRef};
use domain::words::Word;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::fields::{DAILY, KEY, MONTHLY, WEEKLY, WHAT};
use crate::contacts::{People, WithWhom};
use crate::draft::DraftView;
use crate::draft::typed;
use crate::form::{Done, SectionForm, use_take_back};
use crate::frame::{frame, pointing, word};
use crate::ui::{Icon, Sign, use_say};

/// The quick choices, as buttons of one form.
#[component]
pub fn QuickButtons() -> impl IntoView {
    let quick =
        |value: &'static str, label: Word| view! { <button class="btn q" name="in" value=value>{word(label)}</button> };
    view! {
        {quick("hour", Word::InAnHour)}
        {quick("tomorrow", Word::TomorrowAtTen)}
        {quick("week", Word::InAWeek)}
    }
}

/// Day and time, typed.
#[component]
pub fn DayAndTime(today: String, #[prop(optional)] draft: Option<DraftView>) -> impl IntoView {
    let date = typed(draft.as_ref(), "date");
    let date = if date.is_empty() { today } else { date };
    let time = typed(draft.as_ref(), "time");
    view! {
        <label><span>{word(Word::Day)}</span><input class="in" type="date" name="date" value=date/></label>
        <label><span>{word(Word::TimeOfDay)}</span><input class="in" type="time" name="time" value=time/></label>
    }
}

/// All that a reminder has, for «Другое…».
#[component]
pub fn ReminderInputs(
    today: String,
    people: People,
    #[prop(optional_no_strip)] draft: Option<DraftView>,
) -> impl IntoView {
    let lang = frame().lang;
    let employees = frame().people.clone();
    let me = frame().user.as_ref().map(|user| user.person.id);
    let chosen = typed(draft.as_ref(), "what");
    let (whom, again) = (typed(draft.as_ref(), "responsible"), typed(draft.as_ref(), "repeats"));
    let whom = whom.parse().ok().or(me);
    let with = typed(draft.as_ref(), "contact");
    let what = WHAT.map(|(ru, en, id)| {
        let label = if lang == domain::words::Lang::Ru { ru } else { en };
        view! { <option value=id.to_string() selected=chosen == id.to_string()>{label}</option> }
    });
    let repeat = move |id: i64, label: &'static str| {
        let on = again == id.to_string();
        view! { <option value=id.to_string() selected=on>{label}</option> }
    };
    let repeats = match lang {
        domain::words::Lang::Ru => ["каждый день", "каждую неделю", "каждый месяц"],
        domain::words::Lang::En => ["every day", "every week", "every month"],
    };
    let note = typed(draft.as_ref(), "note");
    view! {
        <label><span>{word(Word::What)}</span><select class="in" name="what">{what.collect_view()}</select></label>
        <label class="wide"><span>{word(Word::WhatFor)}</span><input class="in" name="note" value=note autocomplete="off"/></label>
        <DayAndTime today draft=draft.unwrap_or_default()/>
        <WithWhom people whom=RwSignal::new(Some(with)) nobody_first=true/>
        <label><span>{word(Word::ForWhom)}</span>
            <select class="in" name="responsible">
                {employees.into_iter().map(|person| view! { <option value=person.id.to_string() selected=Some(person.id) == whom>{person.name}</option> }).collect_view()}
            </select>
        </label>
        <label><span>{word(Word::Repeat)}</span>
            <select class="in" name="repeats">
                <option value="">{word(Word::NoRepeat)}</option>
                {repeat(DAILY, repeats[0])}{repeat(WEEKLY, repeats[1])}{repeat(MONTHLY, repeats[2])}
            </select>
        </label>
    }
}

/// After a call, a meeting, a talk, and where nothing is planned: one press makes the next step.
#[component]
pub fn AskNext(
    of: RecordRef,
    #[prop(optional)] contact: Option<i64>,
    /// Hears that it was answered.
    #[prop(optional)]
    answered: Option<Callback<()>>,
) -> impl IntoView {
    let say = use_say();
    let take_back = use_take_back();
    let (made, undo) = (word(Word::NoteTaken), word(Word::Undo));
    let done = Callback::new(move |Done { id, seq, .. }: Done| {
        say.with_act(made, undo, take_back(KEY, id, seq));
        if let Some(answered) = answered {
            answered.run(());
        }
    });
    let mut with = pointing(KEY, &of);
    with.extend(contact.map(|contact| (FieldKey::built_in("contact"), contact.to_string())));
    view! {
        <SectionForm section=KEY with class="quick" done>
            <QuickButtons/>
        </SectionForm>
    }
}

/// Opens the form of a reminder with all that it has.
pub fn open_other(_: leptos::ev::MouseEvent) {
    let found = document().query_selector(".ahead details.add").ok().flatten();
    if let Some(details) = found {
        let _ = details.set_attribute("open", "");
        let note = details.query_selector("input[name=note]").ok().flatten();
        if let Some(note) = note.and_then(|note| note.dyn_into::<HtmlInputElement>().ok()) {
            let _ = note.focus();
        }
    }
}

/// Ticks a reminder off.
#[component]
pub fn TickForm(
    id: i64,
    version: i64,
    what: String,
    /// Whom it concerns, where the page is not of one client.
    #[prop(optional_no_strip)]
    whom: Option<String>,
) -> impl IntoView {
    let say = use_say();
    let take_back = use_take_back();
    let undo = word(Word::Undo);
    let named = whom.into_iter().chain(Some(what.clone())).collect::<Vec<_>>().join(", ");
    let said = StoredValue::new(format!("{}: {named}", word(Word::ReminderDone)));
    let done = Callback::new(move |Done { id, seq, .. }: Done| {
        if seq.is_some() {
            say.with_act(said.get_value(), undo, take_back(KEY, id, seq));
        }
    });
    let label = format!("{}: {what}", word(Word::Done));
    view! {
        <SectionForm section=KEY record=Some((id, version)) class="tick-form" stays=true done>
            <button class="tick" name="done" value="1" aria-label=label title=word(Word::Done)><Icon sign=Sign::Check/></button>
        </SectionForm>
    }
}
