//! What the forms of the settings post to.

use axum::extract::RawForm;
use axum::response::Response;
use domain::limits::{COLUMNS_MAX, PASSWORD_CHARS_MAX};
use domain::list::{Shown, encode, pairs};
use domain::words::Lang;
use jiff::tz::TimeZone;
use store::idempotency::is_done;

use super::queries::{end_sessions, remember_view, set_look, set_password, user_view};
use super::view::ZONES;
use super::write::known;
use crate::appearance::{Theme, UserView};
use crate::asked::Asked;
use crate::doors::is_own_path;
use crate::doors::{Form, respond, see};
use crate::outside::Address;
use crate::refusal::Refusal;
use crate::users::attempts::{self, Try};
use crate::users::{password, queries};

/// `POST /settings/view`: `section`, `cols` (repeated or with commas; `reset=cols` forgets them), `dense`, `pin` and
/// `unpin` (a field's key), `back`.
pub async fn remember(asked: Asked, body: RawForm) -> Response {
    respond(try_remember(&asked, body).await)
}

async fn try_remember(asked: &Asked, body: RawForm) -> Result<Response, Refusal> {
    let form = Form::read(body)?;
    let first = || asked.sees.sections.first().map(|section| section.key.as_str());
    let section = asked.section(form.get("section").or_else(first).unwrap_or_default())?.clone();
    let mut conn = asked.server.db.read().await?;
    let before = user_view(&mut conn, asked.user.id, &section).await?;
    drop(conn);
    let chosen = Shown::parse_all(&section, &form.all("cols").collect::<Vec<_>>().join(",")).0;
    let columns = match (form.get("reset"), chosen.is_empty()) {
        (Some("cols"), _) => None,
        (_, true) => before.columns.clone(),
        (_, false) => Some(chosen),
    };
    let dense = form.get("dense").map_or(before.dense, |dense| dense == "true" || dense == "1" || dense == "on");
    let mut pinned = before.pinned.clone();
    for key in form.all("pin").take(COLUMNS_MAX) {
        let mut row = UserView { pinned: pinned.clone(), ..before.clone() }.row_filters(&section);
        if !row.iter().any(|pinned| pinned.as_str() == key) {
            row.push(key.into());
        }
        pinned = Some(row);
    }
    for key in form.all("unpin").take(COLUMNS_MAX) {
        let mut row = UserView { pinned: pinned.clone(), ..before.clone() }.row_filters(&section);
        row.retain(|pinned| pinned.as_str() != key);
        pinned = Some(row);
    }
    if form.get("reset") == Some("pins") {
        pinned = None;
    }
    let view = known(&section, UserView { columns, dense, pinned });
    remember_view(asked, asked.sent(&form.key())?, &section, view).await?;
    let back = form.get("back").filter(|back| is_own_path(back)).map(str::to_string);
    Ok(see(&back.map_or_else(|| format!("/{}", section.key), |back| without_columns(&back))))
}

/// The remembered columns hold where the address names none.
fn without_columns(address: &str) -> String {
    let Some((path, query)) = address.split_once('?') else { return address.to_string() };
    let rest: Vec<(String, String)> = pairs(query).into_iter().filter(|(name, _)| name != "cols").collect();
    format!("{path}{}", encode(&rest))
}

/// `POST /settings`: `lang`, `theme`, `zone`.
pub async fn look(asked: Asked, body: RawForm) -> Response {
    respond(try_look(&asked, body).await)
}

async fn try_look(asked: &Asked, body: RawForm) -> Result<Response, Refusal> {
    let form = Form::read(body)?;
    let user = &asked.user;
    let lang = form.get("lang").map_or(Some(user.lang), Lang::parse);
    let theme = form.get("theme").map_or(Some(user.theme), Theme::parse);
    let zone = form.get("zone").unwrap_or(&user.zone_name);
    let zone = (ZONES.iter().any(|(name, ..)| *name == zone) || zone == user.zone_name) && TimeZone::get(zone).is_ok();
    let (Some(lang), Some(theme), true) = (lang, theme, zone) else { return Ok(see("/settings?problem=choice")) };
    let zone = form.get("zone").unwrap_or(&user.zone_name).to_string();
    set_look(asked, asked.sent(&form.key())?, lang, theme, zone).await?;
    Ok(see("/settings?done=look"))
}

/// `POST /settings/password`: `old`, `new`.
pub async fn change_password(asked: Asked, address: Address, body: RawForm) -> Response {
    respond(try_change_password(&asked, address, body).await)
}

async fn try_change_password(asked: &Asked, address: Address, body: RawForm) -> Result<Response, Refusal> {
    let form = Form::read(body)?;
    let (old, new) = (form.get("old").unwrap_or_default(), form.get("new").unwrap_or_default());
    match password::check_length(new) {
        Ok(()) => {}
        Err(password::BadPassword::TooShort) => return Ok(see("/settings?problem=short")),
        Err(password::BadPassword::TooLong) => return Ok(see("/settings?problem=long")),
    }
    let (db, login) = (&asked.server.db, asked.user.login.as_str());
    let mut conn = db.read().await?;
    // Sent once more after it was done: the old password is the old one no longer.
    let sent = asked.sent(&form.key())?;
    if let Some(sent) = &sent
        && is_done(&mut conn, asked.user.id, sent).await?
    {
        return Ok(see("/settings?done=password"));
    }
    let known = queries::find_login(&mut conn, login).await?.and_then(|(_, hash)| hash).ok_or(Refusal::SignIn)?;
    drop(conn);
    // Whoever found an open session must not guess the password here either.
    let attempt = Try { login: login.to_string(), address: address.0 };
    if attempts::count(db, &attempt, asked.now).await?.is_none() {
        return Ok(see("/settings?problem=wait"));
    }
    if old.chars().count() > PASSWORD_CHARS_MAX || !password::verify(old.to_string(), Some(known.clone())).await? {
        return Ok(see("/settings?problem=old"));
    }
    let hash = password::hash(new.to_string()).await?.ok_or(Refusal::Failed)?;
    match set_password(asked, sent, attempt, known, hash).await? {
        true => Ok(see("/settings?done=password")),
        false => Ok(see("/settings?problem=old")),
    }
}

/// `POST /settings/sessions`: `id` ends one session, without it all but this one.
pub async fn leave(asked: Asked, body: RawForm) -> Response {
    respond(try_leave(&asked, body).await)
}

async fn try_leave(asked: &Asked, body: RawForm) -> Result<Response, Refusal> {
    let form = Form::read(body)?;
    let only = form.get("id").filter(|id| id.bytes().all(|byte| byte.is_ascii_hexdigit())).map(str::to_string);
    if form.get("id").is_some() != only.is_some() {
        return Ok(see("/settings"));
    }
    end_sessions(asked, asked.sent(&form.key())?, only).await?;
    Ok(see("/settings?done=sessions"))
}
