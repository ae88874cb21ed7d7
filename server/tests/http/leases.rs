//! Work on many records by several processes: nobody stops another's, nothing is done twice, nothing is lost.

use std::time::Duration;

use app::bulk::runner::run_waiting;
use axum::http::StatusCode;
use domain::change::{Patch, Source};
use domain::fields::Value;
use domain::limits::CHUNK_ROWS;
use domain::rights::Role;
use serde_json::{Value as Json, json};
use store::history::Seen;
use store::operation::{self, Operation, State};
use store::write::Context;

use crate::bulk::ended;
use crate::office::{Browser, Office, now};

const CLIENTS: i64 = 2 * CHUNK_ROWS as i64 + 100;

async fn begin(office: &Office, op: &str, typed: &str) -> Operation {
    let context = office.context(2, Role::Manager, op).await;
    let patch = Patch::typed(&"segment".into(), typed);
    let section = app::clients::section().key;
    operation::begin_update(&office.server.db, &context, &section, patch, (1..=CLIENTS).collect(), None)
        .await
        .expect("begun")
}

async fn look(office: &Office, op: &str) -> Operation {
    let actor = office.context(1, Role::Admin, "look").await.actor;
    let mut conn = office.server.db.read().await.expect("a connection");
    operation::find(&mut conn, &actor, op).await.expect("an operation")
}

/// Clients whose segment is this, and how many changes they have of an operation.
async fn count(office: &Office, sql: &'static str) -> i64 {
    let mut conn = office.server.db.read().await.expect("a connection");
    conn.one(sql, store::values![]).await.expect("a count").get("found").expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_stops_nothing_and_going_on_thrice_runs_once() {
    for office in Office::both().await {
        office.make_clients(CLIENTS).await;
        let mut anna = office.anna().await;
        begin(&office, "long", "2").await;
        let other = office.another_process().server;
        let presses = async {
            for press in 0..6 {
                let page =
                    anna.call("run_operation", json!({"id": "long", "on": true, "key": format!("go{press}")})).await;
                assert_eq!(page.status, StatusCode::OK, "{}", page.body);
            }
        };
        let (here, there, ()) = tokio::join!(run_waiting(&office.server), run_waiting(&other), presses);
        here.expect("here");
        there.expect("there");
        let mut after = look(&office, "long").await;
        for _ in 0..600 {
            if after.state != State::Running {
                break;
            }
            // Who has it may have looked while a press held it, and come away with nothing: both look again, as they
            // do every few seconds.
            for server in [&office.server, &other] {
                run_waiting(server).await.expect("looked at");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            after = look(&office, "long").await;
        }
        assert_eq!((after.state, after.done, after.left), (State::Done, CLIENTS, 0));
        assert_eq!(count(&office, "SELECT COUNT(id) AS found FROM clients WHERE segment = 2").await, CLIENTS);
        let twice = "SELECT COUNT(record) AS found FROM (SELECT record FROM change WHERE op = 'long' GROUP BY record \
                     HAVING COUNT(seq) > 1) AS twice";
        assert_eq!(count(&office, twice).await, 0, "nothing is done twice");
    }
}

fn after_the_lease() -> i64 {
    now() + domain::limits::LEASE_MS + 1000
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_process_had_another_one_takes_when_the_lease_is_over() {
    for office in Office::both().await {
        office.make_clients(CLIENTS).await;
        begin(&office, "long", "2").await;
        let db = &office.server.db;
        // Taken by one that then dies after a chunk.
        assert_eq!(operation::take(db, "dead", now(), 16).await.expect("taken").len(), 1);
        let context = office.context(2, Role::Manager, "long").await;
        operation::step(db, "dead", context.clone()).await.expect("a chunk");
        assert_eq!(look(&office, "long").await.done, CHUNK_ROWS as i64);
        // Its lease lives: another one leaves it alone, and does nothing by a step either.
        run_waiting(&office.another_process().server).await.expect("nothing");
        let mine = operation::step(db, "another", context).await.expect("nothing");
        assert_eq!((mine.done, mine.state), (CHUNK_ROWS as i64, State::Running));
        assert_eq!(look(&office, "long").await.done, CHUNK_ROWS as i64);
        run_waiting(&office.with_clock(after_the_lease).server).await.expect("it goes on");
        let after = look(&office, "long").await;
        assert_eq!((after.state, after.done), (State::Done, CLIENTS));
        // One that ends in order gives its lease back at once.
        begin(&office, "next", "3").await;
        operation::take(db, "ends", now(), 16).await.expect("taken");
        operation::release(db, "ends").await.expect("released");
        run_waiting(&office.another_process().server).await.expect("it goes on");
        assert_eq!(look(&office, "next").await.state, State::Done);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_waits_for_the_chunk_in_flight_and_misses_none() {
    for office in Office::both().await {
        office.make_clients(CLIENTS).await;
        let segments = "SELECT COUNT(id) AS found FROM clients WHERE segment = 2";
        let before = count(&office, segments).await;
        begin(&office, "long", "2").await;
        let server = office.server.clone();
        let running = tokio::spawn(async move { run_waiting(&server).await });
        // Somewhere in the middle of its chunks.
        while look(&office, "long").await.done == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let context = Context { source: Source::Undo, ..office.context(2, Role::Manager, "back").await };
        operation::begin_undo(&office.server.db, &context, "long").await.expect("begun");
        running.await.expect("a task").expect("it ends");
        run_waiting(&office.server).await.expect("the undo");
        let (long, back) = (look(&office, "long").await, look(&office, "back").await);
        assert_eq!((long.state, back.state, back.left), (State::Done, State::Done, 0));
        assert_eq!(count(&office, segments).await, before, "no chunk came after its undoing");
        let missed = "SELECT COUNT(seq) AS found FROM change AS done WHERE op = 'long' AND NOT EXISTS \
                      (SELECT 1 FROM change AS back WHERE back.undoes = 'long' AND back.record = done.record)";
        assert_eq!(count(&office, missed).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifteen_acts_over_one_another_and_three_hundred_saves() {
    for office in Office::both().await {
        office.make_clients(CLIENTS).await;
        for place in 0..15 {
            begin(&office, &format!("act{place}"), &(1 + place % 4).to_string()).await;
        }
        let other = office.another_process().server;
        let saves = (0..3).map(|part| {
            let office_browser = office.anna();
            async move {
                let mut anna = office_browser.await;
                for turn in 0..100 {
                    let id = 1 + (part * 100 + turn) % CLIENTS;
                    let form = anna.get(&format!("/clients/{id}?edit=site")).await.form_with("site");
                    let page = anna.send_form(id, &form, "site", &format!("a{part}-{turn}.ru")).await;
                    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
                }
            }
        });
        let mut saves = saves.collect::<Vec<_>>().into_iter();
        let (one, two, three) = (saves.next(), saves.next(), saves.next());
        let saves = async { tokio::join!(one.expect("one"), two.expect("two"), three.expect("three")) };
        let (here, there, _) = tokio::join!(run_waiting(&office.server), run_waiting(&other), saves);
        here.expect("here");
        there.expect("there");
        run_waiting(&office.server).await.expect("what is left");
        for place in 0..15 {
            let after = look(&office, &format!("act{place}")).await;
            assert_eq!((after.state, after.done, after.problem), (State::Done, CLIENTS, None));
        }
    }
}

/// A bulk change knows what its list showed.
#[tokio::test(flavor = "multi_thread")]
async fn what_others_changed_since_the_list_is_left_named_and_overwritten_only_on_purpose() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let mut dima = office.browser("dima").await;
        for name in ["А", "Б", "В"] {
            anna.client(&[("name", name)]).await;
        }
        let list = anna.get("/clients").await;
        let seen = list.attribute("input[name=_seen]", "value");
        assert!(Seen::parse(&seen).is_some(), "{seen}");
        // Since: another changes that very field of one, another field of the second; she herself the third.
        dima.edit(1, "segment", "3").await;
        dima.edit(2, "site", "b.ru").await;
        anna.edit(3, "segment", "4").await;
        let change =
            |seen: &str| json!({"section": "clients", "query": "", "field": "segment", "typed": "2", "seen": seen});
        let end = change_all(&mut anna, change(&seen)).await;
        assert_eq!((&end["state"], &end["done"], &end["left"]), (&json!("done"), &json!(3), &json!(1)));
        let segment = async |id: i64| {
            let context = office.context(1, Role::Admin, "look").await;
            let mut conn = office.server.db.read().await.expect("a connection");
            let section = context.registry.section(&app::clients::section().key).expect("clients").clone();
            let record = store::record::load(&mut conn, &section, id).await.expect("a read").expect("a client");
            record.value(&"segment".into()).clone()
        };
        assert_eq!(segment(1).await, Value::Integer(3), "Dima's stays");
        assert_eq!((segment(2).await, segment(3).await), (Value::Integer(2), Value::Integer(2)));
        let id = end["id"].as_str().expect("an id").to_string();
        let named = anna.call("left_alone", json!({"id": id})).await;
        let named: Json = serde_json::from_str(&named.body).expect("a list");
        assert_eq!(named[0]["id"], json!(1));
        assert_eq!(named[0]["why"], json!("с тех пор изменилось: Сегмент (Дмитрий Савин)"));
        assert_eq!(dima.call("overwrite_left", json!({"op": id, "key": "o"})).await.status, StatusCode::FORBIDDEN);
        let page = anna.call("overwrite_left", json!({"op": id, "key": "o"})).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let over: Json = serde_json::from_str(&page.body).expect("a state");
        ended(&mut anna, over["id"].as_str().expect("an id")).await;
        assert_eq!(segment(1).await, Value::Integer(2));
        // Of a list that says nothing, or nonsense, what is there when it begins was seen.
        for odd in ["", "nonsense", "1:2:3", "9223372036854775808", "5:4:", "1:9:7,3", "0:1:"] {
            assert!(odd.is_empty() || Seen::parse(odd).is_none(), "{odd}");
            dima.edit(1, "segment", "3").await;
            let end = change_all(&mut anna, change(odd)).await;
            assert_eq!((&end["state"], &end["left"]), (&json!("done"), &json!(0)), "{odd}");
        }
    }
}

async fn change_all(browser: &mut Browser, change: Json) -> Json {
    let page =
        browser.call("change_all", json!({"change": change, "key": store::draft::random_id().expect("an id")})).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let begun: Json = serde_json::from_str(&page.body).expect("a state");
    ended(browser, begun["id"].as_str().expect("an id")).await
}

/// What the strip reads does not grow with the records.
#[tokio::test(flavor = "multi_thread")]
async fn the_strip_costs_the_same_for_many_records_as_for_few() {
    for office in Office::both().await {
        office.make_clients(CLIENTS).await;
        let mut anna = office.anna().await;
        let sizes = async |browser: &mut Browser, ids: Vec<i64>| {
            let change = json!({"section": "clients", "query": "", "ids": ids, "field": "segment", "typed": "2"});
            let end = change_all(browser, change).await;
            browser.call("operation", json!({"id": end["id"]})).await.body.len()
        };
        let few = sizes(&mut anna, vec![1, 2]).await;
        // A thousand, none of which is there any more: each is left alone.
        let many = sizes(&mut anna, (1_000_000..1_001_000).collect()).await;
        assert!(many < few + 20, "{few} and {many} bytes");
    }
}
