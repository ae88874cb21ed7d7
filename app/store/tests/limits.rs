//! No statement runs for ever, and a base that is not ready says so.

use std::time::Duration;

use domain::limits::LIST_QUERY_MS_MAX;
use store::testing::both;
use store::{Conn, Db, Error, values};

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_runs_too_long_is_stopped_and_the_connection_lives_on() {
    for base in both().await {
        let mut conn = base.db.read().await.expect("a connection");
        let endless = match conn {
            Conn::PostgresRead(_) | Conn::PostgresWrite(_) => "SELECT COUNT(pg_sleep(60)) AS found",
            Conn::SqliteRead(_) | Conn::SqliteWrite(_) => {
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(i) AS found FROM n"
            }
        };
        // Far sooner than it would end.
        let limit = Duration::from_millis(3 * LIST_QUERY_MS_MAX);
        let answer = tokio::time::timeout(limit, conn.one(endless, values![])).await.expect("it is stopped in time");
        let stopped = answer.err().expect("it is stopped");
        assert!(stopped.is_stopped(), "{stopped}");
        drop(conn);
        let mut conn = base.db.read().await.expect("a connection");
        let row = conn.one("SELECT COUNT(id) AS found FROM users", values![]).await.expect("the next one runs");
        assert_eq!(row.get::<i64>("found").expect("a number"), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_fails_leaves_nothing() {
    for base in both().await {
        let failed: Result<(), Error> = base
            .db
            .write(|conn| {
                Box::pin(async move {
                    conn.execute("INSERT INTO counter (section, next) VALUES ('x', 2)", values![]).await?;
                    Err(Error::Interrupted)
                })
            })
            .await;
        assert!(matches!(failed, Err(Error::Interrupted)));
        let mut conn = base.db.read().await.expect("a connection");
        assert!(conn.optional("SELECT next FROM counter", values![]).await.expect("an answer").is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_opened_names_the_command() {
    let dir = tempfile::tempdir().expect("a folder");
    let none = format!("sqlite:{}", dir.path().join("none.db").display());
    assert!(matches!(Db::connect(&none).await, Err(Error::NoFile(_))));
    assert!(matches!(Db::connect("mysql://x").await, Err(Error::UnknownAddress)));
    for base in both().await {
        base.db
            .write(|conn| {
                Box::pin(async move {
                    conn.execute("DELETE FROM _sqlx_migrations", values![]).await?;
                    Ok::<_, Error>(())
                })
            })
            .await
            .expect("an older base");
        let refused = Db::connect(&base.address).await.expect_err("not migrated");
        assert!(refused.to_string().contains("klientura migrate"), "{refused}");
    }
}

/// What a planner believes of a table that was empty once makes it scan the table when it is full.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_noted_of_an_empty_table() {
    for base in both().await {
        let known = match &base.db {
            Db::Sqlite { .. } => "SELECT COUNT(stat) AS found FROM sqlite_stat1 WHERE tbl = 'notes'",
            Db::Postgres { .. } => {
                "SELECT COUNT(oid) AS found FROM pg_class WHERE relname = 'notes' AND reltuples >= 0"
            }
        };
        let known = async || {
            let mut conn = base.db.read().await.expect("a connection");
            conn.one(known, values![]).await.expect("a count").get::<i64>("found").expect("a number") > 0
        };
        assert!(!known().await, "{}", base.address);
        let filled = base.db.write(|conn| {
            Box::pin(async move {
                conn.execute(
                    "INSERT INTO users (login, name, role, created) VALUES ('a', 'A', 'manager', 1)",
                    values![],
                )
                .await?;
                conn.execute(
                    "INSERT INTO clients (id, version, created, created_by, updated) VALUES (1, 1, 1, 1, 1)",
                    values![],
                )
                .await?;
                conn.execute(
                    "INSERT INTO notes (id, version, client, kind, at, created, created_by, updated) \
                     VALUES (1, 1, 1, 1, 1, 1, 1, 1)",
                    values![],
                )
                .await?;
                Ok::<_, Error>(())
            })
        });
        filled.await.expect("a note");
        base.db.analyze().await.expect("statistics");
        assert!(known().await, "{}", base.address);
    }
}
