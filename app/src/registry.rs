//! The registry as it stands: read anew within a second of a change, by whichever process it was made.

use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use domain::fields::Registry;
use store::{Conn, Error, registry};

const LOOK_EVERY: Duration = Duration::from_millis(500);

#[derive(Clone)]
pub struct LiveRegistry {
    built_in: Arc<Registry>,
    known: Arc<RwLock<Option<Known>>>,
}

#[derive(Clone)]
struct Known {
    looked: Instant,
    registry: Arc<Registry>,
}

impl LiveRegistry {
    pub fn new(built_in: Registry) -> Self {
        Self { built_in: Arc::new(built_in), known: Arc::default() }
    }

    /// The registry; the database is asked at most twice a second.
    pub async fn get(&self, conn: &mut Conn) -> Result<Arc<Registry>, Error> {
        let known = self.known.read().ok().and_then(|known| known.clone());
        if let Some(known) = &known {
            if known.looked.elapsed() < LOOK_EVERY {
                return Ok(known.registry.clone());
            }
            if registry::version(conn).await? == known.registry.version {
                self.keep(Known { looked: Instant::now(), ..known.clone() });
                return Ok(known.registry.clone());
            }
        }
        let registry = Arc::new(registry::load(conn, &self.built_in).await?);
        self.keep(Known { looked: Instant::now(), registry: registry.clone() });
        Ok(registry)
    }

    /// After a change of our own: the next look reads it anew.
    pub fn forget(&self) {
        if let Ok(mut known) = self.known.write() {
            *known = None;
        }
    }

    fn keep(&self, fresh: Known) {
        if let Ok(mut known) = self.known.write()
            && known.as_ref().is_none_or(|known| known.registry.version <= fresh.registry.version)
        {
            *known = Some(fresh);
        }
    }
}
