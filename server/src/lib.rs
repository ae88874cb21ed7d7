pub mod assets;
use axum::{Router, routing::get, extract::Request, middleware::{self, Next}, response::Response, http::HeaderValue};
use leptos::prelude::*;
use leptos::nonce::Nonce;

async fn csp(mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    let policy = format!("default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    response.headers_mut().insert("content-security-policy", HeaderValue::from_str(&policy).unwrap());
    response
}

pub fn router() -> Router {
    let _ = any_spawner::Executor::init_tokio();
    let site = assets::site();
    let context = move || {
        if let Some(site) = &site { provide_context(site.clone()); }
        let parts = expect_context::<axum::http::request::Parts>();
        if let Some(nonce) = parts.extensions.get::<Nonce>() { provide_context(nonce.clone()); }
    };
    Router::new()
        .route("/pkg/{*path}", get(assets::pkg))
        .route("/favicon.svg", get(assets::favicon))
        .fallback(leptos_axum::render_app_async_with_context(context, app::shell))
        .layer(middleware::from_fn(csp))
}
