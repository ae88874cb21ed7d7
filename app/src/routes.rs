//! The pages and their addresses. The two pages of a section are lazy chunks, whatever the section.

use domain::fields::SectionSpec;
use domain::words::Word;
use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::hooks::use_params_map;
use leptos_router::{Lazy, LazyRoute, lazy_route, path};

use crate::bulk::provide_jobs;
use crate::card::CardPage;
use crate::changes::provide_changes;
use crate::error_line::ErrorLine;
use crate::frame::{frame, provide_frame, word};
use crate::gallery::GalleryPage;
use crate::layout::Layout;
use crate::notes::MentionsPage;
use crate::refusal::Refusal;
use crate::sections::parts;
use crate::settings::{SettingsPage, provide_views};
use crate::table::ListPage;
use crate::today::TodayPage;
use crate::trash::TrashPage;
use crate::ui::{Title, provide_toasts, watch_menus, watch_pointer};
use crate::users::{LoginPage, provide_guard};
use crate::waiting::provide_waiting;

#[component]
pub fn App() -> impl IntoView {
    leptos_meta::provide_meta_context();
    provide_frame();
    provide_views();
    provide_guard();
    provide_toasts();
    provide_changes();
    provide_jobs();
    provide_waiting();
    // From here on the page answers by itself; what only plain forms need is hidden.
    Effect::new(|_| {
        watch_pointer();
        watch_menus();
        if let Some(root) = document().document_element() {
            let _ = root.class_list().add_1("live");
        }
    });
    view! {
        <Router>
            <Layout>
                <Routes fallback=|| view! { <NotFound/> }>
                    <Route path=path!("/login") view=LoginPage/>
                    <Route path=path!("/today") view={Lazy::<Day>::new()}/>
                    <Route path=path!("/mentions") view={Lazy::<Mentions>::new()}/>
                    <Route path=path!("/trash") view=TrashPage/>
                    <Route path=path!("/settings") view=SettingsPage/>
                    <Route path=path!("/gallery") view=Gallery/>
                    <Route path=path!("/:section") view={Lazy::<SectionList>::new()}/>
                    <Route path=path!("/:section/:id") view={Lazy::<SectionCard>::new()}/>
                </Routes>
            </Layout>
        </Router>
    }
}

/// The lazy page behind an address, as the splitter of the WebAssembly calls it.
#[cfg(feature = "ssr")]
pub fn lazy_page(path: &str) -> Option<&'static str> {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    match (parts.next()?, parts.next(), parts.next()) {
        ("login" | "trash" | "settings" | "gallery", ..) | (_, _, Some(_)) => None,
        ("today", None, _) => Some("day"),
        ("mentions", None, _) => Some("mentions"),
        (_, None, _) => Some("section_list"),
        (_, Some(_), None) => Some("section_card"),
    }
}

/// For those who build the interface: not in a release.
#[component]
fn Gallery() -> impl IntoView {
    if cfg!(debug_assertions) { view! { <GalleryPage/> }.into_any() } else { view! { <NotFound/> }.into_any() }
}

struct SectionList;

#[lazy_route]
impl LazyRoute for SectionList {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        in_section(|section| {
            let parts = parts(|key| frame().section(key).is_some(), &section);
            view! { <ListPage section parts/> }.into_any()
        })
    }
}

struct SectionCard;

#[lazy_route]
impl LazyRoute for SectionCard {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        in_section(|section| {
            let parts = parts(|key| frame().section(key).is_some(), &section);
            view! { <CardPage section parts/> }.into_any()
        })
    }
}

struct Day;

#[lazy_route]
impl LazyRoute for Day {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <TodayPage/> }.into_any()
    }
}

struct Mentions;

#[lazy_route]
impl LazyRoute for Mentions {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <MentionsPage/> }.into_any()
    }
}

/// The page of the section that the address names.
fn in_section(page: impl Fn(SectionSpec) -> AnyView + Send + Sync + 'static) -> AnyView {
    let params = use_params_map();
    let sections = frame().sections.clone();
    let key = Memo::new(move |_| params.with(|params| params.get("section").unwrap_or_default()));
    (move || {
        let key = key.get();
        match sections.iter().find(|section| section.key.as_str() == key && !section.inner) {
            Some(section) => page(section.clone()),
            None => view! { <NotFound/> }.into_any(),
        }
    })
    .into_any()
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
