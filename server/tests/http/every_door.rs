//! Every door and every server function that there is, taken from the router and from the list of server functions:
//! a new one is in here without being listed. Each is opened by nobody, by a manager with own records only and a field
//! hidden, with what would do something and with what cannot be read.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::hostile::bodies;
use crate::office::{Office, Page};
use crate::world::{FOREIGN, FORM, HIDDEN, JSON, World, addresses, form, shape};

/// These change by being asked: when a session was seen, keys, what is told of changes.
const OF_ITS_OWN: [&str; 5] = ["session", "idempotency", "attempt", "draft", "known_address"];

async fn rows(world: &World) -> BTreeSet<String> {
    store::testing::rows(&world.office.base.db, &OF_ITS_OWN).await
}

fn told(page: &Page, what: &str) {
    assert!(!page.status.is_server_error(), "{what}: {} {}", page.status, page.body);
    assert!(!page.body.contains(FOREIGN), "{what} tells of another's: {}", page.body);
    assert!(!page.body.contains(HIDDEN), "{what} tells what is hidden: {}", page.body);
    for (name, value) in &page.headers {
        assert!(!String::from_utf8_lossy(value.as_bytes()).contains(HIDDEN), "{what}: {name}");
    }
}

/// What there was is as it was, and what has come is of no record but dima's.
async fn untouched(world: &World, before: &BTreeSet<String>, what: &str) {
    let after = rows(world).await;
    // Where a door has changed one's own language, view or client, that is what it is for.
    let own = |row: &&String| {
        ["user_view", "counter", "feed_head", "operation", "operation_item"]
            .iter()
            .any(|table| row.starts_with(&format!("{table}:")))
            || row.contains("Своё")
            || row.contains("dima")
    };
    let gone: Vec<&String> = before.difference(&after).filter(|row| !own(row)).collect();
    assert!(gone.is_empty(), "{what}: {gone:?}");
    for (section, id) in &world.foreign {
        let of = format!(",{section},{id},");
        let changes = |rows: &BTreeSet<String>| {
            let of_record = |row: &&String| row.starts_with("change:") && row.replace('\'', "").contains(&of);
            rows.iter().filter(of_record).count()
        };
        assert_eq!(changes(&after), changes(before), "{what}: {section} {id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_in_by_any_door_or_call() {
    for office in Office::both().await {
        let world = World::on(office).await;
        let mut nobody = world.office.stranger();
        let before = rows(&world).await;
        let calls = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_string());
        let forms = addresses(&world).into_iter();
        for path in forms.chain(calls) {
            for (method, body, headers) in [
                (Method::GET, String::new(), &[][..]),
                (Method::POST, form(&world, world.foreign[0].1), &FORM[..]),
                (Method::POST, "{}".to_string(), &JSON[..]),
            ] {
                let what = format!("{method} {path}");
                let page = nobody.send(method, &path, Body::from(body), headers).await;
                told(&page, &what);
                let is_open =
                    ["/login", "/logout", "/favicon.svg"].contains(&path.as_str()) || path.starts_with("/pkg/");
                let to_sign_in = page.location.as_deref().is_some_and(|to| to.starts_with("/login"));
                let is_closed =
                    page.status == StatusCode::UNAUTHORIZED || page.status == StatusCode::METHOD_NOT_ALLOWED;
                assert!(is_open || is_closed || to_sign_in, "{what}: {}", page.status);
                nobody.cookie = None;
            }
            assert_eq!(rows(&world).await, before, "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_door_or_call_gives_or_changes_what_is_not_ones_own() {
    for office in Office::both().await {
        let world = World::on(office).await;
        let mut dima = world.office.browser("dima").await;
        let before = rows(&world).await;
        for path in addresses(&world) {
            for (method, body) in [
                (Method::GET, String::new()),
                (Method::POST, form(&world, world.foreign[0].1)),
                (Method::POST, form(&world, world.own)),
            ] {
                let what = format!("{method} {path}");
                let page = dima.send(method, &path, Body::from(body), &FORM).await;
                told(&page, &what);
                untouched(&world, &before, &what).await;
                if dima.cookie.is_none() || path.starts_with("/log") {
                    dima = world.office.browser("dima").await;
                }
            }
        }
        for (path, _) in leptos::server_fn::axum::server_fn_paths() {
            let shape = shape(&mut dima, path).await;
            let mut key = 0;
            for record in &world.records() {
                for mut arguments in world.ways(&shape, record, "") {
                    key += 1;
                    if arguments.get("key").is_some() {
                        arguments["key"] = json!(format!("{path}{key}"));
                    }
                    let page = dima.send(Method::POST, path, Body::from(arguments.to_string()), &JSON).await;
                    told(&page, &format!("{path} {arguments}"));
                }
            }
            untouched(&world, &before, path).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_door_fails_at_what_cannot_be_read() {
    for office in Office::both().await {
        let world = World::on(office).await;
        let mut dima = world.office.browser("dima").await;
        let before = rows(&world).await;
        for (kind, body) in bodies() {
            for path in addresses(&world) {
                let page = dima.send(Method::POST, &path, Body::from(body.clone()), &FORM).await;
                told(&page, &format!("{path}, {kind}"));
                if dima.cookie.is_none() {
                    dima = world.office.browser("dima").await;
                }
            }
            untouched(&world, &before, kind).await;
        }
    }
}
