//! The names of what records refer to: employees and records of other sections, each in one query.

use std::collections::BTreeMap;

use domain::change::Change;
use domain::fields::{FieldSpec, SectionSpec, Target, Value};
use domain::ids::{RecordId, SectionKey, UserId};
use store::record::Record;
use store::{Conn, Error};

use crate::asked::Asked;
use crate::ui::Person;
use crate::users::queries::people;

#[derive(Default)]
pub struct Names {
    pub people: BTreeMap<UserId, Person>,
    records: BTreeMap<(SectionKey, RecordId), String>,
}

impl Names {
    pub async fn of_records(
        conn: &mut Conn,
        asked: &Asked,
        section: &SectionSpec,
        records: &[Record],
    ) -> Result<Self, Error> {
        let values = records.iter().flat_map(|record| &record.values);
        let deleted = records.iter().filter_map(|record| record.trashed.map(|(_, by)| by));
        let named = values.filter_map(|(key, value)| Some((section.field(key)?, value)));
        Self::find(conn, asked, named, deleted).await
    }

    pub async fn of_changes(
        conn: &mut Conn,
        asked: &Asked,
        section: &SectionSpec,
        changes: &[Change],
    ) -> Result<Self, Error> {
        let differences = changes.iter().flat_map(|change| &change.fields);
        let named = differences
            .filter_map(|(key, difference)| Some((section.field(key)?, difference)))
            .flat_map(|(field, difference)| [(field, &difference.old), (field, &difference.new)]);
        Self::find(conn, asked, named, changes.iter().map(|change| change.actor)).await
    }

    async fn find<'a>(
        conn: &mut Conn,
        asked: &Asked,
        named: impl Iterator<Item = (&'a FieldSpec, &'a Value)>,
        users: impl Iterator<Item = UserId>,
    ) -> Result<Self, Error> {
        let mut ids: Vec<UserId> = users.collect();
        let mut records: BTreeMap<SectionKey, Vec<RecordId>> = BTreeMap::new();
        for (field, value) in named {
            match (&field.target, value) {
                (Some(Target::Users), Value::Reference(id)) => ids.push(*id),
                (Some(Target::Section(to)), Value::Reference(id)) => records.entry(to.clone()).or_default().push(*id),
                _ => {}
            }
        }
        ids.sort_unstable();
        ids.dedup();
        let mut names = Self { people: people(conn, &ids).await?, records: BTreeMap::new() };
        for (key, ids) in records {
            let Ok(section) = asked.section(key.as_str()) else { continue };
            for (id, name) in store::record::field_of(conn, section, &section.title, &ids).await? {
                names.records.insert((key.clone(), id), section.title_of(&name, id, asked.user.lang));
            }
        }
        Ok(names)
    }

    pub fn person(&self, id: UserId) -> Option<&Person> {
        self.people.get(&id)
    }

    /// A record that the reader may see.
    pub fn record(&self, section: &SectionKey, id: RecordId) -> Option<&str> {
        self.records.get(&(section.clone(), id)).map(String::as_str)
    }
}
