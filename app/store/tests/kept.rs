//! What is kept from records of other sections is what one computes anew, whatever was done and taken back: counts, sums,
//! the value of the latest, and sums of sums. Sections of the test's own.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::change::{Input, Patch, Source};
use domain::fields::{FieldSpec, Integer, Kind, Registry, Rollup, Section, SectionSpec, Take, Value};
use domain::ids::{FieldKey, RecordId, SectionKey};
use domain::rights::{Actor, Limits, Role};
use domain::words::Label;
use store::Db;
use store::record::{self, Record};
use store::testing::{both, make_tables};
use store::write::{self, Act, Base, Context};

fn label() -> Label {
    Label::new("", "")
}

fn number(key: &'static str) -> FieldSpec {
    FieldSpec::new(key, Kind::Integer(Integer::ANY), label())
}

fn section(key: &'static str, fields: Vec<FieldSpec>) -> SectionSpec {
    SectionSpec { key: SectionKey::built_in(key), table: key.into(), fields, ..SectionSpec::default() }
}

/// Lines of orders of buyers.
fn registry() -> Registry {
    let sum = |of, by, field: &str| Rollup::new(of, by, Take::Sum(field.into()));
    let state = Take::ValueOf { field: "state".into(), greatest: "day".into() };
    let sections = vec![
        section(
            "buyers",
            vec![
                number("orders").rolled_up(Rollup::new("orders", "buyer", Take::Count)),
                number("open").rolled_up(Rollup::new("orders", "buyer", Take::Count).only("state", Value::Integer(1))),
                number("total").rolled_up(sum("orders", "buyer", "total")),
                number("latest").rolled_up(Rollup::new("orders", "buyer", state)),
            ],
        ),
        section(
            "orders",
            vec![
                FieldSpec::record("buyer", "buyers", label()),
                number("day"),
                number("state"),
                number("total").rolled_up(sum("lines", "order_of", "amount")),
            ],
        ),
        section("lines", vec![FieldSpec::record("order_of", "orders", label()), number("amount")]),
    ];
    let mut registry = Registry::built_in(sections, SectionSpec::default());
    registry.connect();
    registry.uncut()
}

struct Books {
    db: Db,
    registry: Arc<Registry>,
    ops: Vec<String>,
}

impl Books {
    fn section(&self, key: &str) -> &Section {
        self.registry.section(&key.into()).expect("a section")
    }

    async fn act(&mut self, act: Act) -> Option<RecordId> {
        let op = store::draft::random_id().expect("random");
        let actor = Actor { id: 1, role: Role::Admin, limits: Limits::default() };
        let (source, now) = (Source::Form, self.ops.len() as i64);
        let context = Context { actor, now, source, op: op.clone(), sent: None, registry: self.registry.clone() };
        let done = write::apply(&self.db, &context, vec![act]).await.ok()?;
        self.ops.push(op);
        done.first().map(|one| one.record)
    }

    async fn make(&mut self, section: &str, values: &[(&str, Value)]) -> RecordId {
        let act = Act::Create { section: section.into(), patch: patch(values) };
        self.act(act).await.expect("a record")
    }

    async fn all(&self, section: &str) -> Vec<Record> {
        let mut conn = self.db.read().await.expect("a connection");
        let ids: Vec<RecordId> = (1..200).collect();
        record::load_some(&mut conn, self.section(section), &ids).await.expect("records")
    }

    /// What every buyer ought to keep, by other code than the store's.
    async fn expected(&self) -> BTreeMap<RecordId, [Value; 4]> {
        let of = |record: &Record, key: &str| record.value(&FieldKey::from(key)).number();
        let in_use = |records: Vec<Record>| records.into_iter().filter(|one| one.trashed.is_none()).collect::<Vec<_>>();
        let (orders, lines) = (in_use(self.all("orders").await), in_use(self.all("lines").await));
        let some = |number: Option<i64>| number.map_or(Value::Empty, Value::Integer);
        let sum = |numbers: Vec<i64>| (!numbers.is_empty()).then(|| numbers.iter().sum());
        let total = |order: &Record| {
            sum(lines
                .iter()
                .filter(|line| of(line, "order_of") == Some(order.id))
                .filter_map(|line| of(line, "amount"))
                .collect())
        };
        let buyers = self.all("buyers").await.into_iter().map(|buyer| {
            let own: Vec<&Record> = orders.iter().filter(|order| of(order, "buyer") == Some(buyer.id)).collect();
            let count = |count: usize| some((count > 0).then_some(count as i64));
            let latest =
                own.iter().filter(|order| of(order, "day").is_some()).max_by_key(|order| (of(order, "day"), order.id));
            let kept = [
                count(own.len()),
                count(own.iter().filter(|order| of(order, "state") == Some(1)).count()),
                some(sum(own.iter().filter_map(|order| total(order)).collect())),
                some(latest.and_then(|order| of(order, "state"))),
            ];
            (buyer.id, kept)
        });
        buyers.collect()
    }

    async fn kept(&self) -> BTreeMap<RecordId, [Value; 4]> {
        let keys = ["orders", "open", "total", "latest"];
        let buyers = self.all("buyers").await.into_iter();
        buyers.map(|buyer| (buyer.id, keys.map(|key| buyer.value(&FieldKey::from(key)).clone()))).collect()
    }
}

fn patch(values: &[(&str, Value)]) -> Patch {
    let fields = values.iter().map(|(key, value)| (FieldKey::from(*key), Input::Value(value.clone())));
    Patch { fields: fields.collect(), accept: Vec::new() }
}

async fn bases() -> Vec<(store::testing::TestDb, Books)> {
    let mut bases = Vec::new();
    for base in both().await {
        let version =
            store::registry::version(&mut base.db.read().await.expect("a connection")).await.expect("a version");
        let registry = Registry { version, ..registry() };
        make_tables(&base.db, &registry).await;
        let own = Books { db: base.db.clone(), registry: Arc::new(registry), ops: Vec::new() };
        bases.push((base, own));
    }
    bases
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_is_what_is_computed_anew_whatever_is_done() {
    for (_file, mut base) in bases().await {
        for _ in 0..3 {
            base.make("buyers", &[]).await;
        }
        let mut seed = 20_261_127u64;
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        let reference = |id: u64| if id == 0 { Value::Empty } else { Value::Reference(id as i64) };
        let (mut orders, mut lines) = (0u64, 0u64);
        for step in 0..220 {
            let act = match random(8) {
                0 | 1 if orders < 12 => {
                    orders += 1;
                    let values = [
                        ("buyer", reference(random(4))),
                        ("day", Value::Integer(random(5) as i64)),
                        ("state", Value::Integer(random(3) as i64)),
                    ];
                    Act::Create { section: "orders".into(), patch: patch(&values) }
                }
                2 | 3 if orders > 0 && lines < 30 => {
                    lines += 1;
                    let values = [
                        ("order_of", reference(random(orders + 1))),
                        ("amount", Value::Integer(random(900) as i64 - 200)),
                    ];
                    Act::Create { section: "lines".into(), patch: patch(&values) }
                }
                4 if orders > 0 => Act::Update {
                    section: "orders".into(),
                    record: (1 + random(orders) as i64).into(),
                    base: Base::Whatever,
                    patch: patch(&[("buyer", reference(random(4))), ("state", Value::Integer(random(3) as i64))]),
                },
                5 if lines > 0 => Act::Update {
                    section: "lines".into(),
                    record: (1 + random(lines) as i64).into(),
                    base: Base::Whatever,
                    patch: patch(&[
                        ("order_of", reference(random(orders + 1))),
                        ("amount", Value::Integer(random(900) as i64)),
                    ]),
                },
                6 if orders > 0 => {
                    let (section, count) =
                        if random(2) == 0 && lines > 0 { ("lines", lines) } else { ("orders", orders) };
                    let (section, record) = (section.into(), (1 + random(count) as i64).into());
                    if random(3) == 0 { Act::Restore { section, record } } else { Act::Trash { section, record } }
                }
                _ if base.ops.len() > 3 => {
                    let op = base.ops[3 + random(base.ops.len() as u64 - 3) as usize].clone();
                    Act::Undo { op, only: None }
                }
                _ => continue,
            };
            base.act(act).await;
            assert_eq!(base.kept().await, base.expected().await, "step {step}");
        }
        let all: Vec<Value> = base.kept().await.into_values().flatten().collect();
        assert!(all.iter().filter(|value| !value.is_empty()).count() > 6, "something was kept: {all:?}");
        let faults = store::check::check(&base.db, &base.registry).await.expect("a check");
        assert!(faults.is_empty(), "{faults:?}");
    }
}

/// A sum ends where its column does, and refuses nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_sum_beyond_its_end_is_its_end() {
    const MOST: i64 = 1 << 53;
    for (_file, mut base) in bases().await {
        let buyer = base.make("buyers", &[]).await;
        let order = base.make("orders", &[("buyer", Value::Reference(buyer))]).await;
        let line = |amount: i64| [("order_of", Value::Reference(order)), ("amount", Value::Integer(amount))];
        base.make("lines", &line(MOST)).await;
        base.make("lines", &line(-MOST)).await;
        base.make("lines", &line(7)).await;
        assert_eq!(base.kept().await[&buyer][2], Value::Integer(7));
        let actor = Actor { id: 1, role: Role::Admin, limits: Limits::default() };
        let context = Arc::new(Context {
            actor,
            now: 0,
            source: Source::Seed,
            op: "many".into(),
            sent: None,
            registry: base.registry.clone(),
        });
        let many =
            (0..1_100).map(|_| (context.clone(), Act::Create { section: "lines".into(), patch: patch(&line(MOST)) }));
        write::load(&base.db, many.collect()).await.expect("lines");
        assert_eq!(base.kept().await[&buyer][2], Value::Integer(i64::MAX));
    }
}
