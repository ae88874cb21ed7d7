//! The registry as it stands: read anew within a second of a change, by whichever process it was made.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use domain::fields::Registry;
use domain::ids::UserId;
use domain::rights::{Actor, Limits};
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
    /// As readers see it: those who see the same share it.
    cuts: Arc<Mutex<HashMap<Reader, Arc<Registry>>>>,
}

/// What a cut depends on: the limits, and who it is where only own records are seen.
type Reader = (Option<UserId>, Limits);

/// More than a business has people with limits of their own.
const CUTS_MAX: usize = 1000;

impl LiveRegistry {
    pub fn new(built_in: Registry) -> Self {
        Self { built_in: Arc::new(built_in), known: Arc::default() }
    }

    /// The registry; the database is asked at most twice a second.
    async fn get(&self, conn: &mut Conn) -> Result<Known, Error> {
        let known = self.known.read().ok().and_then(|known| known.clone());
        if let Some(known) = known {
            if known.looked.elapsed() < LOOK_EVERY {
                return Ok(known);
            }
            if registry::version(conn).await? == known.registry.version {
                let known = Known { looked: Instant::now(), ..known };
                self.keep(known.clone());
                return Ok(known);
            }
        }
        let registry = Arc::new(registry::load(conn, &self.built_in).await?);
        let known = Known { looked: Instant::now(), registry, cuts: Arc::default() };
        self.keep(known.clone());
        Ok(known)
    }

    /// The system as this actor may see it now.
    pub async fn cut(&self, conn: &mut Conn, actor: &Actor) -> Result<Arc<Registry>, Error> {
        let known = self.get(conn).await?;
        let reader = (actor.limits.own_records_only.then_some(actor.id), actor.limits.clone());
        let Ok(mut cuts) = known.cuts.lock() else { return Ok(Arc::new(known.registry.cut(actor))) };
        if let Some(cut) = cuts.get(&reader) {
            return Ok(cut.clone());
        }
        if cuts.len() >= CUTS_MAX {
            cuts.clear();
        }
        let cut = Arc::new(known.registry.cut(actor));
        cuts.insert(reader, cut.clone());
        Ok(cut)
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
