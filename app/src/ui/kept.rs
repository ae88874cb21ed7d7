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

/// The text that is kept.
pub fn kept_text(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps a text however long it is.
pub fn keep_whole(key: &str, text: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, text);
    }
}

/// Notes that a kept text is being sent, and with which key.
pub fn keep_sent(key: &str, sent: &str, text: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(&of_sent(key), &format!("{sent}\n{text}"));
    }
}

/// The key that the kept text was sent with, if it is still the text that was sent.
pub fn sent_with(key: &str) -> Option<String> {
    let storage = storage()?;
    let noted = storage.get_item(&of_sent(key)).ok().flatten()?;
    let (sent, text) = noted.split_once('\n')?;
    let is_same = storage.get_item(key).ok().flatten().as_deref() == Some(text);
    is_same.then(|| sent.to_string())
}

/// Nothing is kept any more, and nothing is under way.
pub fn forget_text(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
        let _ = storage.remove_item(&of_sent(key));
    }
}

fn of_sent(key: &str) -> String {
    format!("{key}:sent")
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

/// What tells this tab from others, also after a reload.
pub fn tab() -> String {
    let Some(storage) = window().session_storage().ok().flatten() else { return String::new() };
    if let Some(tab) = storage.get_item("tab").ok().flatten() {
        return tab;
    }
    let tab = format!("{:x}", (js_sys::Math::random() * 1e12) as u64);
    let _ = storage.set_item("tab", &tab);
    tab
}

/// All that is kept under keys that begin so.
pub fn kept_with(begins: &str) -> Vec<(String, String)> {
    let Some(storage) = storage() else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|place| storage.key(place).ok().flatten());
    let keys: Vec<String> = keys.filter(|key| key.starts_with(begins)).collect();
    keys.into_iter()
        .filter_map(|key| Some((storage.get_item(&key).ok().flatten()?, key)))
        .map(|(text, key)| (key, text))
        .collect()
}
