//! Makes and changes declarations while the system runs: sections, fields, words and switches. Every change
//! stands in the history with the old and the new of each property, and can be taken back. Nothing is removed:
//! what is switched off keeps its table and its columns.

use std::collections::BTreeMap;

use domain::change::ChangeKind;
use domain::fields::{Choice, Choices, FieldChange, Kind, KindData, PLACES_APART, Section, SectionSpec};
use domain::ids::{FieldKey, SectionKey};
use domain::limits::{CHOICES_MAX, FIELDS_PER_SECTION_MAX, LABEL_CHARS_MAX, SECTIONS_MAX};
use domain::rights::{Action, may};
use domain::words::{Forms, Label};
use sea_query::{Alias, Expr, ExprTrait, Query, SimpleExpr};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::context::Context;
use crate::db::{AsTransient, Conn, Db, Dialect, Error, Row};
use crate::feed::{self, What};
use crate::idempotency::once;
use crate::{act, ddl, registry, values};

/// What a declaration that was taken back is called among records.
pub const KEY: &str = "declarations";

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
    #[error("this kind of field cannot be made so")]
    BadKind,
    #[error("this field cannot be changed so")]
    BadChange,
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

impl From<Refusal> for act::Refusal {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Forbidden => Self::Forbidden,
            Refusal::Store(error) => Self::Store(error),
            Refusal::NotFound
            | Refusal::BadName
            | Refusal::BadChoices
            | Refusal::BadKind
            | Refusal::BadChange
            | Refusal::TooMany => Self::NotFound,
        }
    }
}

/// A field as its owner describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewField {
    pub label: Label,
    pub kind: Kind,
}

/// What was taken back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// The change in the history; `None` when there was nothing to take back.
    pub seq: Option<i64>,
    /// Properties that somebody has changed since: they are left.
    pub left: Vec<String>,
}

type Done<T> = Result<T, Refusal>;

/// What is declared: which row holds it, and what it is called in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Subject {
    Section(i64),
    /// The words of a built-in section.
    Words(SectionKey),
    Field(SectionKey, i64),
    /// What is laid over a built-in field.
    Overlay(SectionKey, FieldKey),
    Feature(String),
}

/// A property is a column; in the history it has the same name.
#[derive(Clone, Copy)]
enum Form {
    Text,
    Number,
    Flag,
}

type Property = (&'static str, Form);

const WORDS: [Property; 8] = [
    ("one_ru", Form::Text),
    ("one_en", Form::Text),
    ("many_ru", Form::Text),
    ("many_en", Form::Text),
    ("few_ru", Form::Text),
    ("few_en", Form::Text),
    ("of_many_ru", Form::Text),
    ("of_many_en", Form::Text),
];
/// Of an own field and of what is laid over a built-in one.
const FIELD: [Property; 8] = [
    ("label_ru", Form::Text),
    ("label_en", Form::Text),
    ("place", Form::Number),
    ("in_table", Form::Flag),
    ("on_card", Form::Flag),
    ("in_filters", Form::Flag),
    ("required", Form::Flag),
    (HIDDEN, Form::Flag),
];
const HIDDEN: &str = "hidden";
const DATA: &str = "data";
/// Whether a switch is on.
const ON: &str = "on";

/// The properties of a declaration as they stand, or as they shall.
type Properties = BTreeMap<&'static str, Json>;

/// Whether changes under this key of the history are of declarations: `undo` takes them back.
pub fn is_declaration(section: &str) -> bool {
    [Subject::SECTIONS, Subject::WORDS, Subject::FIELDS, Subject::FEATURES].contains(&section)
}

/// Makes a section and its table. What it begins with is the registry's template.
pub async fn make_section(db: &Db, context: &Context, forms: Forms, template: SectionSpec) -> Done<SectionKey> {
    allow(context)?;
    check_forms(&forms)?;
    let context = context.clone();
    once(db, context.actor.id, context.now, context.sent.clone(), move |conn| {
        let (context, forms, template) = (context.clone(), forms.clone(), template.clone());
        Box::pin(async move {
            begin(conn).await?;
            let made: i64 = conn.one("SELECT COUNT(id) AS made FROM made_section", values![]).await?.get("made")?;
            if made >= SECTIONS_MAX as i64 {
                return Err(Refusal::TooMany);
            }
            let row = conn
                .one(
                    "INSERT INTO made_section \
                     (one_ru, one_en, many_ru, many_en, few_ru, few_en, of_many_ru, of_many_en, hidden) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, FALSE) RETURNING id",
                    values![
                        forms.one.ru.as_str(),
                        forms.one.en.as_str(),
                        forms.many.ru.as_str(),
                        forms.many.en.as_str(),
                        forms.few.ru.as_str(),
                        forms.few.en.as_str(),
                        forms.of_many.ru.as_str(),
                        forms.of_many.en.as_str(),
                    ],
                )
                .await?;
            let id: i64 = row.get("id")?;
            write_made(conn, &context, &Subject::Section(id)).await?;
            let section = Section::from(registry::made_section(&template, id, forms));
            ddl::create_table(conn, &section).await?;
            Ok(section.key.clone())
        })
    })
    .await
}

/// Adds a field to a section, its column and its index.
pub async fn make_field(db: &Db, context: &Context, section: &Section, new: NewField) -> Done<FieldKey> {
    allow(context)?;
    check_label(&new.label)?;
    check_choices(new.kind.choices())?;
    // An instant has no input of its own: sections with a form write it.
    if new.kind == Kind::Instant {
        return Err(Refusal::BadKind);
    }
    let (context, section) = (context.clone(), section.clone());
    once(db, context.actor.id, context.now, context.sent.clone(), move |conn| {
        let (context, section, new) = (context.clone(), section.clone(), new.clone());
        Box::pin(async move {
            begin(conn).await?;
            let key = section.key.as_str();
            let row = conn
                .one("SELECT COUNT(id) AS made, MAX(place) AS last FROM made_field WHERE section = $1", values![key])
                .await?;
            // Those that are switched off have their columns too.
            let own = section.kept().filter(|field| field.key.number().is_none()).count();
            if own as i64 + row.get::<i64>("made")? >= FIELDS_PER_SECTION_MAX as i64 {
                return Err(Refusal::TooMany);
            }
            let last = section.kept().map(|field| field.place).chain(row.get::<Option<i64>>("last")?).max();
            let (kind, data) = new.kind.parts();
            let row = conn
                .one(
                    "INSERT INTO made_field \
                     (section, label_ru, label_en, kind, data, place, in_table, on_card, in_filters, required, hidden) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, TRUE, FALSE, FALSE, FALSE) RETURNING id",
                    values![
                        key,
                        new.label.ru.as_str(),
                        new.label.en.as_str(),
                        kind,
                        data_text(&data)?,
                        last.unwrap_or(0).saturating_add(PLACES_APART),
                        !section.key.is_built_in(),
                    ],
                )
                .await?;
            let id: i64 = row.get("id")?;
            write_made(conn, &context, &Subject::Field(section.key.clone(), id)).await?;
            let field = registry::made_field(id, new.kind, new.label);
            ddl::add_columns(conn, &section.table, &field).await?;
            Ok(field.key)
        })
    })
    .await
}

/// Changes what a field is called, where it stands and where it is shown; of an own field and of a built-in one.
/// Like all that changes a declaration it gives the change in the history; `None` when nothing was different.
pub async fn change_field(
    db: &Db,
    context: &Context,
    section: &Section,
    key: &FieldKey,
    change: FieldChange,
) -> Done<Option<i64>> {
    allow(context)?;
    let field = section.kept().find(|field| field.key == *key).ok_or(Refusal::NotFound)?;
    // What others of its fields need is no business of the owner's; what its section's form is made of stays.
    let needed = field.is_by_form() && change.hidden == Some(true);
    let unwritten = !field.is_by_hand() && change.required == Some(true);
    if field.internal || needed || unwritten {
        return Err(Refusal::BadChange);
    }
    if let Some(label) = &change.label {
        check_label(label)?;
    }
    let (is_choice, is_own) = (!field.kind.choices().is_empty(), key.number().is_some());
    if let Some(choices) = &change.choices {
        check_choices(choices)?;
        if choices.is_empty() || !is_choice || !is_own {
            return Err(Refusal::BadChoices);
        }
    }
    let subject = match key.number() {
        Some(id) => Subject::Field(section.key.clone(), id),
        None => Subject::Overlay(section.key.clone(), key.clone()),
    };
    let mut wanted = Properties::new();
    let texts = change.label.map(|label| [("label_ru", label.ru), ("label_en", label.en)]);
    wanted.extend(texts.into_iter().flatten().map(|(name, text)| (name, json!(text))));
    wanted.extend(change.place.map(|place| ("place", json!(place))));
    let flags = [
        ("in_table", change.in_table),
        ("on_card", change.on_card),
        ("in_filters", change.in_filters),
        ("required", change.required),
        (HIDDEN, change.hidden),
    ];
    wanted.extend(flags.into_iter().filter_map(|(name, flag)| Some((name, json!(flag?)))));
    let (context, choices) = (context.clone(), change.choices);
    once(db, context.actor.id, context.now, context.sent.clone(), move |conn| {
        let (context, subject, mut wanted, choices) =
            (context.clone(), subject.clone(), wanted.clone(), choices.clone());
        Box::pin(async move {
            begin(conn).await?;
            if let Some(choices) = choices {
                let before = standing(conn, &subject).await?;
                wanted.insert(DATA, json!(with_choices(&before, choices)?));
            }
            set(conn, &context, &subject, wanted, None).await
        })
    })
    .await
}

/// Switches a section of the owner's off, or on again.
pub async fn hide_section(db: &Db, context: &Context, key: &SectionKey, hidden: bool) -> Done<Option<i64>> {
    let id = key.number().ok_or(Refusal::NotFound)?;
    set_alone(db, context, Subject::Section(id), Properties::from([(HIDDEN, json!(hidden))])).await
}

/// Gives a section other words.
pub async fn rename_section(db: &Db, context: &Context, key: &SectionKey, forms: Forms) -> Done<Option<i64>> {
    check_forms(&forms)?;
    let subject = match key.number() {
        Some(id) => Subject::Section(id),
        None => Subject::Words(key.clone()),
    };
    let words = [forms.one, forms.many, forms.few, forms.of_many].into_iter().flat_map(|label| [label.ru, label.en]);
    let wanted = WORDS.iter().zip(words).map(|((name, _), word)| (*name, json!(word))).collect();
    set_alone(db, context, subject, wanted).await
}

/// Turns a switch on or off.
pub async fn set_feature(db: &Db, context: &Context, name: &'static str, on: bool) -> Done<Option<i64>> {
    set_alone(db, context, Subject::Feature(name.to_string()), Properties::from([(ON, json!(on))])).await
}

/// Takes one change of a declaration back, inside a transaction: every property that is still as the change left
/// it. What was made is switched off.
pub async fn undo(conn: &mut Conn, context: &Context, seq: i64) -> Done<Undone> {
    allow(context)?;
    begin(conn).await?;
    let row = conn
        .optional("SELECT op, section, record, act, fields FROM change WHERE seq = $1", values![seq])
        .await?
        .ok_or(Refusal::NotFound)?;
    let fields: BTreeMap<String, (Json, Json)> = serde_json::from_str(&row.get::<String>("fields")?)
        .map_err(|error| Error::Corrupt(format!("change {seq}: {error}")))?;
    let subject = Subject::of(&row.get::<String>("section")?, row.get("record")?, &fields).ok_or(Refusal::NotFound)?;
    let op: String = row.get("op")?;
    let standing = standing(conn, &subject).await?;
    let mut wanted = Properties::new();
    let mut left = Vec::new();
    if row.get::<String>("act")? == ChangeKind::Create.as_str() {
        wanted.insert(HIDDEN, json!(true));
    } else {
        for (name, now) in &standing {
            let Some((old, new)) = fields.get(*name) else { continue };
            if now != old && now != new {
                left.push(name.to_string());
            } else if *name == DATA && now == new {
                let (back, added) = with_added(old, now)?;
                wanted.insert(DATA, back);
                left.extend(added.then(|| DATA.to_string()));
            } else {
                wanted.insert(name, old.clone());
            }
        }
    }
    Ok(Undone { seq: set(conn, context, &subject, wanted, Some(&op)).await?, left })
}

/// The same in a transaction of its own.
pub async fn undo_alone(db: &Db, context: &Context, seq: i64) -> Done<Undone> {
    let context = context.clone();
    once(db, context.actor.id, context.now, context.sent.clone(), move |conn| {
        let context = context.clone();
        Box::pin(async move { undo(conn, &context, seq).await })
    })
    .await
}

async fn set_alone(db: &Db, context: &Context, subject: Subject, wanted: Properties) -> Done<Option<i64>> {
    allow(context)?;
    let context = context.clone();
    once(db, context.actor.id, context.now, context.sent.clone(), move |conn| {
        let (context, subject, wanted) = (context.clone(), subject.clone(), wanted.clone());
        Box::pin(async move {
            begin(conn).await?;
            set(conn, &context, &subject, wanted, None).await
        })
    })
    .await
}

/// Before any table is touched: writers hold the version first and their tables then.
async fn begin(conn: &mut Conn) -> Result<(), Error> {
    ddl::give_up_soon(conn).await?;
    if conn.dialect() == Dialect::Postgres {
        conn.one("SELECT version FROM registry WHERE one = 1 FOR UPDATE", values![]).await?;
    }
    Ok(())
}

/// Gives a declaration these properties; gives the change in the history, or nothing when nothing is different.
async fn set(
    conn: &mut Conn,
    context: &Context,
    subject: &Subject,
    wanted: Properties,
    undoes: Option<&str>,
) -> Done<Option<i64>> {
    let standing = standing(conn, subject).await?;
    let mut different = Properties::new();
    let mut noted = BTreeMap::new();
    for (name, new) in wanted {
        let old = standing.get(name).ok_or(Refusal::BadChange)?;
        if *old != new {
            noted.insert(name, json!([old, new]));
            different.insert(name, new);
        }
    }
    if different.is_empty() {
        return Ok(None);
    }
    subject.write(conn, different).await?;
    write_change(conn, context, subject, (ChangeKind::Update, undoes), noted).await.map(Some)
}

async fn write_made(conn: &mut Conn, context: &Context, subject: &Subject) -> Done<()> {
    let made = standing(conn, subject).await?.into_iter().map(|(name, new)| (name, json!([null, new]))).collect();
    write_change(conn, context, subject, (ChangeKind::Create, None), made).await.map(drop)
}

/// Raises the registry's version and notes who did it, in the same transaction.
async fn write_change(
    conn: &mut Conn,
    context: &Context,
    subject: &Subject,
    (kind, undoes): (ChangeKind, Option<&str>),
    mut fields: BTreeMap<&'static str, Json>,
) -> Done<i64> {
    fields.extend(subject.names().into_iter().map(|(name, key)| (name, json!([key, key]))));
    let fields = serde_json::to_string(&fields).map_err(|error| Error::Corrupt(error.to_string()))?;
    conn.execute("UPDATE registry SET version = version + 1 WHERE one = 1", values![]).await?;
    let row = conn
        .one(
            "INSERT INTO change (op, section, record, version, at, actor, source, act, undoes, fields) \
             SELECT $1, $2, $3, version, $4, $5, $6, $7, $8, $9 FROM registry WHERE one = 1 RETURNING seq",
            values![
                context.op.as_str(),
                subject.section(),
                subject.record(),
                context.now,
                context.actor.id,
                context.source.as_str(),
                kind.as_str(),
                undoes.map(str::to_string),
                fields,
            ],
        )
        .await?;
    let told = (SectionKey::from(subject.section()), subject.record(), What::Declared);
    feed::tell(conn, context.now, &[told]).await?;
    Ok(row.get("seq")?)
}

async fn standing(conn: &mut Conn, subject: &Subject) -> Done<Properties> {
    subject.read(conn).await?.ok_or(Refusal::NotFound)
}

impl Subject {
    const SECTIONS: &'static str = "sections";
    const WORDS: &'static str = "words";
    const FIELDS: &'static str = "fields";
    const FEATURES: &'static str = "features";

    /// Under which section's key its changes stand.
    fn section(&self) -> &'static str {
        match self {
            Self::Section(_) => Self::SECTIONS,
            Self::Words(_) => Self::WORDS,
            Self::Field(..) | Self::Overlay(..) => Self::FIELDS,
            Self::Feature(_) => Self::FEATURES,
        }
    }

    /// What is built in has no number.
    fn record(&self) -> i64 {
        match self {
            Self::Section(id) | Self::Field(_, id) => *id,
            Self::Words(_) | Self::Overlay(..) | Self::Feature(_) => 0,
        }
    }

    /// What says in the history which one it is; these never change.
    fn names(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Section(id) => vec![("section", SectionKey::numbered(*id).to_string())],
            Self::Words(section) => vec![("section", section.to_string())],
            Self::Field(section, id) => {
                vec![("section", section.to_string()), ("field", FieldKey::numbered(*id).to_string())]
            }
            Self::Overlay(section, field) => vec![("section", section.to_string()), ("field", field.to_string())],
            Self::Feature(name) => vec![("feature", name.clone())],
        }
    }

    /// The one that a change is of.
    fn of(section: &str, record: i64, fields: &BTreeMap<String, (Json, Json)>) -> Option<Self> {
        let name = |name: &str| fields.get(name).and_then(|(_, key)| key.as_str());
        match section {
            Self::SECTIONS => Some(Self::Section(record)),
            Self::WORDS => Some(Self::Words(name("section")?.into())),
            Self::FIELDS if record > 0 => Some(Self::Field(name("section")?.into(), record)),
            Self::FIELDS => Some(Self::Overlay(name("section")?.into(), name("field")?.into())),
            Self::FEATURES => Some(Self::Feature(name("feature")?.to_string())),
            _ => None,
        }
    }

    /// Where it stands: the table, what finds its row, and its columns. A switch is a row that is there or not.
    fn row(&self) -> Option<(&'static str, SimpleExpr, Vec<Property>)> {
        let is = |column: &str, value: &str| Expr::col(Alias::new(column)).eq(value);
        let id = |id: i64| Expr::col(Alias::new("id")).eq(id);
        let and = |properties: &[Property], more: Property| [properties, &[more]].concat();
        match self {
            Self::Section(number) => Some(("made_section", id(*number), and(&WORDS, (HIDDEN, Form::Flag)))),
            Self::Words(section) => Some(("section_words", is("section", section.as_str()), WORDS.to_vec())),
            Self::Field(section, number) => {
                let own = id(*number).and(is("section", section.as_str()));
                Some(("made_field", own, and(&FIELD, (DATA, Form::Text))))
            }
            Self::Overlay(section, field) => {
                let own = is("section", section.as_str()).and(is("field", field.as_str()));
                Some(("field_overlay", own, FIELD.to_vec()))
            }
            Self::Feature(_) => None,
        }
    }

    /// Its properties; `None` when there is no such thing. What the owner has not changed of something built-in
    /// is null.
    async fn read(&self, conn: &mut Conn) -> Result<Option<Properties>, Error> {
        let Some((table, own, properties)) = self.row() else {
            let Self::Feature(name) = self else { return Ok(None) };
            let row = conn.optional("SELECT name FROM feature WHERE name = $1", values![name.as_str()]).await?;
            return Ok(Some(Properties::from([(ON, json!(row.is_some()))])));
        };
        let mut statement = Query::select();
        statement.columns(properties.iter().map(|(name, _)| Alias::new(*name))).from(Alias::new(table)).and_where(own);
        let rows = conn.select(&statement).await?;
        match (rows.first(), self) {
            (Some(row), _) => {
                let read = properties.into_iter().map(|(name, form)| Ok((name, property(row, name, form)?)));
                read.collect::<Result<Properties, Error>>().map(Some)
            }
            (None, Self::Words(_) | Self::Overlay(..)) => {
                Ok(Some(properties.into_iter().map(|(name, _)| (name, Json::Null)).collect()))
            }
            (None, Self::Section(_) | Self::Field(..) | Self::Feature(_)) => Ok(None),
        }
    }

    async fn write(&self, conn: &mut Conn, different: Properties) -> Result<(), Error> {
        match self {
            Self::Words(section) => {
                let sql = "INSERT INTO section_words (section) VALUES ($1) ON CONFLICT DO NOTHING";
                conn.execute(sql, values![section.as_str()]).await?;
            }
            Self::Overlay(section, field) => {
                let sql = "INSERT INTO field_overlay (section, field) VALUES ($1, $2) ON CONFLICT DO NOTHING";
                conn.execute(sql, values![section.as_str(), field.as_str()]).await?;
            }
            Self::Feature(name) => {
                let sql = match different.get(ON) == Some(&json!(true)) {
                    true => "INSERT INTO feature (name) VALUES ($1) ON CONFLICT DO NOTHING",
                    false => "DELETE FROM feature WHERE name = $1",
                };
                conn.execute(sql, values![name.as_str()]).await?;
            }
            Self::Section(_) | Self::Field(..) => {}
        }
        let Some((table, own, properties)) = self.row() else { return Ok(()) };
        let mut statement = Query::update();
        statement.table(Alias::new(table)).and_where(own);
        for (name, form) in properties {
            if let Some(new) = different.get(name) {
                statement.value(Alias::new(name), column(new, form));
            }
        }
        match conn.run(&statement).await? {
            1 => Ok(()),
            touched => Err(Error::Corrupt(format!("{touched} rows of {table} hold one declaration"))),
        }
    }
}

fn property(row: &Row, name: &str, form: Form) -> Result<Json, Error> {
    Ok(match form {
        Form::Text => json!(row.get::<Option<String>>(name)?),
        Form::Number => json!(row.get::<Option<i64>>(name)?),
        Form::Flag => json!(row.get::<Option<bool>>(name)?),
    })
}

/// The type of a NULL matters to PostgreSQL.
fn column(property: &Json, form: Form) -> SimpleExpr {
    match form {
        Form::Text => Expr::val(property.as_str().map(str::to_string)),
        Form::Number => Expr::val(property.as_i64()),
        Form::Flag => Expr::val(property.as_bool()),
    }
}

fn data_text(data: &KindData) -> Result<Option<String>, Error> {
    let text = serde_json::to_string(data).map_err(|error| Error::Corrupt(error.to_string()))?;
    Ok((*data != KindData::default()).then_some(text))
}

fn choices_in(data: &Json) -> Result<Vec<Choice>, Error> {
    let data: KindData = serde_json::from_str(data.as_str().unwrap_or_default())
        .map_err(|error| Error::Corrupt(format!("choices: {error}")))?;
    Ok(data.choices)
}

/// The data of a choice with these choices: new ones get the next ids, and none that was offered is lost.
fn with_choices(standing: &Properties, mut choices: Vec<Choice>) -> Done<Option<String>> {
    let before = choices_in(standing.get(DATA).unwrap_or(&Json::Null))?;
    let mut next = before.iter().map(|choice| choice.id).max().unwrap_or(0) + 1;
    for choice in choices.iter_mut().filter(|choice| choice.id == 0) {
        choice.id = next;
        next += 1;
    }
    let is_known = |id: i64| before.iter().any(|choice| choice.id == id);
    let kept = choices.iter().filter(|choice| is_known(choice.id)).count();
    let made_up = choices.iter().any(|choice| choice.id < 1 || choice.id >= next);
    let choices = Choices::new(choices).filter(|_| kept == before.len() && !made_up).ok_or(Refusal::BadChoices)?;
    Ok(data_text(&Kind::Choice(choices).parts().1)?)
}

/// The choices as they were, followed by those that were added since, which records may have by now; and
/// whether there are any.
fn with_added(old: &Json, now: &Json) -> Done<(Json, bool)> {
    let mut choices = choices_in(old)?;
    let known: Vec<i64> = choices.iter().map(|choice| choice.id).collect();
    let added: Vec<Choice> = choices_in(now)?.into_iter().filter(|choice| !known.contains(&choice.id)).collect();
    let some = !added.is_empty();
    choices.extend(added);
    let choices = Choices::new(choices).ok_or(Refusal::BadChoices)?;
    Ok((json!(data_text(&Kind::Choice(choices).parts().1)?), some))
}

fn allow(context: &Context) -> Done<()> {
    if may(&context.actor, Action::Administer) { Ok(()) } else { Err(Refusal::Forbidden) }
}

fn check_forms(forms: &Forms) -> Done<()> {
    [&forms.one, &forms.many, &forms.few, &forms.of_many].into_iter().try_for_each(check_label)
}

fn check_choices(choices: &[Choice]) -> Done<()> {
    if choices.len() > CHOICES_MAX {
        return Err(Refusal::BadChoices);
    }
    choices.iter().try_for_each(|choice| check_label(&choice.label))
}

fn check_label(label: &Label) -> Done<()> {
    let good = |text: &str| {
        !text.trim().is_empty() && text.chars().count() <= LABEL_CHARS_MAX && !text.chars().any(char::is_control)
    };
    if good(&label.ru) && good(&label.en) { Ok(()) } else { Err(Refusal::BadName) }
}
