//! A text that is being written outlives a reload, a lost connection and a closed window: the browser keeps it
//! until it has been sent.

use leptos::prelude::*;
use web_sys::{HtmlTextAreaElement, Storage};

/// What is kept is at most so long.
const KEPT_CHARS_MAX: usize = 20_000;

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// Notes what stands in the text area, or that nothing does.
pub fn keep_text(key: &str, text: &str) {
    let Some(storage) = storage() else { return };
    // A full store keeps nothing more: what is on the page stays there all the same.
    let _ = match text.trim().is_empty() || text.chars().count() > KEPT_CHARS_MAX {
        true => storage.remove_item(key),
        false => storage.set_item(key, text),
    };
}

/// Puts what was kept into a text area that is as the page made it; what was typed before the script came is noted.
pub fn give_text_back(key: &str, area: &HtmlTextAreaElement) {
    if area.default_value().is_ok_and(|made| made != area.value()) {
        return keep_text(key, &area.value());
    }
    if let Some(kept) = storage().and_then(|storage| storage.get_item(key).ok().flatten()) {
        area.set_value(&kept);
    }
}
