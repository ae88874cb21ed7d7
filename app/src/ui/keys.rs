//! Keys are read by their place (`event.code`), so that they work whatever the layout: the key of n is also т.

use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Hears every key of the page while the component lives.
pub fn on_key(act: impl Fn(&KeyboardEvent) + 'static) {
    Effect::new({
        let act = std::rc::Rc::new(act);
        move |_| {
            let act = act.clone();
            let handle = window_event_listener(ev::keydown, move |event| {
                if !event.default_prevented() && !event.is_composing() {
                    act(&event);
                }
            });
            on_cleanup(move || handle.remove());
        }
    });
}

/// A key alone, while nothing is being typed.
pub fn is_single(event: &KeyboardEvent) -> bool {
    !event.ctrl_key() && !event.alt_key() && !event.meta_key() && !is_typing(event) && !in_dialog()
}

/// Whether a dialog stands over the page.
pub fn in_dialog() -> bool {
    document().query_selector("dialog[open]").is_ok_and(|dialog| dialog.is_some())
}

/// Whether the key goes into an input.
pub fn is_typing(event: &KeyboardEvent) -> bool {
    let Some(element) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
        return false;
    };
    match element.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => true,
        "INPUT" => {
            let kind = element.get_attribute("type").unwrap_or_default();
            !matches!(kind.as_str(), "checkbox" | "radio" | "button" | "submit")
        }
        _ => element.has_attribute("contenteditable"),
    }
}

/// Whether the key presses what has the focus: a button, a box, a menu.
pub fn is_on_control(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| matches!(element.tag_name().as_str(), "BUTTON" | "INPUT" | "SUMMARY"))
}

/// «/», whose place differs between layouts: both places work.
pub fn is_slash(event: &KeyboardEvent) -> bool {
    event.key() == "/" || (event.code() == "Slash" && !event.shift_key())
}

/// «?», likewise.
pub fn is_question(event: &KeyboardEvent) -> bool {
    event.key() == "?" || (event.code() == "Slash" && event.shift_key())
}
