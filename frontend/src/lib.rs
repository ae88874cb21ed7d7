//! The browser's side: hydration, nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    // Not `hydrate_body`: that one panics on a hard reload of a lazy page.
    leptos::mount::hydrate_lazy(app::App);
}
