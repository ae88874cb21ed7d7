//! Whether a finger or a mouse button is down. What a press sets off waits for its end: a page that
//! moves between the press and the release would swallow the click.

use std::cell::Cell;

use gloo_timers::future::TimeoutFuture;
use leptos::ev;
use leptos::prelude::*;

thread_local! {
    static PRESSED: Cell<bool> = const { Cell::new(false) };
}

const LOOK_EVERY_MS: u32 = 15;
/// A release outside the window may never be heard.
const WAIT_MS_MAX: u32 = 2000;

/// Listens from now on; once for the whole page.
pub fn watch_pointer() {
    for handle in [
        window_event_listener(ev::pointerdown, |_| PRESSED.set(true)),
        window_event_listener(ev::pointerup, |_| PRESSED.set(false)),
        window_event_listener(ev::pointercancel, |_| PRESSED.set(false)),
    ] {
        // For as long as the page lives.
        std::mem::forget(handle);
    }
}

/// Ends when nothing is pressed and the click has been delivered.
pub async fn released() {
    let mut waited = 0;
    while PRESSED.get() && waited < WAIT_MS_MAX {
        TimeoutFuture::new(LOOK_EVERY_MS).await;
        waited += LOOK_EVERY_MS;
    }
    TimeoutFuture::new(0).await;
}
