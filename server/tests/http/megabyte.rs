//! A megabyte of whatever can be sent takes no more than a fixed multiple of what a hundred kilobytes take: nothing
//! compares each part with each. Doors, calls and their arguments are taken from the program's own lists.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::office::{Browser, Office};
use crate::world::{FORM, JSON, World, addresses, shape};

/// Ten times as much may take so many times as long; what compares each with each takes a hundred times.
const TIMES_MAX: u32 = 35;
/// What is quicker than this is not compared: it is other people's work that is measured then.
const NOISE: Duration = Duration::from_millis(15);
const MANY: usize = 1_000_000;

/// Many parts of a form or of a query, in about so many bytes.
fn parts(bytes: usize) -> Vec<(&'static str, String)> {
    let many = |part: &dyn Fn(usize) -> String| {
        let mut text = String::new();
        let mut place = 0;
        while text.len() < bytes {
            text.push_str(&part(place));
            place += 1;
        }
        text
    };
    vec![
        ("unknown names", many(&|place| format!("a{place}=1&"))),
        ("one name", many(&|place| format!("name={place}&"))),
        ("conditions", many(&|place| format!("inn.is={place}&"))),
        ("columns", format!("cols={}", many(&|place| format!("c{place},")))),
        ("lines", format!("name=x&phone={}", many(&|place| format!("{place}%0A")))),
        ("accepted", many(&|place| format!("_accept=f{place}&"))),
        ("picked", many(&|place| format!("ids={place}&"))),
        ("a word", format!("name={}", "щ".repeat(bytes / 2))),
        ("mentions", format!("text={}", many(&|place| format!("@u{place} ")))),
        ("escapes", format!("name={}", "%D0%AB".repeat(bytes / 6))),
    ]
}

/// Values of many parts for an argument, in about so many bytes.
fn values(guess: &Json, bytes: usize) -> Vec<Json> {
    match guess {
        Json::String(_) => parts(bytes).into_iter().take(3).map(|(_, text)| json!(text)).collect(),
        Json::Array(_) => vec![
            (0..bytes as i64 / 8).collect::<Vec<i64>>().into(),
            (0..bytes / 14).map(|place| json!([format!("f{place}"), "x"])).collect::<Vec<_>>().into(),
            (0..bytes / 10).map(|place| json!(format!("f{place}"))).collect::<Vec<_>>().into(),
        ],
        _ => Vec::new(),
    }
}

/// The arguments with one of them many: each in its turn, however deep it stands.
fn swollen(shape: &Json, bytes: usize) -> Vec<Json> {
    let Json::Object(fields) = shape else { return values(shape, bytes) };
    let one = |(name, guess): (&String, &Json)| {
        let with = |value: Json| {
            let mut fields = fields.clone();
            fields.insert(name.clone(), value);
            Json::Object(fields)
        };
        swollen(guess, bytes).into_iter().map(with).collect::<Vec<_>>()
    };
    fields.iter().flat_map(one).collect()
}

async fn takes(browser: &mut Browser, method: &Method, path: &str, body: &str, headers: &[(&str, &str)]) -> Duration {
    let began = Instant::now();
    let page = browser.send(method.clone(), path, Body::from(body.to_string()), headers).await;
    assert!(
        !page.status.is_server_error(),
        "{method} {path} {}: {}",
        body.chars().take(80).collect::<String>(),
        page.status
    );
    began.elapsed()
}

/// Sends both, and again where it looks bad: others may have been at work.
async fn compared(browser: &mut Browser, path: &str, what: &str, [few, many]: [&str; 2], headers: &[(&str, &str)]) {
    let mut best = [Duration::MAX; 2];
    for _ in 0..3 {
        for (best, body) in best.iter_mut().zip([few, many]) {
            *best = takes(browser, &Method::POST, path, body, headers).await.min(*best);
        }
        if best[1] <= NOISE.max(best[0]) * TIMES_MAX {
            return;
        }
    }
    panic!("{path}, {what}: {:?} for a tenth of it, {:?} for all", best[0], best[1]);
}

/// A world on each database, and anna's browser there: what is sent goes to one of them, in turn.
async fn worlds() -> Vec<(World, Browser)> {
    let mut worlds = Vec::new();
    for office in Office::both().await {
        let world = World::on(office).await;
        let anna = world.office.anna().await;
        worlds.push((world, anna));
    }
    worlds
}

/// The doors of one section: the others have the same.
fn of_clients(world: &World) -> Vec<String> {
    let elsewhere = ["/contacts", "/notes", "/reminders"];
    let doors = addresses(world).into_iter();
    doors.filter(|path| path != "/logout" && !elsewhere.iter().any(|other| path.starts_with(other))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_door_compares_each_part_with_each() {
    let mut worlds = worlds().await;
    let doors = of_clients(&worlds[0].0);
    let parts: Vec<_> = parts(MANY / 10).into_iter().zip(parts(MANY)).collect();
    for (turn, (path, ((what, few), (_, many)))) in
        doors.iter().flat_map(|path| parts.iter().map(move |part| (path, part))).enumerate()
    {
        let (world, anna) = &mut worlds[turn % 2];
        compared(anna, path, what, [few, many], &FORM).await;
        if anna.cookie.is_none() {
            *anna = world.office.anna().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_compares_each_part_with_each() {
    let mut worlds = worlds().await;
    let mut turn = 0;
    for (path, _) in leptos::server_fn::axum::server_fn_paths() {
        let shape = shape(&mut worlds[0].1, path).await;
        for (few, many) in swollen(&shape, MANY / 10).into_iter().zip(swollen(&shape, MANY)) {
            let what = few.to_string().chars().take(80).collect::<String>();
            turn += 1;
            compared(&mut worlds[turn % 2].1, path, &what, [&few.to_string(), &many.to_string()], &JSON).await;
        }
    }
}

/// An address is at most 64 KB long before anything reads it.
#[tokio::test(flavor = "multi_thread")]
async fn no_address_cookie_or_header_is_compared_each_part_with_each() {
    let world = World::on(Office::both().await.remove(0)).await;
    let mut anna = world.office.anna().await;
    let cookie = anna.cookie.clone().expect("a session");
    for path in of_clients(&world) {
        for ((what, few), (_, many)) in parts(6_000).into_iter().zip(parts(60_000)) {
            let mut best = [Duration::MAX; 2];
            for (best, query) in best.iter_mut().zip([few, many]) {
                let address = format!("{path}?{}", query.replace(' ', "+").replace('щ', "%D1%89"));
                *best = takes(&mut anna, &Method::GET, address.get(..64_000).unwrap_or(&address), "", &[]).await;
            }
            assert!(best[1] <= NOISE.max(best[0]) * TIMES_MAX, "{path}, {what}: {best:?}");
        }
    }
    let many = |bytes: usize, part: &dyn Fn(usize) -> String| (0..bytes / 12).map(part).collect::<String>();
    for name in
        ["cookie", "accept-language", "user-agent", "origin", "referer", "content-type", "x-forwarded-for", "range"]
    {
        let [few, many] = [MANY / 10, MANY].map(|bytes| many(bytes, &|place| format!("k{place}=1, v; ")));
        let mut stranger = world.office.stranger();
        for path in ["/login", "/clients"] {
            compared_headers(&mut stranger, path, name, [&few, &many]).await;
        }
        let session = (name == "cookie").then(|| [few, many].map(|text| format!("{text}{cookie}")));
        if let Some([few, many]) = session {
            compared_headers(&mut world.office.stranger(), "/clients", name, [&few, &many]).await;
        }
    }
}

async fn compared_headers(browser: &mut Browser, path: &str, name: &str, [few, many]: [&str; 2]) {
    let mut best = [Duration::MAX; 2];
    for (best, value) in best.iter_mut().zip([few, many]) {
        *best = takes(browser, &Method::GET, path, "", &[(name, value)]).await;
    }
    assert!(best[1] <= NOISE.max(best[0]) * TIMES_MAX, "{path}, {name}: {best:?}");
}
