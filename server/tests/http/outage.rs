//! The disk is full, the database is gone: what could not be written is said, and goes on when it can.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use axum::http::StatusCode;
use domain::change::Patch;
use domain::rights::Role;
use domain::words::{Lang, Word};
use serde_json::json;

use crate::office::{Browser, Office, PASSWORD};
use crate::program::{ask, run};

/// The status of a raw answer.
fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

struct Program {
    child: Child,
    address: String,
}

impl Program {
    /// Its files may not grow beyond so many blocks of 512 bytes: what is more is an error of the disk.
    fn start(dir: &std::path::Path, blocks: u64) -> Self {
        let script = format!("trap '' XFSZ; ulimit -S -f {blocks}; exec \"$0\" serve --listen 127.0.0.1:0");
        let mut child = Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_klientura")])
            .current_dir(dir)
            .env_remove("DATABASE_URL")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a server");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let address = line.trim().rsplit('/').next().expect("an address").to_string();
        Self { child, address }
    }

    fn unlimited(&self) {
        let done = Command::new("prlimit").args(["--pid", &self.child.id().to_string(), "--fsize=unlimited"]).status();
        assert!(done.expect("prlimit runs").success());
    }

    fn send(&self, method: &str, path: &str, cookie: &str, pairs: &[(&str, &str)]) -> String {
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let body = domain::list::encode(&pairs).trim_start_matches('?').to_string();
        ask(
            &self.address,
            &format!(
                "{method} {path} HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                 Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
                self.address,
                body.len()
            ),
        )
    }

    fn sign_in(&self) -> String {
        let answer = self.send("POST", "/login", "", &[("login", "anna"), ("password", PASSWORD)]);
        assert_eq!(status(&answer), "303", "{answer}");
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a session");
        cookie.split(';').next().expect("a pair").to_string()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_full_disk_is_said_and_the_next_write_succeeds_when_there_is_room() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    assert!(run(dir, &["migrate"], "").status.success());
    let add = ["user", "add", "anna", "--name", "Анна Крылова", "--role", "manager", "--password-stdin"];
    assert!(run(dir, &add, PASSWORD).status.success());
    // As large as the base is, and a little more.
    let size = std::fs::metadata(dir.join("klientura.db")).expect("the base").len();
    let server = Program::start(dir, size / 512 + 200);
    let cookie = server.sign_in();
    let address = "я".repeat(400);
    let mut made = 0;
    let full = (0..5_000).find_map(|turn| {
        let key = format!("k{turn}");
        let answer = server.send("POST", "/clients", &cookie, &[("address", &address), ("_key", &key)]);
        match status(&answer) {
            "303" => {
                made += 1;
                None
            }
            _ => Some(answer),
        }
    });
    let full = full.expect("there is room for so many only");
    assert_eq!(status(&full), "507", "{full}");
    assert!(full.contains("нет места"), "{full}");
    assert!(made > 0);
    // Reading goes on.
    let list = server.send("GET", "/clients", &cookie, &[]);
    assert_eq!(status(&list), "200");
    assert!(list.contains(&format!("data-id=\"{made}\"")));
    assert_eq!(status(&server.send("POST", "/clients", &cookie, &[("address", &address), ("_key", "again")])), "507");
    // There is room again: no restart.
    server.unlimited();
    for key in ["after", "after2"] {
        let answer = server.send("POST", "/clients", &cookie, &[("address", &address), ("_key", key)]);
        assert_eq!(status(&answer), "303", "{answer}");
    }
    assert!(!server.sign_in().is_empty());
    drop(server);
    assert!(run(dir, &["check"], "").status.success(), "nothing of what failed is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_gone_is_503_and_the_first_write_after_it_is_back_succeeds() {
    let (base, cluster) = store::testing::postgres_alone().await;
    let office = Office::on(base).await;
    let mut anna = office.anna().await;
    anna.client(&[("name", "Маяк")]).await;
    cluster.stop();
    let save = async |browser: &mut Browser, key: &str| browser.post("/clients", &[("_key", key)]).await;
    let page = save(&mut anna, "gone").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}", page.body);
    let sentence = Word::BaseUnavailable.text(Lang::Ru);
    let page = anna.get("/clients").await;
    assert_eq!((page.status, page.text("h1").as_str()), (StatusCode::SERVICE_UNAVAILABLE, sentence));
    let call = anna.call("list", json!({"section": "clients", "query": ""})).await;
    assert_eq!((call.status, call.body.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "\"Unavailable\""));
    let page = office.stranger().post("/login", &[("login", "anna"), ("password", PASSWORD)]).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}", page.body);
    let context = office.context_of(app::sections::registry().uncut(), 1, Role::Admin);
    let gone = store::write::create(&office.server.db, &context, &app::clients::section().key, Patch::default()).await;
    let store::write::Refusal::Store(error) = gone.expect_err("it is gone") else { panic!("another refusal") };
    assert!(error.is_unavailable(), "{error}");
    cluster.start();
    let page = save(&mut anna, "back").await;
    assert_eq!((page.status, page.location.as_deref()), (StatusCode::SEE_OTHER, Some("/clients/2?edit=name")));
    assert_eq!(anna.get("/clients").await.rows(), [2, 1]);
    cluster.stop();
}
