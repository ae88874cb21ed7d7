//! What forms of the stream post to without a script, beside the doors of every section.

use axum::extract::Path;
use axum::response::Response;
use domain::ids::record_id;

use crate::asked::Asked;
use crate::doors::{respond, see};
use crate::refusal::Refusal;

/// `POST /mentions/17`: it was read.
pub async fn seen(asked: Asked, Path(note): Path<String>) -> Response {
    let seen = async {
        super::mentioned::see(&asked, record_id(&note).ok_or(Refusal::NotFound)?).await?;
        Ok(see("/mentions"))
    };
    respond(seen.await)
}
