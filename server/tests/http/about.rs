//! Comments, calls and reminders hang on any record, and belong to the client that the record is a part of.

use axum::http::StatusCode;
use serde_json::{Value as Json, json};

use crate::office::{Browser, Office, Page};
use crate::workshop::noticed;

const RENT: &str = "Аренда крана";

impl Browser {
    /// Sends a form from a card, as a person without JavaScript does.
    async fn said_on(&mut self, card: &str, section: &str, fields: &[(&str, &str)]) -> Page {
        let key = store::draft::random_id().expect("random");
        let mut all = vec![("_key", key.as_str()), ("_back", card)];
        all.extend(fields);
        self.post(&format!("/{section}"), &all).await
    }

    /// The card's own hidden inputs decide what it is said of.
    async fn noted_on(&mut self, card: &str, fields: &[(&str, &str)]) {
        let page = self.get(card).await;
        let hidden = page.form_with("text");
        let of: Vec<(&str, &str)> = hidden
            .iter()
            .filter(|(name, _)| !name.starts_with('_'))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(of.len(), 1, "{of:?}");
        let done = self.said_on(card, "notes", &[of.as_slice(), fields].concat()).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        assert!(done.location.is_some_and(|to| to.starts_with(card) && !to.contains("draft=")));
    }

    async fn bubbles(&mut self, path: &str) -> Vec<String> {
        self.get(path).await.texts(".bubble")
    }

    async fn column(&mut self, client: i64, column: &str) -> String {
        let page = self.get(&format!("/clients?number.is={client}&cols=number,{column}")).await;
        page.text(&format!("tr[data-id='{client}'] td[data-field={column}]"))
    }

    async fn points(&mut self, record: i64, to: i64) {
        let form = self.get(&format!("/s1/{record}?edit=f1")).await.form_with("f1");
        let to = to.to_string();
        let mut fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.push(("f1", &to));
        let page = self.post(&format!("/s1/{record}"), &fields).await;
        assert_eq!(page.location.as_deref(), Some(format!("/s1/{record}").as_str()), "{}", page.body);
    }
}

/// A section of the owner's whose records name a client.
async fn rents(office: &Office) {
    let mut owner = office.browser("owner").await;
    let word = |ru: &str| json!({"ru": ru, "en": ru});
    let forms = json!({"forms": {"one": word("Аренда"), "many": word("Аренды"), "few": word("аренды"), "of_many": word("аренд")}});
    assert_eq!(owner.call("make_section", forms).await.status, StatusCode::OK);
    let wish = json!({"section": "s1", "label": word("Чья"), "kind": "Reference", "choices": [], "target": "clients"});
    assert_eq!(owner.call("make_field", json!({"wish": wish})).await.status, StatusCode::OK);
    noticed().await;
}

async fn rent(browser: &mut Browser, client: i64) -> i64 {
    let pairs = json!([["name", RENT], ["f1", client.to_string()]]);
    let made = browser.call("add", json!({"section": "s1", "pairs": pairs})).await;
    let (made, _): (i64, Option<i64>) = serde_json::from_str(&made.body).expect("a number");
    made
}

async fn check(office: &Office) {
    let mut conn = office.server.db.read().await.expect("a connection");
    let registry = store::registry::load(&mut conn, &app::sections::registry()).await.expect("a registry").uncut();
    drop(conn);
    assert_eq!(store::check::check(&office.server.db, &registry).await.expect("a check"), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_a_record_belongs_to_its_client_and_goes_with_it() {
    for office in Office::both().await {
        rents(&office).await;
        let mut anna = office.anna().await;
        let first = anna.client(&[("name", "Ромашка")]).await;
        let second = anna.client(&[("name", "Маяк")]).await;
        let (of_first, of_second) = (format!("/clients/{first}"), format!("/clients/{second}"));
        let id = rent(&mut anna, first).await;
        let card = format!("/s1/{id}");

        anna.noted_on(&card, &[("text", "подача в понедельник"), ("kind", "2")]).await;
        let about = format!("s1.{id}");
        let fields = [("about", about.as_str()), ("note", "счёт"), ("in", "other"), ("date", "2030-01-01")];
        assert_eq!(anna.said_on(&card, "reminders", &fields).await.status, StatusCode::SEE_OTHER);
        assert_eq!(anna.bubbles(&card).await, ["подача в понедельник"]);
        assert_eq!(anna.get(&card).await.texts(".ahead .reminder").len(), 1);

        // On the client's card they stand with the record's name, and the call counts as a talk.
        let page = anna.get(&of_first).await;
        assert_eq!(page.texts(".bubble"), ["подача в понедельник"]);
        assert_eq!(page.texts(&format!(".note a[href='{card}']")), [RENT]);
        assert_eq!(page.texts(&format!(".ahead .reminder a[href='{card}']")), [RENT]);
        assert!(anna.column(first, "last_touch").await.contains("звонок"));
        assert_eq!(anna.column(second, "last_touch").await, "ещё не общались");
        check(&office).await;

        // The record becomes another client's, and all that was said of it with it, in one operation.
        anna.points(id, second).await;
        assert_eq!(anna.bubbles(&of_first).await, Vec::<String>::new());
        assert_eq!(anna.bubbles(&of_second).await, ["подача в понедельник"]);
        assert_eq!(anna.bubbles(&card).await, ["подача в понедельник"]);
        assert_eq!(anna.column(first, "last_touch").await, "ещё не общались");
        assert!(anna.column(second, "last_touch").await.contains("звонок"));
        assert_eq!(anna.column(first, "next_reminder").await, "—");
        assert_ne!(anna.column(second, "next_reminder").await, "—");
        check(&office).await;

        // Taken back, it is as it was.
        let undone = anna.call("undo_last", json!({"key": "u"})).await;
        assert_eq!(undone.status, StatusCode::OK, "{}", undone.body);
        assert_eq!(anna.bubbles(&of_first).await, ["подача в понедельник"]);
        assert_eq!(anna.bubbles(&of_second).await, Vec::<String>::new());
        assert!(anna.column(first, "last_touch").await.contains("звонок"));
        check(&office).await;
    }
}

/// A record that belongs to nobody has a stream and reminders too; in the trash they rest with it.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_a_record_rests_with_it() {
    for office in Office::both().await {
        rents(&office).await;
        let mut anna = office.anna().await;
        let key = store::draft::random_id().expect("random");
        assert_eq!(anna.post("/s1", &[("_key", &key)]).await.location.as_deref(), Some("/s1/1?edit=name"));
        anna.noted_on("/s1/1", &[("text", "@Анна Крылова, посмотри"), ("kind", "1")]).await;
        let fields = [("about", "s1.1"), ("note", "осмотр"), ("in", "other"), ("date", "2020-01-01")];
        assert_eq!(anna.said_on("/s1/1", "reminders", &fields).await.status, StatusCode::SEE_OTHER);
        let seen = async |anna: &mut Browser| {
            let today = anna.get("/today").await;
            let mentions = anna.get("/mentions").await.texts(".bubble").len();
            (today.texts(".day-line a[href='/s1/1']").len(), mentions, anna.get("/reminders").await.rows().len())
        };
        assert_eq!(seen(&mut anna).await, (2, 1, 1), "the reminder and the mention, by the record's name");
        assert_eq!(anna.post("/s1/1/trash", &[("_key", "t")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(seen(&mut anna).await, (0, 0, 0));
        assert_eq!(anna.post("/s1/1/restore", &[("_key", "r")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(seen(&mut anna).await, (2, 1, 1));
        check(&office).await;
    }
}

/// On a contact's own card: what is noted is of the client, of the one that was chosen, or of the contact alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_contacts_card_has_a_stream_too() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let first = anna.client(&[("name", "Ромашка")]).await;
        let second = anna.client(&[("name", "Маяк")]).await;
        let made = async |anna: &mut Browser, name: &str, clients: &str| -> i64 {
            let pairs = json!([["name", name], ["clients", clients]]);
            let made = anna.call("add", json!({"section": "contacts", "pairs": pairs})).await;
            serde_json::from_str::<(i64, Option<i64>)>(&made.body).expect("a number").0
        };
        let alone = made(&mut anna, "Лапин", "").await;
        let one = made(&mut anna, "Зимина", &first.to_string()).await;
        let both = made(&mut anna, "Седов", &format!("{first},{second}")).await;
        for (contact, text) in [(alone, "сам по себе"), (one, "звонил ей")] {
            anna.noted_on(&format!("/contacts/{contact}"), &[("text", text), ("kind", "2")]).await;
            assert_eq!(anna.bubbles(&format!("/contacts/{contact}")).await, [text]);
        }
        let card = format!("/contacts/{both}");
        let page = anna.get(&card).await;
        assert_eq!(page.texts(".composer select[name=client] option"), ["Ромашка", "Маяк"]);
        assert!(!anna.get(&format!("/contacts/{one}")).await.has("select[name=client]"), "there is nothing to choose");
        let (contact, client) = (both.to_string(), second.to_string());
        let fields = [("contact", contact.as_str()), ("client", client.as_str()), ("text", "по Маяку"), ("kind", "2")];
        assert_eq!(anna.said_on(&card, "notes", &fields).await.status, StatusCode::SEE_OTHER);
        assert_eq!(anna.bubbles(&card).await, ["по Маяку"]);
        assert_eq!(anna.bubbles(&format!("/clients/{first}")).await, ["звонил ей"]);
        assert_eq!(anna.bubbles(&format!("/clients/{second}")).await, ["по Маяку"]);
        check(&office).await;
    }
}

/// Of what one may not see nothing is said, and nothing that was said of it is read.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_said_of_what_is_not_there() {
    for office in Office::both().await {
        rents(&office).await;
        let mut anna = office.anna().await;
        let mut dima = office.browser("dima").await;
        let hers = anna.client(&[("name", "Её")]).await;
        let theirs = rent(&mut anna, hers).await;
        anna.noted_on(&format!("/s1/{theirs}"), &[("text", "тайна"), ("kind", "2")]).await;
        // Dima's own record names a client that is not his.
        let own = rent(&mut dima, hers).await;
        office.limit("dima", json!({"own_records_only": true})).await;
        dima.noted_on(&format!("/s1/{own}"), &[("text", "своё"), ("kind", "1")]).await;
        assert_eq!(dima.bubbles(&format!("/s1/{own}")).await, ["своё"], "what one has written is there");
        let page = dima.get(&format!("/s1/{own}")).await;
        assert!(!page.body.contains("Её") && !page.body.contains("тайна"), "{}", page.body);

        let before = office.changes().await;
        for about in
            [&format!("s1.{theirs}"), "s1.999", "notes.1", "reminders.1", "users.1", "none.1", "s1", "' OR 1=1"]
        {
            for section in ["notes", "reminders"] {
                let fields = [("about", about), ("text", "x"), ("in", "hour")];
                let page = dima.said_on("/s1/2", section, &fields).await;
                let refused = page.location.as_deref().is_some_and(|to| to.contains("draft="));
                assert!(
                    refused || page.status.is_client_error(),
                    "{section} {about}: {} {:?}",
                    page.status,
                    page.location
                );
            }
        }
        assert_eq!(office.changes().await, before);
        for (section, id) in [("s1", theirs), ("clients", hers), ("notes", 1), ("none", 1), ("s1", 999)] {
            let of = json!({"section": section, "id": id});
            let wish = json!({"of": of, "show": null, "before": null, "latest": false});
            for (call, body) in [("stream", json!({"wish": wish})), ("reminders", json!({"of": of}))] {
                let page = dima.call(call, body).await;
                let told: Json = serde_json::from_str(&page.body).unwrap_or_default();
                assert!(page.status == StatusCode::NOT_FOUND, "{call} {section}.{id}: {told}");
            }
        }
    }
}
