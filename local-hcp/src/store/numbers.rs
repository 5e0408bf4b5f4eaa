//! How much there is of what.

use rusqlite::Connection;

use crate::Error;

/// What is counted, and how.
const COUNTED: [(&str, &str); 10] = [
    ("tenants", "SELECT count(*) FROM tenants"),
    ("accounts", "SELECT count(*) FROM users"),
    ("namespaces", "SELECT count(*) FROM buckets"),
    (
        "objects",
        "SELECT count(*) FROM objects WHERE is_current = 1 AND is_marker = 0",
    ),
    ("versions", "SELECT count(*) FROM objects"),
    ("annotations", "SELECT count(*) FROM annotations"),
    ("openUploads", "SELECT count(*) FROM uploads"),
    ("partsOfOpenUploads", "SELECT count(*) FROM parts"),
    ("temporaryKeys", "SELECT count(*) FROM temporary_keys"),
    ("auditRecords", "SELECT count(*) FROM audit"),
];

/// All numbers, by name.
pub(crate) fn all(connection: &Connection) -> Result<Vec<(&'static str, i64)>, Error> {
    let counted = COUNTED.iter().map(|(name, sql)| {
        let count = connection.query_row(sql, [], |row| row.get(0))?;
        Ok((*name, count))
    });
    counted.collect()
}
