//! How fast records are written, beside statements written by hand for the same rows. Not a test: it says how long
//! things take and judges nothing. `cargo xtask bench writes`.

mod by_hand;

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::change::{Patch, Source};
use domain::rights::{Actor, Limits, Role};
use store::context::Context;
use store::idempotency::Sent;
use store::testing::{Cluster, TestDb, postgres_alone, sqlite};
use store::{Db, write};

const CLIENTS: u32 = 5_000;
const ROUNDS: usize = 3;
const SAVES: i64 = 400;
/// 2026-01-12 09:00 UTC.
const NOW: i64 = 1_768_208_400_000;

#[tokio::main]
async fn main() {
    // As a request is answered: by a worker of the runtime.
    let measured = tokio::spawn(async {
        for base in ["SQLite", "PostgreSQL"] {
            one(base).await;
            many(base).await;
        }
    });
    measured.await.expect("figures");
}

/// A fresh base that keeps what it acknowledges, with the cluster that it is in.
async fn fresh(base: &str) -> (TestDb, Option<Cluster>) {
    let (fresh, cluster) = match base {
        "SQLite" => (sqlite().await, None),
        _ => {
            let (fresh, cluster) = postgres_alone().await;
            // Clusters of tests begin without fsync; started again it has it.
            cluster.stop();
            cluster.start();
            (fresh, Some(cluster))
        }
    };
    // With all the indexes that a base in use has.
    store::ddl::complete(&fresh.db, &app::sections::registry().uncut()).await.expect("indexes");
    (fresh, cluster)
}

async fn fill(db: &Db, clients: u32) {
    server::demo::fill(db, clients, 1, NOW, |_| ()).await.expect("a demonstration base");
}

/// Clients with contacts, entries and reminders, as `seed` and an import write them.
async fn many(base: &str) {
    let (mut ours, mut by_hand) = (Duration::ZERO, Duration::ZERO);
    let mut records = 0;
    for _ in 0..ROUNDS {
        let (filled, _cluster) = fresh(base).await;
        fill(&filled.db, 0).await;
        let begun = Instant::now();
        fill(&filled.db, CLIENTS).await;
        ours += begun.elapsed();
        let tables = by_hand::read(&filled.db, &filled.address).await;
        records += tables.records();
        let (empty, _cluster) = fresh(base).await;
        fill(&empty.db, 0).await;
        by_hand += tables.insert(&empty.address, (CLIENTS / 500) as usize).await;
    }
    let speed = |took: Duration| records as f64 / took.as_secs_f64();
    println!(
        "{base}, many: {:.0} records/s; by hand {:.0} records/s; ratio {:.2}",
        speed(ours),
        speed(by_hand),
        ours.as_secs_f64() / by_hand.as_secs_f64()
    );
}

/// One field of one client, saved by its form and by hand, in turn.
async fn one(base: &str) {
    let (filled, _cluster) = fresh(base).await;
    fill(&filled.db, 2_000).await;
    filled.db.analyze().await.expect("statistics");
    let registry = {
        let mut conn = filled.db.read().await.expect("a connection");
        Arc::new(store::registry::load(&mut conn, &app::sections::registry()).await.expect("a registry").uncut())
    };
    let mut hand = by_hand::Saver::open(&filled.address).await;
    let section = app::clients::section().key;
    let (mut ours, mut by_hand) = (Vec::new(), Vec::new());
    for place in 1..=SAVES {
        let phone = format!("+7 916 {:03}-00-{:02}", place, place % 100);
        let before = by_hand::version(&filled.db, place).await;
        let context = Context {
            actor: Actor { id: 1, role: Role::Admin, limits: Limits::default() },
            now: NOW + place,
            source: Source::Form,
            op: format!("save-{place}"),
            sent: Some(Sent { key: format!("key-{place}"), digest: store::idempotency::digest(&[phone.as_bytes()]) }),
            registry: registry.clone(),
        };
        let patch = Patch::typed(&"phone".into(), &phone);
        let begun = Instant::now();
        write::update(&filled.db, &context, &section, place, before, patch).await.expect("a save");
        ours.push(begun.elapsed());

        let other = SAVES + place;
        let searched = by_hand::searched(&filled.db, &registry, other, &phone).await;
        let begun = Instant::now();
        hand.save(other, &phone, &searched, NOW + place).await;
        by_hand.push(begun.elapsed());
    }
    let (ours, by_hand) = (median(ours), median(by_hand));
    let ratio = ours.as_secs_f64() / by_hand.as_secs_f64();
    println!("{base}, one: {ours:?}; by hand {by_hand:?}; ratio {ratio:.2}");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
