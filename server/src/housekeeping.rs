//! What a base forgets by itself: answers of a day ago, and what every reader of the feed has read long since.

use std::time::Duration;

use app::asked::Server;
use store::{feed, idempotency};

const EVERY: Duration = Duration::from_secs(10 * 60);

/// Now and every ten minutes, for as long as the server lives.
pub async fn run_for_ever(server: Server) {
    loop {
        let now = (server.clock)();
        for done in [idempotency::forget_old(&server.db, now).await, feed::forget_old(&server.db, now).await] {
            if let Err(error) = done {
                tracing::warn!(%error, "nothing is forgotten now");
            }
        }
        if !server.lifecycle.pause(EVERY).await {
            return;
        }
    }
}
