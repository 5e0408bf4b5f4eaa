//! What can go wrong in the store, before a protocol gives it a code and a status.

use std::{io, path::PathBuf};

use rusqlite::ErrorCode;

/// A failure of the local HCP.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A name that this store cannot take, with the reason in words.
    #[error("{0}")]
    InvalidName(String),
    /// A document that breaks its own rules, with the reason in words.
    #[error("{0}")]
    InvalidDocument(String),
    /// The tenant does not exist.
    #[error("tenant `{0}` does not exist")]
    NoSuchTenant(String),
    /// The resource of the management API does not exist.
    #[error("the resource does not exist")]
    NoSuchResource,
    /// The user does not exist.
    #[error("user `{0}` does not exist")]
    NoSuchUser(String),
    /// A setting of a namespace is not what HCP takes, with the reason in words.
    #[error("{0}")]
    InvalidSetting(String),
    /// What is asked for exists already, or contradicts what is there; the text says what.
    #[error("{0}")]
    Conflict(String),
    /// The state of things forbids it; the text says which.
    #[error("{0}")]
    Forbidden(String),
    /// A grant names somebody who does not exist.
    #[error("the grantee `{0}` does not exist")]
    NoSuchGrantee(String),
    /// The bucket does not exist in the caller's tenant.
    #[error("the bucket does not exist")]
    NoSuchBucket,
    /// The name is taken by another owner.
    #[error("the bucket name is taken by another account of this tenant")]
    BucketTaken,
    /// The bucket still has objects or open uploads.
    #[error("the bucket is not empty")]
    BucketNotEmpty,
    /// The caller may not do this; the text says what.
    #[error("{0}")]
    Denied(&'static str),
    /// The key cannot be the name of a file; the text says what it has that no name may have.
    #[error(
        "this store keeps objects as plain files (HAKO_LOCAL_LAYOUT=files), and the key cannot name one: it has {0}"
    )]
    KeyNotAFile(&'static str),
    /// A name in the key is longer than names of files may be.
    #[error(
        "this store keeps objects as plain files (HAKO_LOCAL_LAYOUT=files): no name between slashes may be \
         longer than 255 bytes"
    )]
    KeyTooLongForFile,
    /// What plain files cannot have; the text says what.
    #[error("{0}")]
    NotInThisLayout(&'static str),
    /// In the place of the key, or above it, is what cannot be its file or folder.
    #[error(
        "this store keeps objects as plain files (HAKO_LOCAL_LAYOUT=files), and `{0}` has no place: a name is \
         a file or a folder, and something else has this one"
    )]
    KeyTaken(String),
    /// A file was changed by another program while it was looked at.
    #[error("another program is changing the object's file; try again")]
    Changed,
    /// A bucket with objects has lost its folder: its file system may not be there.
    #[error(
        "the folder of bucket `{0}` is missing, though the bucket has objects: if its file system is not mounted, \
         mount it; to give the objects up, make the folder, empty"
    )]
    FolderMissing(String),
    /// Plain files are not on the file system of the store.
    #[error(
        "`{0}` has to be on the same file system as the store's own folder: files are moved between them"
    )]
    OtherFileSystem(PathBuf),
    /// The store was made with the other layout.
    #[error(
        "the store keeps its objects {}; the layout of a store is chosen at its first start and never changes. \
         Start it with HAKO_LOCAL_LAYOUT={}, or copy the objects: start a second Hako on an empty data folder \
         with the layout that you want, and copy each bucket from one to the other, for example by `rclone sync`",
        if *plain { "as plain files" } else { "as blobs" },
        if *plain { "files" } else { "blobs" }
    )]
    OtherLayout {
        /// Whether the store's own layout is that of plain files.
        plain: bool,
    },
    /// There is no object under the key.
    #[error("the key does not exist")]
    NoSuchKey,
    /// The key has no such version.
    #[error("the version does not exist")]
    NoSuchVersion,
    /// The version is a delete marker.
    #[error("the version is a delete marker")]
    MarkerNamed,
    /// The version that is to be copied is a delete marker.
    #[error("the source of a copy is named by its version, which is a delete marker")]
    MarkerCopied,
    /// Versioning is off, and the key is taken.
    #[error("the object exists already and its bucket keeps no versions")]
    ObjectExists,
    /// Something is in the folder.
    #[error("the folder is not empty")]
    FolderNotEmpty,
    /// Retention keeps the object from being deleted.
    #[error("the object is under retention")]
    Retained,
    /// The namespace has no such retention class.
    #[error("the retention class `{0}` does not exist")]
    NoSuchClass(String),
    /// The end of retention is no date.
    #[error("the retention ends beyond the calendar")]
    RetentionBeyondCalendar,
    /// An object would have more labelled holds than it may.
    #[error("an object has at most 100 labelled holds")]
    TooManyHolds,
    /// The upload does not exist, or was completed or aborted.
    #[error("the multipart upload does not exist; it may have been completed or aborted")]
    NoSuchUpload,
    /// A part named for completion is missing or has another `ETag`.
    #[error("part {0} was not found or its ETag does not match")]
    InvalidPart(u32),
    /// The parts named for completion are not in ascending order.
    #[error("the parts are not in ascending order")]
    InvalidPartOrder,
    /// A part other than the last is too small.
    #[error("part {0} is smaller than the allowed minimum of 1 MiB")]
    PartTooSmall(u32),
    /// The object would be larger than an object may be.
    #[error("an object has at most 5 TiB")]
    TooLarge,
    /// The object would not have the size that was given.
    #[error("the size that was given for the object is not that of its parts")]
    SizeMismatch,
    /// A part lacks the checksum that its upload announced.
    #[error("a part has no checksum of the kind that the upload announced")]
    ChecksumMissing,
    /// The checksum of the whole is not the one that was given.
    #[error("the checksum that was given for the object is not that of its parts")]
    ChecksumMismatch,
    /// A condition of the request does not hold.
    #[error("a condition of the request does not hold")]
    PreconditionFailed,
    /// The namespace would be fuller than its quota lets it be.
    #[error("the bucket has no room for this: its quota is used up")]
    OverQuota,
    /// The disk is full, or would be below its reserve.
    #[error("the store has no free space")]
    OutOfSpace,
    /// The folder or the database cannot be written; the text says why.
    #[error("the store is read-only: {0}")]
    ReadOnly(String),
    /// Another program has locked the database for longer than a write waits.
    #[error("the store's database is locked by another program")]
    Locked,
    /// The store has been closed.
    #[error("the store is shutting down")]
    Closed,
    /// The data folder is in use.
    #[error("`{0}` is in use by another process")]
    InUse(PathBuf),
    /// There is no store in the folder.
    #[error("there is no store in `{0}`")]
    NoStore(PathBuf),
    /// The database was written by an older version, and has not been migrated.
    #[error(
        "the database has schema version {found}, this program works on {known}: starting the store migrates it"
    )]
    OlderSchema {
        /// What the file says.
        found: i64,
        /// What this program reads and writes.
        known: i64,
    },
    /// The database was written by a newer version.
    #[error("the database has schema version {found}, this program knows up to {known}")]
    NewerSchema {
        /// What the file says.
        found: i64,
        /// What this program can read.
        known: i64,
    },
    /// Stored data contradicts itself.
    #[error("stored data is damaged: {0}")]
    Damaged(&'static str),
    /// A file operation failed.
    #[error("a file operation failed: {0}")]
    Io(#[source] io::Error),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[source] rusqlite::Error),
    /// A background task ended without an answer.
    #[error("a background task ended without an answer")]
    Interrupted,
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::OutOfSpace,
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
                Self::ReadOnly(error.to_string())
            }
            _ => Self::Io(error),
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::OutOfSpace,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly(error.to_string()),
            _ => Self::Database(error),
        }
    }
}

impl From<rustix::io::Errno> for Error {
    fn from(error: rustix::io::Errno) -> Self {
        Self::from(io::Error::from(error))
    }
}
