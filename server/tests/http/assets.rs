//! What the browser loads comes compressed, and every file of a page is named in its head.

use axum::body::Body;
use axum::http::{Method, StatusCode};

use crate::office::{Office, Page};

/// The texts between quotes that name something of the browser's side.
fn named(page: &Page) -> Vec<String> {
    let head = page.body.split("</head>").next().unwrap_or_default();
    let quoted = head.split(['"', '\'']).filter(|text| [".js", ".wasm", ".css"].iter().any(|end| text.ends_with(end)));
    quoted.map(str::to_string).collect()
}

/// Built without the browser's side there is nothing to send.
fn site() -> Option<app::Site> {
    option_env!("KLIENTURA_SITE").map(|_| server::assets::site().expect("what the server was built with"))
}

fn coding(page: &Page) -> Option<&str> {
    page.headers.get("content-encoding").and_then(|coding| coding.to_str().ok())
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_assets_are_compressed_as_the_browser_takes_it() {
    let Some(site) = site() else { return };
    let office = Office::both().await.remove(0);
    let mut anna = office.anna().await;
    let wasm = format!("{}/klientura_bg.wasm", site.root);
    let whole = anna.send(Method::GET, &wasm, Body::empty(), &[]).await;
    let length = |page: &Page| page.headers["content-length"].to_str().expect("text").parse::<u64>().expect("a number");
    assert_eq!((whole.status, coding(&whole)), (StatusCode::OK, None));
    for (takes, sent) in [
        ("gzip, deflate, br", Some("br")),
        ("gzip;q=1.0, br;q=0", Some("gzip")),
        ("GZIP", Some("gzip")),
        ("identity", None),
        ("br;q=x", None),
    ] {
        let page = anna.send(Method::GET, &wasm, Body::empty(), &[("accept-encoding", takes)]).await;
        assert_eq!((page.status, coding(&page)), (StatusCode::OK, sent), "{takes}");
        assert_eq!(page.headers["content-type"], "application/wasm", "{takes}");
        assert_eq!(page.headers["vary"], "accept-encoding", "{takes}");
        assert!(sent.is_none() || length(&page) * 2 < length(&whole), "{takes}");
    }
    for path in ["/clients", "/today"] {
        let page = anna.send(Method::GET, path, Body::empty(), &[("accept-encoding", "br")]).await;
        assert_eq!((page.status, coding(&page)), (StatusCode::OK, Some("br")), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_page_needs_is_named_in_its_head_and_nothing_is_preloaded() {
    let Some(site) = site() else { return };
    let office = Office::both().await.remove(0);
    let mut anna = office.anna().await;
    let client = anna.create().await;
    for (page, path) in [
        ("section_list", "/clients".to_string()),
        ("section_card", format!("/clients/{client}")),
        ("day", "/today".into()),
        ("mentions", "/mentions".into()),
    ] {
        let head = named(&anna.get(&path).await);
        let chunks = site.chunks.get(page).unwrap_or_else(|| panic!("no lazy page {page}: {:?}", site.chunks));
        assert!(chunks.len() > 1);
        for chunk in chunks {
            assert!(head.contains(&format!("./{chunk}.wasm")), "{path}: {chunk}: {head:?}");
        }
        assert!(head.iter().any(|name| name == "klientura_bg.wasm") && head.iter().any(|name| name == "klientura.js"));
    }
    assert_eq!(site.chunks.len(), 4, "a lazy page is not in `routes::lazy_page`: {:?}", site.chunks);
    let page = anna.get("/clients").await;
    // Without scripts a link would fetch it all the same.
    assert!(!page.has("link[rel=modulepreload], link[rel=preload], link[rel=prefetch]"));
}
