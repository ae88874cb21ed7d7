//! Deals: from the client's card in one step, step by step, won or lost; what clients keep of them. R9, R20, R28.

use axum::http::StatusCode;
use serde_json::json;

use crate::office::{Browser, Office, Page};

impl Browser {
    /// The panel's form on a client's card, as it is without JavaScript.
    async fn deal(&mut self, client: i64, fields: &[(&str, &str)]) -> Page {
        let card = format!("/clients/{client}");
        let hidden = self.get(&card).await.form_with("amount");
        let mut all: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.extend(fields);
        self.post("/deals", &all).await
    }

    /// Presses a step in the line under the name.
    async fn step(&mut self, deal: i64, stage: &str) -> Page {
        let path = format!("/deals/{deal}");
        let hidden = self.get(&path).await.form_with("stage");
        let mut all: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.push(("stage", stage));
        self.post(&path, &all).await
    }

    async fn kept(&mut self, client: i64) -> [String; 4] {
        let columns = ["open_deals", "open_sum", "won_sum", "last_won"];
        let page = self.get(&format!("/clients?number.is={client}&cols=number,{}", columns.join(","))).await;
        columns.map(|column| {
            page.text(&format!("tr[data-id='{client}'] td[data-field={column}]")).replace('\u{202f}', " ")
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_is_made_on_a_clients_card_and_goes_step_by_step() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let client = anna.client(&[("name", "Ромашка"), ("responsible", "3")]).await;
        let card = format!("/clients/{client}");
        for (title, amount) in [("Поставка, декабрь", "148 300"), ("", "1 100 000,50")] {
            let page = anna.deal(client, &[("title", title), ("amount", amount)]).await;
            assert_eq!(
                (page.status, page.location.as_deref()),
                (StatusCode::SEE_OTHER, Some(card.as_str())),
                "{}",
                page.body
            );
        }
        let page = anna.get(&card).await;
        assert_eq!(page.texts(".deals .deal-name"), ["Поставка, декабрь", "Сделка № 2"]);
        let sum = page.text(".deals h2 .sum").replace('\u{202f}', " ");
        assert_eq!(sum, "открыто на 1 248 300,50 ₽");
        assert_eq!(anna.kept(client).await, ["2", "1 248 300,50 ₽", "—", "—"]);
        // The client's responsible is the deal's, and the first stage is its own.
        let deal = anna.get("/deals/1").await;
        assert_eq!(deal.text("dd[data-field=responsible]"), "ДСДмитрий Савин");
        assert_eq!(deal.text(".steps .now b"), "Новая");
        assert!(deal.text(".steps .now").contains("сегодня"));

        // One press moves it; what was passed is behind.
        assert_eq!(anna.step(1, "3").await.location.as_deref(), Some("/deals/1"));
        let deal = anna.get("/deals/1").await;
        assert_eq!((deal.text(".steps .now b"), deal.texts(".steps .past").len()), ("Предложение".to_string(), 2));
        assert!(!deal.has("form.asks"));

        // Won: it is closed, and the client has it so. Lost: it asks why.
        anna.step(1, "5").await;
        let kept = anna.kept(client).await;
        assert_eq!((kept[0].as_str(), kept[1].as_str(), kept[2].as_str()), ("1", "1 100 000,50 ₽", "148 300 ₽"));
        assert!(kept[3].starts_with("сегодня"), "{kept:?}");
        anna.step(2, "6").await;
        assert_eq!(anna.kept(client).await[..3], ["—", "—", "148 300 ₽"]);
        let deal = anna.get("/deals/2").await;
        assert_eq!(deal.texts("form.asks option").len(), 6);
        let mut why: Vec<(String, String)> = deal.form_with("reason");
        why.push(("reason".into(), "2".into()));
        let why: Vec<(&str, &str)> = why.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(anna.post("/deals/2", &why).await.status, StatusCode::SEE_OTHER);
        let deal = anna.get("/deals/2").await;
        assert!(!deal.has("form.asks") && deal.text("dd[data-field=reason]") == "Выбрали других");

        // Ctrl+Z over both: the outcome, the day and what the client keeps come back.
        for _ in 0..2 {
            assert_eq!(
                anna.call("undo_last", json!({"key": store::draft::random_id().expect("random")})).await.status,
                StatusCode::OK
            );
        }
        assert_eq!(anna.kept(client).await[..2], ["1", "1 100 000,50 ₽"]);
        assert_eq!(anna.get("/deals/2").await.text("dd[data-field=closed]"), "—");
        let mut conn = office.server.db.read().await.expect("a connection");
        let registry = store::registry::load(&mut conn, &app::sections::registry()).await.expect("a registry").uncut();
        drop(conn);
        assert_eq!(store::check::check(&office.server.db, &registry).await.expect("a check"), Vec::<String>::new());
    }
}

/// Lists: open ones, those whose day has passed, those with nothing planned, and how long they stand where they stand.
#[tokio::test(flavor = "multi_thread")]
async fn ready_lists_of_deals_say_what_is_to_be_done() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let client = anna.client(&[("name", "Ромашка")]).await;
        for expected in ["2020-01-01", "2099-01-01", ""] {
            let made = anna.deal(client, &[("title", expected), ("amount", "10"), ("expected", expected)]).await;
            assert_eq!(made.status, StatusCode::SEE_OTHER);
        }
        anna.step(3, "5").await;
        let list = anna.get("/deals").await;
        assert_eq!(list.texts(".views a")[2..], ["Сделки 3", "Открытые 2", "Просроченные 1", "Без напоминания 2"]);
        assert_eq!(anna.get("/deals?since.older=0d").await.rows().len(), 3);
        assert!(anna.get("/deals?since.older=1d").await.rows().is_empty());
        let fields = [("about", "deals.1"), ("in", "hour"), ("_key", "r"), ("_back", "/deals/1")];
        assert_eq!(anna.post("/reminders", &fields).await.status, StatusCode::SEE_OTHER);
        assert_eq!(anna.get("/deals").await.texts(".views a")[5], "Без напоминания 1");
        assert_eq!(anna.get("/clients?open_sum=15..25").await.rows(), [client]);
        assert_eq!(anna.get("/clients?open_deals=3").await.rows(), Vec::<i64>::new());
        // What is said of a deal stands on its client's card with its name.
        let fields =
            [("about", "deals.2"), ("text", "ждут образцы"), ("kind", "1"), ("_key", "n"), ("_back", "/deals/2")];
        assert_eq!(anna.post("/notes", &fields).await.status, StatusCode::SEE_OTHER);
        let page = anna.get(&format!("/clients/{client}")).await;
        assert_eq!(
            (page.texts(".bubble"), page.text(".note a[href='/deals/2']")),
            (vec!["ждут образцы".to_string()], "2099-01-01".to_string())
        );
    }
}

/// Amounts that are none, stages that there are not, clients that one may not see: refused where it was typed.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_deal_is_refused_and_nothing_typed_is_lost() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let client = anna.client(&[("name", "Её")]).await;
        let page = anna.deal(client, &[("title", "Большая"), ("amount", "сто рублей")]).await;
        let back = page.location.expect("the card again");
        let card = anna.get(&back).await;
        assert_eq!(card.attribute(".deals input[name=title]", "value"), "Большая");
        assert_eq!(card.attribute(".deals input[name=amount]", "value"), "сто рублей");
        assert!(card.has(".deals [role=alert]"));
        for (amount, taken) in
            [("99999999999999999", false), ("1e3", false), ("0", true), ("-5", true), ("10 000 000 000 000", true)]
        {
            let page = anna.deal(client, &[("amount", amount)]).await;
            let refused = page.location.as_deref().is_some_and(|to| to.contains("draft="));
            assert_eq!(!refused, taken, "{amount}: {:?}", page.location);
        }
        let mut dima = office.browser("dima").await;
        office.limit("dima", json!({"own_records_only": true})).await;
        assert_eq!(dima.get("/deals").await.rows(), Vec::<i64>::new());
        for path in ["/deals/1", "/deals/1?tab=history", "/deals/1?edit=amount"] {
            assert_eq!(dima.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let before = office.changes().await;
        let foreign = client.to_string();
        let fields = [("client", foreign.as_str()), ("title", "чужая"), ("_key", "x"), ("_back", "/clients")];
        let page = dima.post("/deals", &fields).await;
        assert!(page.location.is_some_and(|to| to.contains("draft=")));
        for stage in ["7", "0", "x", "99999999999999999999"] {
            let page = anna.step(1, stage).await;
            assert!(page.location.is_some_and(|to| to.contains("draft=")), "{stage}");
        }
        let stamp = [("outcome", "2"), ("_version", "1"), ("_key", "o")];
        assert_eq!(
            anna.post("/deals/1", &stamp).await.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "nobody writes what is computed"
        );
        assert_eq!(office.changes().await, before);
    }
}

/// Switched off, deals leave no trace; switched on again, everything is there.
#[tokio::test(flavor = "multi_thread")]
async fn without_deals_there_is_no_trace_of_them() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let client = anna.client(&[("name", "Ромашка")]).await;
        anna.deal(client, &[("title", "Поставка"), ("amount", "10")]).await;
        let switch = async |on: bool| {
            office
                .server
                .db
                .write(move |conn| {
                    Box::pin(async move {
                        let sql = if on {
                            "INSERT INTO feature (name) VALUES ('deals')"
                        } else {
                            "DELETE FROM feature WHERE name = 'deals'"
                        };
                        conn.execute(sql, store::values![]).await?;
                        conn.execute("UPDATE registry SET version = version + 1", store::values![]).await.map(drop)
                    })
                })
                .await
                .expect("a switch");
            crate::workshop::noticed().await;
        };
        switch(false).await;
        for path in [format!("/clients/{client}"), "/clients".into(), "/today".into(), "/reminders".into()] {
            let page = anna.get(&path).await;
            for told in ["deals", "Сделк", "сделк", "open_sum"] {
                assert!(!page.body.contains(told), "{path} tells {told}");
            }
        }
        for path in ["/deals", "/deals/1"] {
            assert_eq!(anna.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let of = json!({"of": {"section": "clients", "id": client}});
        assert_eq!(anna.call("deals", of).await.status, StatusCode::NOT_FOUND);
        switch(true).await;
        assert_eq!(anna.get(&format!("/clients/{client}")).await.texts(".deals .deal-name"), ["Поставка"]);
    }
}
