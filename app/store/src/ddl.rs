//! Tables and columns of what the owner makes: the only place that changes them. Names in SQL are numbers only
//! (`s_5`, `c_12`). Each is called in the transaction that makes the declaration.

use domain::fields::{FieldSpec, Registry, Section};

use crate::db::{Conn, Db, Dialect, Error};
use crate::storage::{Storage, storage};
use crate::{key, search, values};

pub(crate) async fn create_table(conn: &mut Conn, section: &Section) -> Result<(), Error> {
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
pub(crate) async fn define_search(conn: &mut Conn, section: &Section) -> Result<(), Error> {
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
pub(crate) async fn add_columns(conn: &mut Conn, table: &str, field: &FieldSpec) -> Result<(), Error> {
    let collate = match conn.dialect() {
        Dialect::Sqlite => "",
        // Code-point order, as in SQLite and in Rust.
        Dialect::Postgres => " COLLATE \"C\"",
    };
    let column = &field.column;
    let own = match storage(&field.kind) {
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
    add_order_column(conn, table, field).await?;
    define_order(conn, table, field).await
}

/// How a field's key is sorted, where bases of older versions have no column for it.
async fn add_order_column(conn: &mut Conn, table: &str, field: &FieldSpec) -> Result<(), Error> {
    let Some(order) = field.order_column() else { return Ok(()) };
    match conn.dialect() {
        Dialect::Sqlite => {
            let known = "SELECT name FROM pragma_table_info($1) WHERE name = $2 LIMIT 1";
            if conn.optional(known, values![table, order.as_str()]).await?.is_none() {
                conn.define(format!("ALTER TABLE {table} ADD COLUMN {order} TEXT")).await?;
            }
            Ok(())
        }
        Dialect::Postgres => {
            conn.define(format!("ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {order} TEXT COLLATE \"C\"")).await
        }
    }
}

/// The indexes by which a field's records are found and sorted, where there are none.
async fn define_order(conn: &mut Conn, table: &str, field: &FieldSpec) -> Result<(), Error> {
    let (column, key) = (&field.column, key::sql(field));
    let name = match field.order_column() {
        Some(_) => {
            // By the key alone, as older versions sorted it.
            conn.define(format!("DROP INDEX IF EXISTS {table}_{column}_order")).await?;
            format!("{table}_{column}_natural_order")
        }
        None => format!("{table}_{column}_order"),
    };
    conn.define(format!("CREATE INDEX IF NOT EXISTS {name} ON {table} ({key}, id) WHERE trashed IS NULL")).await?;
    if let Some(doubt) = field.doubt_column() {
        conn.define(format!(
            "CREATE INDEX IF NOT EXISTS {table}_{doubt} ON {table} (id) WHERE trashed IS NULL AND {doubt} IS NOT NULL"
        ))
        .await?;
    }
    Ok(())
}

/// Makes the indexes that are missing: of every field that a list may be filtered or sorted by. To be run while nobody
/// writes.
pub async fn complete(db: &Db, registry: &Registry) -> Result<(), Error> {
    // Sections without pages of their own have no lists.
    for section in registry.sections.iter().filter(|section| !section.inner) {
        let section = section.clone();
        db.write(move |conn| {
            let section = section.clone();
            Box::pin(async move {
                // Whose records they are is asked of deleted ones too.
                if let Some(owner) =
                    section.owner.as_ref().and_then(|owner| section.kept().find(|field| field.key == *owner))
                {
                    let (table, column) = (&section.table, &owner.column);
                    conn.define(format!("CREATE INDEX IF NOT EXISTS {table}_own ON {table} ({column}, id)")).await?;
                }
                for field in section.kept() {
                    let own = field.recency.as_ref().and_then(|recency| recency.days.as_ref());
                    if let Some(days) = own.and_then(|own| section.kept().find(|field| field.key == *own)) {
                        let (table, column, due) = (&section.table, &field.column, key::due_sql(field, days));
                        conn.define(format!(
                            "CREATE INDEX IF NOT EXISTS {table}_{column}_due ON {table} ({due}, id) WHERE trashed IS NULL"
                        ))
                        .await?;
                    }
                }
                for field in section.kept().filter(|field| field.column != "id") {
                    if section.key.number().is_some() || field.key.number().is_some() {
                        // An older version called it so.
                        conn.define(format!("DROP INDEX IF EXISTS {}_{}", section.table, field.column)).await?;
                    }
                    add_order_column(conn, &section.table, field).await?;
                    define_order(conn, &section.table, field).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .await?;
    }
    Ok(())
}

/// A SELECT would wait behind a queued ALTER: it gives up soon and is tried again.
pub(crate) async fn give_up_soon(conn: &mut Conn) -> Result<(), Error> {
    match conn.dialect() {
        Dialect::Sqlite => Ok(()),
        Dialect::Postgres => conn.define("SET LOCAL lock_timeout = '1s'".into()).await,
    }
}
