//! The server: built with the browser's side inside, and run with a demonstration base.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::browser;
use crate::shell::{self, Steps, cargo, command};

const DEMO_CLIENTS: &str = "1204";
/// Login, name, role. Made by `cargo xtask run` alone, which listens on loopback.
const DEMO_ACCOUNTS: [(&str, &str, &str); 3] =
    [("owner", "Елена Орлова", "admin"), ("anna", "Анна Крылова", "manager"), ("dima", "Дмитрий Савин", "manager")];
const DEMO_PASSWORD: &str = "klientura";

/// Builds both sides; gives the place of the finished server.
pub fn build(steps: &Steps, release: bool) -> Result<PathBuf> {
    browser::build(steps, release)?;
    steps.step("compiling the server", || shell::run(&mut cargo_build(release)))?;
    Ok(shell::target().join(if release { "release" } else { "debug" }).join("klientura"))
}

fn cargo_build(release: bool) -> Command {
    let mut cargo = cargo();
    cargo.args(["build", "--package", "server", "--bin", "klientura"]).env("KLIENTURA_SITE", browser::site(release));
    if release {
        cargo.arg("--release");
    }
    cargo
}

pub fn demonstration(steps: &Steps, listen: &str) -> Result<()> {
    let loopback = ["127.", "localhost:", "[::1]:"].iter().any(|start| listen.starts_with(start));
    if !loopback {
        bail!("`cargo xtask run` has demonstration passwords and listens on loopback only, not on {listen}");
    }
    let server = build(steps, false)?;
    let base = shell::root().join("klientura.db");
    if !base.exists() {
        steps.step("filling klientura.db with a demonstration base", || demonstrate(&server, &base))?;
    }
    steps.step("bringing klientura.db up to date", || shell::run(klientura(&server, &base).arg("migrate")))?;
    println!("\n  Klientura: http://{listen}\n");
    for (login, name, role) in DEMO_ACCOUNTS {
        println!("    {login:<6} {DEMO_PASSWORD}   {name} ({role})");
    }
    println!("\n  Ctrl+C stops it.\n");
    shell::run(klientura(&server, &base).args(["serve", "--listen", listen]))
}

fn demonstrate(server: &Path, base: &Path) -> Result<()> {
    shell::run(klientura(server, base).arg("migrate"))?;
    for (login, name, role) in DEMO_ACCOUNTS {
        add_user(server, base, login, name, role)?;
    }
    shell::run(klientura(server, base).args(["seed", "--clients", DEMO_CLIENTS, "--seed", "1"]))
}

fn add_user(server: &Path, base: &Path, login: &str, name: &str, role: &str) -> Result<()> {
    let mut child = klientura(server, base)
        .args(["user", "add", login, "--name", name, "--role", role, "--password-stdin"])
        .stdin(Stdio::piped())
        .spawn()
        .context("the server could not be started")?;
    if let Some(mut stdin) = child.stdin.take() {
        writeln!(stdin, "{DEMO_PASSWORD}")?;
    }
    if !child.wait()?.success() {
        bail!("the account {login} could not be made");
    }
    Ok(())
}

fn klientura(server: &Path, base: &Path) -> Command {
    let mut command = command(&server.to_string_lossy());
    command.env("DATABASE_URL", format!("sqlite:{}", base.display()));
    command
}
