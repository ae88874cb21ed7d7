//! One call of several acts: one transaction, one operation, one way back.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use domain::change::{Input, Patch, Source};
use domain::fields::Value;
use domain::ids::SectionKey;
use domain::rights::Role;
use serde_json::json;
use store::idempotency::{Sent, digest};
use store::write::{self, Act, Applied, Base, Context, Refusal, Subject};

use crate::bulk::ended;
use crate::office::{Office, now};

fn key(section: &'static str) -> SectionKey {
    SectionKey::built_in(section)
}

fn create(section: &'static str, fields: Vec<(&str, Input)>) -> Act {
    let fields = fields.into_iter().map(|(field, input)| (field.into(), input)).collect();
    Act::Create { section: key(section), patch: Patch { fields, accept: vec![] } }
}

fn text(text: &str) -> Input {
    Input::Value(Value::Text(text.into()))
}

fn number(number: i64) -> Input {
    Input::Value(Value::Integer(number))
}

/// A client with a contact, a call with that contact and what comes next.
fn a_call(name: &str) -> Vec<Act> {
    let at = Input::Value(Value::Instant(1_700_000_000_000));
    vec![
        create("clients", vec![("name", text(name))]),
        create(
            "contacts",
            vec![("name", text("Мария")), ("clients", Input::Made(0)), ("phones", text("+7 912 345-67-89"))],
        ),
        create(
            "notes",
            vec![
                ("client", Input::Made(0)),
                ("contact", Input::Made(1)),
                ("kind", number(2)),
                ("talked", number(1)),
                ("at", at.clone()),
            ],
        ),
        create("reminders", vec![("client", Input::Made(0)), ("what", number(1)), ("when", at)]),
        Act::Update {
            section: key("clients"),
            record: Subject::Made(0),
            base: Base::Version(1),
            patch: Patch::typed(&"address".into(), "Тула"),
        },
    ]
}

async fn value(office: &Office, section: &'static str, id: i64, field: &str) -> Value {
    let registry = office.context(1, Role::Admin, "look").await.registry;
    let mut conn = office.server.db.read().await.expect("a connection");
    let section = registry.section(&key(section)).expect("a section");
    let record = store::record::load(&mut conn, section, id).await.expect("a read").expect("a record");
    record.value(&field.into()).clone()
}

async fn is_trashed(office: &Office, section: &'static str, id: i64) -> bool {
    let registry = office.context(1, Role::Admin, "look").await.registry;
    let mut conn = office.server.db.read().await.expect("a connection");
    let section = registry.section(&key(section)).expect("a section");
    store::record::load(&mut conn, section, id).await.expect("a read").expect("a record").trashed.is_some()
}

async fn apply(office: &Office, op: &str, acts: Vec<Act>) -> Vec<Applied> {
    let context = office.context(2, Role::Manager, op).await;
    write::apply(&office.server.db, &context, acts).await.expect("it is done")
}

async fn whole(office: &Office) {
    let registry = office.context(1, Role::Admin, "check").await.registry;
    let faults = store::check::check(&office.server.db, &registry).await.expect("a check");
    assert_eq!(faults, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_refers_to_what_an_earlier_one_makes_and_all_is_one_operation() {
    for office in Office::both().await {
        let applied = apply(&office, "call", a_call("Маяк")).await;
        let made: Vec<(&str, i64, i64)> =
            applied.iter().map(|one| (one.section.as_str(), one.record, one.version)).collect();
        assert_eq!(
            made,
            [("clients", 1, 1), ("contacts", 1, 1), ("notes", 1, 1), ("reminders", 1, 1), ("clients", 1, 2)]
        );
        let at = Value::Instant(1_700_000_000_000);
        assert_eq!(value(&office, "contacts", 1, "clients").await, Value::Text("1".into()));
        assert_eq!(value(&office, "clients", 1, "address").await, Value::Text("Тула".into()));
        for (field, kept) in [
            ("contact", Value::Reference(1)),
            ("contact_phones", Value::Text("+7 912 345-67-89".into())),
            ("last_touch", at.clone()),
            ("next_reminder", at),
        ] {
            assert_eq!(value(&office, "clients", 1, field).await, kept, "{field}");
        }
        let mut conn = office.server.db.read().await.expect("a connection");
        let ops = conn.all("SELECT DISTINCT op FROM change", store::values![]).await.expect("operations");
        assert_eq!(ops.len(), 1);
        drop(conn);
        let mut anna = office.anna().await;
        assert_eq!(anna.found("?phone=9123456789").await, [1], "found by what is kept of its contact");

        // One act that is refused: nothing of the others, and no number is lost.
        let before = office.changes().await;
        let context = office.context(2, Role::Manager, "refused").await;
        let mut acts = a_call("Полюс");
        acts.push(create("contacts", vec![("clients", text("999"))]));
        let refused = write::apply(&office.server.db, &context, acts).await.expect_err("there is no client 999");
        assert_eq!(refused.act, 5);
        assert!(matches!(refused.why, Refusal::Problems(_)), "{refused}");
        let mut acts = a_call("Полюс");
        acts.insert(1, create("contacts", vec![("clients", Input::Made(7))]));
        assert!(write::apply(&office.server.db, &context, acts).await.is_err(), "only to an earlier act");
        assert_eq!(office.changes().await, before);
        assert_eq!(apply(&office, "next", a_call("Полюс")).await[0].record, 2);
        whole(&office).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_of_several_sections_is_taken_back_whole_and_no_part_twice() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let mut dima = office.browser("dima").await;
        apply(&office, "first", a_call("Маяк")).await;
        apply(&office, "call", a_call("Полюс")).await;
        // The contact alone is taken back, and comes back by another's hand: that stays.
        let context = office.context(2, Role::Manager, "part").await;
        let undo = |only| vec![Act::Undo { op: "call".into(), only }];
        write::apply(&office.server.db, &context, undo(Some((key("contacts"), 2)))).await.expect("taken back");
        assert!(is_trashed(&office, "contacts", 2).await);
        assert_eq!(value(&office, "clients", 2, "contact").await, Value::Empty);
        dima.post("/contacts/2/restore", &[("_key", "back")]).await;
        // Dima has changed the client's name since: neither is its creation undone under his hands.
        dima.edit(2, "name", "Полюс-2").await;

        let page = anna.call("undo_last", json!({"key": "once"})).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        // The answer was lost and it is sent again: nothing further is taken back.
        assert_eq!(anna.call("undo_last", json!({"key": "once"})).await.body, page.body);
        assert!(!is_trashed(&office, "clients", 1).await);
        assert!(is_trashed(&office, "notes", 2).await && is_trashed(&office, "reminders", 2).await);
        assert!(!is_trashed(&office, "contacts", 2).await, "what was taken back already is not taken back twice");
        assert!(!is_trashed(&office, "clients", 2).await);
        assert_eq!(value(&office, "clients", 2, "address").await, Value::Empty, "the edit of the same operation");
        for field in ["last_touch", "next_reminder"] {
            assert_eq!(value(&office, "clients", 2, field).await, Value::Empty, "{field}");
        }
        // The next Ctrl+Z goes on with the operation before it, whole.
        anna.call("undo_last", json!({})).await;
        for section in ["clients", "contacts", "notes", "reminders"] {
            assert!(is_trashed(&office, section, 1).await, "{section}");
        }
        assert_eq!(anna.call("undo_last", json!({})).await.body, r#"{"said":null,"operation":null}"#);
        // Not another's.
        let context = office.context(3, Role::Manager, "foreign").await;
        let foreign = write::apply(&office.server.db, &context, undo(None)).await.expect_err("hers");
        assert!(matches!(foreign.why, Refusal::Forbidden | Refusal::NotFound), "{foreign}");
        whole(&office).await;
    }
}

fn a_minute_later() -> i64 {
    now() + 60_000
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_twice_is_done_once_also_a_minute_later() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let id = anna.client(&[("name", "Маяк")]).await;
        let before = office.changes().await;
        let form = [("client", "1"), ("in", "hour"), ("what", "1"), ("_back", "/clients/1"), ("_key", "press")];
        let first = anna.post("/reminders", &form).await;
        assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.body);
        let mut later = office.with_clock(a_minute_later).browser("anna").await;
        let again = later.post("/reminders", &form).await;
        assert_eq!((again.status, &again.location), (first.status, &first.location), "the first answer");
        assert_eq!(office.changes().await, before + 1, "one reminder");
        // One letter more is another request, whatever its key.
        later.post("/reminders", &[&form[..], &[("note", "ещё")]].concat()).await;
        assert_eq!(office.changes().await, before + 2);

        // The tick of one that repeats, sent again: the first answer, not a clash with oneself.
        let weekly =
            [("client", "1"), ("in", "hour"), ("what", "1"), ("repeats", "2"), ("_back", "/clients/1"), ("_key", "w")];
        anna.post("/reminders", &weekly).await;
        let tick = [("done", "1"), ("_version", "1"), ("_back", "/today"), ("_key", "tick")];
        for browser in [&mut anna, &mut later] {
            let page = browser.post("/reminders/3", &tick).await;
            assert_eq!((page.status, page.location.as_deref()), (StatusCode::SEE_OTHER, Some("/today")));
        }
        assert_eq!(office.changes().await, before + 5, "the occurrence and the next one");
        assert_eq!(id, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_unsafe_door_has_a_key() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        for name in ["А", "Б", "В"] {
            anna.client(&[("name", name)]).await;
        }
        let count = async |sql: &'static str| -> i64 {
            let mut conn = office.server.db.read().await.expect("a connection");
            conn.one(sql, store::values![]).await.expect("a count").get("found").expect("a number")
        };
        let operations = "SELECT COUNT(id) AS found FROM operation";
        // Without JavaScript.
        for _ in 0..2 {
            let form = [
                ("id", "1"),
                ("id", "2"),
                ("field", "segment"),
                ("typed", "2"),
                ("_key", "bulk"),
                ("back", "/clients"),
            ];
            let page = anna.post("/clients/bulk", &form).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        }
        assert_eq!(count(operations).await, 1, "one press, one operation");
        // With it.
        let change = json!({"section": "clients", "query": "", "ids": [1, 2, 3], "field": "segment", "typed": "1"});
        let mut answers = Vec::new();
        for _ in 0..2 {
            answers.push(anna.call("change_all", json!({"change": change.clone(), "key": "call"})).await);
        }
        let id = |page: &crate::office::Page| {
            let json: serde_json::Value = serde_json::from_str(&page.body).expect("a state");
            json["id"].as_str().expect("an id").to_string()
        };
        assert_eq!(id(&answers[0]), id(&answers[1]));
        assert_eq!(count(operations).await, 2);
        ended(&mut anna, &id(&answers[0])).await;
        for _ in 0..2 {
            let page = anna.call("undo_operation", json!({"op": id(&answers[0]), "key": "back"})).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        }
        assert_eq!(count(operations).await, 3);
        // Settings: sent again after something else was chosen, an old form changes nothing.
        let form = [("lang", "en"), ("theme", "dark"), ("zone", "Europe/Moscow"), ("_key", "look")];
        anna.post("/settings", &form).await;
        anna.post("/settings", &[("lang", "ru"), ("theme", "dark"), ("zone", "Europe/Moscow"), ("_key", "look2")])
            .await;
        anna.post("/settings", &form).await;
        assert_eq!(count("SELECT COUNT(id) AS found FROM users WHERE login = 'anna' AND language = 'ru'").await, 1);
        // A password, sent again, is changed and not wrong.
        let form = [("old", crate::office::PASSWORD), ("new", "другой пароль"), ("_key", "password")];
        for _ in 0..2 {
            let page = anna.post("/settings/password", &form).await;
            assert_eq!(page.location.as_deref(), Some("/settings?done=password"));
        }
        // The columns of an old press do not come back.
        let dense = |dense: &'static str, key: &'static str| [("section", "clients"), ("dense", dense), ("_key", key)];
        for (on, key) in [("true", "v1"), ("false", "v2"), ("true", "v1")] {
            anna.post("/settings/view", &dense(on, key)).await;
        }
        assert_eq!(count("SELECT COUNT(user_id) AS found FROM user_view WHERE dense").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_not_believed_for_other_words_nor_for_another_user() {
    for office in Office::both().await {
        let sent = |body: &str| Some(Sent { key: "k".into(), digest: digest(&[body.as_bytes()]) });
        let press = async |user: i64, body: &str| {
            let context = Context {
                sent: sent(body),
                ..office.context(user, Role::Manager, &store::draft::random_id().expect("an id")).await
            };
            write::create(&office.server.db, &context, &key("clients"), Patch::default())
                .await
                .expect("a client")
                .record
        };
        assert_eq!(press(2, "a").await, 1);
        assert_eq!(press(2, "a").await, 1);
        assert_eq!(press(2, "b").await, 2);
        assert_eq!(press(3, "a").await, 3);
        // Where a part ends is part of what was sent.
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
    }
}

/// On PostgreSQL: while a chunk holds a client, notes on it wait, and nobody else's do.
#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_a_client_holds_up_nobody() {
    for office in Office::both().await {
        let store::Db::Postgres { .. } = &office.server.db else { continue };
        let mut anna = office.anna().await;
        for name in ["А", "Б", "В"] {
            anna.client(&[("name", name)]).await;
        }
        let (held, holding) = tokio::sync::oneshot::channel();
        let (go, wait) = tokio::sync::oneshot::channel::<()>();
        let wait = Arc::new(std::sync::Mutex::new(Some((held, wait))));
        let db = office.server.db.clone();
        let chunk = tokio::spawn(async move {
            db.write(move |conn| {
                let wait = wait.clone();
                Box::pin(async move {
                    conn.one("SELECT id FROM clients WHERE id = 1 FOR UPDATE", store::values![]).await?;
                    let taken = wait.lock().expect("a lock").take();
                    if let Some((held, wait)) = taken {
                        let _ = held.send(());
                        let _ = wait.await;
                    }
                    Ok::<_, store::Error>(())
                })
            })
            .await
        });
        holding.await.expect("the client is held");
        let note = |client: i64| {
            create(
                "notes",
                vec![("client", Input::Value(Value::Reference(client))), ("kind", number(1)), ("text", text("слово"))],
            )
        };
        let (db, context) = (office.server.db.clone(), office.context(2, Role::Manager, "waits").await);
        let waits = {
            let acts = vec![note(1)];
            tokio::spawn(async move { write::apply(&db, &context, acts).await })
        };
        tokio::time::sleep(Duration::from_millis(200)).await;
        for client in [2, 3, 2] {
            let context = office.context(3, Role::Manager, &format!("goes on {client}").replace(' ', "-")).await;
            // Sooner than who waits for client 1 gives up and lets go of what it holds.
            let done = tokio::time::timeout(
                Duration::from_secs(6),
                write::apply(&office.server.db, &context, vec![note(client)]),
            );
            done.await.expect("it does not wait for client 1").expect("a note");
            assert!(!waits.is_finished(), "the note on client 1 waits meanwhile");
        }
        go.send(()).expect("the chunk goes on");
        chunk.await.expect("a task").expect("committed");
        waits.await.expect("a task").expect("a note");
        whole(&office).await;
    }
}

/// Two operations and an undo on one set of records, in two processes, with single writes between.
#[tokio::test(flavor = "multi_thread")]
async fn operations_over_one_another_all_run_to_their_ends() {
    for office in Office::both().await {
        office.make_clients(2000).await;
        let (here, there) = (office.server.clone(), office.another_process().server);
        let section = app::clients::section();
        let all: Vec<i64> = (1..=2000).collect();
        let begin = async |op: &str, typed: &str| {
            let context = office.context(2, Role::Manager, op).await;
            let patch = Patch::typed(&"segment".into(), typed);
            store::operation::begin_update(&office.server.db, &context, &section.key, patch, all.clone(), None)
                .await
                .expect("begun");
        };
        begin("one", "1").await;
        app::bulk::runner::run_waiting(&here).await.expect("it runs");
        begin("two", "2").await;
        begin("three", "3").await;
        let context = Context { source: Source::Undo, ..office.context(2, Role::Manager, "back").await };
        store::operation::begin_undo(&office.server.db, &context, "one").await.expect("begun");
        let singles = async {
            let mut anna = office.anna().await;
            for id in 1..=40 {
                let page = anna.edit(id * 37, "site", &format!("a{id}.ru")).await;
                assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
            }
        };
        let (one, two, ()) =
            tokio::join!(app::bulk::runner::run_waiting(&here), app::bulk::runner::run_waiting(&there), singles);
        one.expect("here");
        two.expect("there");
        // Whoever comes last finds nothing left over.
        app::bulk::runner::run_waiting(&here).await.expect("the rest");
        let actor = office.context(2, Role::Manager, "look").await.actor;
        let mut conn = office.server.db.read().await.expect("a connection");
        for op in ["one", "two", "three", "back"] {
            let after = store::operation::find(&mut conn, &actor, op).await.expect("an operation");
            assert_eq!((after.state, &after.problem), (store::operation::State::Done, &None), "{op}");
            assert!(after.done == after.total && after.total > 1000, "{after:?}");
        }
        drop(conn);
        whole(&office).await;
    }
}
