//! Where the user is signed in.

use domain::words::{exact, near};

use super::queries;
use super::view::SessionView;
use crate::asked::Asked;
use crate::refusal::Refusal;

pub async fn sessions() -> Result<Vec<SessionView>, Refusal> {
    let asked = Asked::here()?;
    let mut conn = asked.server.db.read().await?;
    let found = queries::sessions(&mut conn, asked.user.id, &asked.user.session).await?;
    let view = |session: queries::Session| {
        let seen = asked.moment(session.seen);
        SessionView {
            id: session.id,
            agent: session.agent,
            seen: near(seen, asked.now_moment(), asked.lang),
            exact: exact(seen, asked.lang),
            is_this: session.is_this,
        }
    };
    Ok(found.into_iter().map(view).collect())
}
