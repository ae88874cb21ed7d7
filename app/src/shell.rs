//! The document around every page: its head, the stylesheet, and the scripts that hydrate it.

use std::sync::Arc;

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::App;
use crate::frame::{ELEMENT, frame};

/// The browser's side as the binary holds it; all files lie in one folder named by their hash.
#[derive(Clone, Debug)]
pub struct Site {
    /// `/pkg/<hash>`
    pub root: Arc<str>,
    /// Whether the folder holds the WebAssembly (a server may be built without it, for tests).
    pub hydrates: bool,
}

pub fn shell() -> impl IntoView {
    let site = use_context::<Site>();
    let frame = frame();
    let theme = frame.user.as_ref().map(|user| user.theme.as_str());
    view! {
        <!DOCTYPE html>
        <html lang=frame.lang.as_str() data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                {site.clone().map(|site| view! { <link rel="stylesheet" href=format!("{}/klientura.css", site.root)/> })}
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                {site.filter(|site| site.hydrates).map(hydration)}
                <script id=ELEMENT r#type="application/json" nonce=use_nonce() inner_html=frame.json()></script>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Leptos' own scripts read files beside the executable; ours name what the binary holds.
fn hydration(site: Site) -> impl IntoView {
    let nonce = use_nonce();
    let js = format!("{}/klientura.js", site.root);
    let wasm = format!("{}/klientura_bg.wasm", site.root);
    let start = format!("import init,{{hydrate}} from '{js}';init({{module_or_path:'{wasm}'}}).then(hydrate)");
    view! {
        <link rel="modulepreload" href=js nonce=nonce.clone()/>
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
        <script type="module" nonce=nonce>{start}</script>
    }
}
