//! Databases for tests: a fresh SQLite file, or a fresh database in a throw-away PostgreSQL cluster.

pub mod large;

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::Db;
use crate::db::Dialect;

/// A database that lives as long as this value.
pub struct TestDb {
    pub db: Db,
    pub address: String,
    _file: Option<TempDir>,
}

pub async fn sqlite() -> TestDb {
    opened(no_file()).await
}

pub async fn postgres() -> TestDb {
    opened(no_tables().await).await
}

/// Where a base can be made: there is nothing yet.
pub struct Empty {
    pub address: String,
    file: Option<TempDir>,
}

/// Both, for what happens before a base is up to date.
pub async fn both_empty() -> [Empty; 2] {
    [no_file(), no_tables().await]
}

fn no_file() -> Empty {
    let dir = tempfile::tempdir().expect("a temporary folder");
    Empty { address: format!("sqlite:{}", dir.path().join("test.db").display()), file: Some(dir) }
}

async fn no_tables() -> Empty {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let port = cluster().port;
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let admin = format!("postgres://test@127.0.0.1:{port}/postgres");
    let pool = sqlx::PgPool::connect(&admin).await.expect("the cluster answers");
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&pool).await.expect("a new database");
    pool.close().await;
    Empty { address: format!("postgres://test@127.0.0.1:{port}/{name}"), file: None }
}

/// Migrated and opened as `serve` opens it.
async fn opened(empty: Empty) -> TestDb {
    Db::migrate(&empty.address).await.expect("a migrated base").close().await;
    let db = Db::connect(&empty.address).await.expect("a base that is up to date");
    TestDb { db, address: empty.address, _file: empty.file }
}

/// Both, for a story that must be the same on each.
pub async fn both() -> [TestDb; 2] {
    [sqlite().await, postgres().await]
}

/// Tables for sections of a test's own.
pub async fn make_tables(db: &Db, registry: &domain::fields::Registry) {
    for section in &registry.sections {
        let section = section.clone();
        let made = db.write(move |conn| {
            let section = section.clone();
            Box::pin(async move { crate::ddl::create_table(conn, &section).await })
        });
        made.await.expect("a table");
    }
}

/// Every row of every table, as `table: values`, but for the tables named.
pub async fn rows(db: &Db, but: &[&str]) -> BTreeSet<String> {
    let mut conn = db.read().await.expect("a connection");
    let names = match conn.dialect() {
        Dialect::Sqlite => "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'",
        Dialect::Postgres => {
            "SELECT relname::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        }
    };
    let names = conn.look(names.to_string()).await.expect("tables");
    let names: Vec<String> = names.iter().map(|row| row.get("name").expect("a name")).collect();
    let mut all = BTreeSet::new();
    for name in names.iter().filter(|name| !but.contains(&name.as_str()) && !name.starts_with("sqlite_")) {
        let line = match conn.dialect() {
            Dialect::Postgres => "t::text".to_string(),
            Dialect::Sqlite => {
                let columns =
                    conn.look(format!("SELECT name FROM pragma_table_info('{name}')")).await.expect("columns");
                let quoted =
                    columns.iter().map(|row| format!("quote(\"{}\")", row.get::<String>("name").expect("a name")));
                quoted.collect::<Vec<_>>().join(" || ',' || ")
            }
        };
        let rows = conn.look(format!("SELECT {line} AS line FROM \"{name}\" AS t")).await.expect("rows");
        all.extend(rows.iter().map(|row| format!("{name}: {}", row.get::<String>("line").expect("a line"))));
    }
    all
}

/// A base in a cluster of its own, which can be stopped and started.
pub async fn postgres_alone() -> (TestDb, Cluster) {
    let cluster = start_cluster();
    let address = format!("postgres://test@127.0.0.1:{}/postgres", cluster.port);
    (opened(Empty { address, file: None }).await, cluster)
}

pub struct Cluster {
    port: u16,
    dir: PathBuf,
    owner: Option<(u32, u32)>,
    /// Its standard input keeps the cluster up: when the tests end, the pipe closes and it stops.
    _watch: std::process::Child,
}

impl Cluster {
    /// Ends at once, as in a crash.
    pub fn stop(&self) {
        self.pg_ctl(&["stop", "-m", "immediate"]);
    }

    pub fn start(&self) {
        let options = format!("-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories=", self.port);
        let log = self.dir.join("log").display().to_string();
        self.pg_ctl(&["start", "-w", "-l", &log, "-o", &options]);
    }

    fn pg_ctl(&self, args: &[&str]) {
        let mut command = Command::new(programs().join("pg_ctl"));
        command.arg("-D").arg(self.dir.join("data")).args(args).stdout(Stdio::null()).stderr(Stdio::null());
        as_owner(&mut command, self.owner, &self.dir);
        assert!(command.status().expect("pg_ctl runs").success(), "pg_ctl {args:?}");
    }
}

fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(start_cluster)
}

fn start_cluster() -> Cluster {
    let bin = programs();
    let dir = tempfile::Builder::new().prefix("klientura-pg-").tempdir().expect("a temporary folder").keep();
    let owner = unprivileged();
    if let Some((uid, gid)) = owner {
        std::os::unix::fs::chown(&dir, Some(uid), Some(gid)).expect("the folder's owner");
    }
    let data = dir.join("data");
    let mut initdb = Command::new(bin.join("initdb"));
    initdb
        .args(["--auth=trust", "--username=test", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D"])
        .arg(&data);
    as_owner(&mut initdb, owner, &dir);
    let made = initdb.output().expect("initdb runs");
    assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));

    let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port();
    let script = r#""$0" -D "$1" -p "$2" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off \
        -c max_connections=300 -c log_min_messages=fatal & pid=$!
        cat >/dev/null; kill -INT $pid; wait $pid; rm -rf "$3""#;
    let mut watch = Command::new("sh");
    watch.args(["-c", script]).arg(bin.join("postgres")).arg(&data).arg(port.to_string()).arg(&dir);
    as_owner(&mut watch, owner, &dir);
    let watch = watch.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("postgres starts");
    let until = Instant::now() + Duration::from_secs(30);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < until, "postgres did not start");
        std::thread::sleep(Duration::from_millis(50));
    }
    Cluster { port, dir, owner, _watch: watch }
}

fn as_owner(command: &mut Command, owner: Option<(u32, u32)>, dir: &Path) {
    command.current_dir(dir);
    if let Some((uid, gid)) = owner {
        command.uid(uid).gid(gid);
    }
}

/// PostgreSQL refuses to run as root: root lends it the account `postgres`.
fn unprivileged() -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt;
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0);
    if !is_root {
        return None;
    }
    let accounts = std::fs::read_to_string("/etc/passwd").expect("/etc/passwd");
    ["postgres", "nobody"].iter().find_map(|name| {
        let line = accounts.lines().find(|line| line.starts_with(&format!("{name}:")))?;
        let mut parts = line.split(':').skip(2);
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    })
}

fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL: run `apt-get install postgresql`");
    let newest =
        versions.flatten().map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists()).max();
    newest.expect("PostgreSQL: run `apt-get install postgresql`")
}
