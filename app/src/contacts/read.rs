//! Contacts from the database to what is shown.

use domain::fields::Value;
use domain::ids::{FieldKey, RecordId};
use domain::limits::CONTACT_ROWS;
use domain::list::ListQuery;
use store::record;

use super::fields::KEY;
use super::queries;
use super::view::{ContactView, ContactsView};
use crate::asked::Asked;
use crate::clients;
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
    let ids = queries::of_client(&mut conn, &section, &link, &client, CONTACT_ROWS).await?;
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
pub async fn people_of(client: RecordId) -> Result<Vec<(RecordId, String)>, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(KEY)?;
    let link = FieldKey::from("clients");
    section.field(&link).ok_or(Refusal::NotFound)?;
    let mut conn = asked.server.db.read().await?;
    let client = record::load(&mut conn, asked.section(clients::KEY)?, client).await?.ok_or(Refusal::NotFound)?;
    let ids = queries::of_client(&mut conn, section, &link, &client, CONTACT_ROWS).await?;
    let names = record::field_of(&mut conn, section, &section.title, &ids).await?;
    let called = ids.iter().filter_map(|id| Some((*id, section.title_of(names.get(id)?, *id, asked.lang))));
    Ok(called.collect())
}
