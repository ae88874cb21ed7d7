//! The browser's side and the icon, inside the binary.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use app::Site;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
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
    let chunks = Embedded::get(&format!("{root}/prefetch.txt"));
    let chunks = chunks.map(|file| chunks_of_pages(&String::from_utf8_lossy(&file.data))).unwrap_or_default();
    Some(Site { root: Arc::from(format!("/{root}")), hydrates, chunks: chunks.into() })
}

/// Reads lines of `__section_list_view_7896563159029919901 chunk_6 chunk_8`: the function that shows a lazy page, and
/// what it loads.
fn chunks_of_pages(text: &str) -> BTreeMap<String, Vec<String>> {
    let line = |line: &str| {
        let mut words = line.split(' ').map(str::to_string);
        let page = words.next()?;
        let (page, _) = page.strip_prefix("__")?.split_once("_view_")?;
        Some((page.to_string(), words.collect()))
    };
    text.lines().filter_map(line).collect()
}

/// How a file may be sent, the smallest first, and how the compressed one beside it ends.
const CODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// `/pkg/<hash>/…`: the name changes with the content, so it is kept for ever.
pub async fn pkg(uri: Uri, asked: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let Some(file) = Embedded::get(path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mime =
        HeaderValue::from_str(file.metadata.mimetype()).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let compressed = CODINGS
        .into_iter()
        .filter(|(coding, _)| takes(&asked, coding))
        .find_map(|(coding, end)| Some((coding, Embedded::get(&format!("{path}{end}"))?)));
    let headers = [
        (header::CONTENT_TYPE, mime),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ];
    match compressed {
        Some((coding, file)) => (headers, [(header::CONTENT_ENCODING, coding)], body(file.data)).into_response(),
        None => (headers, body(file.data)).into_response(),
    }
}

/// Whether the browser takes a coding: RFC 9110, 12.5.3.
fn takes(asked: &HeaderMap, coding: &str) -> bool {
    let lines = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
        name.trim().eq_ignore_ascii_case(coding) && weight.is_ok_and(|weight| weight > 0.0)
    })
}

/// What the binary holds is sent from where it lies.
fn body(data: Cow<'static, [u8]>) -> Body {
    match data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    }
}

pub async fn favicon() -> Response {
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")];
    (headers, ICON).into_response()
}
