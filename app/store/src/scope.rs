//! Which records of a section a reader may see, and how records point at one another: the conditions that all SQL
//! shares.

use std::collections::BTreeSet;

use domain::fields::kinds::{record, references};
use domain::fields::{FieldSpec, Kind, Scope, Section, Target, Value};
use domain::ids::{RecordId, SectionKey};
use sea_query::{Alias, BinOper, Cond, Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr, UnionType};

use crate::db::{Conn, Dialect, Error, PARAMETERS_MAX};

/// The table of a section: built-in ones are called like their key, the owner's by number.
pub fn table(section: &SectionKey) -> String {
    match section.number() {
        Some(number) => format!("s_{number}"),
        None => section.as_str().to_string(),
    }
}

/// Which of these records a section has in use, as far as the scope lets one see.
pub(crate) async fn existing(
    conn: &mut Conn,
    section: &SectionKey,
    scope: &Scope,
    ids: &[RecordId],
) -> Result<BTreeSet<RecordId>, Error> {
    numbers(conn, section, Cond::all().add(in_scope(scope)).add(Expr::col(Alias::new("trashed")).is_null()), ids).await
}

/// The same, deleted ones too.
pub(crate) async fn in_sight(
    conn: &mut Conn,
    section: &SectionKey,
    scope: &Scope,
    ids: &[RecordId],
) -> Result<BTreeSet<RecordId>, Error> {
    numbers(conn, section, in_scope(scope), ids).await
}

async fn numbers(
    conn: &mut Conn,
    section: &SectionKey,
    condition: Cond,
    ids: &[RecordId],
) -> Result<BTreeSet<RecordId>, Error> {
    let mut found = BTreeSet::new();
    for some in ids.chunks(PARAMETERS_MAX) {
        let mut statement = Query::select();
        statement
            .column(Alias::new("id"))
            .from(Alias::new(table(section)))
            .and_where(Expr::col(Alias::new("id")).is_in(some.iter().copied()))
            .cond_where(condition.clone());
        for row in conn.select(&statement).await? {
            found.insert(row.get("id")?);
        }
    }
    Ok(found)
}

/// The records that a reader may see.
pub(crate) fn in_scope(scope: &Scope) -> Cond {
    match scope {
        Scope::All => Cond::all(),
        Scope::None => Cond::all().add(Expr::cust("1 = 0")),
        Scope::Own { column, user } => Cond::all().add(Expr::col(Alias::new(column)).eq(*user)),
        Scope::PartOf { section, field, table, whole } => {
            let mut seen = Query::select();
            seen.column(Alias::new("id")).from(Alias::new(table)).cond_where(in_scope(whole));
            if field.kind.is_references() {
                let mut links = linking(section, field);
                links.and_where(Expr::col(Alias::new("target")).in_subquery(seen));
                Cond::all().add(Expr::col(Alias::new("id")).in_subquery(links))
            } else {
                Cond::all().add(Expr::col(Alias::new(&field.column)).in_subquery(seen))
            }
        }
        Scope::About { table, column, of, otherwise } => about_in_scope(table, column, of, in_scope(otherwise)),
    }
}

/// The records that a reader may see, so that a list begins with them: by what they are a part of, and by what they are
/// said of, each along its own index. `shelf` is what those indexes hold.
pub(crate) fn found_in_scope(section: &Section, shelf: &SimpleExpr) -> Cond {
    let Scope::About { table, column, of, otherwise } = section.scope() else { return in_scope(section.scope()) };
    let own = |condition: Cond| {
        let mut records = Query::select();
        records.column(Alias::new("id")).from(Alias::new(table)).and_where(shelf.clone()).cond_where(condition);
        records
    };
    let about = || Expr::col(Alias::new(column));
    let mut records = own(Cond::all().add(about().is_null()).add(in_scope(otherwise)));
    for (key, whole, scope) in of.iter().filter(|(_, _, scope)| *scope != Scope::None) {
        let mut names = Query::select();
        names
            .expr(naming(key, Expr::col((Alias::new(whole), Alias::new("id")))))
            .from(Alias::new(whole))
            .cond_where(in_scope(scope));
        records.union(UnionType::All, own(Cond::all().add(about().in_subquery(names))));
    }
    Cond::all().add(Expr::col(Alias::new("id")).in_subquery(records))
}

/// What is said of a record is seen with it, and what is said of none as `otherwise` says.
fn about_in_scope(table: &str, column: &str, of: &[(SectionKey, String, Scope)], otherwise: Cond) -> Cond {
    let own = || Expr::col((Alias::new(table), Alias::new(column)));
    let any = Cond::any().add(Cond::all().add(own().is_null()).add(otherwise));
    of.iter().fold(any, |any, (key, whole, scope)| {
        let mut seen = Query::select();
        seen.expr(Expr::val(1))
            .from(Alias::new(whole))
            .and_where(Expr::col((Alias::new(whole), Alias::new("id"))).eq(named_in(own(), key)))
            .cond_where(in_scope(scope));
        any.add(Expr::exists(seen))
    })
}

/// The number of the record of this section that a `Kind::Record` column names; NULL where it names another.
pub(crate) fn named_in(column: Expr, section: &SectionKey) -> Expr {
    let start = format!("{section}.");
    let chars = start.chars().count() as i32;
    let part = |from: i32, count: Option<i32>| {
        let cut = Func::cust(Alias::new("substr")).arg(column.clone()).arg(from);
        Expr::expr(count.into_iter().fold(cut, |cut, count| cut.arg(count)))
    };
    let number = Expr::case(part(1, Some(chars)).eq(start), part(chars + 1, None));
    Expr::expr(number).cast_as(Alias::new("BIGINT"))
}

/// The same, asked of a row that has been come to in another way.
pub(crate) fn row_in_scope(section: &Section) -> Cond {
    row_within(section, section.scope())
}

fn row_within(section: &Section, scope: &Scope) -> Cond {
    match scope {
        Scope::PartOf { field, table, whole, .. } => {
            let target = match field.kind.is_references() {
                true => Expr::col((Alias::new("link"), Alias::new("target"))),
                false => Expr::col((Alias::new(&section.table), Alias::new(&field.column))),
            };
            let mut seen = Query::select();
            seen.expr(Expr::val(1))
                .from(Alias::new(table))
                .and_where(Expr::col((Alias::new(table), Alias::new("id"))).eq(target))
                .cond_where(in_scope(whole));
            if !field.kind.is_references() {
                return Cond::all().add(Expr::exists(seen));
            }
            let mut links = linking(&section.key, field);
            links
                .and_where(
                    Expr::col((Alias::new("link"), Alias::new("record")))
                        .eq(Expr::col((Alias::new(&section.table), Alias::new("id")))),
                )
                .and_where(Expr::exists(seen));
            Cond::all().add(Expr::exists(links))
        }
        Scope::About { table, column, of, otherwise } => {
            about_in_scope(table, column, of, row_within(section, otherwise))
        }
        scope => in_scope(scope),
    }
}

/// What is a part of one record, or said of one, rests with it: whether that one does not lie in the trash.
pub(crate) fn whole_in_use(section: &Section, dialect: Dialect) -> Cond {
    let own = |field: &FieldSpec| Expr::col((Alias::new(&section.table), Alias::new(&field.column)));
    let in_use = |whole: String, of: Expr| {
        let mut resting = Query::select();
        resting
            .expr(Expr::val(1))
            .from(Alias::new(&whole))
            .and_where(Expr::col((Alias::new(&whole), Alias::new("id"))).eq(of))
            .and_where(Expr::col((Alias::new(&whole), Alias::new("trashed"))).is_not_null());
        Expr::exists(resting).not()
    };
    let mut all = Cond::all();
    if let Some(field) = section.whole_field().filter(|field| !field.kind.is_references())
        && let Some(Target::Section(to)) = field.kind.target()
    {
        all = all.add(in_use(table(to), own(field)));
    }
    if let Some(about) = section.about_field() {
        // Most are said of none.
        let named = section.scopes.keys().filter(|key| **key != section.key);
        let none_rests = match dialect {
            Dialect::Postgres => {
                named.fold(Cond::all(), |all, key| all.add(in_use(table(key), named_in(own(about), key))))
            }
            // SQLite goes through the trash once, and not into each section for each record.
            Dialect::Sqlite => match named.map(resting).reduce(union) {
                Some(resting) => Cond::all().add(own(about).not_in_subquery(resting)),
                None => Cond::all(),
            },
        };
        all = all.add(Cond::any().add(own(about).is_null()).add(none_rests));
    }
    all
}

/// The records of a section that lie in the trash, as they are named elsewhere.
fn resting(section: &SectionKey) -> SelectStatement {
    let of = table(section);
    Query::select()
        .expr(naming(section, Expr::col((Alias::new(&of), Alias::new("id")))))
        .from(Alias::new(&of))
        .and_where(Expr::col((Alias::new(&of), Alias::new("trashed"))).is_not_null())
        .to_owned()
}

fn union(mut all: SelectStatement, more: SelectStatement) -> SelectStatement {
    all.union(UnionType::All, more).to_owned()
}

/// The numbers of a section's records whose field of references points somewhere.
pub(crate) fn linking(section: &SectionKey, field: &FieldSpec) -> SelectStatement {
    Query::select()
        .column(Alias::new("record"))
        .from(Alias::new("link"))
        .and_where(Expr::col(Alias::new("section")).eq(section.as_str()))
        .and_where(Expr::col(Alias::new("field")).eq(field.key.as_str()))
        .to_owned()
}

/// A record of this section as a `Kind::Record` column names it.
pub(crate) fn naming(section: &SectionKey, id: Expr) -> Expr {
    Expr::val(format!("{section}.")).binary(BinOper::Custom("||"), id.cast_as(Alias::new("TEXT")))
}

/// The records of `from` that point at the record of `keeper` in the row around them.
pub(crate) fn points_at_row(from: &Section, field: &FieldSpec, keeper: &Section) -> SimpleExpr {
    let id = || Expr::col((Alias::new(&keeper.table), Alias::new("id")));
    if field.kind == Kind::Record {
        return Expr::col((Alias::new(&from.table), Alias::new(&field.column))).eq(naming(&keeper.key, id()));
    }
    if field.kind.is_references() {
        let mut links = linking(&from.key, field);
        links.and_where(Expr::col((Alias::new("link"), Alias::new("target"))).eq(id()));
        Expr::col((Alias::new(&from.table), Alias::new("id"))).in_subquery(links)
    } else {
        Expr::col((Alias::new(&from.table), Alias::new(&field.column))).eq(id())
    }
}

/// The records of this section that a value points at.
pub(crate) fn targets_in(field: &FieldSpec, value: &Value, section: &SectionKey) -> Vec<RecordId> {
    match field.kind {
        Kind::Record => {
            record::named(value).filter(|named| named.section == *section).map(|named| named.id).into_iter().collect()
        }
        _ => targets(field, value),
    }
}

/// Whom a value points at.
pub(crate) fn targets(field: &FieldSpec, value: &Value) -> Vec<RecordId> {
    if field.kind.is_references() { references::ids(value) } else { value.number().into_iter().collect() }
}
