//! The one place that lists all sections.

use domain::fields::{FieldSpec, Kind, Registry, SectionSpec, Stamp};
use domain::ids::{FieldKey, SectionKey};
use domain::words::{Forms, Label};

use leptos::prelude::*;

use crate::card::{Part, Parts};
use crate::ui::Sign;
use crate::{clients, contacts, notes, reminders};

/// Parts of the system that may be off: then they are nowhere.
pub const FEATURES: [&str; 3] = [contacts::KEY, notes::KEY, reminders::KEY];

pub fn registry() -> Registry {
    let sections = vec![clients::section(), contacts::section(), reminders::section(), notes::section()];
    Registry::built_in(sections, made_by_owner())
}

/// What other sections put on a section's card, as far as they are `there`.
pub fn parts(there: impl Fn(&str) -> bool, section: &SectionSpec) -> Parts {
    match section.key.as_str() {
        clients::KEY => {}
        reminders::KEY => {
            let own: Part = |place| view! { <reminders::OwnLine id=place.id/> }.into_any();
            return Parts { next: Some(own), ..Parts::default() };
        }
        _ => return Parts::default(),
    }
    Parts {
        next: there(reminders::KEY).then_some(|place| view! { <reminders::NextLine client=place.id/> }.into_any()),
        below_data: there(contacts::KEY).then_some(|place| view! { <contacts::ContactsPanel of=place.id/> }.into_any()),
        stream: there(notes::KEY).then_some(|place| view! { <notes::Stream client=place.id/> }.into_any()),
        latest: there(notes::KEY).then_some(|place| view! { <notes::Latest client=place.id/> }.into_any()),
        ahead: there(reminders::KEY)
            .then_some(|place| view! { <reminders::RemindersPanel client=place.id/> }.into_any()),
        shown: &[contacts::KEY, notes::KEY, reminders::KEY],
    }
}

/// The icon of a section.
pub fn sign(key: &str) -> Sign {
    match key {
        contacts::KEY => Sign::Contact,
        reminders::KEY => Sign::Bell,
        _ => Sign::Clients,
    }
}

/// What a section's own form means; of one that has none every input is its field.
#[cfg(feature = "ssr")]
pub async fn read_form(
    asked: &crate::asked::Asked,
    section: &domain::fields::Section,
    id: Option<domain::ids::RecordId>,
    pairs: domain::change::Pairs,
) -> Result<domain::change::Patch, crate::refusal::Refusal> {
    match section.key.as_str() {
        notes::KEY => notes::load::read_form(asked, section, id, pairs).await,
        reminders::KEY => reminders::load::read_form(asked, section, id, pairs).await,
        contacts::KEY => contacts::load::read_form(id, pairs),
        _ => Ok(typed(pairs)),
    }
}

/// Every input as its field.
#[cfg(feature = "ssr")]
pub fn typed(pairs: domain::change::Pairs) -> domain::change::Patch {
    let fields = pairs.into_iter().map(|(key, text)| (key, domain::change::Input::Typed(text))).collect();
    domain::change::Patch { fields, accept: Vec::new() }
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
