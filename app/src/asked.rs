//! What is known of a request: who asks, when, and of which base.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use domain::fields::{Registry, Section};
use domain::ids::{SectionKey, UserId};
use domain::moment::{Date, Moment};
use domain::rights::{Actor, Limits, Role};
use domain::words::Lang;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use store::Db;
use store::write::Context;

use crate::bulk::api::Progress;
use crate::refusal::Refusal;
use crate::registry::LiveRegistry;
use crate::settings::{Theme, UserView};
use crate::today::api::Counters;
use crate::ui::Person;

/// What the server is made of.
#[derive(Clone)]
pub struct Server {
    pub db: Db,
    pub registry: LiveRegistry,
    /// Milliseconds since 1970-01-01T00:00Z.
    pub clock: fn() -> i64,
}

/// The employee who is signed in.
#[derive(Clone, Debug)]
pub struct User {
    pub id: UserId,
    pub login: String,
    pub name: String,
    pub role: Role,
    pub lang: Lang,
    pub zone: TimeZone,
    /// As tzdata calls it.
    pub zone_name: String,
    pub theme: Theme,
    /// The hash of the session's token.
    pub session: String,
    pub limits: Limits,
    /// The system as this user may see it.
    pub sees: Arc<Registry>,
    /// What a page needs from its beginning; empty for what is no page.
    pub views: BTreeMap<SectionKey, UserView>,
    pub people: Vec<Person>,
    pub job: Option<Progress>,
    pub counters: Counters,
}

impl User {
    pub fn actor(&self) -> Actor {
        Actor { id: self.id, role: self.role, limits: self.limits.clone() }
    }
}

/// A request of a signed-in user.
#[derive(Clone)]
pub struct Asked {
    pub server: Server,
    pub user: User,
    /// One instant for the whole request.
    pub now: i64,
}

impl Asked {
    pub fn new(server: Server, user: User) -> Self {
        let now = (server.clock)();
        Self { server, user, now }
    }

    /// The request that the current server function or page belongs to.
    pub fn here() -> Result<Self, Refusal> {
        let server = use_context::<Server>().ok_or(Refusal::Failed)?;
        let user = use_context::<User>().ok_or(Refusal::SignIn)?;
        Ok(Self::new(server, user))
    }

    pub fn actor(&self) -> Actor {
        self.user.actor()
    }

    pub fn section(&self, key: &str) -> Result<&Section, Refusal> {
        self.user.sees.sections.iter().find(|section| section.key.as_str() == key).ok_or(Refusal::NotFound)
    }

    /// Sections and fields as they are now: they were changed after this request had begun.
    pub async fn look_again(&mut self) -> Result<(), Refusal> {
        self.server.registry.forget();
        let mut conn = self.server.db.read().await?;
        self.user.sees = Arc::new(self.server.registry.get(&mut conn).await?.cut(&self.actor()));
        Ok(())
    }

    /// The context of a write that this request makes.
    pub fn write(&self, source: domain::change::Source, key: Option<String>) -> Result<Context, Refusal> {
        let key = key.filter(|key| !key.is_empty());
        let odd = |key: &String| {
            key.chars().count() > domain::limits::IDEMPOTENCY_KEY_CHARS_MAX || key.chars().any(char::is_control)
        };
        if key.as_ref().is_some_and(odd) {
            return Err(Refusal::Problems(Vec::new()));
        }
        Ok(Context {
            actor: self.actor(),
            now: self.now,
            source,
            op: store::draft::random_id()?,
            key,
            registry: self.user.sees.version,
            undoes: None,
        })
    }

    pub fn moment(&self, utc_ms: i64) -> Moment {
        let seconds = Timestamp::from_millisecond(utc_ms)
            .map(|instant| self.user.zone.to_offset(instant).seconds())
            .unwrap_or_default();
        Moment { utc_ms, offset_min: seconds / 60 }
    }

    pub fn now_moment(&self) -> Moment {
        self.moment(self.now)
    }

    /// Who reads a list, and when. `midnight` is `asked.midnight`.
    pub fn reader<'a>(&self, midnight: &'a (dyn Fn(Date) -> i64 + Send + Sync)) -> store::list::Reader<'a> {
        store::list::Reader {
            user: self.user.id,
            lang: self.user.lang,
            now: self.now,
            today: self.now_moment().date(),
            filter_first_rows_max: domain::limits::FILTER_FIRST_ROWS_MAX,
            midnight,
        }
    }

    /// The instant at which a day begins where the user is.
    pub fn midnight(&self, date: Date) -> i64 {
        let midnight = || {
            let date = jiff::civil::Date::new(date.year as i16, date.month as i8, date.day as i8).ok()?;
            date.to_zoned_datetime(self.user.zone.clone()).ok()
        };
        midnight().map_or(date.days() * domain::moment::DAY_MS, |zoned| zoned.timestamp().as_millisecond())
    }
}

/// Gives the answer with the status that belongs to it.
pub fn answer<T>(result: Result<T, Refusal>) -> Result<T, Refusal> {
    if let Err(refusal) = &result
        && let Some(options) = use_context::<ResponseOptions>()
    {
        options.set_status(status(refusal));
    }
    result
}

pub fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::Problems(_) | Refusal::Declaration(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::Clashes(_) | Refusal::InTrash => StatusCode::CONFLICT,
        Refusal::SignIn => StatusCode::UNAUTHORIZED,
        Refusal::Forbidden => StatusCode::FORBIDDEN,
        Refusal::NotFound => StatusCode::NOT_FOUND,
        Refusal::TooSlow => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::Failed | Refusal::Unreachable => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
