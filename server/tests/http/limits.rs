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
            store::registry::load(&mut conn, &app::sections::registry()).await.expect("a registry").uncut()
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

/// A contact of two clients, one of them another's: by nothing may one tell that it is also there.
#[tokio::test(flavor = "multi_thread")]
async fn a_shared_contact_does_not_tell_whose_else_it_is() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let mut dima = office.browser("dima").await;
        let his = dima.client(&[("name", "Его")]).await;
        let hers = anna.client(&[("name", "Её")]).await;
        let form = |clients: &str, key: &str| {
            vec![
                ("name".to_string(), "Общая".to_string()),
                ("clients".into(), clients.into()),
                ("_key".into(), key.into()),
            ]
        };
        for (place, clients) in [format!("{his},{hers}"), his.to_string()].iter().enumerate() {
            let key = format!("c{place}");
            let fields = form(clients, &key);
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let made = anna.post("/contacts", &fields).await;
            assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        }
        office.limit("dima", json!({"own_records_only": true})).await;

        // As if she had no client of that number.
        let both = dima.get("/contacts?sort=name").await.rows();
        assert_eq!(both.len(), 2);
        for (query, found) in [
            (format!("clients={hers}"), 0),
            (format!("clients.not={hers}"), 2),
            (format!("clients={his}"), 2),
            ("clients.empty=1".into(), 0),
            ("clients.filled=1".into(), 2),
        ] {
            assert_eq!(dima.get(&format!("/contacts?{query}")).await.rows().len(), found, "{query}");
            let unknown = query.replace(&hers.to_string(), "999");
            assert_eq!(dima.get(&format!("/contacts?{unknown}")).await.rows().len(), found, "{unknown}");
        }
        assert_eq!(dima.get("/contacts?sort=clients").await.rows(), dima.get("/contacts").await.rows());
        for (call, body) in
            [("contacts", json!({"of": hers})), ("people", json!({"of": {"section": "clients", "id": hers}}))]
        {
            assert_eq!(dima.call(call, body).await.status, StatusCode::NOT_FOUND, "{call}");
        }
        for path in
            ["/contacts/1", "/contacts/1?tab=history", "/contacts/1?edit=clients", "/contacts?cols=name,clients"]
        {
            let page = dima.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            for told in ["Её".to_string(), format!("/clients/{hers}\""), format!("{his},{hers}")] {
                assert!(!page.body.contains(&told), "{path} tells {told}");
            }
        }
        // A change of what is out of sight did not happen.
        let mut owner = office.browser("owner").await;
        let later = owner.client(&[("name", "Позже")]).await;
        let said = dima.get("/contacts/1?tab=history").await.texts(".ev").len();
        assert_eq!(owner.get("/contacts/1?tab=history").await.texts(".ev").len(), said);
        let form = owner.get("/contacts/1?edit=clients").await.form_with("clients");
        let mut fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.retain(|(name, _)| *name != "clients");
        let clients = format!("{his},{hers},{later}");
        fields.push(("clients", &clients));
        assert_eq!(owner.post("/contacts/1", &fields).await.status, StatusCode::SEE_OTHER);
        assert_eq!(owner.get("/contacts/1?tab=history").await.texts(".ev").len(), said + 1);
        assert_eq!(dima.get("/contacts/1?tab=history").await.texts(".ev").len(), said);
    }
}

/// What is answered depends on nothing that is hidden: neither lists that compare with it, nor parts of a stream.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_decides_nothing() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let client = anna.client(&[("name", "Тихий"), ("rhythm", "3")]).await;
        let client_text = client.to_string();
        for (kind, text, key) in [("2", "звонок", "a"), ("1", "слово", "b")] {
            let fields =
                [("client", client_text.as_str()), ("kind", kind), ("text", text), ("_back", "/"), ("_key", key)];
            assert_eq!(anna.post("/notes", &fields).await.status, StatusCode::SEE_OTHER);
        }
        let pin = [("pinned", "1"), ("_version", "1"), ("_back", "/"), ("_key", "p")];
        assert_eq!(anna.post("/notes/1", &pin).await.status, StatusCode::SEE_OTHER);
        // A week later: longer than this client's days, and not than the usual ones.
        let later = office.with_clock(|| crate::office::now() + 7 * domain::moment::DAY_MS);
        let mut anna = later.browser("anna").await;
        assert_eq!(anna.found("?last_touch.older=own").await, [client]);
        assert!(anna.get(&format!("/clients/{client}")).await.has(".pinned .bubble"));

        office.limit("dima", json!({"hidden": [["clients", "rhythm"], ["notes", "kind"], ["notes", "pinned"]]})).await;
        let mut dima = later.browser("dima").await;
        assert!(dima.found("?last_touch.older=own").await.is_empty());
        let card = dima.get(&format!("/clients/{client}")).await;
        assert!(!card.has(".pinned") && card.texts(".bubble").len() == 2, "{:?}", card.texts(".bubble"));
        assert!(!card.has("a[href*='show=calls']"));
        for show in ["comments", "calls", "meetings"] {
            let wish = json!({"wish": {"of": {"section": "clients", "id": client}, "show": show, "before": null, "latest": false}});
            assert_eq!(dima.call("stream", wish).await.status, StatusCode::NOT_FOUND, "{show}");
        }
    }
}

/// Somebody who may not make, delete or restore a section's records does it by no door, undo included.
#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_done_is_done_by_no_door() {
    for office in Office::both().await {
        let mut dima = office.browser("dima").await;
        let made = dima.client(&[("name", "Его")]).await;
        let deleted = dima.client(&[("name", "Удалён")]).await;
        assert_eq!(
            dima.post(&format!("/clients/{deleted}/trash"), &[("_key", "t")]).await.status,
            StatusCode::SEE_OTHER
        );
        let history = |id: i64| format!("/clients/{id}?tab=history");
        let first = dima.get(&history(made)).await.attributes(".ev", "data-change").pop().expect("a change");
        let last = dima.get(&history(deleted)).await.attributes(".ev", "data-change").remove(0);
        let denied = ["create", "delete", "restore"].map(|deed| json!(["clients", deed]));
        office.limit("dima", json!({"denied": denied})).await;
        let before = office.changes().await;

        let list = dima.get("/clients").await;
        assert!(!list.has("form.plus"), "no button that does nothing");
        assert!(!dima.get(&format!("/clients/{made}")).await.has("form[action$='/trash']"));
        assert!(!dima.get(&format!("/clients/{deleted}")).await.has("form[action$='/restore']"));
        for (path, fields) in [
            ("/clients".to_string(), vec![("_key", "1")]),
            (format!("/clients/{made}/trash"), vec![("_key", "2")]),
            (format!("/clients/{deleted}/restore"), vec![("_key", "3")]),
            (format!("/clients/{deleted}/undo"), vec![("seq", last.as_str()), ("_key", "4")]),
            (format!("/clients/{made}/undo"), vec![("seq", first.as_str()), ("_key", "5")]),
        ] {
            assert_eq!(dima.post(&path, &fields).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        assert_eq!(office.changes().await, before);
        // Of other sections, it is as ever.
        let contact = [("name", "Она"), ("clients", "1"), ("_key", "6")];
        assert_eq!(dima.post("/contacts", &contact).await.status, StatusCode::SEE_OTHER);
    }
}
