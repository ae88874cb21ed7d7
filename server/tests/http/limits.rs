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
            let page = dima
                .call(call, json!({"section": "clients", "id": hers, "draft": null, "before": null, "left": []}))
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
