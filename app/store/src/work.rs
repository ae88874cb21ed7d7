//! The acts of one call within their transaction. Records are locked and loaded first, acts change them in memory,
//! and what they have become is written at the end, many rows to a statement. So an act that is refused has
//! touched nothing, and five hundred records cost little more than one.
//!
//! Everybody locks in the same order, by section and number: the records of the acts together with those that keep
//! something of them. The counters come last, so that who waits for a record holds up nobody's new one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::change::{Change, ChangeKind, Difference, Patch, Source};
use domain::fields::Deed;
use domain::fields::kinds::{self, references};
use domain::fields::{FieldSpec, Kind, Scope, Section, Stamp, Target, Value};
use domain::ids::{FieldKey, RecordId, RecordRef, SectionKey, UserId};
use domain::limits::{CHANGES_SINCE_MAX, OPERATION_ROWS_MAX};
use domain::problem::{Code, Problem};
use domain::rights::{Action, Role};
use sea_query::{Alias, Expr, ExprTrait, Query};

use crate::act::{Act, Applied, Base, Conflict, Refusal, Subject};
use crate::context::Context;
use crate::db::{Conn, Dialect, Error};
use crate::feed::{self, What};
use crate::patch::{self, Given, allow};
use crate::record::{self, Record, Update};
use crate::rollup::Keepers;
use crate::scope::targets;
use crate::storage::{Held, columns_of};
use crate::{declare, follow, history, scope, search, search_index, values};

/// A record's section and number.
type Place = (SectionKey, RecordId);

const EMPTY: &Value = &Value::Empty;

/// Whether anything is done when an act is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// Nothing is written: the call as a whole is refused.
    AllCan,
    /// What can be done is done.
    EachCan,
}

/// An act as it was read: its section is there, its fields may be written and have values.
enum Ready<'a> {
    Create { section: &'a Section, values: Vec<Given<'a>> },
    Update { section: &'a Section, record: Subject, base: &'a Base, values: Vec<Given<'a>> },
    Move { section: &'a Section, record: Subject, trashed: bool },
    Undo { op: &'a str, only: Option<(&'a Section, RecordId)> },
}

/// Rights and kinds, before the transaction.
pub(crate) fn read(context: &Context, act: &Act) -> Result<(), Refusal> {
    ready(context, act).map(drop)
}

fn ready<'a>(context: &'a Context, act: &'a Act) -> Result<Ready<'a>, Refusal> {
    let section = |key: &SectionKey| context.registry.section(key).ok_or(Refusal::NotFound);
    let read = |section: &'a Section, patch: &Patch| patch::read(section, context, patch);
    Ok(match act {
        Act::Create { section: key, patch } => {
            let section = section(key)?;
            allow(&context.actor, Action::Record(&section.access, Deed::Create))?;
            Ready::Create { section, values: read(section, patch)? }
        }
        Act::Update { section: key, record, base, patch } => {
            let section = section(key)?;
            Ready::Update { section, record: *record, base, values: read(section, patch)? }
        }
        Act::Trash { section: key, record } => {
            let section = section(key)?;
            allow(&context.actor, Action::Record(&section.access, Deed::Delete))?;
            Ready::Move { section, record: *record, trashed: true }
        }
        Act::Restore { section: key, record } => {
            let section = section(key)?;
            allow(&context.actor, Action::Record(&section.access, Deed::Restore))?;
            Ready::Move { section, record: *record, trashed: false }
        }
        Act::Undo { op, only } => {
            if !crate::draft::is_id(op) {
                return Err(Refusal::NotFound);
            }
            let only = only.as_ref().map(|(key, id)| Ok::<_, Refusal>((section(key)?, *id))).transpose()?;
            Ready::Undo { op, only }
        }
    })
}

/// Does the acts. Each has its answer; with `When::AllCan` nothing is written unless all are done.
pub(crate) async fn perform(
    conn: &mut Conn,
    acts: &[(Arc<Context>, Act)],
    when: When,
) -> Result<Vec<Result<Vec<Applied>, Refusal>>, Refusal> {
    let mut work = Work { conn, entries: BTreeMap::new(), made: vec![None; acts.len()], there: There::default() };
    let mut ready: Vec<Result<Ready<'_>, Refusal>> =
        acts.iter().map(|(context, act)| self::ready(context, act)).collect();
    let refused = |ready: &[Result<Ready<'_>, Refusal>]| when == When::AllCan && ready.iter().any(Result::is_err);
    if refused(&ready) {
        return Ok(ready.into_iter().map(|act| act.map(|_| Vec::new())).collect());
    }
    let mut back = Back::load(work.conn, acts, &ready).await?;
    let held = work.lock(acts, &ready, &back).await?;
    work.look_up(acts, &ready).await?;
    work.refuse_unknown(&mut ready);
    if refused(&ready) {
        return Ok(ready.into_iter().map(|act| act.map(|_| Vec::new())).collect());
    }
    work.take_numbers(&ready).await?;
    let unseen = work.unseen(acts, &ready).await?;
    let mut done: Vec<Result<Vec<Did>, Refusal>> = Vec::new();
    for (place, (ready, (context, _))) in ready.into_iter().zip(acts).enumerate() {
        let one = match ready {
            Err(refusal) => Err(refusal),
            Ok(Ready::Create { section, values }) => work.create(context, section, place, values).map(|did| vec![did]),
            Ok(Ready::Update { section, record, base, values }) => {
                work.update(context, section, record, base, values, &unseen).await.map(|did| vec![did])
            }
            Ok(Ready::Move { section, record, trashed }) => {
                let id = work.number(record);
                id.and_then(|id| work.set_trashed(context, section, id, trashed, None)).map(|did| vec![did])
            }
            Ok(Ready::Undo { op, .. }) => {
                let declared = back.declared.remove(&place).unwrap_or_default();
                work.undo(context, op, back.take(place), declared).await
            }
        };
        match one {
            Err(Refusal::Store(error)) => return Err(error.into()),
            one => done.push(one),
        }
    }
    if when == When::AllCan && done.iter().any(Result::is_err) {
        return Ok(done.into_iter().map(|act| act.map(|_| Vec::new())).collect());
    }
    work.follow(acts).await?;
    let places = work.flush(acts, held).await?;
    let applied = |did: Did| Applied {
        // A declaration's change is its own place.
        seq: did
            .changed
            .then(|| {
                if did.version == 0 {
                    Some(did.record)
                } else {
                    places.get(&(did.section.clone(), did.record, did.version)).copied()
                }
            })
            .flatten(),
        section: did.section,
        record: did.record,
        version: did.version,
        left: did.left,
    };
    Ok(done.into_iter().map(|act| act.map(|did| did.into_iter().map(applied).collect())).collect())
}

/// What an act did to a record.
struct Did {
    section: SectionKey,
    record: RecordId,
    version: i64,
    changed: bool,
    left: Vec<FieldKey>,
}

/// What acts take back: the changes of each, the latest first.
struct Back<'a> {
    of_act: BTreeMap<usize, Vec<(&'a Section, Change)>>,
    /// Places in the event log of changes of declarations.
    declared: BTreeMap<usize, Vec<i64>>,
}

impl<'a> Back<'a> {
    async fn load(
        conn: &mut Conn,
        acts: &'a [(Arc<Context>, Act)],
        ready: &[Result<Ready<'a>, Refusal>],
    ) -> Result<Self, Error> {
        let mut of_act: BTreeMap<usize, Vec<(&Section, Change)>> = BTreeMap::new();
        let mut declared: BTreeMap<usize, Vec<i64>> = BTreeMap::new();
        // Those of one operation and section in one statement.
        let mut some: BTreeMap<(&str, &SectionKey), BTreeMap<RecordId, usize>> = BTreeMap::new();
        for (place, act) in ready.iter().enumerate() {
            match act {
                Ok(Ready::Undo { op, only: Some((section, id)) }) => {
                    some.entry((op, &section.key)).or_default().insert(*id, place);
                }
                Ok(Ready::Undo { op, only: None }) => {
                    let Some(whole) = history::of_op(conn, op, OPERATION_ROWS_MAX).await? else { continue };
                    let sections: BTreeSet<&SectionKey> = whole.records.iter().map(|(section, _)| section).collect();
                    for key in sections {
                        if declare::is_declaration(key.as_str()) {
                            let seqs = history::declared_by(conn, key, op).await?;
                            declared.entry(place).or_default().extend(seqs);
                        }
                        let Some(section) = acts[place].0.registry.section(key) else { continue };
                        let changes = history::to_take_back(conn, section, op, None).await?;
                        let changes = changes.into_iter().map(|change| (section, change));
                        of_act.entry(place).or_default().extend(changes);
                    }
                }
                _ => {}
            }
        }
        for ((op, key), records) in some {
            let ids: Vec<RecordId> = records.keys().copied().collect();
            let Some(section) = acts.first().and_then(|(context, _)| context.registry.section(key)) else { continue };
            for change in history::to_take_back(conn, section, op, Some(&ids)).await? {
                if let Some(place) = records.get(&change.record) {
                    of_act.entry(*place).or_default().push((section, change));
                }
            }
        }
        Ok(Self { of_act, declared })
    }

    fn take(&mut self, place: usize) -> Vec<(&'a Section, Change)> {
        self.of_act.remove(&place).unwrap_or_default()
    }

    fn all(&self) -> impl Iterator<Item = &(&'a Section, Change)> {
        self.of_act.values().flatten()
    }
}

/// Which of the records that are referred to exist, as far as the writer may see them.
#[derive(Default)]
struct There {
    users: BTreeSet<UserId>,
    records: BTreeSet<Place>,
}

impl There {
    fn has(&self, target: &Target, id: RecordId) -> bool {
        match target {
            Target::Users => self.users.contains(&id),
            Target::Section(section) => self.records.contains(&(section.clone(), id)),
        }
    }
}

/// A record within the transaction.
struct Entry<'a> {
    section: &'a Section,
    /// As it was; `None` when it is made here.
    before: Option<Record>,
    now: Record,
    changes: Vec<Change>,
}

impl Entry<'_> {
    fn before(&self, key: &FieldKey) -> &Value {
        self.before.as_ref().map_or(EMPTY, |before| before.value(key))
    }

    /// Whether what others keep of this field may have become different.
    fn touched(&self, key: &FieldKey) -> bool {
        let comes_or_goes = self.changes.iter().any(|change| change.kind != ChangeKind::Update);
        comes_or_goes || self.before(key) != self.now.value(key)
    }
}

struct Work<'c, 'a> {
    conn: &'c mut Conn,
    entries: BTreeMap<Place, Entry<'a>>,
    /// The number of the record that each act makes.
    made: Vec<Option<RecordId>>,
    there: There,
}

impl<'a> Work<'_, 'a> {
    /// Locks what the acts are about and what keeps something of it, in the order of sections and numbers, and
    /// loads what the acts are about. Gives what is held besides.
    async fn lock(
        &mut self,
        acts: &'a [(Arc<Context>, Act)],
        ready: &[Result<Ready<'a>, Refusal>],
        back: &Back<'a>,
    ) -> Result<BTreeSet<Place>, Error> {
        let mut about: BTreeMap<SectionKey, (&'a Section, BTreeSet<RecordId>)> = BTreeMap::new();
        let mut take_in = |section: &'a Section, id: RecordId| {
            about.entry(section.key.clone()).or_insert((section, BTreeSet::new())).1.insert(id);
        };
        for act in ready {
            match act {
                Ok(Ready::Update { section, record: Subject::Number(id), .. })
                | Ok(Ready::Move { section, record: Subject::Number(id), .. })
                | Ok(Ready::Undo { only: Some((section, id)), .. }) => take_in(section, *id),
                _ => {}
            }
        }
        for (section, change) in back.all() {
            take_in(section, change.record);
        }
        let mut held: BTreeMap<SectionKey, BTreeSet<RecordId>> = BTreeMap::new();
        // On SQLite this transaction is the only one that writes.
        if self.conn.dialect() == Dialect::Postgres {
            for (section, ids) in self.keepers_ahead(acts, ready, &about).await?.records() {
                held.entry(section.key.clone()).or_default().extend(ids);
            }
            for RecordRef { section, id } in self.followers_ahead(acts, ready, back).await? {
                held.entry(section).or_default().insert(id);
            }
        }
        let sections: BTreeSet<SectionKey> = held.keys().chain(about.keys()).cloned().collect();
        for key in sections {
            let own = about.get(&key);
            if let Some(ids) = held.get(&key) {
                let all: BTreeSet<RecordId> = ids.iter().chain(own.iter().flat_map(|(_, ids)| ids)).copied().collect();
                record::hold(self.conn, &scope::table(&key), &all.into_iter().collect::<Vec<_>>()).await?;
            }
            let Some((section, ids)) = own else { continue };
            let ids: Vec<RecordId> = ids.iter().copied().collect();
            for record in record::lock(self.conn, section, &ids).await? {
                let entry = Entry { section, before: Some(record.clone()), now: record, changes: Vec::new() };
                self.entries.insert((key.clone(), entry.now.id), entry);
            }
        }
        let keepers = held.into_iter().flat_map(|(key, ids)| ids.into_iter().map(move |id| (key.clone(), id)));
        Ok(keepers.chain(self.entries.keys().cloned()).collect())
    }

    /// Whom the acts will move, as far as that can be told from what nobody has locked yet.
    async fn keepers_ahead(
        &mut self,
        acts: &'a [(Arc<Context>, Act)],
        ready: &[Result<Ready<'a>, Refusal>],
        about: &BTreeMap<SectionKey, (&'a Section, BTreeSet<RecordId>)>,
    ) -> Result<Keepers, Error> {
        let mut keepers = Keepers::default();
        let mut ahead: BTreeMap<Place, Record> = BTreeMap::new();
        for (key, (section, ids)) in about.iter().filter(|(_, (section, _))| !section.feeds.is_empty()) {
            let ids: Vec<RecordId> = ids.iter().copied().collect();
            for record in record::load_kept(self.conn, section, &ids).await? {
                keepers.gather(section, |_| true, |key| record.value(key), |_| EMPTY);
                ahead.insert((key.clone(), record.id), record);
            }
        }
        for (act, _) in ready.iter().zip(acts) {
            let (section, values) = match act {
                Ok(Ready::Create { section, values }) => (section, values),
                Ok(Ready::Update { section, values, .. }) => (section, values),
                _ => continue,
            };
            let now = |key: &FieldKey| {
                values.iter().find(|given| given.field.key == *key).map_or(EMPTY, |given| &given.value)
            };
            keepers.gather(section, |_| true, |_| EMPTY, now);
        }
        // What others keep of what these keep.
        let mut seen = BTreeSet::new();
        loop {
            let further: Vec<(Arc<Section>, Vec<RecordId>)> = keepers
                .records()
                .filter(|(section, _)| !section.feeds.is_empty())
                .map(|(section, ids)| {
                    let new = ids.iter().copied().filter(|id| !seen.contains(&(section.key.clone(), *id)));
                    (section.clone(), new.collect())
                })
                .collect();
            if further.iter().all(|(_, ids)| ids.is_empty()) {
                return Ok(keepers);
            }
            for (section, ids) in further {
                seen.extend(ids.iter().map(|id| (section.key.clone(), *id)));
                for record in record::load_any(self.conn, &section, &ids).await? {
                    keepers.gather(&section, |_| true, |key| record.value(key), |_| EMPTY);
                }
            }
        }
    }

    /// What will go with what the acts move, and what new records will be said of, with all that it is a part of.
    async fn followers_ahead(
        &mut self,
        acts: &'a [(Arc<Context>, Act)],
        ready: &[Result<Ready<'a>, Refusal>],
        back: &Back<'a>,
    ) -> Result<BTreeSet<RecordRef>, Error> {
        let mut ahead = BTreeSet::new();
        let Some((context, _)) = acts.first() else { return Ok(ahead) };
        for said in follow::all(&context.registry) {
            let (mut of, mut moved) = (BTreeSet::new(), BTreeSet::new());
            for act in ready {
                match act {
                    Ok(Ready::Create { section, values }) if section.key == said.section.key => {
                        of.extend(values.iter().filter(|given| given.field.key == said.about.key).filter_map(named));
                    }
                    Ok(Ready::Update { section, record: Subject::Number(id), values, .. }) => {
                        let way = said.way(&section.key);
                        let leads = |given: &Given<'_>| way.is_some_and(|way| way.key == given.field.key);
                        moved.extend(values.iter().any(leads).then(|| RecordRef::new(&section.key, *id)));
                    }
                    _ => {}
                }
            }
            for (section, change) in back.all() {
                let way = said.way(&section.key).filter(|way| change.fields.contains_key(&way.key));
                moved.extend(way.map(|_| RecordRef::new(&section.key, change.record)));
            }
            ahead.extend(said.wholes(self.conn, of, |_, _| None).await?.passed);
            let following = said.of(self.conn, moved).await?;
            ahead.extend(following.into_iter().map(|id| RecordRef::new(&said.section.key, id)));
        }
        Ok(ahead)
    }

    /// What is said of a record goes with it to another whole, in the same operation.
    async fn follow(&mut self, acts: &'a [(Arc<Context>, Act)]) -> Result<(), Refusal> {
        let Some((context, _)) = acts.first() else { return Ok(()) };
        for said in follow::all(&context.registry) {
            let key = &said.section.key;
            let moved: BTreeSet<RecordRef> = self
                .entries
                .iter()
                .filter(|((section, _), entry)| {
                    let way = said.way(section).filter(|_| entry.before.is_some());
                    way.is_some_and(|way| entry.before(&way.key) != entry.now.value(&way.key))
                })
                .map(|((section, id), _)| RecordRef::new(section, *id))
                .collect();
            let following = said.of(self.conn, moved).await?;
            let new: Vec<RecordId> =
                following.iter().copied().filter(|id| !self.entries.contains_key(&(key.clone(), *id))).collect();
            for record in record::lock_any(self.conn, said.section, &new).await? {
                let before = Some(record.clone());
                let entry = Entry { section: said.section, before, now: record, changes: Vec::new() };
                self.entries.insert((key.clone(), entry.now.id), entry);
            }
            let about = |entry: &Entry<'_>| kinds::record::named(entry.now.value(&said.about.key));
            let of: BTreeMap<RecordId, RecordRef> = self
                .entries
                .iter()
                .filter(|((section, id), entry)| {
                    let is_new = entry.before(&said.about.key) != entry.now.value(&said.about.key);
                    section == key && (is_new || following.contains(id))
                })
                .filter_map(|((_, id), entry)| Some((*id, about(entry)?)))
                .collect();
            let within = |of: &RecordRef, field: &FieldKey| {
                let entry = self.entries.get(&(of.section.clone(), of.id))?;
                Some(entry.now.value(field).clone())
            };
            let wholes = said.wholes(self.conn, of.values().cloned().collect(), within).await?;
            for (id, of) in of {
                let whole = wholes.value(&of);
                match self.entry(said.section, id)? {
                    Entry { before: None, now, changes, .. } => {
                        let made = changes.first_mut().map(|made| &mut made.fields);
                        made.map(|fields| match &whole {
                            Value::Empty => fields.remove(&said.whole.key),
                            new => fields
                                .insert(said.whole.key.clone(), Difference { old: Value::Empty, new: new.clone() }),
                        });
                        now.values.insert(said.whole.key.clone(), whole);
                    }
                    _ => drop(self.put(context, said.section, id, None, vec![(said.whole.key.clone(), whole)])?),
                }
            }
        }
        Ok(())
    }

    /// Asks once for each kind of record that is referred to, which of them there are.
    async fn look_up(
        &mut self,
        acts: &'a [(Arc<Context>, Act)],
        ready: &[Result<Ready<'a>, Refusal>],
    ) -> Result<(), Error> {
        let mut users: BTreeSet<UserId> = BTreeSet::new();
        let mut records: BTreeMap<&SectionKey, (&Scope, BTreeSet<RecordId>)> = BTreeMap::new();
        for (act, (context, _)) in ready.iter().zip(acts) {
            let (Ok(Ready::Create { section, values }) | Ok(Ready::Update { section, values, .. })) = act else {
                continue;
            };
            for given in values {
                if let Some(of) = named(given)
                    && let Some(section) = context.registry.section(&of.section).filter(|of| of.can_be_of())
                {
                    records.entry(&section.key).or_insert((section.scope(), BTreeSet::new())).1.insert(of.id);
                }
                let ids = targets(given.field, &given.value);
                match given.field.kind.target() {
                    Some(Target::Users) => users.extend(ids),
                    Some(Target::Section(to)) => {
                        records.entry(to).or_insert((section.scope_of(to), BTreeSet::new())).1.extend(ids);
                    }
                    None => {}
                }
            }
        }
        if !users.is_empty() {
            let mut statement = Query::select();
            statement
                .column(Alias::new("id"))
                .from(Alias::new("users"))
                .and_where(Expr::col(Alias::new("id")).is_in(users))
                .and_where(Expr::col(Alias::new("gone")).is_null());
            for row in self.conn.select(&statement).await? {
                self.there.users.insert(row.get("id")?);
            }
        }
        for (section, (scope, ids)) in records {
            let ids: Vec<RecordId> = ids.into_iter().collect();
            let found = scope::existing(self.conn, section, scope, &ids).await?;
            self.there.records.extend(found.into_iter().map(|id| (section.clone(), id)));
        }
        Ok(())
    }

    /// Refuses to make what refers to nothing, before it gets a number.
    fn refuse_unknown(&self, ready: &mut [Result<Ready<'a>, Refusal>]) {
        for act in ready.iter_mut() {
            let Ok(Ready::Create { section, values }) = act else { continue };
            // A part of nothing would be lost to its maker, who sees only what is a part of their own.
            let is_part = matches!(section.scope(), Scope::PartOf { .. } | Scope::About { .. });
            let whole = section.part_of.as_ref().filter(|_| is_part);
            let lost = whole.filter(|whole| {
                let given = values.iter().find(|given| given.field.key == **whole);
                given.is_none_or(|given| given.made.is_none() && given.value.is_empty())
            });
            // What is said of a record is seen with that one.
            let lost = lost.filter(|_| !values.iter().any(|given| named(given).is_some()));
            let mut problems = self.problems(values, |_| EMPTY);
            problems.extend(lost.map(|whole| Problem::at(whole, Code::Required)));
            if !problems.is_empty() {
                *act = Err(Refusal::Problems(problems));
            }
        }
    }

    /// A reference's record exists.
    fn problems<'v>(&self, values: &[Given<'_>], before: impl Fn(&FieldKey) -> &'v Value) -> Vec<Problem> {
        let is_there = |field: &FieldSpec, id| field.kind.target().is_some_and(|target| self.there.has(target, id));
        let mut problems = Vec::new();
        for Given { field, value, made } in values {
            if made.is_some() {
                continue;
            }
            let known = targets(field, before(&field.key));
            let problem = match (&field.kind, value) {
                (_, Value::Empty) => None,
                (Kind::References(_), Value::Text(_)) => {
                    let mut new = targets(field, value).into_iter().filter(|id| !known.contains(id));
                    new.any(|id| !is_there(field, id)).then_some(Code::UnknownRecord)
                }
                (Kind::Reference(_), Value::Reference(id)) if known.contains(id) => None,
                (Kind::Reference(_), Value::Reference(id)) => {
                    let unknown = if field.points_at_users() { Code::UnknownEmployee } else { Code::UnknownRecord };
                    (!is_there(field, *id)).then_some(unknown)
                }
                (Kind::Record, value) if value == before(&field.key) => None,
                (Kind::Record, value) => {
                    let of = kinds::record::named(value);
                    let is_there = of.is_some_and(|of| self.there.records.contains(&(of.section, of.id)));
                    (!is_there).then_some(Code::UnknownRecord)
                }
                _ => None,
            };
            problems.extend(problem.map(|code| Problem::at(&field.key, code)));
        }
        problems
    }

    /// Takes consecutive numbers for what is made. A counter's row is locked until the commit, so that a
    /// transaction that fails leaves no gap.
    async fn take_numbers(&mut self, ready: &[Result<Ready<'a>, Refusal>]) -> Result<(), Error> {
        let mut makers: BTreeMap<&SectionKey, Vec<usize>> = BTreeMap::new();
        for (place, act) in ready.iter().enumerate() {
            if let Ok(Ready::Create { section, .. }) = act {
                makers.entry(&section.key).or_default().push(place);
            }
        }
        for (section, places) in makers {
            let count = places.len() as i64;
            let row = self
                .conn
                .one(
                    "INSERT INTO counter (section, next) VALUES ($1, 1 + $2) \
                     ON CONFLICT (section) DO UPDATE SET next = counter.next + $2 RETURNING next",
                    values![section.as_str(), count],
                )
                .await?;
            let first = row.get::<i64>("next")? - count;
            for (id, place) in (first..).zip(places) {
                self.made[place] = Some(id);
            }
        }
        Ok(())
    }

    /// What lists have not seen of the records that are changed from them.
    async fn unseen(
        &mut self,
        acts: &'a [(Arc<Context>, Act)],
        ready: &[Result<Ready<'a>, Refusal>],
    ) -> Result<BTreeMap<Place, Vec<Change>>, Error> {
        let mut unseen: BTreeMap<Place, Vec<Change>> = BTreeMap::new();
        let mut asked: Vec<(&Section, &Base, UserId, Vec<RecordId>)> = Vec::new();
        for (act, (context, _)) in ready.iter().zip(acts) {
            let Ok(Ready::Update { section, record: Subject::Number(id), base: base @ Base::Seen(_), .. }) = act else {
                continue;
            };
            match asked
                .last_mut()
                .filter(|(of, seen, by, _)| of.key == section.key && seen == base && *by == context.actor.id)
            {
                Some((_, _, _, ids)) => ids.push(*id),
                None => asked.push((section, base, context.actor.id, vec![*id])),
            }
        }
        for (section, base, actor, ids) in asked {
            let Base::Seen(seen) = base else { continue };
            for change in history::unseen(self.conn, section, &ids, actor, seen).await? {
                unseen.entry((section.key.clone(), change.record)).or_default().push(change);
            }
        }
        Ok(unseen)
    }

    fn number(&self, subject: Subject) -> Result<RecordId, Refusal> {
        match subject {
            Subject::Number(id) => Ok(id),
            Subject::Made(act) => self.made.get(act).copied().flatten().ok_or(Refusal::NotFound),
        }
    }

    fn entry(&mut self, section: &Section, id: RecordId) -> Result<&mut Entry<'a>, Refusal> {
        self.entries.get_mut(&(section.key.clone(), id)).ok_or(Refusal::NotFound)
    }

    fn create(
        &mut self,
        context: &Context,
        section: &'a Section,
        place: usize,
        mut values: Vec<Given<'a>>,
    ) -> Result<Did, Refusal> {
        let id = self.made[place].ok_or(Refusal::NotFound)?;
        for given in &mut values {
            given.resolve(|act| self.made.get(act).copied().flatten().filter(|_| act < place))?;
        }
        let mut now = Record { id, version: 1, trashed: None, values: BTreeMap::new() };
        now.values.extend(stamps(section, context, FieldSpec::stamp_on_create));
        let mut fields = BTreeMap::new();
        // The stamps that nobody may change follow from the change itself.
        for (key, value) in &now.values {
            let is_noted = section.kept().any(|field| field.key == *key && !field.is_by_system());
            if is_noted {
                fields.insert(key.clone(), Difference { old: Value::Empty, new: value.clone() });
            }
        }
        for given in values {
            let key = &given.field.key;
            fields.insert(key.clone(), Difference { old: Value::Empty, new: given.value.clone() });
            now.values.insert(key.clone(), given.value);
        }
        let due = computed(section, context.now, |key| fields.get(key).map(|one| (&one.old, &one.new)));
        for (key, new) in due.into_iter().filter(|(key, _)| !now.values.contains_key(key)).collect::<Vec<_>>() {
            fields.insert(key.clone(), Difference { old: Value::Empty, new: new.clone() });
            now.values.insert(key, new);
        }
        fields.retain(|_, difference| !difference.new.is_empty());
        let changes = vec![change(context, id, 1, ChangeKind::Create, None, fields)];
        self.entries.insert((section.key.clone(), id), Entry { section, before: None, now, changes });
        Ok(Did { section: section.key.clone(), record: id, version: 1, changed: true, left: Vec::new() })
    }

    async fn update(
        &mut self,
        context: &Context,
        section: &'a Section,
        record: Subject,
        base: &Base,
        mut values: Vec<Given<'a>>,
        unseen: &BTreeMap<Place, Vec<Change>>,
    ) -> Result<Did, Refusal> {
        let id = self.number(record)?;
        for given in &mut values {
            given.resolve(|act| self.made.get(act).copied().flatten())?;
        }
        let now = self.entry(section, id)?.now.clone();
        if now.trashed.is_some() {
            return Err(Refusal::InTrash);
        }
        self.keep_out_of_sight(section, &now, &mut values).await?;
        values.retain(|given| *now.value(&given.field.key) != given.value);
        allow_author(section, context, &now, values.iter().map(|given| given.field))?;
        let loaded;
        let later: &[Change] = match base {
            Base::Whatever => &[],
            Base::Seen(_) => unseen.get(&(section.key.clone(), id)).map_or(&[], Vec::as_slice),
            Base::Version(version) if *version == now.version || matches!(record, Subject::Made(_)) => &[],
            // A version that the record has not reached tells nothing of what was seen.
            Base::Version(version) => {
                let seen = if *version > now.version { 0 } else { *version };
                loaded = history::since(self.conn, section, id, seen).await?;
                &loaded
            }
        };
        let conflicts: Vec<Conflict> = values
            .iter()
            .filter_map(|Given { field, .. }| {
                let of_field = later.iter().rev().find(|change| change.fields.contains_key(&field.key));
                // Of more than are looked at nobody can say that they left the field alone.
                let change = of_field.or_else(|| later.last().filter(|_| later.len() > CHANGES_SINCE_MAX))?;
                let theirs = now.value(&field.key).clone();
                Some(Conflict { field: field.key.clone(), theirs, by: change.actor, at: change.at })
            })
            .collect();
        if !conflicts.is_empty() {
            return Err(Refusal::Conflicts(conflicts));
        }
        let problems = self.problems(&values, |key| now.value(key));
        if !problems.is_empty() {
            return Err(Refusal::Problems(problems));
        }
        let values = values.into_iter().map(|given| (given.field.key.clone(), given.value)).collect();
        self.put(context, section, id, None, values)
    }

    /// What a field of references points at out of the writer's sight stays.
    async fn keep_out_of_sight(
        &mut self,
        section: &Section,
        now: &Record,
        values: &mut [Given<'a>],
    ) -> Result<(), Error> {
        for given in values {
            let field = given.field;
            let Kind::References(Target::Section(to)) = &field.kind else { continue };
            let scope = section.scope_of(to);
            if *scope == Scope::All {
                continue;
            }
            let had = targets(field, now.value(&field.key));
            let all = scope::existing(self.conn, to, &Scope::All, &had).await?;
            let seen = scope::existing(self.conn, to, scope, &had).await?;
            let unseen = had.into_iter().filter(|id| all.contains(id) && !seen.contains(id));
            given.value = references::value(targets(field, &given.value).into_iter().chain(unseen).collect());
        }
        Ok(())
    }

    /// Puts values into a record and notes the change; nothing at all when nothing is different.
    fn put(
        &mut self,
        context: &Context,
        section: &'a Section,
        id: RecordId,
        undoes: Option<&str>,
        values: Vec<(FieldKey, Value)>,
    ) -> Result<Did, Refusal> {
        let given: BTreeSet<FieldKey> = values.iter().map(|(key, _)| key.clone()).collect();
        let entry = self.entry(section, id)?;
        let mut fields = BTreeMap::new();
        for (key, new) in values {
            let old = entry.now.value(&key).clone();
            if old != new {
                entry.now.values.insert(key.clone(), new.clone());
                fields.insert(key, Difference { old, new });
            }
        }
        // What is taken back, or loaded, brings its own along.
        let due = computed(section, context.now, |key| fields.get(key).map(|one| (&one.old, &one.new)));
        for (key, new) in due.into_iter().filter(|(key, _)| !given.contains(key)) {
            let old = entry.now.value(&key).clone();
            if old != new {
                entry.now.values.insert(key.clone(), new.clone());
                fields.insert(key, Difference { old, new });
            }
        }
        let changed = !fields.is_empty();
        if changed {
            entry.now.version += 1;
            entry.now.values.extend(stamps(section, context, FieldSpec::stamp_on_update));
            entry.changes.push(change(context, id, entry.now.version, ChangeKind::Update, undoes, fields));
        }
        let version = entry.now.version;
        Ok(Did { section: section.key.clone(), record: id, version, changed, left: Vec::new() })
    }

    fn set_trashed(
        &mut self,
        context: &Context,
        section: &'a Section,
        id: RecordId,
        trashed: bool,
        undoes: Option<&str>,
    ) -> Result<Did, Refusal> {
        let entry = self.entry(section, id)?;
        let changed = entry.now.trashed.is_some() != trashed;
        if changed {
            if let Some(author) = &section.author
                && entry.now.value(author).number() != Some(context.actor.id)
                && context.actor.role != Role::Admin
            {
                return Err(Refusal::Forbidden);
            }
            entry.now.version += 1;
            entry.now.trashed = trashed.then_some((context.now, context.actor.id));
            let kind = if trashed { ChangeKind::Trash } else { ChangeKind::Restore };
            entry.changes.push(change(context, id, entry.now.version, kind, undoes, BTreeMap::new()));
        }
        let version = entry.now.version;
        Ok(Did { section: section.key.clone(), record: id, version, changed, left: Vec::new() })
    }

    /// Takes changes back, the latest first. A record that refuses is left alone, unless there is no other.
    async fn undo(
        &mut self,
        context: &Context,
        op: &str,
        changes: Vec<(&'a Section, Change)>,
        declared: Vec<i64>,
    ) -> Result<Vec<Did>, Refusal> {
        let mut of_record: BTreeMap<Place, (&'a Section, Vec<Change>)> = BTreeMap::new();
        for (section, change) in changes {
            allow(&context.actor, Action::UndoOperation { of: change.actor })?;
            let place = (section.key.clone(), change.record);
            of_record.entry(place).or_insert((section, Vec::new())).1.push(change);
        }
        let alone = of_record.len() == 1 && declared.is_empty();
        let mut done = Vec::new();
        for seq in declared {
            let undone = declare::undo(self.conn, context, seq).await?;
            let left = undone.left.iter().map(|name| FieldKey::from(name.as_str())).collect();
            let section = SectionKey::built_in(declare::KEY);
            done.push(Did { section, record: seq, version: 0, changed: undone.seq.is_some(), left });
        }
        for ((key, id), (section, changes)) in of_record {
            let keys: BTreeSet<FieldKey> = changes.iter().flat_map(|change| change.fields.keys().cloned()).collect();
            match self.take_back(context, section, id, op, changes).await {
                Ok(did) => done.push(did),
                Err(Refusal::Store(error)) => return Err(error.into()),
                Err(refusal) if alone => return Err(refusal),
                Err(_) => {
                    let version = self.entry(section, id).map_or(0, |entry| entry.now.version);
                    let left = keys.into_iter().collect();
                    done.push(Did { section: key, record: id, version, changed: false, left });
                }
            }
        }
        if done.is_empty() { Err(Refusal::NotFound) } else { Ok(done) }
    }

    /// Takes back what an operation did to one record; `changes` are its own, the latest first.
    async fn take_back(
        &mut self,
        context: &Context,
        section: &'a Section,
        id: RecordId,
        op: &str,
        changes: Vec<Change>,
    ) -> Result<Did, Refusal> {
        let mut left = Vec::new();
        let mut changed = false;
        let begun = self.entry(section, id)?.now.version;
        for change in changes {
            let now = self.entry(section, id)?.now.clone();
            let did = match change.kind {
                ChangeKind::Update => {
                    if now.trashed.is_some() {
                        return Err(Refusal::InTrash);
                    }
                    let mut values = Vec::new();
                    let mut fields = Vec::new();
                    for (key, difference) in change.fields {
                        let Some(field) = section.kept().find(|field| field.key == key) else { continue };
                        // What is computed comes back with what it is computed from.
                        if field.computed_from().is_none() {
                            let Some(field) = section.field(&key) else { continue };
                            allow(&context.actor, Action::WriteField(&section.access, field))?;
                        }
                        if *now.value(&key) == difference.new {
                            fields.push(field);
                            values.push((key, difference.old));
                        } else if *now.value(&key) != difference.old {
                            left.push(key);
                        }
                    }
                    allow_author(section, context, &now, fields.into_iter())?;
                    self.put(context, section, id, Some(op), values)?
                }
                ChangeKind::Create | ChangeKind::Restore | ChangeKind::Trash => {
                    // What others have put into it since is not taken away with it.
                    let later = match begun > change.version {
                        true => history::since(self.conn, section, id, change.version).await?,
                        false => Vec::new(),
                    };
                    let own = |actor| actor == change.actor || actor == context.actor.id;
                    let too_many = later.len() > CHANGES_SINCE_MAX;
                    let others = later.into_iter().filter(|later| too_many || !own(later.actor));
                    let theirs: Vec<FieldKey> = others.flat_map(|later| later.fields.into_keys()).collect();
                    if !theirs.is_empty() {
                        left.extend(theirs);
                        continue;
                    }
                    let trashed = change.kind != ChangeKind::Trash;
                    let deed = if trashed { Deed::Delete } else { Deed::Restore };
                    allow(&context.actor, Action::Record(&section.access, deed))?;
                    self.set_trashed(context, section, id, trashed, Some(op))?
                }
            };
            changed |= did.changed;
        }
        let version = self.entry(section, id)?.now.version;
        left.sort();
        left.dedup();
        Ok(Did { section: section.key.clone(), record: id, version, changed, left })
    }

    /// Writes what the records have become; gives the place of each change in the event log.
    async fn flush(
        mut self,
        acts: &'a [(Arc<Context>, Act)],
        held: BTreeSet<Place>,
    ) -> Result<BTreeMap<(SectionKey, RecordId, i64), i64>, Refusal> {
        self.entries.retain(|_, entry| !entry.changes.is_empty());
        let Some((context, _)) = acts.first() else { return Ok(BTreeMap::new()) };
        let mut of_section: BTreeMap<&SectionKey, Vec<&Entry<'a>>> = BTreeMap::new();
        let mut keepers = Keepers::default();
        for ((key, _), entry) in &self.entries {
            of_section.entry(key).or_default().push(entry);
            keepers.gather(
                entry.section,
                |key| entry.touched(key),
                |key| entry.before(key),
                |key| entry.now.value(key),
            );
        }
        for entries in of_section.values() {
            write_rows(self.conn, entries).await?;
        }
        let sources: BTreeMap<&SectionKey, &Section> =
            self.entries.values().map(|entry| (&entry.section.key, entry.section)).collect();
        let rolled_up = keepers.compute(self.conn, &held, |key| sources.get(key).copied()).await?;

        let changes: Vec<(&SectionKey, &Change)> = self
            .entries
            .iter()
            .flat_map(|((key, _), entry)| entry.changes.iter().map(move |change| (key, change)))
            .collect();
        let places = history::append(self.conn, &changes).await?;
        let seqs = changes
            .iter()
            .zip(places)
            .map(|((key, change), seq)| (((*key).clone(), change.record, change.version), seq));
        let seqs = seqs.collect();
        let mut told: Vec<(SectionKey, RecordId, What)> =
            self.entries.iter().map(|((key, id), entry)| (key.clone(), *id, what(entry))).collect();
        told.extend(rolled_up.into_iter().map(|(key, id)| (key, id, What::RolledUp)));
        feed::tell(self.conn, context.now, &told).await?;
        Ok(seqs)
    }
}

/// The record of any section that a value names.
fn named(given: &Given<'_>) -> Option<RecordRef> {
    (given.field.kind == Kind::Record).then(|| kinds::record::named(&given.value)).flatten()
}

/// Rows, links and what is searched, of records of one section.
async fn write_rows(conn: &mut Conn, entries: &[&Entry<'_>]) -> Result<(), Refusal> {
    let Some(section) = entries.first().map(|entry| entry.section) else { return Ok(()) };
    let (made, changed): (Vec<&Entry<'_>>, Vec<&Entry<'_>>) = entries.iter().partition(|entry| entry.before.is_none());
    let made: Vec<&Record> = made.iter().map(|entry| &entry.now).collect();
    record::insert(conn, section, &made).await?;
    search_index::write(conn, section, &made, true).await?;
    let dialect = conn.dialect();
    let written =
        record::update(conn, section, changed.iter().filter_map(|entry| difference(dialect, entry)).collect());
    let rows = written.await?;
    if rows != changed.len() as u64 {
        return Err(Error::Corrupt(format!("{rows} rows of {} had {} numbers", section.table, changed.len())).into());
    }
    let differs = |entry: &Entry<'_>, field: &FieldSpec| entry.before(&field.key) != entry.now.value(&field.key);
    let is_found_otherwise =
        |entry: &Entry<'_>| section.kept().any(|field| search::concerns(field) && differs(entry, field));
    let searched: Vec<&Record> =
        changed.iter().filter(|entry| is_found_otherwise(entry)).map(|entry| &entry.now).collect();
    search_index::write(conn, section, &searched, false).await?;
    for field in section.kept().filter(|field| field.kind.is_references()) {
        record::link(conn, section, field, &made, true).await?;
        let moved: Vec<&Record> =
            changed.iter().filter(|entry| differs(entry, field)).map(|entry| &entry.now).collect();
        record::link(conn, section, field, &moved, false).await?;
    }
    Ok(())
}

/// What is different in a record's row.
fn difference(dialect: Dialect, entry: &Entry<'_>) -> Option<Update> {
    let (Some(before), now, section) = (&entry.before, &entry.now, entry.section) else { return None };
    let mut columns = vec![("version".to_string(), Held::from(now.version))];
    if before.trashed != now.trashed {
        let (when, who) = now.trashed.unzip();
        columns.push(("trashed".to_string(), when.into()));
        columns.push(("trashed_by".to_string(), who.into()));
    }
    let mut is_searched = false;
    for field in section.kept().filter(|field| before.value(&field.key) != now.value(&field.key)) {
        columns.extend(columns_of(field, now.value(&field.key)));
        is_searched |= search::concerns(field);
    }
    if is_searched {
        columns.extend(search::column(dialect, section, |key| now.value(key)));
    }
    Some(Update { id: now.id, version: before.version, columns })
}

fn what(entry: &Entry<'_>) -> What {
    match entry.changes.last().map(|change| change.kind) {
        _ if entry.before.is_none() => What::Created,
        Some(ChangeKind::Trash) => What::Trashed,
        Some(ChangeKind::Restore) => What::Restored,
        Some(ChangeKind::Create) => What::Created,
        Some(ChangeKind::Update) | None => What::Updated,
    }
}

/// What the system makes of fields that have changed; `changed` gives what they held and hold.
fn computed<'v>(
    section: &Section,
    now: i64,
    changed: impl Fn(&FieldKey) -> Option<(&'v Value, &'v Value)>,
) -> Vec<(FieldKey, Value)> {
    let due = |field: &FieldSpec| {
        let computed = field.computed_from()?;
        let (old, new) = changed(computed.of()).filter(|(old, new)| old != new)?;
        let of = section.kept().find(|of| of.key == *computed.of())?;
        Some((field.key.clone(), computed.value(&of.kind, new, Some(old), now)?))
    };
    section.kept().filter_map(due).collect()
}

fn stamps(section: &Section, context: &Context, when: impl Fn(&FieldSpec) -> Option<Stamp>) -> Vec<(FieldKey, Value)> {
    let stamped = |field: &FieldSpec| Some((field.key.clone(), when(field)?.value(context.now, context.actor.id)));
    section.kept().filter_map(stamped).collect()
}

fn change(
    context: &Context,
    record: RecordId,
    version: i64,
    kind: ChangeKind,
    undoes: Option<&str>,
    fields: BTreeMap<FieldKey, Difference>,
) -> Change {
    Change {
        seq: 0,
        op: context.op.clone(),
        record,
        version,
        at: context.now,
        actor: context.actor.id,
        source: context.source,
        kind,
        undoes: undoes.map(str::to_string),
        fields,
    }
}

/// What only its author changes is not changed by others; the owner of the system may delete it.
fn allow_author<'f>(
    section: &Section,
    context: &Context,
    record: &Record,
    mut fields: impl Iterator<Item = &'f FieldSpec>,
) -> Result<(), Refusal> {
    let Some(author) = &section.author else { return Ok(()) };
    let own = record.value(author).number() == Some(context.actor.id) || context.source == Source::Seed;
    if own || fields.all(|field| field.is_by_anyone()) { Ok(()) } else { Err(Refusal::Forbidden) }
}
