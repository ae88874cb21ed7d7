//! A hand over a value: who wrote it, when, what it was, and the way back.

use domain::ids::FieldKey;
use domain::words::Word;
use gloo_timers::future::TimeoutFuture;
use leptos::html;
use leptos::prelude::*;

use super::api::put_back;
use super::view::Saved;
use crate::frame::word;
use crate::history::Trace;
use crate::history::api::value_trace;
use crate::key;
use crate::refusal::Refusal;

/// The hand has to rest for so long.
const REST_MS: u32 = 450;
const LINGER_MS: u32 = 250;

/// Of one field.
#[derive(Clone, Copy)]
pub struct Tracing {
    section: StoredValue<String>,
    id: i64,
    field: StoredValue<FieldKey>,
    over: StoredValue<u32>,
    shown: RwSignal<Option<Trace>>,
}

impl Tracing {
    pub fn new(section: String, id: i64, field: FieldKey) -> Self {
        Self {
            section: StoredValue::new(section),
            id,
            field: StoredValue::new(field),
            over: StoredValue::new(0),
            shown: RwSignal::new(None),
        }
    }

    /// The hand has come.
    pub fn enter(self) {
        self.over.update_value(|over| *over += 1);
        let own = self.over.get_value();
        leptos::task::spawn_local(async move {
            TimeoutFuture::new(REST_MS).await;
            if self.over.try_get_value() != Some(own) {
                return;
            }
            let (section, field) = (self.section.get_value(), self.field.get_value());
            if let Ok(found) = value_trace(section, self.id, field).await
                && self.over.try_get_value() == Some(own)
            {
                self.shown.set(found);
            }
        });
    }

    /// The hand has gone: it may be on its way to what is shown.
    pub fn leave(self) {
        self.over.update_value(|over| *over += 1);
        let own = self.over.get_value();
        leptos::task::spawn_local(async move {
            TimeoutFuture::new(LINGER_MS).await;
            if self.over.try_get_value() == Some(own) {
                self.shown.set(None);
            }
        });
    }

    /// Puts the value back that was there before.
    async fn put_back(self, seq: i64, version: i64) -> Result<Saved, Refusal> {
        self.shown.set(None);
        put_back(self.section.get_value(), self.id, seq, self.field.get_value(), version, key::fresh()).await
    }
}

#[component]
pub fn TraceView(tracing: Tracing, version: Signal<i64>, done: Callback<Result<Saved, Refusal>>) -> impl IntoView {
    let of = word(Word::Was);
    let place = NodeRef::<html::Span>::new();
    // Beside the field, over no other: columns that scroll would cut it off if it stood in them.
    Effect::new(move |_| {
        let Some(shown) = place.get() else { return };
        let Some(field) = shown.closest("[data-field]").ok().flatten() else { return };
        let (field, own) = (field.get_bounding_client_rect(), shown.get_bounding_client_rect());
        let room = window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or_default();
        let left = (field.right() + 8.0).min(room - own.width() - 8.0);
        let style = web_sys::HtmlElement::style(&shown);
        let _ = style.set_property("left", &format!("{left}px"));
        let _ = style.set_property("top", &format!("{}px", field.top() + 28.0));
    });
    let put_back_word = word(Word::PutBack);
    move || {
        tracing.shown.get().map(|trace| {
            let by = trace.by.map(|person| format!("{}, ", person.name)).unwrap_or_default();
            let seq = trace.seq;
            let back = move |_| {
                let version = version.get_untracked();
                leptos::task::spawn_local(async move { done.run(tracing.put_back(seq, version).await) });
            };
            view! {
                <span class="pop trace" role="tooltip" node_ref=place>
                    <span>{by}<time title=trace.exact>{trace.near}</time></span>
                    {trace.old.map(|old| view! { <span class="mut">{of}" "<q>{old}</q></span> })}
                    {trace.can_put_back.then(|| view! { <button class="at" type="button" on:click=back>{put_back_word}</button> })}
                </span>
            }
        })
    }
}
