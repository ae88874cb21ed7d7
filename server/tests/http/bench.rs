//! What a figure in BENCHMARKS.md is measured by. Not a test: it says how long things take and judges nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::change::{Input, Patch, Source};
use domain::fields::Value;
use domain::ids::{FieldKey, SectionKey};
use domain::rights::{Actor, Limits, Role};
use serde_json::json;
use store::write::{Act, Context, load};

use crate::office::{Browser, Office, now};

const NOTES: i64 = 10_000;
const CONTACTS: i64 = 1_000;
const ROUNDS: usize = 60;

async fn fill(office: &Office, key: &str, count: i64, values: impl Fn(i64) -> Vec<(&'static str, Value)>) {
    let registry = {
        let mut conn = office.server.db.read().await.expect("a connection");
        store::registry::load(&mut conn, &app::sections::registry()).await.expect("a registry").uncut()
    };
    let registry = Arc::new(registry);
    for chunk in 0..count / 500 {
        let acts = (0..500).map(|place| {
            let place = chunk * 500 + place;
            let fields = values(place).into_iter().map(|(key, value)| (FieldKey::from(key), Input::Value(value)));
            let context = Context {
                actor: Actor { id: 2, role: Role::Manager, limits: Limits::default() },
                now: now() - (count - place) * 60_000,
                source: Source::Seed,
                op: format!("bench-{key}-{place}"),
                sent: None,
                registry: registry.clone(),
            };
            let patch = Patch { fields: fields.collect(), accept: vec![] };
            (Arc::new(context), Act::Create { section: SectionKey::from(key), patch })
        });
        load(&office.server.db, acts.collect()).await.expect("records");
    }
}

async fn took(browser: &mut Browser, path: &str) -> Duration {
    let begun = Instant::now();
    assert!(browser.get(path).await.status.is_success());
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// `cargo test -p server --test http -- --ignored --nocapture a_card_with_ten_thousand_entries`
#[tokio::test(flavor = "multi_thread")]
#[ignore = "it measures"]
async fn a_card_with_ten_thousand_entries() {
    for (office, base) in Office::both().await.into_iter().zip(["SQLite", "PostgreSQL"]) {
        let mut anna = office.anna().await;
        let full = anna.client(&[("name", "Полная")]).await;
        let empty = anna.client(&[("name", "Пустая")]).await;
        let link = |client: i64| Value::Reference(client);
        fill(&office, "notes", NOTES, |place| {
            vec![
                ("client", link(full)),
                ("kind", Value::Integer(1 + place % 3)),
                ("talked", Value::Integer(i64::from(place % 3 != 0))),
                ("at", Value::Instant(now() - (NOTES - place) * 60_000)),
                ("text", Value::Text(format!("Запись {place}: договорились о поставке на следующей неделе"))),
            ]
        })
        .await;
        fill(&office, "contacts", CONTACTS, |place| {
            vec![
                ("clients", Value::Text(full.to_string())),
                ("name", Value::Text(format!("Контакт {place}"))),
                ("phones", Value::Text(format!("+7 916 {:03}-{:02}-00", place / 100, place % 100))),
            ]
        })
        .await;
        let (mut of_full, mut of_empty) = (Vec::new(), Vec::new());
        // In turn, so that whatever else the machine does falls on both alike.
        for _ in 0..ROUNDS {
            of_full.push(took(&mut anna, &format!("/clients/{full}")).await);
            of_empty.push(took(&mut anna, &format!("/clients/{empty}")).await);
        }
        // What of it is asked of the base.
        for (call, body) in [
            ("card", |id: i64| json!({"section": "clients", "id": id, "draft": null, "list": null})),
            (
                "stream",
                |id: i64| json!({"wish": {"of": {"section": "clients", "id": id}, "show": null, "before": null, "latest": false}}),
            ),
            ("contacts", |id: i64| json!({"of": id})),
            ("reminders", |id: i64| json!({"of": {"section": "clients", "id": id}})),
        ] as [(&str, fn(i64) -> serde_json::Value); 4]
        {
            let mut times = [Vec::new(), Vec::new()];
            for _ in 0..ROUNDS {
                for (place, id) in [full, empty].into_iter().enumerate() {
                    let begun = Instant::now();
                    assert!(anna.call(call, body(id)).await.status.is_success());
                    times[place].push(begun.elapsed());
                }
            }
            let [full, empty] = times.map(median);
            println!("{base}: {call}: {full:?}; empty: {empty:?}");
        }
        let (of_full, of_empty) = (median(of_full), median(of_empty));
        let ratio = of_full.as_secs_f64() / of_empty.as_secs_f64();
        println!("{base}: {NOTES} entries, {CONTACTS} contacts: {of_full:?}; empty: {of_empty:?}; ratio {ratio:.2}");
    }
}
