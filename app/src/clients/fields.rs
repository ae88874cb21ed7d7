//! What a client is made of.

use domain::fields::{Choices, FieldSpec, Integer, Kind, ReadyView, Rollup, SectionSpec, Stamp, Take, Value};
use domain::ids::{FieldKey, SectionKey};
use domain::words::{Forms, Label};

use crate::{contacts, notes, reminders};

pub const KEY: &str = "clients";

/// Days: from one to ten years.
const RHYTHM: Integer = Integer { within: Some((1, 3650)) };

pub fn section() -> SectionSpec {
    SectionSpec {
        key: SectionKey::built_in(KEY),
        table: "clients".into(),
        forms: Forms {
            one: Label::new("Клиент", "Client"),
            many: Label::new("Клиенты", "Clients"),
            few: Label::new("клиента", "clients"),
            of_many: Label::new("клиентов", "clients"),
        },
        title: FieldKey::built_in("name"),
        search: ["name", "inn", "phone", "contact_phones"].map(FieldKey::built_in).to_vec(),
        row_filters: ["name", "inn", "phone", "responsible", "created"].map(FieldKey::built_in).to_vec(),
        owner: Some(FieldKey::built_in("responsible")),
        views: views(),
        fields: fields(),
        ..SectionSpec::default()
    }
}

fn fields() -> Vec<FieldSpec> {
    vec![
        FieldSpec::number("number", Label::new("№", "No.")).in_table(),
        FieldSpec::new("name", Kind::Text, Label::new("Название", "Name")).in_table(),
        FieldSpec::record("contact", contacts::KEY, Label::new("Контактное лицо", "Contact person"))
            .rolled_up(Rollup::new(contacts::KEY, "clients", Take::First { preferring: FieldKey::built_in("main") }))
            .of_feature(contacts::KEY)
            .wide(128)
            .in_table(),
        FieldSpec::new("inn", Kind::Inn, Label::new("ИНН", "INN")).on_card(),
        FieldSpec::new("kpp", Kind::Kpp, Label::new("КПП", "KPP")).on_card(),
        FieldSpec::new("ogrn", Kind::Ogrn, Label::new("ОГРН", "OGRN")).on_card(),
        FieldSpec::new("phone", Kind::Phone, Label::new("Телефон", "Phone"))
            .also(&["contact_phones"])
            .wide(144)
            .in_table()
            .on_card(),
        FieldSpec::new("contact_phones", Kind::Phones, Label::new("Телефоны контактов", "Contacts' phones"))
            .rolled_up(Rollup::new(contacts::KEY, "clients", Take::Lines(FieldKey::built_in("phones"))))
            .of_feature(contacts::KEY),
        FieldSpec::new("last_touch", Kind::Instant, Label::new("Общались", "Last talked"))
            .rolled_up(
                Rollup::new(notes::KEY, "client", Take::Latest(FieldKey::built_in("at")))
                    .only("talked", Value::Integer(1)),
            )
            .rhythm("rhythm")
            .of_feature(notes::KEY)
            .wide(188)
            .in_table(),
        FieldSpec::new("last_attempt", Kind::Instant, Label::new("Не дозвонились", "No answer"))
            .rolled_up(
                Rollup::new(notes::KEY, "client", Take::Latest(FieldKey::built_in("at")))
                    .only("kind", Value::Integer(notes::CALL))
                    .only("talked", Value::Integer(0)),
            )
            .of_feature(notes::KEY),
        FieldSpec::new("next_reminder", Kind::Instant, Label::new("Дальше", "Next step"))
            .rolled_up(
                Rollup::new(reminders::KEY, "client", Take::Earliest(FieldKey::built_in("when")))
                    .only("done", Value::Empty),
            )
            .of_feature(reminders::KEY)
            .wide(204)
            .in_table(),
        FieldSpec::choice("segment", segments(), Label::new("Сегмент", "Segment")).on_card(),
        FieldSpec::new("email", Kind::Email, Label::new("Почта", "E-mail")).on_card(),
        FieldSpec::new("site", Kind::Link, Label::new("Сайт", "Site")).on_card(),
        FieldSpec::new("address", Kind::Text, Label::new("Адрес", "Address")).on_card(),
        FieldSpec::employee("responsible", Label::new("Ответственный", "Responsible"))
            .begins(Stamp::Actor)
            .wide(164)
            .in_table()
            .on_card(),
        FieldSpec::new("created", Kind::Instant, Label::new("Создан", "Created")).on_create(Stamp::Now).on_card(),
        FieldSpec::employee("created_by", Label::new("Создал", "Created by")).on_create(Stamp::Actor).on_card(),
        FieldSpec::new("updated", Kind::Instant, Label::new("Изменён", "Updated")).on_every_change(Stamp::Now),
        FieldSpec::new("rhythm", Kind::Integer(RHYTHM), Label::new("Общаться раз в … дней", "Talk every … days"))
            .of_feature(notes::KEY)
            .on_card(),
    ]
}

/// Whom to call: clients never talked to do not count as silent.
fn views() -> Vec<ReadyView> {
    let view = |ru, en, query: &str, alarm| ReadyView { label: Label::new(ru, en), query: query.into(), alarm };
    vec![
        view("Давно не общались", "Silent", "last_touch.older=own", false),
        view("Без напоминания", "No reminder", "next_reminder.empty=1&last_touch.filled=1", false),
        view("Просрочено", "Overdue", "next_reminder.older=0d", true),
    ]
}

/// Ids stand in the column: they never change their meaning.
fn segments() -> Choices {
    Choices::of([
        ("Опт", "Wholesale", 1),
        ("Розница", "Retail", 2),
        ("Производство", "Industry", 3),
        ("Госсектор", "Public sector", 4),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys stand in links, in the page and in the history: they never change.
    #[test]
    fn the_keys_are_the_ones_that_links_use() {
        let section = section();
        let keys: Vec<&str> = section.fields.iter().map(|field| field.key.as_str()).collect();
        for key in [
            "number",
            "name",
            "inn",
            "kpp",
            "phone",
            "email",
            "address",
            "site",
            "responsible",
            "created",
            "created_by",
            "updated",
        ] {
            assert!(keys.contains(&key), "{key}");
        }
        let columns: Vec<String> = section.default_columns().iter().map(|key| key.to_string()).collect();
        assert_eq!(columns, ["number", "name", "contact", "phone", "last_touch", "next_reminder", "responsible"]);
        assert_eq!(section.key.as_str(), "clients");
    }
}
