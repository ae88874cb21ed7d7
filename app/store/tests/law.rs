//! The filter law: an operator and its negation split all records, without overlap and without rest, and
//! both databases give the same answer, over NULL, '', `%`, `_`, `\`, letters of any case, ё and hostile
//! text. A section of the test's own: the store names none.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use domain::change::{Input, Patch, Source};
use domain::fields::Op;
use domain::fields::{Choices, FieldSpec, Integer, Kind, Registry, Section, SectionSpec, Target, Value};
use domain::ids::{FieldKey, SectionKey};
use domain::list::{Condition, ListQuery};
use domain::moment::Date;
use domain::rights::{Actor, Limits, Role};
use domain::words::{Forms, Label, Lang};
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};
use store::list::{Page, Reader, Shelf};
use store::testing::{TestDb, both};
use store::write::{Act, Context, load};
use store::{Conn, Error, declare, registry, values};

const NOW: i64 = 1_795_000_000_000;

fn template() -> SectionSpec {
    let field = |key, kind| FieldSpec::new(key, kind, Label::new(key, key));
    // Not in the order of their ids.
    let choices = Choices::of([("a", "a", 3), ("b", "b", 1), ("c", "c", 2)]);
    SectionSpec {
        key: SectionKey::built_in(""),
        table: String::new(),
        forms: Forms::default(),
        title: FieldKey::built_in("name"),
        search: vec!["name".into(), "inn".into(), "phone".into()],
        row_filters: vec![],
        owner: None,
        fields: vec![
            FieldSpec::number("number", Label::new("number", "number")),
            field("name", Kind::Text),
            field("note", Kind::LongText),
            field("inn", Kind::Inn),
            field("phone", Kind::Phone),
            field("email", Kind::Email),
            field("site", Kind::Link),
            field("amount", Kind::Money),
            field("day", Kind::Date),
            field("at", Kind::Instant),
            field("yes", Kind::YesNo),
            field("count", Kind::Integer(Integer::ANY)),
            field("choice", Kind::Choice(choices)),
            field("who", Kind::Reference(Target::Users)),
        ],
        ..SectionSpec::default()
    }
}

fn forms() -> Forms {
    let label = |text: &str| Label::new(text, text);
    Forms { one: label("Вещь"), many: label("Вещи"), few: label("вещи"), of_many: label("вещей") }
}

fn context(op: &str, source: Source, registry: Registry) -> Context {
    let actor = Actor { id: 1, role: Role::Admin, limits: Limits::default() };
    Context { actor, now: NOW, source, op: op.into(), sent: None, registry: Arc::new(registry) }
}

/// Texts that have been trouble somewhere.
const TEXTS: &[&str] = &[
    "",
    "Ромашка",
    "ООО «Ромашка»",
    "ромашка ооо",
    "РОМАШКА-СЕРВИС",
    "Ёлка",
    "елка 100%",
    "a_b",
    "a%b",
    "a\\b",
    "\\",
    "%",
    "_",
    "'; DROP TABLE things; --",
    "\"",
    "<script>",
    "ооо",
    "АО «Ёж»",
    "ИП Ким",
    "№ 17",
    "17",
    "İstanbul",
    "ß",
    "Ω",
    "日本",
    "🙂",
    "и\u{306}од",
    "\u{200b}нуль\u{200b}",
    "две  пустоты",
    "вещь",
    "Вещь № 3",
];
const PHONES: &[&str] =
    &["", "+7 912 345-67-89", "8 (912) 345-67-89", "345-67-89", "+375 29 123-45-67", "214", "8 812 334-18-90 доб. 5"];
const INNS: &[&str] = &["", "7707083893", "500100732259", "7707083894", "1234567890"];

/// Records made of every text in turn, and emptiness.
async fn fill(base: &TestDb) -> Section {
    base.db
        .write(|conn| {
            Box::pin(async move {
                for login in ["a", "b", "c"] {
                    conn.execute(
                        "INSERT INTO users (login, name, role, created) VALUES ($1, $1, 'admin', 0)",
                        values![login],
                    )
                    .await?;
                }
                Ok::<_, Error>(())
            })
        })
        .await
        .expect("users");
    let key = declare::make_section(
        &base.db,
        &context("make", Source::Form, Registry { version: 1, ..Registry::default() }),
        forms(),
        template(),
    )
    .await
    .expect("a section");
    let spec = SectionSpec { table: store::scope::table(&key), key, forms: forms(), ..template() };
    let of = |list: &[&'static str], place: usize| list[place % list.len()];
    let registry = registry::version(&mut base.db.read().await.expect("a connection")).await.expect("a version");
    let sections = vec![Section::from(spec)];
    let registry = Registry { version: registry, sections, ..Registry::default() }.uncut();
    let section = registry.sections[0].clone();
    let context = Arc::new(context("fill", Source::Seed, registry));
    let acts = (0..210).map(|place| {
        let mut patch = Patch::default();
        let mut typed = |key: &str, text: &str| patch.fields.push((key.into(), Input::Typed(text.to_string())));
        typed("name", of(TEXTS, place));
        typed("note", of(TEXTS, place / 3 + 7));
        typed("phone", of(PHONES, place));
        typed("email", ["", "office@romashka.ru", "ПОЧТА@пример.рф"][place % 3]);
        typed("site", ["", "romashka.ru", "https://Ёлка.рф/"][place / 2 % 3]);
        typed("amount", ["", "0", "-5", "1000,50", "1000"][place % 5]);
        typed("day", ["", "2026-01-01", "2026-11-18", "0001-01-01", "9999-12-31"][place / 4 % 5]);
        typed("yes", ["", "1", "0"][place / 5 % 3]);
        typed("count", ["", "0", "17", "-1"][place / 6 % 4]);
        typed("choice", ["", "1", "2", "3"][place / 7 % 4]);
        typed("who", ["", "1", "2"][place / 8 % 3]);
        let mut value = |key: &str, value: Value| patch.fields.push((key.into(), Input::Value(value)));
        let inn = of(INNS, place / 2);
        value("inn", if inn.is_empty() { Value::Empty } else { Value::Text(inn.into()) });
        let day = 86_400_000;
        let at = [None, Some(NOW), Some(NOW - 30 * day), Some(NOW - 30 * day - 1), Some(0)][place / 3 % 5];
        value("at", at.map_or(Value::Empty, Value::Instant));
        (context.clone(), Act::Create { section: section.key.clone(), patch })
    });
    load(&base.db, acts.collect()).await.expect("records");
    section
}

/// Every number that a query finds, in its order.
async fn found(conn: &mut Conn, section: &Section, query: &ListQuery, filter_first_rows_max: i64) -> Vec<i64> {
    let midnight = |day: Date| day.days() * 86_400_000;
    let reader = Reader {
        user: 1,
        lang: Lang::Ru,
        now: NOW,
        today: Date::from_days(NOW / 86_400_000),
        filter_first_rows_max,
        midnight: &midnight,
    };
    let mut ids = Vec::new();
    let mut query = query.clone();
    loop {
        let page: Page = store::list::page(conn, section, &query, &[], Shelf::InUse, &reader).await.expect("a page");
        ids.extend(page.records.iter().map(|record| record.id));
        let Some(next) = page.next else { return ids };
        query = query.with_at(Some(next));
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::sample::select(TEXTS).prop_map(str::to_string),
        2 => proptest::sample::select(PHONES).prop_map(str::to_string),
        1 => proptest::sample::select(INNS).prop_map(str::to_string),
        3 => "[а-яёА-ЯЁ a-z0-9%_\\\\'\"«»№.-]{1,6}",
        1 => "[0-9]{1,4}d",
        1 => proptest::sample::select(&["me", "1", "2", "0", "да", "2026-01-01..", "..2026-11-18", "2026-11-18", "0..1000", "-5..", "17", "0..17", "..0"][..])
            .prop_map(str::to_string),
        1 => "\\PC{1,5}",
    ]
}

fn condition(section: &SectionSpec) -> impl Strategy<Value = (Condition, Option<Op>)> + use<> {
    let mut choices = Vec::new();
    for field in &section.fields {
        let own = field.kind.own();
        for op in field.kind.rules().operators() {
            let turned = field.kind.rules().operators().iter().find(|other| other.negates(own) == Some(*op));
            choices.push((field.key.clone(), *op, turned.copied()));
        }
    }
    (proptest::sample::select(choices), proptest::collection::vec(text(), 1..3))
        .prop_map(|((field, op, turned), typed)| (Condition { field, op, typed, group: None }, turned))
}

#[test]
fn an_operator_and_its_negation_split_all_records_the_same_way_on_both_databases() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let bases = runtime.block_on(both());
    let section = runtime.block_on(async {
        let section = fill(&bases[0]).await;
        assert_eq!(section, fill(&bases[1]).await);
        section
    });
    let all: BTreeSet<i64> = (1..=210).collect();
    let (split, narrow) = (Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(Config {
        cases: 2000,
        // Seeds of failures stay beside the test and are tried first.
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        source_file: Some(file!()),
        ..Config::default()
    });
    let case = (
        condition(&section),
        condition(&section),
        proptest::option::of(proptest::sample::select(
            &["name", "-name", "inn", "-amount", "day", "-at", "number", "choice", "-choice", "count"][..],
        )),
    );
    let done = runner.run(&case, |((condition, turned), (other, _), sort)| {
        // What is typed reaches the store through the parser only, which drops what means nothing.
        let parse = |conditions: Vec<Condition>, grouped: bool| {
            let conditions =
                conditions.into_iter().map(|condition| Condition { group: grouped.then_some('a'), ..condition });
            let query = ListQuery { conditions: conditions.collect(), ..ListQuery::default() };
            let mut pairs = query.pairs(&section);
            pairs.extend(sort.map(|sort| ("sort".to_string(), sort.to_string())));
            ListQuery::parse(&section, &pairs).0
        };
        let on_both = |query: &ListQuery| {
            // By each plan: filter and then sort, or walk the sorted index.
            let [first, second, third, fourth] =
                [(0, 5000), (1, 5000), (0, 0), (1, 0)].map(|(place, plan): (usize, i64)| {
                    // Every read has its own time limit: a fresh connection for each.
                    runtime.block_on(async {
                        let mut conn = bases[place].db.read().await.expect("a connection");
                        found(&mut conn, &section, query, plan).await
                    })
                });
            prop_assert_eq!(&first, &second, "{}", query.print(&section));
            prop_assert_eq!(&first, &third, "{}", query.print(&section));
            prop_assert_eq!(&first, &fourth, "{}", query.print(&section));
            let set: BTreeSet<i64> = first.iter().copied().collect();
            prop_assert_eq!(set.len(), first.len(), "no record twice: {}", query.print(&section));
            Ok(set)
        };
        let query = parse(vec![condition.clone()], false);
        let these = on_both(&query)?;
        let Some(kept) = query.conditions.first() else { return Ok(()) };
        if let Some(turned) = turned {
            // Texts that mean nothing were dropped on the way: the negation gets the same ones.
            let those = on_both(&parse(vec![Condition { op: turned, ..kept.clone() }], false))?;
            prop_assert!(these.is_disjoint(&those), "{}", query.print(&section));
            prop_assert_eq!(&these | &those, all.clone(), "{}", query.print(&section));
            split.set(split.get() + 1);
            narrow.set(narrow.get() + i32::from(!these.is_empty() && !those.is_empty()));
        }
        // And all, or any of a group.
        let others = on_both(&parse(vec![other.clone()], false))?;
        let both = parse(vec![condition.clone(), other.clone()], false);
        if both.conditions.len() == 2 {
            prop_assert_eq!(on_both(&both)?, &these & &others, "{}", both.print(&section));
            let any = parse(vec![condition, other], true);
            prop_assert_eq!(on_both(&any)?, &these | &others, "{}", any.print(&section));
        }
        Ok(())
    });
    if let Err(failure) = done {
        panic!("{failure}");
    }
    // The law was really tried, and not on empty answers only.
    let (split, narrow) = (split.get(), narrow.get());
    assert!(split > 500 && narrow > 150, "{split} splits, {narrow} of them with records on both sides");
}

/// By the order of the list, whatever the ids are, page by page in both directions and by each plan; those without
/// come last.
#[test]
fn a_choice_sorts_by_the_order_of_its_list() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        for base in both().await {
            let section = fill(&base).await;
            let rank = |id: i64| [3, 1, 2].iter().position(|choice| *choice == id).expect("a choice");
            for (sort, turned) in [("choice", false), ("-choice", true)] {
                let query = ListQuery::parse(&section, &[("sort".into(), sort.into())]).0;
                // A filter that every record meets, so that each plan has its turn.
                let all = [("sort".to_string(), sort.to_string()), ("number".to_string(), "1..".to_string())];
                let filtered = ListQuery::parse(&section, &all).0;
                let mut conn = base.db.read().await.expect("a connection");
                let walked = found(&mut conn, &section, &query, 0).await;
                assert_eq!(walked, found(&mut conn, &section, &filtered, 0).await, "{sort}");
                assert_eq!(walked, found(&mut conn, &section, &filtered, 5000).await, "{sort}");
                let key = "choice".into();
                let values = store::record::field_of(&mut conn, &section, &key, &walked).await.expect("values");
                let ranks: Vec<Option<usize>> = walked.iter().map(|id| values[id].number().map(rank)).collect();
                let (with, without) = ranks.split_at(ranks.iter().take_while(|rank| rank.is_some()).count());
                assert!(with.len() > 100 && without.len() > 20 && without.iter().all(Option::is_none));
                assert!(with.is_sorted_by(|one, next| if turned { one >= next } else { one <= next }), "{sort}");

                // And back again.
                let mut conn = base.db.read().await.expect("a connection");
                for plan in [0, 5000] {
                    assert_eq!(backwards(&mut conn, &section, &filtered, plan).await, walked, "{sort}, plan {plan}");
                }
            }
        }
    });
}

/// All numbers again, read from the last page to the first.
async fn backwards(conn: &mut Conn, section: &Section, query: &ListQuery, filter_first_rows_max: i64) -> Vec<i64> {
    let midnight = |day: Date| day.days() * 86_400_000;
    let today = Date::from_days(NOW / 86_400_000);
    let reader = Reader { user: 1, lang: Lang::Ru, now: NOW, today, filter_first_rows_max, midnight: &midnight };
    let mut query = query.clone();
    let mut page = store::list::page(conn, section, &query, &[], Shelf::InUse, &reader).await.expect("a page");
    while let Some(next) = page.next {
        query = query.with_at(Some(next));
        page = store::list::page(conn, section, &query, &[], Shelf::InUse, &reader).await.expect("a page");
    }
    let mut ids: Vec<i64> = page.records.iter().map(|record| record.id).collect();
    while let Some(previous) = page.previous {
        query = query.with_at(Some(previous));
        page = store::list::page(conn, section, &query, &[], Shelf::InUse, &reader).await.expect("a page");
        ids.splice(0..0, page.records.iter().map(|record| record.id));
    }
    ids
}
