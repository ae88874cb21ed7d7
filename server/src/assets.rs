//! The browser's side and the icon, inside the binary.

use std::sync::Arc;

use app::Site;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$KLIENTURA_SITE_EMBEDDED"]
struct Embedded;

const ICON: &str = include_str!("favicon.svg");

/// The folder of this build, if the binary holds one.
pub fn site() -> Option<Site> {
    let css = Embedded::iter().find(|path| path.ends_with("/klientura.css"))?;
    let root = css.strip_suffix("/klientura.css")?.to_string();
    let hydrates = Embedded::get(&format!("{root}/klientura_bg.wasm")).is_some();
    Some(Site { root: Arc::from(format!("/{root}")), hydrates })
}

/// `/pkg/<hash>/…`: the name changes with the content, so it is kept for ever.
pub async fn pkg(uri: Uri) -> Response {
    let Some(file) = Embedded::get(uri.path().trim_start_matches('/')) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mime =
        HeaderValue::from_str(file.metadata.mimetype()).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let headers = [
        (header::CONTENT_TYPE, mime),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    (headers, Body::from(file.data.into_owned())).into_response()
}

pub async fn favicon() -> Response {
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")];
    (headers, ICON).into_response()
}
