//! What is said when an answer did not come in time: a write may have been done all the same. Its key tells.

use app::asked::{Asked, Server, User};
use app::refusal::Refusal;
use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use domain::list::pairs;
use domain::words::{Lang, Word};
use serde::Deserialize;

/// A page that looks again by itself, every two seconds.
const REFRESH: HeaderName = HeaderName::from_static("refresh");
/// So often it looks.
const LOOKS_MAX: u32 = 30;

/// A refusal of any request, before it has come to a page or a server function.
pub fn refused(is_call: bool, lang: Lang, refusal: &Refusal) -> Response {
    let status = app::asked::status(refusal);
    if is_call {
        let refusal = serde_json::to_string(refusal).unwrap_or_default();
        return (status, [(header::CONTENT_TYPE, "application/json")], refusal).into_response();
    }
    (status, page(refusal.sentence(lang), "")).into_response()
}

/// What a request that writes is answered when the time is over.
pub fn unknown(is_call: bool, lang: Lang, body: &Bytes) -> Response {
    if is_call {
        return refused(is_call, lang, &Refusal::Unknown);
    }
    let form = std::str::from_utf8(body).map(pairs).unwrap_or_default();
    let key = form.into_iter().find(|(name, key)| name == "_key" && is_key(key)).map(|(_, key)| key);
    let look = key.map(|key| link(&format!("/sent/{key}"), Word::LookOutcome.text(lang))).unwrap_or_default();
    (StatusCode::SERVICE_UNAVAILABLE, page(Word::OutcomeUnknown.text(lang), &look)).into_response()
}

/// `GET /sent/…`: whether what one sent with this key was written. `look` counts how often it was asked.
pub async fn sent(
    State(server): State<Server>,
    Extension(user): Extension<User>,
    Path(key): Path<String>,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
) -> Response {
    let lang = user.lang;
    let asked = Asked::new(server, user, None);
    let answer = async {
        let mut conn = asked.server.db.read().await?;
        store::idempotency::answered(&mut conn, asked.user.id, &key).await
    };
    let looked = query.as_deref().and_then(|query| query.strip_prefix("look=")?.parse().ok()).unwrap_or(0u32);
    match answer.await {
        Ok(Some(answer)) => page(Word::WrittenIt.text(lang), &record(&answer, lang)).into_response(),
        Ok(None) if is_key(&key) => {
            let again = link(&format!("/sent/{key}"), Word::LookOutcome.text(lang));
            let mut response = page(Word::NotWrittenYet.text(lang), &again).into_response();
            let next = format!("2; url=/sent/{key}?look={}", looked + 1);
            if looked < LOOKS_MAX
                && let Ok(next) = HeaderValue::from_str(&next)
            {
                response.headers_mut().insert(REFRESH, next);
            }
            response
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            let refusal = Refusal::from(error);
            refused(false, lang, &refusal)
        }
    }
}

/// A link to the first record that was written.
fn record(answer: &str, lang: Lang) -> String {
    #[derive(Deserialize)]
    struct Written {
        section: String,
        record: i64,
    }
    let written: Vec<Written> = serde_json::from_str(answer).unwrap_or_default();
    let first = written.first().filter(|first| is_key(&first.section));
    first
        .map(|first| link(&format!("/{}/{}", first.section, first.record), Word::OpenRecord.text(lang)))
        .unwrap_or_default()
}

/// What may stand in a page as it is.
fn is_key(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn link(href: &str, label: &str) -> String {
    format!("<p><a href=\"{href}\">{label}</a></p>")
}

fn page(title: &str, more: &str) -> Html<String> {
    Html(format!(
        "<!DOCTYPE html><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title><h1>{title}</h1>{more}"
    ))
}
