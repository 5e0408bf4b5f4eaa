//! The table `data_access`: who may do what with the objects of which namespace.

use rusqlite::Connection;

use crate::{Error, access::Permissions};

/// The namespaces in which a user has permissions, and those, by name.
pub(crate) fn of_user(
    connection: &Connection,
    user_id: i64,
) -> Result<Vec<(String, Permissions)>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT buckets.name, data_access.permissions FROM data_access
         JOIN buckets ON buckets.id = data_access.bucket_id
         WHERE data_access.user_id = ?1 ORDER BY buckets.name",
    )?;
    let rows = statement.query_map([user_id], |row| {
        Ok((row.get(0)?, Permissions::stored(row.get(1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Gives a user these permissions in a namespace, and no others.
pub(crate) fn set_of_user(
    connection: &Connection,
    bucket_id: i64,
    user_id: i64,
    permissions: Permissions,
) -> Result<(), Error> {
    connection
        .prepare_cached("DELETE FROM data_access WHERE bucket_id = ?1 AND user_id = ?2")?
        .execute([bucket_id, user_id])?;
    if permissions != Permissions::NONE {
        connection
            .prepare_cached(
                "INSERT INTO data_access (bucket_id, user_id, permissions) VALUES (?1, ?2, ?3)",
            )?
            .execute([bucket_id, user_id, permissions.to_stored()])?;
    }
    Ok(())
}
