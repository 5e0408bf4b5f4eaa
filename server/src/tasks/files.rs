//! The files that background work leaves to be fetched: archives, and what queries found.

use std::{
    io,
    path::{Path, PathBuf},
};

use http::StatusCode;
use model::{ErrorCode, route::is_task_id};
use tokio::fs::File;

use crate::Error;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// An archive of objects.
    Archive,
    /// What a query found: a line of JSON for each object.
    Results,
}

impl Holds {
    const ALL: [Self; 2] = [Self::Archive, Self::Results];

    fn extension(self) -> &'static str {
        match self {
            Self::Archive => "zip",
            Self::Results => "jsonl",
        }
    }
}

/// A folder of files, each named after its task.
#[derive(Clone, Debug)]
pub struct Files {
    folder: PathBuf,
    /// Bytes of the disk that stay free: others write there too.
    reserve: u64,
}

impl Files {
    /// Makes the folder below the server's data, for its owner only.
    pub async fn open(data_dir: &Path, reserve: u64) -> io::Result<Self> {
        let folder = data_dir.join("archives");
        tokio::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .await?;
        Ok(Self { folder, reserve })
    }

    fn finished(&self, id: &str, holds: Holds) -> PathBuf {
        self.folder.join(format!("{id}.{}", holds.extension()))
    }

    fn unfinished(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.part"))
    }

    /// Fails with [`io::ErrorKind::StorageFull`] where no more than the reserve is free.
    pub fn check_space(&self) -> io::Result<()> {
        let disk = rustix::fs::statvfs(&self.folder)?;
        if disk.f_bavail.saturating_mul(disk.f_frsize) <= self.reserve {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }

    /// A new file, still to be written.
    pub async fn create(&self, id: &str) -> io::Result<File> {
        tokio::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(self.unfinished(id))
            .await
    }

    /// Makes a file findable, once all its bytes are on the disk.
    pub async fn finish(&self, id: &str, holds: Holds, file: File) -> io::Result<()> {
        file.sync_all().await?;
        tokio::fs::rename(self.unfinished(id), self.finished(id, holds)).await?;
        File::open(&self.folder).await?.sync_all().await
    }

    /// A finished file.
    pub async fn open_file(&self, id: &str, holds: Holds) -> io::Result<File> {
        File::open(self.finished(id, holds)).await
    }

    /// Removes what there is of a task. Only ids have files.
    pub async fn remove(&self, id: &str) {
        if !is_task_id(id) {
            return;
        }
        let finished = Holds::ALL.map(|holds| self.finished(id, holds));
        for file in finished.into_iter().chain([self.unfinished(id)]) {
            match tokio::fs::remove_file(&file).await {
                Ok(()) => {}
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => {
                    tracing::warn!(task.id = id, error = %e, "the file of a task could not be removed");
                }
            }
        }
    }

    /// The tasks of which there is a file.
    pub(super) async fn ids(&self) -> Vec<String> {
        let mut ids = Vec::new();
        let Ok(mut entries) = tokio::fs::read_dir(&self.folder).await else {
            return ids;
        };
        while let Ok(Some(entry)) = entries.next_entry().await {
            let name = entry.file_name();
            let id = name.to_str().and_then(|name| name.split_once('.'));
            if let Some((id, _)) = id.filter(|(id, _)| is_task_id(id)) {
                ids.push(id.to_owned());
            }
        }
        ids
    }
}

/// A failure of the server's own disk; a full one is told apart.
pub(crate) fn of_disk(error: io::Error) -> Error {
    let full = matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    );
    if !full {
        return Error::internal(error);
    }
    Error::Refused {
        status: StatusCode::INSUFFICIENT_STORAGE,
        code: ErrorCode::OutOfSpace,
        detail: "The server's disk is full: the file could not be stored.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt as _;

    use super::*;

    #[tokio::test]
    async fn a_full_disk_is_said() {
        let mut full = tokio::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .await
            .unwrap();
        full.write_all(b"x").await.unwrap();
        let error = of_disk(full.flush().await.unwrap_err());
        assert_eq!(error.status().1, ErrorCode::OutOfSpace);
        let other = of_disk(io::Error::other("x"));
        assert_eq!(other.status().1, ErrorCode::Internal);
    }
}
