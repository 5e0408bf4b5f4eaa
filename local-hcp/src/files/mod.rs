//! Bytes on disk: files named by generated ids, fanned out over folders.
//!
//! A file is written under `tmp/`, synced, renamed into `blobs/ab/cd/`, and the folder synced; only
//! then may a row name it. Until that row is committed a guard removes the file again.

mod incoming;
mod outgoing;

use std::{
    fs::{self, DirBuilder, File},
    io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

pub(crate) use self::{
    incoming::{Digests, Failure, Received, receive},
    outgoing::{Piece, Source, stream},
};
use crate::Error;

/// Where everything lies inside the data folder.
#[derive(Clone)]
pub(crate) struct Layout(Arc<Path>);

impl Layout {
    pub(crate) fn new(folder: &Path) -> Self {
        Self(Arc::from(folder))
    }

    pub(crate) fn root(&self) -> &Path {
        &self.0
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.0.join("metadata.sqlite")
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.0.join("lock")
    }

    pub(crate) fn blobs(&self) -> PathBuf {
        self.0.join("blobs")
    }

    pub(crate) fn tmp(&self) -> PathBuf {
        self.0.join("tmp")
    }

    /// The place of a file: `blobs/ab/cd/abcd…`.
    pub(crate) fn blob(&self, name: &str) -> PathBuf {
        let mut path = self.blobs();
        for part in [name.get(0..2), name.get(2..4)].into_iter().flatten() {
            path.push(part);
        }
        path.push(name);
        path
    }

    /// Refuses when `bytes` more would leave less than `reserve` free.
    pub(crate) fn check_space(&self, reserve: u64, bytes: u64) -> Result<(), Error> {
        let disk = rustix::fs::statvfs(self.root())?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        if free < reserve.saturating_add(bytes) {
            return Err(Error::OutOfSpace);
        }
        Ok(())
    }
}

/// A file in its final place that no row names yet; dropping it removes the file.
pub(crate) struct Staged {
    name: String,
    path: PathBuf,
    kept: bool,
}

impl Staged {
    /// Moves a synced temporary file to its place and syncs the folder it is now in.
    fn place(layout: &Layout, name: String, tmp: &Path) -> Result<Self, Error> {
        let path = layout.blob(&name);
        let folder = path.parent().unwrap_or(layout.root());
        make_folder(folder, &layout.blobs())?;
        fs::rename(tmp, &path)?;
        let staged = Self {
            name,
            kept: false,
            path,
        };
        sync_folder(staged.path.parent().unwrap_or(layout.root()))?;
        Ok(staged)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The row is committed: the file stays.
    pub(crate) fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.kept {
            remove(&self.path);
        }
    }
}

/// What an object's bytes became.
pub(crate) enum Content {
    /// Few enough to live in the row.
    Inline(Vec<u8>),
    /// A file of their own.
    File(Staged),
}

/// Makes `folder` and what is missing above it, syncing each parent so that the entry lasts.
fn make_folder(folder: &Path, top: &Path) -> Result<(), Error> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => sync_folder(folder.parent().unwrap_or(top)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound && folder != top => {
            make_folder(folder.parent().unwrap_or(top), top)?;
            make_folder(folder, top)
        }
        Err(error) => Err(error.into()),
    }
}

fn sync_folder(folder: &Path) -> Result<(), Error> {
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// Removes a file whose absence is as good; what stays, the next start sweeps.
fn remove(path: &Path) {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, "a file could not be removed");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
