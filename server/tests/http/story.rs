//! The main job, told once: R1, R4, R6, R7, R13–R15, R20, R21.

use axum::http::StatusCode;

use crate::office::{Office, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_signs_in_finds_adds_edits_and_sees_who_changed_what() {
    for office in Office::both().await {
        // Signing in brings her back to where she wanted to go.
        let mut anna = office.stranger();
        let page = anna.get("/clients?name=%D1%80").await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        assert_eq!(page.location.as_deref(), Some("/login?next=%2Fclients%3Fname%3D%25D1%2580"));
        let page =
            anna.post("/login", &[("login", "anna"), ("password", PASSWORD), ("next", "/clients?name=%D1%80")]).await;
        assert_eq!((page.status, page.location.as_deref()), (StatusCode::SEE_OTHER, Some("/clients?name=%D1%80")));

        // An empty base says what to do.
        let page = anna.get("/clients").await;
        assert!(page.text(".void").starts_with("Здесь будут ваши клиенты"));

        // The plus, and a name at once.
        let key = page.attribute("form.plus input[name=_key]", "value");
        let page = anna.post("/clients", &[("_key", &key)]).await;
        assert_eq!(page.location.as_deref(), Some("/clients/1?edit=name"));
        let page = anna.get("/clients/1?edit=name").await;
        assert!(page.has("input[name=name][autofocus]"));
        assert_eq!(page.text("h1"), "Клиент № 1");
        let page = anna.edit(1, "name", "ООО «Ромашка»").await;
        assert_eq!((page.status, page.location.as_deref()), (StatusCode::SEE_OTHER, Some("/clients/1")));

        // The rest of the data.
        for (field, typed) in [
            ("inn", "7707083893"),
            ("phone", "8 (912) 345-67-89"),
            ("address", "127006, Москва, ул. Долгоруковская, д. 21"),
            ("site", "romashka.ru"),
        ] {
            assert_eq!(anna.edit(1, field, typed).await.location.as_deref(), Some("/clients/1"), "{field}");
        }
        let card = anna.get("/clients/1").await;
        assert_eq!(card.text("h1"), "ООО «Ромашка»");
        assert_eq!(card.text("title"), "ООО «Ромашка» · Клиентура");
        assert_eq!(card.text("dd[data-field=inn]"), "7707083893");
        assert_eq!(card.text("dd[data-field=phone]"), "+7 912 345-67-89");
        assert_eq!(card.attribute("dd[data-field=phone] a.tel", "href"), "tel:+79123456789");
        assert_eq!(card.attribute("dd[data-field=site] a.l", "href"), "https://romashka.ru");

        // Another manager finds it by the phone and takes it over.
        let mut dima = office.browser("dima").await;
        let list = dima.get("/clients?phone=345-67-89").await;
        assert_eq!(list.rows(), [1]);
        assert!(list.attribute("tr[data-id='1'] td[data-field=name] a", "href").starts_with("/clients/1?in="));
        let form = dima.get("/clients/1?edit=responsible").await;
        let dima_id = form.attributes("select[name=responsible] option", "value")[2].clone();
        dima.edit(1, "responsible", &dima_id).await;
        assert_eq!(dima.found("?responsible=me").await, [1]);
        assert!(anna.found("?responsible=me").await.is_empty());

        // Who changed what.
        let history = anna.get("/clients/1?tab=history").await;
        let who = history.texts(".ev .h b");
        assert_eq!(who.len(), 7, "{who:?}");
        assert_eq!((who[0].as_str(), who[6].as_str()), ("Дмитрий Савин", "Анна Крылова"));
        let said = history.texts(".ev .sys");
        assert!(said[0].starts_with("Ответственный: было Анна Крылова, стало Дмитрий Савин"), "{said:?}");
        assert_eq!(said[1], "Сайт: добавлено romashka.ru");
        assert_eq!(said[6], "Создано: ответственный Анна Крылова");

        // Anna puts the value back, whoever changed it.
        let seq = history.attribute(".ev", "data-change");
        let undo = history.form_with("field");
        assert!(undo.contains(&("seq".into(), seq)));
        let undo: Vec<(&str, &str)> = undo.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let page = anna.post("/clients/1/undo", &undo).await;
        assert_eq!(page.location.as_deref(), Some("/clients/1?tab=history"));
        assert_eq!(anna.found("?responsible=me").await, [1]);

        // Deleted, found in the trash, restored.
        let page = anna.post("/clients/1/trash", &[("_key", "t")]).await;
        assert_eq!(page.location.as_deref(), Some("/clients/1"));
        assert!(anna.found("").await.is_empty());
        assert!(anna.get("/clients/1").await.text(".next").contains("Клиент в корзине"));
        let trash = dima.get("/trash").await;
        assert_eq!(trash.attributes(".trash li", "data-id"), ["1"]);
        assert!(trash.text(".trash .mut").contains("Анна Крылова"));
        let page = dima.post("/clients/1/restore", &[("_key", "r")]).await;
        assert_eq!(page.location.as_deref(), Some("/clients/1"));
        assert_eq!(anna.found("").await, [1]);

        // Out, and the door is closed.
        assert_eq!(anna.post("/logout", &[]).await.location.as_deref(), Some("/login"));
        assert_eq!(anna.get("/clients/1").await.status, StatusCode::SEE_OTHER);
    }
}
