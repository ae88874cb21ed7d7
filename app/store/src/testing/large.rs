//! A base in which every section has very many records, made by SQL in seconds: for tests of what statements cost.
//! Its history and what is kept from other records do not hold together; lists, filters and orders are like those of
//! a real one, with values that nearly all have, few have and nobody has.

use domain::fields::{FieldSpec, Kind, Registry, Section, Target};
use domain::moment::DAY_MS;

use crate::db::{Conn, Db, Dialect, Error};
use crate::storage::{Storage, storage};
use crate::{ddl, search, values};

/// So many different texts there are.
const VARIANTS: i64 = 5_000;
/// The numbers begin with this one and stand so far apart.
const FIRST_NUMBER: i64 = 79_000_000_000;
const APART: i64 = 199_933;
const CHANGES_OF_RECORD: i64 = 2;

/// Every number is that of twenty-odd records.
fn digits() -> String {
    format!("CAST({FIRST_NUMBER} + i % {VARIANTS} * {APART} AS TEXT)")
}

/// What a field's column and its key hold in the row `i`.
fn held(field: &FieldSpec, rows: i64, users: i64, now: i64) -> (String, String) {
    let same = |sql: String| (sql.clone(), sql);
    // Another order of the records for each field, so that no field says what another one holds.
    let salt = field.column.bytes().fold(0i64, |salt, byte| salt * 31 % 9_973 + i64::from(byte));
    let m = format!("((i * 7919 + {salt} * 12345) % {rows} / 12)");
    let rules = field.kind.rules();
    match (&field.kind, field.kind.target()) {
        (_, Some(Target::Users)) => same(format!("1 + {m} % {users}")),
        (kind, Some(Target::Section(_))) if kind.is_references() => same(format!("CAST(1 + i * 31 % {rows} AS TEXT)")),
        (_, Some(Target::Section(_))) => same(format!("1 + {m} * 12")),
        (Kind::Record, _) => same(format!("CASE WHEN {m} % 8 = 0 THEN 's1.' || (1 + {m} * 12) END")),
        (Kind::Phone | Kind::Phones, _) => {
            let number = digits();
            (format!("'+' || {number}"), number)
        }
        (Kind::Email | Kind::Emails, _) => {
            same(format!("CASE WHEN {m} % 10 > 0 THEN 'a' || (i % {VARIANTS}) || '@romashka.ru' END"))
        }
        // Most long ago, some to come, some never.
        (Kind::Instant, _) if field.stamp_on_create().is_some() => same(format!("{now} - ({rows} - i) * 61000")),
        (Kind::Instant, _) => {
            same(format!("CASE WHEN {m} % 20 > 0 THEN {now} - {m} * 732000 + 3600000 * (i % 97) END"))
        }
        (Kind::YesNo, _) => same(format!("CASE WHEN {m} % 100 = 0 THEN 1 END")),
        (Kind::Choice(choices), _) => {
            let [common, rare] = [0, 1].map(|place| choices.get(place).map_or(1, |choice| choice.id));
            same(format!("CASE WHEN {m} % 1000 = 0 THEN {rare} WHEN {m} % 10 > 0 THEN {common} END"))
        }
        _ if rules.counts_days() => same(format!("{} - {m} % 1000", now / DAY_MS)),
        _ if rules.may_be_doubtful() => same(digits()),
        _ => match storage(&field.kind) {
            Storage::Text => same(format!("CASE WHEN {m} % 10 > 0 THEN 'ооо ромашка ' || (i % {VARIANTS}) END")),
            Storage::Number(_) => same(format!("CASE WHEN {m} % 100 = 0 THEN i % 30 + 1 END")),
        },
    }
}

/// The records from 1 to `rows` of every section, whose sections are empty, with changes and all that goes along.
pub async fn fill(db: &Db, registry: &Registry, rows: i64, now: i64) {
    let all = registry.clone();
    db.write(move |conn| {
        let registry = all.clone();
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
    ddl::complete(db, registry).await.expect("indexes");
    db.analyze().await.expect("statistics");
}

fn numbers(rows: i64) -> String {
    format!("WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {rows})")
}

async fn users(conn: &mut Conn) -> Result<i64, Error> {
    conn.define(format!(
        "{} INSERT INTO users (login, name, role, created) SELECT 'user' || i, 'Сотрудник ' || i, 'manager', 0 FROM n",
        numbers(1500)
    ))
    .await?;
    conn.one("SELECT MAX(id) AS last FROM users", values![]).await?.get("last")
}

/// The text of a field in the rows of a variant, as `held` makes it.
fn said(field: &FieldSpec, variant: i64) -> Option<String> {
    let number = || (FIRST_NUMBER + variant * APART).to_string();
    match &field.kind {
        kind if kind.target().is_some() || *kind == Kind::Record => None,
        Kind::Phone | Kind::Phones => Some(number()),
        Kind::Email | Kind::Emails => Some(format!("a{variant}@romashka.ru")),
        kind if kind.rules().may_be_doubtful() => Some(number()),
        kind => matches!(storage(kind), Storage::Text).then(|| format!("ооо ромашка {variant}")),
    }
}

/// What the records of a section are found by, for each variant.
async fn phrases(conn: &mut Conn, section: &Section) -> Result<(), Error> {
    conn.define("CREATE TEMPORARY TABLE phrase (v BIGINT PRIMARY KEY, p TEXT)".into()).await?;
    let variants: Vec<i64> = (0..VARIANTS).collect();
    for some in variants.chunks(500) {
        let row = |variant: &i64| {
            // Of a few fields: the index takes longer than all the rest.
            let looked = section.kept().filter(|field| {
                field.key == section.title || section.search.contains(&field.key) || field.kind == Kind::LongText
            });
            let texts = looked.filter_map(|field| Some((field.column.as_str(), said(field, *variant)?)));
            format!("({variant}, '{}')", search::written(conn.dialect(), &texts.collect::<Vec<_>>()))
        };
        let rows: Vec<String> = some.iter().map(row).collect();
        conn.define(format!("INSERT INTO phrase (v, p) VALUES {}", rows.join(", "))).await?;
    }
    Ok(())
}

async fn records(conn: &mut Conn, section: &Section, rows: i64, users: i64, now: i64) -> Result<(), Error> {
    phrases(conn, section).await?;
    // Made again afterwards: many at once are quicker.
    for field in section.kept() {
        let natural = if field.order_column().is_some() { "_natural" } else { "" };
        conn.define(format!("DROP INDEX IF EXISTS {}_{}{natural}_order", section.table, field.column)).await?;
    }
    if conn.dialect() == Dialect::Postgres {
        conn.define(format!("DROP INDEX {}", search::index(section))).await?;
    }
    let mut columns = vec![("id".to_string(), "i".to_string()), ("version".into(), CHANGES_OF_RECORD.to_string())];
    for field in section.kept().filter(|field| field.column != "id") {
        let (own, key) = held(field, rows, users, now);
        columns.push((field.column.clone(), own));
        if field.key_column() != field.column {
            columns.push((field.key_column(), key));
        }
        if let Some(column) = field.order_column() {
            let (key, number) = (held(field, rows, users, now).1, format!("(i % {VARIANTS})"));
            let worth = format!("length(CAST({number} AS TEXT)) || {number}");
            columns.push((column, key.replace(&format!("|| {number}"), &format!("|| {worth}"))));
        }
        if let Some(column) = field.doubt_column() {
            columns.push((column, "CASE WHEN i % 1000 = 0 THEN 1 END".into()));
        }
    }
    // A few are in the trash.
    let trash = "CASE WHEN i % 500 = 0 THEN 1 END";
    columns.extend(["trashed", "trashed_by"].map(|column| (column.to_string(), trash.to_string())));
    let (names, contents): (Vec<String>, Vec<String>) = columns.into_iter().unzip();
    let (table, key) = (&section.table, section.key.as_str());
    let (more, from) = match conn.dialect() {
        Dialect::Sqlite => (["", ""], "n".to_string()),
        Dialect::Postgres => ([", pairs", ", p::int[]"], format!("n JOIN phrase ON phrase.v = n.i % {VARIANTS}")),
    };
    conn.define(format!(
        "{} INSERT INTO {table} ({}{}) SELECT {}{} FROM {from}",
        numbers(rows),
        names.join(", "),
        more[0],
        contents.join(", "),
        more[1]
    ))
    .await?;
    if conn.dialect() == Dialect::Sqlite {
        conn.define(format!(
            "INSERT INTO {} (rowid, p) SELECT id, p FROM {table} JOIN phrase ON phrase.v = {table}.id % {VARIANTS}",
            search::index(section)
        ))
        .await?;
    }
    conn.define("DROP TABLE phrase".into()).await?;
    ddl::define_search(conn, section).await?;
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
    Ok(())
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
        // One of the first employee's was on very many records: every page says how it stands.
        format!(
            "INSERT INTO operation_item (op, place, section, record) SELECT 'op{users}', i + 1, '{section}', i FROM n"
        ),
    ] {
        conn.define(format!("{numbers} {sql}")).await?;
    }
    if conn.dialect() == Dialect::Postgres {
        conn.define("UPDATE feed SET n = seq".into()).await?;
        conn.define("UPDATE feed_head SET next = (SELECT MAX(seq) + 1 FROM feed)".into()).await?;
    }
    Ok(())
}
