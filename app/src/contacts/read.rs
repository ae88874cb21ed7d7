//! Contacts from the database to what is shown.

use domain::fields::kinds::references;
use domain::fields::{Target, Value};
use domain::ids::{FieldKey, RecordId, RecordRef, SectionKey};
use domain::limits::PERSON_ROWS;
use domain::list::ListQuery;
use store::Conn;
use store::record::{self, Record};

use super::fields::KEY;
use super::queries;
use super::view::{ContactView, ContactsView, Whom};
use crate::asked::Asked;
use crate::clients;
use crate::reader::Reader;
use crate::refusal::Refusal;
use crate::values::Names;
use crate::values::count::count_text;
use crate::values::title_cell;
use crate::values::{Cell, cell};

/// The contacts of a client, the main ones first.
pub async fn contacts(of: RecordId) -> Result<ContactsView, Refusal> {
    let asked = Asked::here()?;
    let mut conn = asked.server.db.read().await?;
    let section = asked.section(KEY)?.clone();
    let link = FieldKey::from("clients");
    section.field(&link).ok_or(Refusal::NotFound)?;
    // Whoever may not see the client learns of nobody there.
    let client = record::load(&mut conn, asked.section(clients::KEY)?, of).await?.ok_or(Refusal::NotFound)?;
    let query = ListQuery::default().with_filter(&section, &link, &client.id.to_string());
    let midnight = |date| asked.midnight(date);
    let count = store::list::count_of(&mut conn, &section, &query, &asked.of_list(&midnight)).await?;
    let ids = queries::of_client(&mut conn, &section, &link, &client, PERSON_ROWS).await?;
    let records = record::load_in_order(&mut conn, &section, &ids).await?;
    let names = Names::of_records(&mut conn, &asked, &section, &records).await?;
    let contacts = records
        .iter()
        .map(|record| {
            let value = |key: &str| record.value(&FieldKey::from(key));
            let cells = |key: &str| match section.field_named(key) {
                Some(field) => match cell(field, value(key), &names, &asked) {
                    Cell::Empty => Vec::new(),
                    Cell::Several { parts, .. } => parts,
                    one => vec![one],
                },
                None => Vec::new(),
            };
            ContactView {
                id: record.id,
                href: format!("/{KEY}/{}", record.id),
                title: title_cell(&section, record, asked.lang),
                position: value("position").text().unwrap_or_default().to_string(),
                is_main: *value("main") == Value::Integer(1),
                phones: cells("phones"),
                emails: cells("emails"),
            }
        })
        .collect();
    Ok(ContactsView { contacts, count: count_text(count), href: format!("/{KEY}{}", query.print(&section)) })
}

/// Only what they are called: for a choice.
pub async fn people_of(of: RecordRef) -> Result<Whom, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(KEY)?;
    let link = FieldKey::from("clients");
    section.field(&link).ok_or(Refusal::NotFound)?;
    let mut conn = asked.server.db.read().await?;
    let clients = asked.section(clients::KEY)?;
    let (contact, of_section, ids) = match of.section.as_str() {
        KEY => (false, clients, clients_of(&mut conn, &asked, of.id).await?),
        _ => match client_of(&mut conn, &asked, of).await? {
            Some(client) => (true, section, queries::of_client(&mut conn, section, &link, &client, PERSON_ROWS).await?),
            None => (true, section, Vec::new()),
        },
    };
    let names = record::field_of(&mut conn, of_section, &of_section.title, &ids).await?;
    let called = ids.iter().filter_map(|id| Some((*id, of_section.title_of(names.get(id)?, *id, asked.lang))));
    Ok(Whom { contact, choices: called.collect() })
}

/// The clients of a contact that the reader may see, those that are in use.
pub async fn clients_of(conn: &mut Conn, reader: &Reader, contact: RecordId) -> Result<Vec<RecordId>, Refusal> {
    let section = reader.sees.section(&KEY.into()).ok_or(Refusal::NotFound)?;
    let clients = reader.sees.section(&clients::KEY.into()).ok_or(Refusal::NotFound)?;
    let contact = record::load(conn, section, contact).await?.ok_or(Refusal::NotFound)?;
    let ids = references::ids(contact.value(&FieldKey::from("clients")));
    let records = record::load_in_order(conn, clients, &ids).await?;
    Ok(records.into_iter().filter(|client| client.trashed.is_none()).map(|client| client.id).collect())
}

/// The client that a record is a part of, as far as the reader may see the way to it.
async fn client_of(conn: &mut Conn, reader: &Reader, mut of: RecordRef) -> Result<Option<Record>, Refusal> {
    let to = SectionKey::from(clients::KEY);
    // Each step leads to another section.
    for _ in 0..=reader.sees.sections.len() {
        let section = reader.sees.section(&of.section).ok_or(Refusal::NotFound)?;
        let record = record::load(conn, section, of.id).await?.ok_or(Refusal::NotFound)?;
        if of.section == to {
            return Ok(Some(record));
        }
        let Some(field) = reader.sees.way(&of.section, &to) else { return Ok(None) };
        let value = record.value(&field.key);
        let next = value.number().or_else(|| references::ids(value).first().copied());
        let (Some(Target::Section(section)), Some(id)) = (field.kind.target(), next) else { return Ok(None) };
        of = RecordRef::new(section, id);
    }
    Ok(None)
}
