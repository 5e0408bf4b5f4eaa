//! The columns `cors` of buckets and tenants: which scripts of other origins may call.

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use crate::Error;

/// One rule; the names are those of S3's document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rule {
    pub(crate) id: Option<String>,
    /// At least one; each with one `*` at most.
    pub(crate) allowed_origins: Vec<String>,
    /// At least one.
    pub(crate) allowed_methods: Vec<String>,
    /// Each with one `*` at most.
    pub(crate) allowed_headers: Vec<String>,
    pub(crate) expose_headers: Vec<String>,
    pub(crate) max_age_seconds: Option<u32>,
}

/// The bucket's own rules. `None`: those of its tenant apply.
pub(crate) fn of_bucket(
    connection: &Connection,
    bucket_id: i64,
) -> Result<Option<Vec<Rule>>, Error> {
    let text: Option<String> = connection
        .prepare_cached("SELECT cors FROM buckets WHERE id = ?1")?
        .query_row([bucket_id], |row| row.get(0))?;
    text.as_deref().map(read).transpose()
}

/// Gives a bucket rules of its own, or takes them away.
pub(crate) fn set_of_bucket(
    connection: &Connection,
    bucket_id: i64,
    rules: Option<&[Rule]>,
) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE buckets SET cors = ?2 WHERE id = ?1")?
        .execute(params![bucket_id, rules.map(write).transpose()?])?;
    Ok(())
}

/// The rules for a tenant's buckets that have none.
pub(crate) fn of_tenant(
    connection: &Connection,
    tenant_id: i64,
) -> Result<Option<Vec<Rule>>, Error> {
    let text: Option<String> = connection
        .prepare_cached("SELECT cors FROM tenants WHERE id = ?1")?
        .query_row([tenant_id], |row| row.get(0))?;
    text.as_deref().map(read).transpose()
}

/// Gives a tenant rules for its buckets that have none, or takes them away.
pub(crate) fn set_of_tenant(
    connection: &Connection,
    tenant_id: i64,
    rules: Option<&[Rule]>,
) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE tenants SET cors = ?2 WHERE id = ?1")?
        .execute(params![tenant_id, rules.map(write).transpose()?])?;
    Ok(())
}

/// The rules that apply to a bucket: its own, else its tenant's. Without a tenant it is the bucket
/// that only one tenant has.
pub(crate) fn applying(
    connection: &Connection,
    tenant_id: Option<i64>,
    bucket: &str,
) -> Result<Vec<Rule>, Error> {
    const SELECT: &str = "SELECT coalesce(buckets.cors, tenants.cors) FROM buckets
        JOIN tenants ON tenants.id = buckets.tenant_id WHERE buckets.name = ?1";
    let text: Option<String> = if let Some(tenant_id) = tenant_id {
        connection
            .prepare_cached(&format!("{SELECT} AND buckets.tenant_id = ?2"))?
            .query_row(params![bucket, tenant_id], |row| row.get(0))
            .optional()?
            .flatten()
    } else {
        let mut statement = connection.prepare_cached(&format!("{SELECT} LIMIT 2"))?;
        let found = statement
            .query_map([bucket], |row| row.get(0))?
            .collect::<Result<Vec<Option<String>>, _>>()?;
        match <[_; 1]>::try_from(found) {
            Ok([text]) => text,
            Err(_none_or_several) => None,
        }
    };
    text.as_deref().map_or(Ok(Vec::new()), read)
}

fn read(text: &str) -> Result<Vec<Rule>, Error> {
    serde_json::from_str(text).map_err(|_not_ours| Error::Damaged("CORS rules cannot be read"))
}

fn write(rules: &[Rule]) -> Result<String, Error> {
    serde_json::to_string(rules)
        .map_err(|_impossible| Error::Damaged("CORS rules cannot be written"))
}
