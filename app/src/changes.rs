//! What is changed on a page is told here; whatever shows it listens.

use leptos::prelude::*;

#[derive(Clone, Copy)]
pub struct Changes {
    /// How often something was changed while the page lives.
    told: RwSignal<u32>,
    /// How often lists were to be asked for anew.
    anew: RwSignal<u32>,
}

pub fn provide_changes() {
    provide_context(Changes::new());
}

pub fn use_changes() -> Changes {
    use_context().unwrap_or_else(Changes::new)
}

impl Changes {
    fn new() -> Self {
        Self { told: RwSignal::new(0), anew: RwSignal::new(0) }
    }

    /// What is on the screen was changed beside it: it is shown as it is now.
    pub fn tell(self) {
        self.told.update(|told| *told += 1);
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
