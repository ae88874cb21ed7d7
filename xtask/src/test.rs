//! All checks and tests, counted: the last line is `N passed, M failed`.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::shell::{Steps, cargo, command, root, run, target};
use crate::{browser, install, server};

#[derive(Default)]
struct Count {
    passed: u32,
    failed: u32,
}

pub fn all(steps: &Steps, fast: bool) -> Result<()> {
    let mut count = Count::default();
    install::postgres(steps)?;
    count.check(steps, "format", cargo().args(["fmt", "--all", "--check"]));
    browser::build(steps, false)?;
    count.check(
        steps,
        "clippy, the server's side",
        clippy(&mut cargo()).args(SERVER_SIDE).args(["--all-targets", "--", "-D", "warnings"]),
    );
    count.check(
        steps,
        "clippy, the browser's side",
        clippy(&mut cargo())
            .args(["--package", "frontend", "--target-dir"])
            .arg(target().join("browser"))
            .args(["--", "-D", "warnings"]),
    );
    let path = server::build(steps, false)?;
    let mut tests = cargo();
    tests.args(["test", "--no-fail-fast"]).args(SERVER_SIDE).env("KLIENTURA_SITE", browser::site(false));
    count.cargo_tests(steps, &mut tests)?;
    if !fast {
        count.playwright(steps, &path, &[])?;
    }
    count.say()
}

pub fn browser_only(steps: &Steps, args: &[String]) -> Result<()> {
    let path = server::build(steps, false)?;
    let mut count = Count::default();
    count.playwright(steps, &path, args)?;
    count.say()
}

const SERVER_SIDE: [&str; 10] =
    ["--package", "domain", "--package", "store", "--package", "app", "--package", "server", "--package", "xtask"];

fn clippy(cargo: &mut Command) -> &mut Command {
    cargo.args(["clippy", "--quiet"]).env("KLIENTURA_SITE", browser::site(false))
}

impl Count {
    /// A check that counts as one test.
    fn check(&mut self, steps: &Steps, what: &str, command: &mut Command) {
        match steps.step(what, || run(command)) {
            Ok(()) => self.passed += 1,
            Err(problem) => {
                println!("{problem:#}");
                self.failed += 1;
            }
        }
    }

    fn cargo_tests(&mut self, steps: &Steps, tests: &mut Command) -> Result<()> {
        let before = self.failed;
        let result = steps.step("unit and integration tests", || {
            self.watch(tests, |line, count| {
                // test result: ok. 12 passed; 0 failed; 0 ignored; …
                if let Some(rest) = line.strip_prefix("test result: ") {
                    count.passed += number_before(rest, " passed");
                    count.failed += number_before(rest, " failed");
                }
            })
        });
        // Tests that did not compile are a failure that no line has counted.
        if result.is_err() && self.failed == before {
            self.failed += 1;
        }
        Ok(())
    }

    fn playwright(&mut self, steps: &Steps, server: &std::path::Path, args: &[String]) -> Result<()> {
        install::npm(steps)?;
        let chromium = install::chromium(steps)?;
        let before = self.failed;
        let mut tests = command("npx");
        tests
            .args(["--no-install", "playwright", "test", "--config", "end2end/playwright.config.ts"])
            .args(args)
            .env("KLIENTURA_SERVER", server)
            .env("KLIENTURA_CHROMIUM", chromium)
            .current_dir(root());
        let result = steps.step("the browser's tests", || {
            self.watch(&mut tests, |line, count| {
                //   12 passed (30.1s)  /  2 failed  /  1 flaky
                let line = line.trim_start();
                count.passed += number_before(line, " passed") + number_before(line, " flaky");
                count.failed += number_before(line, " failed") + number_before(line, " did not run");
            })
        });
        if result.is_err() && self.failed == before {
            self.failed += 1;
        }
        Ok(())
    }

    /// Runs it, shows its output as it comes and counts in it.
    fn watch(&mut self, command: &mut Command, mut read: impl FnMut(&str, &mut Count)) -> Result<()> {
        let mut child =
            command.stdout(Stdio::piped()).spawn().with_context(|| format!("{command:?} could not be started"))?;
        let stdout = child.stdout.take().context("no output")?;
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            println!("{line}");
            read(&line, self);
        }
        let status = child.wait()?;
        if !status.success() {
            bail!("tests failed");
        }
        Ok(())
    }

    fn say(&self) -> Result<()> {
        println!("{} passed, {} failed", self.passed, self.failed);
        if self.failed > 0 {
            std::process::exit(1);
        }
        Ok(())
    }
}

/// The number that stands right before `word` and opens the line or follows a blank: 12 in "ok. 12 passed".
fn number_before(line: &str, word: &str) -> u32 {
    line.find(word).and_then(|at| line[..at].rsplit(' ').next()?.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::number_before;

    #[test]
    fn counts_are_read_from_both_runners() {
        assert_eq!(number_before("ok. 12 passed; 0 failed; 1 ignored", " passed"), 12);
        assert_eq!(number_before("FAILED. 12 passed; 3 failed;", " failed"), 3);
        assert_eq!(number_before("7 passed (30.1s)", " passed"), 7);
        assert_eq!(number_before("a test that passed", " passed"), 0);
    }
}
