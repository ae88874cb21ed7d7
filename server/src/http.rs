//! HTTP: the layers around every answer, who is asking, and where each request goes.

use std::any::Any;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use app::asked::{Asked, Digest, Server, User};
use app::bulk::doors as bulk;
use app::doors::see;
use app::form::doors as records;
use app::refusal::Refusal;
use app::settings::{doors as settings, queries as choices};
use app::users::{doors as users, queries};
use app::{Beginning, Frame};
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Extension, Router};
use domain::limits::{BODY_BYTES_MAX, REQUEST_MS_MAX, URI_BYTES_MAX};
use domain::list::{encode, pairs};
use domain::words::Lang;
use leptos::nonce::Nonce;
use leptos::prelude::{provide_context, use_context};
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::trace::TraceLayer;

use crate::{assets, outcome};

/// Renders the page of a request.
type PageHandler = Arc<dyn Fn(Request) -> Pin<Box<dyn Future<Output = Response> + Send>> + Send + Sync>;

/// The whole server as one service.
pub fn router(server: Server) -> Router {
    let _ = any_spawner::Executor::init_tokio();
    let site = assets::site();
    let page_server = server.clone();
    let context = move || {
        provide_context(page_server.clone());
        if let Some(site) = &site {
            provide_context(site.clone());
        }
        let Some(parts) = use_context::<axum::http::request::Parts>() else { return };
        // leptos_axum has provided a nonce of its own: ours, which the header names, comes after it.
        if let Some(nonce) = parts.extensions.get::<Nonce>() {
            provide_context(nonce.clone());
        }
        if let Some(user) = parts.extensions.get::<User>() {
            provide_context(user.clone());
        }
    };
    let framed = context.clone();
    let page = leptos_axum::render_app_async_with_context(
        move || {
            framed();
            let parts = use_context::<axum::http::request::Parts>();
            let beginning = parts.and_then(|parts| parts.extensions.get::<Beginning>().cloned());
            provide_context(Arc::new(Frame::of(use_context::<User>().as_ref(), beginning.unwrap_or_default())));
        },
        app::shell,
    );
    let call = move |request: Request| {
        let context = context.clone();
        // An answer is what a call asks for: without this header it would be sent back to the page that it names.
        let mut request = request;
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        async move { with_status(leptos_axum::handle_server_fns_with_context(context, request).await.into_response()).await }
    };

    let mut open = Router::new();
    let mut closed = Router::new();
    for (who, path, door) in doors(get(page.clone()), post(call)) {
        match who {
            Who::Anybody => open = open.route(path, door),
            Who::SignedIn => closed = closed.route(path, door),
        }
    }
    let closed = closed
        .fallback(get(page.clone()))
        .layer(middleware::from_fn(without_empty_parameters))
        .layer(middleware::from_fn_with_state(Arc::new(page) as PageHandler, signed_in_only));
    open.merge(closed)
        .layer(middleware::from_fn(in_time))
        .layer(middleware::from_fn(as_sent))
        .layer(middleware::from_fn_with_state(server.clone(), who))
        .layer(axum::extract::DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(RequestBodyLimitLayer::new(BODY_BYTES_MAX))
        .layer(middleware::from_fn(own_origin_only))
        .layer(CatchPanicLayer::custom(panicked))
        // What was compressed at build time goes as it is.
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(TraceLayer::new_for_http().make_span_with(span).on_failure(()))
        .layer(middleware::from_fn_with_state(server.clone(), headers))
        .with_state(server)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Anybody,
    SignedIn,
}

/// Every door, and whom it lets in.
fn doors(page: MethodRouter<Server>, call: MethodRouter<Server>) -> Vec<(Who, &'static str, MethodRouter<Server>)> {
    let page = || page.clone();
    vec![
        (Who::Anybody, "/pkg/{*path}", get(assets::pkg)),
        (Who::Anybody, "/favicon.svg", get(assets::favicon)),
        (Who::Anybody, "/login", page().post(users::login)),
        (Who::Anybody, "/logout", post(users::logout)),
        (Who::SignedIn, "/", get(|| async { Redirect::to("/today") })),
        (Who::SignedIn, "/call/{*call}", call),
        (Who::SignedIn, "/settings", page().post(settings::look)),
        (Who::SignedIn, "/settings/view", post(settings::remember)),
        (Who::SignedIn, "/settings/password", post(settings::change_password)),
        (Who::SignedIn, "/settings/sessions", post(settings::leave)),
        (Who::SignedIn, "/{section}", page().post(records::create)),
        (Who::SignedIn, "/{section}/{id}", page().post(records::save)),
        (Who::SignedIn, "/{section}/bulk", post(bulk::begin)),
        (Who::SignedIn, "/operations/{id}", post(bulk::act)),
        (Who::SignedIn, "/sent/{key}", get(outcome::sent)),
        (Who::SignedIn, "/mentions/{note}", post(app::notes::doors::seen)),
        (Who::SignedIn, "/{section}/{id}/undo", post(records::undo)),
        (Who::SignedIn, "/{section}/{id}/trash", post(records::trash)),
        (Who::SignedIn, "/{section}/{id}/restore", post(records::restore)),
    ]
}

/// The addresses of every door, as the router writes them: what goes through all of them takes them from here.
pub fn door_paths() -> Vec<&'static str> {
    let none = || get(|| async {});
    doors(none(), none()).into_iter().map(|(_, path, _)| path).collect()
}

/// The outermost layer: the nonce, and the headers that every answer carries.
async fn headers(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    let long = request.uri().path_and_query().is_some_and(|uri| uri.as_str().len() > URI_BYTES_MAX);
    request.extensions_mut().insert(nonce.clone());
    let id = store::draft::random_id().unwrap_or_default();
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = if long { StatusCode::URI_TOO_LONG.into_response() } else { next.run(request).await };
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; connect-src 'self'; font-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if server.outside.is_https {
        // A year, as browsers count.
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // `no-referrer` would make browsers send `Origin: null` with our own forms.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// 503 for what takes too long. Of what writes nobody knows then whether it was done: its key tells later.
async fn in_time(request: Request, next: Next) -> Response {
    let sent = request.extensions().get::<SentBody>().cloned();
    let is_call = request.uri().path().starts_with("/call/");
    let lang = request.extensions().get::<User>().map(|user| user.lang).unwrap_or_default();
    match tokio::time::timeout(Duration::from_millis(REQUEST_MS_MAX), next.run(request)).await {
        Ok(response) => response,
        Err(_) => match sent {
            Some(SentBody(body)) => outcome::unknown(is_call, lang, &body),
            None => outcome::refused(is_call, lang, &Refusal::TooSlow),
        },
    }
}

/// What was sent, as long as it is worked on.
#[derive(Clone)]
struct SentBody(Bytes);

/// Arguments that cannot be read are refused before a server function begins, with a status that says nothing of it.
async fn with_status(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, BODY_BYTES_MAX).await.unwrap_or_default();
    if let Ok(refusal) = serde_json::from_slice::<Refusal>(&bytes) {
        parts.status = app::asked::status(&refusal);
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// A request's place in the log: its number, which the answer carries too, and what is learned of it on the way.
fn span(request: &Request) -> tracing::Span {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.as_str()).unwrap_or_default();
    tracing::info_span!(
        "request",
        id,
        method = %request.method(),
        path = request.uri().path(),
        section = tracing::field::Empty,
        user = tracing::field::Empty,
        operation = tracing::field::Empty
    )
}

#[derive(Clone)]
struct RequestId(String);

fn panicked(problem: Box<dyn Any + Send + 'static>) -> Response {
    let text = problem.downcast_ref::<String>().map(String::as_str).or(problem.downcast_ref::<&str>().copied());
    tracing::error!(problem = text.unwrap_or("a panic without words"), "a request panicked");
    (StatusCode::INTERNAL_SERVER_ERROR, "Не получилось").into_response()
}

/// Nothing is written for another site's page: 403 for a foreign Origin of any unsafe method.
async fn own_origin_only(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_own_origin(&request) { next.run(request).await } else { StatusCode::FORBIDDEN.into_response() }
}

fn is_own_origin(request: &Request) -> bool {
    let text = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    let from_elsewhere =
        text(HeaderName::from_static("sec-fetch-site")).is_some_and(|site| matches!(site, "cross-site" | "same-site"));
    let host = text(header::HOST).or(request.uri().host());
    match request.headers().get(header::ORIGIN) {
        // A program, not a browser: it has no cookies of somebody else to misuse.
        None => !from_elsewhere,
        Some(origin) => {
            let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
            !from_elsewhere && origin.is_some() && origin == host
        }
    }
}

/// Puts the signed-in user into the request.
async fn who(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    if let Some(token) = users::session_token(&server, request.headers()) {
        let is_asset = request.uri().path().starts_with("/pkg/");
        let is_page = matches!(*request.method(), Method::GET | Method::HEAD) && !is_asset;
        match signed_in(&server, &token, is_page).await {
            // What waited for a line is its author's, whoever has signed in meanwhile.
            Ok(Some((user, _))) if is_of_another(&request, &user) => {}
            Ok(Some((user, beginning))) => {
                tracing::Span::current().record("user", user.id);
                request.extensions_mut().insert(user);
                request.extensions_mut().insert(beginning);
            }
            Ok(None) => {}
            Err(error) => {
                let is_call = request.uri().path().starts_with("/call/");
                return outcome::refused(is_call, Lang::default(), &Refusal::from(error));
            }
        }
    }
    next.run(request).await
}

fn is_of_another(request: &Request, user: &User) -> bool {
    let named = request.headers().get("x-of-user").and_then(|value| value.to_str().ok());
    named.is_some_and(|named| named != user.id.to_string())
}

/// Notes what was sent, byte for byte: sent again with the same key, it is answered as it was the first time.
async fn as_sent(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    // A body that does not come is not waited for.
    let whole = tokio::time::timeout(Duration::from_millis(REQUEST_MS_MAX), axum::body::to_bytes(body, BODY_BYTES_MAX));
    let bytes = match whole.await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    let address = parts.uri.path_and_query().map_or("", |address| address.as_str());
    let digest = store::idempotency::digest(&[parts.method.as_str().as_bytes(), address.as_bytes(), &bytes]);
    parts.extensions.insert(Digest(digest));
    parts.extensions.insert(SentBody(bytes.clone()));
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}

/// The user of a session, with the system as that user may see it, and what a page begins with.
async fn signed_in(server: &Server, token: &str, is_page: bool) -> Result<Option<(User, Beginning)>, store::Error> {
    let Some(mut user) = queries::session_user(server, token).await? else { return Ok(None) };
    let mut conn = server.db.read().await?;
    user.sees = server.registry.cut(&mut conn, &user.actor()).await?;
    if !is_page {
        return Ok(Some((user, Beginning::default())));
    }
    let views = choices::user_views(&mut conn, user.id, &user.sees).await?;
    let people = queries::choices(&mut conn).await?;
    drop(conn);
    let mut conn = server.db.read().await?;
    let job = app::bulk::read::latest(&mut conn, user.id, &user.sees, user.lang, (server.clock)()).await?;
    drop(conn);
    let asked = Asked::new(server.clone(), user.clone(), None);
    // A page without its counters is a page all the same.
    let counters = app::today::read::counters(&asked).await.unwrap_or_default();
    Ok(Some((user, Beginning { views, people, job, counters })))
}

/// Without a session: a page sends to `/login`, anything else is 401.
async fn signed_in_only(
    State(page): State<PageHandler>,
    user: Option<Extension<User>>,
    request: Request,
    next: Next,
) -> Response {
    if user.is_some() {
        return next.run(request).await;
    }
    let is_call = request.uri().path().starts_with("/call/");
    if matches!(*request.method(), Method::GET | Method::HEAD) && !is_call {
        return see(&login_address(request.uri()));
    }
    if is_call {
        // What the server function itself would have answered.
        let refusal = serde_json::json!("SignIn").to_string();
        return (StatusCode::UNAUTHORIZED, [(header::CONTENT_TYPE, "application/json")], refusal).into_response();
    }
    // A form: the page to sign in, which comes back to the page that had the form.
    let back = request.uri().clone();
    let mut sign_in = Request::new(Body::empty());
    *sign_in.uri_mut() = login_address(&back).parse().unwrap_or_default();
    *sign_in.extensions_mut() = request.extensions().clone();
    let mut response = page(sign_in).await;
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    response
}

fn login_address(from: &Uri) -> String {
    let next = from.path_and_query().map_or("/", |path| path.as_str());
    format!("/login{}", encode(&[("next".to_string(), next.to_string())]))
}

/// A GET form sends its empty inputs too: 303 to the same address without them. The form of one filter sends its
/// parts: 303 to the list that they mean.
async fn without_empty_parameters(request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    if *request.method() == Method::GET
        && let Some(user) = request.extensions().get::<User>()
        && let Some(section) = user
            .sees
            .sections
            .iter()
            .find(|section| request.uri().path().strip_prefix('/') == Some(section.key.as_str()))
        && let Some(address) = domain::list::compose(section, &pairs(query))
    {
        return see(&address);
    }
    let is_empty = |part: &str| {
        part.split_once('=').is_some_and(|(_, value)| value.is_empty() || value.trim_matches('+').is_empty())
    };
    if *request.method() == Method::GET && query.split('&').any(is_empty) {
        let rest: Vec<&str> = query.split('&').filter(|part| !is_empty(part)).collect();
        let rest = encode(&pairs(&rest.join("&")));
        // One slash: `//host` would be another site.
        let path = request.uri().path().trim_start_matches('/');
        return see(&format!("/{path}{rest}"));
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use tower::ServiceExt;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_takes_too_long_is_503() {
        let slow = || async { tokio::time::sleep(Duration::from_secs(3600)).await };
        let router = Router::new().route("/slow", get(slow)).layer(middleware::from_fn(in_time));
        let request = Request::builder().uri("/slow").body(Body::empty()).expect("a request");
        let response = router.oneshot(request).await.expect("an answer");
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    }

    #[tokio::test]
    async fn a_panic_is_an_answer() {
        async fn broken() {
            panic!("on purpose")
        }
        let router = Router::new().route("/broken", get(broken)).layer(CatchPanicLayer::custom(panicked));
        let request = Request::builder().uri("/broken").body(Body::empty()).expect("a request");
        let response = router.oneshot(request).await.expect("an answer");
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
