//! `klientura check` finds what somebody has spoilt behind the writer's back, and nothing else.

use store::check::check;
use store::values;

use crate::office::{Office, now};

async fn spoil(office: &Office, sql: &'static str) {
    office
        .server
        .db
        .write(move |conn| {
            Box::pin(async move {
                assert!(conn.execute(sql, values![]).await? >= 1, "{sql}");
                Ok::<_, store::Error>(())
            })
        })
        .await
        .expect("a spoilt base");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_spoilt_is_said_in_words() {
    for office in Office::both().await {
        server::demo::fill(&office.base.db, 120, 2, now(), |_| ()).await.expect("a seeded base");
        let mut anna = office.anna().await;
        let id = anna.client(&[("name", "ООО «Маяк»"), ("phone", "8 912 345-67-89"), ("responsible", "1")]).await;
        anna.post(&format!("/clients/{id}/trash"), &[("_key", "t")]).await;
        anna.post(&format!("/clients/{id}/restore"), &[("_key", "r")]).await;
        let registry = {
            let mut conn = office.server.db.read().await.expect("a connection");
            store::registry::load(&mut conn, &app::sections::registry()).await.expect("a registry").uncut()
        };
        let whole = check(&office.server.db, &registry).await.expect("a check");
        assert_eq!(whole, Vec::<String>::new());
        let unsearched = match office.server.db {
            store::Db::Sqlite { .. } => "DELETE FROM clients_pairs WHERE rowid = 121",
            store::Db::Postgres { .. } => "UPDATE clients SET pairs = '{}' WHERE id = 121",
        };
        for (sql, said) in [
            (unsearched, "clients/121: the search does not find it"),
            ("UPDATE clients SET address = 'тайком' WHERE id = 5", "address: the table has"),
            ("UPDATE clients SET name_key = 'x' WHERE id = 121", "name: it is not found by what it holds"),
            ("UPDATE clients SET inn_doubt = 1 WHERE id = 121", "inn: whether it is doubtful"),
            ("UPDATE clients SET last_touch = 1 WHERE id = 7", "last_touch: the table has"),
            ("UPDATE clients SET trashed = 1, trashed_by = 1 WHERE id = 9", "whether it is in the trash"),
            ("DELETE FROM change WHERE record = 121 AND version = 2", "but the history has [1, 3"),
            ("DELETE FROM clients WHERE id = 11", "clients/11: it has a history, but is not in its table"),
            ("DELETE FROM clients WHERE id > 119", "clients/120: it has a history, but is not in its table"),
            ("UPDATE counter SET next = 50", "the next number is 50"),
            ("INSERT INTO link (section, field, record, target) VALUES ('contacts', 'clients', 1, 77)", "contacts/1"),
            ("DELETE FROM link WHERE section = 'contacts' AND record = 3", "contacts/3"),
        ] {
            spoil(&office, sql).await;
            let faults = check(&office.server.db, &registry).await.expect("a check");
            assert!(faults.iter().any(|fault| fault.contains(said)), "{sql}: {faults:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_an_older_version_is_made_anew() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let id = anna.client(&[("name", "ООО «Маяк»")]).await;
        let empty = match office.server.db {
            store::Db::Sqlite { .. } => "DELETE FROM clients_pairs",
            store::Db::Postgres { .. } => "UPDATE clients SET pairs = NULL",
        };
        spoil(&office, empty).await;
        spoil(&office, "UPDATE search_index SET fold = 0").await;
        assert!(anna.get("/clients?name=аяк").await.rows().is_empty(), "nothing leads to it");
        let db = &office.server.db;
        let registry =
            store::registry::load_all(&mut db.read().await.expect("a connection"), &app::sections::registry())
                .await
                .expect("a registry")
                .uncut();
        let complete = async || {
            let mut conn = db.read().await.expect("a connection");
            store::search_index::is_complete(&mut conn, &registry).await.expect("an answer")
        };
        assert!(!complete().await);
        store::search_index::build(db, &registry).await.expect("an index");
        assert!(complete().await);
        assert_eq!(anna.get("/clients?name=аяк").await.rows(), vec![id]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_base_is_looked_through_to_its_end() {
    for office in Office::both().await {
        for _ in 0..11 {
            office.make_clients(500).await;
        }
        spoil(&office, "UPDATE clients SET address = 'тайком' WHERE id = 5499").await;
        let registry = {
            let mut conn = office.server.db.read().await.expect("a connection");
            store::registry::load(&mut conn, &app::sections::registry()).await.expect("a registry").uncut()
        };
        let mut seen = Vec::new();
        let faults = store::check::check_with(&office.server.db, &registry, |done, total| seen.push((done, total)));
        let faults = faults.await.expect("a check");
        assert!(faults.iter().any(|fault| fault.contains("clients/5499: address")), "{faults:?}");
        assert!(faults.iter().all(|fault| fault.contains("clients/5499")), "{faults:?}");
        assert!(seen.len() > 5, "it says how far it is: {seen:?}");
        let ends = seen.last().is_some_and(|(done, total)| done == total);
        assert!(ends && seen.windows(2).all(|pair| pair[0].0 <= pair[1].0), "{seen:?}");
    }
}
