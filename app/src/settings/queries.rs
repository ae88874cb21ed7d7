//! How a user looks at a section: columns and density.

use domain::fields::SectionSpec;
use domain::ids::{FieldKey, UserId};
use store::{Conn, Db, Error, values};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserView {
    /// The section's own columns when `None`.
    pub columns: Option<Vec<FieldKey>>,
    pub dense: bool,
}

pub async fn user_view(conn: &mut Conn, user: UserId, section: &SectionSpec) -> Result<UserView, Error> {
    let row = conn
        .optional(
            "SELECT columns, dense FROM user_view WHERE user_id = $1 AND section = $2",
            values![user, section.key.as_str()],
        )
        .await?;
    let Some(row) = row else { return Ok(UserView::default()) };
    let columns: Option<String> = row.get("columns")?;
    let known = |names: String| {
        names.split(',').filter_map(|name| section.field_named(name)).map(|field| field.key.clone()).collect()
    };
    Ok(UserView {
        columns: columns.map(known).filter(|keys: &Vec<FieldKey>| !keys.is_empty()),
        dense: row.get("dense")?,
    })
}

pub async fn remember_view(db: &Db, user: UserId, section: &SectionSpec, view: UserView) -> Result<(), Error> {
    let section = section.key.to_string();
    let columns = view.columns.map(|keys| keys.iter().map(FieldKey::as_str).collect::<Vec<_>>().join(","));
    db.write(move |conn| {
        let (section, columns) = (section.clone(), columns.clone());
        Box::pin(async move {
            conn.execute(
                "INSERT INTO user_view (user_id, section, columns, dense) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (user_id, section) DO UPDATE SET columns = $3, dense = $4",
                values![user, section, columns, view.dense],
            )
            .await?;
            Ok(())
        })
    })
    .await
}
