//! What a query asks for, as SQL: the condition that the rows of a list, their number and everything else of it share.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use domain::fields::{DateRange, Ending, Op, Test, fold};
use domain::fields::{FieldSpec, Kind, Scope, Section, Value, Written};
use domain::ids::FieldKey;
use domain::limits::RECENT_DAYS;
use domain::list::{Condition, ListQuery};
use domain::moment::{DAY_MARK_MS, DAY_MS, Date};
use sea_query::{Alias, Cond, Expr, ExprTrait, Func, SimpleExpr};

use super::reader::{Reader, Shelf};
use crate::db::{Conn, Dialect, Error};
use crate::storage::{Storage, storage};
use crate::{key, scope, search, sight};

/// How a condition is to be asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan<'a> {
    /// Through the indexes of what is filtered.
    Find,
    /// Along the index of the sorted column, which is this one: no other may lead away from it.
    Walk(&'a str),
}

/// What is asked of a list. Its condition is one: rows, count and everything else of the list share it.
pub(super) struct Asked<'a> {
    dialect: Dialect,
    section: &'a Section,
    query: &'a ListQuery,
    shelf: Shelf,
    reader: &'a Reader<'a>,
    /// Texts of fields that so many records may have that the search leads nowhere.
    common: BTreeSet<Part>,
}

/// A field and a text that it may contain.
type Part = (FieldKey, String);

/// So many texts are looked up in the search beforehand.
const LOOKED_UP_MAX: usize = 20;

impl<'a> Asked<'a> {
    pub(super) async fn new(
        conn: &mut Conn,
        section: &'a Section,
        query: &'a ListQuery,
        shelf: Shelf,
        reader: &'a Reader<'a>,
    ) -> Result<Self, Error> {
        let common = BTreeSet::new();
        let mut asked = Self { dialect: conn.dialect(), section, query, shelf, reader, common };
        for part in asked.parts().into_iter().take(LOOKED_UP_MAX) {
            let Some(field) = section.field(&part.0) else { continue };
            if search::is_common(conn, section, field, &part.1).await? {
                asked.common.insert(part);
            }
        }
        Ok(asked)
    }

    fn compiler<'c>(&'c self, plan: Plan<'c>) -> Compiler<'c> {
        let Self { dialect, section, shelf, reader, .. } = *self;
        Compiler { dialect, section, shelf, reader, plan, common: &self.common, parts: RefCell::default() }
    }

    /// The texts that the search would be asked for.
    fn parts(&self) -> BTreeSet<Part> {
        let compiler = self.compiler(Plan::Find);
        compiler.all(self.query);
        compiler.parts.into_inner()
    }

    pub(super) fn condition(&self, plan: Plan<'_>) -> Cond {
        self.compiler(plan).all(self.query)
    }
}
impl Shelf {
    fn condition(self) -> SimpleExpr {
        let trashed = Expr::col(Alias::new("trashed"));
        match self {
            Self::InUse => trashed.is_null(),
            Self::Trash => trashed.is_not_null(),
        }
    }
}
struct Compiler<'a> {
    dialect: Dialect,
    section: &'a Section,
    shelf: Shelf,
    reader: &'a Reader<'a>,
    plan: Plan<'a>,
    common: &'a BTreeSet<Part>,
    /// What the search was asked for.
    parts: RefCell<BTreeSet<Part>>,
}

/// Of so many values the records that have none of them are found between them.
const GAPS_MAX: usize = 20;

impl Compiler<'_> {
    fn all(&self, query: &ListQuery) -> Cond {
        let mut all = Cond::all().add(self.shelf.condition());
        let mut groups: BTreeMap<char, Vec<Cond>> = BTreeMap::new();
        for condition in &query.conditions {
            let Some(field) = self.section.field(&condition.field) else { continue };
            let meaning = self.condition(field, condition);
            match condition.group {
                None => all = all.add(meaning.unwrap_or_else(nothing)),
                Some(letter) => groups.entry(letter).or_default().extend(meaning),
            }
        }
        for group in groups.into_values() {
            all = all.add(self.any_of(group).unwrap_or_else(nothing));
        }
        all = all.add(match self.plan {
            Plan::Find => scope::found_in_scope(self.section, &self.shelf.condition()),
            Plan::Walk(_) => scope::row_in_scope(self.section),
        });
        if self.shelf == Shelf::InUse {
            all = all.add(scope::whole_in_use(self.section, self.dialect));
        }
        if let Some(q) = &query.q {
            let searched = self.section.search.iter().filter_map(|key| self.section.field(key));
            let any = self.any_of(searched.filter_map(|field| self.own(field, q)).collect());
            all = all.add(any.unwrap_or_else(nothing));
        }
        all
    }

    /// The text or number that a field's tests look into. PostgreSQL knows from its statistics when to walk; SQLite
    /// would take any index that the condition offers.
    fn key(&self, field: &FieldSpec) -> Expr {
        self.unless_walked(field, Expr::col(Alias::new(field.key_column())))
    }

    /// The same as the field's index has it.
    fn indexed(&self, field: &FieldSpec) -> Expr {
        let key = match self.plan {
            // PostgreSQL knows how many there are of whole keys, and of their beginnings it does not.
            Plan::Walk(sorted) if field.key_column() != sorted => match field.order_column() {
                Some(_) => self.unless_walked(field, key::indexed(field)),
                None => self.key(field),
            },
            _ => key::indexed(field),
        };
        Expr::expr(sight::column(self.section, field, key))
    }

    fn unless_walked(&self, field: &FieldSpec, column: Expr) -> Expr {
        let text = matches!(storage(&field.kind), Storage::Text);
        match (self.plan, self.dialect) {
            (Plan::Walk(sorted), Dialect::Sqlite) if field.key_column() != sorted => key::unindexed(column, text),
            _ => column,
        }
    }

    /// One of these. SQLite asks an index for each when each says by itself what the index holds.
    /// Of none of them nothing is found.
    fn any_of(&self, alternatives: Vec<Cond>) -> Option<Cond> {
        if alternatives.len() < 2 {
            return alternatives.into_iter().next();
        }
        let says_all = self.dialect == Dialect::Sqlite && self.plan == Plan::Find;
        Some(alternatives.into_iter().fold(Cond::any(), |any, one| {
            any.add(if says_all { Cond::all().add(self.shelf.condition()).add(one) } else { one })
        }))
    }

    /// Any of the texts; with a negation none of them, and then also every record without a value. `None` finds
    /// nothing: a text that means nothing to the field.
    fn condition(&self, field: &FieldSpec, condition: &Condition) -> Option<Cond> {
        let (tests, negated) = condition.tests(field);
        let mut fields = vec![(field, tests)];
        // Without a value only where none of them has one.
        if condition.op != Op::Empty && condition.op != Op::Filled {
            let also = field.also.iter().filter_map(|key| self.section.field(key));
            fields.extend(also.map(|other| (other, condition.tests(other).0)));
        }
        let automatic = match condition.op {
            Op::Has | Op::HasNot => {
                condition.typed.iter().filter_map(|typed| self.automatic_name(field, typed)).collect()
            }
            _ => Vec::new(),
        };
        if !negated {
            let mut all: Vec<Cond> = fields
                .iter()
                .flat_map(|(field, tests)| tests.iter().filter_map(|test| self.test(field, test)))
                .collect();
            all.extend(automatic);
            return self.any_of(all);
        }
        let mut none = Cond::all();
        // What has not the text is in no index: rows are looked at one by one.
        let looked_at = Compiler { plan: Plan::Walk(""), parts: RefCell::default(), ..*self };
        for (field, tests) in &fields {
            let any = || looked_at.any_of(tests.iter().filter_map(|test| looked_at.test(field, test)).collect());
            if let Some(others) = self.others(field, tests).or_else(|| any().map(negation)) {
                none = none.add(others);
            }
        }
        for automatic in automatic {
            none = none.add(negation(automatic));
        }
        Some(none)
    }

    /// What the field's own operator finds.
    fn own(&self, field: &FieldSpec, typed: &str) -> Option<Cond> {
        // A text is no phone, whatever digits it has.
        if matches!(field.kind, Kind::Phone | Kind::Phones) && typed.chars().any(char::is_alphabetic) {
            return None;
        }
        let condition =
            Condition { field: field.key.clone(), op: field.kind.own(), typed: vec![typed.to_string()], group: None };
        self.condition(field, &condition)
    }

    /// The records that none of the tests finds, as pieces of the field's index; `None` where they are not.
    fn others(&self, field: &FieldSpec, tests: &[Test]) -> Option<Cond> {
        // Where nothing is looked for, nobody is left out.
        if tests.is_empty() || tests.len() > GAPS_MAX {
            return None;
        }
        if field.may_be_day && *tests != [Test::Empty] {
            return None;
        }
        if field.kind.is_references() || key::is_brief(field) && *tests != [Test::Empty] {
            return None;
        }
        // Pieces lead away from the index that is walked, be it their own.
        let text = matches!(storage(&field.kind), Storage::Text);
        let key = || match (self.plan, self.dialect) {
            (Plan::Walk(_), Dialect::Sqlite) => key::unindexed(self.indexed(field), text),
            _ => self.indexed(field),
        };
        // SQLite knows of a column that is never empty, and asks no index for an alternative that it takes for nothing.
        let is_filled = matches!(field.written, Written::Stamp { .. } | Written::Number);
        let empty = || (!is_filled).then(|| Cond::all().add(key().is_null()));
        match tests {
            [Test::Empty] => return Some(Cond::all().add(key().is_not_null())),
            [Test::Ago { days, older }] => {
                let then = self.ago(field, *days);
                let other = if *older { self.after(key, then - 1) } else { self.before(key, then) };
                return self.any_of([Cond::all().add(other)].into_iter().chain(empty()).collect());
            }
            [test @ (Test::Days(_) | Test::Between { .. })] => {
                let (from, to) = self.ends(field, test)?;
                let earlier = from.map(|from| Cond::all().add(self.before(key, from)));
                let later = to.map(|to| Cond::all().add(self.after(key, to)));
                return self.any_of(earlier.into_iter().chain(later).chain(empty()).collect());
            }
            _ => {}
        }
        let mut values: Vec<Point> = tests.iter().map(|test| self.point(field, test)).collect::<Option<_>>()?;
        values.sort();
        values.dedup();
        let mut pieces: Vec<Cond> = empty().into_iter().collect();
        pieces.extend(values.first().map(|first| Cond::all().add(key().lt(first.value()))));
        let between = values.windows(2).filter_map(|two| <&[Point; 2]>::try_from(two).ok());
        pieces.extend(between.map(|[one, next]| Cond::all().add(key().gt(one.value())).add(key().lt(next.value()))));
        pieces.extend(values.last().map(|last| Cond::all().add(key().gt(last.value()))));
        self.any_of(pieces)
    }

    /// The one key that a test finds.
    fn point(&self, field: &FieldSpec, test: &Test) -> Option<Point> {
        match test {
            Test::KeyIs(text) => Some(Point::Text(key::brief(field, text))),
            Test::Equals(value) => Some(match value.number() {
                Some(number) => Point::Number(number),
                None => Point::Text(value.text().unwrap_or_default().to_string()),
            }),
            Test::Me => Some(Point::Number(self.reader.user)),
            _ => None,
        }
    }

    /// Both ends are said: SQLite takes a piece of an index with one end for a quarter of it, and would rather go over
    /// all. PostgreSQL has counted.
    fn before(&self, key: impl Fn() -> Expr, then: i64) -> SimpleExpr {
        match self.dialect {
            Dialect::Sqlite => key().gte(i64::MIN).and(key().lt(then)),
            Dialect::Postgres => key().lt(then),
        }
    }

    fn after(&self, key: impl Fn() -> Expr, then: i64) -> SimpleExpr {
        match self.dialect {
            Dialect::Sqlite => key().gt(then).and(key().lte(i64::MAX)),
            Dialect::Postgres => key().gt(then),
        }
    }

    fn ago(&self, field: &FieldSpec, days: i64) -> i64 {
        let in_days = field.kind.rules().counts_days();
        if in_days { self.reader.today.days() - days } else { self.reader.now - days * DAY_MS }
    }

    /// Both ends of what a test finds, included.
    fn ends(&self, field: &FieldSpec, test: &Test) -> Option<(Option<i64>, Option<i64>)> {
        match test {
            Test::Days(DateRange { from, to }) => {
                let in_days = field.kind.rules().counts_days();
                let begins = |day: Date| if in_days { day.days() } else { (self.reader.midnight)(day) };
                let after = to.map(|to| Date::from_days(to.days() + 1));
                Some((from.map(begins), after.map(|after| begins(after) - 1)))
            }
            Test::Between { from, to } => Some((*from, *to)),
            _ => None,
        }
    }

    fn test(&self, field: &FieldSpec, test: &Test) -> Option<Cond> {
        let key = || self.indexed(field);
        let one = |expr: SimpleExpr| Some(Cond::all().add(expr));
        match test {
            Test::Contains { part, ending } => {
                let part = (!part.is_empty()).then(|| self.contains(field, part));
                self.with_ending(field, part, ending.as_ref(), |typed| self.contains(field, typed))
            }
            Test::Starts { part, ending } => {
                let part = (!part.is_empty()).then(|| self.begins(field, part));
                self.with_ending(field, part, ending.as_ref(), |typed| self.begins(field, typed))
            }
            Test::Digits { anywhere, start } => {
                let anywhere = one(self.contains(field, anywhere));
                let start = start.as_ref().and_then(|start| one(self.starts_with(key(), start)));
                self.any_of(anywhere.into_iter().chain(start).collect())
            }
            Test::KeyIs(text) => {
                let all = Cond::all().add(key().eq(key::brief(field, text)));
                Some(if key::is_brief(field) { all.add(self.key(field).eq(text.as_str())) } else { all })
            }
            Test::Equals(Value::Reference(id)) if field.kind.is_references() => {
                one(sight::points_at(self.section, field, Some(*id)))
            }
            Test::Me if field.kind.is_references() => {
                one(sight::points_at(self.section, field, Some(self.reader.user)))
            }
            Test::Empty if field.kind.is_references() && sight::leads_out(self.section, field).is_some() => {
                one(sight::points_at(self.section, field, None).not())
            }
            // The number leads to the records; whether the reader sees what it is of is asked once.
            Test::Equals(Value::Reference(id)) if sight::leads_out(self.section, field).is_some() => {
                let is_seen = sight::sees(self.section, field, *id)?;
                Some(Cond::all().add(self.key(field).eq(*id)).add(is_seen))
            }
            Test::AnyOf(tests) => self.any_of(tests.iter().filter_map(|test| self.test(field, test)).collect()),
            // Where the days are a field that the reader does not see, the usual one is told.
            Test::AgoOwn => match field
                .recency
                .as_ref()
                .and_then(|recency| recency.days.as_ref())
                .and_then(|own| self.section.field(own))
            {
                Some(days) => one(self.before(|| self.unless_walked(field, key::due(field, days)), self.reader.now)),
                None => one(self.before(key, self.reader.now - RECENT_DAYS * DAY_MS)),
            },
            Test::Equals(_) | Test::Me => self.point(field, test).and_then(|point| one(key().eq(point.value()))),
            Test::Days(_) | Test::Ago { .. } if field.may_be_day => self.due(field, test),
            Test::Days(_) | Test::Between { .. } => {
                let (from, to) = self.ends(field, test).unwrap_or_default();
                match (from, to) {
                    (Some(from), Some(to)) => one(key().gte(from).and(key().lte(to))),
                    (Some(from), None) => one(self.after(key, from.saturating_sub(1))),
                    (None, Some(to)) => one(self.before(key, to.saturating_add(1))),
                    (None, None) => None,
                }
            }
            Test::Ago { days, older } => {
                let then = self.ago(field, *days);
                one(if *older { self.before(key, then) } else { self.after(key, then - 1) })
            }
            Test::Empty => one(key().is_null()),
            Test::Doubtful => field.doubt_column().and_then(|column| one(Expr::col(Alias::new(column)).is_not_null())),
        }
    }

    /// A whole day is compared as a day, an instant as an instant. Both lie in one strip of the index, which is little
    /// wider than what is found.
    fn due(&self, field: &FieldSpec, test: &Test) -> Option<Cond> {
        let of_instants = match test {
            Test::Days(_) => self.ends(field, test)?,
            Test::Ago { days, older: true } => (None, Some(self.ago(field, *days) - 1)),
            Test::Ago { days, older: false } => (Some(self.ago(field, *days)), None),
            _ => return None,
        };
        let first = |day: i64| day * DAY_MS;
        let of_days = match test {
            Test::Days(DateRange { from, to }) => {
                (from.map(|from| first(from.days())), to.map(|to| first(to.days() + 1) - 1))
            }
            Test::Ago { days, older: true } => (None, Some(first(self.reader.today.days() - days) - 1)),
            Test::Ago { days, older: false } => (Some(first(self.reader.today.days() - days)), None),
            _ => return None,
        };
        let key = || self.indexed(field);
        let is_day = self.key(field).modulo(1000i64).eq(DAY_MARK_MS);
        let within = |(from, to): (Option<i64>, Option<i64>)| {
            let from = from.map(|from| self.key(field).gte(from));
            let to = to.map(|to| self.key(field).lte(to));
            from.into_iter().chain(to).fold(Cond::all(), Cond::add)
        };
        let from = of_instants.0.zip(of_days.0).map(|(one, other)| Ord::min(one, other));
        let to = of_instants.1.zip(of_days.1).map(|(one, other)| Ord::max(one, other));
        let strip = match (from, to) {
            (Some(from), Some(to)) => key().gte(from).and(key().lte(to)),
            (Some(from), None) => self.after(key, from.saturating_sub(1)),
            (None, Some(to)) => self.before(key, to.saturating_add(1)),
            (None, None) => return None,
        };
        let days = Cond::all().add(is_day.clone()).add(within(of_days));
        let instants = Cond::all().add(is_day.not()).add(within(of_instants));
        Some(Cond::all().add(strip).add(Cond::any().add(days).add(instants)))
    }

    /// The part, and the legal form at the end; or all of it as it was typed.
    fn with_ending(
        &self,
        field: &FieldSpec,
        part: Option<SimpleExpr>,
        ending: Option<&Ending>,
        whole: impl Fn(&str) -> SimpleExpr,
    ) -> Option<Cond> {
        let all = part.into_iter().fold(Cond::all(), Cond::add);
        let Some(Ending { form, whole: typed }) = ending else { return Some(all) };
        let end = format!(" {form}");
        let ends = self.narrowed(field, &end, self.end_of(self.key(field), end.chars().count()).eq(end.as_str()));
        let is_form = self.indexed(field).eq(form.as_str());
        let with_form = self.any_of(vec![Cond::all().add(ends), Cond::all().add(is_form)])?;
        self.any_of(vec![all.add(with_form), Cond::all().add(whole(typed))])
    }

    /// Never LIKE: it folds letters differently on each database and reads `%` and `_`.
    fn contains(&self, field: &FieldSpec, part: &str) -> SimpleExpr {
        let position = match self.dialect {
            Dialect::Sqlite => "instr",
            Dialect::Postgres => "strpos",
        };
        let place = Func::cust(Alias::new(position)).arg(self.key(field)).arg(part);
        self.narrowed(field, part, Expr::expr(place).gt(0))
    }

    /// Where numbers are sorted by their worth, texts that begin alike lie together up to the last number of the start.
    fn begins(&self, field: &FieldSpec, start: &str) -> SimpleExpr {
        // PostgreSQL has no statistics of what an index computes, and would take it for few: where others lead to the
        // records, those that begin so are looked at one by one.
        let others_lead = match self.plan {
            Plan::Walk(sorted) => field.order_column().is_some() && field.key_column() != sorted,
            Plan::Find => self.dialect == Dialect::Postgres && *self.section.scope() != Scope::All,
        };
        if others_lead {
            return self.starts_with(self.key(field), start);
        }
        if field.order_column().is_none() {
            return self.starts_with(self.indexed(field), start);
        }
        let pieces = fold::natural_starts(start);
        let ends_in_number = pieces.len() > 1;
        let together = pieces.iter().map(|piece| Cond::all().add(self.starts_with(self.indexed(field), piece)));
        let together = Expr::expr(self.any_of(together.collect()).unwrap_or_else(nothing));
        let column = key::unindexed(Expr::col(Alias::new(field.key_column())), true);
        if ends_in_number { together.and(self.starts_with(column, start)) } else { together }
    }

    /// A piece of the index: both databases compare keys letter by letter, by their numbers.
    fn starts_with(&self, key: Expr, start: &str) -> SimpleExpr {
        let from = key.clone().gte(start);
        match key::after(start) {
            Some(after) => from.and(key.lt(after)),
            None => from,
        }
    }

    /// The pairs of the text lead to few records; `meaning` says which of them are meant.
    fn narrowed(&self, field: &FieldSpec, text: &str, meaning: SimpleExpr) -> SimpleExpr {
        let part = (field.key.clone(), text.to_string());
        if self.plan != Plan::Find || self.common.contains(&part) {
            return meaning;
        }
        self.parts.borrow_mut().insert(part);
        match search::may_contain(self.dialect, self.section, field, text) {
            Some(narrow) => narrow.and(meaning),
            None => meaning,
        }
    }

    fn end_of(&self, key: Expr, chars: usize) -> Expr {
        let chars = chars as i64;
        match self.dialect {
            Dialect::Sqlite => Expr::expr(Func::cust(Alias::new("substr")).arg(key).arg(-chars)),
            Dialect::Postgres => Expr::expr(Func::cust(Alias::new("right")).arg(key).arg(chars as i32)),
        }
    }

    /// A record without a name is found by the one that it shows: «клиент 17», «№ 17», «17».
    fn automatic_name(&self, field: &FieldSpec, typed: &str) -> Option<Cond> {
        if field.key != self.section.title {
            return None;
        }
        let number = domain::list::automatic_name(&self.section.forms, typed, self.reader.lang)?;
        Some(match number {
            // The number leads to it.
            Some(number) => Cond::all().add(Expr::col(Alias::new("id")).eq(number)).add(self.key(field).is_null()),
            None => Cond::all().add(self.indexed(field).is_null()),
        })
    }
}

/// A key that is looked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Point {
    Number(i64),
    Text(String),
}

impl Point {
    fn value(&self) -> Expr {
        match self {
            Self::Number(number) => Expr::val(*number),
            Self::Text(text) => Expr::val(text.as_str()),
        }
    }
}

/// NULL is not true either.
fn negation(any: Cond) -> Cond {
    Cond::all().add(Expr::expr(Func::coalesce([Expr::expr(any), Expr::val(false)])).not())
}

fn nothing() -> Cond {
    Cond::all().add(Expr::val(1).eq(0))
}
