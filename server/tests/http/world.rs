//! A client with everything that hangs on it, of which one manager may see nothing; and every door and every server
//! function that there is, taken from the router and from the list of server functions, with arguments that fit.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use crate::office::{Browser, Office, Page};

/// Texts that only some may read.
pub const FOREIGN: &str = "Чужестранцев";
/// What is asked for is a part of it: answers say again what they were asked, and what one calls one's own by it is no
/// other's.
const SOUGHT: &str = "Чужестран";
pub const HIDDEN: &str = "500100732259";
/// What is written would stand so.
const WRITTEN: &str = "Взломано";
pub const JSON: [(&str, &str); 2] = [("content-type", "application/json"), ("accept", "application/json")];
pub const FORM: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];

/// Anna's client with everything that hangs on it, and dima's own.
pub struct World {
    pub office: Office,
    /// Of every section, the record that is not dima's.
    pub foreign: Vec<(String, i64)>,
    pub own: i64,
    /// The operation that made the foreign client's name, and the number of that change.
    op: String,
    seq: i64,
}

async fn made(browser: &mut Browser, section: &str, pairs: Json) -> i64 {
    let page = browser.call("add", json!({"section": section, "pairs": pairs})).await;
    assert_eq!(page.status, StatusCode::OK, "{section}: {}", page.body);
    let (made, _): (i64, Option<i64>) = serde_json::from_str(&page.body).expect("a number and a change");
    made
}

impl World {
    pub async fn on(office: Office) -> Self {
        let mut anna = office.anna().await;
        let client = anna.client(&[("name", FOREIGN), ("inn", "7707083893")]).await;
        let of_client = client.to_string();
        let contact =
            made(&mut anna, "contacts", json!([["name", format!("{FOREIGN} Пётр")], ["clients", of_client]])).await;
        let note = made(
            &mut anna,
            "notes",
            json!([["text", format!("{FOREIGN} просил, @dima")], ["client", of_client], ["kind", "1"]]),
        )
        .await;
        let reminder = made(
            &mut anna,
            "reminders",
            json!([["note", FOREIGN], ["client", of_client], ["date", "2030-01-01"], ["time", "10:00"]]),
        )
        .await;
        let mut dima = office.browser("dima").await;
        let own = dima.client(&[("name", "Своё"), ("inn", HIDDEN)]).await;
        office.limit("dima", json!({"own_records_only": true, "hidden": [["clients", "inn"]]})).await;
        let page = anna.get(&format!("/clients/{client}?tab=history")).await;
        let seq = page.attribute(".ev", "data-change").parse().expect("a number");
        let mut conn = office.server.db.read().await.expect("a connection");
        let op = conn.one("SELECT op FROM change WHERE seq = $1", store::values![seq]).await.expect("a change");
        let op = op.get("op").expect("an operation");
        drop(conn);
        let foreign = [("clients", client), ("contacts", contact), ("notes", note), ("reminders", reminder)];
        let foreign = foreign.map(|(section, id)| (section.to_string(), id)).to_vec();
        Self { office, foreign, own, op, seq }
    }

    /// What is not dima's, and what is, with a field that dima does not see.
    pub fn records(&self) -> Vec<(String, i64)> {
        self.foreign.iter().cloned().chain([("clients".to_string(), self.own)]).collect()
    }

    /// What an argument may be, by what it is called and what it is.
    fn values(&self, name: &str, guess: &Json, record: &(String, i64), key: &str) -> Vec<Json> {
        match (name, guess) {
            ("key", _) => vec![json!(key)],
            ("section", _) => vec![json!(record.0)],
            ("field", _) => vec![json!("name"), json!("inn")],
            ("query", _) => vec![json!(""), json!(format!("q={SOUGHT}")), json!("inn=500100")],
            ("id" | "op", Json::String(_)) => vec![json!(self.op)],
            ("seq", _) => vec![json!(self.seq)],
            ("version", _) => vec![json!(1), json!(2)],
            (_, Json::Number(_)) => vec![json!(record.1)],
            (_, Json::String(_)) => vec![json!(SOUGHT), json!(WRITTEN)],
            (_, Json::Array(_)) => vec![json!([]), json!([record.1]), json!([["name", WRITTEN]])],
            _ => vec![guess.clone()],
        }
    }

    /// The arguments with every hole filled in, in up to `WAYS` ways.
    pub fn ways(&self, shape: &Json, record: &(String, i64), key: &str) -> Vec<Json> {
        const WAYS: usize = 12;
        let Json::Object(fields) = shape else { return vec![shape.clone()] };
        let mut ways = vec![serde_json::Map::new()];
        for (name, guess) in fields {
            let values = match guess {
                Json::Object(_) => self.ways(guess, record, key),
                _ => self.values(name, guess, record, key),
            };
            let more = ways.iter().flat_map(|way| {
                values.iter().map(|value| {
                    let mut way = way.clone();
                    way.insert(name.clone(), value.clone());
                    way
                })
            });
            ways = more.take(WAYS).collect();
        }
        ways.into_iter().map(Json::Object).collect()
    }
}

/// What a server function takes, learned from what it says of arguments that it cannot read.
pub async fn shape(browser: &mut Browser, path: &str) -> Json {
    let mut text = "{}".to_string();
    for _ in 0..60 {
        let page = browser.send(Method::POST, path, Body::from(text.clone()), &JSON).await;
        let Some(detail) = unread(&page) else { return serde_json::from_str(&text).expect("JSON") };
        let at = detail.rsplit(' ').next().and_then(|column| column.parse::<usize>().ok()).expect("a column");
        text = filled(&text, &detail, at).unwrap_or_else(|| panic!("{path}: {text}: {detail}"));
    }
    panic!("{path}: {text}");
}

fn unread(page: &Page) -> Option<String> {
    let body: Json = serde_json::from_str(&page.body).ok()?;
    let refused = body.get("BadRequest").filter(|refused| refused["code"] == "arguments")?;
    refused["detail"].as_str().map(str::to_string)
}

/// The text with one hole more, or with a hole of another kind. `at` is the column at which reading it ended.
fn filled(text: &str, detail: &str, at: usize) -> Option<String> {
    if let Some(missing) = detail.strip_prefix("missing field `") {
        let name = missing.split('`').next()?;
        let brace = text[..at].rfind('}')?;
        let comma = if text[..brace].ends_with('{') { "" } else { "," };
        return Some(format!("{}{comma}\"{name}\":null{}", &text[..brace], &text[brace..]));
    }
    // The last value that begins before the column.
    let (start, old) = ["null", "\"?\"", "\"??\""]
        .iter()
        .filter_map(|old| Some((text[..(at + 4).min(text.len())].rfind(old)?, *old)))
        .max()?;
    let kind = if let Some((_, known)) = detail.split_once("expected one of `").or(detail.split_once("expected `")) {
        format!("\"{}\"", known.split('`').next()?)
    } else if detail.contains("expected a string") {
        "\"\"".to_string()
    } else if detail.contains("expected a boolean") {
        "true".to_string()
    } else if detail.contains("expected a sequence") || detail.contains("expected a tuple") {
        "[]".to_string()
    } else if detail.contains("expected struct") || detail.contains("expected a map") {
        "{}".to_string()
    } else if detail.starts_with("expected value") {
        "\"?\"".to_string()
    } else if detail.contains("expected i") || detail.contains("expected u") {
        "0".to_string()
    } else {
        return None;
    };
    Some(format!("{}{kind}{}", &text[..start], &text[start + old.len()..]))
}

/// Every address behind a door, its parts filled in with each of the records.
pub fn addresses(world: &World) -> Vec<String> {
    let mut all = BTreeSet::new();
    for path in server::http::door_paths().into_iter().filter(|path| !path.starts_with("/call/")) {
        for (section, id) in &world.records() {
            let id = if path.starts_with("/operations") { world.op.clone() } else { id.to_string() };
            let path = path.replace("{section}", section).replace("{id}", &id);
            let path = path.replace("{note}", &id).replace("{key}", &world.op).replace("{*path}", "x.js");
            assert!(!path.contains('{'), "{path}: what is that part?");
            all.insert(path);
        }
    }
    all.into_iter().collect()
}

/// A form with everything that a door may ask for.
pub fn form(world: &World, record: i64) -> String {
    let (op, seq, now) = (world.op.as_str(), world.seq.to_string(), record.to_string());
    let pairs = [
        ("name", WRITTEN),
        ("text", WRITTEN),
        ("note", WRITTEN),
        ("inn", "7728168971"),
        ("_version", "2"),
        ("_key", op),
        ("seq", &seq),
        ("field", "name"),
        ("typed", WRITTEN),
        ("ids", &now),
        ("id", &now),
        ("act", "undo"),
        ("section", "clients"),
        ("old", WRITTEN),
        ("new", WRITTEN),
        ("login", "anna"),
        ("password", WRITTEN),
        ("query", ""),
        ("_seen", "2"),
    ];
    let pairs = pairs.map(|(name, value)| (name.to_string(), value.to_string()));
    domain::list::encode(&pairs).trim_start_matches('?').to_string()
}
