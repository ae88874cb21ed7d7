//! Connections to SQLite or PostgreSQL. The same SQL text runs on both wherever it can: `$1` is
//! understood by both, instants are milliseconds, JSON is text.

use std::collections::BTreeSet;
use std::path::Path;
use std::pin::Pin;
use std::str::FromStr;
use std::time::{Duration, Instant};

use domain::limits::LIST_QUERY_MS_MAX;
use sea_query::Values;
use sea_query_sqlx::SqlxValues;
use sqlx::migrate::Migrator;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgRow};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Decode, PgPool, Postgres, Row as _, SqlSafeStr, Sqlite, SqlitePool, Transaction, Type};
use tracing::Instrument;

pub use crate::dialect::Dialect;

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");

/// 3.7.0 to 3.51.2 can corrupt a WAL file that several connections use (sqlite.org/wal.html#walresetbug).
const SQLITE_VERSION_MIN: (u32, u32, u32) = (3, 51, 3);
const READERS_MAX: u32 = 8;
/// SQLite looks at the clock after so many steps of its machine.
const SQLITE_STEPS: i32 = 10_000;
/// Of one statement: SQLite takes 32 766 parameters, PostgreSQL 65 535.
pub(crate) const PARAMETERS_MAX: usize = 30_000;
const WRITE_TRIES_MAX: u32 = 8;
const ACQUIRE_MAX: Duration = Duration::from_secs(8);
const LOCK_MS_MAX: u64 = 8_000;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    #[error(transparent)]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("the database's address must start with sqlite: or postgres:")]
    UnknownAddress,
    #[error("there is no file {0}; `klientura migrate` creates it")]
    NoFile(String),
    #[error("the database is not up to date: run `klientura migrate`")]
    NotMigrated,
    #[error("this base was made by a newer Klientura: update the program")]
    Newer,
    #[error("the connection was lost while the write was being committed: whether it was is not known")]
    OutcomeUnknown,
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error("SQLite {0} can corrupt the file; 3.51.3 or newer is needed")]
    OldSqlite(String),
    #[error("the write was interrupted")]
    Interrupted,
    #[error("the section {0} is a part of itself")]
    Circle(domain::ids::SectionKey),
    #[error("the system gives no random bytes")]
    NoRandomness,
    #[error("what the database holds cannot be read: {0}")]
    Corrupt(String),
}

impl Error {
    /// Whether the same transaction may succeed when it is run again: serialization failures,
    /// deadlocks and locks not had in time (PostgreSQL), a stale snapshot (SQLite).
    pub(crate) fn is_transient(&self) -> bool {
        let Self::Sql(sqlx::Error::Database(error)) = self else { return false };
        matches!(error.code().as_deref(), Some("40001" | "40P01" | "55P03" | "517"))
    }

    /// Whether the statement was stopped at its time limit.
    pub fn is_stopped(&self) -> bool {
        matches!(self, Self::Sql(sqlx::Error::Database(error)) if matches!(error.code().as_deref(), Some("57014" | "9")))
    }

    /// Whether there is no room to write, or the disk does not take it just now. What was written before stays.
    pub fn is_full(&self) -> bool {
        let Self::Sql(sqlx::Error::Database(error)) = self else { return false };
        let Some(code) = error.code() else { return false };
        // PostgreSQL: disk_full. SQLite, in the low byte of its extended codes: READONLY, IOERR, FULL, CANTOPEN.
        let sqlite = code.parse::<i32>().ok().filter(|code| *code < 10_000).map(|code| code & 0xff);
        code == "53100" || matches!(sqlite, Some(8 | 10 | 13 | 14))
    }

    /// Whether the database cannot be reached, or lets nobody in: stopped, failing over, too many connections.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Sql(
                sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed,
            ) => true,
            Self::Sql(sqlx::Error::Database(error)) => error.code().is_some_and(|code| {
                // BUSY of SQLite; PostgreSQL: shutting down, crashed, starting, too many, locks not had in time.
                matches!(&*code, "5" | "57P01" | "57P02" | "57P03" | "53300" | "55P03") || code.starts_with("08")
            }),
            _ => false,
        }
    }

    /// The name of the constraint that a write ran into.
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Sql(sqlx::Error::Database(error)) => error.constraint(),
            _ => None,
        }
    }
}

#[derive(Clone, Debug)]
pub enum Db {
    /// One writing connection, many reading ones.
    Sqlite { readers: SqlitePool, writer: SqlitePool },
    /// Pages have connections of their own: writers that wait for one another keep nobody from reading.
    Postgres { readers: PgPool, writers: PgPool },
}

/// A connection for reading, or the transaction of a write.
pub enum Conn {
    SqliteRead(PoolConnection<Sqlite>),
    SqliteWrite(SqliteTransaction),
    PostgresRead(PoolConnection<Postgres>),
    PostgresWrite(Transaction<'static, Postgres>),
}

/// A transaction of SQLite, begun and ended by plain statements. After an error SQLite may have rolled back by
/// itself, which nobody else counts: a connection whose transaction does not end in order is thrown away.
pub struct SqliteTransaction(Option<PoolConnection<Sqlite>>);

impl SqliteTransaction {
    /// A deferred transaction that reads first fails at once when another one writes.
    async fn begin(writer: &SqlitePool) -> Result<Self, sqlx::Error> {
        let mut transaction = Self(Some(writer.acquire().await?));
        transaction.run("BEGIN IMMEDIATE").await?;
        Ok(transaction)
    }

    async fn end(mut self, how: &'static str) -> Result<(), sqlx::Error> {
        self.run(how).await?;
        // In order: the pool has it again.
        drop(self.0.take());
        Ok(())
    }

    async fn run(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        sqlx::query(sql).execute(self.connection()?).await.map(drop)
    }

    pub(crate) fn connection(&mut self) -> Result<&mut sqlx::SqliteConnection, sqlx::Error> {
        self.0.as_deref_mut().ok_or(sqlx::Error::PoolClosed)
    }
}

impl Drop for SqliteTransaction {
    fn drop(&mut self) {
        drop(self.0.take().map(PoolConnection::detach));
    }
}

pub enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// Values for `$1`, `$2` … in their order.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { sea_query::Values(vec![$(sea_query::Value::from($value)),*]) };
}

/// The file of `sqlite:file?options` or `sqlite://file`.
fn sqlite_path(address: &str) -> &str {
    let file = address.trim_start_matches("//");
    file.split('?').next().unwrap_or(file)
}

/// A base is its owner's alone, and so are the files that SQLite makes beside it: they take its rights.
fn keep_private(path: &str) -> Result<(), Error> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    if !Path::new(path).exists() {
        std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    }
    for file in ["", "-wal", "-shm"].map(|end| format!("{path}{end}")) {
        match std::fs::metadata(&file) {
            // Only an owner may; who reads another's base reads it as it is.
            Ok(meta) if meta.permissions().mode() & 0o077 != 0 => {
                let _ = std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Waits until no other process migrates this file; the lock ends with the process, however it ends.
async fn lock_file(path: &str) -> Result<std::fs::File, Error> {
    use std::os::unix::fs::OpenOptionsExt;
    let lock = std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(format!("{path}-migrate"))?;
    tokio::task::spawn_blocking(move || lock.lock().map(|()| lock))
        .await
        .map_err(|_| Error::Interrupted)?
        .map_err(Error::from)
}

impl Db {
    /// Opens a base that `migrate` has made.
    pub async fn connect(address: &str) -> Result<Self, Error> {
        let db = Self::open(address, false).await?;
        db.check_steps().await?;
        Ok(db)
    }

    /// Creates what is missing (the SQLite file too) and brings the tables up to date.
    pub async fn migrate(address: &str) -> Result<Self, Error> {
        // PostgreSQL's migrator locks by itself.
        let _alone = match address.strip_prefix("sqlite:") {
            Some(file) => Some(lock_file(sqlite_path(file)).await?),
            None => None,
        };
        let db = Self::open(address, true).await?;
        // Steps that this program does not know are not gone back on.
        match db.check_steps().await {
            Ok(()) | Err(Error::NotMigrated) => {}
            Err(error) => return Err(error),
        }
        match &db {
            Self::Sqlite { writer, .. } => SQLITE_MIGRATIONS.run(writer).await?,
            Self::Postgres { writers, .. } => POSTGRES_MIGRATIONS.run(writers).await?,
        }
        db.analyze().await?;
        Ok(db)
    }

    async fn open(address: &str, create: bool) -> Result<Self, Error> {
        if let Some(file) = address.strip_prefix("sqlite:") {
            return Self::open_sqlite(sqlite_path(file), create).await;
        }
        if address.starts_with("postgres:") || address.starts_with("postgresql:") {
            // Of a base on a disk without moving parts: rows are fetched one by one for about as much as in their order.
            let options = PgConnectOptions::from_str(address)?.options([("random_page_cost", "1.1")]);
            let pool = |limits: &[(&str, String)]| {
                PgPoolOptions::new()
                    .max_connections(READERS_MAX)
                    .acquire_timeout(ACQUIRE_MAX)
                    .connect_with(options.clone().options(limits.iter().map(|(name, value)| (*name, value.as_str()))))
            };
            // Who waits for another's record waits less long than a request; what writes takes the time it needs.
            let writers = pool(&[("lock_timeout", LOCK_MS_MAX.to_string())]).await?;
            let readers = pool(&[("statement_timeout", LIST_QUERY_MS_MAX.to_string())]).await?;
            return Ok(Self::Postgres { readers, writers });
        }
        Err(Error::UnknownAddress)
    }

    async fn open_sqlite(path: &str, create: bool) -> Result<Self, Error> {
        if !create && !Path::new(path).exists() {
            return Err(Error::NoFile(path.to_string()));
        }
        keep_private(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .foreign_keys(true)
            // "Saved" must mean saved.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10));
        let first = if create {
            options.clone().create_if_missing(true).journal_mode(SqliteJournalMode::Wal)
        } else {
            options.clone()
        };
        // A file does not hang up: no connection is tried before its use.
        let pool = || SqlitePoolOptions::new().test_before_acquire(false);
        let writer = pool().max_connections(1).connect_with(first).await?;
        let readers = pool().max_connections(READERS_MAX).connect_with(options.read_only(true)).await?;
        let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&readers).await?;
        let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0));
        let mut next = || numbers.next().unwrap_or(0);
        if (next(), next(), next()) < SQLITE_VERSION_MIN {
            return Err(Error::OldSqlite(version));
        }
        Ok(Self::Sqlite { readers, writer })
    }

    /// Whether the base has the very steps that this program knows, not only as many.
    async fn check_steps(&self) -> Result<(), Error> {
        let (known, table) = match self {
            Self::Sqlite { .. } => {
                (&SQLITE_MIGRATIONS, "SELECT COUNT(name) AS found FROM sqlite_master WHERE name = '_sqlx_migrations'")
            }
            Self::Postgres { .. } => {
                (&POSTGRES_MIGRATIONS, "SELECT COUNT(to_regclass('_sqlx_migrations')::text) AS found")
            }
        };
        let mut conn = self.read().await?;
        if conn.one(table, values![]).await?.get::<i64>("found")? == 0 {
            return Err(Error::NotMigrated);
        }
        let rows = conn.all("SELECT version FROM _sqlx_migrations WHERE success ORDER BY version", values![]).await?;
        let done = rows.iter().map(|row| row.get("version")).collect::<Result<BTreeSet<i64>, _>>()?;
        let known: BTreeSet<i64> = known.iter().map(|step| step.version).collect();
        if !done.is_subset(&known) {
            return Err(Error::Newer);
        }
        if done.len() < known.len() { Err(Error::NotMigrated) } else { Ok(()) }
    }

    /// Fresh statistics for the planner: after migrating, seeding and importing. That a table is empty is not noted:
    /// it would be believed when it has filled up, and scanned at each step of a plan.
    pub async fn analyze(&self) -> Result<(), Error> {
        match self {
            Self::Sqlite { writer, .. } => {
                let known = "ANALYZE; DELETE FROM sqlite_stat1 WHERE substr(stat || ' ', 1, 2) = '0 '; \
                             ANALYZE sqlite_schema";
                sqlx::raw_sql(known).execute(writer).await.map(drop)?;
            }
            Self::Postgres { writers, .. } => {
                let filled = "DO $$ DECLARE filled regclass; BEGIN \
                              FOR filled IN SELECT oid FROM pg_class WHERE relkind = 'r' \
                              AND relnamespace = current_schema()::regnamespace AND pg_relation_size(oid) > 0 \
                              LOOP EXECUTE format('ANALYZE %s', filled); END LOOP; END $$";
                sqlx::raw_sql(filled).execute(writers).await.map(drop)?;
            }
        }
        Ok(())
    }

    /// Looks again at tables that have grown tenfold since; what has not is passed over. PostgreSQL does it by itself.
    pub async fn keep_statistics(&self) -> Result<(), Error> {
        if let Self::Sqlite { writer, .. } = self {
            sqlx::raw_sql("PRAGMA optimize = 0x10002").execute(writer).await?;
        }
        Ok(())
    }

    /// A connection for reading. What runs longer than the limit is stopped, on both databases.
    pub async fn read(&self) -> Result<Conn, Error> {
        Ok(match self {
            Self::Sqlite { readers, .. } => {
                let mut conn = readers.acquire().await?;
                let until = Instant::now() + Duration::from_millis(LIST_QUERY_MS_MAX);
                conn.lock_handle().await?.set_progress_handler(SQLITE_STEPS, move || Instant::now() < until);
                Conn::SqliteRead(conn)
            }
            Self::Postgres { readers, .. } => Conn::PostgresRead(readers.acquire().await?),
        })
    }

    /// A connection for reading that takes its time: for work that nobody waits for at a page.
    pub async fn read_at_leisure(&self) -> Result<Conn, Error> {
        Ok(match self {
            Self::Sqlite { readers, .. } => {
                let mut conn = readers.acquire().await?;
                conn.lock_handle().await?.remove_progress_handler();
                Conn::SqliteRead(conn)
            }
            Self::Postgres { writers, .. } => Conn::PostgresRead(writers.acquire().await?),
        })
    }

    /// Runs one write transaction: all of it is committed, or nothing when `act` fails.
    ///
    /// It runs in a task of its own, so that a browser that hangs up cannot leave it half done, and
    /// runs again when the database asks for that.
    pub async fn write<T, E, F>(&self, act: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + AsTransient + Send + 'static,
        F: for<'c> Fn(&'c mut Conn) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>> + Send + Sync + 'static,
    {
        let db = self.clone();
        let writing = async move {
            let mut tries = 1;
            loop {
                let result = db.write_once(&act).await;
                let again = result.as_ref().err().is_some_and(AsTransient::is_transient) && tries < WRITE_TRIES_MAX;
                if !again {
                    return result;
                }
                tokio::time::sleep(Duration::from_millis(u64::from(5 * tries * tries))).await;
                tries += 1;
            }
        };
        // A task of its own: whoever waits for it may go away. What it logs stays with the request.
        tokio::spawn(writing.in_current_span()).await.unwrap_or_else(|_| Err(Error::Interrupted.into()))
    }

    async fn write_once<T, E, F>(&self, act: &F) -> Result<T, E>
    where
        E: From<Error>,
        F: for<'c> Fn(&'c mut Conn) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>,
    {
        let mut conn = match self {
            Self::Sqlite { writer, .. } => {
                Conn::SqliteWrite(SqliteTransaction::begin(writer).await.map_err(Error::from)?)
            }
            Self::Postgres { writers, .. } => Conn::PostgresWrite(writers.begin().await.map_err(Error::from)?),
        };
        match act(&mut conn).await {
            Ok(done) => {
                match conn {
                    Conn::SqliteWrite(transaction) => transaction.end("COMMIT").await.map_err(Error::from)?,
                    Conn::PostgresWrite(transaction) => transaction.commit().await.map_err(|error| {
                        let error = Error::from(error);
                        // It was sent, and nobody has said what became of it.
                        if error.is_unavailable() { Error::OutcomeUnknown } else { error }
                    })?,
                    Conn::SqliteRead(_) | Conn::PostgresRead(_) => {}
                }
                Ok(done)
            }
            Err(refused) => {
                // Fails where SQLite has rolled back by itself: then the connection goes too.
                if let Conn::SqliteWrite(transaction) = conn
                    && let Err(error) = transaction.end("ROLLBACK").await
                {
                    tracing::debug!(%error, "a connection is thrown away");
                }
                Err(refused)
            }
        }
    }

    /// Closes every connection: nothing is written after this.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres { readers, writers } => {
                readers.close().await;
                writers.close().await;
            }
        }
    }
}

/// Whether an error is the database's wish to run the transaction again.
pub trait AsTransient {
    fn is_transient(&self) -> bool;
}

impl AsTransient for Error {
    fn is_transient(&self) -> bool {
        Error::is_transient(self)
    }
}

impl Conn {
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::SqliteRead(_) | Self::SqliteWrite(_) => Dialect::Sqlite,
            Self::PostgresRead(_) | Self::PostgresWrite(_) => Dialect::Postgres,
        }
    }

    pub async fn all(&mut self, sql: &'static str, values: Values) -> Result<Vec<Row>, Error> {
        self.fetch(sql, values, true).await
    }

    /// The first row, if there is one.
    pub async fn optional(&mut self, sql: &'static str, values: Values) -> Result<Option<Row>, Error> {
        Ok(self.all(sql, values).await?.into_iter().next())
    }

    pub async fn one(&mut self, sql: &'static str, values: Values) -> Result<Row, Error> {
        self.optional(sql, values).await?.ok_or(Error::Sql(sqlx::Error::RowNotFound))
    }

    /// Gives the number of rows that it touched.
    pub async fn execute(&mut self, sql: &'static str, values: Values) -> Result<u64, Error> {
        self.change(sql, values).await
    }

    /// Rows of a built statement. Its shapes are too many for a connection's statement cache.
    pub async fn select(&mut self, statement: &sea_query::SelectStatement) -> Result<Vec<Row>, Error> {
        let (sql, values) = self.build(statement);
        self.fetch(AssertSqlSafe(sql), values, false).await
    }

    /// Rows of a built statement whose shapes are few: it stays prepared.
    pub(crate) async fn select_often(&mut self, statement: &sea_query::SelectStatement) -> Result<Vec<Row>, Error> {
        let (sql, values) = self.build(statement);
        self.fetch(AssertSqlSafe(sql), values, true).await
    }

    /// Runs a built INSERT; gives what it returns.
    pub(crate) async fn insert_returning(&mut self, statement: &sea_query::InsertStatement) -> Result<Vec<Row>, Error> {
        let (sql, values) = match self.dialect() {
            Dialect::Sqlite => statement.build(sea_query::SqliteQueryBuilder),
            Dialect::Postgres => statement.build(sea_query::PostgresQueryBuilder),
        };
        self.fetch(AssertSqlSafe(sql), values, true).await
    }

    /// Runs a built INSERT or UPDATE; gives the number of rows that it touched.
    pub async fn run(&mut self, statement: &impl sea_query::QueryStatementWriter) -> Result<u64, Error> {
        let (sql, values) = match self.dialect() {
            Dialect::Sqlite => statement.build_any(&sea_query::SqliteQueryBuilder),
            Dialect::Postgres => statement.build_any(&sea_query::PostgresQueryBuilder),
        };
        self.change(AssertSqlSafe(sql), values).await
    }

    /// A statement of `store::ddl`: its names are numbers from the registry, never from a request.
    pub(crate) async fn define(&mut self, sql: String) -> Result<(), Error> {
        self.change(AssertSqlSafe(sql), Values(Vec::new())).await.map(drop)
    }

    /// Rows of any statement: tests look at the database itself.
    #[cfg(feature = "testing")]
    pub async fn look(&mut self, sql: String) -> Result<Vec<Row>, Error> {
        self.fetch(AssertSqlSafe(sql), Values(Vec::new()), false).await
    }

    #[cfg(feature = "testing")]
    async fn weigh(&mut self, sql: &str, values: &Values) {
        use crate::plans;
        match self {
            Self::SqliteRead(conn) => plans::weigh_sqlite(conn, false, sql, values).await,
            Self::SqliteWrite(transaction) => {
                if let Ok(conn) = transaction.connection() {
                    plans::weigh_sqlite(conn, true, sql, values).await;
                }
            }
            Self::PostgresRead(conn) => plans::weigh_postgres(conn, false, sql, values).await,
            Self::PostgresWrite(conn) => plans::weigh_postgres(conn, true, sql, values).await,
        }
    }

    fn build(&self, statement: &sea_query::SelectStatement) -> (String, Values) {
        match self.dialect() {
            Dialect::Sqlite => statement.build(sea_query::SqliteQueryBuilder),
            Dialect::Postgres => statement.build(sea_query::PostgresQueryBuilder),
        }
    }

    async fn fetch(&mut self, sql: impl SqlSafeStr, values: Values, persistent: bool) -> Result<Vec<Row>, Error> {
        let sql = sql.into_sql_str();
        #[cfg(feature = "testing")]
        self.weigh(sql.as_str(), &values).await;
        let values = SqlxValues(values);
        Ok(match self {
            Self::SqliteRead(conn) => sqlite_rows(conn, sql, values, persistent).await?,
            Self::SqliteWrite(conn) => sqlite_rows(conn.connection()?, sql, values, persistent).await?,
            Self::PostgresRead(conn) => postgres_rows(conn, sql, values, persistent).await?,
            Self::PostgresWrite(conn) => postgres_rows(conn, sql, values, persistent).await?,
        })
    }

    async fn change(&mut self, sql: impl SqlSafeStr, values: Values) -> Result<u64, Error> {
        let sql = sql.into_sql_str();
        #[cfg(feature = "testing")]
        self.weigh(sql.as_str(), &values).await;
        let values = SqlxValues(values);
        Ok(match self {
            Self::SqliteRead(conn) => sqlx::query_with(sql, values).execute(&mut **conn).await?.rows_affected(),
            Self::SqliteWrite(conn) => sqlx::query_with(sql, values).execute(conn.connection()?).await?.rows_affected(),
            Self::PostgresRead(conn) => sqlx::query_with(sql, values).execute(&mut **conn).await?.rows_affected(),
            Self::PostgresWrite(conn) => sqlx::query_with(sql, values).execute(&mut **conn).await?.rows_affected(),
        })
    }
}

async fn sqlite_rows(
    conn: &mut sqlx::SqliteConnection,
    sql: impl SqlSafeStr,
    values: SqlxValues,
    persistent: bool,
) -> Result<Vec<Row>, sqlx::Error> {
    let rows = sqlx::query_with(sql, values).persistent(persistent).fetch_all(conn).await?;
    Ok(rows.into_iter().map(Row::Sqlite).collect())
}

async fn postgres_rows(
    conn: &mut sqlx::PgConnection,
    sql: impl SqlSafeStr,
    values: SqlxValues,
    persistent: bool,
) -> Result<Vec<Row>, sqlx::Error> {
    let rows = sqlx::query_with(sql, values).persistent(persistent).fetch_all(conn).await?;
    Ok(rows.into_iter().map(Row::Postgres).collect())
}

impl Row {
    pub fn get<T>(&self, column: &str) -> Result<T, Error>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>,
    {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }
}
