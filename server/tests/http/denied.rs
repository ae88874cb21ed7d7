//! What a manager may not do: refused, and the record read again is as it was.

use axum::body::Body;
use axum::http::{Method, StatusCode};

use crate::office::Office;

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_does_not_take_back_anothers_operation() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let mut dima = office.browser("dima").await;
        let id = anna.client(&[("name", "Маяк")]).await;
        let seq = anna.get(&format!("/clients/{id}?tab=history")).await.attribute(".ev", "data-change");
        let before = office.changes().await;
        let page = dima.post(&format!("/clients/{id}/undo"), &[("seq", &seq), ("_key", "u")]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert_eq!(office.changes().await, before);
        assert_eq!(dima.get(&format!("/clients/{id}")).await.text("h1"), "Маяк");
        // A refused request has not used its key up, and an admin may.
        let mut owner = office.browser("owner").await;
        let page = owner.post(&format!("/clients/{id}/undo"), &[("seq", &seq), ("_key", "u")]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        assert_eq!(owner.get(&format!("/clients/{id}")).await.text("h1"), format!("Клиент № {id}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_system_sets_nobody_writes() {
    for office in Office::both().await {
        let mut owner = office.browser("owner").await;
        let id = owner.create().await;
        let before = office.changes().await;
        let shown = owner.get(&format!("/clients/{id}")).await.text("dd[data-field=created_by]");
        for field in ["number", "created", "created_by", "updated", "version", "trashed", "id", "f12"] {
            let page = owner.post(&format!("/clients/{id}"), &[(field, "2"), ("_version", "1"), ("_key", field)]).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        }
        assert_eq!(office.changes().await, before);
        assert_eq!(owner.get(&format!("/clients/{id}")).await.text("dd[data-field=created_by]"), shown);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn server_functions_called_by_hand_get_no_more_than_the_page() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let id = anna.client(&[("name", "Маяк")]).await;
        let before = office.changes().await;
        let json = [("content-type", "application/json"), ("accept", "application/json")];
        let edit = |section: &str, id: i64, version: i64, key: &str, field: &str, typed: &str| {
            serde_json::json!({"edit": {"section": section, "id": id, "version": version, "key": key, "field": field, "typed": typed, "accept": false}}).to_string()
        };
        let long_key = "k".repeat(65);
        for (call, body, status) in [
            ("save", edit("users", 1, 1, "a", "name", "x"), StatusCode::NOT_FOUND),
            ("save", edit("clients", 999, 1, "b", "name", "x"), StatusCode::NOT_FOUND),
            ("save", edit("clients", -1, 1, "c", "name", "x"), StatusCode::NOT_FOUND),
            ("save", edit("clients", id, 1, "d", "created_by", "1"), StatusCode::UNPROCESSABLE_ENTITY),
            ("save", edit("clients", id, 1, "e", "name", "затёрто"), StatusCode::CONFLICT),
            ("save", edit("clients", id, 9, &long_key, "name", "x"), StatusCode::BAD_REQUEST),
            ("save", edit("clients", id, 9, "\0", "name", "x"), StatusCode::BAD_REQUEST),
            ("operation", serde_json::json!({"id": "\0"}).to_string(), StatusCode::NOT_FOUND),
            ("undo_operation", serde_json::json!({"op": "\0", "key": "u"}).to_string(), StatusCode::NOT_FOUND),
            ("save", "{}".into(), StatusCode::BAD_REQUEST),
            (
                "card",
                serde_json::json!({"section": "clients", "id": 999, "draft": null}).to_string(),
                StatusCode::NOT_FOUND,
            ),
            (
                "history",
                serde_json::json!({"wish": {"section": "clients", "id": 999, "before": null, "field": null, "by": null, "left": [], "latest": false}}).to_string(),
                StatusCode::NOT_FOUND,
            ),
            (
                "undo",
                serde_json::json!({"section": "clients", "id": id, "seq": 99999, "key": "f"}).to_string(),
                StatusCode::NOT_FOUND,
            ),
            ("list", serde_json::json!({"section": "sqlite_master", "query": ""}).to_string(), StatusCode::NOT_FOUND),
        ] {
            let page = anna.send(Method::POST, &format!("/call/{call}"), Body::from(body.clone()), &json).await;
            assert_eq!(page.status, status, "{call} {body}: {}", page.body);
            assert!(!page.body.to_lowercase().contains("sql"), "{}", page.body);
        }
        assert_eq!(office.changes().await, before);
        assert_eq!(anna.get(&format!("/clients/{id}")).await.text("h1"), "Маяк");
        // A foreign page cannot call them either.
        let foreign = [json[0], ("origin", "https://evil.example")];
        let page = anna
            .send(Method::POST, "/call/create", Body::from(r#"{"section":"clients","given":[],"key":"z"}"#), &foreign)
            .await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert_eq!(office.changes().await, before);
        // GET neither reads nor writes through them.
        assert_eq!(anna.get("/call/create?section=clients&key=g").await.status, StatusCode::METHOD_NOT_ALLOWED);
    }
}
