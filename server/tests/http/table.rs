//! The table and the card without JavaScript, as far as they can do without: filters of any field, values pasted
//! from a spreadsheet, columns and their widths, what a new record begins with, one act on many, the card's place.

use axum::http::StatusCode;
use serde_json::json;

use domain::rights::Role;

use crate::office::{Browser, Office, Page};

async fn goes_to(browser: &mut Browser, path: &str) -> String {
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}: {}", page.body);
    page.location.expect("a place")
}

fn options(page: &Page, select: &str) -> Vec<String> {
    page.attributes(&format!("{select} option"), "value")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_of_any_field_is_made_changed_and_taken_off() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let one = anna.client(&[("name", "Маяк"), ("segment", "1"), ("email", "a@mayak.ru")]).await;
        let two = anna.client(&[("name", "Звезда"), ("segment", "2")]).await;
        let three = anna.client(&[("name", "Север")]).await;

        // Choose a field, then its operator, then values: each step is an address.
        let page = anna.get("/clients").await;
        assert_eq!(page.attribute(".add-filter > a", "href"), "/clients?filter=new");
        let page = anna.get("/clients?filter=new").await;
        assert!(options(&page, ".filter-pop select[name=_field]").contains(&"segment".to_string()));
        assert_eq!(goes_to(&mut anna, "/clients?_filter=new&_field=segment").await, "/clients?filter=segment");
        let page = anna.get("/clients?filter=segment").await;
        assert_eq!(options(&page, ".filter-pop select[name=_op]"), ["is", "not", "empty", "filled"]);
        assert_eq!(page.attributes(".filter-pop [name=_value]", "value"), ["1", "2", "3", "4"]);
        let list = goes_to(&mut anna, "/clients?_filter=segment&_field=segment&_op=is&_value=1&_value=2").await;
        assert_eq!(list, "/clients?segment=1&segment=2");
        let page = anna.get(&list).await;
        assert_eq!(page.rows(), [two, one]);
        assert_eq!(page.text(".chip-filter"), "Сегмент Опт или Розница");
        assert_eq!(page.attribute(".chip-filter .chip-text", "href"), "/clients?segment=1&segment=2&filter=0");

        // The negation, emptiness, an any-of group of two fields.
        let list = goes_to(&mut anna, "/clients?segment=1&_filter=0~not&_op=not&_value=1").await;
        assert_eq!(list, "/clients?segment.not=1");
        assert_eq!(anna.get(&list).await.rows(), [three, two]);
        let list = goes_to(&mut anna, "/clients?segment.not=1&_filter=0&_op=empty").await;
        assert_eq!(list, "/clients?segment.empty=1");
        assert_eq!(anna.get(&list).await.rows(), [three]);
        let list =
            goes_to(&mut anna, "/clients?segment.empty=1&_filter=email%2B0&_field=email&_op=has&_value=mayak").await;
        assert_eq!(list, "/clients?a.segment.empty=1&a.email=mayak");
        let page = anna.get(&list).await;
        assert_eq!(page.rows(), [three, one]);
        assert_eq!(page.text(".chip-filter"), "Сегмент пусто или Почта mayak");
        assert_eq!(page.attribute(".chip-filter .x", "href"), "/clients");
        // Emptied, it is off; the rest of the list stays.
        let list = goes_to(&mut anna, "/clients?segment=1&sort=name&_filter=0&_op=is&_value=").await;
        assert_eq!(list, "/clients?sort=name");

        // From and to, each in an input of its own.
        let list = goes_to(&mut anna, "/clients?_filter=created&_from=2020-01-01&_to=").await;
        assert_eq!(list, "/clients?created=2020-01-01..");
        assert_eq!(anna.get("/clients?created.from=2020-01-01&created.to=2020-02-01").await.rows(), Vec::<i64>::new());
        // What means nothing is left out by the list, and said.
        let list = goes_to(&mut anna, "/clients?_filter=created&_from=yesterday&_to=").await;
        assert_eq!(anna.get(&list).await.attributes("[data-dropped]", "data-dropped"), ["created"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn values_from_a_spreadsheet_are_any_of_and_what_is_missing_is_said() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let one = anna.client(&[("name", "Маяк"), ("inn", "7707083893"), ("phone", "8 912 345-67-89")]).await;
        let two = anna.client(&[("name", "ООО «Звезда»"), ("inn", "500100732259")]).await;
        anna.client(&[("name", "Север")]).await;
        let list = goes_to(
            &mut anna,
            "/clients?_filter=inn~is&_field=inn&_op=is&_value=7707083893%0D%0A500100732259%0D%0A1234567894%0D%0A",
        )
        .await;
        assert_eq!(list, "/clients?inn.is=7707083893&inn.is=500100732259&inn.is=1234567894");
        let page = anna.get(&list).await;
        assert_eq!(page.rows(), [two, one]);
        assert_eq!(page.text(".notice.missing"), "Не нашлось (ИНН): 1234567894");
        assert_eq!(page.text(".chip-filter"), "ИНН любое из 7707083893 или 500100732259 или 1234567894");
        // Whatever else is filtered, what is in the base is not missing.
        assert_eq!(
            anna.get(&format!("{list}&name=%D1%81%D0%B5%D0%B2%D0%B5%D1%80")).await.text(".notice.missing"),
            "Не нашлось (ИНН): 1234567894"
        );
        let page = anna.get("/clients?phone.is=%2B7+(912)+345+67+89&phone.is=8+800+000-00-00").await;
        assert_eq!(page.rows(), [one]);
        assert_eq!(page.text(".notice.missing"), "Не нашлось (Телефон): 8 800 000-00-00");
        let page = anna.get("/clients?name.is=%D0%B7%D0%B2%D0%B5%D0%B7%D0%B4%D0%B0+%D0%BE%D0%BE%D0%BE&name.is=%D0%9B%D1%83%D0%BD%D0%B0").await;
        assert_eq!(page.rows(), [two]);
        assert_eq!(page.text(".notice.missing"), "Не нашлось (Название): Луна");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_is_pinned_and_columns_have_widths() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        anna.create().await;
        let row = |page: &Page| page.attributes(".row-f [name]", "name");
        assert_eq!(row(&anna.get("/clients").await), ["name", "inn", "phone", "responsible"]);
        anna.post("/settings/view", &[("section", "clients"), ("pin", "segment")]).await;
        assert_eq!(row(&anna.get("/clients").await), ["name", "inn", "phone", "responsible", "segment"]);
        anna.post("/settings/view", &[("section", "clients"), ("unpin", "inn")]).await;
        let page = anna.get("/clients?inn=77&segment=2").await;
        assert_eq!(row(&page), ["name", "phone", "responsible", "segment"]);
        assert_eq!(page.text(".chip-filter"), "ИНН 77", "without an input it is a chip");
        assert_eq!(row(&office.browser("dima").await.get("/clients").await).len(), 4, "nobody else's");

        let page = anna.get("/clients?cols=number,name:320,email:90").await;
        assert_eq!(page.attributes("th[data-field]", "data-field"), ["number", "name", "email"]);
        assert_eq!(page.attributes("col", "width"), ["40", "84", "320", "90"]);
        // Number and name stay, wherever they are put.
        let page = anna.get("/clients?cols=email,inn").await;
        assert_eq!(page.attributes("th[data-field]", "data-field"), ["number", "name", "email", "inn"]);
        anna.post("/settings/view", &[("section", "clients"), ("cols", "inn:200,name:300")]).await;
        let page = anna.get("/clients").await;
        assert_eq!(page.attributes("col", "width"), ["40", "84", "300", "200"]);
        // A width that cannot be is not a column.
        let page = anna.get("/clients?cols=inn:9,email:100000,phone").await;
        assert_eq!(page.attributes("th[data-field]", "data-field"), ["number", "name", "phone"]);
        assert_eq!(page.attributes("[data-dropped]", "data-dropped"), ["cols"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_record_takes_what_the_list_is_about_and_an_empty_one_is_offered_for_removal() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let page = anna.get("/clients?segment=2&name=%D0%BC%D0%B0%D1%8F%D0%BA&responsible=3&email.is=a@b.ru").await;
        let given = page.attributes(".filters form.plus input:not([name=_key])", "name");
        assert_eq!(given, ["segment", "email"]);
        let mut form = vec![("_key".to_string(), page.attribute(".filters form.plus input[name=_key]", "value"))];
        for name in given {
            let value = page.attribute(&format!(".filters form.plus input[name={name}]"), "value");
            form.push((name, value));
        }
        let pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let made = crate::office::number_in(&anna.post("/clients", &pairs).await.location.expect("a card"));
        let card = anna.get(&format!("/clients/{made}")).await;
        assert_eq!(card.text("dd[data-field=segment]"), "Розница");
        assert_eq!(card.text("dd[data-field=email]"), "a@b.ru");
        assert_eq!(card.text("dd[data-field=responsible]"), "АКАнна Крылова");

        // Left as it was made it is offered for removal, to its maker only.
        let page = anna.get("/clients").await;
        assert_eq!(page.text(".untouched a"), format!("Клиент № {made}"));
        assert!(!office.browser("dima").await.get("/clients").await.has(".untouched"));
        let page = anna
            .post(&format!("/clients/{made}/trash"), &[("_key", "away"), ("back", "/clients"), ("stay", "1")])
            .await;
        assert_eq!(page.location.as_deref(), Some("/clients"));
        assert!(!anna.get("/clients").await.has(".untouched"));
        // Touched, it is not.
        let touched = anna.create().await;
        assert!(anna.get("/clients").await.has(".untouched"));
        anna.edit(touched, "phone", "214").await;
        assert!(!anna.get("/clients").await.has(".untouched"));

        // What cannot be a value does not stand in the way of a new record.
        let page = anna
            .post("/clients", &[("_key", "odd"), ("inn", "abc"), ("segment", "99"), ("wings", "2"), ("phone", "214")])
            .await;
        let odd = crate::office::number_in(&page.location.expect("a card"));
        assert_eq!(anna.get(&format!("/clients/{odd}")).await.text("dd[data-field=phone]"), "214");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_act_on_picked_rows_is_said_and_taken_back_without_javascript() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let ids = [anna.create().await, anna.create().await, anna.create().await];
        let page = anna.get("/clients").await;
        assert_eq!(page.attributes("tbody input[name=id][form=bulk]", "value").len(), 3);
        assert_eq!(page.attribute("form#bulk", "action"), "/clients/bulk");
        let (first, second) = (ids[0].to_string(), ids[1].to_string());
        let page = anna
            .post(
                "/clients/bulk",
                &[
                    ("_key", "b"),
                    ("id", &first),
                    ("id", &second),
                    ("field", "responsible"),
                    ("typed", "3"),
                    ("back", "/clients?sort=name"),
                ],
            )
            .await;
        assert_eq!(page.location.as_deref(), Some("/clients?sort=name"));
        let mut waited = 0;
        let page = loop {
            let page = anna.get("/clients").await;
            if page.text(".job").contains("Готово 2") || waited > 100 {
                break page;
            }
            waited += 1;
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        };
        assert_eq!(anna.found("?responsible=3").await, [ids[1], ids[0]]);
        // Nobody else is told.
        assert!(!office.browser("dima").await.get("/clients").await.has(".job"));
        // The history of one of them knows the whole.
        let history = anna.get(&format!("/clients/{first}?tab=history")).await;
        assert_eq!(history.text(".part-of .mut"), "Вместе с другими, всего 2 клиента");
        let action = page.attribute(".job form", "action");
        assert_eq!(history.attribute(".part-of form", "action"), action);
        anna.post(&action, &[("act", "undo"), ("section", "clients"), ("back", "/clients")]).await;
        waited = 0;
        while anna.found("?responsible=3").await != Vec::<i64>::new() && waited < 100 {
            waited += 1;
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert!(anna.found("?responsible=3").await.is_empty());
        // A field that is not there, hostile numbers, nothing picked: nothing happens.
        let changes = office.changes().await;
        anna.post("/clients/bulk", &[("id", &first), ("field", "wings"), ("typed", "3")]).await;
        anna.post("/clients/bulk", &[("id", "-1"), ("id", "x"), ("field", "responsible"), ("typed", "3")]).await;
        anna.post("/clients/bulk", &[("field", "responsible"), ("typed", "3")]).await;
        assert_eq!(office.changes().await, changes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_knows_the_list_that_it_was_opened_from() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let mut ids = Vec::new();
        for name in ["Альфа", "Бета", "Гамма"] {
            ids.push(anna.client(&[("name", name)]).await);
        }
        anna.create().await;
        let page = anna.get("/clients?name.filled=1&sort=name").await;
        assert_eq!(page.rows(), ids);
        let href = page.attribute(&format!("tr[data-id='{}'] .row-link", ids[1]), "href");
        let card = anna.get(&href).await;
        assert_eq!(card.text(".place"), "2 из 3");
        assert_eq!(card.attribute(".crumb nav a", "href"), "/clients?name.filled=1&sort=name");
        let next = card.attribute(".crumb a[rel=next]", "href");
        assert!(next.starts_with(&format!("/clients/{}?in=", ids[2])));
        let previous = card.attribute(".crumb a[rel=prev]", "href");
        // It goes on from the row's place, also when its value is another by now.
        anna.edit(ids[1], "name", "Омега").await;
        let card = anna.get(&href).await;
        assert_eq!(card.attribute(".crumb a[rel=next]", "href"), next);
        let last = anna.get(&next).await;
        assert_eq!(last.text(".place"), "3 из 3");
        let first = anna.get(&previous).await;
        assert_eq!(first.text(".place"), "1 из 3");
        assert!(!first.has(".crumb a[rel=prev]"));
        // Odd places are no place.
        for odd in ["in=", "in=at%3D1.x.f.1.1.e", "in=%00", "in=sort%3Dname"] {
            let card = anna.get(&format!("/clients/{}?{odd}", ids[0])).await;
            assert!(card.status == StatusCode::SEE_OTHER || !card.has(".place"), "{odd}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_is_read_by_field_and_person_and_shows_what_differs() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let mut dima = office.browser("dima").await;
        let id = anna.client(&[("name", "Маяк")]).await;
        anna.edit(id, "address", "Москва, ул. Лесная, 5").await;
        dima.edit(id, "address", "127006, Москва, ул. Лесная, д. 5").await;
        dima.edit(id, "phone", "214").await;
        let page = anna.get(&format!("/clients/{id}?tab=history&of=address")).await;
        assert_eq!(page.attributes("[data-change]", "data-change").len(), 2);
        assert_eq!(page.texts(".change ins")[..2], ["127006, ".trim(), "д. ".trim()]);
        let people = page.attributes("select[name=by] option", "value");
        assert_eq!(people.len(), 3);
        let page = anna.get(&format!("/clients/{id}?tab=history&by=3")).await;
        assert_eq!(page.attributes("[data-change]", "data-change").len(), 2);
        let page = anna.get(&format!("/clients/{id}?tab=history&by=3&of=phone")).await;
        assert_eq!(page.attributes("[data-change]", "data-change").len(), 1);
        // A text that looks like a key is not one.
        anna.edit(id, "name", "\"phone\":[").await;
        let page = anna.get(&format!("/clients/{id}?tab=history&of=phone")).await;
        assert_eq!(page.attributes("[data-change]", "data-change").len(), 1);
        assert_eq!(anna.get(&format!("/clients/{id}?tab=history&by=x&of=wings&at=x")).await.status, StatusCode::OK);

        // A hand over a value: who, when, what it was.
        let trace = anna.call("value_trace", json!({"section": "clients", "id": id, "field": "address"})).await;
        let trace: serde_json::Value = serde_json::from_str(&trace.body).expect("a trace");
        assert_eq!((&trace["by"]["name"], &trace["old"]), (&json!("Дмитрий Савин"), &json!("Москва, ул. Лесная, 5")));
        let back =
            json!({"section": "clients", "id": id, "seq": trace["seq"], "field": "address", "version": 6, "key": "k"});
        assert_eq!(anna.call("put_back", back).await.status, StatusCode::OK);
        assert_eq!(anna.get(&format!("/clients/{id}")).await.text("dd[data-field=address]"), "Москва, ул. Лесная, 5");
        let none = anna.call("value_trace", json!({"section": "clients", "id": id, "field": "kpp"})).await;
        assert_eq!(none.body, "null");
        for (field, record) in [("wings", id), ("name", 999)] {
            let page = anna.call("value_trace", json!({"section": "clients", "id": record, "field": field})).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_latest_act_is_taken_back_whatever_it_was() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let mut dima = office.browser("dima").await;
        let id = anna.client(&[("name", "Маяк")]).await;
        let undo = async |browser: &mut Browser| {
            let page = browser.call("undo_last", json!({})).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.body);
            let undone: serde_json::Value = serde_json::from_str(&page.body).expect("what was undone");
            undone["said"].as_str().map(str::to_string)
        };
        let name = async |browser: &mut Browser| browser.get(&format!("/clients/{id}")).await.text("h1");
        anna.edit(id, "name", "Звезда").await;
        dima.edit(id, "phone", "214").await;
        anna.post(&format!("/clients/{id}/trash"), &[("_key", "t")]).await;
        // One after the other, each once, and only one's own.
        assert_eq!(undo(&mut anna).await.as_deref(), Some("Звезда"));
        assert!(anna.get("/clients").await.rows().contains(&id));
        assert_eq!(undo(&mut anna).await.as_deref(), Some("Маяк, Название"));
        assert_eq!(name(&mut anna).await, "Маяк");
        assert_eq!(undo(&mut dima).await.as_deref(), Some("Маяк, Телефон"));
        assert_eq!(undo(&mut dima).await, None);
        assert_eq!(undo(&mut anna).await.as_deref(), Some("Клиент №\u{202f}1, Название"));
        // The making of it stays: somebody else has written into it since.
        assert_eq!(undo(&mut anna).await, None);
        assert!(anna.get("/clients").await.rows().contains(&id));
        // What is one's own alone goes, name and all.
        let own = anna.client(&[("name", "Север")]).await;
        assert_eq!(undo(&mut anna).await.as_deref(), Some("Клиент №\u{202f}2, Название"));
        assert_eq!(undo(&mut anna).await.as_deref(), Some("Клиент №\u{202f}2"));
        assert!(!anna.get("/clients").await.rows().contains(&own));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_on_the_screen_say_whether_they_still_fit() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let one = anna.client(&[("name", "Маяк"), ("segment", "1")]).await;
        let two = anna.client(&[("name", "Звезда"), ("segment", "2")]).await;
        let page =
            anna.call("refresh", json!({"section": "clients", "query": "segment=1", "ids": [two, one, 999]})).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let rows: serde_json::Value = serde_json::from_str(&page.body).expect("rows");
        let mut fits: Vec<(i64, bool)> = rows
            .as_array()
            .expect("a list")
            .iter()
            .map(|row| (row["row"]["id"].as_i64().unwrap_or(0), row["fits"].as_bool().unwrap_or(false)))
            .collect();
        fits.sort_unstable();
        assert_eq!(fits, [(one, true), (two, false)]);
        let found = anna.call("find_records", json!({"section": "clients", "text": "МАЯ"})).await;
        assert_eq!(found.body, format!("[[{one},\"Маяк\"]]"));
        let found = anna.call("find_records", json!({"section": "clients", "text": "«»"})).await;
        assert_eq!(found.body, "[]");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_latest_act_is_passed_over_where_others_went_on_and_stopped_where_it_still_runs() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let mut dima = office.browser("dima").await;
        let undo = async |browser: &mut Browser| {
            let page = browser.call("undo_last", json!({})).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.body);
            serde_json::from_str::<serde_json::Value>(&page.body).expect("what was undone")
        };
        // Made by Anna, filled in by Dima: it does not go into the trash under his hands.
        let id = anna.create().await;
        dima.edit(id, "phone", "214").await;
        assert_eq!(undo(&mut anna).await["said"], json!(null));
        assert!(anna.get("/clients").await.rows().contains(&id));
        // Changed since by somebody else: the act before it is the one that is taken back.
        let other = anna.client(&[("name", "Маяк")]).await;
        anna.edit(id, "address", "Тула").await;
        dima.edit(id, "address", "Тверь").await;
        assert_eq!(undo(&mut anna).await["said"], json!("Клиент №\u{202f}2, Название"));
        assert_eq!(anna.get(&format!("/clients/{id}")).await.text("dd[data-field=address]"), "Тверь");
        assert_eq!(anna.get(&format!("/clients/{other}")).await.text("h1"), "Клиент № 2");
        // Under way: it is stopped before it is taken back, and does not go on.
        let context = office.context(2, Role::Manager, "slow").await;
        let section = app::clients::section();
        let patch = domain::change::Patch::typed(&"segment".into(), "2");
        let db = &office.server.db;
        store::operation::begin_update(db, &context, &section.key, patch, vec![id, other], None).await.expect("begun");
        let undone = undo(&mut anna).await;
        assert_eq!(undone["said"], json!("2 клиента"), "{undone}");
        let after = store::operation::step(db, "a test", context).await.expect("looked at");
        assert_eq!(after.state, store::operation::State::Done);
        assert!(anna.found("?segment=2").await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_no_input_can_show_is_a_chip() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        anna.client(&[("name", "Маяк")]).await;
        for odd in ["responsible=999", "responsible=02"] {
            let page = anna.get(&format!("/clients?{odd}")).await;
            assert!(page.has(".chip-filter"), "{odd}");
            let kept = page.form_with("name");
            assert!(kept.iter().any(|(name, _)| name == "responsible"), "{odd}: {kept:?}");
        }
        assert!(!anna.get("/clients?responsible=me").await.has(".chip-filter"));
        // Who has changed only what one may not see is not among the authors.
        let id = anna.client(&[("name", "Звезда")]).await;
        office.browser("owner").await.edit(id, "inn", "7707083893").await;
        office.limit("anna", json!({"hidden": [["clients", "inn"]], "read_only": [["clients", "responsible"]], "own_records_only": false})).await;
        let page = anna.get(&format!("/clients/{id}?tab=history")).await;
        assert_eq!(page.attributes("select[name=by] option", "value"), ["", "2"]);
        // A field that may not be written says so to the browser too, or the two would draw different pages.
        let list = anna.get("/clients").await;
        assert!(!list.has("form#bulk"));
        assert!(list.body.contains(r#""clients":{"read_only":["responsible"]"#));
    }
}

/// Numbers in names are sorted by what they are worth, over the ends of pages and backwards; beginnings are found as before.
#[tokio::test(flavor = "multi_thread")]
async fn numbers_in_names_are_sorted_as_numbers() {
    for office in Office::both().await {
        office.make_clients(130).await;
        let mut anna = office.anna().await;
        for (order, first, last) in [("name", 1, 130), ("-name", 130, 1)] {
            let mut all = Vec::new();
            let mut next = Some(format!("/clients?sort={order}"));
            while let Some(path) = next {
                let page = anna.get(&path).await;
                all.extend(page.rows());
                next = page.attributes("a[rel=next]", "href").into_iter().next();
            }
            assert_eq!((all.len(), all.first(), all.last()), (130, Some(&first), Some(&last)), "{order}");
            assert!(all.windows(2).all(|two| (two[0] - two[1]).abs() == 1), "{order}: {all:?}");
        }
        let found = async |anna: &mut crate::office::Browser, query: &str| {
            anna.get(&format!("/clients?{query}")).await.rows().len()
        };
        assert_eq!(found(&mut anna, "name.starts=клиент+12").await, 11);
        assert_eq!(found(&mut anna, "name.starts=клиент+12&sort=name").await, 11);
        assert_eq!(found(&mut anna, "name.is=клиент+12").await, 1);
        assert_eq!(found(&mut anna, "name=т+12&sort=name").await, 11);
        assert_eq!(found(&mut anna, "name.not=клиент+12&sort=-name&rows=200").await, 50);
    }
}
