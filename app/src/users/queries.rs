//! The SQL of users and sessions.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::ids::UserId;
use domain::limits::{CHOICE_ROWS_MAX, SESSION_MS_MAX, SESSION_TOUCH_MS};
use domain::rights::{Limits, Role};
use domain::words::Lang;
use jiff::tz::TimeZone;
use sea_query::{Alias, Expr, ExprTrait, Order, Query};
use sha2::{Digest, Sha256};
use store::{Conn, Db, Error, Row, values};

use super::attempts::{self, Try};
use crate::appearance::Theme;
use crate::asked::{Server, User};
use crate::ui::Person;

/// An employee's name; who has namesakes is told apart by the login.
macro_rules! shown {
    () => {
        "CASE WHEN EXISTS (SELECT 1 FROM users AS other WHERE other.name = users.name AND other.id <> users.id) \
         THEN users.name || ' (' || users.login || ')' ELSE users.name END"
    };
}
const SHOWN: &str = shown!();

/// Makes the user, or gives an existing login the new name, role and password.
pub async fn add_user(
    db: &Db,
    login: &str,
    name: &str,
    role: Role,
    password_hash: Option<String>,
    now: i64,
) -> Result<UserId, Error> {
    let (login, name) = (login.to_string(), name.to_string());
    db.write(move |conn| {
        let (login, name, password_hash) = (login.clone(), name.clone(), password_hash.clone());
        Box::pin(async move {
            let row = conn
                .one(
                    "INSERT INTO users (login, name, role, password_hash, created) VALUES ($1, $2, $3, $4, $5) \
                     ON CONFLICT (login) DO UPDATE SET name = $2, role = $3, password_hash = $4, gone = NULL RETURNING id",
                    values![login, name, role.as_str(), password_hash, now],
                )
                .await?;
            let id = row.get("id")?;
            // Whoever was signed in with the old password is not any more.
            conn.execute("DELETE FROM session WHERE user_id = $1", values![id]).await?;
            Ok(id)
        })
    })
    .await
}

/// Employees of a demonstration base, who cannot sign in; gives everybody that clients are divided among.
pub async fn demo_employees(db: &Db, employees: &'static [(&str, &str)], now: i64) -> Result<Vec<UserId>, Error> {
    db.write(move |conn| {
        Box::pin(async move {
            for (login, name) in employees {
                conn.execute(
                    "INSERT INTO users (login, name, role, created) VALUES ($1, $2, 'manager', $3) ON CONFLICT DO NOTHING",
                    values![*login, *name, now],
                )
                .await?;
            }
            let rows = conn.all("SELECT id FROM users ORDER BY id LIMIT 100", values![]).await?;
            rows.iter().map(|row| row.get("id")).collect()
        })
    })
    .await
}

/// An employee as a text may mention one.
pub struct Named {
    pub id: UserId,
    /// As it is shown: namesakes with their logins.
    pub shown: String,
    pub name: String,
    pub has_left: bool,
}

/// Employees of these names, or of these names with their logins.
pub async fn named(conn: &mut Conn, names: &[String]) -> Result<Vec<Named>, Error> {
    // What stands in brackets may be a login, or a part of the name.
    let bare = names.iter().filter_map(|name| Some(name.split_once(" (")?.0));
    let names = names.iter().map(String::as_str).chain(bare);
    let mut statement = Query::select();
    statement
        .columns(["id", "name", "gone"].map(Alias::new))
        .expr_as(Expr::cust(SHOWN), Alias::new("shown"))
        .from(Alias::new("users"))
        .and_where(Expr::col(Alias::new("name")).is_in(names))
        .order_by(Alias::new("id"), Order::Asc)
        .limit(CHOICE_ROWS_MAX as u64);
    let rows = conn.select(&statement).await?;
    let named = |row: &Row| {
        let has_left = row.get::<Option<i64>>("gone")?.is_some();
        Ok(Named { id: row.get("id")?, shown: row.get("shown")?, name: row.get("name")?, has_left })
    };
    rows.iter().map(named).collect()
}

/// Notes that an employee has left: nobody is signed in with the account any more.
pub async fn leave(db: &Db, login: &str, now: i64) -> Result<bool, Error> {
    let mut conn = db.read().await?;
    let Some((user, _)) = find_login(&mut conn, login).await? else { return Ok(false) };
    drop(conn);
    db.write(move |conn| {
        Box::pin(async move {
            let left =
                conn.execute("UPDATE users SET gone = $2 WHERE id = $1 AND gone IS NULL", values![user, now]).await?;
            conn.execute("DELETE FROM session WHERE user_id = $1", values![user]).await?;
            Ok(left == 1)
        })
    })
    .await
}

/// The account of a login: id and password hash (`None` for one that cannot sign in). Capitals are as good as small
/// letters; bases from before may have logins that none could be given now.
pub async fn find_login(conn: &mut Conn, login: &str) -> Result<Option<(UserId, Option<String>)>, Error> {
    let folded = domain::login::login(login).unwrap_or_else(|| login.to_string());
    let row = conn
        .optional(
            "SELECT id, password_hash FROM users WHERE login IN ($1, $2) AND gone IS NULL ORDER BY login = $1 DESC LIMIT 1",
            values![login, folded],
        )
        .await?;
    row.map(|row| Ok((row.get("id")?, row.get("password_hash")?))).transpose()
}

/// A sign-in whose password was right a moment ago.
#[derive(Clone)]
pub struct SignIn {
    pub user: UserId,
    /// The hash that the password was right for.
    pub password_hash: String,
    pub attempt: Try,
    pub agent: String,
    /// The sessions that the browser had until now.
    pub before: Vec<String>,
}

/// Opens a session; only the hash of its token is kept. `None` when the account has been closed or given another
/// password meanwhile.
pub async fn open_session(db: &Db, sign_in: SignIn, now: i64) -> Result<Option<String>, Error> {
    let token = format!("{}{}", store::draft::random_id()?, store::draft::random_id()?);
    let (hash, sign_in) = (token_hash(&token), Arc::new(sign_in));
    let opened = db.write(move |conn| {
        let (hash, sign_in) = (hash.clone(), sign_in.clone());
        Box::pin(async move {
            if !is_still_right(conn, sign_in.user, &sign_in.password_hash).await? {
                return Ok::<_, Error>(false);
            }
            conn.execute("DELETE FROM session WHERE seen < $1 OR created < $1", values![now - SESSION_MS_MAX]).await?;
            for token in &sign_in.before {
                conn.execute("DELETE FROM session WHERE token_hash = $1", values![token_hash(token)]).await?;
            }
            attempts::forgive(conn, sign_in.user, &sign_in.attempt, now).await?;
            conn.execute(
                "INSERT INTO session (token_hash, user_id, created, seen, agent) VALUES ($1, $2, $3, $3, $4)",
                values![hash, sign_in.user, now, sign_in.agent.as_str()],
            )
            .await?;
            Ok(true)
        })
    });
    Ok(opened.await?.then_some(token))
}

/// Whether an account is still there with this password; it stays so until the transaction ends.
pub async fn is_still_right(conn: &mut Conn, user: UserId, password_hash: &str) -> Result<bool, Error> {
    let rows = conn
        .execute(
            "UPDATE users SET password_hash = password_hash WHERE id = $1 AND password_hash = $2 AND gone IS NULL",
            values![user, password_hash],
        )
        .await?;
    Ok(rows == 1)
}

pub async fn close_session(db: &Db, token: &str) -> Result<(), Error> {
    let hash = token_hash(token);
    db.write(move |conn| {
        let hash = hash.clone();
        Box::pin(async move {
            conn.execute("DELETE FROM session WHERE token_hash = $1", values![hash]).await?;
            Ok(())
        })
    })
    .await
}

/// The user of a session. Its last use is noted in the background, at most every five minutes.
pub async fn session_user(server: &Server, token: &str) -> Result<Option<User>, Error> {
    let (hash, now) = (token_hash(token), (server.clock)());
    let mut conn = server.db.read().await?;
    let row = conn
        .optional(
            "SELECT users.id, users.login, users.name, users.role, users.language, users.zone, users.theme, users.limits, \
             session.seen \
             FROM session JOIN users ON users.id = session.user_id WHERE token_hash = $1 AND session.seen > $2 \
             AND session.created > $2 AND users.gone IS NULL",
            values![hash.as_str(), now - SESSION_MS_MAX],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    if row.get::<i64>("seen")? < now - SESSION_TOUCH_MS {
        let (db, hash) = (server.db.clone(), hash.clone());
        server.lifecycle.spawn(async move {
            let touched = db.write(move |conn| {
                let hash = hash.clone();
                Box::pin(async move {
                    conn.execute("UPDATE session SET seen = $2 WHERE token_hash = $1", values![hash, now]).await?;
                    Ok::<_, Error>(())
                })
            });
            let _ = touched.await;
        });
    }
    let user = read_user(&row)?;
    Ok(Some(User { session: hash, ..user }))
}

/// An employee by number, who has not left.
pub async fn user(conn: &mut Conn, id: UserId) -> Result<Option<User>, Error> {
    let row = conn
        .optional(
            "SELECT id, login, name, role, language, zone, theme, limits FROM users WHERE id = $1 AND gone IS NULL",
            values![id],
        )
        .await?;
    row.map(|row| read_user(&row)).transpose()
}

fn read_user(row: &Row) -> Result<User, Error> {
    let role: String = row.get("role")?;
    let language: String = row.get("language")?;
    let zone: String = row.get("zone")?;
    let theme: String = row.get("theme")?;
    let limits: Option<String> = row.get("limits")?;
    Ok(User {
        id: row.get("id")?,
        login: row.get("login")?,
        name: row.get("name")?,
        role: Role::parse(&role).ok_or_else(|| Error::Corrupt(format!("role {role}")))?,
        lang: Lang::parse(&language).unwrap_or_default(),
        zone: TimeZone::get(&zone).unwrap_or(TimeZone::UTC),
        zone_name: zone,
        theme: Theme::parse(&theme).unwrap_or_default(),
        session: String::new(),
        // Limits that cannot be read are a fault, never a freedom.
        limits: match limits {
            Some(limits) => serde_json::from_str(&limits).map_err(|_| Error::Corrupt(format!("limits {limits}")))?,
            None => Limits::default(),
        },
        sees: Arc::default(),
    })
}

/// The names of these users, in one query however many there are.
pub async fn people(conn: &mut Conn, ids: &[UserId]) -> Result<BTreeMap<UserId, Person>, Error> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut statement = Query::select();
    statement
        .column(Alias::new("id"))
        .expr_as(Expr::cust(SHOWN), Alias::new("shown"))
        .from(Alias::new("users"))
        .and_where(Expr::col(Alias::new("id")).is_in(ids.iter().copied()));
    let rows = conn.select(&statement).await?;
    rows.iter().map(|row| read_person(row).map(|person| (person.id, person))).collect()
}

/// Employees to choose from, by name.
pub async fn choices(conn: &mut Conn) -> Result<Vec<Person>, Error> {
    let rows = conn
        .all(
            concat!("SELECT id, ", shown!(), " AS shown FROM users WHERE gone IS NULL ORDER BY name, id LIMIT $1"),
            values![CHOICE_ROWS_MAX as i64],
        )
        .await?;
    rows.iter().map(read_person).collect()
}

fn read_person(row: &Row) -> Result<Person, Error> {
    Ok(Person { id: row.get("id")?, name: row.get("shown")? })
}

fn token_hash(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
