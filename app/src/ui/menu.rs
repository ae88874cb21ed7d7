//! Menus are `<details>`: they open without a script. With one they also close by Esc and by a press elsewhere.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

const OPEN: &str = "details.menu-of[open]";

/// Listens from now on; once for the whole page.
pub fn watch_menus() {
    let pressed = window_event_listener(ev::pointerdown, |event| {
        let inside = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let own = inside.and_then(|element| element.closest("details.menu-of").ok().flatten());
        close_menus(own.as_ref());
    });
    let key = window_event_listener(ev::keydown, |event| {
        if event.key() != "Escape" {
            return;
        }
        let Some(menu) = document().query_selector(OPEN).ok().flatten() else { return };
        event.prevent_default();
        let _ = menu.remove_attribute("open");
        let summary = menu.query_selector("summary").ok().flatten();
        if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<HtmlElement>().ok()) {
            let _ = summary.focus();
        }
    });
    // For as long as the page lives.
    std::mem::forget((pressed, key));
}

/// Closes every open menu but this one.
pub fn close_menus(but: Option<&Element>) {
    let Ok(open) = document().query_selector_all(OPEN) else { return };
    for place in 0..open.length() {
        if let Some(menu) = open.item(place).and_then(|node| node.dyn_into::<Element>().ok())
            && but != Some(&menu)
        {
            let _ = menu.remove_attribute("open");
        }
    }
}
