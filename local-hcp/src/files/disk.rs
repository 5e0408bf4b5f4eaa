//! The operations on files that durability rests on, behind a trait: a test cuts the power between
//! any two of them.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
};

/// A file system. One call through the table of the trait for each system call costs nothing that
/// could be measured beside it.
pub(crate) trait Disk: Send + Sync {
    /// Creates a file, for its owner alone, that must not exist yet.
    fn create(&self, path: &Path) -> io::Result<Box<dyn NewFile>>;

    /// Opens a file for reading.
    fn open(&self, path: &Path) -> io::Result<File>;

    /// Gives a file another place. It may be lost there until the folder is synced.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes one folder, for its owner alone. It may be lost until the folder above it is synced.
    fn make_folder(&self, path: &Path) -> io::Result<()>;

    /// Returns when the entries of a folder, though not what they name, would survive a power loss.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
}

/// A file that is being written.
pub(crate) trait NewFile: Send {
    /// Appends.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Gives it the present time, to the nanosecond.
    fn stamp(&self) -> io::Result<()>;

    /// Returns when everything written would survive a power loss.
    fn sync(&self) -> io::Result<()>;
}

/// The machine's own file system.
pub(crate) struct RealDisk;

impl Disk for RealDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn NewFile>> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        Ok(Box::new(RealFile(file)))
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        File::open(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        DirBuilder::new().mode(0o700).create(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }
}

struct RealFile(File);

impl NewFile for RealFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn stamp(&self) -> io::Result<()> {
        self.0.set_modified(std::time::SystemTime::now())
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_all()
    }
}
