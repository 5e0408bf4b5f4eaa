//! Where everything lies inside the data folder.

use std::{
    collections::HashSet,
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use super::disk::{Disk, RealDisk};
use crate::Error;

/// The data folder, and the disk that it is on.
#[derive(Clone)]
pub(crate) struct Layout(Arc<Inner>);

struct Inner {
    root: PathBuf,
    disk: Arc<dyn Disk>,
    /// Folders below `blobs/`, as `ab` and `ab/cd`, that would survive a power loss.
    lasting: Mutex<HashSet<Box<str>>>,
}

impl Layout {
    /// On the machine's own file system.
    pub(crate) fn new(folder: &Path) -> Self {
        Self::on(Arc::new(RealDisk), folder)
    }

    pub(crate) fn on(disk: Arc<dyn Disk>, folder: &Path) -> Self {
        Self(Arc::new(Inner {
            root: folder.to_owned(),
            disk,
            lasting: Mutex::default(),
        }))
    }

    pub(crate) fn root(&self) -> &Path {
        &self.0.root
    }

    pub(super) fn disk(&self) -> &dyn Disk {
        &*self.0.disk
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.root().join("metadata.sqlite")
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.root().join("lock")
    }

    pub(crate) fn blobs(&self) -> PathBuf {
        self.root().join("blobs")
    }

    pub(crate) fn tmp(&self) -> PathBuf {
        self.root().join("tmp")
    }

    /// Where `repair` puts what it takes out of the store.
    pub(crate) fn aside(&self) -> PathBuf {
        self.root().join("aside")
    }

    /// The place of a file: `blobs/ab/cd/abcd…`.
    pub(crate) fn blob(&self, name: &str) -> PathBuf {
        let mut path = self.blobs();
        path.extend(fan(name));
        path.push(name);
        path
    }

    /// Opens the file of a blob for reading.
    pub(crate) fn open_blob(&self, name: &str) -> io::Result<File> {
        self.disk().open(&self.blob(name))
    }

    /// Whether the file of a blob is there; where that cannot be told, it is taken to be.
    pub(crate) fn waits(&self, name: &str) -> bool {
        self.blob(name).try_exists().unwrap_or(true)
    }

    /// Removes a file whose absence is as good; what stays, the next start sweeps.
    pub(crate) fn remove(&self, path: &Path) {
        match self.disk().remove(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, "a file could not be removed");
            }
            _ => {}
        }
    }

    /// Makes the folders `blobs` and `tmp` last.
    pub(crate) fn prepare(&self) -> Result<(), Error> {
        for folder in [self.blobs(), self.tmp()] {
            self.make_folder(&folder)?;
        }
        Ok(self.disk().sync_folder(self.root())?)
    }

    /// Makes the folders of a blob's file, so that they last.
    pub(crate) fn make_fan(&self, name: &str) -> Result<(), Error> {
        let (mut folder, mut key) = (self.blobs(), String::new());
        for part in fan(name) {
            let parent = folder.clone();
            folder.push(part);
            key.push_str(part);
            if !self.lasting().contains(key.as_str()) {
                self.make_folder(&folder)?;
                // Also where it was there already: another upload may have made it just now and
                // not come to syncing it, and so may a process that was killed.
                self.disk().sync_folder(&parent)?;
                self.lasting().insert(key.as_str().into());
            }
            key.push('/');
        }
        Ok(())
    }

    /// Syncs `folder`, which is `blobs` or one of those in it, and from then on takes the folders
    /// `ab` or `ab/cd` in it, `known`, for lasting: a hundred syncs at start instead of one for each of
    /// the many folders when it is first used.
    pub(crate) fn settle(
        &self,
        folder: &Path,
        known: impl IntoIterator<Item = Box<str>>,
    ) -> Result<(), Error> {
        self.disk().sync_folder(folder)?;
        self.lasting().extend(known);
        Ok(())
    }

    fn lasting(&self) -> std::sync::MutexGuard<'_, HashSet<Box<str>>> {
        self.0
            .lasting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn make_folder(&self, folder: &Path) -> Result<(), Error> {
        match self.disk().make_folder(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error.into()),
            _ => Ok(()),
        }
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

/// The folders of a file below `blobs/`.
fn fan(name: &str) -> impl Iterator<Item = &str> {
    [name.get(0..2), name.get(2..4)].into_iter().flatten()
}
