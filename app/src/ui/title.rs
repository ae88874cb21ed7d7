//! The document's title. leptos_meta writes it raw while rendering on the server: it is escaped here.
//! It is also written last there, when what a page was made of may be gone: it is read at once.

use leptos::prelude::*;

#[component]
pub fn Title(#[prop(into)] text: Signal<String>) -> impl IntoView {
    let on_the_server = cfg!(feature = "ssr").then(|| text.get_untracked().replace('&', "&amp;").replace('<', "&lt;"));
    // A page that has just gone away keeps its title until the next one has said its own.
    let text = move || on_the_server.clone().or_else(|| text.try_get()).unwrap_or_else(|| document().title());
    view! { <leptos_meta::Title text=text/> }
}
