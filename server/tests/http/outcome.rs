//! What a request leaves behind that is not in its answer: whether it was written when nobody waited for it any more,
//! and its place in the log.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use serde_json::json;
use store::{Db, Error, values};

use crate::office::Office;

/// Longer than a request may take.
const SLOW: Duration = Duration::from_millis(domain::limits::REQUEST_MS_MAX + 1_500);

/// From now on what is written comes too late for its answer.
async fn slow_down(office: &Office) {
    let db = office.server.db.clone();
    if let Db::Sqlite { .. } = db {
        let (begun, held) = tokio::sync::oneshot::channel();
        let begun = Arc::new(Mutex::new(Some(begun)));
        tokio::spawn(async move {
            db.write(move |_| {
                let begun = begun.lock().expect("a lock").take();
                Box::pin(async move {
                    let _ = begun.map(|begun| begun.send(()));
                    tokio::time::sleep(SLOW).await;
                    Ok::<_, Error>(())
                })
            })
            .await
        });
        return held.await.expect("the writer is busy");
    }
    for sql in [
        "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $late$ BEGIN PERFORM pg_sleep(11.5); RETURN NULL; \
         END $late$",
        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON change DEFERRABLE INITIALLY DEFERRED FOR EACH ROW \
         EXECUTE FUNCTION late()",
    ] {
        let done = db.write(move |conn| Box::pin(async move { conn.execute(sql, values![]).await.map(drop) })).await;
        done.map_err(|error: Error| error.to_string()).expect("a slow base");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_too_late_is_looked_up_by_its_key() {
    let mut stories = tokio::task::JoinSet::new();
    for office in Office::both().await {
        stories.spawn(too_late(office));
    }
    while let Some(told) = stories.join_next().await {
        told.expect("its story");
    }
}

async fn too_late(office: Office) {
    let mut anna = office.anna().await;
    let mut dima = office.browser("dima").await;
    let (one, two) = (anna.client(&[("name", "Маяк")]).await, anna.client(&[("name", "Полюс")]).await);
    let before = office.changes().await;
    let version = anna.get(&format!("/clients/{one}?edit=phone")).await.attribute("input[name=_version]", "value");
    slow_down(&office).await;
    let edit = json!({"edit": {"section": "clients", "id": two, "version": version.parse::<i64>().expect("a number"),
        "key": "by-call", "field": "phone", "typed": "214", "accept": false}});
    let (mut by_call, mut by_form) = (anna.clone(), anna.clone());
    let path = format!("/clients/{one}");
    let form = [("_key", "by-form"), ("_version", version.as_str()), ("phone", "215")];
    let (call, form) = tokio::join!(by_call.call("save", edit.clone()), by_form.post(&path, &form));
    assert_eq!((call.status, call.body.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "\"Unknown\""));
    assert_eq!(form.status, StatusCode::SERVICE_UNAVAILABLE, "{}", form.body);
    assert!(form.text("h1").contains("еизвестно"), "{}", form.body);
    let look = form.attribute("a", "href");
    assert_eq!(look, "/sent/by-form");
    // Nobody is told of another's.
    assert!(!dima.get(&look).await.has("a[href^='/clients/']"));
    let until = Instant::now() + Duration::from_secs(60);
    let found = loop {
        let page = anna.get(&look).await;
        assert_eq!(page.status, StatusCode::OK);
        if page.has("a[href^='/clients/']") {
            break page;
        }
        assert!(page.headers.contains_key("refresh"), "it looks again by itself");
        assert!(Instant::now() < until, "{}", page.body);
        tokio::time::sleep(Duration::from_millis(300)).await;
    };
    assert_eq!(found.attribute("a", "href"), path);
    while office.changes().await < before + 2 {
        assert!(Instant::now() < until, "the call's change is written too");
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    // The browser sends it again: it was done, and is done once.
    let again = anna.call("save", edit).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.body);
    assert_eq!(office.changes().await, before + 2);
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a lock").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// On one thread, so that the log of this test is its own.
#[tokio::test]
async fn a_request_has_its_place_in_the_log() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::INFO)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::CLOSE)
        .with_writer(move || writer.clone())
        .finish();
    // With one subscriber alone, a place that another test reaches first would be taken for one that nobody hears.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let _here = tracing::subscriber::set_default(subscriber);
    let office = Office::both().await.remove(0);
    let mut anna = office.anna().await;
    let id = anna.client(&[("name", "Маяк")]).await;
    let page = anna.post(&format!("/clients/{id}/trash"), &[("_key", "trash")]).await;
    let request = page.headers["x-request-id"].to_str().expect("text").to_string();
    // A request is over when the last thread has let go of it, SQLite's among them.
    let written = || String::from_utf8(log.0.lock().expect("a lock").clone()).expect("text");
    for _ in 0..250 {
        if written().contains(&request) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let log = written();
    let line = log.lines().find(|line| line.contains(&request)).unwrap_or_else(|| panic!("no {request}: {log}"));
    for part in ["section=\"clients\"", "user=2", "operation=\"", "method=POST", &format!("/clients/{id}/trash")] {
        assert!(line.contains(part), "{part}: {line}");
    }
    assert_ne!(anna.get("/clients").await.headers["x-request-id"], request.as_str());
}
