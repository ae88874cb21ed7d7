//! What is typed into a form of several inputs outlives a reload and a closed tab, as a text does.

use std::collections::BTreeMap;

use wasm_bindgen::JsCast;
use web_sys::{HtmlFormElement, HtmlInputElement, HtmlSelectElement};

use super::kept::{forget_text, keep_whole, kept_text, kept_with, tab};

/// The inputs of one form, each tab its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptForm {
    /// What all tabs begin with.
    begins: String,
}

type Typed = BTreeMap<String, String>;

impl KeptForm {
    pub fn new(name: String) -> Self {
        Self { begins: format!("form:{name}:") }
    }

    fn own(&self) -> String {
        format!("{}{}", self.begins, tab())
    }

    /// Keeps what the inputs hold that is not as the page made it.
    pub fn keep(&self, form: &HtmlFormElement) {
        let typed: Typed = inputs(form).filter(|input| !input.is_as_made()).map(|input| input.held()).collect();
        match typed.is_empty() {
            true => forget_text(&self.own()),
            false => keep_whole(&self.own(), &serde_json::to_string(&typed).unwrap_or_default()),
        }
    }

    /// Puts back what was typed, in this tab or in one that is closed, and opens what the form is folded into.
    pub fn give_back(&self, form: &HtmlFormElement) {
        let own = self.own();
        if kept_text(&own).is_none()
            && let Some((other, text)) = kept_with(&self.begins).into_iter().next()
        {
            // A tab that lives on writes its own again with the next letter.
            keep_whole(&own, &text);
            forget_text(&other);
        }
        let typed: Typed = kept_text(&own).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        if typed.is_empty() {
            return;
        }
        for input in inputs(form) {
            if let Some(value) = typed.get(&input.held().0) {
                input.set(value);
            }
        }
        if let Some(folded) = form.closest("details").ok().flatten() {
            let _ = folded.set_attribute("open", "");
        }
    }

    /// It was sent.
    pub fn forget(&self) {
        forget_text(&self.own());
    }
}

/// An input that holds a text, a day or a choice; what is ticked is pressed once more soon enough.
enum Input {
    Line(HtmlInputElement),
    Select(HtmlSelectElement),
}

fn inputs(form: &HtmlFormElement) -> impl Iterator<Item = Input> {
    let elements = form.elements();
    (0..elements.length()).filter_map(move |place| elements.item(place)).filter_map(|element| {
        let element = match element.dyn_into::<HtmlInputElement>() {
            Ok(line) => {
                let is_text = !["checkbox", "radio", "hidden", "password", "file"].contains(&line.type_().as_str());
                return (is_text && !line.name().is_empty()).then_some(Input::Line(line));
            }
            Err(other) => other,
        };
        let select = element.dyn_into::<HtmlSelectElement>().ok()?;
        (!select.name().is_empty()).then_some(Input::Select(select))
    })
}

impl Input {
    fn held(&self) -> (String, String) {
        match self {
            Self::Line(line) => (line.name(), line.value()),
            Self::Select(select) => (select.name(), select.value()),
        }
    }

    fn is_as_made(&self) -> bool {
        match self {
            Self::Line(line) => line.default_value() == line.value(),
            Self::Select(select) => {
                let chosen = select.selected_index();
                let made = select.query_selector("option[selected]").ok().flatten();
                let made = made.and_then(|option| option.get_attribute("value"));
                made.map_or(chosen <= 0, |made| made == select.value())
            }
        }
    }

    fn set(&self, value: &str) {
        match self {
            Self::Line(line) => line.set_value(value),
            Self::Select(select) => select.set_value(value),
        }
    }
}
