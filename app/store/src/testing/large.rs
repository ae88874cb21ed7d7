//! A base in which every section has very many records, made by SQL in seconds: for tests of what statements cost.
//! Its history and what is kept from other records do not hold together; lists, filters and orders are like those of
//! a real one, with values that nearly all have, few have and nobody has.

use domain::fields::{FieldSpec, Kind, Registry, Section, Target};
use domain::moment::DAY_MS;

use crate::db::{Conn, Db, Dialect, Error};
use crate::record::{Storage, storage};
use crate::{search, values};

/// So many different texts there are.
const VARIANTS: i64 = 5_000;
const CHANGES_OF_RECORD: i64 = 2;

/// Every number is that of twenty-odd records.
fn digits(first: i64) -> String {
    format!("CAST({first} + i % {VARIANTS} * 199933 AS TEXT)")
}

/// What a field's column and its key hold in the row `i`.
fn held(field: &FieldSpec, rows: i64, users: i64, now: i64) -> (String, String) {
    let same = |sql: String| (sql.clone(), sql);
    let rules = field.kind.rules();
    match (&field.kind, field.kind.target()) {
        (_, Some(Target::Users)) => same(format!("1 + i % {users}")),
        (kind, Some(Target::Section(_))) if kind.is_references() => same(format!("CAST(1 + i * 31 % {rows} AS TEXT)")),
        (_, Some(Target::Section(_))) => same(format!("1 + i * 31 % {rows}")),
        (Kind::Phone | Kind::Phones, _) => {
            let number = digits(79_000_000_000);
            (format!("'+' || {number}"), number)
        }
        (Kind::Email | Kind::Emails, _) => {
            same(format!("CASE WHEN i % 10 > 0 THEN 'a' || i % {VARIANTS} || '@romashka.ru' END"))
        }
        // Most long ago, some to come, some never.
        (Kind::Instant, _) => same(format!("CASE WHEN i % 20 > 0 THEN {now} - i * 61000 + 3600000 * (i % 97) END")),
        (Kind::YesNo, _) => same("CASE WHEN i % 100 = 0 THEN 1 END".into()),
        (Kind::Choice(choices), _) => {
            let [common, rare] = [0, 1].map(|place| choices.get(place).map_or(1, |choice| choice.id));
            same(format!("CASE WHEN i % 1000 = 0 THEN {rare} WHEN i % 10 > 0 THEN {common} END"))
        }
        _ if rules.counts_days() => same(format!("{} - i % 1000", now / DAY_MS)),
        _ if rules.may_be_doubtful() => same(digits(7_700_000_000)),
        _ => match storage(&field.kind) {
            Storage::Text => same(format!("CASE WHEN i % 10 > 0 THEN 'ооо ромашка ' || i % {VARIANTS} END")),
            Storage::Number(_) => same("CASE WHEN i % 100 = 0 THEN i % 30 + 1 END".into()),
        },
    }
}

/// The records from 1 to `rows` of every section, whose sections are empty, with changes and all that goes along.
pub async fn fill(db: &Db, registry: &Registry, rows: i64, now: i64) {
    let registry = registry.clone();
    db.write(move |conn| {
        let registry = registry.clone();
        Box::pin(async move {
            let users = users(conn).await?;
            for section in &registry.sections {
                records(conn, section, rows, users, now).await?;
            }
            let first = registry.sections.first().map(|section| section.key.to_string()).unwrap_or_default();
            around(conn, &first, rows, users, now).await
        })
    })
    .await
    .expect("a large base");
    db.analyze().await.expect("statistics");
}

fn numbers(rows: i64) -> String {
    format!("WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {rows})")
}

async fn users(conn: &mut Conn) -> Result<i64, Error> {
    conn.define(format!(
        "{} INSERT INTO users (login, name, role, created) SELECT 'user' || i, 'Сотрудник ' || i, 'manager', 0 FROM n",
        numbers(300)
    ))
    .await?;
    conn.one("SELECT MAX(id) AS last FROM users", values![]).await?.get("last")
}

async fn records(conn: &mut Conn, section: &Section, rows: i64, users: i64, now: i64) -> Result<(), Error> {
    let mut columns = vec![("id".to_string(), "i".to_string()), ("version".into(), CHANGES_OF_RECORD.to_string())];
    for field in section.kept().filter(|field| field.column != "id") {
        let (own, key) = held(field, rows, users, now);
        columns.push((field.column.clone(), own));
        if field.key_column() != field.column {
            columns.push((field.key_column(), key));
        }
        if let Some(column) = field.doubt_column() {
            columns.push((column, "CASE WHEN i % 1000 = 0 THEN 1 END".into()));
        }
    }
    // A few are in the trash.
    let trash = "CASE WHEN i % 500 = 0 THEN 1 END";
    columns.extend(["trashed", "trashed_by"].map(|column| (column.to_string(), trash.to_string())));
    let (names, contents): (Vec<String>, Vec<String>) = columns.into_iter().unzip();
    let contents: Vec<String> = names
        .iter()
        .zip(contents)
        // Some columns may not be empty.
        .map(
            |(name, content)| {
                if name == "created" || name == "updated" { format!("COALESCE({content}, 0)") } else { content }
            },
        )
        .collect();
    let (table, key) = (&section.table, section.key.as_str());
    conn.define(format!(
        "{} INSERT INTO {table} ({}) SELECT {} FROM n",
        numbers(rows),
        names.join(", "),
        contents.join(", ")
    ))
    .await?;
    conn.define(format!("INSERT INTO counter (section, next) VALUES ('{key}', {rows} + 1) ON CONFLICT (section) DO UPDATE SET next = {rows} + 1")).await?;
    for field in section.kept().filter(|field| field.kind.is_references()) {
        conn.define(format!(
            "{} INSERT INTO link (section, field, record, target) SELECT '{key}', '{}', i, 1 + i * 31 % {rows} FROM n",
            numbers(rows),
            field.key
        ))
        .await?;
    }
    conn.define(format!(
        "{} INSERT INTO change (op, section, record, version, at, actor, source, act, fields) \
         SELECT '{key}' || i || 'v' || version, '{key}', i, version, {now} - i * 61000, 1 + i % {users}, 'form', \
         CASE version WHEN 1 THEN 'create' ELSE 'update' END, '{{}}' \
         FROM n, (SELECT 1 AS version UNION ALL SELECT 2) AS versions",
        numbers(rows)
    ))
    .await?;
    searched(conn, section).await
}

/// The index of the search: each record is found by one of the texts and one of the numbers.
async fn searched(conn: &mut Conn, section: &Section) -> Result<(), Error> {
    conn.define("CREATE TEMPORARY TABLE phrase (i BIGINT PRIMARY KEY, p TEXT)".into()).await?;
    let variants: Vec<i64> = (0..VARIANTS).collect();
    for some in variants.chunks(500) {
        let rows: Vec<String> = some
            .iter()
            .map(|i| {
                let texts = [
                    format!("ооо ромашка {i}"),
                    format!("a{i}@romashka.ru"),
                    (79_000_000_000 + i * 199_933).to_string(),
                    (7_700_000_000 + i * 199_933).to_string(),
                ];
                format!("({i}, '{}')", search::written(conn.dialect(), &texts))
            })
            .collect();
        conn.define(format!("INSERT INTO phrase (i, p) VALUES {}", rows.join(", "))).await?;
    }
    let (table, index) = (&section.table, search::index(section));
    match conn.dialect() {
        Dialect::Sqlite => {
            conn.define(format!(
                "INSERT INTO {index} (rowid, p) SELECT id, p FROM {table} JOIN phrase ON phrase.i = {table}.id % {VARIANTS}"
            ))
            .await?;
        }
        Dialect::Postgres => {
            conn.define(format!(
                "UPDATE {table} SET pairs = phrase.p::int[] FROM phrase WHERE phrase.i = {table}.id % {VARIANTS}"
            ))
            .await?;
        }
    }
    conn.define("DROP TABLE phrase".into()).await
}

/// What stands beside records: sessions, drafts, keys, operations, the feed.
async fn around(conn: &mut Conn, section: &str, rows: i64, users: i64, now: i64) -> Result<(), Error> {
    let numbers = numbers(rows);
    for sql in [
        format!(
            "INSERT INTO feed (section, record, what, at) SELECT '{section}', i, 'update', {now} - i * 1000 FROM n"
        ),
        format!(
            "INSERT INTO session (token_hash, user_id, created, seen) SELECT 'hash' || i, 1 + i % {users}, {now} - i * 1000, {now} - i * 1000 FROM n"
        ),
        format!(
            "INSERT INTO idempotency (actor, key, request, answer, at) SELECT 1 + i % {users}, 'key' || i, 'request', '{{}}', {now} - i * 500 FROM n"
        ),
        format!(
            "INSERT INTO draft (id, actor, section, record, body, at) SELECT 'draft' || i, 1 + i % {users}, '{section}', i, '{{}}', {now} - i * 500 FROM n"
        ),
        format!("INSERT INTO attempt (subject, tried, since) SELECT 'subject' || i, 1, {now} - i * 5 FROM n"),
        format!(
            "INSERT INTO known_address (user_id, address, at) SELECT 1 + i % {users}, 'address' || i, {now} - i * 1000 FROM n"
        ),
        format!("INSERT INTO mention_seen (user_id, note) SELECT 1 + i % {users}, i FROM n"),
        format!(
            "INSERT INTO operation (id, actor, task, section, state, done, total, at, ended) SELECT 'op' || i, 1 + i % {users}, '{{\"Undo\":{{\"op\":\"none\"}}}}', '{section}', 'done', 1, 1, {now} - i * 61000, {now} - i * 61000 FROM n"
        ),
        format!("INSERT INTO operation_item (op, place, section, record) SELECT 'op' || i, 1, '{section}', i FROM n"),
    ] {
        conn.define(format!("{numbers} {sql}")).await?;
    }
    if conn.dialect() == Dialect::Postgres {
        conn.define("UPDATE feed SET n = seq".into()).await?;
        conn.define("UPDATE feed_head SET next = (SELECT MAX(seq) + 1 FROM feed)".into()).await?;
    }
    Ok(())
}
