//! The addresses and the HTML that people and machines rely on.

use axum::body::Body;
use axum::http::{Method, StatusCode};

use crate::office::{Office, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn every_page_and_call_refuses_without_a_session() {
    for office in Office::both().await {
        let id = office.anna().await.create().await;
        let before = office.changes().await;
        let mut stranger = office.stranger();
        for page in
            ["/clients", "/clients/1", "/clients/1?tab=history", "/trash", "/settings", "/", "/nothing", "/clients/abc"]
        {
            let answer = stranger.get(page).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{page}");
            assert!(answer.location.unwrap_or_default().starts_with("/login?next=%2F"), "{page}");
        }
        for door in
            ["/clients", "/clients/1", "/clients/1/undo", "/clients/1/trash", "/clients/1/restore", "/settings/view"]
        {
            let answer = stranger.post(door, &[("_key", "k"), ("name", "чужое"), ("_version", "1")]).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{door}");
            assert!(answer.has("form[action='/login'] input[name=password]"), "{door}: a person can sign in at once");
        }
        for call in ["list", "card", "history", "create", "save", "undo", "trash", "nothing"] {
            let json = [("content-type", "application/json")];
            let answer = stranger.send(Method::POST, &format!("/call/{call}"), Body::from("{}"), &json).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{call}");
        }
        assert_eq!(office.changes().await, before, "nothing was written");
        assert_eq!(office.anna().await.get(&format!("/clients/{id}")).await.text("h1"), format!("Клиент № {id}"));
        // What belongs to the program is open.
        for open in ["/login", "/favicon.svg"] {
            assert_eq!(stranger.get(open).await.status, StatusCode::OK, "{open}");
        }
        // A token that was never given is no session.
        stranger.cookie = Some("klientura_session=0123".into());
        assert_eq!(stranger.get("/clients").await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_says_so_and_keeps_the_login() {
    for office in Office::both().await {
        let mut anna = office.stranger();
        for (login, password) in [("anna", "не тот пароль"), ("никто", PASSWORD), ("anna", ""), ("", "")]
        {
            let page = anna.post("/login", &[("login", login), ("password", password), ("next", "/clients/1")]).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER);
            let page = anna.get(&page.location.unwrap_or_default()).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.text("[role=alert]").starts_with("Логин или пароль не подошли"), "{login}");
            assert_eq!(page.attribute("input[name=login]", "value"), login);
            assert_eq!(page.attribute("input[name=next]", "value"), "/clients/1");
        }
        assert_eq!(anna.get("/clients").await.status, StatusCode::SEE_OTHER);

        // Nobody is led to another site.
        let page = anna.post("/login", &[("login", "anna"), ("password", PASSWORD), ("next", "//evil.example/")]).await;
        assert_eq!(page.location.as_deref(), Some("/today"));

        // Guessing ends: ten wrong ones, then the right one has to wait too.
        let mut guesser = office.stranger();
        for _ in 0..10 {
            guesser.post("/login", &[("login", "dima"), ("password", "12345678")]).await;
        }
        let page = guesser.post("/login", &[("login", "dima"), ("password", PASSWORD)]).await;
        assert!(page.location.unwrap_or_default().contains("problem=wait"));
        assert!(guesser.cookie.is_none());
        // Another's login is not touched by that.
        office.browser("owner").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_exist_is_404_and_what_is_foreign_403() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let id = anna.create().await;
        for path in [
            "/clients/999",
            "/clients/abc",
            "/clients/0",
            "/clients/-1",
            "/clients/1e0",
            "/s5",
            "/nothing",
            "/clients/1/2/3",
        ] {
            let page = anna.get(path).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
            assert!(page.body.contains("Такой страницы нет"), "{path}");
        }
        for path in
            ["/clients/999", "/clients/abc", "/clients/999/undo", "/clients/999/trash", "/clients/x/restore", "/s5"]
        {
            let fields =
                if path.ends_with("undo") { [("_key", "k1"), ("seq", "1")] } else { [("_key", "k1"), ("name", "x")] };
            let page = anna.post(path, &fields).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        }
        let before = office.changes().await;
        for headers in [
            [("origin", "https://evil.example")],
            [("origin", "null")],
            [("origin", "http://klientura.test.evil.example")],
            [("sec-fetch-site", "cross-site")],
        ] {
            for door in ["/clients", &format!("/clients/{id}"), "/logout", "/login", "/settings/view"] {
                let page = anna.post_from(door, &[("_key", "k2"), ("name", "x")], &headers).await;
                assert_eq!(page.status, StatusCode::FORBIDDEN, "{door} {headers:?}");
            }
        }
        assert_eq!(office.changes().await, before);
        let own = [("origin", "http://klientura.test"), ("sec-fetch-site", "same-origin")];
        assert_eq!(anna.post_from("/clients", &[("_key", "k3")], &own).await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_is_413_and_414() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let id = anna.create().await;
        let page = anna.edit(id, "address", &"я".repeat(200_000)).await;
        assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
        let page = anna.get(&format!("/clients?name={}", "a".repeat(9000))).await;
        assert_eq!(page.status, StatusCode::URI_TOO_LONG);
        // Long, but not too long: refused at its field, with the text kept.
        let text = "д".repeat(501);
        let page = anna.edit(id, "address", &text).await;
        let page = anna.get(&page.location.unwrap_or_default()).await;
        assert_eq!(page.attribute("input[name=address]", "value"), text);
        assert!(page.text(".hint").contains("500"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_its_address() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let first = anna.client(&[("name", "Бета"), ("inn", "7707083893")]).await;
        let second = anna.client(&[("name", "Альфа")]).await;

        let page = anna.get("/clients").await;
        let heads: Vec<String> = page.attributes("th[data-field]", "data-field");
        assert_eq!(heads, ["number", "name", "contact", "phone", "last_touch", "next_reminder", "responsible"]);
        assert_eq!(page.attribute("th[data-field=number]", "aria-sort"), "descending");
        assert_eq!(page.rows(), [second, first]);
        let inn = anna.get("/clients?cols=number,name,inn").await;
        assert_eq!(inn.text(&format!("tr[data-id='{first}'] td[data-field=inn]")), "7707083893");
        assert!(page.text(".foot").starts_with("1–2 из 2"));

        let page = anna.get("/clients?sort=name&cols=number,name,phone").await;
        assert_eq!(page.attributes("th[data-field]", "data-field"), ["number", "name", "phone"]);
        assert_eq!(page.attribute("th[data-field=name]", "aria-sort"), "ascending");
        assert_eq!(page.rows(), [second, first]);
        // The head's link turns the order round and keeps the rest.
        assert_eq!(page.attribute("th[data-field=name] a", "href"), "/clients?sort=-name&cols=number,name,phone");

        // Any percent-spelling stands as it is.
        for spelled in [
            "?name=%D0%B0%D0%BB%D1%8C%D1%84%D0%B0",
            "?name=%d0%b0%d0%bb%d1%8c%d1%84%d0%b0",
            "?n%61me=%D0%90%D0%BB",
            "?cols=number%2Cname&name=%D0%B0%D0%BB",
        ] {
            let page = anna.get(&format!("/clients{spelled}")).await;
            assert_eq!((page.status, page.rows()), (StatusCode::OK, vec![second]), "{spelled}");
        }
        for odd in [
            "?name=%FF%FE",
            "?name=%",
            "?name=%zz",
            "?%00=%00",
            "?name=%00",
            "?&&&",
            "?name",
            "?=x",
            "?at=1.0.f.x",
            "?at=zzz",
        ] {
            assert_eq!(anna.get(&format!("/clients{odd}")).await.status, StatusCode::OK, "{odd}");
        }

        // Only empty parameters redirect, to the same list without them.
        let page = anna.get("/clients?name=&inn=77&phone=&sort=name").await;
        assert_eq!((page.status, page.location.as_deref()), (StatusCode::SEE_OTHER, Some("/clients?inn=77&sort=name")));

        let page = anna.get("//evil.example/?a=").await;
        assert!(page.location.is_none_or(|to| !to.starts_with("//")), "never another site");
        assert_eq!(anna.get(&format!("/clients/{first}?draft=%00")).await.status, StatusCode::OK);

        // What is not understood is left out and said.
        let page = anna.get("/clients?sort=colour&wings=2&name=%D0%B0%D0%BB").await;
        assert_eq!(page.rows(), [second]);
        assert_eq!(page.attributes("[data-dropped]", "data-dropped"), ["sort", "wings"]);
        assert!(page.text(".dropped").starts_with("Не понято и пропущено: sort wings"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_filter_row_is_a_form_that_keeps_the_rest_of_the_list() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let page = anna.get("/clients?inn=77&responsible=me&sort=name").await;
        assert_eq!(page.attribute("form.filter-form", "method"), "get");
        assert_eq!(page.attribute("form.filter-form", "action"), "/clients");
        assert_eq!(page.attribute("form.filter-form input[name=inn]", "value"), "77");
        assert_eq!(page.form_with("name"), [("sort".to_string(), "name".to_string())]);
        assert_eq!(page.attribute("form.filter-form select[name=responsible] option[selected]", "value"), "me");
        // The plus is a form of its own, and its key is new in every rendering.
        let key = page.attribute("form.plus[action='/clients'][method=post] input[name=_key]", "value");
        let again = anna.get("/clients").await.attribute("form.plus input[name=_key]", "value");
        assert!(key.len() >= 16 && key != again);
        assert!(!page.has("form form"), "forms do not nest");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_and_density_are_remembered_for_the_user() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        anna.create().await;
        let page = anna
            .post(
                "/settings/view",
                &[
                    ("section", "clients"),
                    ("cols", "number"),
                    ("cols", "name"),
                    ("cols", "email"),
                    ("back", "/clients?sort=name&cols=number"),
                ],
            )
            .await;
        assert_eq!(page.location.as_deref(), Some("/clients?sort=name"));
        assert_eq!(anna.get("/clients").await.attributes("th[data-field]", "data-field"), ["number", "name", "email"]);
        anna.post("/settings/view", &[("section", "clients"), ("dense", "true")]).await;
        let page = anna.get("/clients").await;
        assert!(page.has("table.rows.dense"));
        assert_eq!(page.attributes("th[data-field]", "data-field"), ["number", "name", "email"]);
        // Nobody else's.
        let other = office.browser("dima").await.get("/clients").await;
        assert_eq!(other.attributes("th[data-field]", "data-field").len(), 7);
        anna.post("/settings/view", &[("section", "clients"), ("reset", "cols")]).await;
        assert_eq!(anna.get("/clients").await.attributes("th[data-field]", "data-field").len(), 7);
        // Hostile values change nothing and lead nowhere else.
        let page =
            anna.post("/settings/view", &[("cols", "wings,'; DROP TABLE clients"), ("back", "//evil.example")]).await;
        assert_eq!(page.location.as_deref(), Some("/clients"));
        assert_eq!(anna.get("/clients").await.attributes("th[data-field]", "data-field").len(), 7);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_policy_and_is_not_stored() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        for path in ["/clients", "/login", "/nothing", "/pkg/none"] {
            let page = anna.get(path).await;
            let policy = page.headers["content-security-policy"].to_str().expect("text").to_string();
            assert!(policy.contains("'strict-dynamic'") && policy.contains("frame-ancestors 'none'"), "{path}");
            let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
            assert_eq!(page.headers["cache-control"], "no-store", "{path}");
            for used in page.attributes("script", "nonce") {
                assert_eq!(used, nonce, "{path}");
            }
            assert!(!page.has("[style]"), "{path}: the policy forbids style attributes");
            let scripts = page.attributes("script", "nonce").len();
            assert_eq!(page.texts("script").len(), scripts, "{path}: every script has the nonce");
        }
        let one = anna.get("/clients").await.headers["content-security-policy"].clone();
        assert_ne!(one, anna.get("/clients").await.headers["content-security-policy"]);
    }
}
