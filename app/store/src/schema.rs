//! Sections and fields made while the system runs: their declaration, their table and their columns, in
//! one transaction. Names in SQL are numbers only (`s_5`, `c_12`); removing hides, the data stays.

use domain::fields::{Choice, FieldSpec, Kind, Registry, SectionSpec, Target};
use domain::ids::{FieldKey, SectionKey};
use domain::limits::{CHOICES_MAX, FIELDS_PER_SECTION_MAX, LABEL_CHARS_MAX, SECTIONS_MAX};
use domain::rights::{Action, may};
use domain::words::{Forms, Label};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::db::{AsTransient, Conn, Db, Dialect, Error};
use crate::record::{self, Storage, storage};
use crate::write::Context;
use crate::{search, values};

/// Why a declaration was not made.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("no right to this")]
    Forbidden,
    #[error("there is no such section or field")]
    NotFound,
    #[error("a name is missing or too long")]
    BadName,
    #[error("the choices are missing, or too many")]
    BadChoices,
    #[error("the reference points at nothing")]
    BadTarget,
    #[error("there are as many as there may be")]
    TooMany,
    #[error(transparent)]
    Store(#[from] Error),
}

impl AsTransient for Refusal {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}

/// A field as its owner describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewField {
    pub label: Label,
    pub kind: Kind,
    /// Labels of the values, for a choice.
    pub choices: Vec<Label>,
    /// Of a reference.
    pub target: Option<Target>,
}

/// What a change of the declarations gives: the registry's version after it.
type Done<T> = Result<T, Refusal>;

/// The registry as it stands: built-in sections and the owner's. What is switched off is in no section's
/// fields, and no section that is.
pub async fn load(conn: &mut Conn, built_in: &Registry) -> Result<Registry, Error> {
    read(conn, built_in, "SELECT id, spec FROM made_section WHERE retired = FALSE ORDER BY id", false).await
}

/// Also with the sections that are switched off: for work on all that is kept.
pub async fn load_all(conn: &mut Conn, built_in: &Registry) -> Result<Registry, Error> {
    read(conn, built_in, "SELECT id, spec FROM made_section ORDER BY id", true).await
}

async fn read(conn: &mut Conn, built_in: &Registry, sections: &'static str, with_all: bool) -> Result<Registry, Error> {
    // The version first: a declaration made meanwhile is found by the next look at it.
    let mut registry = Registry { version: version(conn).await?, ..built_in.clone() };
    for row in conn.all(sections, values![]).await? {
        registry.sections.push(from_json(&row.get::<String>("spec")?)?);
    }
    for row in conn.all("SELECT section, forms FROM section_words ORDER BY section", values![]).await? {
        let key: String = row.get("section")?;
        let forms: Forms = from_json(&row.get::<String>("forms")?)?;
        if let Some(section) = registry.sections.iter_mut().find(|section| section.key.as_str() == key) {
            section.forms = forms;
        }
    }
    for row in conn.all("SELECT section, spec, retired FROM made_field ORDER BY id", values![]).await? {
        let key: String = row.get("section")?;
        let field: FieldSpec = from_json(&row.get::<String>("spec")?)?;
        let retired: bool = row.get("retired")?;
        if let Some(section) = registry.sections.iter_mut().find(|section| section.key.as_str() == key) {
            if retired { &mut section.hidden } else { &mut section.fields }.push(field);
        }
    }
    let features: Vec<String> = conn
        .all("SELECT name FROM feature ORDER BY name", values![])
        .await?
        .iter()
        .map(|row| row.get("name"))
        .collect::<Result<_, _>>()?;
    if !with_all {
        let is_on = |section: &SectionSpec| section.feature.as_ref().is_none_or(|feature| features.contains(feature));
        registry.sections.retain(is_on);
    }
    let keys: Vec<SectionKey> = registry.sections.iter().map(|section| section.key.clone()).collect();
    for section in &mut registry.sections {
        let (on, off): (Vec<_>, Vec<_>) = std::mem::take(&mut section.fields).into_iter().partition(|field| {
            let on = field.feature.as_ref().is_none_or(|feature| features.contains(feature));
            let reachable = match &field.target {
                Some(Target::Section(to)) => keys.contains(to),
                Some(Target::Users) | None => true,
            };
            on && reachable && field.rollup.as_ref().is_none_or(|rollup| keys.contains(&rollup.of))
        });
        section.fields = on;
        section.hidden.extend(off);
        let views = std::mem::take(&mut section.views);
        section.views = views.into_iter().filter(|view| view.is_whole(section)).collect();
    }
    registry.connect();
    Ok(registry)
}

pub async fn version(conn: &mut Conn) -> Result<i64, Error> {
    conn.one("SELECT version FROM registry WHERE one = 1", values![]).await?.get("version")
}

/// Makes a section with these fields and its table. `template.key` and `template.table` are given here.
pub async fn make_section(db: &Db, context: &Context, forms: Forms, template: SectionSpec) -> Done<SectionKey> {
    allow(context)?;
    for label in [&forms.one, &forms.many, &forms.few, &forms.of_many] {
        check_label(label)?;
    }
    let context = context.clone();
    db.write(move |conn| {
        let (context, forms, mut spec) = (context.clone(), forms.clone(), template.clone());
        Box::pin(async move {
            let made: i64 = conn.one("SELECT COUNT(id) AS made FROM made_section", values![]).await?.get("made")?;
            if made >= SECTIONS_MAX as i64 {
                return Err(Refusal::TooMany);
            }
            let row = conn.one("INSERT INTO made_section (spec) VALUES ('') RETURNING id", values![]).await?;
            let id: i64 = row.get("id")?;
            spec.key = SectionKey::numbered(id);
            spec.table = record::table(&spec.key);
            spec.forms = forms;
            conn.execute("UPDATE made_section SET spec = $2 WHERE id = $1", values![id, json(&spec)?]).await?;
            declared(conn, &context, "sections", id).await?;
            create_table(conn, &spec).await?;
            Ok(spec.key)
        })
    })
    .await
}

/// Adds a field to a section, its column and its index.
pub async fn make_field(db: &Db, context: &Context, section: &SectionSpec, new: NewField) -> Done<FieldKey> {
    allow(context)?;
    check_label(&new.label)?;
    if section.fields.len() >= FIELDS_PER_SECTION_MAX {
        return Err(Refusal::TooMany);
    }
    let is_choice = new.kind == Kind::Choice;
    if is_choice == new.choices.is_empty() || new.choices.len() > CHOICES_MAX {
        return Err(Refusal::BadChoices);
    }
    for label in &new.choices {
        check_label(label)?;
    }
    if (new.kind == Kind::Reference) != new.target.is_some() || new.kind == Kind::Instant {
        return Err(Refusal::BadTarget);
    }
    let (context, section) = (context.clone(), section.clone());
    db.write(move |conn| {
        let (context, section, new) = (context.clone(), section.clone(), new.clone());
        Box::pin(async move {
            let row = conn
                .one(
                    "INSERT INTO made_field (section, spec) VALUES ($1, '') RETURNING id",
                    values![section.key.as_str()],
                )
                .await?;
            let id: i64 = row.get("id")?;
            let choices = (1..).zip(&new.choices).map(|(id, label)| Choice { id, label: label.clone() }).collect();
            let field = FieldSpec {
                key: FieldKey::numbered(id),
                column: format!("c_{id}"),
                label: new.label,
                target: new.target,
                choices,
                on_card: true,
                default_column: !section.key.is_built_in(),
                ..FieldSpec::new("", new.kind, Label::default())
            };
            conn.execute("UPDATE made_field SET spec = $2 WHERE id = $1", values![id, json(&field)?]).await?;
            declared(conn, &context, "fields", id).await?;
            add_columns(conn, &section.table, &field).await?;
            Ok(field.key)
        })
    })
    .await
}

/// Switches a field of the owner's off, or on again. Its column keeps what is in it.
pub async fn retire_field(db: &Db, context: &Context, key: &FieldKey, retired: bool) -> Done<()> {
    allow(context)?;
    let id = key.number().ok_or(Refusal::NotFound)?;
    let sql = "UPDATE made_field SET retired = $2 WHERE id = $1";
    retire(db, context, "fields", sql, id, retired).await
}

/// Switches a section of the owner's off, or on again. Its table keeps what is in it.
pub async fn retire_section(db: &Db, context: &Context, key: &SectionKey, retired: bool) -> Done<()> {
    allow(context)?;
    let id = key.number().ok_or(Refusal::NotFound)?;
    let sql = "UPDATE made_section SET retired = $2 WHERE id = $1";
    retire(db, context, "sections", sql, id, retired).await
}

async fn retire(db: &Db, context: &Context, what: &'static str, sql: &'static str, id: i64, retired: bool) -> Done<()> {
    let context = context.clone();
    db.write(move |conn| {
        let context = context.clone();
        Box::pin(async move {
            if conn.execute(sql, values![id, retired]).await? != 1 {
                return Err(Refusal::NotFound);
            }
            declared(conn, &context, what, id).await
        })
    })
    .await
}

/// Gives a section other words.
pub async fn rename_section(db: &Db, context: &Context, section: &SectionKey, forms: Forms) -> Done<()> {
    allow(context)?;
    for label in [&forms.one, &forms.many, &forms.few, &forms.of_many] {
        check_label(label)?;
    }
    let (context, section) = (context.clone(), section.clone());
    db.write(move |conn| {
        let (context, section, forms) = (context.clone(), section.clone(), forms.clone());
        Box::pin(async move {
            conn.execute(
                "INSERT INTO section_words (section, forms) VALUES ($1, $2) \
                 ON CONFLICT (section) DO UPDATE SET forms = $2",
                values![section.as_str(), json(&forms)?],
            )
            .await?;
            declared(conn, &context, "words", section.number().unwrap_or(0)).await
        })
    })
    .await
}

/// Turns a switch on or off.
pub async fn set_feature(db: &Db, context: &Context, name: &'static str, on: bool) -> Done<()> {
    allow(context)?;
    let context = context.clone();
    db.write(move |conn| {
        let context = context.clone();
        Box::pin(async move {
            let sql = match on {
                true => "INSERT INTO feature (name) VALUES ($1) ON CONFLICT DO NOTHING",
                false => "DELETE FROM feature WHERE name = $1",
            };
            conn.execute(sql, values![name]).await?;
            declared(conn, &context, "features", 0).await
        })
    })
    .await
}

fn allow(context: &Context) -> Done<()> {
    if may(&context.actor, Action::Administer) { Ok(()) } else { Err(Refusal::Forbidden) }
}

fn check_label(label: &Label) -> Done<()> {
    let good = |text: &str| {
        !text.trim().is_empty() && text.chars().count() <= LABEL_CHARS_MAX && !text.chars().any(char::is_control)
    };
    if good(&label.ru) && good(&label.en) { Ok(()) } else { Err(Refusal::BadName) }
}

/// Raises the registry's version and notes who did it, in the same transaction. Before any table is touched:
/// writers hold the version first and their tables then.
async fn declared(conn: &mut Conn, context: &Context, what: &str, id: i64) -> Done<()> {
    // A SELECT would wait behind a queued ALTER: it gives up soon and is tried again.
    if conn.dialect() == Dialect::Postgres {
        conn.define("SET LOCAL lock_timeout = '1s'".into()).await?;
    }
    conn.execute("UPDATE registry SET version = version + 1 WHERE one = 1", values![]).await?;
    conn.execute(
        "INSERT INTO change (op, section, record, version, at, actor, source, act, fields) \
         SELECT $1, $2, $3, version, $4, $5, $6, 'update', '{}' FROM registry WHERE one = 1",
        values![context.op.as_str(), what, id, context.now, context.actor.id, context.source.as_str()],
    )
    .await?;
    Ok(())
}

async fn create_table(conn: &mut Conn, section: &SectionSpec) -> Result<(), Error> {
    let id = match conn.dialect() {
        Dialect::Sqlite => "INTEGER",
        Dialect::Postgres => "BIGINT",
    };
    let table = &section.table;
    conn.define(format!(
        "CREATE TABLE {table} (id {id} PRIMARY KEY, version BIGINT NOT NULL, trashed BIGINT, trashed_by BIGINT)"
    ))
    .await?;
    conn.define(format!("CREATE INDEX {table}_trashed ON {table} (trashed, id) WHERE trashed IS NOT NULL")).await?;
    for field in section.fields.iter().filter(|field| field.column != "id") {
        add_columns(conn, table, field).await?;
    }
    define_search(conn, section).await?;
    search::complete(conn, section).await
}

/// The index of pairs of letters, where there is none.
pub(crate) async fn define_search(conn: &mut Conn, section: &SectionSpec) -> Result<(), Error> {
    let (table, index) = (&section.table, search::index(section));
    match conn.dialect() {
        Dialect::Sqlite => {
            conn.define(format!(
                "CREATE VIRTUAL TABLE IF NOT EXISTS {index} \
                 USING fts5(p, content='', contentless_delete=1, tokenize='ascii')"
            ))
            .await?;
        }
        Dialect::Postgres => {
            conn.define(format!("ALTER TABLE {table} ADD COLUMN IF NOT EXISTS pairs INTEGER[]")).await?;
            conn.define(format!("CREATE INDEX IF NOT EXISTS {index} ON {table} USING GIN (pairs)")).await?;
        }
    }
    Ok(())
}

/// The columns of a field and the index that finds and sorts by it. All are empty: it is quick.
async fn add_columns(conn: &mut Conn, table: &str, field: &FieldSpec) -> Result<(), Error> {
    let collate = match conn.dialect() {
        Dialect::Sqlite => "",
        // Code-point order, as in SQLite and in Rust.
        Dialect::Postgres => " COLLATE \"C\"",
    };
    let column = &field.column;
    let own = match storage(field.kind) {
        Storage::Text => format!("TEXT{}", if field.kind.rules().has_key() { "" } else { collate }),
        Storage::Number(_) => "BIGINT".to_string(),
    };
    conn.define(format!("ALTER TABLE {table} ADD COLUMN {column} {own}")).await?;
    let key = field.key_column();
    if key != *column {
        conn.define(format!("ALTER TABLE {table} ADD COLUMN {key} TEXT{collate}")).await?;
    }
    if let Some(doubt) = field.doubt_column() {
        conn.define(format!("ALTER TABLE {table} ADD COLUMN {doubt} BIGINT")).await?;
    }
    if field.kind != Kind::LongText {
        conn.define(format!("CREATE INDEX {table}_{column} ON {table} ({key}, id) WHERE trashed IS NULL")).await?;
    }
    Ok(())
}

fn json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Corrupt(error.to_string()))
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::Corrupt(format!("a declaration: {error}")))
}
