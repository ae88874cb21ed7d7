//! What the forms of work on many records post to.

use axum::extract::{Extension, Path, RawForm, State};
use axum::response::Response;
use domain::ids::record_id;

use super::load::{change_all, run_operation, undo_operation};
use crate::asked::{Asked, Server, User};
use crate::doors::{Form, respond, see};
use crate::refusal::Refusal;
use crate::users::doors::is_own_path;

/// `POST /clients/bulk`: `id` (any number), `field`, `typed`, `back`.
pub async fn begin(
    State(server): State<Server>,
    Extension(user): Extension<User>,
    Path(section): Path<String>,
    body: RawForm,
) -> Response {
    let asked = Asked::new(server, user);
    respond(
        async {
            let form = Form::read(body)?;
            let ids: Vec<i64> = form.all("id").filter_map(record_id).collect();
            let field = form.get("field").unwrap_or_default().into();
            if !ids.is_empty() {
                change_all(&asked, &section, "", Some(ids), &field, form.get("typed").unwrap_or_default()).await?;
            }
            Ok(back(&form, &format!("/{section}")))
        }
        .await,
    )
}

/// `POST /operations/…`: `act` is stop, go or undo.
pub async fn act(
    State(server): State<Server>,
    Extension(user): Extension<User>,
    Path(id): Path<String>,
    body: RawForm,
) -> Response {
    let asked = Asked::new(server, user);
    respond(
        async {
            let form = Form::read(body)?;
            match form.get("act") {
                Some("stop") => drop(run_operation(&asked, &id, false).await?),
                Some("go") => drop(run_operation(&asked, &id, true).await?),
                Some("undo") => drop(undo_operation(&asked, form.get("section").unwrap_or_default(), &id).await?),
                _ => return Err(Refusal::NotFound),
            }
            Ok(back(&form, "/clients"))
        }
        .await,
    )
}

fn back(form: &Form, otherwise: &str) -> Response {
    see(form.get("back").filter(|back| is_own_path(back)).unwrap_or(otherwise))
}
