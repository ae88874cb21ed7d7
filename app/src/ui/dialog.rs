//! A dialog over the page: the browser's own, which keeps the focus inside and gives it back.

use leptos::html;
use leptos::prelude::*;

#[component]
pub fn Dialog(
    open: Signal<bool>,
    /// Esc, or the browser's way back.
    close: Callback<()>,
    title: String,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    view! {
        <dialog class="dialog" node_ref=dialog aria-label=title.clone() on:close=move |_| close.run(())>
            <h2>{title.clone()}</h2>
            {children()}
        </dialog>
    }
}
