//! The document around every page: its head, the stylesheet, and the scripts that hydrate it.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::request::Parts;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::App;
use crate::frame::{ELEMENT, frame};
use crate::routes::lazy_page;

/// The browser's side as the binary holds it; all files lie in one folder named by their hash.
#[derive(Clone, Debug)]
pub struct Site {
    /// `/pkg/<hash>`
    pub root: Arc<str>,
    /// Whether the folder holds the WebAssembly (a server may be built without it, for tests).
    pub hydrates: bool,
    /// The chunks that each lazy page loads.
    pub chunks: Arc<BTreeMap<String, Vec<String>>>,
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
                // Before the stylesheet, which scripts wait for.
                {site.clone().filter(|site| site.hydrates).map(hydration)}
                {site.map(|site| view! { <link rel="stylesheet" href=format!("{}/klientura.css", site.root)/> })}
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <script id=ELEMENT r#type="application/json" nonce=use_nonce() inner_html=frame.json()></script>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Leptos' own scripts read files beside the executable; ours name what the binary holds. A script begins to fetch all
/// that this page needs, and not links: without scripts nothing of it is needed, and browsers complain of what was
/// preloaded and is not used soon.
fn hydration(site: Site) -> impl IntoView {
    let page = use_context::<Parts>().and_then(|parts| lazy_page(parts.uri.path()));
    let chunks = site.chunks.get(page.unwrap_or_default()).into_iter().flatten();
    let chunks: Vec<String> = chunks.map(|chunk| format!("'./{chunk}.wasm'")).collect();
    let script = HYDRATION.replace("ROOT", &site.root).replace("CHUNKS", &chunks.join(","));
    view! { <script nonce=use_nonce() inner_html=script></script> }
}

/// `fetched` is where the loader of chunks looks first (`xtask`: `take_what_was_fetched`). What fails is said by whoever
/// needs it.
const HYDRATION: &str = "{const root='ROOT/',begin=name=>{const file=fetch(root+name);file.catch(()=>{});return file};\
    const glue=import(root+'klientura.js'),main=begin('klientura_bg.wasm');\
    globalThis.fetched=Object.fromEntries([CHUNKS].map(name=>[name,begin(name.slice(2))]));\
    const start=()=>glue.then(glue=>glue.default({module_or_path:main}).then(glue.hydrate));\
    document.readyState==='loading'?document.addEventListener('DOMContentLoaded',start):start()}";
