//! Values that are kept as JSON in a column, NULL where there is nothing to say.

use rusqlite::Row;
use serde::{Serialize, de::DeserializeOwned};

use crate::Error;

/// Reads a column; NULL is the default.
pub(super) fn read<T: DeserializeOwned + Default>(
    row: &Row<'_>,
    column: usize,
) -> Result<T, Error> {
    match row.get::<_, Option<String>>(column)? {
        Some(text) => from_json(&text),
        None => Ok(T::default()),
    }
}

/// Writes a column; the default is NULL.
pub(super) fn write<T: Serialize + Default + PartialEq>(
    value: &T,
) -> Result<Option<String>, Error> {
    if *value == T::default() {
        return Ok(None);
    }
    to_json(value).map(Some)
}

pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|_not_ours| Error::Damaged("a value cannot be read"))
}

pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|_impossible| Error::Damaged("a value cannot be written"))
}
