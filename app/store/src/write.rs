//! The one writer of records: rights → reading what was typed → the record inside the transaction →
//! merge by field → update with its row count checked → history → one commit.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use domain::change::{Act, Change, Difference, Input, Patch, Source};
use domain::fields::kinds::references;
use domain::fields::{FieldSpec, Kind, Scope, Section, Stamp, Target, Value};
use domain::ids::{FieldKey, RecordId, UserId};
use domain::limits::DRAFT_MS_MAX;
use domain::problem::{Code, Problem};
use domain::rights::{Action, Actor, Role, may};
use sea_query::{Alias, Expr, ExprTrait, Query, SimpleExpr};

use crate::db::{AsTransient, Conn, Db, Dialect, Error};
use crate::record::{self, Record};
use crate::{history, registry, rollup, search, values};

/// Who writes, when, and from where. The clock and the ids are arguments.
#[derive(Clone, Debug)]
pub struct Context {
    pub actor: Actor,
    /// Milliseconds since 1970-01-01T00:00Z.
    pub now: i64,
    pub source: Source,
    /// Shared by all that is done in one act.
    pub op: String,
    /// Makes a repeated request answer what the first one did.
    pub key: Option<String>,
    /// The version of the registry that the section was read from.
    pub registry: i64,
    /// The operation that this one takes back.
    pub undoes: Option<String>,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    pub record: RecordId,
    pub version: i64,
    /// The change in the history; `None` when nothing was different.
    pub seq: Option<i64>,
    /// Fields that an undo left alone, because somebody has changed them since.
    pub left: Vec<FieldKey>,
}

/// Another's value in a field that the patch wants to change too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub field: FieldKey,
    pub theirs: Value,
    pub by: UserId,
    pub at: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("the input has problems")]
    Problems(Vec<Problem>),
    #[error("somebody else changed the same fields")]
    Conflicts(Vec<Conflict>),
    #[error("there is no such record")]
    NotFound,
    #[error("the record is in the trash")]
    InTrash,
    #[error("no right to this")]
    Forbidden,
    #[error("the sections have been changed meanwhile")]
    Stale,
    #[error("more records than one operation may change")]
    TooMany,
    #[error(transparent)]
    Store(#[from] Error),
}

impl AsTransient for Refusal {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}

/// A record to be made together with its later edits, for loading a base.
#[derive(Clone, Debug)]
pub struct NewRecord {
    pub context: Context,
    pub patch: Patch,
    pub edits: Vec<(Context, Patch)>,
}

/// Makes a record. Its number is the section's next: consecutive, also for presses at the same time.
pub async fn create(db: &Db, section: &Section, context: Context, patch: Patch) -> Result<Applied, Refusal> {
    allow(&context.actor, Action::Create)?;
    let values = read_patch(section, &context, &patch)?;
    let request = request(section, 0, "create", &patch);
    let section = section.clone();
    db.write(move |conn| {
        let (section, context, values, request) = (section.clone(), context.clone(), values.clone(), request.clone());
        Box::pin(async move {
            declared_as(conn, &context).await?;
            if let Some((record, _)) = repeated(conn, &context, &request).await? {
                return answer_again(conn, &section, record).await?.ok_or(Refusal::NotFound);
            }
            let id = take_numbers(conn, &section, 1).await?;
            let applied = insert(conn, &section, &context, id, values).await?;
            remember(conn, &context, &request, &applied).await?;
            Ok(applied)
        })
    })
    .await
}

/// Makes many records, in one transaction, with a block of consecutive numbers; gives the first.
pub async fn create_many(db: &Db, section: &Section, records: Vec<NewRecord>) -> Result<RecordId, Refusal> {
    let section = section.clone();
    db.write(move |conn| {
        let (section, records) = (section.clone(), records.clone());
        Box::pin(async move {
            if let Some(new) = records.first() {
                declared_as(conn, &new.context).await?;
            }
            let first = take_numbers(conn, &section, records.len() as i64).await?;
            for (id, new) in (first..).zip(records) {
                let values = read_patch(&section, &new.context, &new.patch)?;
                let mut version = insert(conn, &section, &new.context, id, values).await?.version;
                for (context, patch) in new.edits {
                    let values = read_patch(&section, &context, &patch)?;
                    version = merge(conn, &section, &context, id, version, values).await?.version;
                }
            }
            Ok(first)
        })
    })
    .await
}

/// Changes a record. `base` is the version that the writer saw: fields that nobody changed since are
/// merged, a field that somebody did comes back as a conflict with both values.
pub async fn update(
    db: &Db,
    section: &Section,
    context: Context,
    id: RecordId,
    base: i64,
    patch: Patch,
) -> Result<Applied, Refusal> {
    let values = read_patch(section, &context, &patch)?;
    let request = request(section, id, "update", &patch);
    let section = section.clone();
    db.write(move |conn| {
        let (section, context, values, request) = (section.clone(), context.clone(), values.clone(), request.clone());
        Box::pin(async move {
            declared_as(conn, &context).await?;
            if let Some(applied) = as_before(conn, &section, &context, &request).await? {
                return Ok(applied);
            }
            let applied = merge(conn, &section, &context, id, base, values).await?;
            remember(conn, &context, &request, &applied).await?;
            Ok(applied)
        })
    })
    .await
}

/// Puts a record into the trash, or takes it out.
pub async fn set_trashed(
    db: &Db,
    section: &Section,
    context: Context,
    id: RecordId,
    trashed: bool,
) -> Result<Applied, Refusal> {
    allow(&context.actor, if trashed { Action::Delete } else { Action::Restore })?;
    let request = request(section, id, if trashed { "trash" } else { "restore" }, &());
    let section = section.clone();
    db.write(move |conn| {
        let (section, context, request) = (section.clone(), context.clone(), request.clone());
        Box::pin(async move {
            declared_as(conn, &context).await?;
            if let Some(applied) = as_before(conn, &section, &context, &request).await? {
                return Ok(applied);
            }
            let applied = move_to_trash(conn, &section, &context, id, trashed).await?;
            remember(conn, &context, &request, &applied).await?;
            Ok(applied)
        })
    })
    .await
}

/// Takes one change back. Fields that were changed since are left and named.
pub async fn undo(db: &Db, section: &Section, context: Context, id: RecordId, seq: i64) -> Result<Applied, Refusal> {
    let request = request(section, id, "undo", &seq);
    let section = section.clone();
    db.write(move |conn| {
        let (section, context, request) = (section.clone(), context.clone(), request.clone());
        Box::pin(async move {
            declared_as(conn, &context).await?;
            if let Some(applied) = as_before(conn, &section, &context, &request).await? {
                return Ok(applied);
            }
            // A record that may not be seen has no changes to take back.
            record::load_for_update(conn, &section, id).await?.ok_or(Refusal::NotFound)?;
            let change = history::by_seq(conn, &section, id, seq).await?.ok_or(Refusal::NotFound)?;
            allow(&context.actor, Action::UndoOperation { of: change.actor })?;
            let context = Context { undoes: Some(change.op.clone()), ..context };
            let applied = reverse(conn, &section, &context, &change).await?;
            remember(conn, &context, &request, &applied).await?;
            Ok(applied)
        })
    })
    .await
}

pub(crate) async fn reverse(
    conn: &mut Conn,
    section: &Section,
    context: &Context,
    change: &Change,
) -> Result<Applied, Refusal> {
    if change.act != Act::Update {
        // What others have put into it since is not taken away with it.
        let later = history::since(conn, section, change.record, change.version).await?;
        let others = later.into_iter().filter(|later| later.actor != change.actor && later.actor != context.actor.id);
        let left: Vec<FieldKey> = others.flat_map(|later| later.fields.into_keys()).collect();
        if !left.is_empty() {
            let record = record::load_for_update(conn, section, change.record).await?.ok_or(Refusal::NotFound)?;
            return Ok(Applied { record: record.id, version: record.version, seq: None, left });
        }
    }
    match change.act {
        Act::Create | Act::Restore => return move_to_trash(conn, section, context, change.record, true).await,
        Act::Trash => return move_to_trash(conn, section, context, change.record, false).await,
        Act::Update => {}
    }
    let record = live(conn, section, change.record).await?;
    let mut back = Vec::new();
    let mut left = Vec::new();
    for (key, difference) in &change.fields {
        let Some(field) = section.field(key) else { continue };
        allow(&context.actor, Action::WriteField(&section.access, field))?;
        if *record.value(key) == difference.new {
            back.push((field.clone(), difference.old.clone()));
        } else if *record.value(key) != difference.old {
            left.push(key.clone());
        }
    }
    allow_author(section, context, &record, &back)?;
    let applied = store(conn, section, context, &record, back).await?;
    Ok(Applied { left, ..applied })
}

/// Sections and fields are still what they were when the request began, and stay so until the commit.
pub(crate) async fn declared_as(conn: &mut Conn, context: &Context) -> Result<(), Refusal> {
    let version = match conn.dialect() {
        Dialect::Sqlite => registry::version(conn).await?,
        Dialect::Postgres => {
            let row = conn.one("SELECT version FROM registry WHERE one = 1 FOR SHARE", values![]).await?;
            row.get("version")?
        }
    };
    if version == context.registry { Ok(()) } else { Err(Refusal::Stale) }
}

fn allow(actor: &Actor, action: Action<'_>) -> Result<(), Refusal> {
    if may(actor, action) { Ok(()) } else { Err(Refusal::Forbidden) }
}

/// Rights and kinds, before the transaction: every field may be written by this actor and was read.
pub(crate) fn read_patch(
    section: &Section,
    context: &Context,
    patch: &Patch,
) -> Result<Vec<(FieldSpec, Value)>, Refusal> {
    let mut values: Vec<(FieldSpec, Value)> = Vec::new();
    let mut problems = Vec::new();
    let by_hand = context.source == Source::Form;
    for (key, input) in &joined(section, &patch.fields) {
        let Some(field) = section.field(key) else {
            problems.push(Problem::at(key, Code::UnknownField));
            continue;
        };
        // Loading a base brings values that only the system sets otherwise.
        if context.source != Source::Seed {
            if !section.access.may_write(field) || (field.is_by_form() && matches!(input, Input::Typed(_))) {
                problems.push(Problem::at(key, Code::ReadOnly));
                continue;
            }
            allow(&context.actor, Action::WriteField(&section.access, field))?;
        }
        let rules = field.kind.rules();
        let read = match input {
            Input::Typed(text) => rules.parse(text),
            Input::Value(value) => Ok(value.clone()),
            Input::Stamp(stamp) => Ok(stamp.value(context.now, context.actor.id)),
        };
        match read {
            Err(code) => problems.push(Problem::at(key, code)),
            Ok(value) if field.refuses(&value, by_hand).is_some() => {
                problems.extend(field.refuses(&value, by_hand).map(|code| Problem::at(key, code)));
            }
            Ok(value) => {
                let typed = matches!(input, Input::Typed(_)) && !patch.accept.contains(key);
                match rules.doubt(&value).filter(|_| typed) {
                    Some(code) => problems.push(Problem::at(key, code)),
                    None => {
                        // A field that stands twice in a form: the last one counts.
                        values.retain(|(earlier, _)| earlier.key != field.key);
                        values.push((field.clone(), value));
                    }
                }
            }
        }
    }
    if problems.is_empty() { Ok(values) } else { Err(Refusal::Problems(problems)) }
}

/// What a form has in several inputs of one field of several values, as one text.
fn joined(section: &Section, fields: &[(FieldKey, Input)]) -> Vec<(FieldKey, Input)> {
    let mut joined: Vec<(FieldKey, Input)> = Vec::new();
    for (key, input) in fields {
        let several = section.field(key).is_some_and(|field| field.kind.is_several());
        let earlier = joined.iter_mut().find(|(earlier, _)| several && earlier == key);
        match (earlier, input) {
            (Some((_, Input::Typed(text))), Input::Typed(more)) => {
                text.push('\n');
                text.push_str(more);
            }
            _ => joined.push((key.clone(), input.clone())),
        }
    }
    joined
}

/// What only its author changes is not changed by others; the owner of the system may delete it.
fn allow_author(
    section: &Section,
    context: &Context,
    record: &Record,
    fields: &[(FieldSpec, Value)],
) -> Result<(), Refusal> {
    let Some(author) = &section.author else { return Ok(()) };
    let own = record.value(author).number() == Some(context.actor.id) || context.source == Source::Seed;
    if own || fields.iter().all(|(field, _)| field.is_by_anyone()) { Ok(()) } else { Err(Refusal::Forbidden) }
}

/// The record, locked, and not in the trash.
async fn live(conn: &mut Conn, section: &Section, id: RecordId) -> Result<Record, Refusal> {
    let record = record::load_for_update(conn, section, id).await?.ok_or(Refusal::NotFound)?;
    if record.trashed.is_some() { Err(Refusal::InTrash) } else { Ok(record) }
}

/// Changes a record whatever it has become: for one act on many records, made from a list.
pub(crate) async fn overwrite(
    conn: &mut Conn,
    section: &Section,
    context: &Context,
    id: RecordId,
    patch: &Patch,
) -> Result<Applied, Refusal> {
    let values = read_patch(section, context, patch)?;
    merge(conn, section, context, id, i64::MAX, values).await
}

async fn merge(
    conn: &mut Conn,
    section: &Section,
    context: &Context,
    id: RecordId,
    base: i64,
    values: Vec<(FieldSpec, Value)>,
) -> Result<Applied, Refusal> {
    let record = live(conn, section, id).await?;
    let values = with_unseen(conn, section, &record, values).await?;
    let different: Vec<(FieldSpec, Value)> =
        values.into_iter().filter(|(field, value)| record.value(&field.key) != value).collect();
    allow_author(section, context, &record, &different)?;
    let later = if base < record.version { history::since(conn, section, id, base).await? } else { Vec::new() };
    let conflicts: Vec<Conflict> = different
        .iter()
        .filter_map(|(field, _)| {
            let change = later.iter().rev().find(|change| change.fields.contains_key(&field.key))?;
            Some(Conflict {
                field: field.key.clone(),
                theirs: record.value(&field.key).clone(),
                by: change.actor,
                at: change.at,
            })
        })
        .collect();
    if !conflicts.is_empty() {
        return Err(Refusal::Conflicts(conflicts));
    }
    check_values(conn, section, &different, |key| record.value(key)).await?;
    store(conn, section, context, &record, different).await
}

/// What a field of references points at out of the writer's sight stays.
async fn with_unseen(
    conn: &mut Conn,
    section: &Section,
    record: &Record,
    mut values: Vec<(FieldSpec, Value)>,
) -> Result<Vec<(FieldSpec, Value)>, Refusal> {
    for (field, value) in &mut values {
        let Kind::References(Target::Section(to)) = &field.kind else { continue };
        let Some(scope) = section.scope_of(to) else { continue };
        let mut kept = record::targets(field, value);
        for id in record::targets(field, record.value(&field.key)) {
            let seen = record::exists(conn, to, Some(scope), id).await?;
            if !seen && record::exists(conn, to, None, id).await? {
                kept.push(id);
            }
        }
        *value = references::value(kept);
    }
    Ok(values)
}

/// A reference's record exists.
async fn check_values<'a>(
    conn: &mut Conn,
    section: &Section,
    values: &[(FieldSpec, Value)],
    before: impl Fn(&FieldKey) -> &'a Value,
) -> Result<(), Refusal> {
    let mut problems = Vec::new();
    for (field, value) in values {
        let known = record::targets(field, before(&field.key));
        let problem = match (&field.kind, value) {
            (_, Value::Empty) => None,
            (Kind::References(target), Value::Text(_)) => {
                let mut gone = false;
                for id in record::targets(field, value).into_iter().filter(|id| !known.contains(id)) {
                    gone |= !target_exists(conn, section, target, id).await?;
                }
                gone.then_some(Code::UnknownRecord)
            }
            (Kind::Reference(_), Value::Reference(id)) if known.contains(id) => None,
            (Kind::Reference(target), Value::Reference(id)) => {
                let unknown = if field.points_at_users() { Code::UnknownEmployee } else { Code::UnknownRecord };
                (!target_exists(conn, section, target, *id).await?).then_some(unknown)
            }
            _ => None,
        };
        problems.extend(problem.map(|code| Problem::at(&field.key, code)));
    }
    if problems.is_empty() { Ok(()) } else { Err(Refusal::Problems(problems)) }
}

async fn target_exists(conn: &mut Conn, section: &Section, target: &Target, id: RecordId) -> Result<bool, Refusal> {
    Ok(match target {
        Target::Users => {
            conn.optional("SELECT id FROM users WHERE id = $1 AND gone IS NULL", values![id]).await?.is_some()
        }
        Target::Section(to) => record::exists(conn, to, section.scope_of(to), id).await?,
    })
}

/// UPDATE with its row count checked, and the history; nothing at all when nothing is different.
async fn store(
    conn: &mut Conn,
    section: &Section,
    context: &Context,
    record: &Record,
    values: Vec<(FieldSpec, Value)>,
) -> Result<Applied, Refusal> {
    if values.is_empty() {
        return Ok(Applied { record: record.id, version: record.version, seq: None, left: Vec::new() });
    }
    let version = record.version + 1;
    let mut columns = vec![("version".to_string(), Expr::val(version))];
    for (field, value) in values.iter().map(|(field, value)| (field, value.clone())).chain(stamps(
        section,
        context,
        FieldSpec::stamp_on_update,
    )) {
        columns.extend(record::columns(field, &value));
    }
    let now = |key: &FieldKey| match values.iter().find(|(field, _)| field.key == *key) {
        Some((_, value)) => value,
        None => record.value(key),
    };
    if values.iter().any(|(field, _)| search::concerns(field)) {
        columns.extend(search::column(conn.dialect(), section, now));
        search::note(conn, section, record.id, now).await?;
    }
    update_row(conn, section, record, columns).await?;
    for (field, value) in &values {
        record::link(conn, section, record.id, field, value).await?;
    }
    rollup::follow(conn, section, |key| record.value(key), now).await?;
    let fields = values
        .into_iter()
        .map(|(field, new)| {
            let old = record.value(&field.key).clone();
            (field.key, Difference { old, new })
        })
        .collect();
    let seq = note(conn, section, context, record.id, version, Act::Update, fields).await?;
    Ok(Applied { record: record.id, version, seq: Some(seq), left: Vec::new() })
}

async fn update_row(
    conn: &mut Conn,
    section: &Section,
    record: &Record,
    columns: Vec<(String, SimpleExpr)>,
) -> Result<(), Refusal> {
    let mut statement = Query::update();
    statement
        .table(Alias::new(&section.table))
        .values(columns.into_iter().map(|(column, value)| (Alias::new(column), value)))
        .and_where(Expr::col(Alias::new("id")).eq(record.id))
        .and_where(Expr::col(Alias::new("version")).eq(record.version));
    match conn.run(&statement).await? {
        1 => Ok(()),
        touched => Err(Error::Corrupt(format!("{touched} rows of {} had number {}", section.table, record.id)).into()),
    }
}

async fn insert(
    conn: &mut Conn,
    section: &Section,
    context: &Context,
    id: RecordId,
    values: Vec<(FieldSpec, Value)>,
) -> Result<Applied, Refusal> {
    check_values(conn, section, &values, |_| &Value::Empty).await?;
    let given: Vec<FieldKey> = values.iter().map(|(field, _)| field.key.clone()).collect();
    let all: Vec<(&FieldSpec, Value)> = values
        .iter()
        .map(|(field, value)| (field, value.clone()))
        .chain(stamps(section, context, FieldSpec::stamp_on_create).filter(|(field, _)| !given.contains(&field.key)))
        .collect();
    let mut columns = vec![("id".to_string(), Expr::val(id)), ("version".to_string(), Expr::val(1i64))];
    for (field, value) in &all {
        columns.extend(record::columns(field, value));
    }
    let has =
        |key: &FieldKey| all.iter().find(|(field, _)| field.key == *key).map_or(&Value::Empty, |(_, value)| value);
    columns.extend(search::column(conn.dialect(), section, has));
    search::note(conn, section, id, has).await?;
    let (names, contents): (Vec<String>, Vec<SimpleExpr>) = columns.into_iter().unzip();
    let mut statement = Query::insert();
    statement.into_table(Alias::new(&section.table)).columns(names.into_iter().map(Alias::new)).values_panic(contents);
    conn.run(&statement).await?;
    for (field, value) in &all {
        record::link(conn, section, id, field, value).await?;
    }
    // A part of nothing that its maker may see would be lost to them.
    if let (Some(Scope::PartOf { .. }), Some(whole)) = (section.scope(), &section.part_of)
        && !record::exists(conn, &section.key, section.scope(), id).await?
    {
        return Err(Refusal::Problems(vec![Problem::at(whole, Code::Missing)]));
    }
    rollup::follow(conn, section, |_| &Value::Empty, has).await?;
    // The stamps that nobody may change follow from the change itself.
    let fields = all
        .into_iter()
        .filter(|(field, value)| (!field.is_by_system() || given.contains(&field.key)) && !value.is_empty())
        .map(|(field, new)| (field.key.clone(), Difference { old: Value::Empty, new }))
        .collect();
    let seq = note(conn, section, context, id, 1, Act::Create, fields).await?;
    Ok(Applied { record: id, version: 1, seq: Some(seq), left: Vec::new() })
}

fn stamps<'a>(
    section: &'a Section,
    context: &'a Context,
    when: impl Fn(&FieldSpec) -> Option<Stamp> + 'a,
) -> impl Iterator<Item = (&'a FieldSpec, Value)> {
    section.kept().filter_map(move |field| Some((field, when(field)?.value(context.now, context.actor.id))))
}

async fn move_to_trash(
    conn: &mut Conn,
    section: &Section,
    context: &Context,
    id: RecordId,
    trashed: bool,
) -> Result<Applied, Refusal> {
    let record = record::load_for_update(conn, section, id).await?.ok_or(Refusal::NotFound)?;
    if record.trashed.is_some() == trashed {
        return Ok(Applied { record: id, version: record.version, seq: None, left: Vec::new() });
    }
    let version = record.version + 1;
    let (when, who) = if trashed { (Some(context.now), Some(context.actor.id)) } else { (None, None) };
    let columns = vec![
        ("version".to_string(), Expr::val(version)),
        ("trashed".to_string(), Expr::val(when)),
        ("trashed_by".to_string(), Expr::val(who)),
    ];
    if let Some(author) = &section.author
        && record.value(author).number() != Some(context.actor.id)
        && context.actor.role != Role::Admin
    {
        return Err(Refusal::Forbidden);
    }
    update_row(conn, section, &record, columns).await?;
    rollup::follow(conn, section, |key| record.value(key), |_| &Value::Empty).await?;
    let act = if trashed { Act::Trash } else { Act::Restore };
    let seq = note(conn, section, context, id, version, act, BTreeMap::new()).await?;
    Ok(Applied { record: id, version, seq: Some(seq), left: Vec::new() })
}

async fn note(
    conn: &mut Conn,
    section: &Section,
    context: &Context,
    record: RecordId,
    version: i64,
    act: Act,
    fields: BTreeMap<FieldKey, Difference>,
) -> Result<i64, Error> {
    let change = Change {
        seq: 0,
        op: context.op.clone(),
        record,
        version,
        at: context.now,
        actor: context.actor.id,
        source: context.source,
        act,
        undoes: context.undoes.clone(),
        fields,
    };
    history::append(conn, section, &change).await
}

/// Takes consecutive numbers; gives the first. The counter's row is locked until the commit, so
/// that a transaction that fails leaves no gap.
async fn take_numbers(conn: &mut Conn, section: &Section, count: i64) -> Result<RecordId, Error> {
    let row = conn
        .one(
            "INSERT INTO counter (section, next) VALUES ($1, 1 + $2) \
             ON CONFLICT (section) DO UPDATE SET next = counter.next + $2 RETURNING next",
            values![section.key.as_str(), count],
        )
        .await?;
    Ok(row.get::<i64>("next")? - count)
}

/// What a request asks for. A form that the browser brings back keeps its key: the same text again is
/// the same request, another text is another one.
fn request(section: &Section, id: RecordId, act: &str, content: &impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("{}/{id}/{act}/{:016x}", section.key, hasher.finish())
}

/// What this request has already been answered with, if the record is still as it was then.
async fn as_before(
    conn: &mut Conn,
    section: &Section,
    context: &Context,
    request: &str,
) -> Result<Option<Applied>, Refusal> {
    let Some((record, version)) = repeated(conn, context, request).await? else { return Ok(None) };
    Ok(answer_again(conn, section, record).await?.filter(|applied| applied.version == version))
}

/// The record and version that this request has left, if it came before.
async fn repeated(conn: &mut Conn, context: &Context, request: &str) -> Result<Option<(RecordId, i64)>, Error> {
    let Some(key) = &context.key else { return Ok(None) };
    let old = context.now - DRAFT_MS_MAX;
    conn.execute("DELETE FROM idempotency WHERE at < $1", values![old]).await?;
    // Waits for another request with the same key to end.
    let first = conn
        .execute(
            "INSERT INTO idempotency (actor, key, request, record, version, at) VALUES ($1, $2, $3, 0, 0, $4) \
             ON CONFLICT DO NOTHING",
            values![context.actor.id, key.as_str(), request, context.now],
        )
        .await?;
    if first == 1 {
        return Ok(None);
    }
    let row = conn
        .one(
            "SELECT record, version FROM idempotency WHERE actor = $1 AND key = $2 AND request = $3",
            values![context.actor.id, key.as_str(), request],
        )
        .await?;
    Ok(Some((row.get("record")?, row.get("version")?)))
}

async fn remember(conn: &mut Conn, context: &Context, request: &str, applied: &Applied) -> Result<(), Error> {
    if let Some(key) = &context.key {
        conn.execute(
            "UPDATE idempotency SET record = $4, version = $5 WHERE actor = $1 AND key = $2 AND request = $3",
            values![context.actor.id, key.as_str(), request, applied.record, applied.version],
        )
        .await?;
    }
    Ok(())
}

async fn answer_again(conn: &mut Conn, section: &Section, record: RecordId) -> Result<Option<Applied>, Error> {
    let record = record::load(conn, section, record).await?;
    Ok(record.map(|record| Applied { record: record.id, version: record.version, seq: None, left: Vec::new() }))
}
