//! What a base does by itself: it forgets answers of a day ago and what every reader of the feed has read long since,
//! and keeps what its planner knows up to date.

use std::time::Duration;

use app::asked::Server;
use store::{feed, idempotency};

const EVERY: Duration = Duration::from_secs(10 * 60);

/// Now and every ten minutes, for as long as the server lives.
pub async fn run_for_ever(server: Server) {
    loop {
        once(&server).await;
        if !server.lifecycle.pause(EVERY).await {
            return;
        }
    }
}

pub async fn once(server: &Server) {
    let now = (server.clock)();
    for done in [
        idempotency::forget_old(&server.db, now).await,
        feed::forget_old(&server.db, now).await,
        server.db.keep_statistics().await,
    ] {
        if let Err(error) = done {
            tracing::warn!(%error, "the house is not kept now");
        }
    }
}
