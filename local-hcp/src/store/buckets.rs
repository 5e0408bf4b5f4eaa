//! The table `buckets`, with its counters of usage.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::{Error, account::Account};

/// A bucket.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) owner_id: i64,
    pub(crate) created_ms: i64,
}

/// How full a bucket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Objects.
    pub objects: u64,
    /// Bytes of those objects.
    pub bytes: u64,
}

/// Whether creating made a bucket or found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Created {
    New,
    OwnedAlready,
}

const COLUMNS: &str = "id, name, owner_id, created_ms";

fn bucket(row: &Row<'_>) -> rusqlite::Result<Bucket> {
    Ok(Bucket {
        id: row.get(0)?,
        name: row.get(1)?,
        owner_id: row.get(2)?,
        created_ms: row.get(3)?,
    })
}

/// Creates a bucket.
pub(crate) fn create(
    connection: &Connection,
    tenant_id: i64,
    owner_id: i64,
    name: &str,
    created_ms: i64,
) -> Result<Created, Error> {
    match find(connection, tenant_id, name)? {
        Some(bucket) if bucket.owner_id == owner_id => return Ok(Created::OwnedAlready),
        Some(_) => return Err(Error::BucketTaken),
        None => {}
    }
    connection
        .prepare_cached(
            "INSERT INTO buckets (tenant_id, owner_id, name, created_ms) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![tenant_id, owner_id, name, created_ms])?;
    Ok(Created::New)
}

fn find(connection: &Connection, tenant_id: i64, name: &str) -> Result<Option<Bucket>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM buckets WHERE tenant_id = ?1 AND name = ?2");
    Ok(connection
        .prepare_cached(&sql)?
        .query_row(params![tenant_id, name], bucket)
        .optional()?)
}

/// The bucket, if `caller` may reach what is in it.
pub(crate) fn open(connection: &Connection, caller: &Account, name: &str) -> Result<Bucket, Error> {
    let tenant = caller
        .tenant
        .as_ref()
        .ok_or(Error::Denied("system-level accounts have no buckets"))?;
    let bucket = find(connection, tenant.id, name)?.ok_or(Error::NoSuchBucket)?;
    if bucket.owner_id != caller.id {
        return Err(Error::Denied("the bucket belongs to another account"));
    }
    Ok(bucket)
}

/// The buckets of an owner, in alphabetical order.
pub(crate) fn owned_by(connection: &Connection, owner_id: i64) -> Result<Vec<Bucket>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM buckets WHERE owner_id = ?1 ORDER BY name");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([owner_id], bucket)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Removes a bucket that holds nothing, open uploads included.
pub(crate) fn remove(connection: &Connection, bucket_id: i64) -> Result<(), Error> {
    let occupied: bool = connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM objects WHERE bucket_id = ?1)
                 OR EXISTS (SELECT 1 FROM uploads WHERE bucket_id = ?1)",
        )?
        .query_row([bucket_id], |row| row.get(0))?;
    if occupied {
        return Err(Error::BucketNotEmpty);
    }
    connection
        .prepare_cached("DELETE FROM buckets WHERE id = ?1")?
        .execute([bucket_id])?;
    Ok(())
}

/// Moves the counters.
pub(crate) fn count(
    connection: &Connection,
    bucket_id: i64,
    objects: i64,
    bytes: i64,
) -> Result<(), Error> {
    connection
        .prepare_cached(
            "UPDATE buckets SET objects = objects + ?2, bytes = bytes + ?3 WHERE id = ?1",
        )?
        .execute([bucket_id, objects, bytes])?;
    Ok(())
}

/// Reads the counters.
pub(crate) fn usage(
    connection: &Connection,
    tenant: &str,
    name: &str,
) -> Result<Option<Usage>, Error> {
    Ok(connection
        .prepare_cached(
            "SELECT buckets.objects, buckets.bytes FROM buckets
             JOIN tenants ON tenants.id = buckets.tenant_id
             WHERE tenants.name = ?1 AND buckets.name = ?2",
        )?
        .query_row([tenant, name], |row| {
            Ok(Usage {
                objects: super::blobs::to_u64(row.get(0)?),
                bytes: super::blobs::to_u64(row.get(1)?),
            })
        })
        .optional()?)
}
