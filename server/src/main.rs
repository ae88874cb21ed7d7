//! `klientura`: serve, migrate, seed, check, user add, user leave.

use std::io::BufRead;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use app::asked::Server;
use app::bulk::runner;
use app::lifecycle::Lifecycle;
use app::outside::Outside;
use app::sections::registry;
use app::users::{password, queries};
use clap::{Args, Parser, Subcommand};
use domain::limits::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, USER_NAME_CHARS_MAX};
use domain::rights::Role;
use ipnet::IpNet;
use server::{connections, demo, housekeeping, http};
use store::Db;

#[derive(Parser)]
#[command(name = "klientura", version, about = "Клиентура: the client base of a business")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Args)]
struct Base {
    /// `sqlite:klientura.db` or `postgres://user@host/base`
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite:klientura.db")]
    database_url: String,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages.
    Serve {
        #[command(flatten)]
        base: Base,
        #[arg(long, env = "KLIENTURA_LISTEN", default_value = "127.0.0.1:3000")]
        listen: String,
        /// Under which address people open it: with `https://` cookies are never sent otherwise.
        #[arg(long, env = "KLIENTURA_BASE_URL", default_value = "http://127.0.0.1:3000")]
        base_url: String,
        /// Addresses or networks of proxies whose `X-Forwarded-For` is believed, with commas between them.
        #[arg(long, env = "KLIENTURA_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
        trusted_proxies: Vec<IpNet>,
    },
    /// Create the SQLite file if it is not there, and bring the tables up to date.
    Migrate {
        #[command(flatten)]
        base: Base,
    },
    /// Add demonstration clients and employees who cannot sign in.
    Seed {
        #[command(flatten)]
        base: Base,
        #[arg(long, default_value_t = 1000)]
        clients: u32,
        /// The same number gives the same clients.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Compare every record with its history, and say in words what is wrong.
    Check {
        #[command(flatten)]
        base: Base,
    },
    /// Accounts.
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
}

#[derive(Subcommand)]
enum UserCommand {
    /// Make an account, or give an existing login a new name, role and password.
    Add {
        #[command(flatten)]
        base: Base,
        login: String,
        #[arg(long)]
        name: String,
        /// admin or manager
        #[arg(long, value_parser = role)]
        role: Role,
        /// Read the password from standard input: one line.
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// An employee has left: nobody signs in with the login, nothing new is tied to the person.
    Leave {
        #[command(flatten)]
        base: Base,
        login: String,
    },
}

fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let alone = text.parse::<std::net::IpAddr>().map(IpNet::from);
    alone.or_else(|_| text.parse()).map_err(|_| "an address (10.0.0.1) or a network (10.0.0.0/8)".to_string())
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "a role is admin or manager".to_string())
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Seed(#[from] demo::Failure),
    #[error("cannot listen on {0}: {1}")]
    Listen(String, std::io::Error),
    #[error("{0}")]
    Input(String),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,sqlx=error")),
        )
        .with_writer(std::io::stderr)
        .init();
    let done = match Cli::parse().command {
        Command::Serve { base, listen, base_url, trusted_proxies } => {
            let outside = Outside { is_https: base_url.starts_with("https://"), proxies: trusted_proxies };
            serve(&base.database_url, &listen, outside).await
        }
        Command::Migrate { base } => migrate(&base.database_url).await,
        Command::Seed { base, clients, seed } => fill(&base.database_url, clients, seed).await,
        Command::Check { base } => check(&base.database_url).await,
        Command::User { command: UserCommand::Add { base, login, name, role, password_stdin: _ } } => {
            add_user(&base.database_url, &login, &name, role).await
        }
        Command::User { command: UserCommand::Leave { base, login } } => leave(&base.database_url, &login).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("klientura: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

async fn leave(address: &str, login: &str) -> Result<(), Failure> {
    let db = Db::connect(address).await?;
    let left = queries::leave(&db, login, now()).await?;
    db.close().await;
    if left { Ok(()) } else { Err(Failure::Input(format!("nobody who works here has the login {login}"))) }
}

async fn migrate(address: &str) -> Result<(), Failure> {
    let db = Db::migrate(address).await?;
    let all = store::registry::load_all(&mut db.read().await?, &registry()).await?;
    store::ddl::complete(&db, &all).await?;
    store::search_index::build(&db, &all).await?;
    db.close().await;
    Ok(())
}

async fn serve(address: &str, listen: &str, outside: Outside) -> Result<(), Failure> {
    let db = Db::connect(address).await?;
    let all = store::registry::load_all(&mut db.read().await?, &registry()).await?;
    if !store::search_index::is_complete(&mut db.read().await?, &all).await? {
        return Err(store::Error::NotMigrated.into());
    }
    let server =
        Server { outside: Arc::new(outside), ..Server::new(db.clone(), registry(), app::sections::CODE, now)? };
    let lifecycle = server.lifecycle.clone();
    let listener =
        tokio::net::TcpListener::bind(listen).await.map_err(|error| Failure::Listen(listen.to_string(), error))?;
    println!("klientura: http://{}", listener.local_addr()?);
    lifecycle.spawn(runner::run_for_ever(server.clone()));
    lifecycle.spawn(housekeeping::run_for_ever(server.clone()));
    let stopping = lifecycle.clone();
    tokio::spawn(async move {
        stopped().await;
        stopping.stop();
    });
    let router = http::router(server.clone());
    // What is under way ends in order; what a client holds open does not hold the process.
    tokio::select! {
        () = connections::serve(listener, router, &server, connections::Limits::default()) => {}
        () = over(&lifecycle, ANSWERS_MAX) => tracing::warn!("connections that did not end are cut off"),
    }
    let ending = async {
        lifecycle.ended().await;
        let released = runner::release(&server).await;
        db.close().await;
        released
    };
    match tokio::time::timeout(TASKS_MAX, ending).await {
        Ok(released) => released?,
        Err(_) => tracing::warn!("work that did not end is left to the next process"),
    }
    Ok(())
}

/// So long answers may take after SIGTERM, and then so long the work beside them.
const ANSWERS_MAX: Duration = Duration::from_secs(12);
const TASKS_MAX: Duration = Duration::from_secs(8);

/// When so long has passed since the process was told to stop.
async fn over(lifecycle: &Lifecycle, limit: Duration) {
    lifecycle.stopping().await;
    tokio::time::sleep(limit).await;
}

/// Ctrl+C or SIGTERM.
async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
        let _ = interrupt.await;
        return;
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}

async fn fill(address: &str, clients: u32, seed: u64) -> Result<(), Failure> {
    let db = Db::connect(address).await?;
    let bar = indicatif::ProgressBar::new(u64::from(clients));
    if let Ok(style) =
        indicatif::ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} clients, {eta} left")
    {
        bar.set_style(style);
    }
    demo::fill(&db, clients, seed, now(), |done| bar.set_position(u64::from(done))).await?;
    bar.finish();
    db.analyze().await?;
    db.close().await;
    Ok(())
}

async fn check(address: &str) -> Result<(), Failure> {
    let db = Db::connect(address).await?;
    let mut conn = db.read().await?;
    let registry = store::registry::load(&mut conn, &registry()).await?.uncut();
    drop(conn);
    let bar = indicatif::ProgressBar::new(0);
    if let Ok(style) =
        indicatif::ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} records, {eta} left")
    {
        bar.set_style(style);
    }
    let faults = store::check::check_with(&db, &registry, |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    })
    .await?;
    bar.finish_and_clear();
    db.close().await;
    if faults.is_empty() {
        println!("the base is whole");
        return Ok(());
    }
    for fault in &faults {
        println!("{fault}");
    }
    Err(Failure::Input(format!("{} faults", faults.len())))
}

async fn add_user(address: &str, login: &str, name: &str, role: Role) -> Result<(), Failure> {
    let input = |text: &str| Failure::Input(text.to_string());
    let shaped = |text: &str, chars_max: usize| {
        !text.trim().is_empty() && text.chars().count() <= chars_max && !text.chars().any(char::is_control)
    };
    let login = domain::login::login(login).ok_or_else(|| {
        input("a login has Latin letters, digits, dots, dashes, underscores and at signs, at most 64 characters")
    })?;
    if !shaped(name, USER_NAME_CHARS_MAX) {
        return Err(input("a name has at most 200 characters"));
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let password = line.strip_suffix('\n').unwrap_or(&line);
    let password = password.strip_suffix('\r').unwrap_or(password);
    if password::check_length(password).is_err() {
        return Err(Failure::Input(format!("a password has {PASSWORD_CHARS_MIN} to {PASSWORD_CHARS_MAX} characters")));
    }
    let db = Db::connect(address).await?;
    let hash = password::hash(password.to_string()).await.ok().flatten();
    let hash = hash.ok_or_else(|| input("the password could not be hashed"))?;
    queries::add_user(&db, &login, name.trim(), role, Some(hash), now()).await?;
    db.close().await;
    Ok(())
}
