//! How clients are found, sorted and paged.

use crate::office::Office;

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_is_found_whatever_its_format() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let plus = anna.client(&[("phone", "+79123456789")]).await;
        let eight = anna.client(&[("phone", "8 (912) 345-67-89")]).await;
        let bare = anna.client(&[("phone", "912 345 67 89 доб. 214")]).await;
        let other = anna.client(&[("phone", "8 812 334-18-90")]).await;
        let all = vec![bare, eight, plus];
        for typed in [
            "8 (912) 345-67-89",
            "+79123456789",
            "345-67-89",
            "9123456789",
            "8912345",
            "7912",
            "8(912",
            "%2B7 912",
            "67.89",
        ] {
            assert_eq!(anna.found(&format!("?phone={}", typed.replace(' ', "+"))).await, all, "{typed}");
        }
        assert_eq!(anna.found("?phone=334-18").await, [other]);
        assert_eq!(anna.found("?phone=8").await.len(), 4, "an 8 alone is the beginning of every one");
        assert!(anna.found("?phone=0000000").await.is_empty());
        // As it is shown, with its extension.
        assert_eq!(anna.found("?phone=%2B7+912+345-67-89+%D0%B4%D0%BE%D0%B1.+214").await, all);
        // Any of two.
        assert_eq!(anna.found("?phone=334-18&phone=345-67").await, [other, bare, eight, plus]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_found_whatever_its_case_yo_quotes_and_legal_form() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let rom = anna.client(&[("name", "ООО \"Ромашка\"")]).await;
        let long = anna.client(&[("name", "Общество с ограниченной ответственностью «Ромашка-Сервис»")]).await;
        let ao = anna.client(&[("name", "АО «Ромашка»")]).await;
        let elka = anna.client(&[("name", "ЗАО «Ёлка 100%_\\»")]).await;
        for typed in ["ромашка ооо", "ООО «РОМАШКА»", "ооо ром", "\"ромашка\", ООО"]
        {
            let found = anna.found(&domain::list::encode(&[("name".into(), typed.into())])).await;
            assert_eq!(
                found,
                if typed.contains("ром") && typed.len() < 20 { vec![long, rom] } else { found.clone() },
                "{typed}"
            );
            assert!(found.contains(&rom) && !found.contains(&ao) && !found.contains(&elka), "{typed}: {found:?}");
        }
        let by = |typed: &str| domain::list::encode(&[("name".into(), typed.into())]);
        assert_eq!(anna.found(&by("ромашка")).await, [ao, long, rom]);
        assert_eq!(anna.found(&by("елка")).await, [elka]);
        assert_eq!(anna.found(&by("ЁЛКА")).await, [elka]);
        for literal in ["100%", "%_", "_\\", "\\"] {
            assert_eq!(anna.found(&by(literal)).await, [elka], "{literal}");
        }
        assert!(anna.found(&by("ромашка%")).await.is_empty());
        assert!(anna.found(&by("' OR 1=1 --")).await.is_empty());
        // What looks like a legal form may be a word of the name.
        let fund = anna.client(&[("name", "Благотворительный фонд мира")]).await;
        assert_eq!(anna.found(&by("фонд мира")).await, [fund]);
        // One text over name, INN and phone.
        let inn = anna.client(&[("inn", "7707083893")]).await;
        assert_eq!(anna.found("?q=77070").await, [inn]);
        assert_eq!(anna.found("?q=%D0%B5%D0%BB%D0%BA").await, [elka]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nameless_client_is_found_by_what_it_shows() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let named = anna.client(&[("name", "ООО «Клиент 2»")]).await;
        let second = anna.create().await;
        let third = anna.create().await;
        assert_eq!((named, second, third), (1, 2, 3));
        let by = |typed: &str| domain::list::encode(&[("name".into(), typed.into())]);
        for typed in ["клиент 3", "№ 3", "3", "№3", "Клиент №\u{202f}3"] {
            assert_eq!(anna.found(&by(typed)).await, [third], "{typed}");
        }
        assert_eq!(anna.found(&by("2")).await, [second, named], "the number, and a name that has it");
        assert_eq!(anna.found(&by("клиент")).await, [third, second, named]);
        assert!(anna.found(&by("№ 1")).await.is_empty(), "a named one is not found by a name that it does not show");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_have_no_gaps_and_no_repeats_also_over_empty_values() {
    for office in Office::both().await {
        server::demo::fill(&office.base.db, 230, 7, crate::office::now(), |_| ()).await.expect("a seeded base");
        let mut anna = office.anna().await;
        for list in [
            "",
            "?sort=name",
            "?sort=-name",
            "?sort=inn",
            "?sort=-phone",
            "?sort=number",
            "?sort=created",
            "?name=%D0%BE&sort=-inn",
        ] {
            // Forward to the end.
            let mut pages = vec![anna.get(&format!("/clients{list}")).await];
            while pages.last().expect("a page").has("a[rel=next]") {
                let next = pages.last().expect("a page").attribute("a[rel=next]", "href");
                pages.push(anna.get(&next).await);
            }
            let forward: Vec<i64> = pages.iter().flat_map(|page| page.rows()).collect();
            let mut unique = forward.clone();
            unique.sort_unstable();
            unique.dedup();
            let said = pages[0].text(".position").split(' ').next_back().and_then(|count| count.parse::<usize>().ok());
            assert_eq!((unique.len(), said), (forward.len(), Some(forward.len())), "{list}");
            assert!(pages.len() >= 2, "{list}");
            assert!(pages.iter().rev().skip(1).all(|page| page.rows().len() == 50), "{list}");
            // The last position is the last record.
            let last = pages.last().expect("a page").text(".position");
            assert!(last.contains(&format!("–{} ", forward.len())), "{list}: {last}");
            // And back to the first page.
            let mut back = vec![pages.pop().expect("a page")];
            while back.last().expect("a page").has("a[rel=prev]") {
                let previous = back.last().expect("a page").attribute("a[rel=prev]", "href");
                back.push(anna.get(&previous).await);
            }
            let backward: Vec<i64> = back.iter().rev().flat_map(|page| page.rows()).collect();
            assert_eq!(backward, forward, "{list}");
            assert!(back.last().expect("a page").text(".position").starts_with("1–"), "{list}");
        }
        // Empties last in both directions.
        let column = |pages: &str| pages.to_string();
        for list in [
            "?sort=name&name=%D0%BA%D0%BB%D0%B8%D0%B5%D0%BD%D1%82",
            "?sort=-name&name=%D0%BA%D0%BB%D0%B8%D0%B5%D0%BD%D1%82",
        ] {
            let page = anna.get(&format!("/clients{}", column(list))).await;
            assert!(page.has("td[data-field=name] .auto"), "{list}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_stays_where_it_was_while_others_add_clients() {
    for office in Office::both().await {
        server::demo::fill(&office.base.db, 120, 3, crate::office::now(), |_| ()).await.expect("a seeded base");
        let mut anna = office.anna().await;
        let first = anna.get("/clients").await;
        let next = first.attribute("a[rel=next]", "href");
        let before = anna.get(&next).await.rows();
        for _ in 0..5 {
            office.browser("dima").await.create().await;
        }
        assert_eq!(anna.get(&next).await.rows(), before);
        assert_eq!(before.first(), Some(&(first.rows()[49] - 1)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_of_days_begins_and_ends_where_the_reader_is() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let id = anna.create().await;
        // Created on 1 June 2026 at 00:30 in Moscow, which is still May in UTC.
        let at = domain::moment::Date::parse("2026-05-31").expect("a day").days() * domain::moment::DAY_MS
            + 21 * 3_600_000
            + 1_800_000;
        office
            .server
            .db
            .write(move |conn| {
                Box::pin(async move {
                    conn.execute("UPDATE clients SET created = $1 WHERE id = $2", store::values![at, id]).await?;
                    Ok::<_, store::Error>(())
                })
            })
            .await
            .expect("a date");
        for (range, found) in [
            ("2026-06-01..", true),
            ("2026-06-01", true),
            ("2026-06-01..2026-06-01", true),
            ("..2026-05-31", false),
            ("2026-05-01..2026-05-31", false),
            ("..2026-06-01", true),
        ] {
            assert_eq!(anna.found(&format!("?created={range}")).await.len(), usize::from(found), "{range}");
        }
        let page = anna.get("/clients?created=2026-06-01..").await;
        assert_eq!(page.text(".chip-filter"), "Создан с 1 июн 2026");
        assert_eq!(page.attribute(".chip-filter a.x", "href"), "/clients");
    }
}
