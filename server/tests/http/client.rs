//! What is said of a client in lists and on its card.

use crate::office::Office;

#[tokio::test(flavor = "multi_thread")]
async fn a_client_without_a_name_is_called_by_its_number() {
    for office in Office::both().await {
        let mut anna = office.anna().await;
        let id = anna.create().await;
        let card = anna.get(&format!("/clients/{id}")).await;
        assert_eq!(card.text("[data-field=name] .auto"), format!("Клиент № {id}"));
        assert!(card.body.contains(&format!("№\u{202f}{id}")), "the number stands after a narrow blank");
        assert_eq!(card.text("dd[data-field=responsible]"), "АКАнна Крылова");
        assert_eq!(card.text("dd[data-field=created_by]"), "АКАнна Крылова");

        // Named, then without a name again: the number comes back.
        anna.edit(id, "name", "ООО «Маяк»").await;
        let list = anna.get("/clients").await;
        assert_eq!(list.text("td[data-field=name]"), "ООО «Маяк»");
        anna.edit(id, "name", "").await;
        let list = anna.get("/clients").await;
        assert_eq!(list.text("td[data-field=name]"), format!("Клиент № {id}"));

        // It sorts after real names, in both directions.
        let named = anna.client(&[("name", "АО «Ёлка»")]).await;
        assert_eq!(anna.found("?sort=name").await, [named, id]);
        assert_eq!(anna.found("?sort=-name").await, [named, id]);
    }
}
