//! Bytes on disk: files named by generated ids, fanned out over folders.
//!
//! A file is written under `tmp/`, synced, renamed into `blobs/ab/cd/`, and the folder synced; only
//! then may a row name it. Until that row is committed a guard removes the file again.

mod disk;
mod folders;
mod incoming;
mod layout;
mod outgoing;
mod plain;

use std::path::Path;

#[cfg(test)]
pub(crate) use self::disk::{Disk, NewFile, RealDisk};
pub use self::plain::files_beside;
pub(crate) use self::{
    incoming::{Digests, Failure, Received, receive},
    layout::Layout,
    outgoing::{Piece, Source, stream},
    plain::{Found, Place, Plain, Stamp, Stretch, check_key, is_blocked},
};
use crate::Error;

/// What bounds the bytes that come in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The free space to keep on the disk, in bytes.
    pub(crate) reserve: u64,
    /// Up to here bytes live in the database row: a file costs two syncs and an inode. What is
    /// longer than the block in which bytes are gathered becomes a file in any case.
    pub(crate) inline: u64,
    /// Whatever is received becomes a file, with a time of its own by which it is known again.
    pub(crate) plain: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            reserve: 0,
            inline: 16 * 1024,
            plain: false,
        }
    }
}

/// A file in its final place that no row names yet; dropping it removes the file.
pub(crate) struct Staged {
    layout: Layout,
    name: String,
    kept: bool,
}

impl Staged {
    /// Moves a synced temporary file to its place and syncs the folder it is now in.
    fn place(layout: &Layout, name: String, tmp: &Path) -> Result<Self, Error> {
        let path = layout.blob(&name);
        layout.make_fan(&name)?;
        layout.disk().rename(tmp, &path)?;
        let staged = Self {
            layout: layout.clone(),
            name,
            kept: false,
        };
        layout
            .disk()
            .sync_folder(path.parent().unwrap_or(layout.root()))?;
        Ok(staged)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// When the file was last changed, in nanoseconds since 1970.
    pub(crate) fn mtime_ns(&self) -> Result<i64, Error> {
        let file = self.layout.open_blob(&self.name)?;
        Ok(Stamp::of_file(&file)?.mtime_ns)
    }

    /// The row is committed: the file stays.
    pub(crate) fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.kept {
            self.layout.remove(&self.layout.blob(&self.name));
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

#[cfg(test)]
mod tests;
