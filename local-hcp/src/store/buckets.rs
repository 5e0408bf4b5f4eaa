//! The table `buckets`, with its counters of usage.

use std::collections::BTreeMap;

use model::retention::Retention;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

use super::{blobs::to_u64, values};
use crate::{
    Error,
    access::{Acl, Caller, Permissions},
};

/// A bucket, as a caller reached it.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) owner_id: i64,
    pub(crate) created_ms: i64,
    pub(crate) versioning: Versioning,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) acl: Acl,
    pub(crate) settings: Settings,
    /// What the caller may do in it.
    pub(crate) granted: Permissions,
}

/// Whether a bucket keeps the versions of its objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Versioning {
    Never,
    Enabled,
    Suspended,
}

/// The settings of a namespace, as far as they govern objects; the defaults are HCP's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Settings {
    /// `s3UnversionedOverwrite`.
    #[serde(rename = "s3UnversionedOverwrite")]
    pub(crate) unversioned_overwrite: bool,
    /// What an object gets that says nothing itself; HCP's grammar of retention values.
    pub(crate) retention_default: Option<String>,
    /// Whether retention gives way to privileged deletes; else the namespace is in compliance mode.
    pub(crate) enterprise_mode: bool,
    /// Name and value of each retention class.
    pub(crate) retention_classes: BTreeMap<String, String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            unversioned_overwrite: false,
            retention_default: None,
            enterprise_mode: true,
            retention_classes: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// Refuses retention values that could not be read later.
    pub(crate) fn check(&self) -> Result<(), Error> {
        for value in self
            .retention_default
            .iter()
            .chain(self.retention_classes.values())
        {
            if value.parse::<Retention>().is_err() {
                return Err(Error::InvalidSetting(format!(
                    "`{value}` is not a retention value"
                )));
            }
        }
        Ok(())
    }
}

/// How full a bucket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Objects: keys whose newest version is no delete marker.
    pub objects: u64,
    /// Versions that are no delete markers, the objects themselves among them.
    pub versions: u64,
    /// Bytes of those versions.
    pub bytes: u64,
}

/// By how much the counters of a bucket move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) objects: i64,
    pub(crate) versions: i64,
    pub(crate) bytes: i64,
}

/// Whether creating made a bucket or found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Created {
    New,
    OwnedAlready,
}

const COLUMNS: &str = "id, name, owner_id, created_ms, versioning, tags, acl, settings";

fn bucket(row: &Row<'_>) -> Result<Bucket, Error> {
    Ok(Bucket {
        id: row.get(0)?,
        name: row.get(1)?,
        owner_id: row.get(2)?,
        created_ms: row.get(3)?,
        versioning: match row.get(4)? {
            None => Versioning::Never,
            Some(true) => Versioning::Enabled,
            Some(false) => Versioning::Suspended,
        },
        tags: values::read(row, 5)?,
        acl: values::read(row, 6)?,
        settings: values::read(row, 7)?,
        granted: Permissions::NONE,
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
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![tenant_id, name])?;
    rows.next()?.map(bucket).transpose()
}

/// The bucket of that name where only one tenant has it: what an unsigned request on a host without
/// a tenant can mean.
fn find_anywhere(connection: &Connection, name: &str) -> Result<Option<Bucket>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM buckets WHERE name = ?1 LIMIT 2");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([name])?;
    let found = rows.next()?.map(bucket).transpose()?;
    Ok(if rows.next()?.is_some() { None } else { found })
}

/// The bucket of that name, and what the caller may do in it.
///
/// # Errors
/// [`Error::NoSuchBucket`], which somebody who is not signed in is not told apart from
/// [`Error::Denied`].
pub(crate) fn open(connection: &Connection, caller: &Caller, name: &str) -> Result<Bucket, Error> {
    let found = match caller.tenant() {
        Some(tenant) => find(connection, tenant.id, name)?,
        None => find_anywhere(connection, name)?,
    };
    let mut bucket = match found {
        Some(bucket) => bucket,
        None if caller.account().is_ok() => return Err(Error::NoSuchBucket),
        None => return Err(Error::Denied("the request is not signed")),
    };
    let granted = if caller.is(bucket.owner_id) {
        Permissions::ALL
    } else {
        bucket.acl.permissions(caller)
    };
    bucket.granted = caller.limit(granted, bucket.id);
    Ok(bucket)
}

/// The bucket, for its owner with a key of their own.
pub(crate) fn open_as_owner(
    connection: &Connection,
    caller: &Caller,
    name: &str,
) -> Result<Bucket, Error> {
    let bucket = open(connection, caller, name)?;
    if caller.own_account()?.id == bucket.owner_id {
        Ok(bucket)
    } else {
        Err(Error::Denied("the bucket belongs to another account"))
    }
}

/// The buckets of an owner, in alphabetical order.
pub(crate) fn owned_by(connection: &Connection, owner_id: i64) -> Result<Vec<Bucket>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM buckets WHERE owner_id = ?1 ORDER BY name");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_and_then([owner_id], bucket)?;
    rows.collect()
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

/// Enables or suspends versioning; it never goes back to never having been on.
pub(crate) fn set_versioning(
    connection: &Connection,
    bucket_id: i64,
    enabled: bool,
) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE buckets SET versioning = ?2 WHERE id = ?1")?
        .execute(params![bucket_id, enabled])?;
    Ok(())
}

/// Gives a bucket another access control list.
pub(crate) fn set_acl(connection: &Connection, bucket_id: i64, acl: &Acl) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE buckets SET acl = ?2 WHERE id = ?1")?
        .execute(params![bucket_id, values::write(acl)?])?;
    Ok(())
}

/// Gives a bucket other tags.
pub(crate) fn set_tags(
    connection: &Connection,
    bucket_id: i64,
    tags: &BTreeMap<String, String>,
) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE buckets SET tags = ?2 WHERE id = ?1")?
        .execute(params![bucket_id, values::write(tags)?])?;
    Ok(())
}

/// Gives a namespace other settings, as JSON with HCP's names. False: there is no such bucket.
pub(crate) fn set_settings(
    connection: &Connection,
    tenant_id: i64,
    name: &str,
    settings: &Settings,
) -> Result<bool, Error> {
    let rows = connection
        .prepare_cached("UPDATE buckets SET settings = ?3 WHERE tenant_id = ?1 AND name = ?2")?
        .execute(params![tenant_id, name, values::to_json(settings)?])?;
    Ok(rows == 1)
}

/// Moves the counters.
pub(crate) fn count(connection: &Connection, bucket_id: i64, change: Change) -> Result<(), Error> {
    connection
        .prepare_cached(
            "UPDATE buckets
             SET objects = objects + ?2, versions = versions + ?3, bytes = bytes + ?4
             WHERE id = ?1",
        )?
        .execute([bucket_id, change.objects, change.versions, change.bytes])?;
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
            "SELECT buckets.objects, buckets.versions, buckets.bytes FROM buckets
             JOIN tenants ON tenants.id = buckets.tenant_id
             WHERE tenants.name = ?1 AND buckets.name = ?2",
        )?
        .query_row([tenant, name], |row| {
            Ok(Usage {
                objects: to_u64(row.get(0)?),
                versions: to_u64(row.get(1)?),
                bytes: to_u64(row.get(2)?),
            })
        })
        .optional()?)
}
