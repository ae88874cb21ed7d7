//! The law of the day: whatever is done to contacts, entries and reminders, in any order, what clients keep of
//! them is what their history says. Rebuilt here from the history alone, by other code than the writer's.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use domain::change::{ChangeKind, Input, Patch, Source};
use domain::fields::{Registry, Section, Value};
use domain::ids::{FieldKey, RecordId};
use domain::rights::{Actor, Limits, Role};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use store::write::{self, Act, Base, Context};

use crate::office::{Office, now};

const CLIENTS: i64 = 3;
const ROUNDS: usize = 30;

/// One thing that somebody does. Numbers are taken modulo what there is.
#[derive(Clone, Debug)]
enum Step {
    Make { section: usize, values: [i64; 4] },
    Change { section: usize, record: i64, field: usize, value: i64 },
    Trash { section: usize, record: i64, away: bool },
    Undo { section: usize, record: i64, change: i64 },
    TrashClient { client: i64, away: bool },
}

const SECTIONS: [&str; 3] = ["contacts", "notes", "reminders"];

fn step() -> impl Strategy<Value = Step> {
    let (section, record) = (0..3usize, 0..40i64);
    prop_oneof![
        4 => (section.clone(), prop::array::uniform4(0..40i64)).prop_map(|(section, values)| Step::Make { section, values }),
        4 => (section.clone(), record.clone(), 0..4usize, 0..40i64)
            .prop_map(|(section, record, field, value)| Step::Change { section, record, field, value }),
        2 => (section.clone(), record.clone(), any::<bool>())
            .prop_map(|(section, record, away)| Step::Trash { section, record, away }),
        2 => (section, record, 0..6i64).prop_map(|(section, record, change)| Step::Undo { section, record, change }),
        1 => (0..CLIENTS, any::<bool>()).prop_map(|(client, away)| Step::TrashClient { client, away }),
    ]
}

/// A value of the field in this place of a section's list.
fn value(section: usize, field: usize, number: i64) -> (&'static str, Value) {
    let client = 1 + number % CLIENTS;
    let at = Value::Instant(1_700_000_000_000 + number * 1000);
    let yes = Value::Integer(number % 2);
    match (section, field) {
        (0, 0) => {
            let both = domain::fields::kinds::references::value(vec![client, 1 + (number / 3) % CLIENTS]);
            ("clients", if number % 7 == 0 { Value::Empty } else { both })
        }
        (0, 1) => {
            ("phones", if number % 5 == 0 { Value::Empty } else { Value::Text(format!("+7 916 000-00-{number:02}")) })
        }
        (0, 2) => ("main", yes),
        (0, _) => ("name", Value::Text(format!("Имя {number}"))),
        (1, 0) | (2, 0) => ("client", Value::Reference(client)),
        (1, 1) => ("at", at),
        (1, 2) => ("talked", yes),
        (1, _) => ("kind", Value::Integer(1 + number % 3)),
        (2, 1) => ("when", at),
        (2, 2) => ("done", if number % 2 == 0 { Value::Empty } else { at }),
        (_, _) => ("what", Value::Integer(1 + number % 4)),
    }
}

struct Desk<'a> {
    office: &'a Office,
    registry: Arc<Registry>,
    acts: Cell<u32>,
}

impl Desk<'_> {
    fn section(&self, key: &str) -> &Section {
        self.registry.sections.iter().find(|section| section.key.as_str() == key).expect("a section")
    }

    fn context(&self, source: Source) -> Context {
        self.acts.set(self.acts.get() + 1);
        let actor = Actor { id: 1, role: Role::Admin, limits: Limits::default() };
        let op = format!("{}-{}", store::draft::random_id().expect("an id"), self.acts.get());
        Context { actor, now: now(), source, op, sent: None, registry: self.registry.clone() }
    }

    async fn act(&self, step: &Step) {
        let db = &self.office.server.db;
        // What cannot be done is refused and leaves nothing.
        match step {
            Step::Make { section, values } => {
                let fields = (0..4).map(|field| value(*section, field, values[field]));
                let patch = patch(fields.collect());
                let section = &self.section(SECTIONS[*section]).key;
                let _ = write::create(db, &self.context(Source::Form), section, patch).await;
            }
            Step::Change { section, record, field, value: number } => {
                let patch = patch(vec![value(*section, *field, *number)]);
                let (spec, id) = (self.section(SECTIONS[*section]), 1 + record % 12);
                let (section, base) = (spec.key.clone(), Base::Whatever);
                let act = Act::Update { section, record: id.into(), base, patch };
                let _ = write::apply(db, &self.context(Source::Form), vec![act]).await;
            }
            Step::Trash { section, record, away } => {
                let (spec, id) = (self.section(SECTIONS[*section]), 1 + record % 12);
                let _ = write::set_trashed(db, &self.context(Source::Form), &spec.key, id, *away).await;
            }
            Step::Undo { section, record, change } => {
                let (spec, id) = (self.section(SECTIONS[*section]), 1 + record % 12);
                let wanted = store::history::Wanted::default();
                let mut conn = db.read().await.expect("a connection");
                let page = store::history::page(&mut conn, spec, id, &wanted, 10).await.expect("a history");
                drop(conn);
                if let Some(change) = page.changes.get(*change as usize % page.changes.len().max(1)) {
                    let _ = write::undo(db, &self.context(Source::Undo), &spec.key, id, &change.op).await;
                }
            }
            Step::TrashClient { client, away } => {
                let spec = self.section("clients");
                let _ = write::set_trashed(db, &self.context(Source::Form), &spec.key, 1 + client, *away).await;
            }
        }
    }

    /// The records in use of a section, as their history tells them.
    async fn told(&self, key: &str) -> Vec<(RecordId, BTreeMap<String, Value>)> {
        let section = self.section(key);
        let mut conn = self.office.server.db.read().await.expect("a connection");
        let mut told = Vec::new();
        for id in 1.. {
            let changes = store::history::since(&mut conn, section, id, 0).await.expect("a history");
            if changes.is_empty() {
                return told;
            }
            let mut values = BTreeMap::new();
            let mut there = true;
            for change in changes {
                for (key, difference) in change.fields {
                    values.insert(key.to_string(), difference.new);
                }
                there = match change.kind {
                    ChangeKind::Trash => false,
                    ChangeKind::Restore | ChangeKind::Create => true,
                    ChangeKind::Update => there,
                };
            }
            if there {
                told.push((id, values));
            }
        }
        told
    }

    /// What a client ought to keep: last talk, last attempt, next reminder, contact, phones.
    async fn due(&self, client: RecordId) -> Vec<(&'static str, Value)> {
        let empty = Value::Empty;
        let number = |values: &BTreeMap<String, Value>, key: &str| values.get(key).unwrap_or(&empty).number();
        let of_client = |values: &BTreeMap<String, Value>| number(values, "client") == Some(client);
        let notes = self.told("notes").await;
        let notes = || notes.iter().map(|(_, values)| values).filter(|values| of_client(values));
        let latest = |found: Option<i64>| found.map_or(Value::Empty, Value::Instant);
        let talked = notes().filter(|values| number(values, "talked") == Some(1));
        let tried = notes().filter(|values| number(values, "talked") == Some(0) && number(values, "kind") == Some(2));
        let last_touch = latest(talked.filter_map(|values| number(values, "at")).max());
        let last_attempt = latest(tried.filter_map(|values| number(values, "at")).max());
        let reminders = self.told("reminders").await;
        let open = reminders.iter().map(|(_, values)| values).filter(|values| of_client(values));
        let open = open.filter(|values| number(values, "done").is_none());
        let next = latest(open.filter_map(|values| number(values, "when")).min());
        let contacts = self.told("contacts").await;
        let own: Vec<_> = contacts
            .iter()
            .filter(|(_, values)| {
                let clients = values.get("clients").and_then(Value::text).unwrap_or_default();
                clients.split(',').any(|id| id == client.to_string())
            })
            .collect();
        let main = own.iter().find(|(_, values)| number(values, "main") == Some(1)).or(own.first());
        let phones: Vec<&str> = own.iter().filter_map(|(_, values)| values.get("phones")?.text()).collect();
        vec![
            ("last_touch", last_touch),
            ("last_attempt", last_attempt),
            ("next_reminder", next),
            ("contact", main.map_or(Value::Empty, |(id, _)| Value::Reference(*id))),
            ("contact_phones", if phones.is_empty() { Value::Empty } else { Value::Text(phones.join("\n")) }),
        ]
    }
}

fn patch(values: Vec<(&'static str, Value)>) -> Patch {
    let fields = values.into_iter().map(|(key, value)| (FieldKey::from(key), Input::Value(value)));
    Patch { fields: fields.collect(), accept: Vec::new() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_clients_keep_is_what_the_history_tells() {
    let offices = Office::both().await;
    for office in &offices {
        let mut conn = office.server.db.read().await.expect("a connection");
        let registry = store::registry::load(&mut conn, &app::sections::registry()).await.expect("a registry").uncut();
        drop(conn);
        let desk = Desk { office, registry: Arc::new(registry), acts: Cell::new(0) };
        for _ in 0..CLIENTS {
            let context = desk.context(Source::Form);
            write::create(&office.server.db, &context, &desk.section("clients").key, Patch::default())
                .await
                .expect("a client");
        }
        // The same steps in every run: each kind of field is kept often enough to mean something.
        let mut runner = TestRunner::deterministic();
        let steps = prop::collection::vec(step(), 20..40);
        let mut kept = [0; 5];
        for _ in 0..ROUNDS {
            let steps = steps.new_tree(&mut runner).expect("steps").current();
            for step in &steps {
                desk.act(step).await;
            }
            for client in 1..=CLIENTS {
                let mut conn = office.server.db.read().await.expect("a connection");
                let record = store::record::load(&mut conn, desk.section("clients"), client)
                    .await
                    .expect("a read")
                    .expect("a client");
                drop(conn);
                for (place, (key, due)) in desk.due(client).await.into_iter().enumerate() {
                    assert_eq!(*record.value(&key.into()), due, "{key} of client {client} after {steps:#?}");
                    kept[place] += usize::from(!due.is_empty());
                }
            }
        }
        assert!(kept.iter().all(|kept| *kept > 3), "each was really kept: {kept:?}");
        let faults = store::check::check(&office.server.db, &desk.registry).await.expect("a check");
        assert_eq!(faults, Vec::<String>::new());
    }
}
