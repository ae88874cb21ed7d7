//! What a contact is made of: a natural person, with any number of phones and addresses.

use domain::fields::{Contribution, FieldSpec, Kind, Rollup, SectionSpec, Stamp, Take, Target};
use domain::ids::{FieldKey, SectionKey};
use domain::words::{Forms, Label};

use crate::clients;

pub const KEY: &str = "contacts";

pub fn section() -> SectionSpec {
    let of = Target::Section(SectionKey::built_in(clients::KEY));
    SectionSpec {
        key: SectionKey::built_in(KEY),
        table: KEY.into(),
        forms: Forms {
            one: Label::new("Контакт", "Contact"),
            many: Label::new("Контакты", "Contacts"),
            few: Label::new("контакта", "contacts"),
            of_many: Label::new("контактов", "contacts"),
        },
        title: FieldKey::built_in("name"),
        search: ["name", "phones", "emails"].map(FieldKey::built_in).to_vec(),
        row_filters: ["name", "phones", "clients", "position"].map(FieldKey::built_in).to_vec(),
        feature: Some(KEY.into()),
        part_of: Some(FieldKey::built_in("clients")),
        fields: vec![
            FieldSpec::number("number", Label::new("№", "No.")).in_table(),
            FieldSpec::new("name", Kind::Text, Label::new("Имя", "Name")).in_table(),
            FieldSpec::new("clients", Kind::References(of), Label::new("Клиенты", "Clients")).in_table().on_card(),
            FieldSpec::new("position", Kind::Text, Label::new("Должность", "Position")).in_table().on_card(),
            FieldSpec::new("phones", Kind::Phones, Label::new("Телефоны", "Phones")).in_table().on_card(),
            FieldSpec::new("emails", Kind::Emails, Label::new("Почта", "E-mails")).in_table().on_card(),
            FieldSpec::new("main", Kind::YesNo, Label::new("Основной", "Main")).on_card(),
            FieldSpec::new("note", Kind::LongText, Label::new("О человеке", "About")).on_card(),
            FieldSpec::new("created", Kind::Instant, Label::new("Создан", "Created")).on_create(Stamp::Now).on_card(),
            FieldSpec::employee("created_by", Label::new("Создал", "Created by")).on_create(Stamp::Actor).on_card(),
            FieldSpec::new("updated", Kind::Instant, Label::new("Изменён", "Updated")).on_every_change(Stamp::Now),
        ],
        ..SectionSpec::default()
    }
}

/// Whom one talks to at a client, and how they are reached.
pub fn of_clients() -> Contribution {
    let kept = |take| Rollup::new(KEY, "clients", take);
    Contribution::new(KEY, clients::KEY)
        .before(
            "inn",
            FieldSpec::record("contact", KEY, Label::new("Контактное лицо", "Contact person"))
                .rolled_up(kept(Take::First { preferring: FieldKey::built_in("main") }))
                .wide(128)
                .in_table(),
        )
        .before(
            "segment",
            FieldSpec::new("contact_phones", Kind::Phones, Label::new("Телефоны контактов", "Contacts' phones"))
                .rolled_up(kept(Take::Lines(FieldKey::built_in("phones")))),
        )
        .found_with("phone", "contact_phones")
}
