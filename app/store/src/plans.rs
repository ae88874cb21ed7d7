//! What statements cost on a large base, while somebody listens: each is run once more before it runs, its rows are
//! counted by the database itself, and what goes over too many is noted. What it wrote is taken back.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use sea_query::Values;
use sea_query_sqlx::SqlxValues;
use serde_json::Value as Json;
use sqlx::{AssertSqlSafe, Row as _};

use crate::dialect::Dialect;

/// PostgreSQL: rows that one step of a plan may touch, and rows that may be sorted. A list counts to 10 000.
const ROWS_MAX: f64 = 50_000.0;
const SORTED_MAX: f64 = 5_001.0;
/// SQLite counts steps of its machine; a row of a simple scan takes at least three of them.
const STEPS_MAX: u64 = 17 * 25_000;
const STEPS_AT_ONCE: i32 = 1_000;
/// A statement is weighed with so many different values.
const SAMPLES: usize = 6;

/// A statement that goes over too many rows.
#[derive(Clone, Debug)]
pub struct Fault {
    /// What was asked of the server when it ran.
    pub asked: String,
    pub sql: String,
    pub why: String,
}

#[derive(Default)]
struct Heard {
    asked: String,
    weighed: BTreeMap<String, Vec<String>>,
    faults: Vec<Fault>,
}

/// Of SQLite and of PostgreSQL: a test of each may listen at the same time.
static HEARD: [Mutex<Option<Heard>>; 2] = [Mutex::new(None), Mutex::new(None)];

fn heard<T>(dialect: Dialect, with: impl FnOnce(&mut Option<Heard>) -> T) -> T {
    let place = match dialect {
        Dialect::Sqlite => 0,
        Dialect::Postgres => 1,
    };
    with(&mut HEARD[place].lock().unwrap_or_else(std::sync::PoisonError::into_inner))
}

/// Begins to weigh all that runs on this database.
pub fn listen(dialect: Dialect) {
    heard(dialect, |heard| *heard = Some(Heard::default()));
}

/// Says what the statements that come now are for.
pub fn ask(dialect: Dialect, what: &str) {
    heard(dialect, |heard| {
        if let Some(heard) = heard {
            heard.asked = what.to_string();
        }
    });
}

/// Ends it; gives how many statements there were, and the faults.
pub fn end(dialect: Dialect) -> (usize, Vec<Fault>) {
    heard(dialect, Option::take).map_or((0, Vec::new()), |heard| (heard.weighed.len(), heard.faults))
}

/// Whether this statement was not weighed often enough yet.
fn is_wanted(dialect: Dialect, sql: &str, values: &Values) -> bool {
    heard(dialect, |heard| {
        let Some(heard) = heard else { return false };
        let samples = heard.weighed.entry(sql.to_string()).or_default();
        let values = format!("{values:?}");
        let wanted = samples.len() < SAMPLES && !samples.contains(&values);
        if wanted {
            samples.push(values);
        }
        wanted
    })
}

fn is_weighed(dialect: Dialect, sql: &str, values: &Values) -> bool {
    let is_query = ["SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH"].iter().any(|word| sql.starts_with(word));
    is_query && is_wanted(dialect, sql, values)
}

fn count(dialect: Dialect, sql: &str, values: &Values, why: Option<String>) {
    let Some(why) = why else { return };
    heard(dialect, |heard| {
        if let Some(heard) = heard {
            let asked = heard.asked.clone();
            heard.faults.push(Fault { asked, sql: sql.to_string(), why: format!("{why}\n{values:?}") });
        }
    });
}

/// `writes` says whether the connection may: what the statement did is taken back.
pub(crate) async fn weigh_sqlite(conn: &mut sqlx::SqliteConnection, writes: bool, sql: &str, values: &Values) {
    if !is_weighed(Dialect::Sqlite, sql, values) {
        return;
    }
    if writes {
        let _ = sqlx::query("SAVEPOINT weighed").execute(&mut *conn).await;
    }
    let why = steps(conn, sql, values).await;
    if writes {
        let _ = sqlx::raw_sql("ROLLBACK TO weighed; RELEASE weighed").execute(conn).await;
    }
    count(Dialect::Sqlite, sql, values, why);
}

/// The same of PostgreSQL.
pub(crate) async fn weigh_postgres(conn: &mut sqlx::PgConnection, writes: bool, sql: &str, values: &Values) {
    if !is_weighed(Dialect::Postgres, sql, values) {
        return;
    }
    if writes {
        let _ = sqlx::query("SAVEPOINT weighed").execute(&mut *conn).await;
    }
    let why = rows(conn, sql, values).await;
    if writes {
        let _ = sqlx::raw_sql("ROLLBACK TO SAVEPOINT weighed; RELEASE SAVEPOINT weighed").execute(conn).await;
    }
    count(Dialect::Postgres, sql, values, why);
}

async fn steps(conn: &mut sqlx::SqliteConnection, sql: &str, values: &Values) -> Option<String> {
    let count = Arc::new(AtomicU64::new(0));
    let counted = count.clone();
    conn.lock_handle().await.ok()?.set_progress_handler(STEPS_AT_ONCE, move || {
        counted.fetch_add(STEPS_AT_ONCE as u64, Ordering::Relaxed);
        true
    });
    let sent = || SqlxValues(values.clone());
    let _ = sqlx::query_with(AssertSqlSafe(sql), sent()).persistent(false).fetch_all(&mut *conn).await;
    conn.lock_handle().await.ok()?.remove_progress_handler();
    let steps = count.load(Ordering::Relaxed);
    if steps <= STEPS_MAX {
        return None;
    }
    let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    let plan = sqlx::query_with(explain, sent()).persistent(false).fetch_all(conn).await.ok()?;
    let plan: Vec<String> = plan.iter().filter_map(|row| row.try_get("detail").ok()).collect();
    Some(format!("{steps} steps\n{}", plan.join("\n")))
}

async fn rows(conn: &mut sqlx::PgConnection, sql: &str, values: &Values) -> Option<String> {
    let explain = AssertSqlSafe(format!("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}"));
    let row = sqlx::query_with(explain, SqlxValues(values.clone())).persistent(false).fetch_one(conn).await;
    let plan: String = row.ok()?.try_get_unchecked(0).ok()?;
    let plan: Json = serde_json::from_str(&plan).ok()?;
    let mut lines = Vec::new();
    let is_fault = goes_over(&plan[0]["Plan"], 0, &mut lines);
    is_fault.then(|| lines.join("\n"))
}

/// Writes the plan down; whether one of its steps touches too many rows.
fn goes_over(step: &Json, depth: usize, lines: &mut Vec<String>) -> bool {
    let number = |step: &Json, name: &str| step[name].as_f64().unwrap_or(0.0);
    let name = |name: &str| step[name].as_str().unwrap_or_default();
    let loops = number(step, "Actual Loops");
    // An entry of a bitmap is no row that is read.
    let weight = if name("Node Type") == "Bitmap Index Scan" { 0.1 } else { 1.0 };
    let removed = ["Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter"];
    let touched = weight
        * loops
        * (number(step, "Actual Rows") + removed.map(|removed| number(step, removed)).iter().sum::<f64>());
    let steps = step["Plans"].as_array().map(Vec::as_slice).unwrap_or_default();
    let sorted = match name("Node Type") {
        "Sort" | "Incremental Sort" => {
            steps.iter().map(|step| number(step, "Actual Rows") * number(step, "Actual Loops")).sum()
        }
        _ => 0.0,
    };
    let mut is_fault = touched > ROWS_MAX || sorted > SORTED_MAX;
    let mark = if is_fault { "! " } else { "  " };
    let condition = [name("Index Cond"), name("Filter"), name("Recheck Cond")].join(" ");
    let what = [name("Node Type"), name("Relation Name"), name("Index Name"), condition.trim()].join(" ");
    lines.push(format!("{mark}{}{what}: {touched} rows", "  ".repeat(depth)));
    for step in steps {
        is_fault |= goes_over(step, depth + 1, lines);
    }
    is_fault
}
