//! Opening: folders, the lock, connections.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
    time::Duration,
};

use rusqlite::{Connection, config::DbConfig};

use super::migrations;
use crate::{Error, files::Layout};

/// How long a statement waits for another program that has locked the database.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Makes the folders, for their owner alone, so that they last.
pub(super) fn folders(layout: &Layout) -> Result<(), Error> {
    let root = layout.root();
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(root)?;
    layout.prepare()?;
    for path in [root, &layout.blobs(), &layout.tmp()] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    }
    if !layout.database().try_exists()? {
        sync_above(root);
    }
    Ok(())
}

/// At the first start every folder above may be as new as the store's own.
fn sync_above(root: &Path) {
    let absolute = std::path::absolute(root).unwrap_or_else(|_unknown| root.to_owned());
    for folder in absolute.ancestors().skip(1) {
        // What we may not open we have not made.
        if let Err(error) = File::open(folder).and_then(|folder| folder.sync_all()) {
            tracing::debug!(%error, folder = %folder.display(), "a folder cannot be synced");
        }
    }
}

/// Keeps other processes out for as long as the file is open.
pub(crate) fn lock(layout: &Layout) -> Result<File, Error> {
    let file = private_file(&layout.lock())?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::InUse(layout.root().to_owned())),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Opens a connection for writing, with the settings that all of them share; makes the database.
pub(super) fn connect(path: &Path, patience: Duration) -> Result<Connection, Error> {
    // SQLite gives its journal files the mode of the database itself.
    private_file(path)?;
    let connection = Connection::open(path)?;
    connection.busy_timeout(patience)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // Else SQLite parses a statement with a range anew each time its bounds have other values.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(128);
    crate::search::register(&connection)?;
    Ok(connection)
}

/// Opens the database of a store that is there, of the present schema.
///
/// # Errors
/// [`Error::NoStore`] where there is none; it is not made.
pub(crate) fn existing(layout: &Layout) -> Result<Connection, Error> {
    if !layout.database().try_exists()? {
        return Err(Error::NoStore(layout.root().to_owned()));
    }
    let connection = connect(&layout.database(), PATIENCE)?;
    let (found, known) = (migrations::check(&connection)?, migrations::known());
    if found < known {
        return Err(Error::OlderSchema { found, known });
    }
    Ok(connection)
}

/// Opens a file for writing, which it makes for its owner alone.
pub(super) fn private_file(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path)?;
    file.set_permissions(fs::Permissions::from_mode(0o600))?;
    Ok(file)
}
