//! The answer to the latest question. A Leptos resource asks one after the other, so that a slow answer
//! would hold the next one up: here every question is sent at once, and only the latest answer is shown.

use leptos::prelude::*;

use super::api::list;
use super::view::ListView;
use crate::changes::use_changes;
use crate::refusal::Refusal;

type Answer = Result<ListView, Refusal>;

/// A list as it is shown, and whether a newer one is on its way.
#[derive(Clone, Copy)]
pub struct Latest {
    pub shown: Resource<Answer>,
    pub waiting: Signal<bool>,
}

pub fn latest_list(section: String, search: Memo<String>) -> Latest {
    // The question, and how often it was to be asked anew.
    let changes = use_changes();
    let search = Memo::new(move |_| (search.get(), changes.anew()));
    let shown_search = RwSignal::new(search.get_untracked());
    let arrived = StoredValue::new(None::<((String, u32), Answer)>);
    let shown = Resource::new(move || shown_search.get(), {
        let section = section.clone();
        move |search| {
            let section = section.clone();
            let ready = arrived.try_update_value(Option::take).flatten().filter(|(asked, _)| *asked == search);
            async move {
                match ready {
                    Some((_, answer)) => answer,
                    None => list(section, search.0).await,
                }
            }
        }
    });
    Effect::watch(
        move || search.get(),
        move |asked, _, _| {
            let (section, asked) = (section.clone(), asked.clone());
            leptos::task::spawn_local(async move {
                let answer = list(section, asked.0.clone()).await;
                // Another question came after this one, or the page is gone.
                if search.try_get_untracked().as_ref() == Some(&asked) {
                    arrived.set_value(Some((asked.clone(), answer)));
                    shown_search.set(asked);
                }
            });
        },
        false,
    );
    Latest { shown, waiting: Signal::derive(move || search.get() != shown_search.get()) }
}
