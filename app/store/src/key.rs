//! The key of a field as its index has it: what is compared and sorted.

use domain::fields::{FieldSpec, Kind, fold};
use domain::limits::RECENT_DAYS;
use domain::moment::DAY_MS;
use sea_query::{Alias, BinOper, Expr, ExprTrait};

/// An entry of PostgreSQL's indexes has at most 2 704 bytes, and a letter up to four. A text of one line is shorter;
/// of longer ones the index has the beginning.
const BRIEF_CHARS: usize = 200;

/// Whether the index has only the beginning of this field's keys.
pub(crate) fn is_brief(field: &FieldSpec) -> bool {
    field.kind == Kind::LongText || field.kind.is_several()
}

/// As SQL. Its numbers are no parameters: an index is taken for the very expression that it was made of.
pub(crate) fn sql(field: &FieldSpec) -> String {
    let column = field.key_column();
    match field.order_column() {
        Some(order) => format!("COALESCE(\"{order}\", \"{column}\")"),
        None if is_brief(field) => format!("substr(\"{column}\", 1, {BRIEF_CHARS})"),
        None => format!("\"{column}\""),
    }
}

pub(crate) fn indexed(field: &FieldSpec) -> Expr {
    match is_brief(field) || field.order_column().is_some() {
        true => Expr::cust(sql(field)),
        false => Expr::col(Alias::new(field.key_column())),
    }
}

/// The instant from which on it is long ago by the record's own days, as SQL.
pub(crate) fn due_sql(field: &FieldSpec, days: &FieldSpec) -> String {
    format!("(\"{}\" + COALESCE(\"{}\", {RECENT_DAYS}) * {DAY_MS})", field.column, days.column)
}

pub(crate) fn due(field: &FieldSpec, days: &FieldSpec) -> Expr {
    Expr::cust(due_sql(field, days))
}

/// A key as the index has it.
pub(crate) fn brief(field: &FieldSpec, key: &str) -> String {
    match field.order_column() {
        Some(_) => fold::natural(key),
        None if is_brief(field) => key.chars().take(BRIEF_CHARS).collect(),
        None => key.to_string(),
    }
}

/// The first text after all those that start so; `None` where there is none.
pub(crate) fn after(start: &str) -> Option<String> {
    let mut letters: Vec<char> = start.chars().collect();
    while let Some(last) = letters.pop() {
        // Between U+D7FF and U+E000 there are no letters.
        let next = char::from_u32(u32::from(last) + 1).or((last == '\u{d7ff}').then_some('\u{e000}'));
        if let Some(next) = next {
            letters.push(next);
            return Some(letters.into_iter().collect());
        }
    }
    None
}

/// The column as no index knows it.
pub(crate) fn unindexed(column: Expr, text: bool) -> Expr {
    if text { column.binary(BinOper::Custom("||"), Expr::val("")) } else { column.add(0i64) }
}

#[cfg(test)]
mod tests {
    use super::after;

    #[test]
    fn what_comes_after_a_beginning() {
        assert_eq!(after("рома").as_deref(), Some("ромб"));
        assert_eq!(after("\u{d7ff}").as_deref(), Some("\u{e000}"));
        assert_eq!(after("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(after(""), None);
    }
}
