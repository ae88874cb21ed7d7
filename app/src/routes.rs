//! The pages and their addresses. Every page of a section is one lazy chunk, whatever the section.

use domain::words::Word;
use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{Lazy, LazyRoute, lazy_route, path};

use crate::card::CardPage;
use crate::clients;
use crate::frame::{frame, provide_frame, word};
use crate::layout::{ErrorLine, Layout};
use crate::refusal::Refusal;
use crate::settings::SettingsPage;
use crate::table::ListPage;
use crate::trash::TrashPage;
use crate::ui::{Title, watch_pointer};
use crate::users::LoginPage;

#[component]
pub fn App() -> impl IntoView {
    leptos_meta::provide_meta_context();
    provide_frame();
    // From here on the page answers by itself; what only plain forms need is hidden.
    Effect::new(|_| {
        watch_pointer();
        if let Some(root) = document().document_element() {
            let _ = root.class_list().add_1("live");
        }
    });
    view! {
        <Router>
            <Layout>
                <Routes fallback=|| view! { <NotFound/> }>
                    <Route path=path!("/login") view=LoginPage/>
                    <Route path=path!("/clients") view={Lazy::<ClientList>::new()}/>
                    <Route path=path!("/clients/:id") view={Lazy::<ClientCard>::new()}/>
                    <Route path=path!("/trash") view=TrashPage/>
                    <Route path=path!("/settings") view=SettingsPage/>
                </Routes>
            </Layout>
        </Router>
    }
}

struct ClientList;

#[lazy_route]
impl LazyRoute for ClientList {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        match frame().section(clients::KEY).cloned() {
            Some(section) => view! { <ListPage section/> }.into_any(),
            None => view! { <NotFound/> }.into_any(),
        }
    }
}

struct ClientCard;

#[lazy_route]
impl LazyRoute for ClientCard {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        match frame().section(clients::KEY).cloned() {
            Some(section) => view! { <CardPage section/> }.into_any(),
            None => view! { <NotFound/> }.into_any(),
        }
    }
}

#[component]
fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
        options.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text=format!("{} · {}", word(Word::NotFound), word(Word::Product))/>
        <h1 class="sr-only">{word(Word::NotFound)}</h1>
        <ErrorLine refusal=Refusal::NotFound/>
    }
}
