//! The registry as it stands: the sections of the program with what the owner has changed of them, and those
//! that the owner has made.

use domain::fields::{FieldSpec, Kind, KindData, Registry, Section, SectionSpec, Target, Written};
use domain::ids::{FieldKey, SectionKey};
use domain::words::{Forms, Label};

use crate::db::{Conn, Error, Row};
use crate::{scope, values};

/// What is switched off is in no section's fields, and no section that is.
pub async fn load(conn: &mut Conn, built_in: &Registry) -> Result<Registry, Error> {
    read(conn, built_in, false).await
}

/// Also with the sections that are switched off: for work on all that is kept.
pub async fn load_all(conn: &mut Conn, built_in: &Registry) -> Result<Registry, Error> {
    read(conn, built_in, true).await
}

pub async fn version(conn: &mut Conn) -> Result<i64, Error> {
    conn.one("SELECT version FROM registry WHERE one = 1", values![]).await?.get("version")
}

async fn read(conn: &mut Conn, built_in: &Registry, with_all: bool) -> Result<Registry, Error> {
    // The version first: a declaration made meanwhile is found by the next look at it.
    let mut registry = Registry { version: version(conn).await?, ..built_in.clone() };
    add_made_sections(conn, &mut registry, with_all).await?;
    give_words(conn, &mut registry).await?;
    add_made_fields(conn, &mut registry).await?;
    lay_over(conn, &mut registry).await?;
    let rows = conn.all("SELECT name FROM feature ORDER BY name", values![]).await?;
    let features = rows.iter().map(|row| row.get("name")).collect::<Result<Vec<String>, _>>()?;
    switch_off(&mut registry, &features, with_all);
    registry.connect();
    Ok(registry)
}

async fn add_made_sections(conn: &mut Conn, registry: &mut Registry, with_all: bool) -> Result<(), Error> {
    let rows = conn
        .all(
            "SELECT id, one_ru, one_en, many_ru, many_en, few_ru, few_en, of_many_ru, of_many_en, hidden \
             FROM made_section ORDER BY id",
            values![],
        )
        .await?;
    for row in rows {
        if with_all || !row.get::<bool>("hidden")? {
            let spec = made_section(&registry.template, row.get("id")?, forms(&row, Forms::default())?);
            registry.sections.push(Section::from(spec));
        }
    }
    Ok(())
}

/// A section of the owner's, without the fields that were added to it.
pub(crate) fn made_section(template: &SectionSpec, id: i64, forms: Forms) -> SectionSpec {
    let key = SectionKey::numbered(id);
    SectionSpec { table: scope::table(&key), key, forms, ..template.clone() }
}

/// The words of a built-in section that has been given others.
async fn give_words(conn: &mut Conn, registry: &mut Registry) -> Result<(), Error> {
    let rows = conn
        .all(
            "SELECT section, one_ru, one_en, many_ru, many_en, few_ru, few_en, of_many_ru, of_many_en \
             FROM section_words ORDER BY section",
            values![],
        )
        .await?;
    for row in rows {
        if let Some(section) = named(registry, &row)? {
            section.forms = forms(&row, section.forms.clone())?;
        }
    }
    Ok(())
}

fn forms(row: &Row, own: Forms) -> Result<Forms, Error> {
    let label = |ru, en, own: Label| -> Result<Label, Error> {
        let given: (Option<String>, Option<String>) = (row.get(ru)?, row.get(en)?);
        Ok(Label { ru: given.0.unwrap_or(own.ru), en: given.1.unwrap_or(own.en) })
    };
    Ok(Forms {
        one: label("one_ru", "one_en", own.one)?,
        many: label("many_ru", "many_en", own.many)?,
        few: label("few_ru", "few_en", own.few)?,
        of_many: label("of_many_ru", "of_many_en", own.of_many)?,
    })
}

async fn add_made_fields(conn: &mut Conn, registry: &mut Registry) -> Result<(), Error> {
    let rows = conn
        .all(
            "SELECT id, section, label_ru, label_en, kind, data, place, in_table, on_card, in_filters, required, \
             hidden FROM made_field ORDER BY id",
            values![],
        )
        .await?;
    for row in rows {
        let (in_filters, hidden): (bool, bool) = (row.get("in_filters")?, row.get("hidden")?);
        let data: Option<String> = row.get("data")?;
        let kind = made_kind(&row.get::<String>("kind")?, data.as_deref())?;
        let mut field = made_field(row.get("id")?, kind, Label { ru: row.get("label_ru")?, en: row.get("label_en")? });
        field.place = row.get("place")?;
        field.in_table = row.get("in_table")?;
        field.on_card = row.get("on_card")?;
        field.required = row.get("required")?;
        if let Some(section) = named(registry, &row)? {
            if in_filters {
                section.row_filters.push(field.key.clone());
            }
            if hidden { &mut section.hidden } else { &mut section.spec.fields }.push(field);
        }
    }
    Ok(())
}

/// A field of the owner's.
pub(crate) fn made_field(id: i64, kind: Kind, label: Label) -> FieldSpec {
    let key = FieldKey::numbered(id);
    FieldSpec { key, column: format!("c_{id}"), ..FieldSpec::new("", kind, label) }
}

pub(crate) fn made_kind(name: &str, data: Option<&str>) -> Result<Kind, Error> {
    let corrupt = || Error::Corrupt(format!("a field of the kind {name} has {data:?}"));
    let read: KindData = match data {
        Some(data) => serde_json::from_str(data).map_err(|_| corrupt())?,
        None => KindData::default(),
    };
    Kind::from_parts(name, read).ok_or_else(corrupt)
}

/// What the owner has changed of built-in fields; NULL is what the program says.
async fn lay_over(conn: &mut Conn, registry: &mut Registry) -> Result<(), Error> {
    let rows = conn
        .all(
            "SELECT section, field, label_ru, label_en, place, in_table, on_card, in_filters, required, hidden \
             FROM field_overlay ORDER BY section, field",
            values![],
        )
        .await?;
    for row in rows {
        let key: String = row.get("field")?;
        let Some(section) = named(registry, &row)? else { continue };
        let Some(number) = section.fields.iter().position(|field| field.key.as_str() == key) else { continue };
        let spec = &mut section.spec;
        let field = &mut spec.fields[number];
        let (ru, en): (Option<String>, Option<String>) = (row.get("label_ru")?, row.get("label_en")?);
        field.label = Label { ru: ru.unwrap_or(field.label.ru.clone()), en: en.unwrap_or(field.label.en.clone()) };
        field.place = row.get::<Option<i64>>("place")?.unwrap_or(field.place);
        field.in_table = row.get::<Option<bool>>("in_table")?.unwrap_or(field.in_table);
        field.on_card = row.get::<Option<bool>>("on_card")?.unwrap_or(field.on_card);
        field.required = row.get::<Option<bool>>("required")?.unwrap_or(field.required);
        let stands = spec.row_filters.contains(&field.key);
        match row.get::<Option<bool>>("in_filters")? {
            Some(true) if !stands => spec.row_filters.push(field.key.clone()),
            Some(false) => spec.row_filters.retain(|kept| kept.as_str() != key),
            Some(true) | None => {}
        }
        if row.get::<Option<bool>>("hidden")? == Some(true) {
            let field = spec.fields.remove(number);
            section.hidden.push(field);
        }
    }
    Ok(())
}

fn named<'a>(registry: &'a mut Registry, row: &Row) -> Result<Option<&'a mut Section>, Error> {
    let key: String = row.get("section")?;
    Ok(registry.sections.iter_mut().find(|section| section.key.as_str() == key))
}

/// Takes out what belongs to a switch that is off, or to a section that is not there.
fn switch_off(registry: &mut Registry, features: &[String], with_all: bool) {
    let is_on = |feature: &Option<String>| feature.as_ref().is_none_or(|feature| features.contains(feature));
    if !with_all {
        registry.sections.retain(|section| is_on(&section.feature));
    }
    let keys: Vec<SectionKey> = registry.sections.iter().map(|section| section.key.clone()).collect();
    for section in &mut registry.sections {
        let (mut on, off): (Vec<_>, Vec<_>) = std::mem::take(&mut section.fields).into_iter().partition(|field| {
            let reachable = match field.kind.target() {
                Some(Target::Section(to)) => keys.contains(to),
                Some(Target::Users) | None => true,
            };
            let source = match &field.written {
                Written::Rollup(rollup) => keys.contains(&rollup.of),
                Written::ByHand { .. }
                | Written::ByForm
                | Written::Stamp { .. }
                | Written::Computed(_)
                | Written::Number => true,
            };
            is_on(&field.feature) && reachable && source
        });
        on.sort_by_key(|field| field.place);
        section.fields = on;
        section.hidden.extend(off);
        let views = std::mem::take(&mut section.views);
        section.views = views.into_iter().filter(|view| view.is_whole(section)).collect();
    }
}
