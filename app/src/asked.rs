//! What is known of a request: who asks, when, and of which base.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::request::Parts;
use domain::fields::{Registry, Section};
use domain::ids::UserId;
use domain::rights::{Actor, Limits, Role};
use domain::words::Lang;
use jiff::tz::TimeZone;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use store::Db;
use store::idempotency::Sent;
use store::write::Context;

use crate::appearance::Theme;
use crate::lifecycle::{Lifecycle, Runner};
use crate::outside::Outside;
use crate::reader::Reader;
use crate::refusal::Refusal;
use crate::registry::LiveRegistry;
use crate::section_code::SectionCode;

/// What the server is made of.
#[derive(Clone)]
pub struct Server {
    pub db: Db,
    pub registry: LiveRegistry,
    /// Milliseconds since 1970-01-01T00:00Z.
    pub clock: fn() -> i64,
    pub runner: Runner,
    pub lifecycle: Lifecycle,
    pub outside: Arc<Outside>,
    /// What sections add to their declarations.
    pub code: &'static [SectionCode],
}

impl Server {
    /// Refuses sections of which nobody could say whose their records are.
    pub fn new(
        db: Db,
        registry: Registry,
        code: &'static [SectionCode],
        clock: fn() -> i64,
    ) -> Result<Self, store::Error> {
        if let Some(section) = registry.circle().or(registry.feeding_circle()) {
            return Err(store::Error::Circle(section.clone()));
        }
        let (registry, runner, lifecycle) = (LiveRegistry::new(registry), Runner::new()?, Lifecycle::default());
        Ok(Self { db, registry, clock, runner, lifecycle, outside: Arc::default(), code })
    }
}

impl axum::extract::FromRef<Server> for Arc<Outside> {
    fn from_ref(server: &Server) -> Self {
        server.outside.clone()
    }
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
    pub reader: Reader,
    /// SHA-256 of what was sent, as `Digest`.
    digest: String,
}

/// The SHA-256 of a request's address and body, as it came.
#[derive(Clone, Debug)]
pub struct Digest(pub String);

/// The request of a door: who may not be here has been turned away before.
impl axum::extract::FromRequestParts<Server> for Asked {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, StatusCode> {
        let user = parts.extensions.get::<User>().cloned().ok_or(StatusCode::UNAUTHORIZED)?;
        Ok(Self::new(server.clone(), user, parts.extensions.get()))
    }
}

impl Asked {
    /// `digest` of what a page only shows is `None`.
    pub fn new(server: Server, user: User, digest: Option<&Digest>) -> Self {
        let (now, sees) = ((server.clock)(), user.sees.clone());
        let reader = Reader { id: user.id, lang: user.lang, zone: user.zone.clone(), now, sees };
        Self { server, user, reader, digest: digest.map(|digest| digest.0.clone()).unwrap_or_default() }
    }

    /// The request that the current server function or page belongs to.
    pub fn here() -> Result<Self, Refusal> {
        let server = use_context::<Server>().ok_or(Refusal::Failed)?;
        let user = use_context::<User>().ok_or(Refusal::SignIn)?;
        let parts = use_context::<Parts>().ok_or(Refusal::Failed)?;
        Ok(Self::new(server, user, parts.extensions.get()))
    }

    pub fn actor(&self) -> Actor {
        self.user.actor()
    }

    pub fn section(&self, key: &str) -> Result<&Section, Refusal> {
        let found = self.sees.sections.iter().find(|section| section.key.as_str() == key);
        if let Some(section) = found {
            tracing::Span::current().record("section", section.key.as_str());
        }
        found.ok_or(Refusal::NotFound)
    }

    /// A section that has lists: an inner one is shown on the cards of others only.
    pub fn listed(&self, key: &str) -> Result<&Section, Refusal> {
        self.section(key).and_then(|section| if section.inner { Err(Refusal::NotFound) } else { Ok(section) })
    }

    /// Sections and fields as they are now: they were changed after this request had begun.
    pub async fn look_again(&mut self) -> Result<(), Refusal> {
        self.server.registry.forget();
        let mut conn = self.server.db.read().await?;
        self.reader.sees = self.server.registry.cut(&mut conn, &self.actor()).await?;
        Ok(())
    }

    /// The context of a write that this request makes.
    pub fn write(&self, source: domain::change::Source, key: &str) -> Result<Context, Refusal> {
        let op = store::draft::random_id()?;
        tracing::Span::current().record("operation", op.as_str());
        Ok(Context {
            actor: self.actor(),
            now: self.now,
            source,
            op,
            sent: self.sent(key)?,
            registry: self.sees.clone(),
        })
    }

    /// What was sent, with the key that its page gave it; `None` without a key.
    pub fn sent(&self, key: &str) -> Result<Option<Sent>, Refusal> {
        if key.chars().count() > domain::limits::IDEMPOTENCY_KEY_CHARS_MAX || key.chars().any(char::is_control) {
            return Err(Refusal::bad_request("key", ""));
        }
        Ok((!key.is_empty()).then(|| Sent { key: key.to_string(), digest: self.digest.clone() }))
    }
}

impl std::ops::Deref for Asked {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
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
        Refusal::BadRequest { .. } => StatusCode::BAD_REQUEST,
        Refusal::Problems(_) | Refusal::Declaration(_) | Refusal::NotUnderstood(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::Clashes(_) | Refusal::InTrash => StatusCode::CONFLICT,
        Refusal::SignIn => StatusCode::UNAUTHORIZED,
        Refusal::Forbidden => StatusCode::FORBIDDEN,
        Refusal::NotFound => StatusCode::NOT_FOUND,
        Refusal::TooSlow | Refusal::Unavailable | Refusal::Unknown => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::NoRoom => StatusCode::INSUFFICIENT_STORAGE,
        Refusal::Failed | Refusal::Unreachable => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
