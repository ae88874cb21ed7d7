//! The strip that says how far work on many records is: on every page, until it is closed.

use domain::words::{Word, grouped};
use gloo_timers::future::TimeoutFuture;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::api::{left_alone, operation, overwrite_left, run_operation, undo_operation};
use super::view::LeftView;
use crate::changes::{Changes, use_changes};
use crate::frame::{frame, word};
use crate::key;
use crate::progress::{Progress, State};
use crate::refusal::Refusal;
use crate::ui::{Icon, Sign, use_say};

const LOOK_EVERY_MS: u32 = 300;
/// What is done is shown for so long.
const SHOWN_MS: u32 = 10_000;

#[derive(Clone, Copy)]
pub struct Jobs {
    shown: RwSignal<Option<Progress>>,
    /// «Сменить ответственного: 1 204 клиента»
    what: RwSignal<String>,
    changes: Changes,
}

pub fn provide_jobs() {
    let jobs = Jobs::new(frame().job.clone());
    provide_context(jobs);
    Effect::new(move |_| match jobs.shown.get_untracked() {
        Some(job) if is_running(&job) => jobs.follow(job.id),
        Some(job) => leptos::task::spawn_local(jobs.close_later(job.id)),
        None => {}
    });
}

pub fn use_jobs() -> Jobs {
    use_context().unwrap_or_else(|| Jobs::new(None))
}

fn is_running(job: &Progress) -> bool {
    job.state == State::Running
}

impl Jobs {
    fn new(shown: Option<Progress>) -> Self {
        Self { shown: RwSignal::new(shown), what: RwSignal::default(), changes: use_changes() }
    }

    /// Shows what has begun, until its end.
    pub fn watch(self, begun: Progress, what: String) {
        self.what.set(what);
        let (id, running) = (begun.id.clone(), is_running(&begun));
        self.shown.set(Some(begun));
        if running {
            self.follow(id);
        } else {
            self.changes.tell();
            leptos::task::spawn_local(self.close_later(id));
        }
    }

    /// What is done does not stand in the way.
    async fn close_later(self, id: String) {
        TimeoutFuture::new(SHOWN_MS).await;
        let same =
            |shown: &Option<Progress>| shown.as_ref().is_some_and(|shown| shown.id == id && shown.state == State::Done);
        if self.shown.with_untracked(same) {
            self.shown.set(None);
        }
    }

    fn follow(self, id: String) {
        leptos::task::spawn_local(async move {
            loop {
                TimeoutFuture::new(LOOK_EVERY_MS).await;
                let now = match operation(id.clone()).await {
                    Ok(now) => now,
                    Err(refusal) if refusal.may_be_repeated() || refusal == Refusal::TooSlow => continue,
                    // Nobody's to look at any more.
                    Err(_) => return,
                };
                let is_shown = self.shown.with_untracked(|shown| shown.as_ref().is_some_and(|shown| shown.id == id));
                let running = is_running(&now);
                if is_shown {
                    self.shown.set(Some(now));
                }
                if !running {
                    self.changes.tell();
                    return self.close_later(id).await;
                }
            }
        });
    }
}

#[component]
pub fn JobStrip() -> impl IntoView {
    let jobs = use_jobs();
    let say = use_say();
    let lang = frame().lang;
    let place = use_location();
    let act = move |job: Progress, act: &'static str| async move {
        let done: Result<Progress, Refusal> = match act {
            "undo" => undo_operation(job.id, key::fresh()).await,
            "overwrite" => overwrite_left(job.id, key::fresh()).await,
            _ => run_operation(job.id, act == "go", key::fresh()).await,
        };
        match done {
            Ok(progress) => jobs.watch(progress, jobs.what.get_untracked()),
            Err(refusal) => say.text(refusal.sentence(lang)),
        }
    };
    let button = move |job: &Progress, name: &'static str, label: Word| {
        let (id, job) = (job.id.clone(), job.clone());
        let back = format!(
            "{}{}",
            place.pathname.get_untracked(),
            match place.search.get_untracked() {
                search if search.is_empty() => search,
                search => format!("?{}", search.trim_start_matches('?')),
            }
        );
        let submit = move |event: SubmitEvent| {
            event.prevent_default();
            leptos::task::spawn_local(act(job.clone(), name));
        };
        view! {
            <form method="post" action=format!("/operations/{id}") on:submit=submit>
                <input type="hidden" name=key::NAME value=key::fresh()/>
                <input type="hidden" name="back" value=back/>
                <button class="btn" name="act" value=name>{word(label)}</button>
            </form>
        }
    };
    let strip = move |job: Progress| {
        let what = jobs.what.get_untracked();
        let running = is_running(&job);
        let many = job.what.clone();
        let title = match (job.is_undo, what.is_empty()) {
            (true, _) if running => format!("{}: {many}", word(Word::TakingBack)),
            (true, _) => format!("{} {many}", word(Word::TakenBack)),
            (false, true) => format!("{}: {many}", word(Word::Edit)),
            (false, false) => what,
        };
        let how_far = format!("{} {} {}", grouped(job.done), word(Word::Of), grouped(job.total));
        let said = match job.state {
            State::Running => format!("{} {how_far}", word(Word::DoneSoFar)),
            State::Stopped => format!("{} {how_far}", word(Word::StoppedAt)),
            State::Done => format!("{} {}", word(Word::DoneSoFar), grouped(job.total)),
        };
        let label = title.clone();
        view! {
            <section class="job" aria-label=label>
                <b>{title.clone()}</b>
                {(job.state != State::Done).then(|| view! {
                    <progress max=job.total.max(1).to_string() value=job.done.to_string() aria-label=title.clone()></progress>
                })}
                <span class="mut" role="status">{said}</span>
                {(!running && job.left > 0).then(|| view! {
                    <LeftAlone id=job.id.clone() count=job.left overwrite=button(&job, "overwrite", Word::OverwriteLeft).into_any()/>
                })}
                {running.then(|| button(&job, "stop", Word::Stop))}
                {(job.state == State::Stopped).then(|| button(&job, "go", Word::GoOn))}
                {(!running && !job.is_undo && job.done > 0).then(|| button(&job, "undo", Word::UndoAll))}
                {(!running).then(|| view! {
                    <button class="btn sq q js" type="button" aria-label=word(Word::Close) title=word(Word::Close)
                        on:click=move |_| jobs.shown.set(None)><Icon sign=Sign::Cross/></button>
                })}
            </section>
        }
    };
    move || jobs.shown.get().map(strip)
}

/// «не изменено: 12»: opened, it names the records, each with its reason, and offers to change them all the same.
#[component]
fn LeftAlone(id: String, count: i64, overwrite: AnyView) -> impl IntoView {
    let lang = frame().lang;
    let named = RwSignal::new(None::<Result<Vec<LeftView>, Refusal>>);
    let open = move |_| {
        if named.with_untracked(Option::is_none) {
            let id = id.clone();
            leptos::task::spawn_local(async move { named.set(Some(left_alone(id).await)) });
        }
    };
    let can_overwrite =
        move || named.with(|named| matches!(named, Some(Ok(left)) if left.iter().any(|one| one.by_others)));
    let line = |one: LeftView| view! { <li><a href=one.href>{one.title}</a>" "<span class="mut">{one.why}</span></li> };
    view! {
        <span class="mut no-js">{format!("{} {}", word(Word::LeftAlone), grouped(count))}</span>
        <details class="menu-of up left js" on:toggle=open>
            <summary class="at">{format!("{} {}", word(Word::LeftAlone), grouped(count))}</summary>
            <div class="pop">
                {move || match named.get() {
                    None => view! { <p class="wait">{word(Word::Loading)}</p> }.into_any(),
                    Some(Err(refusal)) => view! { <p class="hint">{refusal.sentence(lang)}</p> }.into_any(),
                    Some(Ok(left)) => view! { <ul>{left.into_iter().map(line).collect_view()}</ul> }.into_any(),
                }}
                <div class:none=move || !can_overwrite()>{overwrite}</div>
            </div>
        </details>
    }
}
