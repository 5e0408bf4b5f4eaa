//! Brings the database to the current schema: all that is missing in one transaction, after a copy
//! of the database as it was.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use rusqlite::{Connection, TransactionBehavior};

use crate::Error;

/// In order; the place in the list is the schema version, kept in `user_version`.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001_first.sql"),
    include_str!("../../migrations/0002_versions.sql"),
    include_str!("../../migrations/0003_namespaces.sql"),
    include_str!("../../migrations/0004_accounts.sql"),
    include_str!("../../migrations/0005_usage.sql"),
    include_str!("../../migrations/0006_audit.sql"),
    include_str!("../../migrations/0007_annotations.sql"),
    include_str!("../../migrations/0008_search.sql"),
    include_str!("../../migrations/0009_system.sql"),
    include_str!("../../migrations/0010_certificates.sql"),
    include_str!("../../migrations/0011_plain.sql"),
];

/// The first schema that knows words, which no statement of SQL can cut out of texts.
const WORDS: i64 = 8;

/// The newest schema that this program knows.
pub(super) fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// The schema of a database, if this program can read it.
pub(super) fn check(connection: &Connection) -> Result<i64, Error> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = known();
    if found > known {
        return Err(Error::NewerSchema { found, known });
    }
    Ok(found)
}

/// Where the copy of a database of that schema lies.
fn backup(database: &Path, version: i64) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(format!(".v{version}.backup"));
    name.into()
}

pub(super) fn run(connection: &mut Connection, database: &Path) -> Result<(), Error> {
    let found = check(connection)?;
    if found == known() {
        return Ok(());
    }
    // A new database has nothing to be kept.
    if found > 0 {
        keep_copy(connection, database, found)?;
    }
    // The version is part of the transaction: the migrations happen wholly or not at all.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (version, sql) in (1_i64..).zip(MIGRATIONS) {
        if version > found {
            transaction.execute_batch(sql)?;
        }
    }
    if found < WORDS {
        super::words::rebuild(&transaction)?;
    }
    transaction.pragma_update(None, "user_version", known())?;
    transaction.commit()?;
    Ok(())
}

/// Copies the database beside itself. An attempt that was cut short leaves only a `.part`.
fn keep_copy(connection: &Connection, database: &Path, version: i64) -> Result<(), Error> {
    let copy = backup(database, version);
    if copy.try_exists()? {
        // Of an earlier attempt at the same migration: the database has not changed since.
        return Ok(());
    }
    let part = copy.with_extension("part");
    match fs::remove_file(&part) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    // Made before SQLite writes into it, so that it is its owner's alone.
    super::open::private_file(&part)?;
    connection.execute("VACUUM INTO ?1", [part.to_string_lossy()])?;
    File::open(&part)?.sync_all()?;
    fs::rename(&part, &copy)?;
    if let Some(folder) = copy.parent() {
        File::open(folder)?.sync_all()?;
    }
    tracing::info!(
        copy = %copy.display(),
        "the database is of an older schema: it was copied, and is brought up to date"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    /// A database as the first schema left it, with a bucket of two objects.
    fn of_the_first_schema(path: &Path) {
        let connection = Connection::open(path).unwrap();
        connection.execute_batch(MIGRATIONS[0]).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        connection
            .execute_batch(
                "INSERT INTO tenants VALUES (1, 'demo', 0);
                 INSERT INTO users (id, tenant_id, name, secret, guid, created_ms)
                     VALUES (1, 1, 'demo', '0123456789abcdef0123456789abcdef', 'g', 0);
                 INSERT INTO buckets VALUES (1, 1, 'old', 1, 0, 2, 30);
                 INSERT INTO objects
                     VALUES (7, 1, x'61', 1, 1, 10, 'e', 0, '{}', '{}'),
                            (9, 1, x'62', 1, 1, 20, 'f', 0, '{}', '{}');
                 INSERT INTO blobs VALUES (1, 5000, zeroblob(16), zeroblob(32), 'file', NULL);
                 INSERT INTO uploads VALUES (5000, 1, x'63', 1, 5, '{}', '{\"a\": \"b\"}');
                 INSERT INTO parts VALUES (5000, 1, 1, 0);",
            )
            .unwrap();
    }

    fn number(connection: &Connection, sql: &str) -> i64 {
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn an_older_database_is_copied_and_brought_up_to_date() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("metadata.sqlite");
        of_the_first_schema(&path);
        let mut connection = Connection::open(&path).unwrap();
        run(&mut connection, &path).unwrap();
        assert_eq!(check(&connection).unwrap(), known());
        // Its objects are versions `null`, each the newest of its key, and counted.
        let sql = "SELECT count(*) FROM objects WHERE is_null AND is_current AND NOT is_marker";
        assert_eq!(number(&connection, sql), 2);
        assert_eq!(number(&connection, "SELECT versions FROM buckets"), 2);
        // They are found by the words of their keys.
        let sql = "SELECT rowid FROM words WHERE words MATCH 'path : \"b\"'";
        assert_eq!(number(&connection, sql), 9);
        // No number is given twice.
        assert_eq!(number(&connection, "SELECT last FROM sequence"), 5_000);

        // Its account has a number and a name, and nobody has to change a password for it.
        let sql = "SELECT number FROM users WHERE full_name = 'demo' AND local AND NOT must_change
            AND password_ms > 0 AND active_ms > 0";
        assert_eq!(number(&connection, sql), 500);
        let sql = "SELECT sum(next) FROM user_numbers";
        assert_eq!(number(&connection, sql), 100 + 501);
        let sql = "SELECT length(guid) FROM tenants";
        assert_eq!(number(&connection, sql), 36);

        let copy = Connection::open(backup(&path, 1)).unwrap();
        assert_eq!(check(&copy).unwrap(), 1);
        assert_eq!(number(&copy, "SELECT count(*) FROM objects"), 2);
        // Nothing to do the next time.
        run(&mut connection, &path).unwrap();
    }

    #[test]
    fn what_is_there_already_is_counted_and_its_history_begins() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("metadata.sqlite");
        of_the_first_schema(&path);
        let mut connection = Connection::open(&path).unwrap();
        connection
            .execute_batch(
                "UPDATE objects SET etag = 'e-3', metadata = '{\"name\":\"value\"}' WHERE id = 9;
                 ",
            )
            .unwrap();
        run(&mut connection, &path).unwrap();
        let row = connection.query_row(
            "SELECT json_array(tenant_id, namespace = guid, usage_hours.versions, ingested,
                 usage_hours.capacity, annotations, usage_hours.joined, usage_hours.joined_parts,
                 usage_hours.joined_bytes, usage_hours.uploads, usage_hours.upload_parts,
                 usage_hours.upload_bytes, writes, (hour_ms % 3600000))
             FROM usage_hours JOIN buckets USING (tenant_id)",
            [],
            |row| row.get(0),
        );
        let row: String = row.unwrap();
        assert_eq!(row, "[1,1,2,39,16384,1,1,3,20,1,1,5000,0,0]");
        // Of the hour in which it begins not everything is known.
        let sql = "SELECT count(*) FROM usage_gaps JOIN usage_hours USING (hour_ms)";
        assert_eq!(number(&connection, sql), 1);
    }

    #[test]
    fn an_older_bucket_is_counted_and_may_lose_its_owner() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("metadata.sqlite");
        of_the_first_schema(&path);
        let mut connection = Connection::open(&path).unwrap();
        connection
            .execute_batch(
                "UPDATE objects SET etag = 'e-3', metadata = '{\"farbe\": \"grün\"}' WHERE id = 7",
            )
            .unwrap();
        run(&mut connection, &path).unwrap();
        for (column, expected) in [
            ("capacity", 2 * 4_096),
            ("joined", 1),
            ("joined_parts", 3),
            ("joined_bytes", 10),
            ("annotations", 1),
            ("annotation_bytes", 10),
            ("uploads", 1),
            ("upload_parts", 1),
            ("upload_bytes", 5_000),
            ("upload_capacity", 8_192),
            ("length(guid)", 36),
        ] {
            let sql = format!("SELECT {column} FROM buckets");
            assert_eq!(number(&connection, &sql), expected, "{column}");
        }
        connection
            .execute_batch("UPDATE buckets SET owner_id = NULL")
            .unwrap();
        assert_eq!(
            number(
                &connection,
                "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"
            ),
            0
        );
        assert_eq!(
            number(&connection, "SELECT count(*) FROM pragma_foreign_key_check"),
            0
        );
        // A name of the users' table is still what an owner has to be.
        let other = Connection::open(&path).unwrap();
        other.pragma_update(None, "foreign_keys", true).unwrap();
        other
            .execute_batch("UPDATE buckets SET owner_id = 99")
            .unwrap_err();
    }

    #[test]
    fn a_migration_that_fails_changes_nothing() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("metadata.sqlite");
        of_the_first_schema(&path);
        let mut connection = Connection::open(&path).unwrap();
        // Stands in the way of the second schema's last statements.
        connection
            .execute_batch("CREATE TABLE temporary_keys (x INTEGER)")
            .unwrap();
        run(&mut connection, &path).unwrap_err();
        assert_eq!(check(&connection).unwrap(), 1);
        let sql = "SELECT count(*) FROM pragma_table_info('objects') WHERE name = 'is_null'";
        assert_eq!(number(&connection, sql), 0);
        connection
            .execute_batch("DROP TABLE temporary_keys")
            .unwrap();
        run(&mut connection, &path).unwrap();
        assert_eq!(check(&connection).unwrap(), known());
    }

    #[test]
    fn a_newer_database_is_refused() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("metadata.sqlite");
        let mut connection = Connection::open(&path).unwrap();
        connection
            .pragma_update(None, "user_version", known() + 1)
            .unwrap();
        let refused = run(&mut connection, &path);
        assert!(matches!(refused, Err(Error::NewerSchema { .. })));
    }
}
