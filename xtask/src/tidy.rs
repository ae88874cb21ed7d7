//! What the code is deliberately without, watched.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::root;

struct Source {
    /// From the workspace's root.
    path: String,
    lines: Vec<String>,
}

/// All Rust files but the tests' own and this one.
fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    for place in ["app", "server/src", "frontend/src", "xtask/src"] {
        collect(&root().join(place), &mut found);
    }
    assert!(found.len() > 60, "{} files", found.len());
    found
}

fn collect(dir: &Path, found: &mut Vec<Source>) {
    let entries: Vec<PathBuf> = fs::read_dir(dir).expect("a folder").flatten().map(|entry| entry.path()).collect();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && name != "tests" && name != "target" {
            collect(&path, found);
        } else if name.ends_with(".rs") && name != "tidy.rs" {
            let text = fs::read_to_string(&path).expect("a file");
            // The tests of a file stand at its end.
            let code = text.split("\n#[cfg(test)]\n").next().unwrap_or_default();
            let path = path.strip_prefix(root()).expect("inside").to_string_lossy().into_owned();
            found.push(Source { path, lines: code.lines().map(str::to_string).collect() });
        }
    }
}

/// Nothing of `words` stands in code of files that `inside` picks.
fn without(inside: impl Fn(&str) -> bool, words: &[&str], why: &str) {
    let mut faults = Vec::new();
    let mut looked = 0;
    for source in sources().iter().filter(|source| inside(&source.path)) {
        looked += 1;
        for (number, line) in source.lines.iter().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if let Some(word) = words.iter().find(|word| code.contains(**word)) {
                faults.push(format!("{}:{}: {word}: {why}", source.path, number + 1));
            }
        }
    }
    assert!(looked > 0, "no file was looked into: {why}");
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_domain_is_pure() {
    let words = ["leptos", "sqlx", "sea_query", "tokio", "async ", "SystemTime", "Instant::now"];
    without(|path| path.starts_with("app/domain/"), &words, "the domain knows no page, no database and no clock");
}

#[test]
fn the_engine_names_no_section() {
    let engine = |path: &str| path.starts_with("app/domain/src/") || path.starts_with("app/store/src/");
    without(engine, &["clients", "Client", "contacts", "deals"], "the engine knows no section");
    // The words of the interface may say it.
    let silent = |path: &str| engine(path) && path != "app/domain/src/words/table.rs";
    without(silent, &["responsible"], "the engine knows no field of a section");
    let pages = |path: &str| {
        ["table", "card", "bulk", "workshop"].iter().any(|place| path.starts_with(&format!("app/src/{place}/")))
    };
    without(pages, &["crate::clients", "\"clients\"", "\"responsible\""], "pages of any section name none");
    // What only some sections are about, as words of their own: `talked` counts, `stalked` does not.
    let words = ["talk", "rhythm", "note", "reminder", "client", "contact", "deal", "order_line", "requisite"];
    let mut faults = Vec::new();
    for source in sources()
        .iter()
        .filter(|source| (silent(&source.path) || pages(&source.path)) && !source.path.contains("/testing"))
    {
        for (number, line) in source.lines.iter().enumerate() {
            // The width of a window has nothing to do with clients.
            let code = line
                .split("//")
                .next()
                .unwrap_or_default()
                .to_lowercase()
                .replace("client_", "")
                .replace("_client_rect", "");
            let parts = code.split(|c: char| !c.is_alphanumeric());
            let found =
                parts.map(|part| part.trim_end_matches("ed").trim_end_matches('s')).find(|part| words.contains(part));
            faults.extend(found.map(|word| format!("{}:{}: {word}", source.path, number + 1)));
        }
    }
    assert!(faults.is_empty(), "the engine has no words of a section:\n{}", faults.join("\n"));
}

#[test]
fn pieces_of_the_interface_know_nothing_of_the_business() {
    without(|path| path.starts_with("app/src/ui/"), &["crate::", "domain::", "store::"], "ui could be published alone");
}

#[test]
fn sql_stands_in_its_place() {
    let place = |path: &str| path.starts_with("app/store/src/") || path.ends_with("/queries.rs");
    let words = ["\"SELECT ", "\"INSERT ", "\"UPDATE ", "\"DELETE ", "sea_query::"];
    without(|path| !place(path), &words, "SQL stands in store and in queries.rs");
    without(
        |path| !["app/store/src/db.rs", "app/store/src/plans.rs", "app/store/src/testing.rs"].contains(&path),
        &["AssertSqlSafe("],
        "one place vouches for SQL",
    );
    let stars = ["SELECT *", "RETURNING *", "COUNT(*)"];
    without(|_| true, &stars, "a star breaks when a column is added");
    without(|path| place(path), &["LIKE "], "LIKE folds letters differently on each database");
    let ddl = ["ALTER TABLE", "CREATE TABLE", "CREATE INDEX"];
    without(|path| path != "app/store/src/ddl.rs", &ddl, "tables are made in store::ddl");
}

#[test]
fn what_a_process_does_beside_requests_is_counted_and_logged() {
    let says = |path: &str| path != "server/src/main.rs" && !path.ends_with("build.rs") && !path.starts_with("xtask/");
    without(says, &["println!", "dbg!"], "it goes to the log; only the program itself speaks to a terminal");
    let spawns = |path: &str| path != "app/store/src/db.rs" && path != "server/src/main.rs";
    without(spawns, &["tokio::spawn("], "`Lifecycle::spawn` counts it, so that the process waits for its end");
}

#[test]
fn inputs_are_uncontrolled_and_text_areas_escaped() {
    without(
        |path| path.starts_with("app/src/"),
        &["prop:value", "bind:value", "style=", "style:"],
        "it wipes what was typed, or breaks the policy",
    );
    without(
        |path| path.starts_with("app/src/") && path != "app/src/ui/text_area.rs",
        &["<textarea"],
        "Leptos does not escape its children",
    );
    let raw = |path: &str| path == "app/src/ui/text_area.rs" || path == "app/src/shell.rs";
    without(|path| path.starts_with("app/src/") && !raw(path), &["inner_html"], "raw HTML");
    without(
        |path| path.starts_with("app/src/") && path != "app/src/ui/title.rs",
        &["leptos_meta::Title"],
        "leptos_meta does not escape it",
    );
}

#[test]
fn no_module_is_called_after_nothing() {
    for source in sources() {
        let name = source.path.rsplit('/').next().unwrap_or_default();
        for banned in ["utils", "util", "helpers", "common", "misc", "types", "manager"] {
            assert_ne!(name, format!("{banned}.rs"), "{}", source.path);
            assert!(!source.path.contains(&format!("/{banned}/")), "{}", source.path);
        }
    }
}

/// A new kind is a file of its own and these three places: the compiler lists what it lacks.
#[test]
fn kinds_are_listed_in_three_places_only() {
    let mut places = Vec::new();
    for source in sources() {
        let all = ["Kind::LongText", "Kind::Money", "Kind::Kpp"];
        let lists = all.iter().all(|kind| source.lines.iter().any(|line| line.contains(kind)));
        if lists {
            places.push(source.path);
        }
    }
    places.sort();
    assert_eq!(places, ["app/src/card/input.rs", "app/src/values/of_kind.rs", "app/store/src/storage.rs"]);
}

#[test]
fn every_migration_has_its_twin() {
    let names = |dir: &str| {
        let mut names: Vec<String> = fs::read_dir(root().join("migrations").join(dir))
            .expect("migrations")
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}
