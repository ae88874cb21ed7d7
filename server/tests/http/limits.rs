//! A role made in the test: own clients only, one field hidden, one read-only. Whatever is not to be seen
//! cannot be filtered, sorted, searched or read in the history; what was denied is read again.

use axum::http::StatusCode;
use serde_json::json;

use crate::office::Office;

#[tokio::test(flavor = "multi_thread")]
async fn own_clients_only_one_field_hidden_one_read_only() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let hers = anna
            .client(&[("name", "Её"), ("inn", "7707083893"), ("phone", "8 912 345-67-89"), ("address", "Тула")])
            .await;
        let mut dima = office.browser("dima").await;
        let his = dima
            .client(&[("name", "Его"), ("inn", "500100732259"), ("phone", "8 912 345-67-89"), ("address", "Тверь")])
            .await;
        office
            .limit("dima", json!({"own_records_only": true, "hidden": [["clients", "inn"]], "read_only": [["clients", "address"]]}))
            .await;
        let before = office.changes().await;

        // Scope: in lists, counts, pages, calls and writes.
        assert_eq!(dima.found("").await, [his]);
        assert_eq!(dima.found("?phone=345-67").await, [his]);
        assert_eq!(dima.get("/clients").await.text(".position"), "1–1 из 1");
        for path in
            [format!("/clients/{hers}"), format!("/clients/{hers}?tab=history"), format!("/clients/{hers}?edit=name")]
        {
            assert_eq!(dima.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        for (path, fields) in [
            (format!("/clients/{hers}"), vec![("name", "чужое"), ("_version", "9"), ("_key", "a")]),
            (format!("/clients/{hers}/trash"), vec![("_key", "b")]),
            (format!("/clients/{hers}/restore"), vec![("_key", "c")]),
            (format!("/clients/{hers}/undo"), vec![("seq", "1"), ("_key", "d")]),
        ] {
            assert_eq!(dima.post(&path, &fields).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        for call in ["card", "history"] {
            let wish = json!({"section": "clients", "id": hers, "before": null, "field": null, "by": null, "left": [], "latest": false});
            let page = dima
                .call(call, json!({"section": "clients", "id": hers, "draft": null, "list": null, "wish": wish}))
                .await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{call}");
        }

        // The hidden field: no column, no filter, no sort, no search, no history, no value anywhere.
        for path in [
            "/clients".to_string(),
            format!("/clients/{his}"),
            format!("/clients/{his}?tab=history"),
            format!("/clients/{his}?edit=inn"),
        ] {
            let page = dima.get(&path).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(!page.body.contains("500100732259") && !page.body.contains("\"inn\""), "{path}");
        }
        let page = dima.get("/clients?inn=5001&sort=inn&cols=number,inn&inn.empty=1").await;
        assert_eq!(page.attributes("[data-dropped]", "data-dropped"), ["inn", "sort", "cols", "inn.empty"]);
        assert!(dima.found("?q=500100732259").await.is_empty(), "q does not look into it");
        assert_eq!(anna.found("?q=500100732259").await, [his]);
        let page =
            dima.post(&format!("/clients/{his}"), &[("inn", "7707083893"), ("_version", "9"), ("_key", "e")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);

        // The read-only one is read and not written, by either door.
        let card = dima.get(&format!("/clients/{his}?edit=address")).await;
        assert_eq!(card.text("dd[data-field=address]"), "Тверь");
        assert!(!card.has("[name=address]"));
        let page =
            dima.post(&format!("/clients/{his}"), &[("address", "Псков"), ("_version", "9"), ("_key", "f")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let seq = dima.get(&format!("/clients/{his}?tab=history")).await.attribute(".ev", "data-change");
        let page = dima.post(&format!("/clients/{his}/undo"), &[("seq", &seq), ("_key", "g")]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "taking back is writing too");

        // Read again by one who may see everything.
        assert_eq!(office.changes().await, before);
        let mut owner = office.browser("owner").await;
        for (id, name, inn, address) in [(hers, "Её", "7707083893", "Тула"), (his, "Его", "500100732259", "Тверь")]
        {
            let card = owner.get(&format!("/clients/{id}")).await;
            assert_eq!(card.text("h1"), name);
            assert_eq!(card.text("dd[data-field=inn]"), inn);
            assert_eq!(card.text("dd[data-field=address]"), address);
        }
        // What is hidden is still filled in where the system does it.
        office
            .limit(
                "dima",
                json!({"own_records_only": true, "hidden": [["clients", "responsible"], ["clients", "created"]]}),
            )
            .await;
        let new = dima.create().await;
        assert_eq!(dima.found("").await, [new, his]);
        assert_eq!(owner.get(&format!("/clients/{new}")).await.text("dd[data-field=responsible]"), "ДСДмитрий Савин");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_away_is_gone_and_what_is_foreign_is_not_told() {
    for office in Office::both().await {
        let mut owner = office.browser("owner").await;
        let hers = office.anna().await.client(&[("name", "Её")]).await;
        let mut dima = office.browser("dima").await;
        let his = dima.client(&[("name", "Его")]).await;
        let forms = json!({"forms": {
            "one": {"ru": "Станок", "en": "Machine"}, "many": {"ru": "Станки", "en": "Machines"},
            "few": {"ru": "станка", "en": "machines"}, "of_many": {"ru": "станков", "en": "machines"},
        }});
        assert_eq!(owner.call("make_section", forms).await.status, StatusCode::OK);
        let wish = json!({"wish": {"section": "s1", "label": {"ru": "Чей", "en": "Whose"}, "kind": "Reference", "choices": [], "target": "clients"}});
        assert_eq!(owner.call("make_field", wish).await.status, StatusCode::OK);
        office.limit("dima", json!({"own_records_only": true, "hidden": [["clients", "name"]], "read_only": [["s1", "responsible"]]})).await;
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;

        // A reference to a client of another's is as one to a client that does not exist.
        let key = store::draft::random_id().expect("random");
        assert_eq!(dima.post("/s1", &[("_key", &key)]).await.location.as_deref(), Some("/s1/1?edit=name"));
        let mut said = Vec::new();
        for id in [hers, 999] {
            let form = dima.get("/s1/1?edit=f1").await.form_with("f1");
            let id = id.to_string();
            let mut fields: Vec<(&str, &str)> =
                form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            fields.push(("f1", &id));
            let page = dima.post("/s1/1", &fields).await;
            said.push(dima.get(&page.location.unwrap_or_default()).await.text(".hint"));
        }
        assert_eq!(said[0], said[1]);
        // What a limit kept from being written by hand stands in the history all the same.
        let registry = {
            let mut conn = office.server.db.read().await.expect("a connection");
            store::registry::load(&mut conn, &app::sections::registry()).await.expect("a registry")
        };
        let form = owner.get("/s1/1?edit=responsible").await.form_with("responsible");
        let mut fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.push(("responsible", "1"));
        assert_eq!(owner.post("/s1/1", &fields).await.location.as_deref(), Some("/s1/1"));
        assert_eq!(store::check::check(&office.server.db, &registry).await.expect("a check"), Vec::<String>::new());

        // A card whose name may not be seen is called by its number; given away, it leads to the list.
        assert_eq!(dima.get(&format!("/clients/{his}")).await.text("h1"), format!("Клиент № {his}"));
        let page = dima.edit(his, "responsible", "1").await;
        assert_eq!((page.status, page.location.as_deref()), (StatusCode::SEE_OTHER, Some("/clients")));
        assert_eq!(dima.get(&format!("/clients/{his}")).await.status, StatusCode::NOT_FOUND);
    }
}
