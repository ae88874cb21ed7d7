//! The day of a manager, by plain forms: contacts, the stream, reminders, and what clients keep of them.

use axum::http::StatusCode;
use serde_json::json;

use crate::office::{Browser, Office, Page};

impl Browser {
    /// Sends a section's own form from a client's card, as a person without JavaScript does.
    async fn form(&mut self, section: &str, client: i64, fields: &[(&str, &str)]) -> Page {
        let (key, back, id) =
            (store::draft::random_id().expect("random"), format!("/clients/{client}"), client.to_string());
        let of = if section == "contacts" { "clients" } else { "client" };
        let mut all = vec![("_key", key.as_str()), ("_back", back.as_str())];
        if !section.contains('/') {
            all.push((of, id.as_str()));
        }
        all.extend(fields);
        self.post(&format!("/{section}"), &all).await
    }

    /// Sends it, and it is done.
    async fn did(&mut self, section: &str, client: i64, fields: &[(&str, &str)]) {
        let page = self.form(section, client, fields).await;
        let back = format!("/clients/{client}");
        assert_eq!(
            (page.status, page.location.as_deref()),
            (StatusCode::SEE_OTHER, Some(back.as_str())),
            "{}",
            page.body
        );
    }

    /// Sends it, and it is refused; gives the page that says why.
    async fn refused(&mut self, section: &str, client: i64, fields: &[(&str, &str)]) -> Page {
        let page = self.form(section, client, fields).await;
        let to = page.location.unwrap_or_else(|| panic!("{} {}", page.status, page.body));
        assert!(to.starts_with(&format!("/clients/{client}?draft=")), "{to}");
        self.get(&to).await
    }

    async fn card(&mut self, client: i64) -> Page {
        let page = self.get(&format!("/clients/{client}")).await;
        assert_eq!(page.status, StatusCode::OK);
        page
    }

    /// What a list shows in a column of a client.
    async fn cell(&mut self, client: i64, column: &str) -> String {
        let page = self.get(&format!("/clients?number.is={client}&cols=number,name,{column}")).await;
        page.text(&format!("tr[data-id='{client}'] td[data-field={column}]"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_needs_a_name_and_a_phone_and_may_belong_to_several_clients() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let first = anna.client(&[("name", "Ромашка"), ("phone", "+7 495 111-22-33")]).await;
        let second = anna.client(&[("name", "Маяк")]).await;
        anna.did("contacts", first, &[("name", "Зимина Ольга"), ("phones", "8 (916) 240-11-08")]).await;
        anna.did(
            "contacts",
            first,
            &[("name", "Лапин Игорь"), ("phones", "+7 903 700-45-12"), ("position", "снабжение")],
        )
        .await;
        let card = anna.card(first).await;
        assert_eq!(card.texts("#contacts"), ["Контакты 2"]);
        assert_eq!(card.texts(".person-name"), ["Зимина Ольга", "Лапин Игорь"]);
        assert_eq!(card.attributes(".ways a", "href"), ["tel:+79162401108", "tel:+79037004512"]);

        // Found by the client's phone filter and by `q`, however it is typed; the client's own phone as before.
        for query in
            ["?phone=8916240", "?phone=240-11-08", "?phone.is=%2B79162401108", "?q=9162401108", "?phone=1112233"]
        {
            assert_eq!(anna.found(query).await, [first], "{query}");
        }
        assert_eq!(anna.found("?phone.hasnot=240-11-08").await, [second]);
        assert_eq!(anna.found("?phone.is=89162401108&phone.is=84951112233&phone.is=89990000000").await, [first]);
        let missing = anna.get("/clients?phone.is=89162401108&phone.is=89990000000").await.text(".notice.missing");
        assert!(missing.contains("89990000000") && !missing.contains("89162401108"), "{missing}");
        assert_eq!(anna.cell(first, "contact").await, "Зимина Ольга");

        // The main one comes first, and stands in the column.
        let edit = |field: &'static str, typed: &'static str| [(field, typed), ("_version", "1")];
        assert_eq!(anna.post("/contacts/2", &edit("main", "1")).await.status, StatusCode::SEE_OTHER);
        assert_eq!(anna.cell(first, "contact").await, "Лапин Игорь");
        assert_eq!(anna.card(first).await.texts(".person-name"), ["Лапин Игорь", "Зимина Ольга"]);

        // One person of two clients; a second phone on a line of its own.
        let page = anna
            .post(
                "/contacts/1",
                &[
                    ("clients", "1"),
                    ("clients", "2"),
                    ("phones", "8 916 240-11-08\r\n8 495 123-45-67 доб. 214"),
                    ("_version", "1"),
                ],
            )
            .await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        assert_eq!(anna.card(second).await.texts(".person-name"), ["Зимина Ольга"]);
        assert_eq!(anna.found("?phone=1234567").await, [second, first]);
        let contact = anna.get("/contacts/1").await;
        assert_eq!(contact.text("dd[data-field=clients]"), "РомашкаМаяк");
        assert_eq!(contact.texts("dd[data-field=phones] a.tel"), ["+7 916 240-11-08", "+7 495 123-45-67 доб. 214"]);

        // A list of its own; a natural person never stands among clients.
        let list = anna.get("/contacts?clients=2").await;
        assert_eq!((list.rows(), list.text("h1")), (vec![1], "Контакты".to_string()));
        assert_eq!(anna.found("?name=Зимина").await, Vec::<i64>::new());

        // Taken away and back: what clients keep follows.
        assert_eq!(anna.post("/contacts/1/trash", &[("_key", "t")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(anna.found("?phone=1234567").await, Vec::<i64>::new());
        assert_eq!(anna.cell(second, "contact").await, "—");
        anna.post("/contacts/1/restore", &[("_key", "r")]).await;
        assert_eq!(anna.found("?phone=1234567").await, [second, first]);

        // What is wrong is said where it was typed, and nothing of it is lost.
        let page = anna.refused("contacts", first, &[("name", "Мария"), ("phones", "звонить вечером")]).await;
        assert_eq!(page.attribute(".contacts input[name=phones]", "value"), "звонить вечером");
        assert_eq!(page.attribute(".contacts input[name=name]", "value"), "Мария");
        assert!(page.text(".contacts [role=alert]").contains("В телефоне ошибка"));
        let page = anna.refused("contacts", first, &[("name", " "), ("phones", "")]).await;
        assert!(page.text(".contacts [role=alert]").contains("Здесь пусто"));
        assert_eq!(anna.card(first).await.texts("#contacts"), ["Контакты 2"]);
        let wrong = anna.post("/contacts/1", &[("clients", "999"), ("_version", "9")]).await;
        assert!(wrong.location.unwrap_or_default().starts_with("/contacts/1?edit=clients&draft="));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_talk_counts_and_a_comment_or_an_attempt_does_not() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let id = anna.client(&[("name", "Ромашка")]).await;
        assert_eq!(anna.cell(id, "last_touch").await, "ещё не общались");
        anna.did("notes", id, &[("kind", "1"), ("text", "Прислали прайс")]).await;
        assert_eq!(anna.cell(id, "last_touch").await, "ещё не общались");
        // Not answered: tried, but not talked.
        anna.did("notes", id, &[("kind", "2"), ("answered", "0"), ("text", "")]).await;
        assert_eq!(anna.cell(id, "last_touch").await, "ещё не общались");
        assert_eq!(anna.cell(id, "last_attempt").await, "сегодня, звонок");
        anna.did("contacts", id, &[("name", "Зимина Ольга"), ("phones", "89162401108")]).await;
        anna.did("notes", id, &[("kind", "2"), ("answered", "1"), ("text", "Договорились"), ("contact", "1")]).await;
        assert_eq!(anna.cell(id, "last_touch").await, "сегодня, звонок");
        let list = anna.get("/clients").await;
        let hint = list.attribute("td[data-field=last_touch] .event", "title");
        assert!(hint.contains("Зимина Ольга") && hint.contains("Договорились") && hint.contains("Считаются"), "{hint}");
        let card = anna.card(id).await;
        assert_eq!(card.text(".lately"), "Общались сегодня, звонок");
        assert_eq!(card.texts(".note .bubble"), ["Договорились", "Прислали прайс"]);
        let heads = card.texts(".note .h");
        assert!(
            heads[0].contains("Звонок: Анна Крылова")
                && heads[0].ends_with("дозвонились")
                && heads[0].contains("Зимина Ольга"),
            "{heads:?}"
        );
        assert!(heads[1].ends_with("не дозвонились"));
        // By kind; changes of the client stand among them.
        assert!(card.texts(".stream .ev .sys").iter().any(|line| line.contains("Ромашка")));
        let calls = anna.get(&format!("/clients/{id}?show=calls")).await;
        assert_eq!(calls.texts(".stream .ev .h").len(), 2);
        assert_eq!(anna.get(&format!("/clients/{id}?show=comments")).await.texts(".bubble"), ["Прислали прайс"]);
        assert!(!anna.get(&format!("/clients/{id}?show=changes")).await.has(".note"));
        // A comment that is ticked is a talk; taken away, it is none.
        let other = anna.client(&[("name", "Маяк")]).await;
        anna.did("notes", other, &[("kind", "1"), ("text", "Виделись на выставке"), ("talked", "1")]).await;
        assert_eq!(anna.cell(other, "last_touch").await, "сегодня, комментарий");
        anna.post("/notes/4/trash", &[("_key", "t")]).await;
        assert_eq!(anna.cell(other, "last_touch").await, "ещё не общались");
        // Without a script «Дальше» is asked on the page that one comes back to.
        let page = anna.form("notes", id, &[("kind", "3"), ("text", "Встретились"), ("_then", "ask")]).await;
        let asks = anna.get(page.location.as_deref().unwrap_or_default()).await;
        assert_eq!(asks.texts(".ask .quick button"), ["Через час", "Завтра в 10:00", "Через неделю"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_texts_are_kept_as_texts_or_refused_with_a_word() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let id = anna.client(&[("name", "Ромашка")]).await;
        let hostile =
            "<script>alert(1)</script> javascript:alert(1) \u{202e}оборот\u{202c} </textarea> a@b.ru https://a.ru/x";
        anna.did("notes", id, &[("kind", "1"), ("text", hostile)]).await;
        let card = anna.card(id).await;
        assert!(!card.body.contains("<script>alert"));
        let links = card.attributes(".bubble a", "href");
        assert_eq!(links, ["mailto:a@b.ru", "https://a.ru/x"]);
        for nothing in ["", "  \n ", "\u{200b}\u{200e}\u{feff}"] {
            let page = anna.refused("notes", id, &[("kind", "1"), ("text", nothing)]).await;
            assert!(page.text(".composer [role=alert]").contains("Здесь пусто"), "{nothing:?}");
        }
        let long = "я".repeat(100_000 / 4);
        let page = anna.refused("notes", id, &[("kind", "1"), ("text", &long)]).await;
        assert!(page.text(".composer [role=alert]").contains("Слишком длинно"));
        assert_eq!(page.text(".composer textarea").chars().count(), long.chars().count(), "nothing typed is lost");
        let page = anna.refused("notes", id, &[("kind", "1"), ("text", "a\0b")]).await;
        assert!(page.text(".composer [role=alert]").contains("недопустимые знаки"));
        // Far above every limit: refused by its size, and nothing is written.
        let before = office.changes().await;
        let page = anna.form("notes", id, &[("kind", "1"), ("text", &"я".repeat(200_000))]).await;
        assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
        for fields in [
            [("kind", "9"), ("text", "x")],
            [("kind", "2"), ("contact", "999")],
            [("kind", "2"), ("contact", "x")],
            [("client", "0"), ("text", "x")],
        ] {
            let page = anna.form("notes", id, &fields).await;
            assert_ne!(page.location.as_deref(), Some(format!("/clients/{id}").as_str()), "{fields:?}");
        }
        assert_eq!(office.changes().await, before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_removed_while_a_call_is_noted_is_said_and_the_text_stays() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let id = anna.client(&[("name", "Ромашка")]).await;
        anna.did("contacts", id, &[("name", "Зимина Ольга"), ("phones", "89162401108")]).await;
        anna.post("/contacts/1/trash", &[("_key", "t")]).await;
        let page = anna.refused("notes", id, &[("kind", "2"), ("contact", "1"), ("text", "Обсудили график")]).await;
        assert!(page.text(".composer [role=alert]").contains("Такой записи нет"));
        assert_eq!(page.text(".composer textarea"), "Обсудили график");
        assert_eq!(page.attributes(".composer input[name=kind][checked]", "value"), ["2"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mention_is_found_by_the_one_who_was_mentioned() {
    for office in Office::both().await {
        let (mut anna, mut dima) = (office.anna().await, office.browser("dima").await);
        let id = anna.client(&[("name", "Ромашка")]).await;
        anna.did("notes", id, &[("kind", "1"), ("text", "@Дмитрий Савин, выставь счёт. @Никто Такой")]).await;
        assert_eq!(anna.card(id).await.texts(".mention"), ["@Дмитрий Савин"]);
        let page = dima.get("/mentions").await;
        assert_eq!(page.texts(".note.unread .bubble"), ["@Дмитрий Савин, выставь счёт. @Никто Такой"]);
        assert_eq!(page.text("a[href='/mentions'] .count"), "1");
        assert!(dima.get("/today").await.text(".day-part").contains("Вас упомянули"));
        assert!(!anna.get("/mentions").await.has(".note"));
        // Another's mention is not there to be marked; one's own is read then.
        assert_eq!(anna.post("/mentions/1", &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(dima.post("/mentions/1", &[]).await.location.as_deref(), Some("/mentions"));
        let page = dima.get("/mentions").await;
        assert!(page.has(".note") && !page.has(".unread") && !page.has("a[href='/mentions'] .count"));
        // The text is changed: who is mentioned follows.
        let edit = [("text", "@Елена Орлова, посмотри"), ("_version", "1"), ("_back", "/clients/1"), ("_key", "e")];
        assert_eq!(anna.post("/notes/1", &edit).await.status, StatusCode::SEE_OTHER);
        assert!(!dima.get("/mentions").await.has(".note"));
        assert!(office.browser("owner").await.get("/mentions").await.has(".unread"));
        // One who has left cannot be mentioned, nor sign in.
        app::users::queries::leave(&office.server.db, "dima", crate::office::now()).await.expect("left");
        let page = anna.refused("notes", id, &[("kind", "1"), ("text", "@Дмитрий Савин, вернись")]).await;
        assert!(page.text(".composer [role=alert]").contains("Дмитрий Савин здесь больше не работает"));
        assert_eq!(page.text(".composer textarea"), "@Дмитрий Савин, вернись");
        assert_eq!(dima.get("/today").await.status, StatusCode::SEE_OTHER);
        assert!(!anna.card(id).await.has("select[name=responsible] option[value='3']"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_its_author_changes_an_entry_and_the_original_stays_in_the_history() {
    for office in Office::both().await {
        let (mut anna, mut dima) = (office.anna().await, office.browser("dima").await);
        let id = anna.client(&[("name", "Ромашка")]).await;
        anna.did("notes", id, &[("kind", "1"), ("text", "Первое")]).await;
        let before = office.changes().await;
        let form = [("text", "Чужое"), ("_version", "1"), ("_back", "/clients/1"), ("_key", "x")];
        assert_eq!(dima.post("/notes/1", &form).await.status, StatusCode::FORBIDDEN);
        assert_eq!(dima.post("/notes/1/trash", &[("_key", "y")]).await.status, StatusCode::FORBIDDEN);
        // Nor around the form: what belongs together is written by it alone.
        for (mut who, field, typed) in
            [(dima.clone(), "text", "Чужое"), (anna.clone(), "talked", "1"), (anna.clone(), "client", "1")]
        {
            let edit = json!({"edit": {"section": "notes", "id": 1, "version": 1, "key": field, "field": field, "typed": typed, "accept": false}});
            let page = who.call("save", edit).await;
            assert!(page.status.is_client_error(), "{field}: {}", page.status);
        }
        assert_eq!(office.changes().await, before);
        assert_eq!(anna.card(id).await.texts(".bubble"), ["Первое"]);
        // Pinned by anyone; it stands above.
        let pin = [("pinned", "1"), ("_version", "1"), ("_back", "/clients/1"), ("_key", "p")];
        assert_eq!(dima.post("/notes/1", &pin).await.status, StatusCode::SEE_OTHER);
        assert_eq!(anna.card(id).await.texts(".pinned .bubble"), ["Первое"]);
        let form = anna.get("/clients/1?note=1").await;
        assert_eq!(form.text("article textarea"), "Первое");
        let form = [("text", "Второе"), ("_version", "2"), ("_back", "/clients/1?note=1"), ("_key", "z")];
        assert_eq!(anna.post("/notes/1", &form).await.status, StatusCode::SEE_OTHER);
        let card = anna.card(id).await;
        assert!(card.texts(".note .h")[0].contains("изменено"));
        let mut conn = office.server.db.read().await.expect("a connection");
        let section = domain::fields::Section::from(app::notes::section());
        let page = store::history::page(&mut conn, &section, 1, &Default::default(), 10).await.expect("a history");
        let old =
            page.changes.first().and_then(|change| change.fields.get(&"text".into())).map(|text| text.old.clone());
        assert_eq!(old, Some(domain::fields::Value::Text("Первое".into())));
        drop(conn);
        // Taken back, and away.
        let seq = page.changes[0].seq;
        assert!(
            anna.call("undo", json!({"section": "notes", "id": 1, "seq": seq, "key": "u"})).await.status.is_success()
        );
        assert_eq!(anna.card(id).await.texts(".pinned .bubble"), ["Первое"]);
        anna.post("/notes/1/trash", &[("_key", "t")]).await;
        assert!(!anna.card(id).await.has(".bubble"));
        assert!(anna.get("/trash?of=notes").await.text(".trash .row-name") == "Первое");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_is_made_postponed_and_ticked() {
    for office in Office::both().await {
        let (mut anna, mut dima) = (office.anna().await, office.browser("dima").await);
        let id = anna.client(&[("name", "Ромашка")]).await;
        assert_eq!(anna.card(id).await.text(".next b"), "Дальше ничего не запланировано");
        assert_eq!(anna.cell(id, "next_reminder").await, "—");
        anna.did("reminders", id, &[("in", "tomorrow")]).await;
        let card = anna.card(id).await;
        assert_eq!((card.text(".next-what"), card.text(".next .chip")), ("Позвонить".into(), "завтра 10:00".into()));
        assert_eq!(anna.cell(id, "next_reminder").await, "позвонить, завтра 10:00");
        // A whole one, for a colleague.
        let whole = [
            ("in", "other"),
            ("what", "2"),
            ("note", "образцы"),
            ("date", "2030-03-31"),
            ("time", "09:30"),
            ("responsible", "3"),
        ];
        anna.did("reminders", id, &whole).await;
        assert_eq!(anna.card(id).await.texts(".reminder a"), ["Позвонить", "Встретиться: образцы"]);
        assert_eq!(dima.get("/reminders?responsible=me").await.rows(), [2]);
        // Postponed, then ticked: the next one stands there.
        let version = |page: &Page| page.attribute(".next form[action='/reminders/1'] input[name=_version]", "value");
        let seen = version(&anna.card(id).await);
        let form =
            |then: &'static str, value: &'static str, seen: String| vec![(then, value.to_string()), ("_version", seen)];
        let post = form("in", "week", seen.clone());
        let post: Vec<(&str, &str)> = post.iter().map(|(name, value)| (*name, value.as_str())).collect();
        anna.did("reminders/1", id, &post).await;
        assert!(!anna.card(id).await.text(".next .chip").contains("завтра"));
        // From a page that somebody was faster on: nothing is overwritten.
        let late = [("in", "hour"), ("_version", "1")];
        assert_eq!(anna.form("reminders/1", id, &late).await.status, StatusCode::CONFLICT);
        let seen = version(&anna.card(id).await);
        anna.did("reminders/1", id, &[("done", "1"), ("_version", &seen)]).await;
        assert!(anna.card(id).await.text(".next").contains("Встретиться: образцы"));
        assert_eq!(anna.get("/reminders?done.empty=1").await.rows(), [2]);
        // One that repeats goes on by itself; what was ticked is done and can be found.
        let daily = [("in", "tomorrow"), ("note", "сводка"), ("repeats", "1")];
        anna.did("reminders", id, &daily).await;
        anna.did("reminders/3", id, &[("done", "1"), ("_version", "1")]).await;
        assert_eq!(anna.get("/reminders?done.empty=1").await.rows(), [4, 2]);
        assert_eq!(anna.get("/reminders?done.filled=1").await.rows(), [3, 1]);
        let card = anna.card(id).await;
        assert!(card.text(".reminder[data-reminder='4']").contains("каждый день"));

        for (date, time) in [
            ("0001-01-01", "10:00"),
            ("9999-12-31", "10:00"),
            ("2026-02-30", "10:00"),
            ("завтра", ""),
            ("2027-01-01", "25:61"),
        ] {
            let page = anna
                .refused("reminders", id, &[("in", "other"), ("note", "важное"), ("date", date), ("time", time)])
                .await;
            assert!(page.text(".ahead [role=alert]").contains("день и время"), "{date}");
            assert_eq!(page.attribute(".ahead input[name=note]", "value"), "важное");
        }
        let page = anna.refused("reminders", id, &[("in", "tomorrow"), ("responsible", "99"), ("date", "")]).await;
        assert!(page.text(".ahead [role=alert]").contains("Такого сотрудника нет"));
        let faults = store::check::check(&office.server.db, &registry(&office).await).await.expect("a check");
        assert_eq!(faults, Vec::<String>::new());
    }
}

/// What a reminder's record holds.
async fn held(office: &Office, id: i64, key: &str) -> domain::fields::Value {
    let registry = registry(office).await;
    let section = registry.section(&app::reminders::KEY.into()).expect("reminders");
    let mut conn = office.server.db.read().await.expect("a connection");
    let record = store::record::load(&mut conn, section, id).await.expect("an answer").expect("a reminder");
    record.value(&key.into()).clone()
}

/// Monday at nine, every week; the 31st, every month.
#[tokio::test(flavor = "multi_thread")]
async fn an_occurrence_is_not_its_series() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let id = anna.client(&[("name", "Ромашка")]).await;
        let weekly = [("in", "other"), ("date", "2030-01-07"), ("time", "09:00"), ("repeats", "2"), ("note", "сводка")];
        anna.did("reminders", id, &weekly).await;
        // In Moscow, three hours before Greenwich.
        let when = |date: &str, hour: i64| {
            let day = domain::moment::Date::parse(date).expect("a day").days();
            domain::fields::Value::Instant(day * domain::moment::DAY_MS + (hour - 3) * 3_600_000)
        };
        // This Monday's one is put off to Tuesday evening; the next is on Monday all the same.
        let put_off = [("in", "other"), ("date", "2030-01-08"), ("time", "20:00"), ("_version", "1")];
        anna.did("reminders/1", id, &put_off).await;
        assert_eq!(held(&office, 1, "when").await, when("2030-01-08", 20));
        anna.did("reminders/1", id, &[("done", "1"), ("_version", "2")]).await;
        assert_eq!(held(&office, 2, "when").await, when("2030-01-14", 9));
        assert_eq!(anna.get("/reminders?done.filled=1").await.rows(), [1]);
        // All that follow are put off when that is what was said.
        let all = [("in", "series"), ("date", "2030-01-15"), ("time", "10:00"), ("_version", "1")];
        anna.did("reminders/2", id, &all).await;
        anna.did("reminders/2", id, &[("done", "1"), ("_version", "2")]).await;
        assert_eq!(held(&office, 3, "when").await, when("2030-01-22", 10));
        // The tick is taken back as a whole: the next one goes away with it.
        let undo = [("_key", "back")];
        let seq =
            anna.get("/reminders/2?tab=history").await.attribute("form[action$='/undo'] input[name=seq]", "value");
        let page = anna.post("/reminders/2/undo", &[&undo[..], &[("seq", seq.as_str())]].concat()).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        assert_eq!(anna.get("/reminders?done.empty=1").await.rows(), [2]);
        let monthly = [("in", "other"), ("date", "2030-01-31"), ("time", "09:00"), ("repeats", "3")];
        anna.did("reminders", id, &monthly).await;
        anna.did("reminders/4", id, &[("done", "1"), ("_version", "1")]).await;
        assert_eq!(held(&office, 5, "when").await, when("2030-02-28", 9));
        anna.did("reminders/5", id, &[("done", "1"), ("_version", "1")]).await;
        assert_eq!(held(&office, 6, "when").await, when("2030-03-31", 9), "the 31st comes again");
        // Whom it was with is deleted by now: the next one goes on without.
        anna.did("contacts", id, &[("name", "Мария Зимина")]).await;
        let with = [("in", "other"), ("date", "2030-05-06"), ("time", "09:00"), ("repeats", "2"), ("contact", "1")];
        anna.did("reminders", id, &with).await;
        anna.post("/contacts/1/trash", &[("_key", "gone")]).await;
        anna.did("reminders/7", id, &[("done", "1"), ("_version", "1")]).await;
        assert_eq!(held(&office, 8, "when").await, when("2030-05-13", 9));
        // A series that began years ago goes on.
        let old = [("in", "other"), ("date", "2001-01-31"), ("time", "09:00"), ("repeats", "3")];
        anna.did("reminders", id, &old).await;
        anna.did("reminders/9", id, &[("done", "1"), ("_version", "1")]).await;
        assert_eq!(held(&office, 10, "repeats").await, domain::fields::Value::Integer(3));
        let faults = store::check::check(&office.server.db, &registry(&office).await).await.expect("a check");
        assert_eq!(faults, Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_noted_talk_finishes_the_reminder_that_it_was_for() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let (id, other) = (anna.client(&[("name", "Ромашка")]).await, anna.client(&[("name", "Маяк")]).await);
        for client in [id, other] {
            let late = [("in", "other"), ("date", "2020-01-31"), ("time", "09:00"), ("note", "новый счёт")];
            anna.did("reminders", client, &late).await;
        }
        let card = anna.card(id).await;
        assert_eq!(card.attribute(".composer input[name=finish]", "value"), "1");
        assert!(card.text(".composer .of-talk").contains("Позвонить: новый счёт"));
        let call = |finish: &'static str| [("kind", "2"), ("answered", "1"), ("text", "Согласны"), ("finish", finish)];
        // Another client's reminder, or one that is not there, is nothing that this talk was for.
        for finish in ["2", "99", "x"] {
            anna.form("notes", id, &call(finish)).await;
        }
        // An attempt is no talk.
        let attempt = [("kind", "2"), ("answered", "0"), ("text", ""), ("finish", "1")];
        anna.form("notes", id, &attempt).await;
        assert_eq!(anna.get("/reminders?done.empty=1").await.rows(), [2, 1]);
        anna.form("notes", id, &call("1")).await;
        assert_eq!(anna.get("/reminders?done.empty=1").await.rows(), [2]);
        assert!(!anna.card(id).await.has(".composer input[name=finish]"), "nothing is due any more");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_a_client_in_the_trash_rests_with_it() {
    for office in Office::both().await {
        let (mut anna, mut owner) = (office.anna().await, office.browser("owner").await);
        let id = anna.client(&[("name", "Ромашка")]).await;
        let late = [("in", "other"), ("date", "2020-01-31"), ("time", "09:00"), ("note", "новый счёт")];
        anna.did("reminders", id, &late).await;
        owner.form("notes", id, &[("kind", "1"), ("text", "@Анна Крылова, посмотри")]).await;
        let seen = async |anna: &mut Browser| {
            let day = anna.get("/today").await;
            let counted = anna.call("count_today", json!({})).await.body;
            (day.texts(".day-line").len(), counted, anna.get("/reminders?done.empty=1").await.rows())
        };
        let before = seen(&mut anna).await;
        assert_eq!((before.0, before.2.as_slice()), (2, [1].as_slice()), "{}", before.1);
        anna.post(&format!("/clients/{id}/trash"), &[("_key", "t")]).await;
        let (lines, counted, rows) = seen(&mut anna).await;
        assert_eq!((lines, rows.len()), (0, 0));
        assert_eq!(counted, r#"{"today":0,"overdue":0,"mentions":0}"#, "a counter is what can be seen");
        anna.post(&format!("/clients/{id}/restore"), &[("_key", "r")]).await;
        assert_eq!(seen(&mut anna).await, before, "and comes back with it");
    }
}

async fn registry(office: &Office) -> domain::fields::Registry {
    let mut conn = office.server.db.read().await.expect("a connection");
    store::registry::load(&mut conn, &app::sections::registry()).await.expect("a registry").uncut()
}

/// Moves everything that was said and planned into the past.
async fn age(office: &Office, days: i64) {
    let ms = days * domain::moment::DAY_MS;
    office
        .server
        .db
        .write(move |conn| {
            Box::pin(async move {
                conn.execute("UPDATE notes SET at = at - $1", store::values![ms]).await?;
                conn.execute("UPDATE reminders SET due = due - $1", store::values![ms]).await?;
                conn.execute(
                    "UPDATE clients SET last_touch = last_touch - $1, next_reminder = next_reminder - $1",
                    store::values![ms],
                )
                .await?;
                Ok::<_, store::Error>(())
            })
        })
        .await
        .expect("aged");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_silent_the_unplanned_and_the_overdue_are_lists_with_counts() {
    for office in Office::both().await {
        let (mut anna, mut dima) = (office.anna().await, office.browser("dima").await);
        let silent = anna.client(&[("name", "Ромашка")]).await;
        let frequent = anna.client(&[("name", "Маяк"), ("rhythm", "14")]).await;
        let rare = anna.client(&[("name", "Полюс"), ("rhythm", "90")]).await;
        let untouched = anna.client(&[("name", "Новый")]).await;
        for id in [silent, frequent, rare] {
            anna.did("notes", id, &[("kind", "2"), ("text", "Вернёмся осенью")]).await;
        }
        let dimas = dima.client(&[("name", "Чужой")]).await;
        dima.did("notes", dimas, &[("kind", "3"), ("text", "Показали образцы")]).await;
        age(&office, 41).await;
        anna.did("reminders", silent, &[("in", "hour"), ("note", "узнать решение")]).await;
        let tabs = |page: &Page| page.texts(".views > a");
        let all = anna.get("/clients").await;
        assert_eq!(tabs(&all), ["Клиенты 5", "Давно не общались 3", "Без напоминания 3", "Просрочено 0"]);
        let mine = anna.get("/clients?responsible=me").await;
        assert_eq!(tabs(&mine), ["Клиенты 4", "Давно не общались 2", "Без напоминания 2", "Просрочено 0"]);
        let href = mine.attributes(".views > a", "href")[1].clone();
        let found = anna.get(&href).await;
        assert_eq!(found.rows(), [frequent, silent], "beyond the own rhythm; one without is silent after 30 days");
        assert_eq!(found.texts(".views > a[aria-current]"), ["Давно не общались 2"]);
        assert!(!found.rows().contains(&untouched) && !found.rows().contains(&rare));
        for (days, count) in [("30", 4), ("60", 0), ("40", 4)] {
            assert_eq!(anna.found(&format!("?last_touch.older={days}d")).await.len(), count, "{days}");
        }
        assert_eq!(anna.cell(rare, "last_touch").await, "41 день назад, звонок");
        // Tried yesterday, talked long ago: both are said.
        anna.did("notes", silent, &[("kind", "2"), ("answered", "0"), ("text", "")]).await;
        let hint = anna
            .get("/clients")
            .await
            .attribute(&format!("tr[data-id='{silent}'] td[data-field=last_touch] .event"), "title");
        assert!(hint.contains("сегодня не дозвонились"), "{hint}");
        assert_eq!(anna.cell(silent, "last_touch").await, "41 день назад, звонок");
        assert_eq!(anna.edit(rare, "rhythm", "0").await.status, StatusCode::SEE_OTHER);
        assert_eq!(anna.cell(rare, "rhythm").await, "90", "out of its range: refused");

        // The day: why each stands there, with its last words.
        let today = anna.get("/today").await;
        let parts = today.texts(".day-part h2");
        assert_eq!(parts, ["Сегодня 1", "Давно не общались 2", "Ничего не запланировано 2"]);
        let lines = today.texts(".day-line");
        assert!(lines[0].contains("Ромашка · Позвонить: узнать решение"), "{lines:?}");
        assert!(lines[1].contains("41 день, обычно раз в") && lines[1].contains("«Вернёмся осенью»"), "{lines:?}");
        assert!(lines.iter().any(|line| line.contains("звонок 41 день назад, нет следующего шага")));
        assert!(!today.body.contains("Чужой"));
        assert_eq!(today.text("a[href='/today'] .count"), "1");
        // Overdue since yesterday.
        age(&office, 1).await;
        let today = anna.get("/today").await;
        assert_eq!(today.texts(".day-part h2")[0], "Просрочено 1");
        assert_eq!(today.text("a[href='/reminders'] .count"), "1");
        assert_eq!(tabs(&anna.get("/clients").await)[3], "Просрочено 1");
        // Ticked on the page itself.
        let form = today.attribute(".day-line form", "action");
        let version = today.attribute(".day-line form input[name=_version]", "value");
        let page = anna.post(&form, &[("done", "1"), ("_version", &version), ("_back", "/today"), ("_key", "d")]).await;
        assert_eq!(page.location.as_deref(), Some("/today"));
        assert!(!anna.get("/today").await.texts(".day-part h2").contains(&"Просрочено 1".to_string()));
        // A client beside the day, in the address.
        let beside = anna.get(&format!("/today?peek={silent}")).await;
        assert_eq!(beside.text(".peek h2"), "Ромашка");
        assert!(beside.has(".peek .composer") && beside.has(".peek .next") && beside.has(".peek .contacts"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_anothers_clients_is_seen_or_written() {
    for office in Office::both().await {
        let (mut anna, mut owner) = (office.anna().await, office.browser("owner").await);
        let own = anna.client(&[("name", "Своя")]).await;
        let secret = owner.client(&[("name", "Чужая тайна")]).await;
        owner.did("contacts", secret, &[("name", "Тайный Контакт"), ("phones", "89990001122")]).await;
        owner.did("notes", secret, &[("kind", "1"), ("text", "Тайное слово, @Анна Крылова")]).await;
        owner.did("reminders", secret, &[("in", "tomorrow"), ("note", "тайное дело"), ("responsible", "2")]).await;
        office.limit("anna", json!({"own_records_only": true})).await;
        let before = office.changes().await;
        for path in [
            "/contacts",
            "/reminders",
            "/mentions",
            "/today",
            "/clients",
            &format!("/clients/{own}"),
            &format!("/today?peek={secret}"),
            &format!("/clients?peek={secret}"),
            "/trash",
        ] {
            let page = anna.get(path).await;
            for hidden in ["Тайн", "тайн", "89990001122", "999 000-11-22"] {
                assert!(!page.body.contains(hidden), "{path}: {hidden}");
            }
        }
        for path in ["/contacts/1", "/reminders/1", &format!("/clients/{secret}")] {
            assert_eq!(anna.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        for (call, body) in [
            ("contacts", json!({"of": secret, "draft": null})),
            ("reminders", json!({"of": {"section": "clients", "id": secret}})),
            (
                "stream",
                json!({"wish": {"of": {"section": "clients", "id": secret}, "show": null, "before": null, "latest": false}}),
            ),
        ] {
            let page = anna.call(call, body).await;
            assert!(!page.body.contains("айн"), "{call}: {}", page.body);
        }
        let id = secret.to_string();
        for (path, fields) in [
            ("/notes", vec![("client", id.as_str()), ("kind", "1"), ("text", "x")]),
            ("/reminders", vec![("client", id.as_str()), ("in", "hour")]),
            ("/contacts", vec![("clients", id.as_str()), ("name", "x"), ("phones", "89990001133")]),
            ("/notes/1", vec![("pinned", "1"), ("_version", "1")]),
            ("/reminders/1", vec![("done", "1"), ("_version", "1")]),
            ("/contacts/1", vec![("note", "x"), ("_version", "1")]),
            ("/contacts/1/trash", vec![]),
            ("/notes/1/trash", vec![]),
            ("/mentions/1", vec![]),
        ] {
            let mut fields = fields;
            fields.extend([("_back", "/today"), ("_key", path)]);
            let page = anna.post(path, &fields).await;
            assert_ne!(page.location.as_deref(), Some("/today"), "{path}");
        }
        assert_eq!(office.changes().await, before);
        let card = owner.card(secret).await;
        assert_eq!(
            (card.texts("#contacts"), card.texts("#reminders")),
            (vec!["Контакты 1".into()], vec!["Напоминания 1".into()])
        );
        assert_eq!(card.texts(".bubble").len(), 1);
        // An address of another site is no page to come back to.
        let page =
            owner.post("/notes", &[("client", "1"), ("kind", "1"), ("text", "x"), ("_back", "//evil.example")]).await;
        assert!(!page.location.unwrap_or_default().contains("evil"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_switched_off_leaves_no_trace() {
    for office in Office::both().await {
        let mut owner = office.browser("owner").await;
        let id = owner.client(&[("name", "Ромашка")]).await;
        owner.did("contacts", id, &[("name", "Зимина Ольга"), ("phones", "89162401108")]).await;
        owner.did("notes", id, &[("kind", "2"), ("text", "Договорились"), ("contact", "1")]).await;
        owner.did("reminders", id, &[("in", "tomorrow"), ("contact", "1")]).await;
        let traces: [(&str, &[&str]); 3] = [
            ("reminders", &["Напомина", "напомина", "Дальше", "Просрочено", "Завтра в 10:00", "reminders"]),
            ("contacts", &["Контакт", "Зимина", "С кем", "9162401108", "/contacts"]),
            ("notes", &["Общались", "Записать", "Упоминания", "Договорились", "Общаться раз", "/notes"]),
        ];
        for (feature, words) in traces {
            assert!(owner.call("switch_feature", json!({"feature": feature, "on": false})).await.status.is_success());
            tokio::time::sleep(std::time::Duration::from_millis(600)).await;
            for path in ["/clients", &format!("/clients/{id}"), "/today", &format!("/clients?peek={id}"), "/settings"] {
                let page = owner.get(path).await;
                assert_eq!(page.status, StatusCode::OK, "{path}");
                for word in words {
                    assert!(!page.body.contains(word), "{feature} off, {path}: {word}");
                }
            }
            assert_eq!(owner.get(&format!("/{feature}")).await.status, StatusCode::NOT_FOUND);
            let post = owner.post(&format!("/{feature}"), &[("name", "x"), ("_key", feature)]).await;
            assert_eq!(post.status, StatusCode::NOT_FOUND);
        }
        // On again: everything is where it was.
        for (feature, _) in traces {
            assert!(owner.call("switch_feature", json!({"feature": feature, "on": true})).await.status.is_success());
        }
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        let card = owner.card(id).await;
        assert_eq!(
            (card.texts(".person-name"), card.texts(".bubble")),
            (vec!["Зимина Ольга".into()], vec!["Договорились".into()])
        );
        assert!(card.text(".next").contains("завтра 10:00"));
        let faults = store::check::check(&office.server.db, &registry(&office).await).await.expect("a check");
        assert_eq!(faults, Vec::<String>::new());
    }
}

static NOW: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);

/// A day without an hour is that day for whoever reads it, and is over when that day is over there.
#[tokio::test(flavor = "multi_thread")]
async fn a_day_without_an_hour_is_that_day_in_every_zone() {
    use std::sync::atomic::Ordering;
    const HOUR_MS: i64 = 3_600_000;
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let mut dima = office.browser("dima").await;
        for (browser, zone) in [(&mut anna, "Europe/Moscow"), (&mut dima, "Asia/Vladivostok")] {
            let page = browser.post("/settings", &[("lang", "ru"), ("theme", "light"), ("zone", zone)]).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER);
        }
        let id = anna.client(&[("name", "Ромашка"), ("responsible", "3")]).await;
        let midnight = (crate::office::now() / domain::moment::DAY_MS + 3) * domain::moment::DAY_MS;
        let date = domain::moment::Date::from_days(midnight / domain::moment::DAY_MS).iso();
        for whom in ["2", "3"] {
            anna.did("reminders", id, &[("date", &date), ("in", "other"), ("note", "счёт"), ("responsible", whom)])
                .await;
        }
        let later = office.with_clock(|| NOW.load(Ordering::Relaxed));
        // Midnight UTC is three in the morning in Moscow and ten in Vladivostok.
        let seen = async |login: &str, hours: i64| {
            NOW.store(midnight + hours * HOUR_MS, Ordering::Relaxed);
            let mut browser = later.browser(login).await;
            let today = browser.get("/today").await;
            let lists = [
                format!("when={date}"),
                "when.older=0d".to_string(),
                "when.newer=0d".into(),
                format!("when.not={date}"),
            ];
            let mut found = Vec::new();
            for list in lists {
                found.push(browser.get(&format!("/reminders?responsible=me&{list}")).await.rows().len());
            }
            let client = browser.get("/clients?next_reminder.older=0d").await.rows().len();
            (today.texts(".day-line .chip.d"), found, client)
        };
        let open = |chip: &str| (vec![chip.to_string()], vec![1, 0, 1, 0], 0);
        let over = |chip: &str| (vec![chip.to_string()], vec![1, 1, 0, 0], 1);
        assert_eq!(seen("dima", 1).await, open("до конца дня"), "eleven in the morning there");
        assert_eq!(seen("anna", 1).await, open("до конца дня"), "four in the morning here");
        assert_eq!(seen("dima", 13).await, open("до конца дня"), "eleven in the evening");
        assert_eq!(seen("dima", 15).await, over("просрочено 1 день"), "the next day there");
        assert_eq!(seen("anna", 15).await, open("до конца дня"), "and still that day here");
        assert_eq!(seen("anna", 22).await, over("просрочено 1 день"));

        // Whoever moves to another zone has the same day.
        NOW.store(midnight + 15 * HOUR_MS, Ordering::Relaxed);
        let mut dima = later.browser("dima").await;
        dima.post("/settings", &[("lang", "ru"), ("theme", "light"), ("zone", "Europe/Moscow")]).await;
        assert_eq!(seen("dima", 15).await, open("до конца дня"));
    }
}

/// What only the system needs is no column, no filter and no order.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_internal_is_in_no_list() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let page = anna.get("/reminders?wall=2026&zone.empty=1&sort=wall&cols=number,wall").await;
        assert_eq!(page.attributes("[data-dropped]", "data-dropped"), ["wall", "zone.empty", "sort", "cols"]);
        assert!(!page.has("th [href*='sort=wall']"));
    }
}
