//! What somebody would write who knows the tables: statements of many rows, one transaction to a chunk.

use std::time::{Duration, Instant};

use domain::fields::{Registry, Section, Value};
use domain::ids::{FieldKey, RecordId};
use serde_json::Value as Json;
use sqlx::any::install_default_drivers;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Connection, Row};
use store::Db;
use store::record::Record;

const ROWS_OF_STATEMENT: usize = 500;
const TABLES: [&str; 7] = ["clients", "contacts", "notes", "reminders", "link", "change", "feed"];
/// What the base gives by itself.
const GIVEN: [(&str, &str); 4] = [("change", "seq"), ("change", "xid"), ("feed", "seq"), ("feed", "n")];

struct Table {
    name: String,
    /// Each with whether it holds numbers; one that holds nothing is not there.
    columns: Vec<(String, bool)>,
    rows: Vec<Vec<Json>>,
}

/// The rows that a base was filled with.
pub struct Tables(Vec<Table>);

async fn open(address: &str) -> AnyPool {
    install_default_drivers();
    sqlx::any::AnyPoolOptions::new().max_connections(1).connect(address).await.expect("a connection")
}

async fn registry(db: &Db) -> Registry {
    let mut conn = db.read().await.expect("a connection");
    store::registry::load(&mut conn, &app::sections::registry()).await.expect("a registry").uncut()
}

/// Reads what `fill` has written.
pub async fn read(db: &Db, address: &str) -> Tables {
    let pool = open(address).await;
    let mut tables = Vec::new();
    for name in TABLES {
        let json = match is_sqlite(address) {
            false => format!("SELECT row_to_json(t)::text AS row FROM {name} AS t"),
            true => {
                let columns = format!("SELECT name FROM pragma_table_info('{name}')");
                let columns = sqlx::query(AssertSqlSafe(columns)).fetch_all(&pool).await.expect("columns");
                let columns: Vec<String> = columns.iter().map(|row| row.get::<String, _>("name")).collect();
                let pairs: Vec<String> = columns.iter().map(|name| format!("'{name}', \"{name}\"")).collect();
                format!("SELECT json_object({}) AS row FROM {name}", pairs.join(", "))
            }
        };
        let rows = sqlx::query(AssertSqlSafe(json)).fetch_all(&pool).await.expect("rows");
        let rows = rows.iter().map(|row| serde_json::from_str(&row.get::<String, _>("row")).expect("JSON"));
        tables.extend(table(name, rows.collect()));
    }
    if is_sqlite(address) {
        for section in &registry(db).await.sections {
            let records = tables.iter().find(|table| table.name == section.table).map_or(0, |table| table.rows.len());
            tables.extend(search_index(db, section, records).await);
        }
    }
    Tables(tables)
}

fn is_sqlite(address: &str) -> bool {
    address.starts_with("sqlite:")
}

fn table(name: &str, rows: Vec<serde_json::Map<String, Json>>) -> Option<Table> {
    let mut columns = Vec::new();
    for key in rows.first()?.keys().filter(|key| !GIVEN.contains(&(name, key))) {
        if let Some(some) = rows.iter().map(|row| &row[key]).find(|value| !value.is_null()) {
            columns.push((key.clone(), some.is_number()));
        }
    }
    let rows = rows.iter().map(|row| columns.iter().map(|(key, _)| row[key].clone()).collect()).collect();
    Some(Table { name: name.to_string(), columns, rows })
}

/// SQLite's index for searching, whose rows cannot be read back.
async fn search_index(db: &Db, section: &Section, records: usize) -> Option<Table> {
    let ids: Vec<RecordId> = (1..=records as RecordId).collect();
    let mut rows = Vec::new();
    for some in ids.chunks(ROWS_OF_STATEMENT) {
        let mut conn = db.read().await.expect("a connection");
        for record in store::record::load_some(&mut conn, section, some).await.expect("records") {
            rows.push(vec![Json::from(record.id), Json::from(phrase(section, &record))]);
        }
    }
    let columns = vec![("rowid".to_string(), true), ("p".to_string(), false)];
    (!rows.is_empty()).then(|| Table { name: format!("{}_pairs", section.table), columns, rows })
}

fn phrase(section: &Section, record: &Record) -> String {
    let rows = store::search::rows(section, |key| record.value(key)).into_iter();
    let rows = rows.map(|row| row.iter().map(|pair| format!("{pair:08x}")).collect::<Vec<_>>().join(" "));
    rows.collect::<Vec<_>>().join(" x ")
}

impl Tables {
    /// Clients, contacts, entries and reminders.
    pub fn records(&self) -> usize {
        self.0.iter().filter(|table| TABLES[..4].contains(&table.name.as_str())).map(|table| table.rows.len()).sum()
    }

    /// Inserts them all in so many transactions; gives how long it took.
    pub async fn insert(&self, address: &str, transactions: usize) -> Duration {
        let pool = open(address).await;
        let begun = Instant::now();
        for place in 0..transactions {
            let mut transaction = pool.begin().await.expect("a transaction");
            for table in &self.0 {
                let share = table.rows.len().div_ceil(transactions);
                let rows = table.rows.iter().skip(place * share).take(share).collect::<Vec<_>>();
                for some in rows.chunks(ROWS_OF_STATEMENT) {
                    let mut statement = sqlx::query(AssertSqlSafe(table.statement(some.len(), is_sqlite(address))));
                    for (value, (_, is_number)) in some.iter().flat_map(|row| row.iter().zip(&table.columns)) {
                        statement = match (is_number, value) {
                            (true, value) => statement.bind(value.as_i64()),
                            (false, Json::Null) => statement.bind(None::<String>),
                            (false, Json::String(text)) => statement.bind(text.clone()),
                            // PostgreSQL's array of pairs.
                            (false, other) => {
                                let numbers = other.to_string();
                                statement.bind(format!("{{{}}}", numbers.trim_matches(['[', ']'])))
                            }
                        };
                    }
                    statement.execute(&mut *transaction).await.expect("rows are inserted");
                }
            }
            transaction.commit().await.expect("a commit");
        }
        begun.elapsed()
    }
}

impl Table {
    fn statement(&self, rows: usize, is_sqlite: bool) -> String {
        let columns: Vec<String> = self.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let mut place = 0;
        let mut row = || {
            let values = self.columns.iter().map(|(name, _)| {
                place += 1;
                match name.as_str() {
                    // SQLite looks for each numbered one among all before it.
                    _ if is_sqlite => "?".to_string(),
                    "pairs" => format!("CAST(${place} AS int[])"),
                    _ => format!("${place}"),
                }
            });
            format!("({})", values.collect::<Vec<_>>().join(", "))
        };
        let rows: Vec<String> = (0..rows).map(|_| row()).collect();
        format!("INSERT INTO {} ({}) VALUES {}", self.name, columns.join(", "), rows.join(", "))
    }
}

pub async fn version(db: &Db, id: RecordId) -> i64 {
    let mut conn = db.read().await.expect("a connection");
    let row = conn.one("SELECT version FROM clients WHERE id = $1", sea_query::Values(vec![id.into()])).await;
    row.expect("a client").get("version").expect("a number")
}

/// What a client's search holds when its phone has become another.
pub struct Searched {
    phrase: String,
    pairs: String,
}

pub async fn searched(db: &Db, registry: &Registry, id: RecordId, phone: &str) -> Searched {
    let key = FieldKey::from("phone");
    let section = registry.section(&app::clients::section().key).expect("clients");
    let mut conn = db.read().await.expect("a connection");
    let found = store::record::load_some(&mut conn, section, &[id]).await.expect("a client").into_iter().next();
    let mut record = found.expect("a client");
    record.values.insert(key, Value::Text(phone.to_string()));
    let rows = store::search::rows(section, |key| record.value(key));
    let numbers: std::collections::BTreeSet<i32> = rows.into_iter().flatten().collect();
    let numbers: Vec<String> = numbers.iter().map(i32::to_string).collect();
    Searched { phrase: phrase(section, &record), pairs: format!("{{{}}}", numbers.join(",")) }
}

/// One connection that saves a phone: the client's row, its search, the history with the old value, the feed, the key
/// of the request.
pub struct Saver {
    conn: AnyConnection,
    is_sqlite: bool,
}

impl Saver {
    pub async fn open(address: &str) -> Self {
        install_default_drivers();
        let conn = AnyConnection::connect(address).await.expect("a connection");
        Self { conn, is_sqlite: is_sqlite(address) }
    }

    pub async fn save(&mut self, id: RecordId, phone: &str, searched: &Searched, now: i64) {
        let key: String = phone.chars().filter(char::is_ascii_digit).collect();
        let begin = if self.is_sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" };
        let mut transaction = self.conn.begin_with(begin).await.expect("a transaction");
        let conn = &mut *transaction;
        let sql = match self.is_sqlite {
            true => "SELECT version, phone FROM clients WHERE id = $1",
            false => "SELECT version, phone FROM clients WHERE id = $1 FOR UPDATE",
        };
        let row = sqlx::query(sql).bind(id).fetch_one(&mut *conn).await.expect("a client");
        let (version, old): (i64, Option<String>) = (row.get("version"), row.get("phone"));
        let sql = match self.is_sqlite {
            true => "UPDATE clients SET version = $1 + 1, phone = $2, phone_key = $3, updated = $4 WHERE id = $5",
            false => {
                "UPDATE clients SET version = $1 + 1, phone = $2, phone_key = $3, updated = $4, \
                      pairs = CAST($6 AS int[]) WHERE id = $5"
            }
        };
        let mut statement = sqlx::query(sql).bind(version).bind(phone).bind(key).bind(now).bind(id);
        if !self.is_sqlite {
            statement = statement.bind(&searched.pairs);
        }
        assert_eq!(statement.execute(&mut *conn).await.expect("a client").rows_affected(), 1);
        if self.is_sqlite {
            let statement = sqlx::query("REPLACE INTO clients_pairs (rowid, p) VALUES ($1, $2)");
            statement.bind(id).bind(&searched.phrase).execute(&mut *conn).await.expect("its search");
        }
        let fields = serde_json::json!({"phone": [old, phone]}).to_string();
        let statement = "INSERT INTO change (op, section, record, version, at, actor, source, act, fields) \
                         VALUES ($1, 'clients', $2, $3, $4, 1, 'form', 'update', $5)";
        let statement = sqlx::query(statement).bind(format!("by-hand-{id}")).bind(id).bind(version + 1);
        statement.bind(now).bind(fields).execute(&mut *conn).await.expect("a change");
        let statement = "INSERT INTO feed (section, record, what, at) VALUES ('clients', $1, 'update', $2)";
        sqlx::query(statement).bind(id).bind(now).execute(&mut *conn).await.expect("it is told");
        let statement = "INSERT INTO idempotency (actor, key, request, answer, at) VALUES (1, $1, $1, $2, $3)";
        let statement = sqlx::query(statement).bind(format!("by-hand-{id}")).bind("[]").bind(now);
        statement.execute(&mut *conn).await.expect("a key");
        transaction.commit().await.expect("a commit");
    }
}
