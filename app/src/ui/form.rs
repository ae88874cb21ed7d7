//! What stands in a form, as ordered pairs: what the browser itself would send.

use wasm_bindgen::JsCast;
use web_sys::{EventTarget, HtmlFormElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

/// The form that an event's element is, or belongs to.
pub fn form_of(target: Option<EventTarget>) -> Option<HtmlFormElement> {
    let element = target?.dyn_into::<web_sys::Element>().ok()?;
    element.closest("form").ok().flatten()?.dyn_into().ok()
}

/// A press on a form's summary: what is opened to be filled in gets the cursor at once, so that letters that follow are
/// typed, and are no keys of the page.
pub fn open_to_fill(event: web_sys::MouseEvent) {
    let summary = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let details = summary.and_then(|summary| summary.closest("details").ok().flatten());
    let Some(details) = details.and_then(|details| details.dyn_into::<web_sys::HtmlDetailsElement>().ok()) else {
        return;
    };
    event.prevent_default();
    details.set_open(!details.open());
    let first = "input:not([type=hidden]):not([type=radio]):not([type=checkbox]), textarea";
    let input = details.query_selector(first).ok().flatten().filter(|_| details.open());
    if let Some(input) = input.and_then(|input| input.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = input.focus();
    }
}

pub fn pairs_of(form: &HtmlFormElement) -> Vec<(String, String)> {
    let elements = form.elements();
    let mut pairs = Vec::new();
    for place in 0..elements.length() {
        let Some(element) = elements.item(place) else { continue };
        if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            let box_off = matches!(input.type_().as_str(), "checkbox" | "radio") && !input.checked();
            if !box_off && !input.name().is_empty() && !input.disabled() {
                pairs.push((input.name(), input.value()));
            }
        } else if let Some(select) = element.dyn_ref::<HtmlSelectElement>() {
            if !select.name().is_empty() {
                pairs.push((select.name(), select.value()));
            }
        } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
            pairs.push((area.name(), area.value()));
        }
    }
    pairs
}

/// What stands in the form's input of this name; of several inputs each on a line. `None` without any.
pub fn value_in(form: &HtmlFormElement, name: &str) -> Option<String> {
    let values: Vec<String> =
        pairs_of(form).into_iter().filter(|(key, _)| key == name).map(|(_, value)| value).collect();
    (!values.is_empty()).then(|| values.join("\n"))
}
