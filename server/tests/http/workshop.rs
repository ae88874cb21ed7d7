//! The proof: sections and fields that the owner makes at run time get everything that clients have, and
//! switched off they leave no trace. R2, R24–R28.

use axum::http::StatusCode;
use serde_json::{Value as Json, json};

use crate::office::{Browser, Office};

impl Browser {
    /// What the owner's screens make; gives its key.
    async fn made(&mut self, name: &str, body: Json) -> String {
        let page = self.call(name, body).await;
        assert_eq!(page.status, StatusCode::OK, "{name}: {}", page.body);
        serde_json::from_str(&page.body).expect("a key")
    }

    /// Presses the plus of any section and sets values; gives the number.
    async fn record(&mut self, section: &str, values: &[(&str, &str)]) -> i64 {
        let key = store::draft::random_id().expect("random");
        let page = self.post(&format!("/{section}"), &[("_key", &key)]).await;
        let path = page.location.expect("a new record");
        let id = path.trim_start_matches(&format!("/{section}/")).split('?').next().and_then(|id| id.parse().ok());
        let id: i64 = id.unwrap_or_else(|| panic!("{path}"));
        for (field, typed) in values {
            let form = self.get(&format!("/{section}/{id}?edit={field}")).await.form_with(field);
            let mut fields: Vec<(&str, &str)> =
                form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            fields.push((field, typed));
            let page = self.post(&format!("/{section}/{id}"), &fields).await;
            assert_eq!(page.location.as_deref(), Some(format!("/{section}/{id}").as_str()), "{field}: {}", page.body);
        }
        id
    }
}

fn label(ru: &str, en: &str) -> Json {
    json!({"ru": ru, "en": en})
}

fn machines() -> Json {
    json!({"forms": {
        "one": label("Станок", "Machine"),
        "many": label("Станки", "Machines"),
        "few": label("станка", "machines"),
        "of_many": label("станков", "machines"),
    }})
}

fn wish(section: &str, ru: &str, kind: &str, choices: &[&str], target: Option<&str>) -> Json {
    let choices: Vec<Json> = choices.iter().map(|name| label(name, name)).collect();
    json!({"wish": {"section": section, "label": label(ru, ru), "kind": kind, "choices": choices, "target": target}})
}

fn change(section: &str, field: &str, change: Json) -> Json {
    json!({"section": section, "field": field, "change": change, "key": "a key"})
}

/// A request that comes after the registry has been looked at again.
pub async fn noticed() {
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_section_made_at_run_time_has_everything_and_switched_off_leaves_no_trace() {
    for office in Office::both().await {
        let mut owner = office.browser("owner").await;
        let mut anna = office.anna().await;
        let client = anna.client(&[("name", "ООО «Маяк»")]).await;

        // Only an admin makes sections, and nothing is left of an attempt.
        let page = anna.call("make_section", machines()).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        let section = owner.made("make_section", machines()).await;
        assert_eq!(section, "s1");
        let page = anna.call("make_field", wish(&section, "Цена", "Money", &[], None)).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);

        // Fields of six kinds, one of them a reference to clients.
        let price = owner.made("make_field", wish(&section, "Цена", "Money", &[], None)).await;
        let bought = owner.made("make_field", wish(&section, "Куплен", "Date", &[], None)).await;
        let state =
            owner.made("make_field", wish(&section, "Состояние", "Choice", &["новый", "в ремонте"], None)).await;
        let works = owner.made("make_field", wish(&section, "Работает", "YesNo", &[], None)).await;
        let note = owner.made("make_field", wish(&section, "Описание", "LongText", &[], None)).await;
        let whose = owner.made("make_field", wish(&section, "Чей", "Reference", &[], Some("clients"))).await;
        assert_eq!(whose, "f6");
        noticed().await;

        // A page with its table, found in the rail.
        let page = anna.get("/s1").await;
        assert_eq!((page.status, page.text("h1").as_str()), (StatusCode::OK, "Станки"));
        assert!(page.texts(".rail a").contains(&"Станки".to_string()));
        assert_eq!(page.text("form.plus"), "Станок");
        let picker: Vec<String> = page.attributes(".pop input[type=checkbox]", "value");
        for key in ["number", "name", "responsible", "f1", "f2", "f3", "f4", "f5", "f6"] {
            assert!(picker.contains(&key.to_string()), "{key}");
        }

        // The card: every kind is edited, refused where wrong, and shown.
        let values = [
            ("name", "ЧПУ-5"),
            (price.as_str(), "1 248 300,50"),
            (bought.as_str(), "2026-06-01"),
            (state.as_str(), "2"),
            (works.as_str(), "1"),
            (note.as_str(), "строка\nещё <b>строка</b>"),
            (whose.as_str(), &client.to_string()),
        ];
        let id = anna.record("s1", &values).await;
        let other = anna.record("s1", &[(price.as_str(), "500")]).await;
        let card = anna.get(&format!("/s1/{id}")).await;
        assert_eq!(card.text("h1"), "ЧПУ-5");
        assert_eq!(card.text(&format!("dd[data-field={price}]")), "1 248 300,50 ₽");
        assert_eq!(card.text(&format!("dd[data-field={bought}]")), "1 июня 2026");
        assert_eq!(card.text(&format!("dd[data-field={state}]")), "в ремонте");
        assert_eq!(card.text(&format!("dd[data-field={works}]")), "да");
        assert_eq!(card.text(&format!("dd[data-field={note}]")), "строка ещё <b>строка</b>");
        assert_eq!(card.text(&format!("dd[data-field={whose}]")), "ООО «Маяк»");
        assert_eq!(card.attribute(&format!("dd[data-field={whose}] a.l"), "href"), format!("/clients/{client}"));
        for (field, typed, says) in [
            (&price, "много", "Здесь нужна сумма"),
            (&bought, "31.06.2026", "Здесь нужна дата"),
            (&state, "3", "Такого значения в списке нет"),
            (&works, "может", "«да» или «нет»"),
            (&whose, "999", "Такой записи нет"),
        ] {
            let form = anna.get(&format!("/s1/{id}?edit={field}")).await.form_with(field);
            let mut fields: Vec<(&str, &str)> =
                form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            fields.push((field, typed));
            let page = anna.post(&format!("/s1/{id}"), &fields).await;
            let page = anna.get(&page.location.unwrap_or_default()).await;
            assert!(page.text(".hint").contains(says), "{field}: {}", page.text(".hint"));
        }
        assert_eq!(anna.get(&format!("/s1/{other}")).await.text("h1"), format!("Станок № {other}"));

        // Filters, sort and columns.
        for (query, found) in [
            (format!("?{price}=1000.."), vec![id]),
            (format!("?{price}=..1000"), vec![other]),
            (format!("?{price}.not=1000.."), vec![other]),
            (format!("?{bought}=2026-06-01..2026-06-30"), vec![id]),
            (format!("?{bought}.empty=1"), vec![other]),
            (format!("?{state}=2"), vec![id]),
            (format!("?{state}.not=2"), vec![other]),
            (format!("?{works}=да"), vec![id]),
            (format!("?{note}=ЕЩЁ"), vec![id]),
            (format!("?{whose}={client}"), vec![id]),
            (format!("?a.{state}=2&a.{price}=500"), vec![other, id]),
            (format!("?sort={price}"), vec![other, id]),
            (format!("?sort=-{price}"), vec![id, other]),
            ("?name=станок".into(), vec![other]),
            ("?name=2".into(), vec![other]),
        ] {
            let spelled = domain::list::encode(&domain::list::pairs(query.trim_start_matches('?')));
            assert_eq!(anna.get(&format!("/s1{spelled}")).await.rows(), found, "{query}");
        }
        let page = anna.get(&format!("/s1?cols=number,name,{price},{whose}")).await;
        assert_eq!(page.attributes("th[data-field]", "data-field"), ["number", "name", price.as_str(), whose.as_str()]);
        assert_eq!(page.text(&format!("tr[data-id='{id}'] td[data-field={whose}]")), "ООО «Маяк»");

        // History and undo.
        let history = anna.get(&format!("/s1/{id}?tab=history")).await;
        assert!(
            history.texts(".ev .sys").contains(&"Цена: добавлено 1 248 300,50 ₽".to_string()),
            "{:?}",
            history.texts(".ev .sys")
        );
        let seq = history.attribute(".ev", "data-change");
        anna.post(&format!("/s1/{id}/undo"), &[("seq", &seq), ("_key", "undo the reference")]).await;
        assert_eq!(anna.get(&format!("/s1/{id}")).await.text(&format!("dd[data-field={whose}]")), "—");
        let seq = anna.get(&format!("/s1/{id}?tab=history")).await.attribute(".ev", "data-change");
        anna.post(&format!("/s1/{id}/undo"), &[("seq", &seq), ("_key", "undo the undo")]).await;

        // Its panel on the client's card.
        let card = anna.get(&format!("/clients/{client}")).await;
        assert_eq!(card.text(&format!("[data-panel={whose}] h2")), "Станки 1");
        assert_eq!(card.text(&format!("[data-panel={whose}] li")), "ЧПУ-5");
        assert_eq!(card.attribute(&format!("[data-panel={whose}] h2 a"), "href"), format!("/s1?{whose}={client}"));

        // Switched off: not by a manager; then nowhere.
        assert_eq!(
            anna.call("switch_section", json!({"section": "s1", "on": false})).await.status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(anna.get("/s1").await.status, StatusCode::OK);
        assert_eq!(owner.call("switch_section", json!({"section": "s1", "on": false})).await.status, StatusCode::OK);
        noticed().await;
        for path in [
            "/clients",
            &format!("/clients/{client}"),
            &format!("/clients/{client}?tab=history"),
            "/trash",
            "/settings",
        ] {
            for browser in [&mut anna, &mut owner] {
                let page = browser.get(path).await;
                assert_eq!(page.status, StatusCode::OK);
                for trace in
                    ["Станки", "Станок", "станка", "\"s1\"", "/s1\"", "/s1/", "ЧПУ-5", "Состояние", "data-panel"]
                {
                    assert!(!page.body.contains(trace), "{path}: {trace}");
                }
            }
        }
        for path in ["/s1", &format!("/s1/{id}"), &format!("/s1/{id}?tab=history"), &format!("/s1?{price}=1..")] {
            assert_eq!(anna.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(anna.post("/s1", &[("_key", "late")]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(anna.call("list", json!({"section": "s1", "query": ""})).await.status, StatusCode::NOT_FOUND);

        // On again, everything is there.
        assert_eq!(owner.call("switch_section", json!({"section": "s1", "on": true})).await.status, StatusCode::OK);
        noticed().await;
        assert_eq!(anna.get("/s1").await.rows(), [other, id]);
        assert_eq!(anna.get(&format!("/clients/{client}")).await.text(&format!("[data-panel={whose}] li")), "ЧПУ-5");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_added_to_clients_while_twenty_write() {
    for office in Office::both().await {
        let mut owner = office.browser("owner").await;
        let anna = office.anna().await;
        let writers = (0..20).map(|_| {
            let mut browser = anna.clone();
            tokio::spawn(async move {
                for _ in 0..5 {
                    let id = browser.create().await;
                    let edit = json!({"edit": {"section": "clients", "id": id, "version": 1, "field": "phone",
                        "key": format!("phone-{id}"), "typed": "8 912 345-67-89", "accept": false}});
                    let saved = browser.call("save", edit).await;
                    assert_eq!(saved.status, StatusCode::OK, "{}", saved.body);
                    assert_eq!(browser.get("/clients?phone=345").await.status, StatusCode::OK);
                }
            })
        });
        let writers: Vec<_> = writers.collect();
        let mut keys = Vec::new();
        for name in ["Скидка", "Гарантия", "Источник"] {
            let kind = if name == "Скидка" { "Integer" } else { "Text" };
            keys.push(owner.made("make_field", wish("clients", name, kind, &[], None)).await);
        }
        for writer in writers {
            writer.await.expect("nobody was disturbed");
        }
        noticed().await;
        let mut anna = anna;
        assert_eq!(anna.get("/clients?sort=number").await.text(".position"), "1–50 из 100");
        let id = anna.client(&[("f1", "15"), ("f2", "№ 7 от 1 мая")]).await;
        assert_eq!(anna.found("?f1=15").await, [id]);
        assert_eq!(anna.found("?f2=мая".replace("мая", "%D0%BC%D0%B0%D1%8F").as_str()).await, [id]);
        assert_eq!(anna.get(&format!("/clients/{id}")).await.text("dd[data-field=f1]"), "15");
        // Off: no column, no filter, no value, no line in the history.
        assert_eq!(owner.call("switch_field", json!({"field": "f2", "on": false})).await.status, StatusCode::OK);
        noticed().await;
        for path in [
            "/clients",
            &format!("/clients/{id}"),
            &format!("/clients/{id}?tab=history"),
            &format!("/clients/{id}?edit=f2"),
        ] {
            let page = anna.get(path).await;
            assert!(!page.body.contains("Гарантия") && !page.body.contains("от 1 мая"), "{path}");
            assert!(!page.has("[data-field=f2]"), "{path}");
        }
        let old = anna.get("/clients?f2=%D0%BC%D0%B0%D1%8F&sort=f2&cols=number,f2").await;
        assert_eq!(old.status, StatusCode::OK);
        assert_eq!(old.attributes("[data-dropped]", "data-dropped"), ["f2", "sort", "cols"]);
        let page = anna.post(&format!("/clients/{id}"), &[("f2", "тайком"), ("_version", "9"), ("_key", "f2")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(owner.call("switch_field", json!({"field": "f2", "on": true})).await.status, StatusCode::OK);
        noticed().await;
        assert_eq!(anna.get(&format!("/clients/{id}")).await.text("dd[data-field=f2]"), "№ 7 от 1 мая");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declaration_that_cannot_be_is_refused_in_words() {
    for office in Office::both().await {
        let mut owner = office.browser("owner").await;
        let long = "я".repeat(61);
        for (call, body) in [
            ("make_field", wish("clients", "", "Text", &[], None)),
            ("make_field", wish("clients", &long, "Text", &[], None)),
            ("make_field", wish("clients", "Без значений", "Choice", &[], None)),
            ("make_field", wish("clients", "Лишние значения", "Text", &["a"], None)),
            ("make_field", wish("clients", "Никуда", "Reference", &[], None)),
            ("make_field", wish("clients", "Никуда и много", "References", &[], None)),
            ("make_field", wish("clients", "Лишняя цель", "Text", &[], Some("clients"))),
            ("make_field", wish("clients", "Такого нет", "Colour", &[], None)),
            ("make_field", wish("clients", "Мгновение", "Instant", &[], None)),
            ("change_field", change("clients", "phone", json!({"label": label("", "")}))),
            ("change_field", change("clients", "number", json!({"required": true}))),
            ("change_field", change("clients", "segment", json!({"choices": []}))),
            (
                "make_section",
                json!({"forms": {"one": label("", ""), "many": label("", ""), "few": label("", ""), "of_many": label("", "")}}),
            ),
        ] {
            let page = owner.call(call, body.clone()).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {}", page.body);
        }
        for (call, body) in [
            ("make_field", wish("nothing", "Поле", "Text", &[], None)),
            ("make_field", wish("clients", "Поле", "Reference", &[], Some("nothing"))),
            ("make_field", wish("clients", "Поле", "References", &[], Some("nothing"))),
            ("change_field", change("clients", "wings", json!({"hidden": true}))),
            ("change_field", change("nothing", "name", json!({"hidden": true}))),
            ("undo_declaration", json!({"seq": 99_999, "key": "k"})),
            ("switch_field", json!({"field": "name", "on": false})),
            ("switch_field", json!({"field": "f99", "on": false})),
            ("switch_section", json!({"section": "clients", "on": false})),
            ("switch_section", json!({"section": "s1; DROP TABLE clients", "on": false})),
            ("switch_feature", json!({"feature": "gravity", "on": true})),
        ] {
            let page = owner.call(call, body.clone()).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{body}: {}", page.body);
        }
        let page = owner.get("/clients").await;
        assert!(!page.body.contains("Поле") && !page.has("[value=f1]"), "nothing was made");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_renamed_to_partners_are_partners_everywhere() {
    for office in Office::both().await {
        let mut owner = office.browser("owner").await;
        let id = owner.create().await;
        let forms = json!({"section": "clients", "forms": {
            "one": label("Партнёр", "Partner"),
            "many": label("Партнёры", "Partners"),
            "few": label("партнёра", "partners"),
            "of_many": label("партнёров", "partners"),
        }});
        let mut anna = office.anna().await;
        assert_eq!(anna.call("rename_section", forms.clone()).await.status, StatusCode::FORBIDDEN);
        assert_eq!(owner.call("rename_section", forms).await.status, StatusCode::OK);
        noticed().await;
        let list = anna.get("/clients").await;
        assert_eq!(list.text("h1"), "Партнёры");
        assert_eq!(list.text("title"), "Партнёры · Клиентура");
        assert_eq!(list.text("form.plus"), "Партнёр");
        assert!(list.texts(".rail a").contains(&"Партнёры".to_string()));
        assert_eq!(list.text("td[data-field=name]"), format!("Партнёр № {id}"));
        assert_eq!(
            anna.found("?name=%D0%BF%D0%B0%D1%80%D1%82%D0%BD%D1%91%D1%80+1").await,
            [id],
            "found by its new word"
        );
        let key = store::draft::random_id().expect("random");
        anna.post(&format!("/clients/{id}/trash"), &[("_key", &key)]).await;
        for path in [
            "/clients",
            &format!("/clients/{id}"),
            &format!("/clients/{id}?tab=history"),
            "/trash",
            "/clients?name=zzz&responsible=me",
            "/clients/999",
        ] {
            let page = anna.get(path).await;
            let texts = ["main", "title", "nav"].map(|place| page.texts(place)).concat();
            let labels = page.attributes("[aria-label]", "aria-label");
            assert!(texts.len() >= 3 && !labels.is_empty(), "{path}");
            for word in texts.into_iter().chain(labels) {
                let lower = word.to_lowercase().replace("клиентура", "");
                assert!(!lower.contains("клиент"), "{path}: {word}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seeded_base_has_the_silent_and_those_never_talked_to() {
    for office in Office::both().await {
        let mut owner = office.browser("owner").await;
        let id = owner.create().await;
        server::demo::fill(&office.base.db, 100, 4, crate::office::now(), |_| ()).await.expect("a seeded base");
        let page = owner.get("/clients?last_touch.older=30d&cols=number,name,last_touch,next_reminder").await;
        assert!(!page.rows().is_empty() && page.text(".chip-filter").starts_with("Общались больше 30 дней назад"));
        let mut all = 0;
        for part in ["last_touch.older=30d", "last_touch.empty=1", "last_touch.newer=30d"] {
            let position = owner.get(&format!("/clients?{part}")).await.text(".position");
            let count: i64 = position.split(' ').next_back().and_then(|count| count.parse().ok()).expect("a count");
            assert!(count > 0, "{part}");
            all += count;
        }
        assert_eq!(all, 101);
        // Nobody sets them by hand.
        let page =
            owner.post(&format!("/clients/{id}"), &[("last_touch", "1"), ("_version", "1"), ("_key", "touch")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let mut conn = office.server.db.read().await.expect("a connection");
        let registry = store::registry::load(&mut conn, &app::sections::registry()).await.expect("a registry").uncut();
        drop(conn);
        let faults = store::check::check(&office.server.db, &registry).await.expect("a check");
        assert_eq!(faults, Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_notices_within_a_second() {
    for office in Office::both().await {
        let mut owner = office.browser("owner").await;
        let elsewhere = office.another_process();
        let mut anna = elsewhere.browser("anna").await;
        assert_eq!(anna.get("/s1").await.status, StatusCode::NOT_FOUND);
        owner.made("make_section", machines()).await;
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        assert_eq!(anna.get("/s1").await.status, StatusCode::OK);
        assert_eq!(anna.record("s1", &[("name", "ЧПУ-5")]).await, 1);
        assert_eq!(owner.get("/s1").await.rows(), [1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_has_just_switched_off_is_not_written() {
    for office in Office::both().await {
        let mut owner = office.browser("owner").await;
        let field = owner.made("make_field", wish("clients", "Заметка о складе", "Text", &[], None)).await;
        noticed().await;
        let elsewhere = office.another_process();
        let mut anna = elsewhere.browser("anna").await;
        let id = anna.client(&[("name", "ООО «Маяк»"), (&field, "третьи ворота")]).await;
        let form = anna.get(&format!("/clients/{id}?edit={field}")).await.form_with(&field);
        let mut fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.push((&field, "пятые ворота"));
        // Before the other process can have looked again.
        owner.call("switch_field", json!({"field": field, "on": false})).await;
        let changes = office.changes().await;
        let page = anna.post(&format!("/clients/{id}"), &fields).await;
        assert_ne!(page.location, Some(format!("/clients/{id}")), "{}", page.body);
        assert_eq!(office.changes().await, changes, "nothing was written");
        // What is still there is written without a word.
        let page = anna.edit(id, "address", "Тула").await;
        assert_eq!(page.location, Some(format!("/clients/{id}")));

        // Switched on again, the field has what it had, and is found by it: also after it was changed elsewhere.
        owner.call("switch_field", json!({"field": field, "on": true})).await;
        noticed().await;
        assert_eq!(anna.get(&format!("/clients?{field}=третьи")).await.rows(), [id]);
        assert!(anna.get(&format!("/clients?{field}=пятые")).await.rows().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_built_in_field_is_called_placed_shown_and_required_as_the_owner_says() {
    for office in Office::both().await {
        let mut owner = office.browser("owner").await;
        let mut anna = office.anna().await;
        let id = anna.client(&[("name", "ООО «Маяк»"), ("phone", "8 912 345-67-89"), ("address", "Тула")]).await;
        let columns = anna.get("/clients").await.attributes("th[data-field]", "data-field");
        assert_ne!(columns[2], "phone", "the number and the name come first in any case");
        let wanted = json!({
            "label": label("Мобильный", "Mobile"),
            "place": 1,
            "in_filters": false,
            "on_card": true,
            "required": true,
        });
        let page = anna.call("change_field", change("clients", "phone", wanted.clone())).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        let page = owner.call("change_field", change("clients", "phone", wanted)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let seq: i64 = page.body.parse().expect("a change");
        let hide = change("clients", "address", json!({"hidden": true}));
        assert_eq!(owner.call("change_field", hide).await.status, StatusCode::OK);
        noticed().await;

        // Its name, its place and its filter.
        let list = anna.get("/clients").await;
        assert_eq!(list.attributes("th[data-field]", "data-field")[..3], ["number", "name", "phone"]);
        assert!(list.text("th[data-field=phone]").contains("Мобильный"));
        assert!(!list.has("form.filter-form [name=phone]") && list.has("form.filter-form [name=inn]"));

        // Required: an empty client is made all the same, but what is saved may not be empty.
        let new = anna.create().await;
        assert_eq!(anna.edit(new, "name", "Без телефона").await.location, Some(format!("/clients/{new}")));
        let page = anna.edit(id, "phone", " ").await;
        let card = anna.get(&page.location.expect("the card again")).await;
        assert!(card.text("form .hint").contains("не бывает пустым"), "{}", card.text(".hint"));
        assert!(anna.get(&format!("/clients/{id}")).await.text("dd[data-field=phone]").contains("912"));

        // Hidden: nowhere, and kept.
        let card = anna.get(&format!("/clients/{id}")).await;
        assert!(!card.has("[data-field=address]") && !card.body.contains("Тула"));
        let list = anna.get("/clients?address=тула&cols=number,address").await;
        assert_eq!(list.attributes("[data-dropped]", "data-dropped"), ["address", "cols"]);
        let page = anna.post(&format!("/clients/{id}"), &[("address", "a"), ("_version", "9"), ("_key", "h")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let show = change("clients", "address", json!({"hidden": false}));
        assert_eq!(owner.call("change_field", show).await.status, StatusCode::OK);

        // Taken back, by the owner only.
        let undo = json!({"seq": seq, "key": "undo"});
        assert_eq!(anna.call("undo_declaration", undo.clone()).await.status, StatusCode::FORBIDDEN);
        let page = owner.call("undo_declaration", undo).await;
        assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, "[]"));
        noticed().await;
        let card = anna.get(&format!("/clients/{id}")).await;
        assert_eq!(card.text("dd[data-field=address]"), "Тула");
        assert!(!card.body.contains("Мобильный"));
        assert_eq!(anna.edit(id, "phone", "").await.location, Some(format!("/clients/{id}")), "not required any more");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_of_references_made_at_run_time_has_its_input_its_filter_and_its_panel() {
    for office in Office::both().await {
        let mut owner = office.browser("owner").await;
        let mut anna = office.anna().await;
        let first = anna.client(&[("name", "ООО «Маяк»")]).await;
        let second = anna.client(&[("name", "ООО «Бриз»")]).await;
        owner.made("make_section", machines()).await;
        let users = owner.made("make_field", wish("s1", "Наладчики", "References", &[], Some("users"))).await;
        let whose = owner.made("make_field", wish("s1", "Чьи", "References", &[], Some("clients"))).await;
        noticed().await;
        let id = anna.record("s1", &[("name", "ЧПУ-5"), (&users, "2")]).await;
        let other = anna.record("s1", &[("name", "ЧПУ-6"), (&whose, &second.to_string())]).await;

        // Both in one input; one that is not there is refused.
        let form = anna.get(&format!("/s1/{id}?edit={whose}")).await.form_with(&whose);
        let (one, two) = (first.to_string(), second.to_string());
        let mut fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.extend([(whose.as_str(), one.as_str()), (whose.as_str(), two.as_str())]);
        let page = anna.post(&format!("/s1/{id}"), &fields).await;
        assert_eq!(page.location.as_deref(), Some(format!("/s1/{id}").as_str()), "{}", page.body);
        let card = anna.get(&format!("/s1/{id}")).await;
        let shown = card.text(&format!("dd[data-field={whose}]"));
        assert!(shown.contains("Маяк") && shown.contains("Бриз"), "{shown}");
        assert!(card.text(&format!("dd[data-field={users}]")).contains("Анна Крылова"));
        let form = anna.get(&format!("/s1/{id}?edit={whose}")).await.form_with(&whose);
        let mut fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.push((&whose, "999"));
        let page = anna.post(&format!("/s1/{id}"), &fields).await;
        let page = anna.get(&page.location.unwrap_or_default()).await;
        assert!(page.text("form .hint").contains("Такой записи нет"), "{}", page.body);

        for (query, found) in [
            (format!("?{whose}={first}"), vec![id]),
            (format!("?{whose}={second}"), vec![other, id]),
            (format!("?{whose}.not={first}"), vec![other]),
            (format!("?{users}=me"), vec![id]),
            (format!("?{users}.empty=1"), vec![other]),
        ] {
            assert_eq!(anna.get(&format!("/s1{query}")).await.rows(), found, "{query}");
        }
        let card = anna.get(&format!("/clients/{first}")).await;
        assert_eq!(card.text(&format!("[data-panel={whose}] h2")), "Станки 1");
        assert_eq!(card.text(&format!("[data-panel={whose}] li")), "ЧПУ-5");
        assert_eq!(card.attribute(&format!("[data-panel={whose}] h2 a"), "href"), format!("/s1?{whose}={first}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn choices_sort_and_are_offered_by_their_order_and_whole_numbers_have_ranges() {
    for office in Office::both().await {
        let mut owner = office.browser("owner").await;
        let mut anna = office.anna().await;
        owner.made("make_section", machines()).await;
        let state = owner.made("make_field", wish("s1", "Состояние", "Choice", &["новый", "в ремонте"], None)).await;
        let mut years = wish("s1", "Лет", "Integer", &[], None);
        years["wish"]["within"] = json!([0, 50]);
        let years = owner.made("make_field", years).await;
        noticed().await;
        let fresh = anna.record("s1", &[(&state, "1"), (&years, "2")]).await;
        let broken = anna.record("s1", &[(&state, "2"), (&years, "20")]).await;
        let unknown = anna.record("s1", &[]).await;
        assert_eq!(anna.get(&format!("/s1?sort={state}")).await.rows(), [fresh, broken, unknown]);
        assert_eq!(anna.get(&format!("/s1?sort=-{state}")).await.rows(), [broken, fresh, unknown]);
        for (query, found) in [
            (format!("?{years}=10.."), vec![broken]),
            (format!("?{years}=..10"), vec![fresh]),
            (format!("?{years}.from=1&{years}.to=20"), vec![broken, fresh]),
            (format!("?{years}.not=1..10"), vec![unknown, broken]),
            (format!("?{years}=20"), vec![broken]),
        ] {
            assert_eq!(anna.get(&format!("/s1{query}")).await.rows(), found, "{query}");
        }
        let form = anna.get(&format!("/s1/{fresh}?edit={years}")).await.form_with(&years);
        let mut fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.push((&years, "51"));
        let page = anna.post(&format!("/s1/{fresh}"), &fields).await;
        let page = anna.get(&page.location.unwrap_or_default()).await;
        assert!(page.text("form .hint").contains("от 0 до 50"), "{}", page.body);

        // Another order: nothing is written to any record, and everything follows.
        let changes = office.changes().await;
        let order = json!({"choices": [
            {"id": 2, "label": label("в ремонте", "broken")},
            {"id": 0, "label": label("списан", "gone")},
            {"id": 1, "label": label("новый", "new")},
        ]});
        let page = owner.call("change_field", change("s1", &state, order)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert_eq!(office.changes().await, changes + 1);
        noticed().await;
        assert_eq!(anna.get(&format!("/s1?sort={state}")).await.rows(), [broken, fresh, unknown]);
        let card = anna.get(&format!("/s1/{fresh}?edit={state}")).await;
        let offered = card.attributes(&format!("[name={state}] option"), "value");
        assert_eq!(offered.iter().filter(|id| !id.is_empty()).collect::<Vec<_>>(), ["2", "3", "1"]);
    }
}
