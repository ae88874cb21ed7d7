//! What attackers tried on a running server, each as a test of its kind.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::limits::{CHANGES_SINCE_MAX, DRAFTS_CHARS_MAX, LOGIN_ATTEMPTS_MAX};
use domain::rights::Role;
use serde_json::{Value as Json, json};
use store::values;

use crate::office::{Browser, Office, PASSWORD, now};

impl Office {
    async fn number(&self, sql: &'static str) -> i64 {
        let mut conn = self.server.db.read().await.expect("a connection");
        conn.one(sql, values![]).await.expect("a row").get("found").expect("a number")
    }

    async fn another_user(&self, login: &str, name: &str) {
        let hash = app::users::password::hash(PASSWORD.into()).await.expect("room");
        let made = app::users::queries::add_user(&self.base.db, login, name, Role::Manager, hash, now()).await;
        made.expect("an account");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_forms_of_a_megabyte_leave_little_and_the_last_one_is_shown() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let id = anna.create().await;
        let long = "x".repeat(150_000);
        let mut last = None;
        for place in 0..24 {
            let key = place.to_string();
            let mut fields =
                vec![("address", long.as_str()), ("phone", long.as_str()), ("_version", "1"), ("_key", &key)];
            fields.push(("inn", "нет"));
            last = anna.post(&format!("/clients/{id}"), &fields).await.location;
        }
        let kept = office.number("SELECT CAST(SUM(LENGTH(body)) AS BIGINT) AS found FROM draft").await;
        assert!(kept <= DRAFTS_CHARS_MAX, "{kept}");
        let page = anna.get(&last.expect("the page of the form")).await;
        assert!(page.body.contains(&long), "what was typed last is there");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_of_long_texts_is_said_in_brief() {
    for office in Office::both().await {
        let wish = json!({"wish": {"section": "clients", "label": {"ru": "Заметки", "en": "Notes"}, "kind": "LongText", "choices": [], "target": null}});
        assert_eq!(office.browser("owner").await.call("make_field", wish).await.status, StatusCode::OK);
        let mut anna = office.anna().await;
        let id = anna.create().await;
        for place in 0..12 {
            let version = if place == 0 { 1 } else { place + 1 };
            let text: String = (0..3_000).map(|word| format!("{} ", (word * (place + 2) * 7919) % 9973)).collect();
            let edit = json!({"section": "clients", "id": id, "version": version, "key": place.to_string(), "field": "f1", "typed": text, "accept": false});
            let page = anna.call("save", json!({"edit": edit})).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        }
        let wish = json!({"section": "clients", "id": id, "before": null, "field": null, "by": null, "left": [], "latest": false});
        let history = anna.call("history", json!({"wish": wish})).await;
        assert_eq!(history.status, StatusCode::OK);
        assert!(history.body.len() < 120_000, "{} bytes", history.body.len());
        let stream =
            anna.call("stream", json!({"wish": {"of": {"section": "clients", "id": id}, "show": null, "before": null, "latest": false}})).await;
        assert!(stream.body.len() < 120_000, "{} bytes", stream.body.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_address_sends_to_another_site() {
    let office = Office::both().await.remove(0);
    let mut anna = office.anna().await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    for path in ["/%2Fevil.example/bulk", "/%5Cevil.example/bulk", "/%0d%0aX-Evil:1/bulk", "/%2F%2Fevil.example"] {
        let page = anna.send(Method::POST, path, Body::from("_key=a"), &form).await;
        assert!(
            page.location.is_none() && page.status.is_client_error(),
            "{path}: {} {:?}",
            page.status,
            page.location
        );
    }
    for path in
        ["//evil.example?x=", "/\\evil.example?x=", "/%5Cevil.example?x=", "/%0d%0aX?x=", "/%2Fevil.example/?name="]
    {
        let page = anna.send(Method::GET, path, Body::empty(), &[]).await;
        let to = page.location.unwrap_or_default();
        assert!(!page.status.is_server_error(), "{path}: {}", page.status);
        assert!(!to.starts_with("//") && !to.starts_with("/\\") && !to.contains("://"), "{path}: {to}");
    }
    // A call that a foreign page has sent, with the address of that page.
    let foreign =
        [("content-type", "application/json"), ("referer", "https://evil.example/x"), ("accept", "text/html")];
    for body in ["{}", r#"{"section":"clients","given":[],"key":"z"}"#] {
        let page = anna.send(Method::POST, "/call/create", Body::from(body), &foreign).await;
        assert_eq!(page.location, None, "{body}");
        assert!(!page.status.is_redirection(), "{body}: {}", page.status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn capitals_are_no_other_login_and_what_is_refused_writes_nothing() {
    for office in Office::both().await {
        let mut anna = office.browser("ANNA").await;
        assert_eq!(anna.get("/today").await.status, StatusCode::OK);
        let mut stranger = office.stranger();
        let guess = async |stranger: &mut Browser, place: i64| {
            let login = if place % 2 == 0 { "dima" } else { "Dima" };
            stranger.post("/login", &[("login", login), ("password", "неверный")]).await.location.unwrap_or_default()
        };
        for place in 0..LOGIN_ATTEMPTS_MAX {
            assert!(guess(&mut stranger, place).await.contains("problem=password"), "{place}");
        }
        let before = store::testing::rows(&office.base.db, &[]).await;
        for place in 0..5 {
            assert!(guess(&mut stranger, place).await.contains("problem=wait"));
        }
        assert_eq!(store::testing::rows(&office.base.db, &[]).await, before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn namesakes_are_told_apart_wherever_they_are_chosen_or_mentioned() {
    for office in Office::both().await {
        office.another_user("anna2", "Анна Крылова").await;
        let mut dima = office.browser("dima").await;
        let id = dima.create().await;
        let chosen = dima.get(&format!("/clients/{id}?edit=responsible")).await;
        let offered = chosen.texts("select[name=responsible] option");
        assert!(offered.contains(&"Анна Крылова (anna)".to_string()), "{offered:?}");
        assert!(offered.contains(&"Анна Крылова (anna2)".to_string()), "{offered:?}");
        assert!(
            offered.contains(&"Дмитрий Савин".to_string()),
            "who has no namesake keeps the name alone: {offered:?}"
        );
        let note = async |dima: &mut Browser, text: &str| {
            let pairs = json!([["client", id.to_string()], ["kind", "1"], ["text", text]]);
            dima.call("add", json!({"section": "notes", "pairs": pairs})).await
        };
        let refused = note(&mut dima, "спроси @Анна Крылова").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("Namesakes") && refused.body.contains("anna2"), "{}", refused.body);
        let made = note(&mut dima, "спроси @Анна Крылова (anna2), она знает").await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.body);
        for (login, count) in [("anna", 0), ("anna2", 1)] {
            let found = office.browser(login).await.call("mentions", json!({})).await;
            let found: Json = serde_json::from_str(&found.body).expect("a list");
            assert_eq!(found.as_array().map(Vec::len), Some(count), "{login}");
        }
        // A name that has brackets of its own is a name all the same.
        office.another_user("petr", "Пётр (склад)").await;
        let made = note(&mut dima, "спроси @Пётр (склад), он знает").await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.body);
        let found = office.browser("petr").await.call("mentions", json!({})).await;
        assert!(found.body.contains("он знает"), "{}", found.body);
        let stream =
            dima.call("stream", json!({"wish": {"of": {"section": "clients", "id": id}, "show": null, "before": null, "latest": false}})).await;
        assert!(stream.body.contains(r#"{"Mention":"@Анна Крылова (anna2)"}"#), "{}", stream.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_older_than_what_is_looked_at_overwrites_nothing() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let id = anna.client(&[("address", "Тула")]).await;
        // As if others had changed another field ever so often.
        let many = CHANGES_SINCE_MAX as i64 + 5;
        let filled = office.server.db.write(move |conn| {
            Box::pin(async move {
                for version in 10..10 + many {
                    conn.execute(
                        "INSERT INTO change (op, section, record, version, at, actor, source, act, fields) \
                         VALUES ('x', 'clients', $1, $2, 0, 3, 'form', 'update', '{\"name\": [null, \"x\"]}')",
                        values![id, version],
                    )
                    .await?;
                }
                conn.execute("UPDATE clients SET version = $2 WHERE id = $1", values![id, 9 + many]).await?;
                Ok::<_, store::Error>(())
            })
        });
        filled.await.expect("a long history");
        for (version, status) in
            [("1", StatusCode::CONFLICT), ("999999", StatusCode::CONFLICT), ("1014", StatusCode::OK)]
        {
            let edit = json!({"section": "clients", "id": id, "version": version.parse::<i64>().expect("a number"), "key": version, "field": "address", "typed": format!("Псков {version}"), "accept": false});
            let page = anna.call("save", json!({"edit": edit})).await;
            assert_eq!(page.status, status, "{version}: {}", page.body);
        }
    }
}
