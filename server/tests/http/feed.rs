//! What was committed is told to whoever reads on, in the order of the commits, and each once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use domain::change::{Input, Patch};
use domain::fields::Value;
use domain::ids::SectionKey;
use domain::rights::Role;
use serde_json::json;
use store::feed::{self, What};
use store::write::{self, Act, Base};

use crate::office::Office;
use crate::workshop::noticed;

const WRITING: Duration = Duration::from_secs(20);
const WRITERS: i64 = 6;

fn set(client: i64, field: &'static str, typed: &str) -> Act {
    let patch = Patch::typed(&field.into(), typed);
    Act::Update { section: SectionKey::built_in("clients"), record: client.into(), base: Base::Whatever, patch }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_write_and_a_reader_misses_nothing() {
    let offices = Office::both().await;
    let stories = offices.into_iter().map(|office| tokio::spawn(story(office)));
    for story in stories.collect::<Vec<_>>() {
        story.await.expect("the story");
    }
}

async fn story(office: Office) {
    let begun = feed::head(&office.server.db).await.expect("a place");
    let db = [office.server.db.clone(), store::Db::connect(&office.base.address).await.expect("a second process")];
    let context = Arc::new(office.context(1, Role::Admin, "op").await);
    let clients =
        (0..WRITERS).map(|_| Act::Create { section: SectionKey::built_in("clients"), patch: Patch::default() });
    write::apply(&db[0], &context, clients.collect()).await.expect("clients");
    let stop = Arc::new(AtomicBool::new(false));
    let writers = (0..WRITERS).map(|writer| {
        let (db, context, stop) = (db[writer as usize % 2].clone(), context.clone(), stop.clone());
        tokio::spawn(async move {
            let mut wrote = Vec::new();
            for turn in 0.. {
                if stop.load(Ordering::Relaxed) {
                    return wrote;
                }
                let context = write::Context { op: store::draft::random_id().expect("an id"), ..(*context).clone() };
                // Its own client, the one that all share, and now and then a note, which moves what a client keeps.
                let mut acts = vec![
                    set(1 + writer, "address", &format!("Тула, {turn}")),
                    set(1, "site", &format!("a{writer}-{turn}.ru")),
                ];
                if turn % 3 == 0 {
                    let fields = [
                        ("client", Input::Value(Value::Reference(1 + writer))),
                        ("talked", Input::Value(Value::Integer(1))),
                        ("at", Input::Value(Value::Instant(1_700_000_000_000 + turn * 1000))),
                    ];
                    let fields = fields.into_iter().map(|(key, input)| (key.into(), input)).collect();
                    acts.push(Act::Create {
                        section: SectionKey::built_in("notes"),
                        patch: Patch { fields, accept: vec![] },
                    });
                }
                wrote.extend(write::apply(&db, &context, acts).await.expect("it is written"));
            }
            wrote
        })
    });
    let writers: Vec<_> = writers.collect();
    // Another reader, in the other process: both give places to what is committed.
    let (other, ends) = (db[1].clone(), stop.clone());
    let beside = tokio::spawn(async move {
        let mut last = begun;
        while !ends.load(Ordering::Relaxed) {
            for event in feed::after(&other, last).await.expect("the feed") {
                assert_eq!(event.n, last + 1, "the same places for every reader");
                last = event.n;
            }
        }
    });
    let mut read = Vec::new();
    let mut last = begun;
    let until = Instant::now() + WRITING;
    let mut pause = 1;
    loop {
        let over = Instant::now() > until;
        if over {
            stop.store(true, Ordering::Relaxed);
        }
        let all_ended = writers.iter().all(tokio::task::JoinHandle::is_finished);
        let events = feed::after(&office.server.db, last).await.expect("the feed");
        let none = events.is_empty();
        for event in events {
            assert_eq!(event.n, last + 1, "each place once, and none left out");
            last = event.n;
            read.push(event);
        }
        if all_ended && none {
            break;
        }
        // Random pauses, the same in every run.
        pause = pause * 37 % 101;
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
    beside.await.expect("the other reader");
    let mut wrote: BTreeMap<(String, i64), usize> = BTreeMap::new();
    for writer in writers {
        for applied in writer.await.expect("a writer").into_iter().filter(|applied| applied.seq.is_some()) {
            *wrote.entry((applied.section.to_string(), applied.record)).or_default() += 1;
        }
    }
    assert!(wrote.values().sum::<usize>() > 100, "there was something to read");
    let mut told: BTreeMap<(String, i64), usize> = BTreeMap::new();
    for event in read.iter().filter(|event| matches!(event.what, What::Created | What::Updated)) {
        *told.entry((event.section.clone(), event.record)).or_default() += 1;
    }
    // The clients themselves were made before; the first writer's two acts on client 1 are one event.
    for ((section, record), times) in &wrote {
        let told = told.get(&(section.clone(), *record)).copied().unwrap_or_default();
        match (section.as_str(), record) {
            ("clients", 1) => assert!(told > 0 && told <= times + 1, "client 1: {told} of {times}"),
            ("clients", _) => assert_eq!(told, times + 1, "client {record}"),
            _ => assert_eq!(told, *times, "{section}/{record}"),
        }
    }
    let kept: BTreeSet<i64> =
        read.iter().filter(|event| event.what == What::RolledUp).map(|event| event.record).collect();
    assert_eq!(kept, (1..=WRITERS).collect(), "what follows from notes is told as well");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_or_rolled_back_is_not_told() {
    for office in Office::both().await {
        let db = &office.server.db;
        let context = office.context(1, Role::Admin, "op").await;
        let create = || Act::Create { section: SectionKey::built_in("clients"), patch: Patch::default() };
        write::apply(db, &context, vec![create()]).await.expect("a client");
        let head = feed::head(db).await.expect("a place");
        assert!(write::apply(db, &context, vec![create(), set(99, "site", "a.ru")]).await.is_err());
        assert_eq!(feed::after(db, head).await.expect("the feed"), vec![]);
        let trash = Act::Trash { section: SectionKey::built_in("clients"), record: 1.into() };
        write::apply(db, &context, vec![trash]).await.expect("in the trash");
        let told = feed::after(db, head).await.expect("the feed");
        assert_eq!(
            told.iter().map(|event| (event.n, event.record, event.what)).collect::<Vec<_>>(),
            [(head + 1, 1, What::Trashed)]
        );
        // What is old enough is forgotten; places go on.
        feed::forget_old(db, crate::office::now() + domain::limits::FEED_MS_MAX + 1000).await.expect("forgotten");
        assert_eq!(feed::after(db, 0).await.expect("the feed"), vec![]);
        write::apply(db, &context, vec![create()]).await.expect("a client");
        assert_eq!(feed::after(db, 0).await.expect("the feed")[0].n, head + 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_declared_is_told_and_taken_back_by_the_latest_act() {
    for office in Office::both().await {
        let db = &office.server.db;
        let mut owner = office.browser("owner").await;
        office.make_clients(1).await;
        let head = feed::head(db).await.expect("a place");
        let wish = json!({"wish": {"section": "clients", "label": {"ru": "Источник", "en": "Source"}, "kind": "Text",
            "choices": [], "target": null}, "key": "once"});
        let made = owner.call("make_field", wish.clone()).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.body);
        // Sent again, it is the same field.
        assert_eq!(owner.call("make_field", wish).await.body, made.body);
        let told = feed::after(db, head).await.expect("the feed");
        assert_eq!(told.iter().map(|event| event.what).collect::<Vec<_>>(), [What::Declared]);
        let key: String = serde_json::from_str(&made.body).expect("a key");
        noticed().await;
        assert!(owner.get(&format!("/clients?cols={key}")).await.has(&format!("th[data-field={key}]")));
        // Ctrl+Z takes a declaration back like anything else.
        let undone = owner.call("undo_last", json!({})).await;
        assert!(undone.body.contains(r#""said":""#), "{}", undone.body);
        noticed().await;
        assert!(!owner.get(&format!("/clients?cols={key}")).await.has(&format!("th[data-field={key}]")));
        let told = feed::after(db, head + 1).await.expect("the feed");
        assert_eq!(told.iter().map(|event| event.what).collect::<Vec<_>>(), [What::Declared]);
    }
}
