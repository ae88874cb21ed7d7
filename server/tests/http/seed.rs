//! The demonstration base.

use domain::fields::{Kind, Value};
use store::list::{Reader, Shelf};
use store::record::Record;

use crate::office::{Office, now};

fn clients_section() -> domain::fields::Section {
    app::sections::registry().uncut().section(&app::clients::KEY.into()).expect("clients").clone()
}

async fn records(office: &Office) -> Vec<Record> {
    let section = clients_section();
    let mut conn = office.server.db.read().await.expect("a connection");
    let keys: Vec<_> = section.fields.iter().map(|field| field.key.clone()).collect();
    let midnight = |_| 0;
    let today = domain::moment::Date { year: 2026, month: 1, day: 1 };
    let reader = Reader {
        user: 1,
        lang: domain::words::Lang::Ru,
        now: 0,
        today,
        filter_first_rows_max: 5000,
        midnight: &midnight,
    };
    let mut all = Vec::new();
    let mut query = domain::list::ListQuery::parse(&section, &domain::list::pairs("sort=number")).0;
    loop {
        let page = store::list::page(&mut conn, &section, &query, &keys, Shelf::InUse, &reader).await.expect("a page");
        all.extend(page.records);
        match page.next {
            Some(next) => query = query.with_at(Some(next)),
            None => return all,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_gives_the_same_clients_on_both_databases() {
    let at = now();
    let mut bases = Vec::new();
    for office in Office::both().await {
        let mut heard = Vec::new();
        server::demo::fill(&office.base.db, 700, 5, at, |done| heard.push(done)).await.expect("a seeded base");
        assert_eq!(heard, [500, 700]);
        bases.push(records(&office).await);
    }
    assert_eq!(bases[0], bases[1]);
    let clients = &bases[0];
    assert_eq!(clients.iter().map(|client| client.id).collect::<Vec<_>>(), (1..=700).collect::<Vec<i64>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn it_reads_like_a_real_one() {
    let office = Office::both().await.remove(0);
    let at = now();
    server::demo::fill(&office.base.db, 1000, 1, at, |_| ()).await.expect("a seeded base");
    let clients = records(&office).await;
    let section = clients_section();
    let names: Vec<&str> = clients.iter().filter_map(|client| client.value(&"name".into()).text()).collect();
    for form in ["ООО", "АО", "ПАО", "ЗАО", "ИП", "МУП", "ГБУ", "ФГУП", "АНО", "ТСЖ", "КФХ", "СПК"]
    {
        assert!(names.iter().any(|name| name.starts_with(&format!("{form} "))), "{form}");
    }
    let nameless = clients.len() - names.len();
    assert!((10..100).contains(&nameless), "{nameless} without a name");
    let mut with_inn = 0;
    for client in &clients {
        for field in &section.fields {
            let value = client.value(&field.key);
            let rules = field.kind.rules();
            if let Some(text) = value.text() {
                assert_eq!(rules.parse(text), Ok(value.clone()), "{}", field.key);
                assert_eq!(rules.doubt(value), None, "{} {text}", field.key);
            }
            with_inn += usize::from(field.kind == Kind::Inn && !value.is_empty());
        }
    }
    assert!(with_inn > 600);
    // Two years, in the order of the numbers, within working hours; several employees, unevenly.
    let created: Vec<i64> = clients.iter().filter_map(|client| client.value(&"created".into()).number()).collect();
    assert!(created.is_sorted());
    let day = domain::moment::DAY_MS;
    assert!(created[0] < at - 690 * day && created[999] < at && created[999] > at - 8 * day);
    let mut shares = std::collections::BTreeMap::new();
    for client in &clients {
        if let Value::Reference(id) = client.value(&"responsible".into()) {
            *shares.entry(*id).or_insert(0) += 1;
        }
    }
    assert!(shares.len() >= 6);
    let (most, least) = (shares.values().max().copied().unwrap_or(0), shares.values().min().copied().unwrap_or(0));
    assert!(most > 2 * least, "{shares:?}");
    let changes = office.changes().await;
    assert!(changes > 1500, "{changes} changes");
    // Its employees cannot sign in.
    let mut stranger = office.stranger();
    let page = stranger.post("/login", &[("login", "demo.titov"), ("password", "")]).await;
    assert!(page.location.unwrap_or_default().contains("problem=password"));
}
