//! At start: removes what a crash left behind, temporary files and files without a row, and lets the
//! folders last that it made.

use std::{
    ffi::OsStr,
    fs::{self, FileType},
    io,
    path::{Path, PathBuf},
};

use rusqlite::Connection;

use super::{audit, plain};
use crate::{
    Error,
    files::{Layout, Plain},
};

/// Returns how many files it removed. Must run before the store takes requests.
pub(super) fn run(
    connection: &Connection,
    layout: &Layout,
    plain: Option<&Plain>,
) -> Result<u64, Error> {
    let blobs = layout.blobs();
    let outer = entries(&blobs, FileType::is_dir)?;
    layout.settle(&blobs, relative(&blobs, &outer))?;
    for outer in outer {
        let inner = entries(&outer, FileType::is_dir)?;
        layout.settle(&outer, relative(&blobs, &inner))?;
    }
    if let Some(plain) = plain {
        plain::recover(connection, layout, plain, &stored(layout)?)?;
    }
    let mut removed = 0;
    for path in orphans(connection, layout)? {
        layout.remove(&path);
        removed += 1;
    }
    Ok(removed)
}

/// Temporary files, and files without a row.
pub(crate) fn orphans(connection: &Connection, layout: &Layout) -> Result<Vec<PathBuf>, Error> {
    let mut orphans = entries(&layout.tmp(), FileType::is_file)?;
    for path in stored(layout)? {
        let referenced = match path.file_name().and_then(OsStr::to_str) {
            Some(name) => audit::is_known(connection, name)?,
            None => false,
        };
        if !referenced {
            orphans.push(path);
        }
    }
    Ok(orphans)
}

/// The files with generated names.
fn stored(layout: &Layout) -> Result<Vec<PathBuf>, Error> {
    let mut stored = Vec::new();
    for outer in entries(&layout.blobs(), FileType::is_dir)? {
        for inner in entries(&outer, FileType::is_dir)? {
            stored.extend(entries(&inner, FileType::is_file)?);
        }
    }
    Ok(stored)
}

/// Folders by their names below `blobs`.
fn relative(blobs: &Path, folders: &[PathBuf]) -> Vec<Box<str>> {
    folders
        .iter()
        .filter_map(|folder| Some(folder.strip_prefix(blobs).ok()?.to_str()?.into()))
        .collect()
}

/// What a folder holds of one kind; anything else that somebody put there is left alone.
fn entries(folder: &Path, wanted: fn(&FileType) -> bool) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    let listed = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        listed => listed?,
    };
    for entry in listed {
        let entry = entry?;
        if wanted(&entry.file_type()?) {
            found.push(entry.path());
        }
    }
    Ok(found)
}
