//! What the forms of work on many records post to.

use axum::extract::{Path, RawForm};
use axum::response::Response;
use domain::ids::record_id;

use super::view::BulkChange;
use super::write::{change_all, overwrite_left, run_operation, undo_operation};
use crate::asked::Asked;
use crate::doors::is_own_path;
use crate::doors::{Form, respond, see};
use crate::refusal::Refusal;

/// `POST /clients/bulk`: `id` (any number), `field`, `typed`, `_seen`, `_key`, `back`.
pub async fn begin(asked: Asked, Path(section): Path<String>, body: RawForm) -> Response {
    respond(
        async {
            let section = asked.section(&section)?.key.to_string();
            let form = Form::read(body)?;
            let ids: Vec<i64> = form.all("id").filter_map(record_id).collect();
            if !ids.is_empty() {
                let change = BulkChange {
                    section: section.clone(),
                    query: String::new(),
                    ids: Some(ids),
                    field: form.get("field").unwrap_or_default().into(),
                    typed: form.get("typed").unwrap_or_default().to_string(),
                    seen: form.get("_seen").unwrap_or_default().to_string(),
                };
                change_all(&asked, change, &form.key()).await?;
            }
            Ok(back(&form, &format!("/{section}")))
        }
        .await,
    )
}

/// `POST /operations/…`: `act` is stop, go, undo or overwrite; `_key`, `back`.
pub async fn act(asked: Asked, Path(id): Path<String>, body: RawForm) -> Response {
    respond(
        async {
            let form = Form::read(body)?;
            let _ = match form.get("act") {
                Some("stop") => run_operation(&asked, &id, false, &form.key()).await?,
                Some("go") => run_operation(&asked, &id, true, &form.key()).await?,
                Some("undo") => undo_operation(&asked, &id, &form.key()).await?,
                Some("overwrite") => overwrite_left(&asked, &id, &form.key()).await?,
                _ => return Err(Refusal::NotFound),
            };
            Ok(back(&form, "/"))
        }
        .await,
    )
}

fn back(form: &Form, otherwise: &str) -> Response {
    see(form.get("back").filter(|back| is_own_path(back)).unwrap_or(otherwise))
}
