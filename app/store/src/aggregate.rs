//! Sums over many records, the same on both databases.

use sea_query::{Alias, Expr, ExprTrait, Func, SimpleExpr};

use crate::db::Dialect;

/// A sum that ends where its column does. In two parts: SQLite refuses to add up whole numbers beyond their end.
pub(crate) fn sum(dialect: Dialect, column: Expr) -> SimpleExpr {
    const PART: i64 = 1_000_000_000;
    let part = |column: SimpleExpr| Expr::expr(Func::sum(column));
    let whole = part(column.clone().div(PART)).mul(PART).add(part(column.modulo(PART)));
    let end = |number: i64| Expr::val(number);
    let within = match dialect {
        // Beyond its whole numbers SQLite goes on with others, which end where they are cast.
        Dialect::Sqlite => whole,
        Dialect::Postgres => {
            let most = Func::cust(Alias::new("LEAST")).arg(whole.clone()).arg(end(i64::MAX));
            let between = Func::cust(Alias::new("GREATEST")).arg(most).arg(end(i64::MIN));
            // Of nothing and an end, these take the end.
            Expr::expr(Expr::case(whole.is_not_null(), between))
        }
    };
    within.cast_as(Alias::new("BIGINT"))
}
