//! How clients are made and changed, by several people at once.

use axum::http::StatusCode;

use crate::office::{Office, number_in};

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_presses_by_twenty_managers_give_consecutive_numbers() {
    for office in Office::both().await {
        let anna = office.anna().await;
        let dima = office.browser("dima").await;
        let presses = (0..20).map(|manager| {
            let mut browser = if manager % 2 == 0 { anna.clone() } else { dima.clone() };
            tokio::spawn(async move {
                let mut numbers = Vec::new();
                for _ in 0..10 {
                    numbers.push(browser.create().await);
                }
                numbers
            })
        });
        let mut numbers = Vec::new();
        for press in presses.collect::<Vec<_>>() {
            numbers.extend(press.await.expect("ten presses"));
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=200).collect::<Vec<i64>>());
        assert_eq!(office.changes().await, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_makes_one_client() {
    for office in Office::both().await {
        let anna = office.anna().await;
        let clicks = (0..8).map(|_| {
            let mut browser = anna.clone();
            tokio::spawn(async move { browser.post("/clients", &[("_key", "one press")]).await.location })
        });
        for click in clicks.collect::<Vec<_>>() {
            assert_eq!(click.await.expect("an answer").as_deref(), Some("/clients/1?edit=name"));
        }
        assert_eq!(office.changes().await, 1);
        // Another's press with the same key is another press.
        let page = office.browser("dima").await.post("/clients", &[("_key", "one press")]).await;
        assert_eq!(page.location.as_deref(), Some("/clients/2?edit=name"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn different_fields_merge() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let mut dima = office.browser("dima").await;
        let id = anna.client(&[("name", "Ромашка")]).await;
        let hers = anna.get(&format!("/clients/{id}?edit=address")).await.form_with("address");
        let his = dima.get(&format!("/clients/{id}?edit=phone")).await.form_with("phone");
        dima.send_form(id, &his, "phone", "+7 912 345-67-89").await;
        let page = anna.send_form(id, &hers, "address", "Москва").await;
        assert_eq!(page.location, Some(format!("/clients/{id}")));
        let card = anna.get(&format!("/clients/{id}")).await;
        assert_eq!(card.text("dd[data-field=address]"), "Москва");
        assert_eq!(card.text("dd[data-field=phone]"), "+7 912 345-67-89");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_field_shows_both_values_and_asks() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let mut dima = office.browser("dima").await;
        let id = anna.client(&[("address", "Москва")]).await;
        let hers = anna.get(&format!("/clients/{id}?edit=address")).await.form_with("address");
        dima.edit(id, "address", "Москва, ул. Лесная, д. 7, оф. 12").await;
        let before = office.changes().await;

        let page = anna.send_form(id, &hers, "address", "Москва, ул. Лесная, 5").await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        let asked = page.location.unwrap_or_default();
        assert!(asked.starts_with(&format!("/clients/{id}?edit=address&draft=")), "{asked}");
        assert_eq!(office.changes().await, before, "nothing was written");
        let page = anna.get(&asked).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.attribute("input[name=address]", "value"), "Москва, ул. Лесная, 5");
        assert_eq!(page.text(".conf b"), "Дмитрий Савин");
        assert_eq!(page.text("[data-theirs=address]"), "Москва, ул. Лесная, д. 7, оф. 12");
        assert!(page.text(".conf").starts_with("Пока вы писали, Дмитрий Савин изменил «Адрес»"));

        // The draft is hers alone.
        let other = dima.get(&asked).await;
        assert!(!other.body.contains("ул. Лесная, 5"));

        // «Оставить моё»
        let mine = page.form_with("address");
        let page = anna.send_form(id, &mine, "address", "Москва, ул. Лесная, 5").await;
        assert_eq!(page.location, Some(format!("/clients/{id}")));
        assert_eq!(anna.get(&format!("/clients/{id}")).await.text("dd[data-field=address]"), "Москва, ул. Лесная, 5");

        // The same value twice is no conflict and no change.
        let again = dima.get(&format!("/clients/{id}?edit=site")).await.form_with("site");
        anna.edit(id, "site", "maya.ru").await;
        let before = office.changes().await;
        assert_eq!(dima.send_form(id, &again, "site", "maya.ru").await.location, Some(format!("/clients/{id}")));
        assert_eq!(office.changes().await, before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_said_at_its_field_and_nothing_typed_is_lost() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let id = anna.create().await;
        let before = office.changes().await;
        for (field, typed, says) in [
            ("inn", "770708389", "нужно 10 или 12 цифр, здесь 9 цифр"),
            ("inn", "77О7083893", "нужны только цифры"),
            ("kpp", "12", "нужно 9 знаков"),
            ("ogrn", "2027700132195", "начинается с 1 или 5"),
            ("phone", "звонить Марии", "нужны цифры"),
            ("email", "office", "office@romashka.ru"),
            ("site", "javascript:alert(1)", "http или https"),
        ] {
            let page = anna.edit(id, field, typed).await;
            let page = anna.get(&page.location.unwrap_or_default()).await;
            assert_eq!(page.attribute(&format!("input[name={field}]"), "value"), typed);
            assert_eq!(page.attribute(&format!("input[name={field}]"), "aria-invalid"), "true");
            assert!(page.text(".hint").contains(says), "{field}: {}", page.text(".hint"));
        }
        for hostile in ["a\0b", "\u{7}"] {
            let page = anna.edit(id, "name", hostile).await;
            let page = anna.get(&page.location.unwrap_or_default()).await;
            assert!(page.text(".hint").contains("недопустимые знаки"));
        }
        let page = anna.edit(id, "responsible", "999999").await;
        let page = anna.get(&page.location.unwrap_or_default()).await;
        assert!(page.text(".hint").contains("Такого сотрудника нет"));
        assert_eq!(office.changes().await, before);

        // A field that stands twice: the last one counts.
        let page = anna
            .post(
                &format!("/clients/{id}"),
                &[("site", "a.ru"), ("site", "b.ru"), ("_version", "1"), ("_key", "twice")],
            )
            .await;
        assert_eq!(page.location, Some(format!("/clients/{id}")));
        assert_eq!(anna.get(&format!("/clients/{id}")).await.text("dd[data-field=site]"), "b.ru");
        let before = office.changes().await;

        // Two fields at once, one of them wrong: nothing is written, both texts are there.
        let page = anna
            .post(&format!("/clients/{id}"), &[("name", "Маяк"), ("inn", "12"), ("_version", "2"), ("_key", "two")])
            .await;
        let page = anna.get(&page.location.unwrap_or_default()).await;
        assert_eq!(page.attribute("input[name=inn]", "value"), "12");
        assert_eq!(page.attribute("input[name=name]", "value"), "Маяк");
        assert_eq!(office.changes().await, before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doubtful_inn_is_kept_when_one_insists() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let id = anna.create().await;
        let page = anna.edit(id, "inn", "7707083894").await;
        let page = anna.get(&page.location.unwrap_or_default()).await;
        assert!(page.text(".hint").starts_with("В ИНН ошибка: не сходится контрольная цифра"));
        assert_eq!(page.attribute("button[name=_accept]", "value"), "inn");
        let mut hidden = page.form_with("inn");
        hidden.push(("_accept".into(), "inn".into()));
        let page = anna.send_form(id, &hidden, "inn", "7707083894").await;
        assert_eq!(page.location, Some(format!("/clients/{id}")));
        let card = anna.get(&format!("/clients/{id}")).await;
        assert_eq!(card.text("dd[data-field=inn] .doubtful"), "7707083894сомнительно");
        // Insisting does not help a length that cannot be.
        let page = anna
            .post(&format!("/clients/{id}"), &[("inn", "123"), ("_accept", "inn"), ("_version", "2"), ("_key", "x")])
            .await;
        assert!(page.location.unwrap_or_default().contains("draft="));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_text_is_only_text() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let hostile = "</title></textarea><script>alert(1)</script><img src=x onerror=alert(2)>\"'&";
        let id = anna.client(&[("name", hostile), ("address", hostile)]).await;
        for path in [
            "/clients".to_string(),
            format!("/clients/{id}"),
            format!("/clients/{id}?edit=address"),
            format!("/clients/{id}?edit=name"),
            format!("/clients/{id}?tab=history"),
        ] {
            let page = anna.get(&path).await;
            assert!(!page.has("img"), "{path}");
            assert!(page.texts("script").iter().all(|script| !script.starts_with("alert")), "{path}");
        }
        let page = anna.get(&format!("/clients/{id}?edit=address")).await;
        assert_eq!(page.attribute("input[name=address]", "value"), hostile);
        assert_eq!(page.text("title"), format!("{hostile} · Клиентура"));
        let page = anna.get(&format!("/clients/{id}?edit=name")).await;
        assert_eq!(page.attribute("input[name=name]", "value"), hostile);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_save_is_one_change() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let id = anna.create().await;
        let form = anna.get(&format!("/clients/{id}?edit=name")).await.form_with("name");
        for _ in 0..3 {
            assert_eq!(anna.send_form(id, &form, "name", "Маяк").await.location, Some(format!("/clients/{id}")));
        }
        assert_eq!(office.changes().await, 2);
        // The browser's Back brings the form with its old key: another text in it is another request, and
        // the same key for another act does that act.
        let page = anna.send_form(id, &form, "name", "Маяк-2").await;
        assert!(page.location.unwrap_or_default().contains("draft="), "hers since, not merged over and not dropped");
        let key = form.iter().find(|(name, _)| name == "_key").map(|(_, key)| key.clone()).expect("a key");
        anna.post(&format!("/clients/{id}/trash"), &[("_key", &key)]).await;
        assert!(anna.found("").await.is_empty());
        anna.post(&format!("/clients/{id}/restore"), &[("_key", &key)]).await;
        assert_eq!(anna.found("").await, [id]);
        // Without a version nobody knows what the writer saw.
        let page = anna.post(&format!("/clients/{id}"), &[("name", "Полюс"), ("_key", "blind")]).await;
        assert!(page.location.unwrap_or_default().contains("draft="));
        assert_eq!(anna.get(&format!("/clients/{id}")).await.text("h1"), "Маяк");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_leaves_what_was_changed_since_and_names_it() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let id = anna.create().await;
        anna.post(
            &format!("/clients/{id}"),
            &[("name", "Маяк"), ("address", "Тула"), ("_version", "1"), ("_key", "both")],
        )
        .await;
        let history = anna.get(&format!("/clients/{id}?tab=history")).await;
        let seq = history.attribute(".ev", "data-change");
        office.browser("dima").await.edit(id, "address", "Тверь").await;
        let page = anna.post(&format!("/clients/{id}/undo"), &[("seq", &seq), ("_key", "undo")]).await;
        assert_eq!(page.location, Some(format!("/clients/{id}?tab=history&left=address")));
        let page = anna.get(&page.location.unwrap_or_default()).await;
        assert_eq!(page.text(".conf"), "Не возвращено, потому что с тех пор изменилось: Адрес");
        assert_eq!(page.text("h1"), format!("Клиент № {id}"));
        assert_eq!(anna.get(&format!("/clients/{id}")).await.text("dd[data-field=address]"), "Тверь");

        // Deleting is taken back the same way.
        let page = anna.post(&format!("/clients/{id}/trash"), &[("_key", "trash")]).await;
        assert_eq!(page.location, Some(format!("/clients/{id}")));
        let history = anna.get(&format!("/clients/{id}?tab=history")).await;
        let seq = history.attribute(".ev", "data-change");
        anna.post(&format!("/clients/{id}/undo"), &[("seq", &seq), ("_key", "untrash")]).await;
        assert_eq!(anna.found("").await, [id]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_client_is_not_written_to() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let id = anna.client(&[("name", "Маяк")]).await;
        let form = anna.get(&format!("/clients/{id}?edit=name")).await.form_with("name");
        anna.post(&format!("/clients/{id}/trash"), &[("_key", "t")]).await;
        let before = office.changes().await;
        assert_eq!(anna.send_form(id, &form, "name", "Полюс").await.status, StatusCode::CONFLICT);
        let card = anna.get(&format!("/clients/{id}?edit=name")).await;
        assert!(!card.has("input[name=name]"));
        assert_eq!(card.text("h1"), "Маяк");
        // Deleting twice is deleting once.
        anna.post(&format!("/clients/{id}/trash"), &[("_key", "t2")]).await;
        assert_eq!(office.changes().await, before);
        assert_eq!(number_in(&format!("/clients/{id}?edit=name")), id);
    }
}
