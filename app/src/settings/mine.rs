//! How the user looks at a section, while the page lives: taken over at once, and remembered on the server.

use std::collections::BTreeMap;

use domain::ids::SectionKey;
use leptos::prelude::*;

use super::api::remember;
use crate::appearance::UserView;
use crate::frame::frame;

type Views = RwSignal<BTreeMap<SectionKey, UserView>>;

/// What the page begins with.
pub fn provide_views() {
    let views: Views = RwSignal::new(frame().views.clone());
    provide_context(views);
}

#[derive(Clone, Copy)]
pub struct MyView {
    views: Option<Views>,
    key: StoredValue<SectionKey>,
}

pub fn use_view(section: &SectionKey) -> MyView {
    MyView { views: use_context(), key: StoredValue::new(section.clone()) }
}

impl MyView {
    pub fn get(self) -> UserView {
        let known = self.views.and_then(|views| views.with(|views| self.key.with_value(|key| views.get(key).cloned())));
        known.unwrap_or_default()
    }

    pub fn set(self, view: UserView) {
        leptos::task::spawn_local(self.set_and_remember(view));
    }

    /// Ends when the server knows it. What it does not remember holds while the page lives.
    pub fn set_and_remember(self, view: UserView) -> impl Future<Output = ()> {
        let key = self.key.get_value();
        if let Some(views) = self.views {
            views.update(|views| {
                views.insert(key.clone(), view.clone());
            });
        }
        async move {
            let _ = remember(key, view, crate::key::fresh()).await;
        }
    }
}
