//! Where one writes what happened: a comment, a call, a meeting. Which inputs belong to which is the stylesheet's
//! work, so that it is one form with and without a script.

use domain::ids::RecordRef;
use domain::words::Word;
use gloo_timers::future::TimeoutFuture;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

use super::fields::{CALL, COMMENT, KEY, MEETING};
use crate::changes::{Changes, use_changes};
use crate::contacts as persons;
use crate::contacts::{People, WithWhom};
use crate::draft::DraftView;
use crate::draft::typed;
use crate::form::{Done, SectionForm, use_take_back, was_written};
use crate::frame::{frame, pointing, word};
use crate::reminders::{self, AskNext, Due, open_other};
use crate::ui::keys::{in_dialog, is_single, on_key};
use crate::ui::{Icon, Sign, TextArea, forget_text, give_text_back, keep_sent, keep_text, sent_with, use_say};
use crate::values::Tone;

const OFFERED_MAX: usize = 6;
/// Whether a text was written is asked so often, and so long apart.
const ASKED_MAX: u32 = 5;
const ASK_AGAIN_MS: u32 = 2_000;

#[component]
pub fn Composer(
    /// What is written is said of it.
    of: RecordRef,
    people: People,
    /// What a talk may have been for.
    due: Option<Due>,
    #[prop(optional_no_strip)] draft: Option<DraftView>,
    /// Whether the page has just come back from noting a talk, without a script.
    #[prop(optional)]
    ask: bool,
) -> impl IntoView {
    let frame = frame();
    let has = |key: &str| frame.section(key).is_some();
    let (with_contacts, with_reminders) = (has(persons::KEY), has(reminders::KEY));
    let user = frame.user.as_ref().map(|user| user.person.id).unwrap_or_default();
    let kept_under = StoredValue::new(format!("{KEY}:{user}:{}/{}", of.section, of.id));
    let say = use_say();
    let (take_back, changes) = (use_take_back(), use_changes());
    let (noted, undo) = (word(Word::NoteTaken), word(Word::Undo));
    let whom = RwSignal::new(Some(typed(draft.as_ref(), "contact")).filter(|whom| !whom.is_empty()));
    // After a talk: what comes next, with whom it was.
    let asking = RwSignal::new(ask.then_some(None::<i64>));
    let node = NodeRef::<html::Div>::new();
    let area = move || {
        let found = node.get_untracked()?.query_selector("textarea").ok()??;
        found.dyn_into::<HtmlTextAreaElement>().ok()
    };
    Effect::new(move |_| {
        if node.get().is_some()
            && let Some(area) = area()
        {
            kept_under.with_value(|key| give_text_back(key, &area));
            if let Some(sent) = kept_under.with_value(|key| sent_with(key)) {
                leptos::task::spawn_local(drop_what_was_sent(kept_under, sent, area, changes));
            }
        }
    });
    let sending = Callback::new(move |sent: String| {
        if let Some(area) = area() {
            kept_under.with_value(|key| keep_sent(key, &sent, &area.value()));
        }
    });
    let done = Callback::new(move |Done { form, pairs, id, seq }: Done| {
        let get =
            |name: &str| pairs.iter().rev().find(|(key, _)| key.as_str() == name).map(|(_, value)| value.as_str());
        let talk = get("kind") != Some("1") || get("talked") == Some("1");
        if get("finish").is_some() {
            changes.tell_of(reminders::KEY);
        }
        asking.try_set(talk.then(|| get("contact").and_then(|contact| contact.parse().ok())));
        // What was written on while it was being sent is not taken away.
        let sent = get("text").unwrap_or_default().to_string();
        match area() {
            Some(area) if area.value() != sent => {
                kept_under.try_with_value(|key| keep_text(key, &area.value()));
            }
            area => {
                form.reset();
                if let Some(area) = area {
                    // A text that the server had put there is no text to come back to.
                    area.set_value("");
                }
                kept_under.try_with_value(|key| forget_text(key));
                whom.try_set(None);
            }
        }
        say.with_act(noted, undo, take_back(KEY, id, seq));
    });
    use_composer_keys();
    let colleagues = frame.people.iter().map(|person| person.name.clone()).collect();
    let offers = Mentioning { people: StoredValue::new(colleagues), found: RwSignal::default(), at: RwSignal::new(0) };
    let on_input = move |_| {
        if let Some(area) = area() {
            kept_under.with_value(|key| keep_text(key, &area.value()));
            offers.look(&area);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if let Some(area) = area() {
            offers.key(&event, &area);
        }
    };
    let choose = Callback::new(move |place: usize| {
        if let Some(area) = area() {
            offers.choose(place, &area);
        }
    });
    let next_of = StoredValue::new(of.clone());
    let kind = typed(draft.as_ref(), "kind");
    let is_kind = |id: i64| if kind.is_empty() { id == COMMENT } else { kind == id.to_string() };
    let radio = |id: i64, label: Word, sign: Sign| {
        view! {
            <label class="kind"><input type="radio" name="kind" value=id.to_string() checked=is_kind(id)/><span><Icon sign/>{word(label)}</span></label>
        }
    };
    let kinds = (
        radio(COMMENT, Word::JustComment, Sign::Comment),
        radio(CALL, Word::LogCall, Sign::Phone),
        radio(MEETING, Word::LogMeeting, Sign::Meeting),
    );
    let (missed, talked) = (typed(draft.as_ref(), "answered") == "0", typed(draft.as_ref(), "talked") == "1");
    let text = typed(draft.as_ref(), "text");
    view! {
        <div class="composer-place" node_ref=node>
            <SectionForm section=KEY with=pointing(KEY, &of) then="ask" draft=draft.unwrap_or_default() class="composer" sending done>
                <div class="composer-text" on:input=on_input on:keydown=on_key>
                    <TextArea name="text".into() text label=word(Word::JustComment).into() placeholder=word(Word::ComposerHint) class="composer-in"/>
                    <Offers offers choose/>
                </div>
                <div class="composer-more">
                    {with_contacts.then(|| view! { <WithWhom people whom/> })}
                    <label class="of-call"><input type="radio" name="answered" value="1" checked=!missed/>{word(Word::Answered)}</label>
                    <label class="of-call"><input type="radio" name="answered" value="0" checked=missed/>{word(Word::NotAnswered)}</label>
                    {due.map(|due| view! { <FinishDue due/> })}
                </div>
                <div class="composer-foot">
                    <span class="kinds" role="radiogroup" aria-label=word(Word::What)>{kinds.0}{kinds.1}{kinds.2}</span>
                    <label class="of-comment"><input type="checkbox" name="talked" value="1" checked=talked/>{word(Word::WasTalk)}</label>
                    <span class="sp"></span>
                    <button class="btn p">{word(Word::Note)}</button>
                </div>
            </SectionForm>
            {move || asking.get().filter(|_| with_reminders).map(|contact| {
                let answered = Callback::new(move |()| asking.set(None));
                view! {
                    <div class="next ask" role="group" aria-label=word(Word::NextLine)>
                        <b>{word(Word::NextLine)}":"</b>
                        {match contact {
                            Some(contact) => view! { <AskNext of=next_of.get_value() contact answered/> }.into_any(),
                            None => view! { <AskNext of=next_of.get_value() answered/> }.into_any(),
                        }}
                        <a class="btn q" href="#reminders" on:click=open_other>{word(Word::OtherTime)}</a>
                        <button class="btn q js" on:click=move |_| asking.set(None)>{word(Word::NotNeeded)}</button>
                    </div>
                }
            })}
        </div>
    }
}

/// The page was left before the answer came: what was written by now is no draft any more. What is still under way is
/// asked for some more times.
async fn drop_what_was_sent(
    kept_under: StoredValue<String>,
    sent: String,
    area: HtmlTextAreaElement,
    changes: Changes,
) {
    let text = area.value();
    for _ in 0..ASKED_MAX {
        if was_written(sent.clone()).await == Ok(true) {
            if area.value() == text && kept_under.try_with_value(|key| forget_text(key)).is_some() {
                area.set_value("");
                changes.tell_of(KEY);
            }
            return;
        }
        TimeoutFuture::new(ASK_AGAIN_MS).await;
    }
}

/// A talk is what a reminder was for: it is finished with it, unless its mark is taken off.
#[component]
fn FinishDue(due: Due) -> impl IntoView {
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let due = due.await.ok()?.open.into_iter().find(|one| one.tone != Tone::Plain)?;
                let label = format!("{}: {}, {}", word(Word::FinishReminder), due.what, due.when);
                Some(view! {
                    <label class="of-talk"><input type="checkbox" name="finish" value=due.id.to_string() checked=true/>{label}</label>
                })
            })}
        </Transition>
    }
}

/// `c` writes a comment, Alt+C notes a call.
fn use_composer_keys() {
    on_key(|event: &KeyboardEvent| {
        if event.code() != "KeyC" || event.ctrl_key() || event.meta_key() || in_dialog() {
            return;
        }
        let call = event.alt_key() && !event.shift_key();
        if !call && !is_single(event) {
            return;
        }
        let kind = if call { CALL } else { COMMENT };
        let radio = document().query_selector(&format!(".composer input[name=kind][value='{kind}']")).ok().flatten();
        let area = document().query_selector(".composer textarea").ok().flatten();
        if let Some(radio) = radio.and_then(|radio| radio.dyn_into::<HtmlInputElement>().ok()) {
            radio.set_checked(true);
        }
        if let Some(area) = area.and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok()) {
            event.prevent_default();
            let _ = area.focus();
        }
    });
}

/// The employees that «@» offers.
#[derive(Clone, Copy)]
struct Mentioning {
    people: StoredValue<Vec<String>>,
    found: RwSignal<Vec<String>>,
    at: RwSignal<usize>,
}

/// What is written between the last «@» and the cursor: where it begins, in UTF-16 units, and the text.
fn begun(area: &HtmlTextAreaElement) -> Option<(usize, String)> {
    let cursor = area.selection_start().ok().flatten()? as usize;
    let units: Vec<u16> = area.value().encode_utf16().take(cursor).collect();
    let at = units.iter().rposition(|unit| *unit == u16::from(b'@'))?;
    let text = String::from_utf16_lossy(&units[at + 1..]);
    let short = text.chars().count() <= 40 && !text.contains('\n');
    let first = at == 0 || !char::from_u32(units[at - 1].into()).is_some_and(char::is_alphanumeric);
    (short && first).then_some((at, text))
}

impl Mentioning {
    fn look(self, area: &HtmlTextAreaElement) {
        let found = begun(area).map(|(_, text)| {
            let wanted = text.to_lowercase();
            let people = self.people.get_value();
            let fits = people.into_iter().filter(|name| {
                let name = name.to_lowercase();
                name.starts_with(&wanted) || name.split(' ').any(|part| part.starts_with(&wanted))
            });
            fits.filter(|name| *name != text).take(OFFERED_MAX).collect::<Vec<_>>()
        });
        self.at.set(0);
        self.found.set(found.unwrap_or_default());
    }

    fn choose(self, place: usize, area: &HtmlTextAreaElement) {
        let Some(name) = self.found.with_untracked(|found| found.get(place).cloned()) else { return };
        let Some((at, text)) = begun(area) else { return };
        let end = at + 1 + text.encode_utf16().count();
        let _ = area.set_range_text_with_start_and_end(&format!("@{name} "), at as u32, end as u32);
        let cursor = (at + 2 + name.encode_utf16().count()) as u32;
        let _ = area.set_selection_range(cursor, cursor);
        let _ = area.focus();
        self.found.set(Vec::new());
    }

    fn key(self, event: &KeyboardEvent, area: &HtmlTextAreaElement) {
        let count = self.found.with_untracked(Vec::len);
        if count == 0 || event.ctrl_key() || event.is_composing() {
            return;
        }
        match event.code().as_str() {
            "ArrowDown" => self.at.update(|at| *at = (*at + 1) % count),
            "ArrowUp" => self.at.update(|at| *at = (*at + count - 1) % count),
            "Enter" | "NumpadEnter" | "Tab" => self.choose(self.at.get_untracked(), area),
            "Escape" => self.found.set(Vec::new()),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }
}

#[component]
fn Offers(offers: Mentioning, choose: Callback<usize>) -> impl IntoView {
    view! {
        <ul class="pop offers" role="listbox" aria-label=word(Word::Mentions) hidden=move || offers.found.with(Vec::is_empty)>
            {move || offers.found.get().into_iter().enumerate().map(|(place, name)| view! {
                <li role="option" aria-selected=move || (offers.at.get() == place).to_string()
                    on:mousedown=move |event| { event.prevent_default(); choose.run(place); }>{name}</li>
            }).collect_view()}
        </ul>
    }
}
