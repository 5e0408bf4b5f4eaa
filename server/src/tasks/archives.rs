//! The files of archives that were packed in the background.

use std::{
    io,
    path::{Path, PathBuf},
};

use model::route::is_task_id;
use tokio::fs::File;

/// A folder of archives, each named after its task.
#[derive(Clone, Debug)]
pub struct Archives {
    folder: PathBuf,
    /// Bytes of the disk that stay free: others write there too.
    reserve: u64,
}

impl Archives {
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

    fn finished(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.zip"))
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

    /// A new file for an archive that is being packed.
    pub async fn create(&self, id: &str) -> io::Result<File> {
        tokio::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(self.unfinished(id))
            .await
    }

    /// Makes an archive findable, once all its bytes are on the disk.
    pub async fn finish(&self, id: &str, file: File) -> io::Result<()> {
        file.sync_all().await?;
        tokio::fs::rename(self.unfinished(id), self.finished(id)).await?;
        File::open(&self.folder).await?.sync_all().await
    }

    /// A finished archive.
    pub async fn open_file(&self, id: &str) -> io::Result<File> {
        File::open(self.finished(id)).await
    }

    /// Removes what there is of an archive. Only ids have files.
    pub async fn remove(&self, id: &str) {
        if !is_task_id(id) {
            return;
        }
        for file in [self.finished(id), self.unfinished(id)] {
            match tokio::fs::remove_file(&file).await {
                Ok(()) => {}
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => {
                    tracing::warn!(task.id = id, error = %e, "an archive could not be removed");
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
