//! Declarations on both databases: what older bases had is taken over, built-in fields take an overlay, and every
//! change stands in the history and is taken back. Sections of the test's own: the store names none.

use std::path::Path;

use std::sync::Arc;

use domain::change::Source;
use domain::fields::{
    Choice, Choices, FieldChange, FieldSpec, Integer, Kind, PLACES_APART, Registry, Section, SectionSpec, Target,
};
use domain::ids::{FieldKey, SectionKey};
use domain::limits::FIELDS_PER_SECTION_MAX;
use domain::rights::{Actor, Limits, Role};
use domain::words::{Forms, Label};
use store::declare::{self, NewField, Refusal};
use store::testing::{both, both_empty};
use store::write::Context;
use store::{Db, Error, operation, registry, values};

fn label(text: &str) -> Label {
    Label::new(text, text)
}

fn forms(one: &str) -> Forms {
    Forms { one: label(one), many: label("много"), few: label("мало"), of_many: label("многих") }
}

/// One section with four fields, and what made ones begin with.
fn built_in() -> Registry {
    let fields = vec![
        FieldSpec::number("number", label("№")).in_table(),
        FieldSpec::new("name", Kind::Text, label("Название")).in_table(),
        FieldSpec::new("text", Kind::LongText, label("Текст")).by_form(),
        FieldSpec::new("phone", Kind::Phone, label("Телефон")).on_card(),
    ];
    let things = SectionSpec {
        key: "things".into(),
        table: "things".into(),
        forms: forms("Вещь"),
        title: "name".into(),
        row_filters: vec!["name".into()],
        feature: Some("extra".into()),
        fields,
        ..SectionSpec::default()
    };
    let template = SectionSpec {
        title: "name".into(),
        fields: vec![FieldSpec::new("name", Kind::Text, label("Название")).in_table()],
        ..SectionSpec::default()
    };
    Registry::built_in(vec![things], template)
}

fn context(op: &str, role: Role) -> Context {
    let actor = Actor { id: 1, role, limits: Limits::default() };
    Context { actor, now: 1, source: Source::Form, op: op.into(), sent: None, registry: Arc::default() }
}

fn owner() -> Context {
    context("op", Role::Admin)
}

async fn load(db: &Db) -> Registry {
    registry::load(&mut db.read().await.expect("a connection"), &built_in()).await.expect("a registry")
}

async fn section(db: &Db, key: &str) -> Section {
    load(db).await.section(&SectionKey::from(key)).cloned().unwrap_or_else(|| panic!("no {key}"))
}

/// With its switch on.
async fn things(db: &Db) -> Section {
    declare::set_feature(db, &owner(), "extra", true).await.expect("on");
    section(db, "things").await
}

async fn run(db: &Db, statements: &'static [&'static str]) {
    db.write(move |conn| {
        Box::pin(async move {
            for sql in statements {
                conn.execute(sql, values![]).await?;
            }
            Ok::<_, Error>(())
        })
    })
    .await
    .expect("rows");
}

/// The latest change: under which section's key, of which record, how, and what.
async fn latest(db: &Db) -> (String, i64, String, serde_json::Value) {
    let mut conn = db.read().await.expect("a connection");
    let sql = "SELECT section, record, act, fields FROM change ORDER BY seq DESC LIMIT 1";
    let row = conn.one(sql, values![]).await.expect("a change");
    let fields = serde_json::from_str(&row.get::<String>("fields").expect("text")).expect("JSON");
    (row.get("section").expect("text"), row.get("record").expect("a number"), row.get("act").expect("text"), fields)
}

async fn change(db: &Db, section: &Section, field: &str, change: FieldChange) -> Option<i64> {
    declare::change_field(db, &owner(), section, &field.into(), change).await.expect("a change")
}

async fn undo(db: &Db, seq: i64) -> Vec<String> {
    declare::undo_alone(db, &owner(), seq).await.expect("taken back").left
}

/// What 0005 and before wrote, in its own words.
const OLD: &[&str] = &[
    r#"INSERT INTO made_section (spec, retired) VALUES ('{"key":"s1","table":"s_1","forms":{"one":{"ru":"Станок","en":"Machine"},"many":{"ru":"Станки","en":"Machines"},"few":{"ru":"станка","en":"machines"},"of_many":{"ru":"станков","en":"machines"}},"title":"name","search":["name"],"row_filters":["name"],"owner":"responsible","feature":null,"inner":false,"made_elsewhere":false,"author":null,"part_of":null,"views":[],"fields":[]}', FALSE)"#,
    r#"INSERT INTO made_section (spec, retired) VALUES ('{"key":"s2","table":"s_2","forms":{"one":{"ru":"Склад","en":"Store"},"many":{"ru":"Склады","en":"Stores"},"few":{"ru":"склада","en":"stores"},"of_many":{"ru":"складов","en":"stores"}},"title":"name","search":[],"owner":null,"fields":[]}', TRUE)"#,
    r#"INSERT INTO section_words (section, forms) VALUES ('s1', '{"one":{"ru":"Агрегат","en":"Unit"},"many":{"ru":"Агрегаты","en":"Units"},"few":{"ru":"агрегата","en":"units"},"of_many":{"ru":"агрегатов","en":"units"}}')"#,
    r#"INSERT INTO section_words (section, forms) VALUES ('things', '{"one":{"ru":"Штука","en":"Piece"},"many":{"ru":"Штуки","en":"Pieces"},"few":{"ru":"штуки","en":"pieces"},"of_many":{"ru":"штук","en":"pieces"}}')"#,
    r#"INSERT INTO made_field (section, spec, retired) VALUES ('s1', '{"key":"f1","column":"c_1","label":{"ru":"Цена «a\"b»","en":"Price"},"kind":"Money","target":null,"choices":[],"read_only":false,"feature":null,"on_create":null,"on_update":null,"default_column":true,"on_card":true}', FALSE)"#,
    r#"INSERT INTO made_field (section, spec, retired) VALUES ('s1', '{"key":"f2","column":"c_2","label":{"ru":"Состояние","en":"State"},"kind":"Choice","target":null,"choices":[{"id":1,"label":{"ru":"новый","en":"new"}},{"id":2,"label":{"ru":"в ремонте","en":"broken"}}],"read_only":false,"feature":null,"on_create":null,"on_update":null,"default_column":true,"on_card":true}', FALSE)"#,
    r#"INSERT INTO made_field (section, spec, retired) VALUES ('s1', '{"key":"f3","column":"c_3","label":{"ru":"Чей","en":"Whose"},"kind":"Reference","target":{"Section":"things"},"choices":[],"read_only":false,"feature":null,"on_create":null,"on_update":null,"default_column":true,"on_card":true}', FALSE)"#,
    r#"INSERT INTO made_field (section, spec, retired) VALUES ('things', '{"key":"f4","column":"c_4","label":{"ru":"Кто","en":"Who"},"kind":"Reference","target":"Users","choices":[],"read_only":false,"feature":null,"on_create":null,"on_update":null,"default_column":false,"on_card":true}', TRUE)"#,
    r#"INSERT INTO made_field (section, spec, retired) VALUES ('things', '{"key":"f5","column":"c_5","label":{"ru":"Куда","en":"Where"},"kind":"References","target":null,"choices":[],"read_only":false,"feature":null,"on_create":null,"on_update":null,"default_column":false,"on_card":true}', FALSE)"#,
    "INSERT INTO feature (name) VALUES ('extra')",
    r#"INSERT INTO operation (id, actor, section, state, task, records, done, total, refused, at) VALUES ('0a1b', 1, 'things', 'running', '{"Update":{"fields":[["name",{"Typed":"вещь"}]],"accept":[]}}', '[3,5,9]', 1, 3, '[3]', 7)"#,
    r#"INSERT INTO operation (id, actor, section, state, task, records, done, total, refused, at) VALUES ('0c2d', 1, 'things', 'running', '{"Undo":{"op":"0a1b"}}', '[3,5,9]', 1, 3, '[]', 8)"#,
];

/// The migrations of a base that is older than declarations in columns.
fn older(dialect: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(dialect);
    for entry in std::fs::read_dir(all).expect("migrations").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.as_str() < "0006" {
            std::fs::copy(entry.path(), dir.path().join(name)).expect("a copy");
        }
    }
    dir
}

#[tokio::test(flavor = "multi_thread")]
async fn what_older_bases_declared_is_taken_over() {
    for empty in both_empty().await {
        let is_sqlite = empty.address.starts_with("sqlite:");
        let migrations = older(if is_sqlite { "sqlite" } else { "postgres" });
        let migrator = sqlx::migrate::Migrator::new(migrations.path()).await.expect("migrations");
        if is_sqlite {
            let address = format!("{}?mode=rwc", empty.address);
            let pool = sqlx::SqlitePool::connect(&address).await.expect("a file");
            migrator.run(&pool).await.expect("an older base");
            for sql in OLD {
                sqlx::query(*sql).execute(&pool).await.expect("a row");
            }
            pool.close().await;
        } else {
            let pool = sqlx::PgPool::connect(&empty.address).await.expect("a database");
            migrator.run(&pool).await.expect("an older base");
            for sql in OLD {
                sqlx::query(*sql).execute(&pool).await.expect("a row");
            }
            pool.close().await;
        }
        let db = Db::migrate(&empty.address).await.expect("brought up to date");

        let made = section(&db, "s1").await;
        assert_eq!((made.forms.one.ru.as_str(), made.forms.of_many.en.as_str()), ("Агрегат", "units"));
        assert_eq!(made.table, "s_1");
        let fields: Vec<(&str, &str, &str, bool, bool)> = made
            .fields
            .iter()
            .map(|field| {
                let column = field.column.as_str();
                (field.key.as_str(), column, field.label.ru.as_str(), field.in_table, field.on_card)
            })
            .collect();
        assert_eq!(
            fields,
            [
                ("name", "name", "Название", true, false),
                ("f1", "c_1", "Цена «a\"b»", true, true),
                ("f2", "c_2", "Состояние", true, true),
                ("f3", "c_3", "Чей", true, true),
            ]
        );
        let kind = |key: &str| made.field_named(key).expect("a field").kind.clone();
        assert_eq!(kind("f1"), Kind::Money);
        let label = Label::new("в ремонте", "broken");
        assert_eq!(kind("f2").choices()[1], Choice { id: 2, label, outcome: None });
        assert_eq!(kind("f3"), Kind::Reference(Target::Section("things".into())));

        let things = section(&db, "things").await;
        assert_eq!(things.forms.many.ru, "Штуки");
        let hidden: Vec<(&str, Option<&Target>)> =
            things.hidden.iter().map(|field| (field.key.as_str(), field.kind.target())).collect();
        assert_eq!(hidden, [("f4", Some(&Target::Users)), ("f5", Some(&Target::Users))]);
        assert!(load(&db).await.section(&"s2".into()).is_none(), "switched off it stays off");
        // What was under way goes on where it was; an undoing is begun again by whom it concerns.
        let mut conn = db.read().await.expect("a connection");
        let running = operation::find(&mut conn, &owner().actor, "0a1b").await.expect("an operation");
        assert_eq!(running.state, operation::State::Running);
        assert_eq!((running.done, running.total, running.left, running.is_undo()), (1, 3, 1, false));
        let last = "SELECT record FROM operation_item WHERE op = '0a1b' AND place = 3";
        assert_eq!(conn.one(last, values![]).await.expect("an item").get::<i64>("record").expect("a number"), 9);
        assert!(operation::find(&mut conn, &owner().actor, "0c2d").await.is_err());
        drop(conn);
        // Numbers go on where they were.
        let key = declare::make_section(&db, &owner(), forms("Ещё"), built_in().template).await.expect("a section");
        assert_eq!(key.as_str(), "s3");
        let new = NewField { label: self::label("Ещё"), kind: Kind::Text };
        let made = section(&db, "s3").await;
        assert_eq!(declare::make_field(&db, &owner(), &made, new).await.expect("a field").as_str(), "f6");
        db.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_built_in_field_takes_an_overlay_that_stands_in_the_history_and_is_taken_back() {
    for base in both().await {
        let db = &base.db;
        let before = things(db).await;
        let seq = change(
            db,
            &before,
            "phone",
            FieldChange {
                label: Some(label("Мобильный")),
                place: Some(before.fields[0].place - 1),
                in_table: Some(true),
                on_card: Some(false),
                in_filters: Some(true),
                required: Some(true),
                ..FieldChange::default()
            },
        )
        .await
        .expect("a change");
        let after = section(db, "things").await;
        let phone = &after.fields[0];
        assert_eq!((phone.key.as_str(), phone.label.ru.as_str()), ("phone", "Мобильный"));
        assert_eq!((phone.in_table, phone.on_card, phone.required), (true, false, true));
        assert_eq!(after.row_filters, [FieldKey::from("name"), "phone".into()]);
        let (what, record, act, fields) = latest(db).await;
        assert_eq!((what.as_str(), record, act.as_str()), ("fields", 0, "update"));
        assert_eq!(fields["label_ru"], serde_json::json!([null, "Мобильный"]));
        assert_eq!(fields["in_table"], serde_json::json!([null, true]));
        assert_eq!((&fields["section"][1], &fields["field"][1]), (&"things".into(), &"phone".into()));

        // The same again is no change.
        let same = FieldChange { required: Some(true), ..FieldChange::default() };
        let version = load(db).await.version;
        assert_eq!(change(db, &before, "phone", same).await, None);
        assert_eq!(load(db).await.version, version);

        // Taken back: all but what was changed since, which is named.
        let later = FieldChange { label: Some(label("Связь")), ..FieldChange::default() };
        let later = change(db, &before, "phone", later).await.expect("a change");
        assert_eq!(undo(db, seq).await, ["label_en", "label_ru"]);
        assert!(load(db).await.version > version);
        let back = section(db, "things").await;
        assert_eq!(back.field_named("phone").map(|field| field.label.ru.as_str()), Some("Связь"));
        assert_eq!(undo(db, later).await, Vec::<String>::new());
        let expected = FieldChange { label: Some(label("Мобильный")), ..FieldChange::default() };
        assert_eq!(change(db, &before, "phone", expected).await, None, "as it was before the later change");

        // Hidden: nowhere, but kept.
        let hide = FieldChange { hidden: Some(true), ..FieldChange::default() };
        let hid = change(db, &before, "phone", hide).await.expect("a change");
        let gone = section(db, "things").await;
        assert!(gone.field_named("phone").is_none() && gone.kept().any(|field| field.key.as_str() == "phone"));
        undo(db, hid).await;
        assert!(section(db, "things").await.field_named("phone").is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn declarations_are_the_owners_and_some_changes_are_none() {
    for base in both().await {
        let db = &base.db;
        let things = things(db).await;
        let manager = context("op", Role::Manager);
        let hide = || FieldChange { hidden: Some(true), ..FieldChange::default() };
        let require = || FieldChange { required: Some(true), ..FieldChange::default() };
        let refused = declare::change_field(db, &manager, &things, &"phone".into(), hide()).await;
        assert!(matches!(refused, Err(Refusal::Forbidden)));
        let seq = change(db, &things, "phone", hide()).await.expect("a change");
        assert!(matches!(declare::undo_alone(db, &manager, seq).await, Err(Refusal::Forbidden)));
        assert!(matches!(declare::undo_alone(db, &owner(), 999).await, Err(Refusal::NotFound)));
        for (field, change) in [("text", hide()), ("text", require()), ("number", require())] {
            let refused = declare::change_field(db, &owner(), &things, &field.into(), change).await;
            assert!(matches!(refused, Err(Refusal::BadChange)), "{field}");
        }
        for (field, change) in [
            ("phone", FieldChange { label: Some(label("")), ..FieldChange::default() }),
            ("phone", FieldChange { choices: Some(vec![]), ..FieldChange::default() }),
            ("wings", hide()),
        ] {
            assert!(declare::change_field(db, &owner(), &things, &field.into(), change).await.is_err(), "{field}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_switches_and_what_was_made_are_taken_back() {
    for base in both().await {
        let db = &base.db;
        let on = declare::set_feature(db, &owner(), "extra", true).await.expect("on").expect("a change");
        assert_eq!(latest(db).await.3, serde_json::json!({"feature": ["extra", "extra"], "on": [false, true]}));
        undo(db, on).await;
        assert!(load(db).await.section(&"things".into()).is_none());
        things(db).await;

        let things = SectionKey::from("things");
        let renamed = declare::rename_section(db, &owner(), &things, forms("Штука")).await.expect("renamed");
        assert_eq!(section(db, "things").await.forms.one.ru, "Штука");
        undo(db, renamed.expect("a change")).await;
        assert_eq!(section(db, "things").await.forms.one.ru, "Вещь");

        let key = declare::make_section(db, &owner(), forms("Станок"), built_in().template).await.expect("a section");
        let (what, record, act, fields) = latest(db).await;
        assert_eq!((what.as_str(), record, act.as_str()), ("sections", 1, "create"));
        assert_eq!(fields["one_ru"], serde_json::json!([null, "Станок"]));
        let renamed = declare::rename_section(db, &owner(), &key, forms("Агрегат")).await.expect("renamed");
        undo(db, renamed.expect("a change")).await;
        assert_eq!(section(db, "s1").await.forms.one.ru, "Станок");

        let new = NewField { label: label("Цена"), kind: Kind::Integer(Integer { within: Some((1, 5)) }) };
        let field = declare::make_field(db, &owner(), &section(db, "s1").await, new).await.expect("a field");
        let made = section(db, "s1").await;
        let spec = made.field(&field).expect("a field");
        assert_eq!(spec.kind, Kind::Integer(Integer { within: Some((1, 5)) }));
        assert_eq!(spec.place, 2 * PLACES_APART, "after the others");
        let (what, record, act, fields) = latest(db).await;
        assert_eq!((what.as_str(), record, act.as_str()), ("fields", 1, "create"));
        assert_eq!(fields["label_en"], serde_json::json!([null, "Цена"]));
        let seq = latest_seq(db).await;
        undo(db, seq).await;
        assert!(section(db, "s1").await.field(&field).is_none(), "what was made is switched off");
        undo(db, latest_seq(db).await).await;
        assert!(section(db, "s1").await.field(&field).is_some(), "and that is taken back too");
    }
}

async fn latest_seq(db: &Db) -> i64 {
    let mut conn = db.read().await.expect("a connection");
    conn.one("SELECT MAX(seq) AS seq FROM change", values![]).await.expect("a row").get("seq").expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn choices_get_another_order_and_none_that_was_offered_is_lost() {
    for base in both().await {
        let db = &base.db;
        declare::make_section(db, &owner(), forms("Станок"), built_in().template).await.expect("a section");
        let choices = Choices::of([("а", "a", 1), ("б", "b", 2)]);
        let new = NewField { label: label("Что"), kind: Kind::Choice(choices) };
        declare::make_field(db, &owner(), &section(db, "s1").await, new).await.expect("a field");
        let made = section(db, "s1").await;
        let choice = |id: i64, text: &str| Choice { id, label: label(text), outcome: None };
        let with = |choices: Vec<Choice>| FieldChange { choices: Some(choices), ..FieldChange::default() };
        let ids = async || -> Vec<i64> {
            let field = section(db, "s1").await.field_named("f1").cloned().expect("a field");
            field.kind.choices().iter().map(|choice| choice.id).collect()
        };
        let seq = change(db, &made, "f1", with(vec![choice(2, "бэ"), choice(0, "в"), choice(1, "а")])).await;
        assert_eq!(ids().await, [2, 3, 1], "the new one gets the next id");
        for wrong in [
            vec![choice(1, "а"), choice(2, "б")],
            vec![choice(1, "а"), choice(2, "б"), choice(3, "в"), choice(7, "г")],
            vec![choice(1, "а"), choice(2, "б"), choice(3, "в"), choice(3, "г")],
        ] {
            let refused = declare::change_field(db, &owner(), &made, &"f1".into(), with(wrong)).await;
            assert!(matches!(refused, Err(Refusal::BadChoices)));
        }
        assert_eq!(undo(db, seq.expect("a change")).await, ["data"]);
        assert_eq!(ids().await, [1, 2, 3], "a record may have it by now");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_that_are_switched_off_count_too() {
    for base in both().await {
        let db = &base.db;
        let made = declare::make_section(db, &owner(), forms("Станок"), built_in().template).await.expect("a section");
        let made = section(db, made.as_str()).await;
        // The one of the template, and all but one of the others.
        const ROOM: usize = FIELDS_PER_SECTION_MAX - 1;
        run(
            db,
            &["WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 198) \
              INSERT INTO made_field \
              (section, label_ru, label_en, kind, place, in_table, on_card, in_filters, required, hidden) \
              SELECT 's1', 'x', 'x', 'Text', n, FALSE, FALSE, FALSE, FALSE, TRUE FROM n"],
        )
        .await;
        assert_eq!(ROOM, 199, "the rows above leave room for one");
        let new = || NewField { label: label("Цена"), kind: Kind::Money };
        declare::make_field(db, &owner(), &made, new()).await.expect("the last one");
        // The section as it was read before: what counts is asked in the transaction.
        let refused = declare::make_field(db, &owner(), &made, new()).await;
        assert!(matches!(refused, Err(Refusal::TooMany)));
    }
}
