//! The binary `klientura`: its commands, started as a person starts them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output, Stdio};

pub fn klientura(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_klientura"));
    command.current_dir(dir).args(args).env_remove("DATABASE_URL").env_remove("KLIENTURA_LISTEN");
    command
}

pub fn run(dir: &Path, args: &[&str], stdin: &str) -> Output {
    let mut child = klientura(dir, args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("its input").write_all(stdin.as_bytes()).expect("a line");
    child.wait_with_output().expect("the program ends")
}

pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn ask(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("the server answers");
    stream.write_all(request.as_bytes()).expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn a_base_is_made_filled_and_served_from_an_empty_folder() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    // What is missing is named with the command that makes it.
    let refused = run(dir, &["serve"], "");
    assert!(!refused.status.success());
    assert!(said(&refused).contains("klientura migrate"), "{}", said(&refused));
    std::fs::write(dir.join("empty.db"), "").expect("a file");
    let refused = run(dir, &["serve", "--database-url", "sqlite:empty.db"], "");
    assert!(said(&refused).contains("run `klientura migrate`"), "{}", said(&refused));

    assert!(run(dir, &["migrate"], "").status.success());
    assert!(run(dir, &["migrate"], "").status.success(), "twice is once");
    assert!(dir.join("klientura.db").exists());
    let add = |login: &str, role: &str, stdin: &str| {
        run(dir, &["user", "add", login, "--name", "Анна Крылова", "--role", role, "--password-stdin"], stdin)
    };
    assert!(add("anna", "manager", "первый пароль\n").status.success());
    assert!(add("anna", "admin", "второй пароль").status.success(), "an existing login gets the new password");
    assert!(!add("anna", "king", "второй пароль\n").status.success());
    let refused = add("anna", "manager", "short\n");
    assert!(said(&refused).contains("8 to 200"), "{}", said(&refused));
    let seeded = run(dir, &["seed", "--clients", "30", "--seed", "2"], "");
    assert!(seeded.status.success(), "{}", said(&seeded));

    let mut server =
        klientura(dir, &["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().expect("a server");
    let mut line = String::new();
    BufReader::new(server.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    let address = line.trim().rsplit('/').next().expect("an address").to_string();
    let page = ask(&address, &format!("GET /login HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"));
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    let login = |password: &str| {
        let pairs = [("login".to_string(), "anna".to_string()), ("password".to_string(), password.to_string())];
        let body = domain::list::encode(&pairs).trim_start_matches('?').to_string();
        ask(
            &address,
            &format!(
                "POST /login HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            ),
        )
    };
    assert!(login("первый пароль").contains("problem=password"));
    let page = login("второй пароль");
    let cookie = page.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a session");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().expect("a pair");
    let page = ask(
        &address,
        &format!("GET /clients HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"),
    );
    assert!(page.contains("data-id=\"30\"") && page.contains("из 30"), "{page}");
    // The browser's side comes from the binary too, when it was built with one.
    if option_env!("KLIENTURA_SITE").is_some() {
        let at = page.find("href=\"/pkg/").expect("the stylesheet") + "href=\"".len();
        let css = page[at..].split('"').next().expect("its address");
        let css = ask(&address, &format!("GET {css} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"));
        assert!(css.starts_with("HTTP/1.1 200") && css.contains("text/css") && css.contains("immutable"), "{css}");
    }
    server.kill().expect("it stops");
    let _ = server.wait();
}
