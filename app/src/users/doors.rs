//! `POST /login` and `POST /logout`.

use axum::extract::{Form, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::limits::{LOGIN_CHARS_MAX, PASSWORD_CHARS_MAX, SESSION_MS_MAX};
use domain::list::encode;
use serde::Deserialize;

use super::{password, queries};
use crate::asked::{Server, status};
use crate::refusal::Refusal;

const COOKIE: &str = "klientura_session";

#[derive(Deserialize)]
pub struct LoginForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

pub async fn login(State(server): State<Server>, headers: HeaderMap, Form(form): Form<LoginForm>) -> Response {
    match try_login(&server, &agent(&headers), &form).await {
        Ok(response) => response,
        Err(refusal) => (status(&refusal), refusal.to_string()).into_response(),
    }
}

async fn try_login(server: &Server, agent: &str, form: &LoginForm) -> Result<Response, Refusal> {
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
    let mut conn = server.db.read().await?;
    let left = queries::attempts_left(&mut conn, login, now).await?;
    if left == 0 {
        return Ok(again("wait", None));
    }
    let account = queries::find_login(&mut conn, login).await?;
    drop(conn);
    let hash = account.as_ref().and_then(|(_, hash)| hash.clone());
    let right = password::verify(form.password.clone(), hash).await;
    let Some((user, _)) = account.filter(|_| right) else {
        queries::note_failed_login(&server.db, login, now).await?;
        return Ok(again("password", Some(left - 1)));
    };
    let token = queries::open_session(&server.db, user, login, agent, now).await?;
    let next = if is_own_path(&form.next) { &form.next } else { "/today" };
    Ok(with_cookie(Redirect::to(next).into_response(), &token, SESSION_MS_MAX / 1000))
}

pub async fn logout(State(server): State<Server>, headers: HeaderMap) -> Response {
    if let Some(token) = session_token(&headers)
        && let Err(error) = queries::close_session(&server.db, &token).await
    {
        let refusal = Refusal::from(error);
        return (status(&refusal), refusal.to_string()).into_response();
    }
    with_cookie(Redirect::to("/login").into_response(), "", 0)
}

fn with_cookie(mut response: Response, token: &str, seconds: i64) -> Response {
    let cookie = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}");
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

/// The session's token of a request.
pub fn session_token(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, token)| token.to_string())
        .filter(|token| !token.is_empty())
}

/// A path of this site, and not of another that begins with `//` or `/\`.
pub fn is_own_path(path: &str) -> bool {
    path.starts_with('/')
        && !path[1..].starts_with(['/', '\\'])
        && !path.contains(|c: char| c.is_control() || c == '\\')
        && HeaderValue::from_str(path).is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_own_path;

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert!(is_own_path("/clients?name=%D1%80"));
        for wrong in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/a\r\nSet-Cookie: x",
            "clients",
            "javascript:1",
        ] {
            assert!(!is_own_path(wrong), "{wrong}");
        }
    }
}
