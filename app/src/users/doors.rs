//! `POST /login` and `POST /logout`.

use std::collections::BTreeSet;

use axum::extract::{Form, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::limits::{LOGIN_CHARS_MAX, PASSWORD_CHARS_MAX, SESSION_MS_MAX};
use domain::list::encode;
use serde::Deserialize;

use super::attempts::{self, Try};
use super::queries::SignIn;
use super::{password, queries};
use crate::asked::{Server, status};
use crate::doors::is_own_path;
use crate::outside::Address;
use crate::refusal::Refusal;

/// So many sessions of one request are closed when it signs in or out.
const COOKIES_MAX: usize = 10;

#[derive(Deserialize)]
pub struct LoginForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

pub async fn login(
    State(server): State<Server>,
    address: Address,
    headers: HeaderMap,
    Form(form): Form<LoginForm>,
) -> Response {
    match try_login(&server, address, &headers, &form).await {
        Ok(response) => response,
        Err(refusal) => (status(&refusal), refusal.to_string()).into_response(),
    }
}

async fn try_login(
    server: &Server,
    address: Address,
    headers: &HeaderMap,
    form: &LoginForm,
) -> Result<Response, Refusal> {
    let now = (server.clock)();
    let login = form.login.trim();
    let again = |problem: &str, left: Option<i64>| {
        let mut pairs = vec![("problem".to_string(), problem.to_string())];
        pairs.extend(left.map(|left| ("left".to_string(), left.to_string())));
        pairs.extend(Some(("login".to_string(), login.chars().take(LOGIN_CHARS_MAX).collect())));
        pairs.extend(Some(("next".to_string(), form.next.clone())).filter(|(_, next)| is_own_path(next)));
        Redirect::to(&format!("/login{}", encode(&pairs))).into_response()
    };
    if login.chars().count() > LOGIN_CHARS_MAX
        || form.password.chars().count() > PASSWORD_CHARS_MAX
        || login.contains('\0')
    {
        return Ok(again("password", None));
    }
    // Capitals are no other login: each would have its own tries.
    let counted = domain::login::login(login).unwrap_or_else(|| login.to_string());
    let attempt = Try { login: counted, address: address.0 };
    let Some(left) = attempts::count(&server.db, &attempt, now).await? else { return Ok(again("wait", None)) };
    let mut conn = server.db.read().await?;
    let account = queries::find_login(&mut conn, login).await?;
    drop(conn);
    let hash = account.as_ref().and_then(|(_, hash)| hash.clone());
    let right = password::verify(form.password.clone(), hash).await?;
    let Some((user, Some(password_hash))) = account.filter(|_| right) else {
        return Ok(again("password", Some(left)));
    };
    let (agent, before) = (agent(headers), session_tokens(server, headers));
    let sign_in = SignIn { user, password_hash, attempt, agent, before };
    let Some(token) = queries::open_session(&server.db, sign_in, now).await? else {
        return Ok(again("password", Some(left)));
    };
    let next = if is_own_path(&form.next) { &form.next } else { "/today" };
    Ok(with_cookie(server, Redirect::to(next).into_response(), &token, SESSION_MS_MAX / 1000))
}

pub async fn logout(State(server): State<Server>, headers: HeaderMap) -> Response {
    for token in session_tokens(&server, &headers) {
        if let Err(error) = queries::close_session(&server.db, &token).await {
            let refusal = Refusal::from(error);
            return (status(&refusal), refusal.to_string()).into_response();
        }
    }
    with_cookie(&server, Redirect::to("/login").into_response(), "", 0)
}

/// Under https browsers take a `__Host-` cookie from this host alone, for this host alone.
fn cookie_name(server: &Server) -> &'static str {
    if server.outside.is_https { "__Host-klientura_session" } else { "klientura_session" }
}

fn with_cookie(server: &Server, mut response: Response, token: &str, seconds: i64) -> Response {
    let (name, secure) = (cookie_name(server), if server.outside.is_https { "; Secure" } else { "" });
    let cookie = format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// «Chrome, Windows», as far as the browser tells.
fn agent(headers: &HeaderMap) -> String {
    let text = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // The more particular name first: every browser also calls itself by the names of others.
    let first =
        |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| text.contains(mark)).map(|(_, name)| *name);
    let browser = first(&[
        ("YaBrowser", "Яндекс Браузер"),
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    [browser, system].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The session's token of a request. Of several none is believed: somebody has put one beside ours.
pub fn session_token(server: &Server, headers: &HeaderMap) -> Option<String> {
    let mut tokens = session_tokens(server, headers);
    tokens.pop().filter(|_| tokens.is_empty())
}

/// All that a request has, each once.
fn session_tokens(server: &Server, headers: &HeaderMap) -> Vec<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let tokens = pairs.filter(|(name, token)| *name == cookie_name(server) && !token.is_empty());
    let tokens: BTreeSet<&str> = tokens.map(|(_, token)| token).take(COOKIES_MAX).collect();
    tokens.into_iter().map(str::to_string).collect()
}
