//! What was set of the system: the table `system_documents`.

use model::mapi::Resource;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::values;
use crate::Error;

/// What was set of a kind; nothing is added.
pub(crate) fn document<T: Resource>(connection: &Connection, kind: &str) -> Result<T, Error> {
    let text: Option<String> = connection
        .prepare_cached("SELECT document FROM system_documents WHERE kind = ?1")?
        .query_row([kind], |row| row.get(0))
        .optional()?;
    let map = text.as_deref().map(values::from_json).transpose()?;
    Ok(map.map(T::read_leniently).unwrap_or_default())
}

/// Keeps a document in the place of the one before.
pub(crate) fn set_document(
    connection: &Connection,
    kind: &str,
    document: &impl Resource,
) -> Result<(), Error> {
    connection
        .prepare_cached(
            "INSERT INTO system_documents (kind, document) VALUES (?1, ?2)
             ON CONFLICT (kind) DO UPDATE SET document = excluded.document",
        )?
        .execute(params![kind, values::to_json(&document.to_map())?])?;
    Ok(())
}
