//! One act on many records: progress, stop, going on after a restart, undo.

use axum::http::StatusCode;
use serde_json::{Value as Json, json};

use crate::office::{Browser, Office, now};

async fn state(browser: &mut Browser, id: &str) -> Json {
    let page = browser.call("operation", json!({"id": id})).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    serde_json::from_str(&page.body).expect("a state")
}

/// Waits for an operation's end, a minute at most.
pub async fn ended(browser: &mut Browser, id: &str) -> Json {
    for _ in 0..600 {
        let state = state(browser, id).await;
        if state["state"] != "running" {
            return state;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("it does not end");
}

async fn begun(browser: &mut Browser, call: &str, body: Json) -> String {
    let page = browser.call(call, body).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let state: Json = serde_json::from_str(&page.body).expect("a state");
    state["id"].as_str().expect("an id").to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_found_client_gets_another_responsible_and_it_is_taken_back() {
    for office in Office::both().await {
        server::demo::fill(&office.base.db, 1200, 3, now(), |_| ()).await.expect("a seeded base");
        let mut owner = office.browser("owner").await;
        let mut dima = office.browser("dima").await;
        let list = owner.get("/clients?segment=1").await;
        let total: i64 =
            list.text(".position").split(' ').next_back().and_then(|count| count.parse().ok()).expect("a count");
        assert!(total > 100);
        let dimas = |page: &crate::office::Page| page.text(".position").split(' ').next_back().map(str::to_string);
        let before = dimas(&owner.get("/clients?responsible=3").await);

        let change =
            json!({"change": {"section": "clients", "query": "segment=1", "field": "responsible", "typed": "3"}});
        let op = begun(&mut owner, "change_all", change).await;
        let end = ended(&mut owner, &op).await;
        assert_eq!((&end["state"], &end["done"], &end["total"]), (&json!("done"), &json!(total), &json!(total)));
        let page = owner.get("/clients?segment=1&responsible=3").await;
        assert!(page.text(".position").ends_with(&format!(" {total}")));
        // One of them is changed since, one is deleted.
        let ids = page.rows();
        assert_eq!(dima.edit(ids[0], "responsible", "2").await.location, Some(format!("/clients/{}", ids[0])));
        dima.post(&format!("/clients/{}/trash", ids[1]), &[("_key", "bulk")]).await;

        // Not another's to take back, nor to look at.
        let undo = json!({"op": op});
        assert_eq!(dima.call("undo_operation", undo.clone()).await.status, StatusCode::FORBIDDEN);
        assert_eq!(dima.call("operation", json!({"id": op})).await.status, StatusCode::FORBIDDEN);
        let back = begun(&mut owner, "undo_operation", undo).await;
        let end = ended(&mut owner, &back).await;
        assert_eq!(end["left"], json!(2));
        let named = owner.call("left_alone", json!({"id": back})).await;
        let named: Json = serde_json::from_str(&named.body).expect("a list");
        let mut left: Vec<i64> =
            named.as_array().expect("a list").iter().filter_map(|one| one["id"].as_i64()).collect();
        left.sort_unstable();
        let mut expected = vec![ids[0], ids[1]];
        expected.sort_unstable();
        assert_eq!(left, expected, "what was changed since is left and named");
        assert_eq!(dimas(&owner.get("/clients?responsible=3").await), before);

        // Refused as a whole: nothing is begun.
        let changes = office.changes().await;
        for (body, status) in [
            (
                json!({"section": "clients", "query": "", "field": "created_by", "typed": "1"}),
                StatusCode::UNPROCESSABLE_ENTITY,
            ),
            (
                json!({"section": "clients", "query": "", "field": "inn", "typed": "12"}),
                StatusCode::UNPROCESSABLE_ENTITY,
            ),
            (
                json!({"section": "clients", "query": "segmnet=1", "field": "responsible", "typed": "1"}),
                StatusCode::UNPROCESSABLE_ENTITY,
            ),
            (json!({"section": "nothing", "query": "", "field": "name", "typed": "1"}), StatusCode::NOT_FOUND),
        ] {
            let body = json!({"change": body});
            assert_eq!(owner.call("change_all", body.clone()).await.status, status, "{body}");
        }
        assert_eq!(office.changes().await, changes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_stopped_goes_on_and_survives_a_restart() {
    use domain::change::Patch;
    use domain::rights::Role;
    use store::operation::{self, State};

    for office in Office::both().await {
        server::demo::fill(&office.base.db, 1300, 3, now(), |_| ()).await.expect("a seeded base");
        let db = &office.server.db;
        let section = app::clients::section();
        let context = office.context(2, Role::Manager, "long").await;
        let patch = Patch::typed(&"segment".into(), "2");
        let all: Vec<i64> = (1..=1300).collect();
        operation::begin_update(db, &context, &section.key, patch, all, None).await.expect("begun");
        // A chunk, then a stop: no further chunk does anything.
        let after = operation::step(db, "a test", context.clone()).await.expect("a chunk");
        assert_eq!((after.done, after.state), (500, State::Running));
        let mut anna = office.anna().await;
        let stop = json!({"id": "long", "on": false, "key": "call"});
        let page = anna.call("run_operation", stop.clone()).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let form = [("act", "stop"), ("_key", "form"), ("back", "/clients")];
        assert_eq!(anna.post("/operations/long", &form).await.status, StatusCode::SEE_OTHER);
        let after = operation::step(db, "a test", context.clone()).await.expect("nothing");
        assert_eq!((after.done, after.state), (500, State::Stopped));
        assert_eq!(state(&mut anna, "long").await["done"], 500);

        // Running again, as a killed process leaves it; another process goes on with it.
        operation::set_state(db, &context, "long", State::Running).await.expect("running");
        // What was pressed before and is sent again does not stop it again.
        assert_eq!(anna.call("run_operation", stop).await.status, StatusCode::OK);
        assert_eq!(anna.post("/operations/long", &form).await.status, StatusCode::SEE_OTHER);
        let restarted = office.another_process();
        app::bulk::runner::run_waiting(&restarted.server).await.expect("it goes on");
        let end = ended(&mut anna, "long").await;
        assert_eq!((&end["done"], &end["state"]), (&json!(1300), &json!("done")));
        let page = anna.get("/clients?segment.not=2").await;
        assert!(page.rows().is_empty(), "every one was changed");
    }
}
