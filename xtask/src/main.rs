//! The project's own commands: `cargo xtask run | test | build | bench`.

mod browser;
mod install;
#[cfg(test)]
mod rooms;
mod server;
mod shell;
mod test;
#[cfg(test)]
mod tidy;

use clap::{Parser, Subcommand};
use shell::Steps;

#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build what is missing and serve a demonstration base on loopback.
    Run {
        #[arg(long, default_value = "127.0.0.1:3000")]
        listen: String,
    },
    /// Format, lints, unit and integration tests, then the browser.
    Test {
        /// Leave the browser out.
        #[arg(long)]
        fast: bool,
        /// Run the browser tests only (what follows goes to Playwright).
        #[arg(long, conflicts_with = "fast")]
        browser: bool,
        #[arg(last = true)]
        playwright: Vec<String>,
    },
    /// Measure the release build: figures for BENCHMARKS.md, no test.
    Bench { what: Measured },
    /// Leave one self-contained server in the target directory.
    Build {
        #[arg(long)]
        release: bool,
    },
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Measured {
    /// Writing many records and one, beside statements written by hand for the same rows.
    Writes,
}

fn main() {
    let steps = Steps::start();
    let done = match Cli::parse().command {
        Command::Run { listen } => server::demonstration(&steps, &listen),
        Command::Test { fast: _, browser: true, playwright } => test::browser_only(&steps, &playwright),
        Command::Test { fast, .. } => test::all(&steps, fast),
        Command::Bench { what: Measured::Writes } => {
            shell::run(shell::cargo().args(["bench", "--package", "server", "--bench", "writes"]))
        }
        Command::Build { release } => server::build(&steps, release).map(|path| {
            steps.say(&format!("the server is {}", path.display()));
        }),
    };
    if let Err(problem) = done {
        eprintln!("{problem:#}");
        std::process::exit(1);
    }
}
