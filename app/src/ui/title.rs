//! The document's title. leptos_meta writes it raw while rendering on the server: it is escaped here.

use leptos::prelude::*;

#[component]
pub fn Title(#[prop(into)] text: Signal<String>) -> impl IntoView {
    let text = move || {
        let text = text.get();
        if cfg!(feature = "ssr") { text.replace('&', "&amp;").replace('<', "&lt;") } else { text }
    };
    view! { <leptos_meta::Title text=text/> }
}
