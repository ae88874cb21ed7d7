//! Signing in: guesses are counted before they are looked at, keep nobody else out, and a session is given to whoever
//! still may have one.

use app::users::attempts::{self, Try};
use app::users::queries::{self, SignIn};
use axum::http::StatusCode;
use domain::moment::DAY_MS;
use store::values;

use crate::office::{Browser, Office, PASSWORD, Page, now};

impl Browser {
    async fn sign_in(&mut self, login: &str, password: &str) -> Page {
        self.post("/login", &[("login", login), ("password", password)]).await
    }

    /// Whether the password was looked at, and was wrong; if not, one has to wait.
    async fn guesses(&mut self, login: &str) -> bool {
        let page = self.sign_in(login, "12345678").await;
        let to = page.location.expect("an address");
        assert!(to.contains("problem=password") || to.contains("problem=wait"), "{to}");
        to.contains("problem=password")
    }
}

fn network(number: usize) -> String {
    format!("198.51.{}.{}", number / 250, number % 250)
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_guesses_at_once_are_ten() {
    for office in Office::both().await {
        let mut guesses = tokio::task::JoinSet::new();
        for _ in 0..40 {
            let mut browser = office.stranger();
            guesses.spawn(async move { browser.guesses("anna").await });
        }
        let looked_at = guesses.join_all().await.into_iter().filter(|looked_at| *looked_at).count();
        assert_eq!(looked_at, 10);
        // In the settings of an open session, it is the same.
        let anna = office.browser_from("192.0.2.1", "anna").await;
        let mut guesses = tokio::task::JoinSet::new();
        for place in 0..30 {
            let mut browser = anna.clone();
            guesses.spawn(async move {
                let key = format!("k{place}");
                let form = [("old", "12345678"), ("new", "новый пароль"), ("_key", key.as_str())];
                browser.post("/settings/password", &form).await.location
            });
        }
        let said = guesses.join_all().await;
        let wrong = said.iter().filter(|to| to.as_deref() == Some("/settings?problem=old")).count();
        assert_eq!((wrong, said.len()), (10, 30), "{said:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_keeps_out_nobody_else() {
    for office in Office::both().await {
        office.browser_from("192.0.2.1", "owner").await;
        // One address tries a few passwords of each of many accounts.
        let mut guesser = office.stranger();
        guesser.peer = Some(network(0));
        let mut looked_at = 0;
        for account in 0..20 {
            for _ in 0..5 {
                looked_at += usize::from(guesser.guesses(&format!("user{account}")).await);
            }
        }
        assert_eq!(looked_at, 50);
        assert!(guesser.sign_in("anna", PASSWORD).await.location.expect("an address").contains("problem=wait"));
        office.browser_from("192.0.2.2", "anna").await;
        // Many addresses try one account: from where its owner comes it opens all the same.
        for place in 1..=12 {
            let mut guesser = office.stranger();
            guesser.peer = Some(network(place));
            for _ in 0..10 {
                guesser.guesses("owner").await;
            }
        }
        let mut elsewhere = office.stranger();
        elsewhere.peer = Some("203.0.113.5".into());
        assert!(elsewhere.sign_in("owner", PASSWORD).await.location.expect("an address").contains("problem=wait"));
        office.browser_from("192.0.2.1", "owner").await;
        // Right passwords are no guesses: an office behind one address signs in as often as it likes.
        for _ in 0..60 {
            office.browser_from("192.0.2.3", "dima").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_are_forgotten_whatever_the_clock_was() {
    for office in Office::both().await {
        let ahead = office.with_clock(|| now() + 400 * DAY_MS);
        let mut guesser = ahead.stranger();
        for _ in 0..12 {
            guesser.guesses("anna").await;
        }
        office.browser("anna").await;
        // And after a quarter of an hour.
        let mut guesser = office.stranger();
        for _ in 0..12 {
            guesser.guesses("anna").await;
        }
        assert!(!guesser.guesses("anna").await);
        office.with_clock(|| now() + 16 * 60 * 1000).browser("anna").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_was_right_a_moment_ago_opens_nothing() {
    for office in Office::both().await {
        let db = &office.server.db;
        let sign_in = async |login: &str| {
            let mut conn = db.read().await.expect("a connection");
            let (user, hash) = queries::find_login(&mut conn, login).await.expect("read").expect("an account");
            SignIn {
                user,
                password_hash: hash.expect("a hash"),
                attempt: Try { login: login.into(), address: "192.0.2.1".into() },
                agent: String::new(),
                before: Vec::new(),
            }
        };
        let (anna, dima) = (sign_in("anna").await, sign_in("dima").await);
        assert!(queries::open_session(db, anna.clone(), now()).await.expect("written").is_some());
        // Between the look at the password and the session one changes it, and one leaves.
        let mut browser = office.anna().await;
        let form = [("old", PASSWORD), ("new", "новый пароль"), ("_key", "n")];
        let page = browser.post("/settings/password", &form).await;
        assert_eq!(page.location.as_deref(), Some("/settings?done=password"));
        assert!(queries::leave(db, "dima", now()).await.expect("written"));
        for late in [anna, dima] {
            assert_eq!(queries::open_session(db, late, now()).await.expect("written"), None);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_left_is_out_at_once_with_what_was_under_way() {
    for office in Office::both().await {
        office.make_clients(30).await;
        let mut dima = office.browser("dima").await;
        let key = store::draft::random_id().expect("random");
        let context = office.context(3, domain::rights::Role::Manager, &key).await;
        let patch = domain::change::Patch {
            fields: vec![("segment".into(), domain::change::Input::Typed("2".into()))],
            accept: Vec::new(),
        };
        let section = domain::ids::SectionKey::from("clients");
        store::operation::begin_update(&office.server.db, &context, &section, patch, (1..=30).collect(), None)
            .await
            .expect("begun");
        let before = office.changes().await;
        assert!(queries::leave(&office.server.db, "dima", now()).await.expect("written"));
        assert_eq!(dima.get("/clients").await.location.as_deref(), Some("/login?next=%2Fclients"));
        app::bulk::runner::run_waiting(&office.server).await.expect("looked at");
        assert_eq!(office.changes().await, before);
        let page = dima.sign_in("dima", PASSWORD).await;
        assert!(page.location.expect("an address").contains("problem=password"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_after_thirty_days_however_often_it_is_used() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let later = office.with_clock(|| now() + 29 * DAY_MS);
        let mut same = later.stranger();
        same.cookie = anna.cookie.clone();
        assert_eq!(same.get("/clients").await.status, StatusCode::OK);
        let seen = async || {
            let mut conn = office.server.db.read().await.expect("a connection");
            let row = conn.one("SELECT MAX(seen) AS seen FROM session", values![]).await.expect("a session");
            row.get::<i64>("seen").expect("a time")
        };
        for _ in 0..100 {
            if seen().await > now() + 28 * DAY_MS {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert!(seen().await > now() + 28 * DAY_MS, "its use was noted");
        let mut same = office.with_clock(|| now() + 31 * DAY_MS).stranger();
        same.cookie = anna.cookie.clone();
        assert_eq!(same.get("/clients").await.status, StatusCode::SEE_OTHER);
        assert_eq!(anna.get("/clients").await.status, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_cookies_none_is_believed_and_a_new_session_ends_the_old_one() {
    for office in Office::both().await {
        let (anna, dima) = (office.anna().await, office.browser("dima").await);
        let cookie = |browser: &Browser| browser.cookie.clone().expect("a session");
        let mut both = office.stranger();
        both.cookie = Some(format!("{}; {}", cookie(&dima), cookie(&anna)));
        assert_eq!(both.get("/clients").await.status, StatusCode::SEE_OTHER);
        let mut twice = office.stranger();
        twice.cookie = Some(format!("{}; {}", cookie(&anna), cookie(&anna)));
        assert_eq!(twice.get("/clients").await.status, StatusCode::OK, "one that stands twice is one");

        let mut old = anna.clone();
        let mut again = anna.clone();
        assert_eq!(again.sign_in("anna", PASSWORD).await.status, StatusCode::SEE_OTHER);
        assert_ne!(cookie(&again), cookie(&old));
        assert_eq!(old.get("/clients").await.status, StatusCode::SEE_OTHER);
        assert_eq!(again.get("/clients").await.status, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn under_https_the_cookie_is_of_this_host_alone() {
    let office = Office::both().await.remove(0);
    let secure = office.behind(app::outside::Outside { is_https: true, ..Default::default() });
    let mut anna = secure.stranger();
    let page = anna.sign_in("anna", PASSWORD).await;
    let cookie = page.headers["set-cookie"].to_str().expect("text");
    assert!(cookie.starts_with("__Host-klientura_session=") && cookie.ends_with("; Secure"), "{cookie}");
    assert!(cookie.contains("; Path=/;") && !cookie.contains("Domain"), "{cookie}");
    let page = anna.get("/clients").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.headers["strict-transport-security"].to_str().expect("text").starts_with("max-age="));
    // What another host could have set is none of ours.
    anna.cookie = anna.cookie.map(|cookie| cookie.replace("__Host-", ""));
    assert_eq!(anna.get("/clients").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn tries_do_not_stay() {
    for office in Office::both().await {
        let attempt = Try { login: "anna".into(), address: "192.0.2.1".into() };
        attempts::count(&office.server.db, &attempt, now()).await.expect("counted");
        attempts::count(&office.server.db, &Try { login: "b".into(), ..attempt }, now() + DAY_MS)
            .await
            .expect("counted");
        let mut conn = office.server.db.read().await.expect("a connection");
        let row = conn.one("SELECT COUNT(subject) AS found FROM attempt", values![]).await.expect("a count");
        assert_eq!(row.get::<i64>("found").expect("a number"), 3);
    }
}
