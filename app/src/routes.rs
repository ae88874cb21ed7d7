use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{Lazy, path};

use crate::slice::SlicePage;

#[component]
pub fn App() -> impl IntoView {
    leptos_meta::provide_meta_context();
    view! {
        <Router>
            <Routes fallback=|| "no page">
                <Route path=path!("/slice") view={Lazy::<SlicePage>::new()}/>
            </Routes>
        </Router>
    }
}
