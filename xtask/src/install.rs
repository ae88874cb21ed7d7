//! What the project needs on the machine: found, else installed, else named with its command.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::shell::{self, Steps, cargo, command, run, succeeds};

/// Which compiler makes the WebAssembly.
pub enum Wasm {
    /// rustup's own, with its wasm32 target.
    Rustup,
    /// Debian's packages, with a standard library built once.
    Debian,
}

const TRIPLE: &str = "wasm32-unknown-unknown";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_LIB: &str = "/usr/lib/rustlib/wasm32-unknown-unknown/lib";
const DEBIAN_LLD: &str = "/usr/lib/llvm-22/bin/lld";
const DEBIAN_RUST_LLD: &str = "/usr/lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld";
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];

/// The wasm32 target: the installed one, else rustup's, else Debian's route.
pub fn wasm(steps: &Steps) -> Result<Wasm> {
    let sysroot = shell::read(command("rustc").args(["--print", "sysroot"]))?;
    let rustup_has_it = Path::new(sysroot.trim()).join("lib/rustlib").join(TRIPLE).join("lib").is_dir();
    if rustup_has_it {
        return Ok(Wasm::Rustup);
    }
    if debian_is_ready() {
        return Ok(Wasm::Debian);
    }
    steps.say("the wasm32 target is missing: rustup target add wasm32-unknown-unknown");
    if succeeds(command("rustup").args(["target", "add", TRIPLE])) {
        return Ok(Wasm::Rustup);
    }
    steps.say("rustup could not fetch it; taking Debian's compiler instead");
    apt(steps, &DEBIAN_PACKAGES)
        .context("the wasm32 target is missing: run `rustup target add wasm32-unknown-unknown`")?;
    steps.step("building the standard library for wasm32", build_std)?;
    Ok(Wasm::Debian)
}

fn debian_is_ready() -> bool {
    let has_std = fs::read_dir(DEBIAN_LIB)
        .is_ok_and(|files| files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd-")));
    has_std && Path::new(DEBIAN_RUSTC).exists() && Path::new(DEBIAN_RUST_LLD).exists()
}

/// Builds std from an empty crate, with bitcode (without it LTO fails), and puts it where rustc looks.
fn build_std() -> Result<()> {
    if !Path::new(DEBIAN_RUST_LLD).exists() {
        fs::create_dir_all(Path::new(DEBIAN_RUST_LLD).parent().unwrap_or(Path::new("/")))?;
        symlink(DEBIAN_LLD, DEBIAN_RUST_LLD).context("rust-lld could not be linked")?;
    }
    let dir = std::env::temp_dir().join(format!("klientura-std-{}", std::process::id()));
    fs::create_dir_all(dir.join("src"))?;
    fs::write(dir.join("Cargo.toml"), "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2021\"\n")?;
    fs::write(dir.join("src/lib.rs"), "")?;
    run(command(DEBIAN_CARGO)
        .current_dir(&dir)
        .args(["build", "--quiet", "-Zbuild-std=std,panic_abort", "--release", "--target", TRIPLE])
        .env("RUSTC", DEBIAN_RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", dir.join("target"))
        .env_remove("RUSTUP_TOOLCHAIN"))?;
    fs::create_dir_all(DEBIAN_LIB)?;
    for file in fs::read_dir(dir.join("target").join(TRIPLE).join("release/deps"))? {
        let path = file?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libempty") {
            fs::copy(&path, Path::new(DEBIAN_LIB).join(name))?;
        }
    }
    fs::remove_dir_all(&dir)?;
    Ok(())
}

/// A cargo that compiles for the browser.
pub fn wasm_cargo(wasm: &Wasm) -> std::process::Command {
    let mut cargo = cargo();
    if let Wasm::Debian = wasm {
        cargo.env("RUSTC", DEBIAN_RUSTC);
    }
    cargo
}

/// The npm packages of package-lock.json.
pub fn npm(steps: &Steps) -> Result<()> {
    let installed = shell::root().join("node_modules/.package-lock.json");
    let wanted = shell::root().join("package-lock.json");
    let age = |path: &Path| fs::metadata(path).and_then(|meta| meta.modified()).ok();
    if age(&installed).is_some_and(|have| age(&wanted).is_some_and(|want| have >= want)) {
        return Ok(());
    }
    steps.step("installing the npm packages", || {
        run(command("npm").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))
            .context("npm packages are missing: install node and npm, then run `npm ci`")
    })
}

/// Chromium, for the browser tests.
pub fn chromium(steps: &Steps) -> Result<PathBuf> {
    let candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    let found = || candidates.iter().map(PathBuf::from).find(|path| path.exists());
    if let Some(path) = found() {
        return Ok(path);
    }
    apt(steps, &["chromium"]).context("Chromium is missing: run `apt-get install chromium`")?;
    found().context("Chromium is missing: run `apt-get install chromium`")
}

/// PostgreSQL's server programs, for tests that start their own cluster.
pub fn postgres(steps: &Steps) -> Result<()> {
    let found = || {
        fs::read_dir("/usr/lib/postgresql")
            .is_ok_and(|versions| versions.flatten().any(|version| version.path().join("bin/initdb").exists()))
    };
    if found() {
        return Ok(());
    }
    let sentence = "PostgreSQL is missing: run `apt-get install postgresql`";
    apt(steps, &["postgresql"]).context(sentence)?;
    if !found() {
        bail!(sentence);
    }
    Ok(())
}

fn apt(steps: &Steps, packages: &[&str]) -> Result<()> {
    steps.step(&format!("apt-get install {}", packages.join(" ")), || {
        let apt = |args: &[&str]| {
            let mut apt = command("apt-get");
            apt.env("DEBIAN_FRONTEND", "noninteractive").args(args);
            run(&mut apt)
        };
        apt(&["update", "--quiet=2"])?;
        apt(&[&["install", "--yes", "--quiet=2", "--no-install-recommends"], packages].concat())
    })
}
