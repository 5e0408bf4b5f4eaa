//! The table `words`: what objects are found by in metadata queries, by the word.
//!
//! It has a row for each version that is the newest of its key and no delete marker. What a word is says
//! HCP's metadata query API ("Query expressions"): a run of letters or a run of digits, in lower case.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::values;
use crate::Error;

mod custom;

pub(crate) use self::custom::members;

/// Between texts that are no neighbours: a word that nobody can ask for.
const GAP: &str = "\u{f8ff}";

/// The words of a text.
pub(crate) fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut of_digits = false;
    for c in text.chars() {
        let is_digit = c.is_numeric();
        let is_part = (is_digit || c.is_alphabetic()) && !GAP.contains(c);
        if !word.is_empty() && (!is_part || is_digit != of_digits) {
            words.push(std::mem::take(&mut word));
        }
        if is_part {
            word.extend(c.to_lowercase());
            of_digits = is_digit;
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// The words of a text as the table takes them.
fn joined(text: &str) -> String {
    split(text).join(" ")
}

/// Notes the words of a new version: its key, and the pairs of S3's user metadata as JSON.
pub(super) fn insert(
    connection: &Connection,
    id: i64,
    key: &[u8],
    metadata: &str,
) -> Result<(), Error> {
    let custom = custom::of(connection, id, metadata)?;
    connection
        .prepare_cached("INSERT INTO words (rowid, path, custom) VALUES (?1, ?2, ?3)")?
        .execute(params![id, joined(&String::from_utf8_lossy(key)), custom])?;
    Ok(())
}

/// Forgets the words of a version; one that has none is left alone.
pub(super) fn remove(connection: &Connection, id: i64) -> Result<(), Error> {
    connection
        .prepare_cached("DELETE FROM words WHERE rowid = ?1")?
        .execute([id])?;
    Ok(())
}

/// Notes anew the words of a version whose metadata has changed, or which has become the newest.
pub(super) fn refresh(connection: &Connection, id: i64) -> Result<(), Error> {
    remove(connection, id)?;
    let found: Option<(Vec<u8>, String)> = connection
        .prepare_cached(
            "SELECT key, metadata FROM objects WHERE id = ?1 AND is_current = 1 AND is_marker = 0",
        )?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match found {
        Some((key, metadata)) => insert(connection, id, &key, &metadata),
        None => Ok(()),
    }
}

/// Notes the words of everything anew.
pub(crate) fn rebuild(connection: &Connection) -> Result<(), Error> {
    connection.execute_batch("INSERT INTO words (words) VALUES ('delete-all')")?;
    let mut statement = connection.prepare(
        "SELECT id, key, metadata FROM objects WHERE is_current = 1 AND is_marker = 0 ORDER BY id",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, key, metadata): (i64, Vec<u8>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        insert(connection, id, &key, &metadata)?;
    }
    Ok(())
}

/// The pairs of S3's user metadata, out of their column.
pub(crate) fn pairs(metadata: &str) -> Result<Vec<(String, String)>, Error> {
    let pairs: std::collections::BTreeMap<String, String> = values::from_json(metadata)?;
    Ok(pairs.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_a_run_of_letters_or_of_digits() {
        for (text, words) in [
            (
                "scans/2024/Page-7b.TIF",
                &["scans", "2024", "page", "7", "b", "tif"][..],
            ),
            ("product123", &["product", "123"]),
            ("Größe ﬁn", &["größe", "ﬁn"]),
            ("資料２３", &["資料", "２３"]),
            ("--..", &[]),
            ("a\u{f8ff}b", &["a", "b"]),
            ("", &[]),
        ] {
            assert_eq!(split(text), words, "{text}");
        }
    }
}
