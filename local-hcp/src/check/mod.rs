//! Checking the store, also while it runs, and setting aside what is broken.

mod plain;
mod repair;

use std::{
    fs::{self, File},
    io,
    path::Path,
};

use rusqlite::Connection;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

pub use self::repair::{Repair, repair};
use crate::{
    Error,
    files::Layout,
    store::{
        self,
        audit::{self, Blob, Owner},
    },
};

/// How many rows are read at a time.
const PAGE: i64 = 1_000;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// SQLite finds its own file damaged.
    Database,
    /// The tables contradict each other.
    Contradiction,
    /// A file is not there.
    Missing,
    /// A file has another size than it should.
    WrongSize,
    /// The bytes are not those that were stored.
    WrongContent,
    /// A file cannot be read.
    Unreadable,
    /// A file belongs to nothing. The next start removes it.
    Orphan,
}

/// Something that is wrong.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    /// What kind of thing.
    pub kind: ProblemKind,
    /// In words.
    pub what: String,
    /// The file, below the data folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// What it is part of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub affects: Vec<Affected>,
    #[serde(skip)]
    owners: Vec<Owner>,
}

/// A version of an object, or an upload, that has lost bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Affected {
    /// The tenant.
    pub tenant: String,
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// The version's number, or the upload's.
    pub id: i64,
    /// Whether it is an upload that is not completed yet.
    pub is_upload: bool,
}

/// What a check found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Whether the bytes themselves were read.
    pub deep: bool,
    /// Whether nothing else used the store meanwhile; else files that belong to nothing are not
    /// looked for, as they may be on their way.
    pub offline: bool,
    /// Versions and delete markers.
    pub versions: u64,
    /// Blobs: files, and bytes in rows.
    pub blobs: u64,
    /// Bytes of those blobs.
    pub bytes: u64,
    /// Plain files that were read, where objects are such.
    pub plain_files: u64,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Checks the store in `folder`: metadata against files and, with `deep`, bytes against checksums.
/// Blocks. The store may be in use meanwhile.
///
/// # Errors
/// When it cannot be checked at all: there is no store, or its schema is newer.
pub fn check(folder: &Path, deep: bool) -> Result<Report, Error> {
    let layout = Layout::new(folder);
    let connection = store::open::existing(&layout)?;
    let lock = match store::open::lock(&layout) {
        Ok(lock) => Some(lock),
        Err(Error::InUse(_)) => None,
        Err(error) => return Err(error),
    };
    let mut report = Report {
        deep,
        offline: lock.is_some(),
        ..Report::default()
    };
    examine(&connection, &layout, &mut report)?;
    Ok(report)
}

fn examine(connection: &Connection, layout: &Layout, report: &mut Report) -> Result<(), Error> {
    let plain = |kind| {
        move |what| Problem {
            kind,
            what,
            file: None,
            affects: Vec::new(),
            owners: Vec::new(),
        }
    };
    let damage = audit::integrity(connection)?;
    let is_damaged = !damage.is_empty();
    let damage = damage.into_iter().map(plain(ProblemKind::Database));
    report.problems.extend(damage);
    if is_damaged {
        // What the tables say is worth nothing now.
        return Ok(());
    }
    report.versions = audit::count_versions(connection)?;
    let contradictions = audit::contradictions(connection)?.into_iter();
    report
        .problems
        .extend(contradictions.map(plain(ProblemKind::Contradiction)));
    let mut after = -1;
    loop {
        let page = audit::blobs(connection, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for blob in page {
            report.blobs += 1;
            report.bytes += blob.size;
            if let Some((kind, what)) = broken(connection, layout, &blob, report.deep)? {
                // It may have been deleted since its row was read, and its id given to another: files
                // go after their rows.
                if !audit::is_unchanged(connection, &blob)? {
                    continue;
                }
                let owners = audit::owners(connection, blob.id)?;
                report.problems.push(Problem {
                    kind,
                    what,
                    file: blob.file.as_deref().map(|name| below(layout, name)),
                    affects: owners.iter().map(affected).collect(),
                    owners,
                });
            }
        }
    }
    if report.deep {
        plain::examine(connection, layout, report)?;
    }
    if report.offline {
        orphans(connection, layout, report)?;
    }
    Ok(())
}

fn affected(owner: &Owner) -> Affected {
    Affected {
        tenant: owner.tenant.clone(),
        bucket: owner.bucket.clone(),
        key: owner.key.clone(),
        id: owner.id,
        is_upload: owner.is_upload,
    }
}

/// A blob's file as people find it in the data folder.
fn below(layout: &Layout, name: &str) -> String {
    let path = layout.blob(name);
    path.strip_prefix(layout.root())
        .unwrap_or(&path)
        .display()
        .to_string()
}

/// What is wrong with a blob's bytes.
fn broken(
    connection: &Connection,
    layout: &Layout,
    blob: &Blob,
    deep: bool,
) -> Result<Option<(ProblemKind, String)>, Error> {
    let Some(name) = &blob.file else {
        if blob.inline != Some(blob.size) {
            let what = format!("blob {} has not the {} bytes it should", blob.id, blob.size);
            return Ok(Some((ProblemKind::WrongSize, what)));
        }
        let differs =
            deep && Sha256::digest(audit::inline(connection, blob.id)?).as_slice() != blob.sha256;
        return Ok(differs.then(|| {
            let what = format!(
                "the bytes of blob {} are not those that were stored",
                blob.id
            );
            (ProblemKind::WrongContent, what)
        }));
    };
    let path = layout.blob(name);
    let found = match fs::metadata(&path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(Some((ProblemKind::Missing, "the file is gone".to_owned())));
        }
        Err(error) => return Ok(Some((ProblemKind::Unreadable, error.to_string()))),
    };
    if found.len() != blob.size {
        let what = format!(
            "the file has {} bytes and should have {}",
            found.len(),
            blob.size
        );
        return Ok(Some((ProblemKind::WrongSize, what)));
    }
    if !deep {
        return Ok(None);
    }
    Ok(match File::open(&path).and_then(digest) {
        Ok(sum) if sum == blob.sha256 => None,
        Ok(_) => Some((
            ProblemKind::WrongContent,
            "the bytes are not those that were stored".to_owned(),
        )),
        Err(error) => Some((ProblemKind::Unreadable, error.to_string())),
    })
}

fn digest(mut file: impl io::Read) -> io::Result<Vec<u8>> {
    let mut sum = Sha256::new();
    let mut block = vec![0; 256 * 1024];
    loop {
        let read = file.read(&mut block)?;
        match block.get(..read) {
            Some([]) | None => return Ok(sum.finalize().to_vec()),
            Some(bytes) => sum.update(bytes),
        }
    }
}

fn orphans(connection: &Connection, layout: &Layout, report: &mut Report) -> Result<(), Error> {
    for path in store::sweep::orphans(connection, layout)? {
        let file = path.strip_prefix(layout.root()).unwrap_or(&path);
        report.problems.push(Problem {
            kind: ProblemKind::Orphan,
            what: "the file belongs to nothing".to_owned(),
            file: Some(file.display().to_string()),
            affects: Vec::new(),
            owners: Vec::new(),
        });
    }
    Ok(())
}
