//! What a check asks the database: whether it is sound in itself, and what files it needs.

use rusqlite::{Connection, params};

use super::{blobs::to_u64, plain::Placed, words};
use crate::{
    Error,
    files::{Place, Stamp},
};

/// A blob, as its row has it.
#[derive(Clone, Debug)]
pub(crate) struct Blob {
    pub(crate) id: i64,
    pub(crate) size: u64,
    pub(crate) sha256: Vec<u8>,
    /// `None`: the bytes are in the row.
    pub(crate) file: Option<String>,
    /// Bytes in the row.
    pub(crate) inline: Option<u64>,
}

/// A version of an object, or an upload, as people know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) tenant: String,
    pub(crate) bucket: String,
    pub(crate) key: String,
    /// The number of the version, or of the upload.
    pub(crate) id: i64,
    /// Whether it is a part of an upload that is not completed.
    pub(crate) is_upload: bool,
}

/// What SQLite itself finds wrong.
pub(crate) fn integrity(connection: &Connection) -> Result<Vec<String>, Error> {
    let mut found: Vec<String> = Vec::new();
    let mut statement = connection.prepare("PRAGMA integrity_check(20)")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let line: String = row.get(0)?;
        if line != "ok" {
            found.push(line);
        }
    }
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
        found.push(format!(
            "a row of `{table}` refers to a row of `{parent}` that is gone"
        ));
        if found.len() >= 20 {
            break;
        }
    }
    Ok(found)
}

/// Blobs with ids greater than `after`, at most `limit`.
pub(crate) fn blobs(connection: &Connection, after: i64, limit: i64) -> Result<Vec<Blob>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT id, size, sha256, file, length(inline) FROM blobs WHERE id > ?1 ORDER BY id LIMIT ?2",
    )?;
    let rows = statement.query_map([after, limit], |row| {
        Ok(Blob {
            id: row.get(0)?,
            size: to_u64(row.get(1)?),
            sha256: row.get(2)?,
            file: row.get(3)?,
            inline: row.get::<_, Option<i64>>(4)?.map(to_u64),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether a blob is still the one that was read. Ids are used again.
pub(crate) fn is_unchanged(connection: &Connection, blob: &Blob) -> Result<bool, Error> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM blobs WHERE id = ?1 AND file IS ?2 AND sha256 = ?3")?
        .exists(params![blob.id, blob.file, blob.sha256])?)
}

/// The bytes in the row of a blob.
pub(crate) fn inline(connection: &Connection, blob: i64) -> Result<Vec<u8>, Error> {
    Ok(connection
        .prepare_cached("SELECT inline FROM blobs WHERE id = ?1")?
        .query_row([blob], |row| row.get::<_, Option<Vec<u8>>>(0))?
        .unwrap_or_default())
}

/// An object that is a plain file, as its row has it.
#[derive(Clone, Debug)]
pub(crate) struct PlainFile {
    pub(crate) owner: Owner,
    pub(crate) placed: Placed,
    /// `None`: somebody else put it there, and nobody knows.
    pub(crate) sha256: Option<[u8; 32]>,
}

/// Objects that are plain files, with numbers greater than `after`, at most `limit`. Folders have no bytes.
pub(crate) fn plain_files(
    connection: &Connection,
    after: i64,
    limit: i64,
) -> Result<Vec<PlainFile>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT plain.object_id, plain.name, plain.size, plain.mtime_ns, plain.sha256,
             tenants.name, buckets.name, objects.key
         FROM plain JOIN objects ON objects.id = plain.object_id
         JOIN buckets ON buckets.id = objects.bucket_id
         JOIN tenants ON tenants.id = buckets.tenant_id
         WHERE plain.object_id > ?1 AND substr(objects.key, -1) <> x'2F'
         ORDER BY plain.object_id LIMIT ?2",
    )?;
    let rows = statement.query_map([after, limit], |row| {
        let key: Vec<u8> = row.get(7)?;
        let owner = Owner {
            tenant: row.get(5)?,
            bucket: row.get(6)?,
            key: String::from_utf8_lossy(&key).into_owned(),
            id: row.get(0)?,
            is_upload: false,
        };
        Ok(PlainFile {
            placed: Placed {
                name: row.get(1)?,
                place: Place {
                    tenant: owner.tenant.clone(),
                    bucket: owner.bucket.clone(),
                    key: owner.key.clone(),
                },
                stamp: Stamp {
                    size: to_u64(row.get(2)?),
                    mtime_ns: row.get(3)?,
                },
            },
            sha256: row.get(4)?,
            owner,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether a file belongs to a blob, or is a plain one that waits to be moved to its place.
pub(crate) fn is_known(connection: &Connection, file: &str) -> Result<bool, Error> {
    Ok(connection
        .prepare_cached(
            "SELECT 1 FROM blobs WHERE file = ?1 UNION ALL SELECT 1 FROM plain WHERE name = ?1",
        )?
        .exists([file])?)
}

/// What is made of a blob.
pub(crate) fn owners(connection: &Connection, blob: i64) -> Result<Vec<Owner>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT tenants.name, buckets.name, objects.key, objects.id, 0
         FROM segments JOIN objects ON objects.id = segments.object_id
         JOIN buckets ON buckets.id = objects.bucket_id
         JOIN tenants ON tenants.id = buckets.tenant_id
         WHERE segments.blob_id = ?1
         UNION
         SELECT tenants.name, buckets.name, uploads.key, uploads.id, 1
         FROM parts JOIN uploads ON uploads.id = parts.upload_id
         JOIN buckets ON buckets.id = uploads.bucket_id
         JOIN tenants ON tenants.id = buckets.tenant_id
         WHERE parts.blob_id = ?1",
    )?;
    let rows = statement.query_map([blob], |row| {
        let key: Vec<u8> = row.get(2)?;
        Ok(Owner {
            tenant: row.get(0)?,
            bucket: row.get(1)?,
            key: String::from_utf8_lossy(&key).into_owned(),
            id: row.get(3)?,
            is_upload: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A statement that finds rows which contradict others, and what that means. Each row is a sentence.
const CONTRADICTIONS: &[&str] = &[
    "SELECT 'object version ' || objects.id || ' has ' || objects.size || ' bytes, its segments '
         || coalesce(sum(segments.size), 0)
     FROM objects LEFT JOIN segments ON segments.object_id = objects.id
     WHERE objects.id NOT IN (SELECT object_id FROM plain)
     GROUP BY objects.id HAVING objects.size <> coalesce(sum(segments.size), 0)",
    "SELECT 'object version ' || objects.id || ' has ' || objects.size || ' bytes, its plain file '
         || plain.size
     FROM objects JOIN plain ON plain.object_id = objects.id WHERE objects.size <> plain.size",
    "SELECT 'a segment of object version ' || object_id || ' begins at ' || start
         || ' where none should'
     FROM (SELECT object_id, start, coalesce(sum(size) OVER (PARTITION BY object_id ORDER BY start
         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS expected FROM segments)
     WHERE start <> expected",
    "SELECT 'a segment of object version ' || object_id || ' and its blob differ in size'
     FROM segments JOIN blobs ON blobs.id = segments.blob_id WHERE blobs.size <> segments.size",
    "SELECT 'blob ' || id || ' belongs to nothing' FROM blobs
     WHERE NOT EXISTS (SELECT 1 FROM segments WHERE blob_id = blobs.id)
       AND NOT EXISTS (SELECT 1 FROM parts WHERE blob_id = blobs.id)",
    "SELECT 'the newest version of a key is not marked so, or another is: version ' || id
     FROM (SELECT id, is_current,
             id = max(id) OVER (PARTITION BY bucket_id, key) AS is_newest FROM objects)
     WHERE is_current <> is_newest",
    "SELECT 'the words of version ' || id || ' are not known' FROM objects
     WHERE is_current = 1 AND is_marker = 0 AND id NOT IN (SELECT id FROM words_docsize)",
    "SELECT 'there are words of version ' || id || ', which is not the newest of a key'
     FROM words_docsize
     WHERE id NOT IN (SELECT id FROM objects WHERE is_current = 1 AND is_marker = 0)",
    "SELECT 'the counters of bucket `' || buckets.name || '` are ' || buckets.objects || ', '
         || buckets.versions || ' and ' || buckets.bytes || ', counted are ' || counted.objects || ', '
         || counted.versions || ' and ' || counted.bytes
     FROM buckets JOIN counted ON counted.bucket_id = buckets.id
     WHERE (buckets.objects, buckets.versions, buckets.bytes)
        <> (counted.objects, counted.versions, counted.bytes)",
    "SELECT 'the counters of bucket `' || buckets.name || '` for quota and chargeback are wrong'
     FROM buckets JOIN counted ON counted.bucket_id = buckets.id
     WHERE (buckets.capacity, buckets.joined, buckets.joined_parts, buckets.joined_bytes,
            buckets.annotations, buckets.annotation_bytes, buckets.uploads, buckets.upload_parts,
            buckets.upload_bytes, buckets.upload_capacity)
        <> (counted.capacity, counted.joined, counted.joined_parts, counted.joined_bytes,
            counted.annotations, counted.annotation_bytes, counted.uploads, counted.upload_parts,
            counted.upload_bytes, counted.upload_capacity)",
];

/// What a full recount of every bucket gives, as the table `counted`.
const COUNTED: &str = "WITH counted AS (
    SELECT buckets.id AS bucket_id,
           count(CASE WHEN objects.is_current AND NOT objects.is_marker THEN 1 END) AS objects,
           count(CASE WHEN NOT objects.is_marker THEN 1 END) AS versions,
           coalesce(sum(objects.size), 0) AS bytes,
           coalesce(sum((objects.size + 4095) / 4096 * 4096), 0) AS capacity,
           count(CASE WHEN instr(objects.etag, '-') > 0 THEN 1 END) AS joined,
           coalesce(sum(CASE WHEN instr(objects.etag, '-') > 0
               THEN CAST(substr(objects.etag, instr(objects.etag, '-') + 1) AS INTEGER) END), 0)
               AS joined_parts,
           coalesce(sum(CASE WHEN instr(objects.etag, '-') > 0 THEN objects.size END), 0)
               AS joined_bytes,
           count(CASE WHEN objects.metadata <> '{}' THEN 1 END)
               + (SELECT count(*) FROM objects AS version JOIN annotations ON object_id = version.id
                  WHERE version.bucket_id = buckets.id) AS annotations,
           coalesce(sum(CASE WHEN objects.metadata <> '{}' THEN
               (SELECT sum(octet_length(key) + octet_length(value)) FROM json_each(objects.metadata))
               END), 0)
               + (SELECT coalesce(sum(octet_length(content)), 0)
                  FROM objects AS version JOIN annotations ON object_id = version.id
                  WHERE version.bucket_id = buckets.id) AS annotation_bytes,
           (SELECT count(*) FROM uploads WHERE bucket_id = buckets.id) AS uploads,
           (SELECT count(*) FROM uploads JOIN parts ON parts.upload_id = uploads.id
               WHERE bucket_id = buckets.id) AS upload_parts,
           (SELECT coalesce(sum(blobs.size), 0) FROM uploads JOIN parts ON parts.upload_id = uploads.id
               JOIN blobs ON blobs.id = parts.blob_id WHERE bucket_id = buckets.id) AS upload_bytes,
           (SELECT coalesce(sum((blobs.size + 4095) / 4096 * 4096), 0) FROM uploads
               JOIN parts ON parts.upload_id = uploads.id
               JOIN blobs ON blobs.id = parts.blob_id WHERE bucket_id = buckets.id) AS upload_capacity
    FROM buckets LEFT JOIN objects ON objects.bucket_id = buckets.id GROUP BY buckets.id)
";

/// Where the tables contradict each other, in sentences; at most 100.
pub(crate) fn contradictions(connection: &Connection) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    for sql in CONTRADICTIONS {
        let mut statement = connection.prepare(&format!("{COUNTED}{sql} LIMIT 100"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if found.len() >= 100 {
                return Ok(found);
            }
            found.push(row.get(0)?);
        }
    }
    Ok(found)
}

/// How many versions and delete markers there are.
pub(crate) fn count_versions(connection: &Connection) -> Result<u64, Error> {
    Ok(to_u64(connection.query_row(
        "SELECT count(*) FROM objects",
        [],
        |row| row.get(0),
    )?))
}

/// The row of a version or an upload, and the rows of what it is made of, as JSON.
pub(crate) fn describe(connection: &Connection, owner: &Owner) -> Result<String, Error> {
    let sql = if owner.is_upload {
        "SELECT json_object('upload', id, 'bucket', ?2, 'tenant', ?3, 'key', ?4,
             'initiator', initiator_id, 'initiated_ms', initiated_ms, 'headers', json(headers),
             'metadata', json(metadata),
             'parts', (SELECT json_group_array(json_object('number', number, 'blob', blob_id,
                 'size', blobs.size, 'sha256', hex(blobs.sha256), 'file', blobs.file))
                 FROM parts JOIN blobs ON blobs.id = parts.blob_id WHERE upload_id = uploads.id))
         FROM uploads WHERE id = ?1"
    } else {
        "SELECT json_object('version', id, 'bucket', ?2, 'tenant', ?3, 'key', ?4,
             'is_current', is_current, 'is_null', is_null, 'owner', owner_id, 'size', size,
             'etag', etag, 'modified_ms', modified_ms, 'headers', json(headers),
             'metadata', json(metadata), 'tags', json(tags), 'acl', json(acl),
             'protection', json(protection), 'checksum', json(checksum),
             'annotations', (SELECT json_group_array(json_object('name', name, 'content', hex(content)))
                 FROM annotations WHERE object_id = objects.id),
             'segments', (SELECT json_group_array(json_object('start', start, 'size', segments.size,
                 'blob', blob_id, 'sha256', hex(blobs.sha256), 'file', blobs.file,
                 'inline', hex(blobs.inline)))
                 FROM segments JOIN blobs ON blobs.id = blob_id WHERE object_id = objects.id))
         FROM objects WHERE id = ?1"
    };
    Ok(connection.query_row(
        sql,
        params![owner.id, owner.bucket, owner.tenant, owner.key],
        |row| row.get(0),
    )?)
}

/// Files of a version or an upload that nothing else needs.
pub(crate) fn files_of_only(connection: &Connection, owner: &Owner) -> Result<Vec<String>, Error> {
    let (own_segments, own_parts) = if owner.is_upload {
        (-1, owner.id)
    } else {
        (owner.id, -1)
    };
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT blobs.file FROM blobs
         WHERE blobs.file IS NOT NULL
           AND (blobs.id IN (SELECT blob_id FROM segments WHERE object_id = ?1)
                OR blobs.id IN (SELECT blob_id FROM parts WHERE upload_id = ?2))
           AND NOT EXISTS (SELECT 1 FROM segments
                           WHERE blob_id = blobs.id AND object_id <> ?1)
           AND NOT EXISTS (SELECT 1 FROM parts WHERE blob_id = blobs.id AND upload_id <> ?2)",
    )?;
    let rows = statement.query_map([own_segments, own_parts], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Removes the rows of a version or an upload, and of blobs that nothing else needs.
pub(crate) fn remove(connection: &Connection, owner: &Owner) -> Result<(), Error> {
    let table = if owner.is_upload {
        "uploads"
    } else {
        "objects"
    };
    connection.execute(&format!("DELETE FROM {table} WHERE id = ?1"), [owner.id])?;
    Ok(())
}

/// Removes blobs that belong to nothing, marks the newest version of each key and counts every
/// bucket anew.
pub(crate) fn settle(connection: &Connection) -> Result<(), Error> {
    connection.execute_batch(
        "DELETE FROM blobs WHERE NOT EXISTS (SELECT 1 FROM segments WHERE blob_id = blobs.id)
             AND NOT EXISTS (SELECT 1 FROM parts WHERE blob_id = blobs.id);
         UPDATE objects SET is_current = (id = (SELECT max(id) FROM objects AS other
             WHERE other.bucket_id = objects.bucket_id AND other.key = objects.key))
         WHERE is_current <> (id = (SELECT max(id) FROM objects AS other
             WHERE other.bucket_id = objects.bucket_id AND other.key = objects.key));",
    )?;
    connection.execute(
        &format!(
            "{COUNTED} UPDATE buckets SET (objects, versions, bytes, capacity, joined, joined_parts,
                 joined_bytes, annotations, annotation_bytes, uploads, upload_parts, upload_bytes,
                 upload_capacity) =
                 (SELECT objects, versions, bytes, capacity, joined, joined_parts, joined_bytes,
                      annotations, annotation_bytes, uploads, upload_parts, upload_bytes,
                      upload_capacity FROM counted WHERE bucket_id = buckets.id)"
        ),
        [],
    )?;
    words::rebuild(connection)?;
    // What they are charged for from now on; of the past nothing better is known.
    connection.execute(
        "UPDATE usage_hours SET (versions, ingested, capacity, joined, joined_parts, joined_bytes,
             uploads, upload_parts, upload_bytes) =
             (SELECT versions, bytes + annotation_bytes, capacity + upload_capacity, joined,
                  joined_parts, joined_bytes, uploads, upload_parts, upload_bytes
              FROM buckets WHERE guid = namespace)
         WHERE namespace IN (SELECT guid FROM buckets)
           AND hour_ms = (SELECT max(hour_ms) FROM usage_hours AS other
               WHERE other.tenant_id = usage_hours.tenant_id
                 AND other.namespace = usage_hours.namespace)",
        [],
    )?;
    Ok(())
}
