//! The tables `content_classes` and `content_class_buckets`.

use model::mapi::{ContentClass, ContentProperties};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::values;
use crate::Error;

/// A content class.
pub(crate) struct Class {
    pub(crate) id: i64,
    pub(crate) resource: ContentClass,
}

/// The names of a tenant's content classes.
pub(crate) fn names(connection: &Connection, tenant_id: i64) -> Result<Vec<String>, Error> {
    let mut statement = connection
        .prepare_cached("SELECT name FROM content_classes WHERE tenant_id = ?1 ORDER BY name")?;
    let names = statement.query_map([tenant_id], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// The content class of that name.
pub(crate) fn find(
    connection: &Connection,
    tenant_id: i64,
    name: &str,
) -> Result<Option<Class>, Error> {
    let found = connection
        .prepare_cached(
            "SELECT id, name, properties FROM content_classes WHERE tenant_id = ?1 AND name = ?2",
        )?
        .query_row(params![tenant_id, name], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?))
        })
        .optional()?;
    let Some((id, name, properties)) = found else {
        return Ok(None);
    };
    let properties: ContentProperties = values::from_json(&properties)?;
    Ok(Some(Class {
        id,
        resource: ContentClass {
            name: Some(name),
            content_properties: Some(properties),
            namespaces: Some(namespaces(connection, id)?.into()),
            ..ContentClass::default()
        },
    }))
}

/// The namespaces whose objects have the properties of a class.
fn namespaces(connection: &Connection, class_id: i64) -> Result<Vec<String>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT buckets.name FROM content_class_buckets
         JOIN buckets ON buckets.id = content_class_buckets.bucket_id
         WHERE content_class_buckets.class_id = ?1 ORDER BY buckets.name",
    )?;
    let names = statement.query_map([class_id], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// Makes a content class; `None`: the name is taken.
pub(crate) fn insert(
    connection: &Connection,
    tenant_id: i64,
    name: &str,
) -> Result<Option<i64>, Error> {
    Ok(connection
        .prepare_cached(
            "INSERT INTO content_classes (tenant_id, name) VALUES (?1, ?2)
             ON CONFLICT DO NOTHING RETURNING id",
        )?
        .query_row(params![tenant_id, name], |row| row.get(0))
        .optional()?)
}

/// Gives a content class other properties.
pub(crate) fn set_properties(
    connection: &Connection,
    class_id: i64,
    properties: &ContentProperties,
) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE content_classes SET properties = ?2 WHERE id = ?1")?
        .execute(params![class_id, values::to_json(properties)?])?;
    Ok(())
}

/// Gives a content class other namespaces.
///
/// # Errors
/// [`Error::InvalidSetting`]: there is no such namespace.
pub(crate) fn set_namespaces(
    connection: &Connection,
    tenant_id: i64,
    class_id: i64,
    names: &[String],
) -> Result<(), Error> {
    connection
        .prepare_cached("DELETE FROM content_class_buckets WHERE class_id = ?1")?
        .execute([class_id])?;
    for name in names {
        let bucket: Option<i64> = connection
            .prepare_cached("SELECT id FROM buckets WHERE tenant_id = ?1 AND name = ?2")?
            .query_row(params![tenant_id, name], |row| row.get(0))
            .optional()?;
        let bucket = bucket.ok_or_else(|| {
            Error::InvalidSetting(format!("namespaces: there is no namespace {name}."))
        })?;
        connection
            .prepare_cached(
                "INSERT INTO content_class_buckets (class_id, bucket_id) VALUES (?1, ?2)
                 ON CONFLICT DO NOTHING",
            )?
            .execute([class_id, bucket])?;
    }
    Ok(())
}

/// Deletes a content class.
pub(crate) fn delete(connection: &Connection, class_id: i64) -> Result<(), Error> {
    connection
        .prepare_cached("DELETE FROM content_classes WHERE id = ?1")?
        .execute([class_id])?;
    Ok(())
}

/// The names of the content classes of a namespace.
pub(crate) fn of_namespace(connection: &Connection, bucket_id: i64) -> Result<Vec<String>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT content_classes.name FROM content_class_buckets
         JOIN content_classes ON content_classes.id = content_class_buckets.class_id
         WHERE content_class_buckets.bucket_id = ?1 ORDER BY content_classes.name",
    )?;
    let names = statement.query_map([bucket_id], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// Gives a namespace these content classes, and no others.
///
/// # Errors
/// [`Error::InvalidSetting`]: there is no such content class.
pub(crate) fn set_of_namespace(
    connection: &Connection,
    tenant_id: i64,
    bucket_id: i64,
    names: &[String],
) -> Result<(), Error> {
    connection
        .prepare_cached("DELETE FROM content_class_buckets WHERE bucket_id = ?1")?
        .execute([bucket_id])?;
    for name in names {
        let class = find(connection, tenant_id, name)?
            .filter(|class| class.resource.name.as_ref() == Some(name));
        let class = class.ok_or_else(|| {
            Error::InvalidSetting(format!(
                "contentClasses: the tenant has no content class {name}"
            ))
        })?;
        connection
            .prepare_cached(
                "INSERT INTO content_class_buckets (class_id, bucket_id) VALUES (?1, ?2)
                 ON CONFLICT DO NOTHING",
            )?
            .execute(params![class.id, bucket_id])?;
    }
    Ok(())
}
