//! The table `buckets`, with its counters of usage.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

pub(crate) use super::settings::Settings;
use super::{
    Write,
    blobs::{to_i64, to_u64},
    plain, usage, values,
};
use crate::{
    Error,
    access::{Acl, Caller, Permissions},
};

/// A bucket, as a caller reached it.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    pub(crate) id: i64,
    pub(crate) tenant_id: i64,
    pub(crate) guid: String,
    pub(crate) name: String,
    /// `None`: it belongs to nobody.
    pub(crate) owner_id: Option<i64>,
    pub(crate) created_ms: i64,
    pub(crate) versioning: Versioning,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) acl: Acl,
    pub(crate) settings: Settings,
    /// The bytes that it takes up, as quotas have them.
    pub(crate) used: u64,
    /// What anybody may do in it at all.
    pub(crate) mask: Permissions,
    /// What the caller may do in it.
    pub(crate) granted: Permissions,
}

impl Bucket {
    /// Whether it is the caller's own.
    pub(crate) fn is_of(&self, caller: &Caller) -> bool {
        self.owner_id.is_some_and(|owner| caller.is(owner))
    }

    /// What a caller may do in it who was given data access permissions: what the masks leave of these, of what
    /// everybody may and of the grants; for its owner, of everything.
    pub(crate) fn granted_to(&self, caller: &Caller, given: Permissions) -> Permissions {
        let granted = if self.is_of(caller) {
            Permissions::ALL
        } else {
            given | self.settings.minimum(caller) | self.acl.permissions(caller)
        };
        caller.limit(granted.under(self.mask), self.id)
    }

    /// Refuses what would come to take up more than the quota. `freed` bytes go meanwhile.
    pub(crate) fn check_room(&self, size: u64, freed: u64) -> Result<(), Error> {
        let needed = rounded(size).saturating_sub(freed);
        match self.settings.quota_bytes() {
            Some(quota) if needed > 0 && self.used.saturating_add(needed) > quota => {
                Err(Error::OverQuota)
            }
            _ => Ok(()),
        }
    }
}

/// The space that something of this size takes up, as HCP's quotas have it.
pub(crate) const fn rounded(size: u64) -> u64 {
    size.div_ceil(4_096).saturating_mul(4_096)
}

/// Whether a bucket keeps the versions of its objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Versioning {
    Never,
    Enabled,
    Suspended,
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
    pub(crate) capacity: i64,
    pub(crate) annotations: i64,
    pub(crate) annotation_bytes: i64,
    /// Objects that were made of parts, those parts, and their bytes.
    pub(crate) joined: i64,
    pub(crate) joined_parts: i64,
    pub(crate) joined_bytes: i64,
    /// Open uploads, their parts, and the bytes of those.
    pub(crate) uploads: i64,
    pub(crate) upload_parts: i64,
    pub(crate) upload_bytes: i64,
    pub(crate) upload_capacity: i64,
}

impl Change {
    /// A version of this size comes, or goes.
    pub(crate) fn version(
        &mut self,
        by: i64,
        size: u64,
        etag: &str,
        metadata: &BTreeMap<String, String>,
    ) {
        self.versions += by;
        self.bytes += by * to_i64(size);
        self.capacity += by * to_i64(rounded(size));
        self.annotated(by, metadata);
        if let Some((_digest, parts)) = etag.split_once('-') {
            self.joined += by;
            self.joined_parts += by * parts.parse::<i64>().unwrap_or(0);
            self.joined_bytes += by * to_i64(size);
        }
    }

    /// Custom metadata comes, or goes.
    pub(crate) fn annotated(&mut self, by: i64, metadata: &BTreeMap<String, String>) {
        if !metadata.is_empty() {
            let size: usize = metadata
                .iter()
                .map(|(name, value)| name.len() + value.len())
                .sum();
            self.annotations += by;
            self.annotation_bytes += by * i64::try_from(size).unwrap_or(i64::MAX);
        }
    }

    /// A part of this size comes, or goes.
    pub(crate) fn part(&mut self, by: i64, size: u64) {
        self.upload_parts += by;
        self.upload_bytes += by * to_i64(size);
        self.upload_capacity += by * to_i64(rounded(size));
    }
}

/// A bucket that is to be made.
pub(crate) struct NewBucket<'a> {
    pub(crate) tenant_id: i64,
    pub(crate) guid: &'a str,
    pub(crate) name: &'a str,
    pub(crate) owner_id: Option<i64>,
    pub(crate) created_ms: i64,
    pub(crate) versioning: Versioning,
    pub(crate) settings: &'a Settings,
}

const COLUMNS: &str = "buckets.id, buckets.tenant_id, buckets.guid, buckets.name, buckets.owner_id,
    buckets.created_ms, buckets.versioning, buckets.tags, buckets.acl, buckets.settings,
    buckets.capacity + buckets.upload_capacity,
    (SELECT permission_mask FROM tenants WHERE id = buckets.tenant_id)";

fn bucket(row: &Row<'_>) -> Result<Bucket, Error> {
    let settings: Settings = values::read(row, 9)?;
    let of_tenant = row
        .get::<_, Option<i64>>(11)?
        .map_or(Permissions::MASK, Permissions::stored);
    Ok(Bucket {
        id: row.get(0)?,
        tenant_id: row.get(1)?,
        guid: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
        name: row.get(3)?,
        owner_id: row.get(4)?,
        created_ms: row.get(5)?,
        versioning: match row.get(6)? {
            None => Versioning::Never,
            Some(true) => Versioning::Enabled,
            Some(false) => Versioning::Suspended,
        },
        tags: values::read(row, 7)?,
        acl: values::read(row, 8)?,
        used: to_u64(row.get(10)?),
        mask: settings.permission_mask.only(of_tenant),
        settings,
        granted: Permissions::NONE,
    })
}

/// Makes a bucket; its name is known to be free.
pub(crate) fn insert(connection: &Connection, new: &NewBucket<'_>) -> Result<i64, Error> {
    if new.versioning != Versioning::Never {
        plain::forbid_versions(connection)?;
    }
    connection
        .prepare_cached(
            "INSERT INTO buckets (tenant_id, guid, owner_id, name, created_ms, versioning, settings)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            new.tenant_id,
            new.guid,
            new.owner_id,
            new.name,
            new.created_ms,
            match new.versioning {
                Versioning::Never => None,
                Versioning::Enabled => Some(true),
                Versioning::Suspended => Some(false),
            },
            values::to_json(new.settings)?
        ])?;
    let id = connection.last_insert_rowid();
    usage::begin(connection, new.tenant_id, new.guid, new.created_ms)?;
    Ok(id)
}

/// The bucket of that name.
pub(crate) fn find(
    connection: &Connection,
    tenant_id: i64,
    name: &str,
) -> Result<Option<Bucket>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM buckets WHERE tenant_id = ?1 AND name = ?2");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![tenant_id, name])?;
    rows.next()?.map(bucket).transpose()
}

/// The bucket with that id.
pub(crate) fn by_id(connection: &Connection, id: i64) -> Result<Option<Bucket>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM buckets WHERE id = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([id])?;
    rows.next()?.map(bucket).transpose()
}

/// The bucket of that name, and the data access permissions of the caller in it.
fn find_for(
    connection: &Connection,
    tenant_id: i64,
    name: &str,
    user_id: Option<i64>,
) -> Result<Option<(Bucket, Permissions)>, Error> {
    let sql = format!(
        "SELECT {COLUMNS}, data_access.permissions FROM buckets
         LEFT JOIN data_access ON data_access.bucket_id = buckets.id AND data_access.user_id = ?3
         WHERE buckets.tenant_id = ?1 AND buckets.name = ?2"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![tenant_id, name, user_id])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let given = row
        .get::<_, Option<i64>>(12)?
        .map_or(Permissions::NONE, Permissions::stored);
    Ok(Some((bucket(row)?, given)))
}

/// The bucket of that name where only one tenant has it: what an unsigned request on a host without
/// a tenant can mean.
fn find_anywhere(
    connection: &Connection,
    name: &str,
) -> Result<Option<(Bucket, Permissions)>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM buckets WHERE name = ?1 LIMIT 2");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([name])?;
    let found = rows.next()?.map(bucket).transpose()?;
    Ok(if rows.next()?.is_some() {
        None
    } else {
        found.map(|bucket| (bucket, Permissions::NONE))
    })
}

/// The bucket of that name, and what the caller may do in it: what the masks leave of the data access
/// permissions, what everybody may, the grants and, for its owner, of everything.
///
/// # Errors
/// [`Error::NoSuchBucket`], which somebody who is not signed in is not told apart from
/// [`Error::Denied`].
pub(crate) fn open(connection: &Connection, caller: &Caller, name: &str) -> Result<Bucket, Error> {
    let user_id = caller.account().ok().map(|account| account.id);
    let found = match caller.tenant() {
        Some(tenant) => find_for(connection, tenant.id, name, user_id)?,
        None => find_anywhere(connection, name)?,
    };
    let (mut bucket, given) = match found {
        Some(found) => found,
        None if caller.account().is_ok() => return Err(Error::NoSuchBucket),
        None => return Err(Error::Denied("the request is not signed")),
    };
    bucket.settings.admit(caller)?;
    caller.charge(|| (&bucket).into());
    bucket.granted = bucket.granted_to(caller, given);
    Ok(bucket)
}

/// The bucket, for its owner with a key of their own.
pub(crate) fn open_as_owner(
    connection: &Connection,
    caller: &Caller,
    name: &str,
) -> Result<Bucket, Error> {
    let bucket = open(connection, caller, name)?;
    caller.own_account()?;
    if bucket.is_of(caller) {
        Ok(bucket)
    } else {
        Err(Error::Denied("the bucket belongs to another account"))
    }
}

/// The buckets of an owner, in alphabetical order; with `granted` also those of others in which the owner
/// has data access permissions.
pub(crate) fn reached_by(
    connection: &Connection,
    owner_id: i64,
    granted: bool,
) -> Result<Vec<Bucket>, Error> {
    let also = if granted {
        "OR buckets.id IN (SELECT bucket_id FROM data_access WHERE user_id = ?1)"
    } else {
        ""
    };
    let sql =
        format!("SELECT {COLUMNS} FROM buckets WHERE buckets.owner_id = ?1 {also} ORDER BY name");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_and_then([owner_id], bucket)?;
    rows.collect()
}

/// All buckets of a tenant, in alphabetical order.
pub(crate) fn of_tenant(connection: &Connection, tenant_id: i64) -> Result<Vec<Bucket>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM buckets WHERE tenant_id = ?1 ORDER BY name");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_and_then([tenant_id], bucket)?;
    rows.collect()
}

/// All buckets of a tenant, and the data access permissions that a user was given in each.
pub(crate) fn of_tenant_for(
    connection: &Connection,
    tenant_id: i64,
    user_id: i64,
) -> Result<Vec<(Bucket, Permissions)>, Error> {
    let sql = format!(
        "SELECT {COLUMNS}, data_access.permissions FROM buckets
         LEFT JOIN data_access ON data_access.bucket_id = buckets.id AND data_access.user_id = ?2
         WHERE buckets.tenant_id = ?1 ORDER BY buckets.name"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_and_then([tenant_id, user_id], |row| {
        let given = row
            .get::<_, Option<i64>>(12)?
            .map_or(Permissions::NONE, Permissions::stored);
        Ok((bucket(row)?, given))
    })?;
    rows.collect()
}

/// Every bucket that there is.
pub(crate) fn all(connection: &Connection) -> Result<Vec<Bucket>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM buckets ORDER BY id");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_and_then([], bucket)?;
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
    plain::forbid_versions(connection)?;
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

/// Gives a bucket other settings.
pub(crate) fn set_settings(
    connection: &Connection,
    bucket_id: i64,
    settings: &Settings,
) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE buckets SET settings = ?2 WHERE id = ?1")?
        .execute(params![bucket_id, values::to_json(settings)?])?;
    Ok(())
}

/// Gives a bucket another name; that it is free is known.
pub(crate) fn set_name(connection: &Connection, bucket_id: i64, name: &str) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE buckets SET name = ?2 WHERE id = ?1")?
        .execute(params![bucket_id, name])?;
    Ok(())
}

/// Gives a bucket to somebody else, or to nobody.
pub(crate) fn set_owner(
    connection: &Connection,
    bucket_id: i64,
    owner_id: Option<i64>,
) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE buckets SET owner_id = ?2 WHERE id = ?1")?
        .execute(params![bucket_id, owner_id])?;
    Ok(())
}

/// Moves the counters, as far as the quota lets them grow.
///
/// # Errors
/// [`Error::OverQuota`].
pub(crate) fn count(write: &mut Write<'_>, bucket: &Bucket, change: Change) -> Result<(), Error> {
    let used: i64 = write
        .connection
        .prepare_cached(
            "UPDATE buckets
             SET objects = objects + ?2, versions = versions + ?3, bytes = bytes + ?4,
                 capacity = capacity + ?5, annotations = annotations + ?6,
                 annotation_bytes = annotation_bytes + ?7, joined = joined + ?8,
                 joined_parts = joined_parts + ?9, joined_bytes = joined_bytes + ?10,
                 uploads = uploads + ?11, upload_parts = upload_parts + ?12,
                 upload_bytes = upload_bytes + ?13, upload_capacity = upload_capacity + ?14
             WHERE id = ?1 RETURNING capacity + upload_capacity",
        )?
        .query_row(
            [
                bucket.id,
                change.objects,
                change.versions,
                change.bytes,
                change.capacity,
                change.annotations,
                change.annotation_bytes,
                change.joined,
                change.joined_parts,
                change.joined_bytes,
                change.uploads,
                change.upload_parts,
                change.upload_bytes,
                change.upload_capacity,
            ],
            |row| row.get(0),
        )?;
    write.touch(bucket);
    let grows = change.capacity + change.upload_capacity > 0;
    match bucket.settings.quota_bytes() {
        Some(quota) if grows && to_u64(used) > quota => Err(Error::OverQuota),
        _ => Ok(()),
    }
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
