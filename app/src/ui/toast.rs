//! A short message for what has no place of its own, with at most one thing to do about it.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;

const SHOWN_MS: u32 = 8_000;

#[derive(Clone)]
struct Toast {
    text: String,
    act: Option<(&'static str, Callback<()>)>,
}

/// The place of messages: one at a time, the latest.
#[derive(Clone, Copy)]
struct Toasts {
    shown: RwSignal<Option<Toast>>,
    count: StoredValue<u32>,
}

pub fn provide_toasts() {
    provide_context(Toasts { shown: RwSignal::new(None), count: StoredValue::new(0) });
}

/// Says something for a few seconds; it may be taken along into a task.
#[derive(Clone, Copy)]
pub struct Say(Option<Toasts>);

pub fn use_say() -> Say {
    Say(use_context())
}

impl Say {
    pub fn text(self, text: impl Into<String>) {
        self.show(Toast { text: text.into(), act: None });
    }

    pub fn with_act(self, text: impl Into<String>, label: &'static str, act: Callback<()>) {
        self.show(Toast { text: text.into(), act: Some((label, act)) });
    }

    fn show(self, toast: Toast) {
        let Some(toasts) = self.0 else { return };
        toasts.shown.set(Some(toast));
        toasts.count.update_value(|count| *count += 1);
        let own = toasts.count.get_value();
        leptos::task::spawn_local(async move {
            TimeoutFuture::new(SHOWN_MS).await;
            if toasts.count.try_get_value() == Some(own) {
                toasts.shown.set(None);
            }
        });
    }
}

#[component]
pub fn ToastPlace() -> impl IntoView {
    let toasts = use_context::<Toasts>();
    view! {
        <div class="toasts" role="status">
            {move || toasts.and_then(|toasts| toasts.shown.get().map(|toast| view! {
                <p class="toast">
                    <span>{toast.text}</span>
                    {toast.act.map(|(label, act)| view! {
                        <button class="at" on:click=move |_| { toasts.shown.set(None); act.run(()); }>{label}</button>
                    })}
                </p>
            }))}
        </div>
    }
}
