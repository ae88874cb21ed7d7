//! The SQL of what a user has chosen.

use std::collections::BTreeMap;

use domain::fields::{Registry, SectionSpec};
use domain::ids::{FieldKey, SectionKey, UserId};
use domain::limits::{SECTIONS_MAX, SESSIONS_SHOWN_MAX};
use domain::list::Shown;
use domain::words::Lang;
use store::idempotency::{Sent, once};
use store::{Conn, Error, Row, values};

use crate::appearance::{Theme, UserView};
use crate::asked::Asked;
use crate::users::attempts::{self, Try};
use crate::users::queries::is_still_right;

/// Every section as the user looks at it.
pub async fn user_views(
    conn: &mut Conn,
    user: UserId,
    registry: &Registry,
) -> Result<BTreeMap<SectionKey, UserView>, Error> {
    let rows = conn
        .all(
            "SELECT section, columns, dense, pinned FROM user_view WHERE user_id = $1 ORDER BY section LIMIT $2",
            values![user, 2 * SECTIONS_MAX as i64],
        )
        .await?;
    let mut views = BTreeMap::new();
    for row in rows {
        let key: String = row.get("section")?;
        if let Some(section) = registry.sections.iter().find(|section| section.key.as_str() == key) {
            views.insert(section.key.clone(), read(&row, section)?);
        }
    }
    Ok(views)
}

pub async fn user_view(conn: &mut Conn, user: UserId, section: &SectionSpec) -> Result<UserView, Error> {
    let row = conn
        .optional(
            "SELECT columns, dense, pinned FROM user_view WHERE user_id = $1 AND section = $2",
            values![user, section.key.as_str()],
        )
        .await?;
    row.map_or(Ok(UserView::default()), |row| read(&row, section))
}

fn read(row: &Row, section: &SectionSpec) -> Result<UserView, Error> {
    let columns: Option<String> = row.get("columns")?;
    let pinned: Option<String> = row.get("pinned")?;
    Ok(UserView {
        columns: columns.map(|text| Shown::parse_all(section, &text).0).filter(|columns| !columns.is_empty()),
        dense: row.get("dense")?,
        pinned: pinned.map(|text| {
            text.split(',').filter_map(|name| section.listed_field(name)).map(|field| field.key.clone()).collect()
        }),
    })
}

pub async fn remember_view(
    asked: &Asked,
    sent: Option<Sent>,
    section: &SectionSpec,
    view: UserView,
) -> Result<(), Error> {
    let user = asked.user.id;
    let section = section.key.to_string();
    let columns = view.columns.map(|columns| Shown::print_all(&columns));
    let pinned = view.pinned.map(|keys| keys.iter().map(FieldKey::as_str).collect::<Vec<_>>().join(","));
    once(&asked.server.db, user, asked.now, sent, move |conn| {
        let (section, columns, pinned) = (section.clone(), columns.clone(), pinned.clone());
        Box::pin(async move {
            conn.execute(
                "INSERT INTO user_view (user_id, section, columns, dense, pinned) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (user_id, section) DO UPDATE SET columns = $3, dense = $4, pinned = $5",
                values![user, section, columns, view.dense, pinned],
            )
            .await?;
            Ok(())
        })
    })
    .await
}

/// The language, the look and the zone of a user.
pub async fn set_look(asked: &Asked, sent: Option<Sent>, lang: Lang, theme: Theme, zone: String) -> Result<(), Error> {
    let user = asked.user.id;
    once(&asked.server.db, user, asked.now, sent, move |conn| {
        let zone = zone.clone();
        Box::pin(async move {
            conn.execute(
                "UPDATE users SET language = $2, theme = $3, zone = $4 WHERE id = $1",
                values![user, lang.as_str(), theme.as_str(), zone],
            )
            .await?;
            Ok(())
        })
    })
    .await
}

/// Gives the user a new password; every session but this one ends. False when it is not the `known` one any more.
pub async fn set_password(
    asked: &Asked,
    sent: Option<Sent>,
    attempt: Try,
    known: String,
    hash: String,
) -> Result<bool, Error> {
    let (user, session, now) = (asked.user.id, asked.user.session.clone(), asked.now);
    once(&asked.server.db, user, now, sent, move |conn| {
        let (known, hash, session, attempt) = (known.clone(), hash.clone(), session.clone(), attempt.clone());
        Box::pin(async move {
            if !is_still_right(conn, user, &known).await? {
                return Ok(false);
            }
            attempts::forgive(conn, user, &attempt, now).await?;
            conn.execute("UPDATE users SET password_hash = $2 WHERE id = $1", values![user, hash]).await?;
            conn.execute("DELETE FROM session WHERE user_id = $1 AND token_hash <> $2", values![user, session]).await?;
            Ok(true)
        })
    })
    .await
}

/// A place where the user is signed in.
pub struct Session {
    /// The beginning of its hash: enough to end it, too little to take it over.
    pub id: String,
    pub agent: String,
    /// Milliseconds since 1970-01-01T00:00Z.
    pub created: i64,
    pub seen: i64,
    pub is_this: bool,
}

const ID_CHARS: usize = 16;

pub async fn sessions(conn: &mut Conn, user: UserId, this: &str) -> Result<Vec<Session>, Error> {
    let rows = conn
        .all(
            "SELECT token_hash, agent, created, seen FROM session WHERE user_id = $1 ORDER BY seen DESC LIMIT $2",
            values![user, SESSIONS_SHOWN_MAX as i64],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let hash: String = row.get("token_hash")?;
            Ok(Session {
                is_this: hash == this,
                id: hash.chars().take(ID_CHARS).collect(),
                agent: row.get("agent")?,
                created: row.get("created")?,
                seen: row.get("seen")?,
            })
        })
        .collect()
}

/// Ends one session of the user, or all but this one.
pub async fn end_sessions(asked: &Asked, sent: Option<Sent>, only: Option<String>) -> Result<(), Error> {
    let (user, this) = (asked.user.id, asked.user.session.clone());
    once(&asked.server.db, user, asked.now, sent, move |conn| {
        let (this, only) = (this.clone(), only.clone());
        Box::pin(async move {
            match only {
                Some(id) => {
                    let sql = "DELETE FROM session WHERE user_id = $1 AND token_hash <> $2 AND substr(token_hash, 1, 16) = $3";
                    conn.execute(sql, values![user, this, id]).await?
                }
                None => {
                    let sql = "DELETE FROM session WHERE user_id = $1 AND token_hash <> $2";
                    conn.execute(sql, values![user, this]).await?
                }
            };
            Ok(())
        })
    })
    .await
}
