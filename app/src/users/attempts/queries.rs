//! The SQL of passwords that are tried.

use domain::ids::UserId;
use domain::limits::{
    ADDRESS_ATTEMPTS_MAX, KNOWN_ADDRESS_MS_MAX, LOGIN_ATTEMPTS_ELSEWHERE_MAX, LOGIN_ATTEMPTS_MAX, LOGIN_WINDOW_MS,
};
use store::{Conn, Db, Error, values};

/// Who tries, and from where.
#[derive(Clone, Debug)]
pub struct Try {
    pub login: String,
    pub address: String,
}

impl Try {
    fn with_address(&self) -> String {
        format!("{}\n{}", self.address, self.login)
    }

    fn alone(&self) -> String {
        format!("\n{}", self.login)
    }
}

/// Counts a try. How many are left after it; with `None` this one is not looked at.
pub async fn count(db: &Db, attempt: &Try, now: i64) -> Result<Option<i64>, Error> {
    if is_over(db, attempt, now).await? {
        return Ok(None);
    }
    let attempt = attempt.clone();
    db.write(move |conn| {
        let attempt = attempt.clone();
        Box::pin(async move {
            // Also what was noted while the clock was far ahead; those who try at once are a little apart.
            let sql = "DELETE FROM attempt WHERE since <= $1 OR since > $2";
            conn.execute(sql, values![now - LOGIN_WINDOW_MS, now + LOGIN_WINDOW_MS]).await?;
            let mut limits =
                vec![(attempt.address.clone(), ADDRESS_ATTEMPTS_MAX), (attempt.with_address(), LOGIN_ATTEMPTS_MAX)];
            if !is_known(conn, &attempt).await? {
                limits.push((attempt.alone(), LOGIN_ATTEMPTS_ELSEWHERE_MAX));
            }
            let mut left = i64::MAX;
            for (subject, max) in limits {
                let row = conn
                    .one(
                        "INSERT INTO attempt (subject, tried, since) VALUES ($1, 1, $2) \
                         ON CONFLICT (subject) DO UPDATE SET tried = attempt.tried + 1 RETURNING tried",
                        values![subject, now],
                    )
                    .await?;
                left = left.min(max - row.get::<i64>("tried")?);
            }
            Ok((left >= 0).then_some(left))
        })
    })
    .await
}

/// Whether no more are looked at: then nothing is written, as often as somebody tries. Who has just come to a limit
/// is stopped by the count itself.
async fn is_over(db: &Db, attempt: &Try, now: i64) -> Result<bool, Error> {
    let mut conn = db.read().await?;
    let over = "SELECT 1 AS one FROM attempt WHERE subject = $1 AND tried >= $2 AND since > $3 AND since <= $4";
    let mut limits =
        vec![(attempt.address.clone(), ADDRESS_ATTEMPTS_MAX), (attempt.with_address(), LOGIN_ATTEMPTS_MAX)];
    if !is_known(&mut conn, attempt).await? {
        limits.push((attempt.alone(), LOGIN_ATTEMPTS_ELSEWHERE_MAX));
    }
    for (subject, max) in limits {
        let values = values![subject, max, now - LOGIN_WINDOW_MS, now + LOGIN_WINDOW_MS];
        if conn.optional(over, values).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn is_known(conn: &mut Conn, attempt: &Try) -> Result<bool, Error> {
    let row = conn
        .optional(
            "SELECT 1 AS one FROM known_address JOIN users ON users.id = known_address.user_id \
             WHERE users.login = $1 AND known_address.address = $2",
            values![attempt.login.as_str(), attempt.address.as_str()],
        )
        .await?;
    Ok(row.is_some())
}

/// A right password was none of the wrong ones; from here its owner comes.
pub async fn forgive(conn: &mut Conn, user: UserId, attempt: &Try, now: i64) -> Result<(), Error> {
    let alone = if is_known(conn, attempt).await? { None } else { Some(attempt.alone()) };
    for subject in [Some(&attempt.address), alone.as_ref()].into_iter().flatten() {
        conn.execute(
            "UPDATE attempt SET tried = tried - 1 WHERE subject = $1 AND tried > 0",
            values![subject.as_str()],
        )
        .await?;
    }
    conn.execute("DELETE FROM attempt WHERE subject = $1", values![attempt.with_address()]).await?;
    conn.execute("DELETE FROM known_address WHERE at < $1", values![now - KNOWN_ADDRESS_MS_MAX]).await?;
    conn.execute(
        "INSERT INTO known_address (user_id, address, at) VALUES ($1, $2, $3) \
         ON CONFLICT (user_id, address) DO UPDATE SET at = $3",
        values![user, attempt.address.as_str(), now],
    )
    .await?;
    Ok(())
}
