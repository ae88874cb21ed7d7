//! Idempotency keys: a form carries a new one in every rendering, so that a double click or a retry
//! does its work once.

use wasm_bindgen::JsCast;
use web_sys::{HtmlFormElement, HtmlInputElement};

pub const NAME: &str = "_key";

#[cfg(feature = "ssr")]
pub fn fresh() -> String {
    store::draft::random_id().unwrap_or_default()
}

#[cfg(not(feature = "ssr"))]
pub fn fresh() -> String {
    let mut bytes = [0u8; 16];
    let crypto = leptos::prelude::window().crypto();
    let filled = crypto.and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if filled.is_err() {
        return String::new();
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What was sent was done: the next press is another request.
pub fn renew(form: &HtmlFormElement) {
    let input = form.elements().named_item(NAME).and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
    if let Some(input) = input {
        input.set_value(&fresh());
    }
}

/// The key that this rendering of the form has.
pub fn of_form(form: &HtmlFormElement) -> String {
    form.elements()
        .named_item(NAME)
        .and_then(|input| input.dyn_into::<HtmlInputElement>().ok())
        .map(|input| input.value())
        .unwrap_or_default()
}
