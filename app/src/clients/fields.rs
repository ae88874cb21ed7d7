//! What a client is made of.

use domain::fields::{Choice, FieldSpec, Kind, SectionSpec, Stamp};
use domain::ids::{FieldKey, SectionKey};
use domain::words::{Forms, Label};

pub const KEY: &str = "clients";
/// The switch of «Общались» and «Дальше».
pub const ATTENTION: &str = "attention";

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
        search: ["name", "inn", "phone"].map(FieldKey::built_in).to_vec(),
        row_filters: ["name", "inn", "phone", "responsible", "created"].map(FieldKey::built_in).to_vec(),
        owner: Some(FieldKey::built_in("responsible")),
        fields: fields(),
        hidden: Vec::new(),
        scope: None,
    }
}

fn fields() -> Vec<FieldSpec> {
    vec![
        FieldSpec::new("number", Kind::Integer, Label::new("№", "No.")).in_column("id").read_only().default_column(),
        FieldSpec::new("name", Kind::Text, Label::new("Название", "Name")).default_column(),
        FieldSpec::new("inn", Kind::Inn, Label::new("ИНН", "INN")).default_column().on_card(),
        FieldSpec::new("kpp", Kind::Kpp, Label::new("КПП", "KPP")).on_card(),
        FieldSpec::new("ogrn", Kind::Ogrn, Label::new("ОГРН", "OGRN")).on_card(),
        FieldSpec::new("phone", Kind::Phone, Label::new("Телефон", "Phone")).default_column().on_card(),
        FieldSpec::new("segment", Kind::Choice, Label::new("Сегмент", "Segment"))
            .choices(segments())
            .default_column()
            .on_card(),
        FieldSpec::new("email", Kind::Email, Label::new("Почта", "E-mail")).on_card(),
        FieldSpec::new("site", Kind::Link, Label::new("Сайт", "Site")).on_card(),
        FieldSpec::new("address", Kind::Text, Label::new("Адрес", "Address")).on_card(),
        FieldSpec::employee("responsible", Label::new("Ответственный", "Responsible"))
            .on_create(Stamp::Actor)
            .default_column()
            .on_card(),
        FieldSpec::new("created", Kind::Instant, Label::new("Создан", "Created"))
            .read_only()
            .on_create(Stamp::Now)
            .default_column()
            .on_card(),
        FieldSpec::employee("created_by", Label::new("Создал", "Created by"))
            .read_only()
            .on_create(Stamp::Actor)
            .on_card(),
        FieldSpec::new("updated", Kind::Instant, Label::new("Изменён", "Updated"))
            .read_only()
            .on_create(Stamp::Now)
            .on_update(Stamp::Now),
        FieldSpec::new("last_touch", Kind::Instant, Label::new("Общались", "Last talked"))
            .read_only()
            .of_feature(ATTENTION)
            .on_card(),
        FieldSpec::new("next_reminder", Kind::Instant, Label::new("Дальше", "Next step"))
            .read_only()
            .of_feature(ATTENTION)
            .on_card(),
    ]
}

/// Ids stand in the column: they never change their meaning.
fn segments() -> Vec<Choice> {
    [("Опт", "Wholesale"), ("Розница", "Retail"), ("Производство", "Industry"), ("Госсектор", "Public sector")]
        .into_iter()
        .zip(1..)
        .map(|((ru, en), id)| Choice { id, label: Label::new(ru, en) })
        .collect()
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
        assert_eq!(columns, ["number", "name", "inn", "phone", "segment", "responsible", "created"]);
        assert_eq!(section.key.as_str(), "clients");
    }
}
