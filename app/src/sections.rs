//! The one place that lists all sections.

use domain::fields::{FieldSpec, Kind, Registry, SectionSpec, Stamp};
use domain::ids::{FieldKey, SectionKey};
use domain::words::{Forms, Label};

use crate::clients;

/// Parts of the system that may be off: then they are nowhere.
pub const FEATURES: [&str; 1] = [clients::ATTENTION];

pub fn registry() -> Registry {
    Registry { version: 0, sections: vec![clients::section()] }
}

/// What every section that the owner makes begins with.
pub fn made_by_owner() -> SectionSpec {
    SectionSpec {
        key: SectionKey::built_in(""),
        table: String::new(),
        forms: Forms::default(),
        title: FieldKey::built_in("name"),
        search: vec![FieldKey::built_in("name")],
        row_filters: ["name", "responsible", "created"].map(FieldKey::built_in).to_vec(),
        owner: Some(FieldKey::built_in("responsible")),
        fields: vec![
            FieldSpec::new("number", Kind::Integer, Label::new("№", "No."))
                .in_column("id")
                .read_only()
                .default_column(),
            FieldSpec::new("name", Kind::Text, Label::new("Название", "Name")).default_column(),
            FieldSpec::employee("responsible", Label::new("Ответственный", "Responsible"))
                .on_create(Stamp::Actor)
                .default_column()
                .on_card(),
            FieldSpec::new("created", Kind::Instant, Label::new("Создан", "Created"))
                .read_only()
                .on_create(Stamp::Now)
                .on_card(),
            FieldSpec::employee("created_by", Label::new("Создал", "Created by"))
                .read_only()
                .on_create(Stamp::Actor)
                .on_card(),
            FieldSpec::new("updated", Kind::Instant, Label::new("Изменён", "Updated"))
                .read_only()
                .on_create(Stamp::Now)
                .on_update(Stamp::Now),
        ],
        hidden: Vec::new(),
        scope: None,
    }
}
