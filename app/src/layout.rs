//! The frame of every page: the rail on the left, the bar at the bottom of the phone.

use domain::words::{Word, grouped};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::bulk::Undone;
use crate::bulk::api::undo_last;
use crate::bulk::{JobStrip, use_jobs};
use crate::changes::use_changes;
use crate::counters::Counters;
use crate::frame::{frame, word};
use crate::refusal::Refusal;
use crate::sections::sign;
use crate::today::api::count_today;
use crate::ui::keys::{in_dialog, is_question, is_single, is_typing, on_key};
use crate::ui::{Avatar, Dialog, Icon, Sign, ToastPlace, close_menus, use_say};
use crate::users::{GuardDialog, use_guard};
use crate::waiting::WaitingStrip;
use crate::{notes, reminders};

/// Pages of a signed-in user have the rail; the page to sign in stands alone.
#[component]
pub fn Layout(children: Children) -> impl IntoView {
    let frame = frame();
    let Some(user) = frame.user.clone() else {
        return children().into_any();
    };
    let path = use_location().pathname;
    let place = move |href: &str| {
        let href = href.to_string();
        let below = format!("{href}/");
        move || path.with(|path| *path == href || path.starts_with(&below)).then_some("page")
    };
    let link = move |href: String, sign: Sign, label: String| {
        view! { <a href=href.clone() aria-current=place(&href)><Icon sign/>{label}</a> }
    };
    let counters = use_counters();
    let counted = move |href: String, sign: Sign, label: String, count: fn(Counters) -> i64, alarm: bool| {
        let number = move || {
            Some(count(counters.get())).filter(|count| *count > 0).map(|count| {
                view! {
                    <span class="count" class:alarm=alarm>{grouped(count)}</span>
                }
            })
        };
        view! { <a href=href.clone() aria-current=place(&href)><Icon sign/>{label}{number}</a> }
    };
    let lang = frame.lang;
    let sections: Vec<(String, String)> = frame
        .sections
        .iter()
        .filter(|section| !section.inner)
        .map(|section| (section.key.to_string(), section.forms.many.get(lang).to_string()))
        .collect();
    let has = |key: &str| frame.section(key).is_some();
    let of_section = move |(key, label): (String, String)| {
        let href = format!("/{key}");
        match key == reminders::KEY {
            true => counted(href, sign(&key), label, |counters| counters.overdue, true).into_any(),
            false => link(href, sign(&key), label).into_any(),
        }
    };
    let today =
        move || counted("/today".into(), Sign::Sun, word(Word::TodayTitle).into(), |counters| counters.today, true);
    let mentions = has(notes::KEY).then(|| {
        counted("/mentions".into(), Sign::At, word(Word::Mentions).into(), |counters| counters.mentions, false)
    });
    let mentions_below = has(notes::KEY).then(|| link("/mentions".into(), Sign::At, word(Word::Mentions).into()));
    let rail = sections.iter().cloned().map(of_section).collect_view();
    let bar = sections.into_iter().map(of_section).collect_view();
    let name = user.person.name.clone();
    view! {
        <a class="skip" href="#content">{word(Word::SkipToContent)}</a>
        <div class="app">
            <nav class="rail" aria-label=word(Word::Sections)>
                <a class="brand" href="/today"><b aria-hidden="true">"К"</b>{word(Word::Product)}</a>
                {today()}
                {rail}
                {mentions}
                {link("/trash".into(), Sign::Trash, word(Word::Trash).into())}
                <span class="gap"></span>
                {link("/settings".into(), Sign::Settings, word(Word::Settings).into())}
                <form class="me" method="post" action="/logout">
                    <Avatar person=user.person.clone()/>
                    <span class="me-name">{name}</span>
                    <button class="btn sq q" title=word(Word::SignOut) aria-label=word(Word::SignOut)><Icon sign=Sign::Leave/></button>
                </form>
            </nav>
            <main class="main" id="content" tabindex="-1">{children()}</main>
            <nav class="bar m" aria-label=word(Word::More)>
                {today()}
                {bar}
                <details class="menu-of">
                    <summary><Icon sign=Sign::More/>{word(Word::More)}</summary>
                    <div class="pop" on:click=|_| close_menus(None)>
                        {mentions_below}
                        {link("/trash".into(), Sign::Trash, word(Word::Trash).into())}
                        {link("/settings".into(), Sign::Settings, word(Word::Settings).into())}
                    </div>
                </details>
            </nav>
        </div>
        <WaitingStrip/>
        <JobStrip/>
        <ToastPlace/>
        <GuardDialog/>
        <KeysDialog/>
    }
    .into_any()
}

/// What stands in the rail beside the links: as the page began, then as it changes.
fn use_counters() -> RwSignal<Counters> {
    let counters = RwSignal::new(frame().counters);
    let changes = use_changes();
    let told = Memo::new(move |_| changes.told_of(&[reminders::KEY, notes::KEY]));
    Effect::watch(
        move || told.get(),
        move |_, _, _| {
            leptos::task::spawn_local(async move {
                if let Ok(fresh) = count_today().await {
                    counters.try_set(fresh);
                }
            });
        },
        false,
    );
    counters
}

/// «?» shows the keys; Ctrl+Z takes back the latest thing that one has done, whatever it was.
#[component]
fn KeysDialog() -> impl IntoView {
    let open = RwSignal::new(false);
    let (say, jobs, changes, guard) = (use_say(), use_jobs(), use_changes(), use_guard());
    let lang = frame().lang;
    let busy = StoredValue::new(false);
    let writes = frame().section(notes::KEY).is_some();
    on_key(move |event: &KeyboardEvent| {
        if is_question(event) && is_single(event) {
            event.prevent_default();
            open.set(true);
        }
        let undo = event.code() == "KeyZ" && (event.ctrl_key() || event.meta_key()) && !event.shift_key();
        if undo && !is_typing(event) && !in_dialog() {
            event.prevent_default();
            // One press, one act: a key that is held down goes no further.
            if event.repeat() || busy.get_value() {
                return;
            }
            busy.set_value(true);
            leptos::task::spawn_local(async move {
                let undone = undo_last(crate::key::fresh()).await;
                busy.try_set_value(false);
                match undone {
                    Ok(Undone { said: None, .. }) => say.text(Word::NothingToUndo.text(lang)),
                    Ok(Undone { said: Some(said), operation }) => {
                        say.text(format!("{} {said}", Word::TakenBack.text(lang)));
                        match operation {
                            Some(progress) => jobs.watch(progress, String::new()),
                            None => changes.tell(),
                        }
                    }
                    Err(Refusal::SignIn) => guard.is_over(),
                    Err(refusal) => say.text(refusal.sentence(lang)),
                }
            });
        }
    });
    let row = |keys: &'static [&'static str], label: Word| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd>" " }).collect_view();
        view! { <dt>{keys}</dt><dd>{word(label)}</dd> }
    };
    view! {
        <Dialog open=open.into() close=Callback::new(move |()| open.set(false)) title=word(Word::Keys).to_string()>
            <dl class="key-list">
                {row(&["/"], Word::KeyFilter)}
                {row(&["n", "Insert"], Word::KeyNew)}
                {row(&["↑", "↓"], Word::KeyRows)}
                {row(&["Enter"], Word::KeyOpen)}
                {row(&["Space"], Word::KeyBeside)}
                {row(&["x"], Word::KeyPick)}
                {writes.then(|| row(&["c"], Word::KeyComment))}
                {writes.then(|| row(&["Alt", "C"], Word::LogCall))}
                {row(&["F2"], Word::KeyEdit)}
                {row(&["Ctrl", "Enter"], Word::KeySave)}
                {row(&["Esc"], Word::KeyBack)}
                {row(&["Alt", "↑", "↓"], Word::KeyNeighbours)}
                {row(&["Ctrl", "Z"], Word::KeyUndo)}
                {row(&["?"], Word::KeyAll)}
            </dl>
            <button class="btn" on:click=move |_| open.set(false)>{word(Word::Close)}</button>
        </Dialog>
    }
}
