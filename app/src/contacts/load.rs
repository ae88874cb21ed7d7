//! Contacts from the database to what is shown.

use domain::change::Patch;
use domain::fields::Value;
use domain::ids::{FieldKey, RecordId};
use domain::limits::CONTACT_ROWS;
use domain::list::ListQuery;
use domain::problem::{Code, Problem};
use store::Conn;
use store::list::Shelf;

use super::api::{ContactView, ContactsView};
use super::fields::KEY;
use crate::asked::Asked;
use crate::card::load::Pairs;
use crate::refusal::Refusal;
use crate::table::cell::{Cell, cell};
use crate::table::load::{count_text, title_cell};
use crate::table::names::Names;

pub async fn contacts(of: RecordId) -> Result<ContactsView, Refusal> {
    let asked = Asked::here()?;
    let mut conn = asked.server.db.read().await?;
    contacts_of(&mut conn, &asked, of).await
}

/// The contacts of a client, the main ones first.
pub async fn contacts_of(conn: &mut Conn, asked: &Asked, of: RecordId) -> Result<ContactsView, Refusal> {
    let section = asked.section(KEY)?.clone();
    let link = FieldKey::from("clients");
    section.field(&link).ok_or(Refusal::NotFound)?;
    let query = ListQuery::default().with_filter(&section, &link, &of.to_string());
    let sorted = domain::list::pairs("sort=number");
    let query = domain::list::ListQuery { sort: ListQuery::parse(&section, &sorted).0.sort, ..query };
    let keys: Vec<FieldKey> = section.fields.iter().map(|field| field.key.clone()).collect();
    let midnight = |date| asked.midnight(date);
    let page = store::list::page(conn, &section, &query, &keys, Shelf::InUse, &asked.reader(&midnight)).await?;
    let names = Names::of_records(conn, asked, &section, &page.records).await?;
    let mut contacts: Vec<ContactView> = page
        .records
        .iter()
        .map(|record| {
            let value = |key: &str| record.value(&FieldKey::from(key));
            let cells = |key: &str| match section.field_named(key) {
                Some(field) => match cell(field, value(key), &names, asked) {
                    Cell::Empty => Vec::new(),
                    Cell::Several { parts, .. } => parts,
                    one => vec![one],
                },
                None => Vec::new(),
            };
            ContactView {
                id: record.id,
                href: format!("/{KEY}/{}", record.id),
                title: title_cell(&section, record, asked.user.lang),
                position: value("position").text().unwrap_or_default().to_string(),
                is_main: *value("main") == Value::Integer(1),
                phones: cells("phones"),
                emails: cells("emails"),
            }
        })
        .collect();
    contacts.sort_by_key(|contact| !contact.is_main);
    contacts.truncate(CONTACT_ROWS);
    Ok(ContactsView { contacts, count: count_text(page.count), href: format!("/{KEY}{}", query.print(&section)) })
}

/// A name or a phone is needed; everything else may come later.
pub fn read_form(id: Option<RecordId>, pairs: Pairs) -> Result<Patch, Refusal> {
    let filled = |name: &str| {
        let text = pairs.iter().find(|(key, _)| key.as_str() == name).map(|(_, text)| text.as_str());
        text.is_some_and(|text| text.chars().any(char::is_alphanumeric))
    };
    if id.is_none() && !filled("name") && !filled("phones") {
        return Err(Refusal::Problems(vec![Problem::at(&FieldKey::from("name"), Code::Missing)]));
    }
    Ok(crate::sections::typed(pairs))
}
