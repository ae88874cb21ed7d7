//! How the process ends, how a base is migrated, and what a program refuses to open.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::program::{klientura, run, said};

#[test]
fn sigterm_ends_it_whatever_a_client_holds_open() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    assert!(run(dir, &["migrate"], "").status.success());
    let mut server =
        klientura(dir, &["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().expect("a server");
    let mut line = String::new();
    BufReader::new(server.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    let address = line.trim().rsplit('/').next().expect("an address").to_string();
    // One says nothing, one half a request, one half a body.
    let connect = |text: &str| {
        let mut stream = TcpStream::connect(&address).expect("the server answers");
        stream.write_all(text.as_bytes()).expect("sent");
        stream
    };
    let open = [
        connect(""),
        connect("GET /login HTTP/1.1\r\nHost: a\r\n"),
        connect(
            "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nlogin=a",
        ),
    ];
    std::thread::sleep(Duration::from_millis(200));
    let pid = server.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
    let until = Instant::now() + Duration::from_secs(60);
    let status = loop {
        if let Some(status) = server.try_wait().expect("a status") {
            break status;
        }
        assert!(Instant::now() < until, "it does not end");
        std::thread::sleep(Duration::from_millis(100));
    };
    assert!(status.success(), "{status}");
    drop(open);
}

#[test]
fn two_migrations_at_once_and_one_that_is_killed_leave_a_whole_base() {
    for kill_after_ms in [None, Some(0), Some(20), Some(60), Some(120), Some(250)] {
        let dir = tempfile::tempdir().expect("a folder");
        let dir = dir.path();
        if let Some(ms) = kill_after_ms {
            let mut child = klientura(dir, &["migrate"]).stderr(Stdio::null()).spawn().expect("a program");
            std::thread::sleep(Duration::from_millis(ms));
            let _ = child.kill();
            let _ = child.wait();
        }
        let both: Vec<_> =
            (0..2).map(|_| klientura(dir, &["migrate"]).stderr(Stdio::piped()).spawn().expect("a program")).collect();
        for child in both {
            let output = child.wait_with_output().expect("it ends");
            assert!(output.status.success(), "{kill_after_ms:?}: {}", said(&output));
        }
        assert!(run(dir, &["check"], "").status.success());
        // Nobody else reads the base, nor what SQLite keeps beside it.
        for file in std::fs::read_dir(dir).expect("the folder").flatten() {
            let mode = file.metadata().expect("a file").permissions().mode();
            assert_eq!(mode & 0o077, 0, "{:?}", file.path());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_base_that_is_newer_or_lacks_a_step_is_refused_with_a_sentence() {
    for base in store::testing::both().await {
        let steps = async |sql: &'static str| {
            base.db
                .write(move |conn| Box::pin(async move { conn.execute(sql, store::values![]).await.map(drop) }))
                .await
                .expect("changed")
        };
        steps("UPDATE _sqlx_migrations SET version = version + 1000 WHERE version = 3").await;
        let refused = store::Db::connect(&base.address).await.expect_err("as many steps, but not these");
        assert!(refused.to_string().contains("newer Klientura"), "{refused}");
        let refused = store::Db::migrate(&base.address).await.expect_err("nothing is gone back on");
        assert!(refused.to_string().contains("newer Klientura"), "{refused}");
        steps("DELETE FROM _sqlx_migrations WHERE version > 1000").await;
        let refused = store::Db::connect(&base.address).await.expect_err("a step is missing");
        assert!(refused.to_string().contains("klientura migrate"), "{refused}");
    }
}

/// Who sends nothing, half a request or half a body, or reads nothing, is closed; meanwhile others are answered.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_go_nowhere_are_closed_and_keep_out_nobody() {
    use server::connections::{Limits, serve};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let office = crate::office::Office::both().await.remove(0);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let limits = Limits {
        of_address_max: 250,
        headers: Duration::from_millis(1500),
        writing: Duration::from_millis(1500),
        ..Limits::default()
    };
    let server = office.server.clone();
    let serving =
        tokio::spawn(async move { serve(listener, server::http::router(server.clone()), &server, limits).await });
    let connect = async |text: &str| {
        let mut stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
        stream.write_all(text.as_bytes()).await.expect("sent");
        stream
    };
    let mut open = Vec::new();
    for _ in 0..100 {
        open.push(connect("").await);
        open.push(connect("GET /login HTTP/1.1\r\nHost: a\r\nX: ").await);
    }
    // Idle after an answer.
    open.push(connect("GET /login HTTP/1.1\r\nHost: a\r\n\r\n").await);
    let answered = async |mut stream: tokio::net::TcpStream| {
        let mut answer = Vec::new();
        // A connection that is cut off may be an error here: it is over either way.
        let _ =
            tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut answer)).await.expect("it is closed");
        String::from_utf8_lossy(&answer).into_owned()
    };
    let page = answered(connect("GET /login HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await).await;
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    let idle = answered(open.pop().expect("one")).await;
    assert!(idle.starts_with("HTTP/1.1 200"), "{idle}");
    for stream in open {
        let said = answered(stream).await;
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 4"), "{said}");
    }
    // One that asks for much and reads nothing of it: little of it fits between the two.
    let deaf = tokio::net::TcpSocket::new_v4().expect("a socket");
    deaf.set_recv_buffer_size(4096).expect("a small one");
    let mut deaf = deaf.connect(address).await.expect("a connection");
    deaf.write_all("GET /login HTTP/1.1\r\nHost: a\r\n\r\n".repeat(5000).as_bytes()).await.expect("sent");
    tokio::time::sleep(Duration::from_secs(6)).await;
    let mut heard = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(30), deaf.read_to_end(&mut heard)).await.expect("it is closed");
    let answers = String::from_utf8_lossy(&heard).matches("HTTP/1.1 200").count();
    assert!(answers < 5000, "{answers} answers to somebody who did not read");
    office.server.lifecycle.stop();
    tokio::time::timeout(Duration::from_secs(10), serving).await.expect("it ends").expect("and well");
}
