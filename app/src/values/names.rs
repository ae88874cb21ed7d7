//! The names of what records refer to: employees and records of other sections, each in one query.

use std::collections::BTreeMap;

use domain::change::Change;
use domain::fields::kinds::{self, references};
use domain::fields::{FieldSpec, Kind, Section, SectionSpec, Target, Value};
use domain::ids::{FieldKey, RecordId, SectionKey, UserId};
use store::record::Record;
use store::{Conn, Error};

use crate::reader::Reader;
use crate::ui::Person;
use crate::users::queries::people;

#[derive(Default)]
pub struct Names {
    pub people: BTreeMap<UserId, Person>,
    records: BTreeMap<(SectionKey, RecordId), String>,
    /// What rolled up fields were taken from, by the field and the record that keeps it.
    sources: BTreeMap<(FieldKey, RecordId), Source>,
}

/// The record that a value was taken from: «звонок», with whom, and its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    pub what: String,
    pub with: Option<String>,
    pub text: String,
}

impl Names {
    pub async fn of_records(
        conn: &mut Conn,
        reader: &Reader,
        section: &SectionSpec,
        records: &[Record],
    ) -> Result<Self, Error> {
        let values = records.iter().flat_map(|record| &record.values);
        let deleted = records.iter().filter_map(|record| record.trashed.map(|(_, by)| by));
        let named = values.filter_map(|(key, value)| Some((section.field(key)?, value)));
        let mut names = Self::find(conn, reader, named, deleted).await?;
        for field in section.fields.iter().filter(|field| records.iter().any(|one| one.values.contains_key(&field.key)))
        {
            let Some(from) = field.rollup().and_then(|rollup| reader.sees.section(&rollup.of)) else {
                continue;
            };
            let found = store::rollup::sources(conn, &section.key, from, field, records).await?;
            let values = found.iter().flat_map(|record| &record.values);
            let named = values.filter_map(|(key, value)| Some((from.field(key)?, value)));
            let of_sources = Self::find(conn, reader, named, std::iter::empty()).await?;
            for record in &found {
                names.note_source(reader, section, field, from, record, &of_sources);
            }
        }
        Ok(names)
    }

    fn note_source(
        &mut self,
        reader: &Reader,
        section: &SectionSpec,
        field: &FieldSpec,
        from: &Section,
        record: &Record,
        names: &Self,
    ) {
        let lang = reader.lang;
        let by = field.rollup().and_then(|rollup| from.field(&rollup.by));
        let owner = by.and_then(|by| match by.kind {
            Kind::Record => kinds::record::named(record.value(&by.key)).map(|of| of.id),
            _ => record.value(&by.key).number(),
        });
        let Some(owner) = owner else { return };
        let choice = from.fields.iter().find(|field| !field.kind.choices().is_empty());
        let what = choice.map(|field| field.kind.rules().show(record.value(&field.key), lang));
        // The other record that it names: a person.
        let with =
            from.fields.iter().filter(|other| by.is_none_or(|by| by.key != other.key)).find_map(|other| {
                match (other.kind.target(), record.value(&other.key)) {
                    (Some(Target::Section(to)), Value::Reference(id)) if *to != section.key => names.record(to, *id),
                    _ => None,
                }
            });
        let source = Source {
            what: what.unwrap_or_default().to_lowercase(),
            with: with.map(str::to_string),
            text: record.value(&from.title).text().unwrap_or_default().to_string(),
        };
        self.sources.insert((field.key.clone(), owner), source);
    }

    pub fn source(&self, field: &FieldKey, record: RecordId) -> Option<&Source> {
        self.sources.get(&(field.clone(), record))
    }

    /// The name of an employee or a record.
    pub fn called(&self, target: &Target, id: RecordId) -> Option<&str> {
        match target {
            Target::Users => self.person(id).map(|person| person.name.as_str()),
            Target::Section(section) => self.record(section, id),
        }
    }

    pub async fn of_changes(
        conn: &mut Conn,
        reader: &Reader,
        section: &SectionSpec,
        changes: &[Change],
    ) -> Result<Self, Error> {
        let differences = changes.iter().flat_map(|change| &change.fields);
        let named = differences
            .filter_map(|(key, difference)| Some((section.field(key)?, difference)))
            .flat_map(|(field, difference)| [(field, &difference.old), (field, &difference.new)]);
        Self::find(conn, reader, named, changes.iter().map(|change| change.actor)).await
    }

    async fn find<'a>(
        conn: &mut Conn,
        reader: &Reader,
        named: impl Iterator<Item = (&'a FieldSpec, &'a Value)>,
        users: impl Iterator<Item = UserId>,
    ) -> Result<Self, Error> {
        let mut ids: Vec<UserId> = users.collect();
        let mut records: BTreeMap<SectionKey, Vec<RecordId>> = BTreeMap::new();
        for (field, value) in named {
            match (field.kind.target(), value) {
                (Some(Target::Users), Value::Text(_)) => ids.extend(references::ids(value)),
                (Some(Target::Section(to)), Value::Text(_)) => {
                    records.entry(to.clone()).or_default().extend(references::ids(value));
                }
                (None, Value::Text(_)) if field.kind == Kind::Record => {
                    if let Some(of) = kinds::record::named(value) {
                        records.entry(of.section).or_default().push(of.id);
                    }
                }
                (Some(Target::Users), Value::Reference(id)) => ids.push(*id),
                (Some(Target::Section(to)), Value::Reference(id)) => records.entry(to.clone()).or_default().push(*id),
                _ => {}
            }
        }
        ids.sort_unstable();
        ids.dedup();
        let mut names = Self { people: people(conn, &ids).await?, records: BTreeMap::new(), sources: BTreeMap::new() };
        for (key, ids) in records {
            let Some(section) = reader.sees.section(&key) else { continue };
            for (id, name) in store::record::field_of(conn, section, &section.title, &ids).await? {
                names.records.insert((key.clone(), id), section.title_of(&name, id, reader.lang));
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
