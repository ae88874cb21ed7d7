//! What forms of the stream post to without a script, beside the doors of every section.

use axum::extract::{Extension, Path, State};
use axum::response::Response;
use domain::ids::record_id;

use crate::asked::{Asked, Server, User};
use crate::doors::{respond, see};
use crate::refusal::Refusal;

/// `POST /mentions/17`: it was read.
pub async fn seen(
    State(server): State<Server>,
    Extension(user): Extension<User>,
    Path(note): Path<String>,
) -> Response {
    let asked = Asked::new(server, user);
    let seen = async {
        super::load::mention_seen(&asked, record_id(&note).ok_or(Refusal::NotFound)?).await?;
        Ok(see("/mentions"))
    };
    respond(seen.await)
}
