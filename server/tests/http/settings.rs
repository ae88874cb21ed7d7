//! The user's settings, and the pages in English.

use axum::http::StatusCode;

use crate::office::{Office, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn language_look_and_zone_are_the_users_own() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let id = anna.client(&[("name", "Mayak"), ("segment", "1"), ("inn", "7707083893")]).await;
        anna.edit(id, "address", "Tula").await;
        let page = anna.post("/settings", &[("lang", "en"), ("theme", "dark"), ("zone", "Asia/Vladivostok")]).await;
        assert_eq!(page.location.as_deref(), Some("/settings?done=look"));
        let moscow = office.browser("dima").await.get(&format!("/clients/{id}")).await;
        let here = anna.get(&format!("/clients/{id}")).await;
        assert_eq!(
            (here.attribute("html", "lang"), here.attribute("html", "data-theme")),
            ("en".into(), "dark".into())
        );
        assert_ne!(
            here.attribute("dd[data-field=created] span", "title"),
            moscow.attribute("dd[data-field=created] span", "title")
        );
        assert_eq!(moscow.attribute("html", "lang"), "ru");
        // What cannot be chosen changes nothing.
        for odd in [[("lang", "xx")], [("theme", "pink")], [("zone", "Mars/Olympus")], [("zone", "../../etc/passwd")]] {
            assert_eq!(
                anna.post("/settings", &odd).await.location.as_deref(),
                Some("/settings?problem=choice"),
                "{odd:?}"
            );
        }
        assert_eq!(anna.get("/settings").await.attribute("html", "lang"), "en");
    }
}

/// No page mixes the languages: what stands there in Cyrillic is data, the product's name, or Russian's own.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_english_for_who_reads_english() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        anna.post("/settings", &[("lang", "en")]).await;
        let id = anna.client(&[("name", "Mayak"), ("segment", "1"), ("phone", "214")]).await;
        anna.edit(id, "address", "Tula").await;
        anna.edit(id, "address", "").await;
        let empty = anna.create().await;
        let gone = anna.client(&[("name", "Gone")]).await;
        anna.post(&format!("/clients/{gone}/trash"), &[("_key", "g")]).await;
        for path in [
            "/clients".to_string(),
            "/clients?name=zzz&responsible=me".into(),
            "/clients?inn.is=1&inn.is=2&created=2026-01-01..&a.segment=1&a.email.empty=1&wings=1".into(),
            "/clients?filter=new".into(),
            "/clients?filter=created".into(),
            "/clients?filter=responsible".into(),
            "/clients?created.older=30d&filter=0".into(),
            format!("/clients?peek={id}"),
            format!("/clients/{id}"),
            format!("/clients/{id}?edit=segment"),
            format!("/clients/{id}?edit=responsible"),
            format!("/clients/{id}?tab=history"),
            format!("/clients/{empty}?edit=name"),
            format!("/clients/{gone}"),
            "/clients/999".into(),
            "/trash".into(),
            "/settings?problem=old".into(),
            "/settings?done=password".into(),
        ] {
            let page = anna.get(&path).await;
            let mut texts = page.texts("body");
            for name in ["aria-label", "title", "placeholder"] {
                texts.extend(page.attributes(&format!("body [{name}]"), name));
            }
            for text in texts {
                let data = ["Анна Крылова", "Елена Орлова", "Дмитрий Савин", "Русский", "АК", "ЕО", "ДС"];
                let rest = data.iter().fold(text.clone(), |text, data| text.replace(data, "")).replacen('К', "", 1);
                let cyrillic: String =
                    rest.chars().filter(|c| ('а'..='я').contains(c) || ('А'..='Я').contains(c)).collect();
                assert!(cyrillic.is_empty(), "{path}: {cyrillic}: {text}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_changed_and_other_sessions_end() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let mut elsewhere = office.anna().await;
        let page = anna.get("/settings").await;
        assert_eq!(page.texts(".sessions li").len(), 2);
        assert_eq!(page.texts(".sessions .chip").len(), 1, "one of them is this one");
        for (old, new, problem) in [
            ("не тот", "новый пароль", "/settings?problem=old"),
            (PASSWORD, "short", "/settings?problem=short"),
            (PASSWORD, &"я".repeat(201), "/settings?problem=long"),
        ] {
            let page = anna.post("/settings/password", &[("old", old), ("new", new)]).await;
            assert_eq!(page.location.as_deref(), Some(problem));
            assert!(anna.get(problem).await.has("#password ~ form [aria-invalid=true]"), "{problem}");
        }
        let page = anna.post("/settings/password", &[("old", PASSWORD), ("new", "новый пароль")]).await;
        assert_eq!(page.location.as_deref(), Some("/settings?done=password"));
        assert_eq!(anna.get("/settings").await.status, StatusCode::OK);
        assert_eq!(elsewhere.get("/clients").await.location.as_deref(), Some("/login?next=%2Fclients"));
        let mut again = office.stranger();
        again.post("/login", &[("login", "anna"), ("password", PASSWORD)]).await;
        assert_eq!(again.get("/clients").await.status, StatusCode::SEE_OTHER, "the old one opens nothing");
        again.post("/login", &[("login", "anna"), ("password", "новый пароль")]).await;
        assert_eq!(again.get("/clients").await.status, StatusCode::OK);

        // One session is ended, nobody else's, and not this one.
        let page = anna.get("/settings").await;
        let id = page.attribute(".sessions input[name=id]", "value");
        let mut dima = office.browser("dima").await;
        dima.post("/settings/sessions", &[("id", &id)]).await;
        assert_eq!(again.get("/clients").await.status, StatusCode::OK);
        anna.post("/settings/sessions", &[("id", &id)]).await;
        assert_eq!(again.get("/clients").await.status, StatusCode::SEE_OTHER);
        anna.post("/settings/sessions", &[]).await;
        assert_eq!(anna.get("/settings").await.texts(".sessions li").len(), 1);
        assert_eq!(dima.get("/clients").await.status, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_not_guessed_through_the_settings() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        for _ in 0..domain::limits::LOGIN_ATTEMPTS_MAX {
            anna.post("/settings/password", &[("old", "не тот"), ("new", "новый пароль")]).await;
        }
        let page = anna.post("/settings/password", &[("old", PASSWORD), ("new", "новый пароль")]).await;
        assert_eq!(page.location.as_deref(), Some("/settings?problem=wait"));
    }
}
