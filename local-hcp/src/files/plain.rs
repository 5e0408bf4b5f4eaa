//! Plain files: objects at `{tenant}/{bucket}/{key}`, where any program reads them, and puts others.
//!
//! Nobody may be led out of a bucket's folder, whoever else writes there: a path is gone through one
//! name at a time from an open folder to the next, and a symbolic link is never followed.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io,
    os::{fd::OwnedFd, unix::ffi::OsStrExt as _, unix::fs::MetadataExt as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use rustix::{
    fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, RawMode, Stat, fsync, mkdirat, openat},
    io::Errno,
};

use super::folders::{Folders, Name, State};
use crate::Error;

/// The longest name that file systems hold, in bytes.
const NAME_MAX: usize = 255;
/// The longest key, in bytes, S3's: what somebody put deeper is no object.
const KEY_MAX: usize = 1_024;

/// What tells whether a file is still the one that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) size: u64,
    pub(crate) mtime_ns: i64,
}

impl Stamp {
    fn of(stat: &Stat) -> Self {
        Self {
            size: u64::try_from(stat.st_size).unwrap_or(0),
            mtime_ns: nanoseconds(
                stat.st_mtime,
                i64::try_from(stat.st_mtime_nsec).unwrap_or(0),
            ),
        }
    }

    pub(crate) fn of_file(file: &File) -> io::Result<Self> {
        let found = file.metadata()?;
        Ok(Self {
            size: found.len(),
            mtime_ns: nanoseconds(found.mtime(), found.mtime_nsec()),
        })
    }

    /// Whether a file with the stamp `found` is the one that this was taken of. Archives may bring back
    /// whole seconds alone.
    pub(crate) fn is_still(self, found: Self) -> bool {
        let seconds = self.mtime_ns.div_euclid(1_000_000_000) * 1_000_000_000;
        self.size == found.size && (self.mtime_ns == found.mtime_ns || found.mtime_ns == seconds)
    }
}

fn nanoseconds(seconds: i64, rest: i64) -> i64 {
    seconds.saturating_mul(1_000_000_000).saturating_add(rest)
}

/// The place of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) tenant: String,
    pub(crate) bucket: String,
    pub(crate) key: String,
}

impl Place {
    pub(crate) fn is_folder(&self) -> bool {
        self.key.ends_with('/')
    }
}

/// What is at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    File(Stamp),
    Folder,
    /// What is no object: a link, a device, a pipe.
    Other,
    /// The bucket itself has no folder.
    NoBucket,
}

/// Says of a key whether a file can have it for its name.
///
/// # Errors
/// [`Error::KeyNotAFile`], [`Error::KeyTooLongForFile`].
pub(crate) fn check_key(key: &str) -> Result<(), Error> {
    let refuse = |why| Err(Error::KeyNotAFile(why));
    let names = key.strip_suffix('/').unwrap_or(key);
    if key.contains('\0') {
        return refuse("a zero byte");
    }
    for name in names.split('/') {
        match name {
            "" => return refuse("an empty name between slashes, or at its beginning"),
            "." | ".." => return refuse("`.` or `..` as a name"),
            _ if name.len() > NAME_MAX => return Err(Error::KeyTooLongForFile),
            _ => {}
        }
    }
    Ok(())
}

/// Where the plain files of a store are that is in `data`, unless somebody says otherwise: beside it.
pub fn files_beside(data: &Path) -> PathBuf {
    data.with_file_name("files")
}

/// The folder of plain files.
#[derive(Clone, Debug)]
pub(crate) struct Plain {
    root: PathBuf,
    folders: Folders,
}

/// The keys that a walk is about: from the first on, before the second.
#[derive(Clone, Copy)]
pub(crate) struct Stretch<'a> {
    pub(crate) from: &'a [u8],
    pub(crate) until: Option<&'a [u8]>,
}

impl Plain {
    /// Makes the folder, which has to be on the same file system as `blobs`: files are moved between them.
    pub(crate) fn open(root: &Path, blobs: &Path) -> Result<Self, Error> {
        use std::os::unix::fs::DirBuilderExt as _;
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(root)?;
        if fs::metadata(root)?.dev() != fs::metadata(blobs)?.dev() {
            return Err(Error::OtherFileSystem(root.to_owned()));
        }
        if let Some(above) = root.parent() {
            File::open(above)?.sync_all()?;
        }
        Ok(Self::at(root))
    }

    /// A folder that is there.
    pub(crate) fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            folders: Folders::default(),
        }
    }

    fn root(&self) -> io::Result<OwnedFd> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(openat(CWD, &self.root, flags, Mode::empty())?)
    }

    /// Opens the folder of a bucket.
    fn bucket(&self, tenant: &str, bucket: &str) -> io::Result<OwnedFd> {
        into(&into(&self.root()?, tenant)?, bucket)
    }

    /// Makes the folder of a bucket.
    pub(crate) fn make_bucket(&self, tenant: &str, bucket: &str) -> io::Result<()> {
        let above = make(&self.root()?, tenant)?;
        make(&above, bucket).map(drop)
    }

    /// Removes the folder of a bucket if no file is in it.
    pub(crate) fn remove_bucket(&self, tenant: &str, bucket: &str) -> io::Result<()> {
        let root = self.root()?;
        let above = into(&root, tenant)?;
        clear(&above, bucket)?;
        // Other buckets of the tenant may be there.
        let _ = remove_folder(&root, tenant);
        Ok(())
    }

    /// Whether anything but folders is in the folder of a bucket.
    pub(crate) fn is_occupied(&self, tenant: &str, bucket: &str) -> io::Result<bool> {
        match self.bucket(tenant, bucket) {
            Ok(folder) => holds_something(&folder),
            Err(error) if is_absent(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether anything but folders is in the folder at a place.
    pub(crate) fn holds_something(&self, place: &Place) -> io::Result<bool> {
        match self.folder(place)? {
            Some((folder, name)) => holds_something(&into(&folder, name)?),
            None => Ok(false),
        }
    }

    /// The folder in which a key's name is, and that name.
    fn folder<'k>(&self, place: &'k Place) -> io::Result<Option<(OwnedFd, &'k str)>> {
        let mut folder = self.bucket(&place.tenant, &place.bucket)?;
        let names = place.key.strip_suffix('/').unwrap_or(&place.key);
        let (above, name) = names.rsplit_once('/').unwrap_or(("", names));
        for one in above.split('/').filter(|one| !one.is_empty()) {
            folder = match into(&folder, one) {
                Ok(folder) => folder,
                Err(error) if is_absent(&error) => return Ok(None),
                Err(error) => return Err(error),
            };
        }
        Ok(Some((folder, name)))
    }

    /// Looks what is at a place. Its key has been checked.
    pub(crate) fn look(&self, place: &Place) -> io::Result<Found> {
        match self.folder(place) {
            Ok(Some((folder, name))) => look(&folder, name),
            Ok(None) => Ok(Found::Nothing),
            Err(error) if is_absent(&error) => Ok(Found::NoBucket),
            Err(error) => Err(error),
        }
    }

    /// Opens the file at a place for reading, if there is one.
    pub(crate) fn open_file(&self, place: &Place) -> io::Result<Option<File>> {
        let (folder, name) = match self.folder(place) {
            Ok(Some(found)) => found,
            Ok(None) => return Ok(None),
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        // A pipe would keep whoever opens it waiting.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        match openat(&folder, name, flags, Mode::empty()) {
            Ok(file) => {
                let file = File::from(file);
                Ok(file.metadata()?.is_file().then_some(file))
            }
            Err(error) if is_absent(&error.into()) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes the folders above a place, so that they last; for a folder's place also itself.
    pub(crate) fn make_folders(&self, place: &Place) -> io::Result<(OwnedFd, String)> {
        let mut folder = self.bucket(&place.tenant, &place.bucket)?;
        let names = place.key.strip_suffix('/').unwrap_or(&place.key);
        let (above, name) = names.rsplit_once('/').unwrap_or(("", names));
        for one in above.split('/').filter(|one| !one.is_empty()) {
            folder = make(&folder, one)?;
        }
        if place.is_folder() {
            make(&folder, name)?;
        }
        Ok((folder, name.to_owned()))
    }

    /// Moves a synced file to its place, and syncs the folder that it is in then.
    pub(crate) fn put(&self, from: &Path, place: &Place) -> io::Result<()> {
        let (folder, name) = self.make_folders(place)?;
        match rustix::fs::renameat(CWD, from, &folder, name.as_str()) {
            // A folder that somebody left behind, and that is empty, gives way.
            Err(Errno::ISDIR | Errno::EXIST | Errno::NOTEMPTY) => {
                clear(&folder, &name)?;
                rustix::fs::renameat(CWD, from, &folder, name.as_str())?;
            }
            moved => moved?,
        }
        Ok(fsync(&folder)?)
    }

    /// Removes the file at a place if it is the one that is known, and the folders above it, down to the
    /// depth `keep`, that are empty then.
    pub(crate) fn remove(&self, place: &Place, known: Stamp, keep: usize) -> io::Result<()> {
        match self.folder(place) {
            Ok(Some((folder, name))) => {
                match look(&folder, name)? {
                    Found::Folder if place.is_folder() => {
                        // One in which something is stays: it was the marker alone that went.
                        let _ = remove_folder(&folder, name);
                    }
                    Found::File(found) if !place.is_folder() && known.is_still(found) => {
                        rustix::fs::unlinkat(&folder, name, AtFlags::empty())?;
                    }
                    _ => return Ok(()),
                }
                fsync(&folder)?;
            }
            Ok(None) => {}
            Err(error) if is_absent(&error) => return Ok(()),
            Err(error) => return Err(error),
        }
        let names = place.key.strip_suffix('/').unwrap_or(&place.key);
        let mut above = names;
        while let Some((folder, _)) = above.rsplit_once('/') {
            if folder.split('/').count() <= keep {
                break;
            }
            let place = Place {
                key: format!("{folder}/"),
                ..place.clone()
            };
            let Some((parent, name)) = self.folder(&place)? else {
                break;
            };
            if remove_folder(&parent, name).is_err() {
                break;
            }
            fsync(&parent)?;
            above = folder;
        }
        Ok(())
    }

    /// Goes through the files of a bucket in the order of their keys, as far as `stretch`, until `visit` says
    /// otherwise. `wanted` says whether any key in a folder, given with its slash, is of interest.
    pub(crate) fn walk(
        &self,
        tenant: &str,
        bucket: &str,
        stretch: Stretch<'_>,
        wanted: &mut dyn FnMut(&str) -> bool,
        visit: &mut dyn FnMut(&str, Stamp) -> bool,
    ) -> io::Result<()> {
        match self.bucket(tenant, bucket) {
            Ok(folder) => self.walk_in(&folder, "", stretch, wanted, visit).map(drop),
            Err(error) if is_absent(&error) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The names in a folder, read at the time `now`, by the clock of the file system.
    fn names(&self, folder: &OwnedFd, now: SystemTime) -> io::Result<Arc<[Name]>> {
        let state = State::of(folder)?;
        if let Some(names) = self.folders.find(&state) {
            return Ok(names);
        }
        let names: Arc<[Name]> = names(folder)?.into();
        self.folders.keep(state, now, &names);
        Ok(names)
    }

    /// False: that was enough.
    fn walk_in(
        &self,
        folder: &OwnedFd,
        above: &str,
        stretch: Stretch<'_>,
        wanted: &mut dyn FnMut(&str) -> bool,
        visit: &mut dyn FnMut(&str, Stamp) -> bool,
    ) -> io::Result<bool> {
        let names = self.names(folder, SystemTime::now())?;
        for (name, is_folder) in reaching(&names, above, stretch.from) {
            let key = format!("{above}{name}");
            if stretch.until.is_some_and(|until| key.as_bytes() >= until) {
                return Ok(false);
            }
            if key.len() > KEY_MAX || !wanted(&key) {
                continue;
            }
            if *is_folder {
                let inner = match into(folder, name.trim_end_matches('/')) {
                    Ok(inner) => inner,
                    // Gone meanwhile.
                    Err(error) if is_absent(&error) => continue,
                    Err(error) => return Err(error),
                };
                if !self.walk_in(&inner, &key, stretch, wanted, visit)? {
                    return Ok(false);
                }
            } else if let Found::File(stamp) = look(folder, name)?
                && !visit(&key, stamp)
            {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Whether a path ends before its last name: something is missing, no folder, or a link.
fn is_absent(error: &io::Error) -> bool {
    [
        Errno::NOENT,
        Errno::NOTDIR,
        Errno::LOOP,
        Errno::NAMETOOLONG,
        Errno::NXIO,
    ]
    .iter()
    .any(|one| error.raw_os_error() == Some(one.raw_os_error()))
}

/// Whether a file or a link is where a folder should be.
pub(crate) fn is_blocked(error: &io::Error) -> bool {
    [Errno::NOTDIR, Errno::LOOP]
        .iter()
        .any(|one| error.raw_os_error() == Some(one.raw_os_error()))
}

fn into(folder: &OwnedFd, name: &str) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(openat(folder, name, flags, Mode::empty())?)
}

/// Opens a folder, which is made, so that it lasts, where it is missing.
fn make(folder: &OwnedFd, name: &str) -> io::Result<OwnedFd> {
    match into(folder, name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            match mkdirat(folder, name, Mode::from_raw_mode(0o700)) {
                Ok(()) => fsync(folder)?,
                Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
            into(folder, name)
        }
        opened => opened,
    }
}

fn remove_folder(folder: &OwnedFd, name: &str) -> io::Result<()> {
    Ok(rustix::fs::unlinkat(folder, name, AtFlags::REMOVEDIR)?)
}

fn kind(stat: &Stat) -> FileType {
    FileType::from_raw_mode(stat.st_mode as RawMode)
}

fn look(folder: &OwnedFd, name: &str) -> io::Result<Found> {
    let stat = match rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => stat,
        Err(error) if is_absent(&error.into()) => return Ok(Found::Nothing),
        Err(error) => return Err(error.into()),
    };
    Ok(match kind(&stat) {
        FileType::RegularFile => Found::File(Stamp::of(&stat)),
        FileType::Directory => Found::Folder,
        _ => Found::Other,
    })
}

/// The names in a folder that can be those of keys, each folder with its slash: so they are in the order of
/// keys.
fn names(folder: &OwnedFd) -> io::Result<Vec<Name>> {
    let mut names = Vec::new();
    for entry in Dir::read_from(folder)? {
        let entry = entry?;
        // Keys are text.
        let Ok(name) = entry.file_name().to_str() else {
            continue;
        };
        if name == "." || name == ".." {
            continue;
        }
        let mut kind = entry.file_type();
        if kind == FileType::Unknown {
            kind = match look(folder, name)? {
                Found::File(_) => FileType::RegularFile,
                Found::Folder => FileType::Directory,
                _ => continue,
            };
        }
        match kind {
            FileType::Directory => names.push((format!("{name}/"), true)),
            FileType::RegularFile => names.push((name.to_owned(), false)),
            _ => {}
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// The names of a folder that reach as far as where a walk begins.
fn reaching<'n>(names: &'n [Name], above: &str, from: &[u8]) -> &'n [Name] {
    // Else the folder is behind, or the walk has left it out.
    let Some(rest) = from.strip_prefix(above.as_bytes()) else {
        return names;
    };
    let mut start = names.partition_point(|(name, _)| name.as_bytes() < rest);
    // The folder in which it begins is before it, and directly so: nothing else begins with its name and a slash.
    if let Some((name, true)) = start.checked_sub(1).and_then(|before| names.get(before))
        && rest.starts_with(name.as_bytes())
    {
        start -= 1;
    }
    names.get(start..).unwrap_or_default()
}

fn holds_something(folder: &OwnedFd) -> io::Result<bool> {
    for entry in Dir::read_from(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_bytes() == b"." || name.to_bytes() == b".." {
            continue;
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        match openat(folder, name, flags, Mode::empty()) {
            Ok(inner) if !holds_something(&inner)? => {}
            _ => return Ok(true),
        }
    }
    Ok(false)
}

/// Removes a folder and the empty ones in it.
fn clear(folder: &OwnedFd, name: &str) -> io::Result<()> {
    let inner = into(folder, name)?;
    for entry in Dir::read_from(&inner)? {
        let entry = entry?;
        let name = OsStr::from_bytes(entry.file_name().to_bytes());
        if let Some(name) = name.to_str().filter(|name| !matches!(*name, "." | "..")) {
            clear(&inner, name)?;
        }
    }
    remove_folder(folder, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_folder_is_read_once_until_it_changes() {
        let data = tempfile::tempdir().unwrap();
        let (root, blobs) = (data.path().join("files"), data.path().join("blobs"));
        fs::create_dir(&blobs).unwrap();
        let plain = Plain::open(&root, &blobs).unwrap();
        plain.make_bucket("demo", "box").unwrap();
        let place = root.join("demo/box");
        for number in 0..2_500 {
            fs::write(place.join(format!("{number:05}")), "").unwrap();
        }
        let folder = plain.bucket("demo", "box").unwrap();
        let now = SystemTime::now();
        let later = now + std::time::Duration::from_mins(1);
        // What has just changed may change again without another time.
        let fresh = plain.names(&folder, now).unwrap();
        let first = plain.names(&folder, later).unwrap();
        assert!(!Arc::ptr_eq(&fresh, &first));
        let again = plain.names(&folder, later).unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        assert_eq!(again.len(), 2_500);
        fs::remove_file(place.join("00000")).unwrap();
        fs::write(place.join("new"), "").unwrap();
        let changed = plain.names(&folder, later).unwrap();
        assert_eq!(changed.len(), 2_500);
        assert_eq!(changed.first().unwrap().0, "00001");
        assert_eq!(changed.last().unwrap().0, "new");
    }

    #[test]
    fn a_walk_begins_where_it_is_told_to() {
        let names: Vec<Name> = [("a", false), ("b/", true), ("b0", false), ("c", false)]
            .map(|(name, is_folder)| (name.to_owned(), is_folder))
            .to_vec();
        for (above, from, first) in [
            ("", "", Some("a")),
            ("", "a", Some("a")),
            ("", "b", Some("b/")),
            ("", "b/", Some("b/")),
            ("", "b/x/y", Some("b/")),
            ("", "b0", Some("b0")),
            ("", "b/\u{10FFFF}", Some("b/")),
            ("", "d", None),
            ("x/", "x/b1", Some("c")),
            ("x/", "w/b1", Some("a")),
        ] {
            let found = reaching(&names, above, from.as_bytes());
            let found = found.first().map(|(name, _)| name.as_str());
            assert_eq!(found, first, "{above} {from}");
        }
    }
}
