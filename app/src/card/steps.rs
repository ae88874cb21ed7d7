//! The steps that a record goes through, in one line under its name: one press, or Shift with an arrow, moves it.

use domain::fields::Outcome;
use domain::ids::FieldKey;
use domain::words::Word;
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlButtonElement;

use super::api::{save, undo};
use super::view::{CardView, Edit, Input, Saved, Step, StepState, StepsView};
use crate::frame::{frame, word};
use crate::key;
use crate::refusal::Refusal;
use crate::ui::keys::{in_dialog, is_typing, on_key};
use crate::ui::{Icon, Say, Sign, form_of, use_say, value_in};
use crate::users::{Guard, use_guard};

/// Writes a choice of the card.
#[derive(Clone, Copy)]
struct Mover {
    card: RwSignal<CardView>,
    busy: RwSignal<bool>,
    say: Say,
    guard: Guard,
}

impl Mover {
    fn put(self, field: FieldKey, typed: String) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let edit = self.card.with_untracked(|card| Edit {
            section: card.section.clone(),
            id: card.id,
            version: card.version,
            key: key::fresh(),
            field,
            typed,
            accept: false,
        });
        let (lang, undo_word) = (frame().lang, word(Word::Undo));
        leptos::task::spawn_local(async move {
            let answer = save(edit).await;
            self.busy.try_set(false);
            match answer {
                Ok(Saved { card: Some(fresh), seq, .. }) => {
                    let (section, id) = (fresh.section.clone(), fresh.id);
                    let said = fresh.steps.as_ref().and_then(|steps| {
                        let now = steps.steps.iter().find(|step| step.state == StepState::Now)?;
                        Some(format!("{}: {}", steps.label, now.label))
                    });
                    self.card.try_set(fresh);
                    if let Some(seq) = seq {
                        let back = Callback::new(move |()| self.take_back(section.clone(), id, seq));
                        self.say.with_act(said.unwrap_or_default(), undo_word, back);
                    }
                }
                Ok(Saved { card: None, .. }) => {}
                Err(Refusal::SignIn) => self.guard.is_over(),
                Err(refusal) => self.say.text(refusal.sentence(lang)),
            }
        });
    }

    fn take_back(self, section: String, id: i64, seq: i64) {
        let lang = frame().lang;
        leptos::task::spawn_local(async move {
            match undo(section, id, seq, key::fresh()).await {
                Ok(Saved { card: Some(fresh), .. }) => drop(self.card.try_set(fresh)),
                Ok(Saved { card: None, .. }) => {}
                Err(refusal) => self.say.text(refusal.sentence(lang)),
            }
        });
    }
}

#[component]
pub fn Steps(card: RwSignal<CardView>) -> impl IntoView {
    let mover = Mover { card, busy: RwSignal::new(false), say: use_say(), guard: use_guard() };
    let steps = Memo::new(move |_| card.with(|card| card.steps.clone()));
    use_step_keys(mover, steps);
    move || {
        steps.get().map(|steps| view! { <Line mover steps=steps.clone()/>{steps.asks.clone().map(|_| view! { <Asks mover steps/> })} })
    }
}

#[component]
fn Line(mover: Mover, steps: StepsView) -> impl IntoView {
    let StepsView { field, label, steps, may_write, .. } = steps;
    let (path, version) = mover.card.with_untracked(|card| (format!("/{}/{}", card.section, card.id), card.version));
    let name = field.to_string();
    let on_submit = move |event: SubmitEvent| {
        let pressed = event.submitter().and_then(|button| button.dyn_into::<HtmlButtonElement>().ok());
        let Some(pressed) = pressed else { return };
        event.prevent_default();
        mover.put(field.clone(), pressed.value());
    };
    let step = move |step: Step| {
        let Step { value, label, state, outcome, since } = step;
        let now = state == StepState::Now;
        let class = match (state, outcome) {
            (StepState::Past, _) => "step past",
            (StepState::Now, Some(Outcome::Lost)) => "step now lost",
            (StepState::Now, _) => "step now",
            (StepState::Ahead, _) => "step",
        };
        let sign = match outcome {
            Some(Outcome::Won) => Some(Sign::Check),
            Some(Outcome::Lost) => Some(Sign::Cross),
            _ => None,
        };
        view! {
            <li class=class>
                <button name=name.clone() value=value disabled=!may_write || now aria-current=now.then_some("step")>
                    {sign.map(|sign| view! { <Icon sign/> })}<b>{label}</b><span class="mut">{since}</span>
                </button>
            </li>
        }
    };
    view! {
        <form class="steps" method="post" action=path on:submit=on_submit aria-busy=move || mover.busy.get().to_string()>
            <input type="hidden" name=key::NAME value=key::fresh()/>
            <input type="hidden" name="_version" value=version.to_string()/>
            <ol aria-label=label>{steps.into_iter().map(step).collect_view()}</ol>
        </form>
    }
}

/// What an outcome asks for: why it was lost.
#[component]
fn Asks(mover: Mover, steps: StepsView) -> impl IntoView {
    let field = steps.asks?;
    let Input::Choice { options, .. } = field.input else { return None };
    let (path, version) = mover.card.with_untracked(|card| (format!("/{}/{}", card.section, card.id), card.version));
    let (key, name) = (field.key.clone(), field.key.to_string());
    let on_submit = {
        let (key, name) = (key, name.clone());
        move |event: SubmitEvent| {
            let Some(form) = form_of(event.target()) else { return };
            event.prevent_default();
            mover.put(key.clone(), value_in(&form, &name).unwrap_or_default());
        }
    };
    Some(view! {
        <form class="next asks" method="post" action=path on:submit=on_submit>
            <input type="hidden" name=key::NAME value=key::fresh()/>
            <input type="hidden" name="_version" value=version.to_string()/>
            <label><b>{field.label}</b>" "
                <select class="in" name=name>
                    {options.into_iter().map(|option| view! { <option value=option.value>{option.label}</option> }).collect_view()}
                </select>
            </label>
            <button class="btn p">{word(Word::Save)}</button>
        </form>
    })
}

/// Shift with an arrow moves to the next step, or back.
fn use_step_keys(mover: Mover, steps: Memo<Option<StepsView>>) {
    on_key(move |event: &KeyboardEvent| {
        let by = match event.code().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            _ => return,
        };
        let alone = event.shift_key() && !event.ctrl_key() && !event.alt_key() && !event.meta_key();
        if !alone || in_dialog() || is_typing(event) {
            return;
        }
        let Some(StepsView { field, steps, may_write: true, .. }) = steps.get_untracked() else { return };
        let now = steps.iter().position(|step| step.state == StepState::Now);
        let to = now.map_or(Some(0), |now| now.checked_add_signed(by)).and_then(|to| steps.get(to));
        if let Some(to) = to {
            event.prevent_default();
            mover.put(field, to.value.clone());
        }
    });
}
