//! The table `annotations`, and the metadata of S3, which is one annotation more.

use std::collections::BTreeMap;

use model::annotation::{METAPAIRS, MOST};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    Write,
    blobs::{to_i64, to_u64},
    buckets::{self, Bucket, Change},
    objects::{self, Attributes, Object},
    words,
};
use crate::{Error, metapairs};

/// Notes in the transaction of a change of what describes a version that it has changed. Every such change
/// of a row comes through here.
pub(crate) fn changed(connection: &Connection, object_id: i64, now_ms: i64) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE objects SET changed_ms = ?2 WHERE id = ?1")?
        .execute([object_id, now_ms])?;
    words::refresh(connection, object_id)
}

/// An annotation without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) size: u64,
}

/// The annotations of a version, by name.
pub(crate) fn list(connection: &Connection, object: &Object) -> Result<Vec<Listed>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT name, octet_length(content) FROM annotations WHERE object_id = ?1 ORDER BY name",
    )?;
    let rows = statement.query_map([object.id], |row| {
        Ok(Listed {
            name: row.get(0)?,
            size: to_u64(row.get(1)?),
        })
    })?;
    let mut all = rows.collect::<Result<Vec<_>, _>>()?;
    if let Some(document) = metapairs::write(&object.attributes.metadata) {
        all.insert(
            0,
            Listed {
                name: METAPAIRS.to_owned(),
                size: document.len() as u64,
            },
        );
    }
    Ok(all)
}

/// The annotations of a version with their contents, by name, the metadata of S3 among them.
#[cfg(test)]
pub(crate) fn all(
    connection: &Connection,
    object_id: i64,
) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let metadata: Option<String> = connection
        .prepare_cached("SELECT metadata FROM objects WHERE id = ?1")?
        .query_row([object_id], |row| row.get(0))
        .optional()?;
    let metadata: BTreeMap<String, String> = metadata
        .as_deref()
        .map(super::values::from_json)
        .transpose()?
        .unwrap_or_default();
    let pairs = metapairs::write(&metadata);
    let mut found: Vec<_> = pairs
        .map(|document| (METAPAIRS.to_owned(), document.into_bytes()))
        .into_iter()
        .collect();
    let mut statement = connection.prepare_cached(
        "SELECT name, content FROM annotations WHERE object_id = ?1 ORDER BY name",
    )?;
    let rows = statement.query_map([object_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for row in rows {
        found.push(row?);
    }
    Ok(found)
}

/// What an annotation of a version holds.
pub(crate) fn content(
    connection: &Connection,
    object: &Object,
    name: &str,
) -> Result<Option<Vec<u8>>, Error> {
    if name == METAPAIRS {
        return Ok(metapairs::write(&object.attributes.metadata).map(String::into_bytes));
    }
    Ok(connection
        .prepare_cached("SELECT content FROM annotations WHERE object_id = ?1 AND name = ?2")?
        .query_row(params![object.id, name], |row| row.get(0))
        .optional()?)
}

/// The bytes of an annotation that has a row.
fn size(connection: &Connection, object_id: i64, name: &str) -> Result<Option<i64>, Error> {
    Ok(connection
        .prepare_cached(
            "SELECT octet_length(content) FROM annotations WHERE object_id = ?1 AND name = ?2",
        )?
        .query_row(params![object_id, name], |row| row.get(0))
        .optional()?)
}

/// Adds an annotation to a version, or replaces it. That it may be done is known.
///
/// # Errors
/// [`Error::InvalidDocument`] where the version has as many as it may, and for metadata of S3 that could
/// not be told by S3.
pub(crate) fn put(
    write: &mut Write<'_>,
    bucket: &Bucket,
    object: &Object,
    name: &str,
    content: &[u8],
    drops_empty: bool,
    now_ms: i64,
) -> Result<(), Error> {
    let present = list(write.connection, object)?;
    if present.len() >= MOST && present.iter().all(|one| one.name != name) {
        return Err(Error::InvalidDocument(format!(
            "the object has {MOST} annotations, as many as it may"
        )));
    }
    if name == METAPAIRS {
        let metadata = metapairs::read(content, drops_empty)?;
        return set_metadata(write, bucket, object, metadata, now_ms);
    }
    let before = size(write.connection, object.id, name)?;
    write
        .connection
        .prepare_cached(
            "INSERT INTO annotations (object_id, name, content) VALUES (?1, ?2, ?3)
             ON CONFLICT (object_id, name) DO UPDATE SET content = excluded.content",
        )?
        .execute(params![object.id, name, content])?;
    let change = Change {
        annotations: i64::from(before.is_none()),
        annotation_bytes: to_i64(content.len() as u64) - before.unwrap_or(0),
        ..Change::default()
    };
    buckets::count(write, bucket, change)?;
    changed(write.connection, object.id, now_ms)
}

/// Removes an annotation of a version; false where there is none of the name. That it may be done is known.
pub(crate) fn remove(
    write: &mut Write<'_>,
    bucket: &Bucket,
    object: &Object,
    name: &str,
    now_ms: i64,
) -> Result<bool, Error> {
    if name == METAPAIRS {
        if object.attributes.metadata.is_empty() {
            return Ok(false);
        }
        set_metadata(write, bucket, object, BTreeMap::new(), now_ms)?;
        return Ok(true);
    }
    let Some(size) = size(write.connection, object.id, name)? else {
        return Ok(false);
    };
    write
        .connection
        .prepare_cached("DELETE FROM annotations WHERE object_id = ?1 AND name = ?2")?
        .execute(params![object.id, name])?;
    let change = Change {
        annotations: -1,
        annotation_bytes: -size,
        ..Change::default()
    };
    buckets::count(write, bucket, change)?;
    changed(write.connection, object.id, now_ms)?;
    Ok(true)
}

fn set_metadata(
    write: &mut Write<'_>,
    bucket: &Bucket,
    object: &Object,
    metadata: BTreeMap<String, String>,
    now_ms: i64,
) -> Result<(), Error> {
    let mut change = Change::default();
    change.annotated(-1, &object.attributes.metadata);
    change.annotated(1, &metadata);
    buckets::count(write, bucket, change)?;
    let attributes = Attributes {
        metadata,
        ..object.attributes.clone()
    };
    objects::set_attributes(write.connection, object.id, &attributes, now_ms)
}

/// How many rows of annotations a version has, and their bytes.
pub(super) fn weight(connection: &Connection, object_id: i64) -> Result<(i64, i64), Error> {
    Ok(connection
        .prepare_cached(
            "SELECT count(*), coalesce(sum(octet_length(content)), 0) FROM annotations
             WHERE object_id = ?1",
        )?
        .query_row([object_id], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Gives a version the annotations of another, all but the metadata of S3.
pub(super) fn carry(connection: &Connection, from: i64, to: i64) -> Result<(), Error> {
    connection
        .prepare_cached(
            "INSERT INTO annotations (object_id, name, content)
             SELECT ?2, name, content FROM annotations WHERE object_id = ?1",
        )?
        .execute([from, to])?;
    words::refresh(connection, to)
}
