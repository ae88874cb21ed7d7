//! What is changed on a page is told here; whatever shows it listens.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;

#[derive(Clone, Copy)]
pub struct Changes {
    /// How often something was changed while the page lives.
    told: RwSignal<u32>,
    /// How often lists were to be asked for anew.
    anew: RwSignal<u32>,
    /// How often something was to be told later.
    later: StoredValue<u32>,
}

/// What was ticked off stands in its place for so long: nothing moves under the hand.
const LATER_MS: u32 = 3_000;

pub fn provide_changes() {
    provide_context(Changes::new());
}

pub fn use_changes() -> Changes {
    use_context().unwrap_or_else(Changes::new)
}

impl Changes {
    fn new() -> Self {
        Self { told: RwSignal::new(0), anew: RwSignal::new(0), later: StoredValue::new(0) }
    }

    /// What is on the screen was changed beside it: it is shown as it is now.
    pub fn tell(self) {
        self.told.update(|told| *told += 1);
    }

    /// The same when nothing more is ticked off for some seconds.
    pub fn tell_later(self) {
        self.later.update_value(|later| *later += 1);
        let own = self.later.get_value();
        leptos::task::spawn_local(async move {
            TimeoutFuture::new(LATER_MS).await;
            if self.later.try_get_value() == Some(own) {
                self.tell();
            }
        });
    }

    pub fn told(self) -> u32 {
        self.told.get()
    }

    /// Lists are to be asked for anew: records have come or gone.
    pub fn ask_anew(self) {
        self.anew.update(|anew| *anew += 1);
    }

    pub fn anew(self) -> u32 {
        self.anew.get()
    }
}
