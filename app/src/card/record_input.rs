//! A reference is searched for by name: an employee, or a record of another section. Without a script it is a
//! list of employees, or the record's number.

use domain::fields::Target;
use domain::words::Word;
use gloo_timers::future::TimeoutFuture;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};

use crate::frame::{frame, word};
use crate::values::find_records;

const PAUSE_MS: u32 = 120;
const OFFERED_MAX: usize = 10;

type Offer = (String, String);

/// The id that the real input holds.
fn held(place: &web_sys::HtmlSpanElement) -> Option<String> {
    let element = place.first_element_child()?;
    let select = element.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value);
    select.or_else(|| element.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value))
}

#[component]
pub fn RecordInput(
    target: Target,
    /// Of the input that is sent.
    name: String,
    /// The id that it holds.
    typed: String,
    /// What that id is called.
    shown: String,
    label: String,
    /// Hears what was chosen: its id and its name.
    #[prop(optional)]
    chosen: Option<Callback<(String, String)>>,
    #[prop(optional, into)] invalid: Signal<bool>,
    #[prop(optional, into)] describe: Signal<Option<String>>,
) -> impl IntoView {
    let offers = RwSignal::new(Vec::<Offer>::new());
    let open = RwSignal::new(false);
    // The one that Enter takes; none before one has looked for any.
    let at = RwSignal::new(None::<usize>);
    let typings = StoredValue::new(0_u32);
    let sent = NodeRef::<html::Span>::new();
    let id = format!("{name}-offers");
    let people: Vec<Offer> = match target {
        Target::Users => {
            let people = frame().people.clone().into_iter();
            people.map(|person| (person.id.to_string(), person.name)).collect()
        }
        Target::Section(_) => Vec::new(),
    };
    let nobody = word(Word::Nobody).to_string();
    let search = {
        let (people, target, nobody) = (people.clone(), target.clone(), nobody.clone());
        move |text: String| {
            typings.update_value(|count| *count += 1);
            let own = typings.get_value();
            // What was offered for another text is not to be taken by a quick Enter.
            at.set(None);
            let show = move |mut found: Vec<Offer>, text: &str, nobody: String| {
                // Before anything is typed, what is chosen now is the one in hand.
                let now = sent.get_untracked().and_then(|place| held(&place)).unwrap_or_default();
                let typed = !text.trim().is_empty();
                let place = if typed { Some(0) } else { found.iter().position(|(id, _)| *id == now) };
                let place = place.filter(|place| *place < found.len());
                if text.trim().is_empty() {
                    found.push((String::new(), nobody));
                }
                offers.try_set(found);
                at.try_set(place);
                open.try_set(true);
            };
            let nobody = nobody.clone();
            match &target {
                Target::Users => {
                    let wanted = text.to_lowercase();
                    let found = people.iter().filter(|(_, name)| name.to_lowercase().contains(wanted.trim()));
                    show(found.take(OFFERED_MAX).cloned().collect(), &text, nobody);
                }
                Target::Section(section) => {
                    let section = section.to_string();
                    leptos::task::spawn_local(async move {
                        TimeoutFuture::new(PAUSE_MS).await;
                        if typings.try_get_value() != Some(own) {
                            return;
                        }
                        let found = find_records(section, text.clone()).await.unwrap_or_default();
                        if typings.try_get_value() == Some(own) {
                            show(found.into_iter().map(|(id, name)| (id.to_string(), name)).collect(), &text, nobody);
                        }
                    });
                }
            }
        }
    };
    let combo = NodeRef::<html::Input>::new();
    // It goes on holding the value; the search stands for it.
    Effect::new(move |_| {
        if let Some(real) = sent.get().and_then(|place| place.first_element_child()) {
            let _ = real.set_attribute("tabindex", "-1");
            let _ = real.set_attribute("aria-hidden", "true");
        }
    });
    let choose = move |place: usize| {
        let Some((id, name)) = offers.with_untracked(|offers| offers.get(place).cloned()) else { return };
        if let Some(element) = sent.get_untracked().and_then(|place| place.first_element_child()) {
            if let Some(select) = element.dyn_ref::<HtmlSelectElement>() {
                select.set_value(&id);
            } else if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
                input.set_value(&id);
            }
        }
        if let Some(combo) = combo.get_untracked() {
            combo.set_value(if id.is_empty() { "" } else { &name });
        }
        open.set(false);
        if let Some(chosen) = chosen {
            chosen.run((id, name));
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let count = offers.with_untracked(Vec::len);
        match event.code().as_str() {
            "ArrowDown" if count > 0 => at.update(|at| *at = Some(at.map_or(0, |at| (at + 1) % count))),
            "ArrowUp" if count > 0 => at.update(|at| *at = Some(at.map_or(count - 1, |at| (at + count - 1) % count))),
            "Enter" | "NumpadEnter" if open.get_untracked() => {
                if let Some(at) = at.get_untracked() {
                    choose(at);
                }
            }
            "Escape" if open.get_untracked() => open.set(false),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let real = match target {
        Target::Users => {
            let known = people.iter().any(|(id, _)| *id == typed);
            // Somebody who is not among those to choose from any more.
            let gone = (!typed.is_empty() && !known).then(|| (typed.clone(), shown.clone()));
            let options = people.into_iter().chain(gone).map(|(id, name)| {
                let on = id == typed;
                view! { <option value=id selected=on>{name}</option> }
            });
            view! {
                <select class="in real" name=name aria-label=label.clone() autofocus=cfg!(feature = "ssr")>
                    <option value="">{nobody}</option>{options.collect_view()}
                </select>
            }
            .into_any()
        }
        Target::Section(_) => view! {
            <input class="in real" name=name value=typed inputmode="numeric" aria-label=label.clone() autocomplete="off" autofocus=cfg!(feature = "ssr")/>
        }
        .into_any(),
    };
    let begin = {
        let search = search.clone();
        move |_| search(String::new())
    };
    let options = {
        let id = id.clone();
        move || {
            let offers = offers.get();
            let items = offers.into_iter().enumerate().map(|(place, (_, name))| {
                view! {
                    <li role="option" id=format!("{id}-{place}") aria-selected=move || (at.get() == Some(place)).to_string()
                        on:mousedown=move |event| { event.prevent_default(); choose(place); }>{name}</li>
                }
            });
            items.collect_view()
        }
    };
    let active = {
        let id = id.clone();
        move || at.get().filter(|_| open.get()).map(|at| format!("{id}-{at}"))
    };
    view! {
        <span class="record-input">
            <span node_ref=sent>{real}</span>
            <input class="in js" data-combo="" node_ref=combo type="text" value=shown role="combobox" autocomplete="off"
                aria-label=label aria-autocomplete="list" aria-expanded=move || open.get().to_string() aria-controls=id.clone()
                aria-activedescendant=active placeholder=word(Word::Search)
                aria-invalid=move || invalid.get().then_some("true") aria-describedby=move || describe.get()
                on:focus=begin on:input=move |event| search(event_target_value(&event)) on:keydown=on_key
                on:blur=move |_| { open.try_set(false); }/>
            <ul class="pop offers" role="listbox" id=id hidden=move || !open.get()>{options}</ul>
        </span>
    }
}
