//! What the forms of a record post to, without JavaScript and with it. Each door reads ordered pairs, does what the
//! server functions do, and answers 303.

use axum::extract::{Path, RawForm};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::change::{Input, Pairs, Patch};
use domain::fields::Section;
use domain::ids::{FieldKey, RecordId, record_id};
use domain::limits::DRAFT_VALUE_CHARS_MAX;
use domain::list::{encode, pairs};
use store::draft;

use super::write::{add as add_by_form, change};
use crate::asked::Asked;
use crate::card::{create as make, move_to_trash, put_value_back, take_back};
use crate::doors::{Form, is_own_path, respond, see};
use crate::draft::Draft;
use crate::refusal::Refusal;
use crate::writing::apply;

fn record(id: &str) -> Result<RecordId, Refusal> {
    record_id(id).ok_or(Refusal::NotFound)
}

/// `POST /clients`: makes a record and nothing else.
pub async fn create(asked: Asked, Path(section): Path<String>, body: RawForm) -> Response {
    respond(
        async {
            let form = Form::read(body)?;
            if let Some(back) = form.back() {
                return add(&asked, &section, &form, back).await;
            }
            let id = make(&asked, &section, form.fields(), &form.key()).await?;
            let title = &asked.section(&section)?.title;
            Ok(see(&format!("/{section}/{id}?edit={title}")))
        }
        .await,
    )
}

/// A section's own form on another page: refused as a whole, with what was typed.
async fn add(asked: &Asked, section: &str, form: &Form, back: &str) -> Result<Response, Refusal> {
    match add_by_form(asked, section, form.fields(), &form.key()).await {
        Ok(_) => Ok(see(&with_pair(back, form.get("_then").map(|then| ("next", then))))),
        Err(refusal @ Refusal::Problems(_)) => {
            let key = asked.section(section)?.key.to_string();
            let typed: Vec<_> = form.fields().into_iter().map(|(key, text)| (key, kept(text))).collect();
            let body = serde_json::to_string(&Draft { typed, refusal }).map_err(|_| Refusal::Failed)?;
            let draft = draft::keep(&asked.server.db, asked.user.id, &key, 0, body, asked.now).await?;
            Ok(see(&with_pair(back, Some(("draft", &draft)))))
        }
        Err(refusal) => Err(refusal),
    }
}

/// As much of a value as a draft keeps: ten times what any field takes.
fn kept(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(DRAFT_VALUE_CHARS_MAX) {
        text.truncate(end);
    }
    text
}

/// The address with one more pair.
fn with_pair(address: &str, pair: Option<(&str, &str)>) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let path = path.trim_start_matches('/');
    let known = ["draft", "next", "note"];
    let mut pairs: Vec<(String, String)> =
        pairs(query).into_iter().filter(|(name, _)| !known.contains(&name.as_str())).collect();
    pairs.extend(pair.map(|(name, value)| (name.to_string(), value.to_string())));
    format!("/{path}{}", encode(&pairs))
}

/// `POST /clients/17`: any of the section's fields, `_version`, `_key`, `_accept`.
pub async fn save(asked: Asked, Path((section, id)): Path<(String, String)>, body: RawForm) -> Response {
    respond(try_save(&asked, &section, &id, body).await)
}

async fn try_save(asked: &Asked, section: &str, id: &str, body: RawForm) -> Result<Response, Refusal> {
    let section = asked.section(section)?.clone();
    let id = record(id)?;
    let form = Form::read(body)?;
    let typed = form.fields();
    // The list that the card was opened from goes along.
    let list: Vec<(String, String)> =
        form.get("_in").map(|list| ("in".to_string(), list.to_string())).into_iter().collect();
    let patch = Patch {
        fields: typed.iter().map(|(key, typed)| (key.clone(), Input::Typed(typed.clone()))).collect(),
        accept: form.all("_accept").map(FieldKey::from).collect(),
    };
    // Without a version nothing is known of what the writer saw: every later change is a conflict.
    let base = form.get("_version").and_then(|version| version.parse().ok()).unwrap_or(0);
    if let Some(back) = form.back() {
        change(asked, &section, id, base, typed, &form.key()).await?;
        return Ok(see(&with_pair(back, form.get("_then").map(|then| ("next", then)))));
    }
    match apply(asked, &section, id, base, &form.key(), patch).await {
        Ok(_) => {
            let mut conn = asked.server.db.read().await?;
            let seen = store::record::load(&mut conn, &section, id).await?.is_some();
            Ok(see(&if seen { format!("/{}/{id}{}", section.key, encode(&list)) } else { format!("/{}", section.key) }))
        }
        Err(refusal @ (Refusal::Problems(_) | Refusal::Clashes(_))) => {
            keep_draft(asked, &section, id, typed, refusal, list).await
        }
        Err(refusal) => Err(refusal),
    }
}

/// Keeps what was typed and sends to the page that shows it with what is wrong.
async fn keep_draft(
    asked: &Asked,
    section: &Section,
    id: RecordId,
    typed: Pairs,
    refusal: Refusal,
    list: Vec<(String, String)>,
) -> Result<Response, Refusal> {
    let known: Vec<(FieldKey, String)> = typed
        .into_iter()
        .filter(|(key, _)| section.field(key).is_some_and(|field| section.access.may_write(field)))
        .map(|(key, text)| (key, kept(text)))
        .collect();
    let concerned = |key: &FieldKey| match &refusal {
        Refusal::Problems(problems) => problems.iter().any(|problem| problem.field.as_ref() == Some(key)),
        Refusal::Clashes(clashes) => clashes.iter().any(|clash| clash.field == *key),
        _ => false,
    };
    let Some(edit) = known.iter().map(|(key, _)| key).find(|key| concerned(key)).cloned() else {
        // Nothing that a page could show is wrong: the form was made by hand.
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, refusal.to_string()).into_response());
    };
    let body = serde_json::to_string(&Draft { typed: known, refusal }).map_err(|_| Refusal::Failed)?;
    let key = section.key.to_string();
    let draft = draft::keep(&asked.server.db, asked.user.id, &key, id, body, asked.now).await?;
    let pairs = [("edit".to_string(), edit.to_string()), ("draft".to_string(), draft)];
    Ok(see(&format!("/{key}/{id}{}", encode(&[list, pairs.to_vec()].concat()))))
}

/// `POST /clients/17/undo`: `seq` alone takes a whole change back, with `field` it puts one value back.
pub async fn undo(asked: Asked, Path((section, id)): Path<(String, String)>, body: RawForm) -> Response {
    respond(try_undo(&asked, &section, &id, body).await)
}

async fn try_undo(asked: &Asked, section: &str, id: &str, body: RawForm) -> Result<Response, Refusal> {
    let section = asked.section(section)?.clone();
    let id = record(id)?;
    let form = Form::read(body)?;
    let seq = form.get("seq").and_then(|seq| seq.parse().ok()).ok_or(Refusal::NotFound)?;
    let applied = match form.get("field").map(FieldKey::from) {
        None => take_back(asked, &section, id, seq, &form.key()).await,
        Some(field) => {
            let base = form.get("_version").and_then(|version| version.parse().ok()).unwrap_or(0);
            put_value_back(asked, &section, id, seq, &field, base, &form.key()).await
        }
    };
    let left: Vec<String> = match applied {
        Ok(applied) => applied.left.iter().map(FieldKey::to_string).collect(),
        // Somebody was faster: the value is left as it is, and said.
        Err(Refusal::Clashes(clashes)) => clashes.iter().map(|clash| clash.field.to_string()).collect(),
        Err(refusal) => return Err(refusal),
    };
    let mut query = vec![("tab".to_string(), "history".to_string())];
    query.extend(left.into_iter().map(|key| ("left".to_string(), key)));
    Ok(see(&format!("/{}/{id}{}", section.key, encode(&query))))
}

/// `POST /clients/17/trash`
pub async fn trash(asked: Asked, Path((section, id)): Path<(String, String)>, body: RawForm) -> Response {
    respond(set_trashed(&asked, &section, &id, body, true).await)
}

/// `POST /clients/17/restore`
pub async fn restore(asked: Asked, Path((section, id)): Path<(String, String)>, body: RawForm) -> Response {
    respond(set_trashed(&asked, &section, &id, body, false).await)
}

async fn set_trashed(
    asked: &Asked,
    section: &str,
    id: &str,
    body: RawForm,
    trashed: bool,
) -> Result<Response, Refusal> {
    let section = asked.section(section)?.clone();
    let id = record(id)?;
    let form = Form::read(body)?;
    move_to_trash(asked, &section, id, &form.key(), trashed).await?;
    // An empty record that was taken away leaves one where one was.
    let back = form.get("back").filter(|back| is_own_path(back));
    Ok(see(&back.map_or_else(|| format!("/{}/{id}", section.key), str::to_string)))
}
