//! The rules of listings and versions against models of them that look at everything, and what a
//! listing costs. Without a disk or a wire, so that there can be many cases.

mod cost;
mod counters;
mod listing;
mod version_listing;
mod versions;

use rusqlite::{Connection, Transaction};

use super::{
    Write, audit, blobs,
    buckets::{self, Bucket, Usage, Versioning},
    migrations,
    objects::{Attributes, Checksums, NewObject},
    versions::{EMPTY_ETAG, Named},
};
use crate::{
    Error,
    access::Caller,
    account::Tenant,
    files::{Content, Received},
    profile::Habits,
    protection::Deletion,
};

/// A database in memory with one tenant, one user, and one bucket that never kept versions.
pub(super) struct World {
    connection: Connection,
}

const TENANT: &str = "demo";
const BUCKET: &str = "scans";
const OWNER: i64 = 1;

impl World {
    fn open() -> Self {
        let mut connection = Connection::open_in_memory().unwrap();
        connection
            .pragma_update(None, "foreign_keys", true)
            .unwrap();
        connection.set_prepared_statement_cache_capacity(64);
        // Nothing to be copied: the database is new.
        migrations::run(&mut connection, std::path::Path::new("")).unwrap();
        connection
            .execute_batch(
                "INSERT INTO tenants (id, name, created_ms) VALUES (1, 'demo', 0);
                 INSERT INTO users (id, tenant_id, name, secret, guid, created_ms)
                 VALUES (1, 1, 'demo', '0123456789abcdef0123456789abcdef', 'guid', 0);
                 INSERT INTO buckets (id, tenant_id, name, owner_id, created_ms)
                 VALUES (1, 1, 'scans', 1, 0);",
            )
            .unwrap();
        Self { connection }
    }

    /// A case of its own: what it writes is gone when it is dropped.
    fn case(&self) -> Case<'_> {
        Case(self.connection.unchecked_transaction().unwrap())
    }
}

/// One case of a test.
struct Case<'w>(Transaction<'w>);

impl Case<'_> {
    fn bucket(&self) -> Bucket {
        let tenant = Tenant {
            id: 1,
            name: TENANT.to_owned(),
        };
        buckets::open(&self.0, &Caller::anonymous(Some(tenant)), BUCKET).unwrap()
    }

    fn usage(&self) -> Usage {
        buckets::usage(&self.0, TENANT, BUCKET).unwrap().unwrap()
    }

    /// A write that undoes itself when it fails, as the writer's do.
    fn write<T>(&self, work: impl FnOnce(&mut Write<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.0.execute_batch("SAVEPOINT one_write").unwrap();
        let outcome = work(&mut Write::new(&self.0));
        if outcome.is_err() {
            self.0.execute_batch("ROLLBACK TO one_write").unwrap();
        }
        self.0.execute_batch("RELEASE one_write").unwrap();
        outcome
    }

    /// Writes a version of `size` bytes into the bucket as `versioning` has it.
    fn put(
        &self,
        versioning: Versioning,
        key: &str,
        size: usize,
        habits: &Habits,
        now_ms: i64,
    ) -> Result<Named, Error> {
        let bucket = Bucket {
            versioning,
            ..self.bucket()
        };
        self.write(|write| {
            let blob = blobs::insert(write, received(size))?;
            let new = NewObject {
                key,
                owner_id: OWNER,
                etag: EMPTY_ETAG,
                modified_ms: now_ms,
                attributes: &Attributes::default(),
                checksums: &Checksums::default(),
                blobs: &[(blob, size as u64)],
                plain: None,
                annotations_of: None,
            };
            super::versions::put(write, &bucket, &new, habits)
        })
    }

    /// Deletes a key of the bucket as `versioning` has it.
    fn delete(
        &self,
        versioning: Versioning,
        key: &str,
        habits: &Habits,
        now_ms: i64,
    ) -> Result<super::versions::Deleted, Error> {
        let bucket = Bucket {
            versioning,
            ..self.bucket()
        };
        let deletion = Deletion::plain(now_ms);
        self.write(|write| super::versions::delete(write, &bucket, key, OWNER, habits, deletion))
    }

    /// What must be true of the tables whatever was done: the counters are what a full count gives,
    /// the newest version of each key and no other is its current one, at most one is called `null`,
    /// and no bytes are kept that no version has.
    fn check_tables(&self) {
        let count = |sql: &str| -> u64 {
            let count: i64 = self.0.query_row(sql, [], |row| row.get(0)).unwrap();
            blobs::to_u64(count)
        };
        let counted = Usage {
            objects: count(
                "SELECT count(*) FROM objects AS one WHERE is_marker = 0
                 AND id = (SELECT max(id) FROM objects WHERE key = one.key)",
            ),
            versions: count("SELECT count(*) FROM objects WHERE is_marker = 0"),
            bytes: count("SELECT coalesce(sum(size), 0) FROM objects"),
        };
        assert_eq!(self.usage(), counted);
        let wrong = count(
            "SELECT count(*) FROM objects AS one
             WHERE is_current <> (id = (SELECT max(id) FROM objects WHERE key = one.key))",
        );
        assert_eq!(wrong, 0, "versions that are wrongly current, or not");
        let twice = count(
            "SELECT count(*) FROM (SELECT 1 FROM objects WHERE is_null GROUP BY key HAVING count(*) > 1)",
        );
        assert_eq!(twice, 0, "keys with two versions called `null`");
        let lost = count(
            "SELECT count(*) FROM blobs WHERE id NOT IN (SELECT blob_id FROM segments)
                 AND id NOT IN (SELECT blob_id FROM parts)",
        );
        assert_eq!(lost, 0, "bytes of nothing");
        let sizes = count(
            "SELECT count(*) FROM objects WHERE size <>
                 (SELECT coalesce(sum(size), 0) FROM segments WHERE object_id = objects.id)",
        );
        assert_eq!(sizes, 0, "versions without their bytes");
        assert_eq!(audit::contradictions(&self.0).unwrap(), [""; 0]);
    }
}

fn received(size: usize) -> Received {
    Received {
        size: size as u64,
        md5: [0; 16],
        sha256: [0; 32],
        checksum: s3s::dto::Checksum::default(),
        content: Content::Inline(vec![b'x'; size]),
    }
}

/// The prefix that stands for a key in a listing, in the plainest way.
fn rolled_up<'k>(key: &'k str, prefix: &str, delimiter: &str) -> Option<&'k str> {
    if delimiter.is_empty() {
        return None;
    }
    let rest = &key[prefix.len()..];
    let at = rest.find(delimiter)?;
    Some(&key[..prefix.len() + at + delimiter.len()])
}
