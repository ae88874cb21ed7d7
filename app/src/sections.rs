//! The one place that lists all sections.

use domain::fields::{FieldSpec, Kind, Registry, SectionSpec, Stamp};
use domain::ids::{FieldKey, SectionKey};
use domain::words::{Forms, Label};

use leptos::prelude::*;

use crate::section_code::{CardParts, Part, Parts, SectionCode};
use crate::ui::Sign;
use crate::{clients, contacts, deals, notes, reminders};

/// Parts of the system that may be off: then they are nowhere.
pub const FEATURES: [&str; 4] = [contacts::KEY, deals::KEY, notes::KEY, reminders::KEY];

pub fn registry() -> Registry {
    let mut sections =
        vec![clients::section(), contacts::section(), deals::section(), reminders::section(), notes::section()];
    let contributions = [
        contacts::of_clients(),
        notes::of_clients(),
        reminders::of_clients(),
        reminders::of_deals(),
        deals::of_clients(),
    ];
    for contribution in contributions {
        if let Some(section) = sections.iter_mut().find(|section| section.key == contribution.to) {
            section.receive(contribution);
        }
    }
    Registry::built_in(sections, made_by_owner())
}

/// The icon of a section.
pub fn sign(key: &str) -> Sign {
    match key {
        contacts::KEY => Sign::Contact,
        deals::KEY => Sign::Deal,
        reminders::KEY => Sign::Bell,
        _ => Sign::Clients,
    }
}

/// What stands on the cards of a section, as far as the sections that it comes from are `there`.
pub fn parts(there: impl Fn(&str) -> bool, section: &SectionSpec) -> Parts {
    let code = CODE.iter().find(|code| code.key == section.key.as_str());
    code.map_or(parts_of_any as CardParts, |code| code.parts)(&there)
}

/// What each adds to its declaration.
pub const CODE: &[SectionCode] = &[
    SectionCode {
        key: clients::KEY,
        parts: parts_of_client,
        #[cfg(feature = "ssr")]
        read_form: None,
    },
    SectionCode {
        key: contacts::KEY,
        parts: parts_of_any,
        #[cfg(feature = "ssr")]
        read_form: Some(|form| Box::pin(contacts::write::read_form(form))),
    },
    SectionCode {
        key: deals::KEY,
        parts: parts_of_any,
        #[cfg(feature = "ssr")]
        read_form: Some(|form| Box::pin(deals::write::read_form(form))),
    },
    SectionCode {
        key: reminders::KEY,
        parts: parts_of_reminder,
        #[cfg(feature = "ssr")]
        read_form: Some(|form| Box::pin(reminders::write::read_form(form))),
    },
    SectionCode {
        key: notes::KEY,
        parts: no_parts,
        #[cfg(feature = "ssr")]
        read_form: Some(|form| Box::pin(notes::write::read_form(form))),
    },
];

fn no_parts(_there: &dyn Fn(&str) -> bool) -> Parts {
    Parts::default()
}

fn parts_of_reminder(_there: &dyn Fn(&str) -> bool) -> Parts {
    let own: Part = |of| view! { <reminders::OwnLine id=of.id/> }.into_any();
    Parts { next: Some(own), ..Parts::default() }
}

/// What is said of any record, and what comes next with it.
fn parts_of_any(there: &dyn Fn(&str) -> bool) -> Parts {
    Parts {
        next: there(reminders::KEY).then_some(|of| view! { <reminders::NextLine of/> }.into_any()),
        below_data: None,
        stream: there(notes::KEY).then_some(|of| view! { <notes::Stream of/> }.into_any()),
        latest: there(notes::KEY).then_some(|of| view! { <notes::Latest of/> }.into_any()),
        ahead: there(reminders::KEY).then_some(|of| view! { <reminders::RemindersPanel of/> }.into_any()),
        shown: &[notes::KEY, reminders::KEY],
    }
}

/// What other sections put on a client's card.
fn parts_of_client(there: &dyn Fn(&str) -> bool) -> Parts {
    Parts {
        below_data: there(contacts::KEY).then_some(|of| view! { <contacts::ContactsPanel of=of.id/> }.into_any()),
        ahead: match (there(reminders::KEY), there(deals::KEY)) {
            (true, true) => {
                Some(|of| view! { <reminders::RemindersPanel of=of.clone()/><deals::DealsPanel of/> }.into_any())
            }
            (false, true) => Some(|of| view! { <deals::DealsPanel of/> }.into_any()),
            (_, false) => parts_of_any(there).ahead,
        },
        shown: &[contacts::KEY, deals::KEY, notes::KEY, reminders::KEY],
        ..parts_of_any(there)
    }
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
            FieldSpec::number("number", Label::new("№", "No.")).in_table(),
            FieldSpec::new("name", Kind::Text, Label::new("Название", "Name")).in_table(),
            FieldSpec::employee("responsible", Label::new("Ответственный", "Responsible"))
                .begins(Stamp::Actor)
                .in_table()
                .on_card(),
            FieldSpec::new("created", Kind::Instant, Label::new("Создан", "Created")).on_create(Stamp::Now).on_card(),
            FieldSpec::employee("created_by", Label::new("Создал", "Created by")).on_create(Stamp::Actor).on_card(),
            FieldSpec::new("updated", Kind::Instant, Label::new("Изменён", "Updated")).on_every_change(Stamp::Now),
        ],
        ..SectionSpec::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys stand in links, in the page and in the history: they never change.
    #[test]
    fn the_keys_are_the_ones_that_links_use() {
        let registry = registry();
        let section = registry.section(&clients::KEY.into()).expect("clients");
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
