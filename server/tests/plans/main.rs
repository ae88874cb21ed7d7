//! No statement goes over a whole table. On a base whose sections are large, everything is asked that pages, calls
//! and jobs ask: lists by every field, operator and order, every door and every server function. What it costs is what
//! the databases count (`store::plans`). What is added to the program is asked without being listed here.

#[path = "../http/office.rs"]
#[allow(dead_code, reason = "other tests use the rest of it")]
mod office;
#[path = "../http/world.rs"]
#[allow(dead_code, reason = "other tests use the rest of it")]
mod world;

use std::collections::BTreeMap;

use app::users::queries;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::fields::Op;
use domain::fields::{FieldSpec, Kind, SectionSpec};
use domain::ids::SectionKey;
use domain::limits::FILTER_FIRST_ROWS_MAX;
use domain::list::ListQuery;
use domain::moment::{DAY_MS, Date};
use domain::words::Lang;
use office::{Browser, Office, now};
use serde_json::{Value as Json, json};
use store::db::Dialect;
use store::list::{Reader, Shelf};
use store::plans;
use store::testing::{TestDb, large};
use world::{FORM, JSON, World, addresses, form, shape};

/// More than each can go over within `plans`' limit, however simple its steps.
fn rows(dialect: Dialect) -> i64 {
    match dialect {
        Dialect::Sqlite => 150_000,
        Dialect::Postgres => 120_000,
    }
}

/// A statement that may go over as much as there is.
struct Right {
    of: Option<Dialect>,
    /// What the statement says, and what was asked.
    sql: &'static str,
    asked: &'static str,
    #[allow(dead_code, reason = "it is written for who reads this")]
    why: &'static str,
}

const RIGHT: [Right; 7] = [
    Right {
        of: None,
        sql: "NOT COALESCE(",
        asked: "",
        why: "what has not a text, or does not point somewhere, is in no index; it ends when enough are found",
    },
    Right {
        of: None,
        sql: "SELECT \"id\" FROM",
        asked: "change_all",
        why: "an act on all of a list takes the numbers of up to 100 000 records",
    },
    Right {
        of: None,
        sql: " ORDER BY \"id\"",
        asked: "created.",
        why: "the newest stand first: what was made long ago is come to over what is newer",
    },
    Right { of: None, sql: " ORDER BY \"id\"", asked: "updated.", why: "the same" },
    Right {
        of: None,
        sql: " IS NULL",
        asked: ".not=",
        why: "what stands beside a value is looked through along the field's index: on PostgreSQL to count it, on SQLite \
              where few of nearly all are one's own",
    },
    Right {
        of: Some(Dialect::Postgres),
        sql: ") IS NULL",
        asked: ".empty=",
        why: "ten thousand of those whose long text is empty are sorted: there are no statistics of texts' beginnings",
    },
    Right {
        of: Some(Dialect::Postgres),
        sql: "(CASE WHEN (\"contact\" IN",
        asked: "contact.",
        why: "references to who is out of sight are cut off row by row",
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn no_statement_goes_over_a_whole_table_of_sqlite() {
    weighed(store::testing::sqlite().await, Dialect::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_statement_goes_over_a_whole_table_of_postgres() {
    weighed(store::testing::postgres().await, Dialect::Postgres).await;
}

async fn weighed(base: TestDb, dialect: Dialect) {
    let office = Office::on(base).await;
    made_by_the_owner(&office).await;
    let registry = {
        let mut conn = office.server.db.read().await.expect("a connection");
        store::registry::load(&mut conn, &app::sections::registry()).await.expect("a registry").uncut()
    };
    let began = std::time::Instant::now();
    large::fill(&office.base.db, &registry, rows(dialect), now()).await;
    println!("{dialect:?}: filled in {:?}", began.elapsed());
    let world = World::on(office).await;
    plans::listen(dialect);
    // One who sees all, one who sees only what is his own.
    let mut browsers = Vec::new();
    for login in ["owner", "dima"] {
        browsers.push((login, world.office.browser(login).await));
    }
    for section in registry.sections.iter().filter(|section| !section.inner) {
        for (login, browser) in &mut browsers {
            lists(dialect, &world, login, browser, section.key.as_str()).await;
        }
    }
    println!("{dialect:?}: lists after {:?}", began.elapsed());
    for (login, browser) in &mut browsers {
        doors(dialect, &world, login, browser).await;
        calls(dialect, &world, login, browser).await;
    }
    println!("{dialect:?}: doors and calls after {:?}", began.elapsed());
    jobs(dialect, &world, &mut browsers[0].1).await;
    println!("{dialect:?}: all after {:?}", began.elapsed());
    let (statements, faults) = plans::end(dialect);
    assert!(statements > 300, "only {statements} statements were heard");
    let is_right = |fault: &plans::Fault| {
        RIGHT.iter().any(|right| {
            right.of.is_none_or(|of| of == dialect)
                && fault.sql.contains(right.sql)
                && fault.asked.contains(right.asked)
        })
    };
    let mut wrong = BTreeMap::new();
    for fault in faults.into_iter().filter(|fault| !is_right(fault)) {
        wrong.entry(fault.sql.clone()).or_insert(fault);
    }
    for fault in wrong.values() {
        println!("\n{dialect:?}, {}\n{}\n{}", fault.asked, fault.sql, fault.why);
    }
    assert!(wrong.is_empty(), "{} of {statements} statements go over too much", wrong.len());
}

/// A section with a field of every kind that the owner may make, and such fields of clients.
async fn made_by_the_owner(office: &Office) {
    let mut owner = office.browser("owner").await;
    let label = |text: &str| json!({"ru": text, "en": text});
    let forms = ["one", "many", "few", "of_many"].map(|form| (form.to_string(), label("Станки")));
    let forms = Json::Object(forms.into_iter().collect());
    let page = owner.call("make_section", json!({"forms": forms})).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    for section in ["clients", "s1"] {
        for (kind, choices, target) in [
            ("Text", 0, None),
            ("LongText", 0, None),
            ("Integer", 0, None),
            ("Money", 0, None),
            ("Date", 0, None),
            ("YesNo", 0, None),
            ("Choice", 3, None),
            ("Reference", 0, Some("users")),
            ("Reference", 0, Some("contacts")),
            ("References", 0, Some("clients")),
            ("Phones", 0, None),
            ("Emails", 0, None),
            ("Link", 0, None),
            ("Inn", 0, None),
        ] {
            let choices: Vec<Json> = (0..choices).map(|place| label(&format!("Вид {place}"))).collect();
            let wish =
                json!({"section": section, "label": label(kind), "kind": kind, "choices": choices, "target": target});
            let page = owner.call("make_field", json!({ "wish": wish })).await;
            assert_eq!(page.status, StatusCode::OK, "{kind}: {}", page.body);
        }
    }
}

/// What is typed into a filter: what nearly all have, what few have, what nobody has.
fn typed(field: &FieldSpec, op: Op) -> Vec<String> {
    let all = |texts: &[&str]| texts.iter().map(|text| text.to_string()).collect();
    if op == Op::Empty || op == Op::Filled || op == Op::Doubtful {
        return all(&["1"]);
    }
    if matches!(op, Op::Older | Op::Newer) {
        return all(&["30d", "0d", "3000d", "own"]);
    }
    match &field.kind {
        Kind::Text | Kind::LongText | Kind::Link => {
            all(&["ромашка", "ромашка 17", "никого", "ъ", "о", "ооо", "ООО «Ромашка 17»", "romashka"])
        }
        Kind::Email | Kind::Emails => all(&["romashka", "a17@romashka.ru", "nobody@nowhere.ru"]),
        Kind::Phone | Kind::Phones => all(&["79", "+7 900 339-88-61", "8 (900) 339", "+7 999 999-99-99"]),
        Kind::Inn | Kind::Kpp | Kind::Ogrn => all(&["79", "79003398861", "7707083893"]),
        Kind::Integer(_) => all(&["1", "10..20", "..0", "500.."]),
        Kind::Money => all(&["0.01", "0.10..0.20", "..0", "500.."]),
        Kind::Date | Kind::Instant => all(&["today", "2026-01-01..", "..2020-01-01", "2030-01-01..", "..today"]),
        Kind::YesNo => all(&["1", "0", "yes", "no"]),
        Kind::Choice(choices) => choices.iter().map(|choice| choice.id.to_string()).collect(),
        Kind::Record => all(&["s1.1", "contacts.17", "s1.99999999"]),
        Kind::Reference(_) | Kind::References(_) => all(&["me", "1", "17", "99999999"]),
    }
}

/// Every order, and every field with every operator, by one who sees all and by one who sees his own: the first page and
/// the second. The rest of what the page of a list asks does not depend on them: it is asked for a few.
async fn lists(dialect: Dialect, world: &World, login: &str, browser: &mut Browser, key: &str) {
    let server = &world.office.server;
    let mut conn = server.db.read().await.expect("a connection");
    let (id, _) = queries::find_login(&mut conn, login).await.expect("an answer").expect("a login");
    let user = queries::user(&mut conn, id).await.expect("an answer").expect("a user");
    let registry = server.registry.cut(&mut conn, &user.actor()).await;
    drop(conn);
    let registry = registry.expect("a registry");
    let section = registry.section(&SectionKey::from(key)).expect("a section");
    let midnight = |date: Date| date.days() * DAY_MS;
    let reader = Reader {
        user: user.id,
        lang: Lang::Ru,
        now: now(),
        today: Date::from_days(now() / DAY_MS),
        filter_first_rows_max: FILTER_FIRST_ROWS_MAX,
        midnight: &midnight,
    };
    let mut queries = vec![String::new(), "q=ромашка 17".into(), "q=79003398861".into(), "q=никого".into()];
    let sorted: Vec<&FieldSpec> = section.fields.iter().filter(|field| field.is_sortable()).collect();
    for field in section.fields.iter().filter(|field| !field.internal) {
        if field.is_sortable() {
            queries.extend(["", "-"].map(|direction| format!("sort={direction}{}", field.key)));
        }
        for op in field.kind.rules().operators() {
            for typed in typed(field, *op) {
                let query = format!("{}.{}={typed}", field.key, op.as_str());
                // In some order: each has its turn.
                if let Some(field) = sorted.get(queries.len() / 3 % sorted.len()).filter(|_| queries.len() % 3 == 0) {
                    queries.push(format!("{query}&sort={}", field.key));
                } else {
                    queries.push(query);
                }
            }
        }
    }
    queries.extend(section.views.iter().map(|view| view.query.clone()));
    for (place, query) in queries.iter().enumerate() {
        let pairs = query.split('&').filter_map(|part| part.split_once('='));
        let pairs: Vec<_> = pairs.map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let mut parsed = ListQuery::parse(section, &pairs).0;
        plans::ask(dialect, &format!("list of {key} {query}, {login}"));
        for _ in 0..2 {
            let mut conn = server.db.read().await.expect("a connection");
            let page = store::list::page(&mut conn, section, &parsed, &[], Shelf::InUse, &reader).await;
            let page = page.unwrap_or_else(|error| panic!("{dialect:?} {login} {query}: {error}"));
            let Some(next) = page.next else { break };
            parsed = parsed.with_at(Some(next));
        }
        if place % 50 == 0 {
            list(dialect, login, browser, section, &domain::list::encode(&pairs)).await;
        }
    }
}

async fn list(dialect: Dialect, login: &str, browser: &mut Browser, section: &SectionSpec, query: &str) {
    let query = query.trim_start_matches('?');
    plans::ask(dialect, &format!("list of {} {query}, {login}", section.key));
    let page = browser.call("list", json!({"section": section.key.as_str(), "query": query})).await;
    assert!(page.status == StatusCode::OK, "{dialect:?} {login} {query}: {} {}", page.status, page.body);
}

async fn doors(dialect: Dialect, world: &World, login: &str, browser: &mut Browser) {
    for path in addresses(world).into_iter().filter(|path| path != "/logout") {
        for (method, body) in [
            (Method::GET, String::new()),
            (Method::POST, form(world, world.foreign[0].1)),
            (Method::POST, form(world, world.own)),
        ] {
            plans::ask(dialect, &format!("{method} {path} {body}, {login}"));
            browser.send(method, &path, Body::from(body), &FORM).await;
            if browser.cookie.is_none() {
                *browser = world.office.browser(login).await;
            }
        }
    }
}

async fn calls(dialect: Dialect, world: &World, login: &str, browser: &mut Browser) {
    for (path, _) in leptos::server_fn::axum::server_fn_paths() {
        let shape = shape(browser, path).await;
        for record in &world.records() {
            for (place, mut arguments) in world.ways(&shape, record, "").into_iter().enumerate() {
                if arguments.get("key").is_some() {
                    arguments["key"] = json!(format!("{path}{login}{record:?}{place}"));
                }
                plans::ask(dialect, &format!("{path} {arguments}, {login}"));
                browser.send(Method::POST, path, Body::from(arguments.to_string()), &JSON).await;
            }
        }
    }
}

/// What runs beside the requests: an act on many and its undoing, the feed, the house.
async fn jobs(dialect: Dialect, world: &World, owner: &mut Browser) {
    plans::ask(dialect, "an act on many");
    let page = owner
        .call(
            "change_all",
            json!({"change": {"section": "clients", "query": "segment=2", "field": "segment", "typed": "3"}}),
        )
        .await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    app::bulk::runner::run_waiting(&world.office.server).await.expect("it runs");
    plans::ask(dialect, "the house");
    server::housekeeping::once(&world.office.server).await;
    plans::ask(dialect, "the feed");
    store::feed::after(&world.office.server.db, 0).await.expect("the feed");
}
