//! How the values of each kind lie in columns.

use domain::fields::{FieldSpec, Kind, Value, fold};
/// What a column holds.
pub(crate) use sea_query::Value as Held;

/// A kind's SQL: what its column holds.
pub(crate) enum Storage {
    Text,
    Number(fn(i64) -> Value),
}

pub(crate) fn storage(kind: &Kind) -> Storage {
    match kind {
        Kind::Text
        | Kind::LongText
        | Kind::References(_)
        | Kind::Record
        | Kind::Phone
        | Kind::Phones
        | Kind::Email
        | Kind::Emails
        | Kind::Link
        | Kind::Inn
        | Kind::Kpp
        | Kind::Ogrn => Storage::Text,
        Kind::Integer(_) | Kind::Money | Kind::Date | Kind::YesNo | Kind::Choice(_) => Storage::Number(Value::Integer),
        Kind::Instant => Storage::Number(Value::Instant),
        Kind::Reference(_) => Storage::Number(Value::Reference),
    }
}

/// The columns that hold a field's value, with what belongs into them.
pub(crate) fn columns_of(field: &FieldSpec, value: &Value) -> Vec<(String, Held)> {
    // The type of a NULL matters to PostgreSQL.
    let own = match storage(&field.kind) {
        Storage::Text => value.text().map(str::to_string).into(),
        Storage::Number(_) => value.number().into(),
    };
    let mut columns = vec![(field.column.clone(), own)];
    let rules = field.kind.rules();
    if rules.has_key() {
        columns.push((field.key_column(), rules.key(value).into()));
    }
    if let Some(column) = field.order_column() {
        columns.push((column, natural(field, value).into()));
    }
    if let Some(column) = field.doubt_column() {
        columns.push((column, rules.doubt(value).map(|_| 1i64).into()));
    }
    columns
}

/// How a field's key is sorted, where that is not the key itself.
pub(crate) fn natural(field: &FieldSpec, value: &Value) -> Option<String> {
    let key = field.kind.rules().key(value)?;
    let natural = fold::natural(&key);
    (natural != key).then_some(natural)
}
