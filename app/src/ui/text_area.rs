//! The only text area: Leptos does not escape the children of one while rendering on the server.

use leptos::prelude::*;

#[component]
pub fn TextArea(
    name: String,
    text: String,
    label: String,
    #[prop(default = "in")] class: &'static str,
    #[prop(optional)] placeholder: &'static str,
    /// Whether the server's page puts the cursor into it.
    #[prop(optional)]
    focus: bool,
    #[prop(optional, into)] invalid: Signal<bool>,
    #[prop(optional, into)] describe: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <textarea class=class name=name aria-label=label rows="3" autocomplete="off" placeholder=placeholder
            autofocus=focus && cfg!(feature = "ssr")
            aria-invalid=move || invalid.get().then_some("true") aria-describedby=move || describe.get()
            inner_html=escaped(&text)></textarea>
    }
}

/// A leading line break would be swallowed by the parser: it is doubled.
fn escaped(text: &str) -> String {
    let safe = text.replace('&', "&amp;").replace('<', "&lt;");
    if safe.starts_with('\n') { format!("\n{safe}") } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_end_its_element() {
        assert_eq!(escaped("</textarea><script>alert(1)</script>"), "&lt;/textarea>&lt;script>alert(1)&lt;/script>");
        assert_eq!(escaped("\nа & б"), "\n\nа &amp; б");
    }
}
