//! What a client is made of.

use domain::fields::{Choices, FieldSpec, Kind, SectionSpec, Stamp};
use domain::ids::{FieldKey, SectionKey};
use domain::words::{Forms, Label};

pub const KEY: &str = "clients";

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
        ..SectionSpec::default()
    }
}

fn fields() -> Vec<FieldSpec> {
    vec![
        FieldSpec::number("number", Label::new("№", "No.")).in_table(),
        FieldSpec::new("name", Kind::Text, Label::new("Название", "Name")).in_table(),
        FieldSpec::new("inn", Kind::Inn, Label::new("ИНН", "INN")).on_card(),
        FieldSpec::new("kpp", Kind::Kpp, Label::new("КПП", "KPP")).on_card(),
        FieldSpec::new("ogrn", Kind::Ogrn, Label::new("ОГРН", "OGRN")).on_card(),
        FieldSpec::new("phone", Kind::Phone, Label::new("Телефон", "Phone")).wide(144).in_table().on_card(),
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
