//! An archive that is packed into a file of the server, in the background.

use std::{io, sync::Arc};

use futures::StreamExt;
use http::StatusCode;
use model::{ErrorCode, object::DeletionError};
use tokio::{
    fs::File,
    io::{AsyncWriteExt, BufWriter},
};

use super::{Event, Item, Open, Report, archive};
use crate::{
    Error,
    tasks::{Archives, Ended, Handle},
};

/// After how many bytes the disk is looked at again.
const LOOK_EVERY: usize = 16 * 1024 * 1024;

/// Packs objects into the file of their task. A file that is not finished does not stay.
pub async fn to_file(
    items: Vec<Item>,
    open: Open,
    archives: Archives,
    handle: Handle,
) -> Result<(), Ended> {
    let id = handle.id();
    let packed = pack(items, open, &archives, &id, &handle).await;
    if packed.is_err() {
        archives.remove(&id).await;
    }
    packed
}

async fn pack(
    items: Vec<Item>,
    open: Open,
    archives: &Archives,
    id: &str,
    handle: &Handle,
) -> Result<(), Ended> {
    let file = archives.create(id).await.map_err(of_disk)?;
    let file = write(file, items, open, archives, handle).await?;
    archives.finish(id, file).await.map_err(of_disk)?;
    Ok(())
}

async fn write(
    file: File,
    items: Vec<Item>,
    open: Open,
    archives: &Archives,
    handle: &Handle,
) -> Result<File, Ended> {
    let mut file = BufWriter::new(file);
    let mut pieces = std::pin::pin!(archive(items, open, report(handle.clone())));
    let mut unlooked = LOOK_EVERY;
    while let Some(piece) = pieces.next().await {
        let piece = piece?;
        unlooked += piece.len();
        if unlooked >= LOOK_EVERY {
            archives.check_space().map_err(of_disk)?;
            unlooked = 0;
        }
        file.write_all(&piece).await.map_err(of_disk)?;
        handle.step().await?;
    }
    file.flush().await.map_err(of_disk)?;
    Ok(file.into_inner())
}

/// Adds to the task's numbers what becomes of each object.
fn report(handle: Handle) -> Report {
    Arc::new(move |event| {
        handle.update(|progress| match event {
            Event::Packed(bytes) => {
                progress.done += 1;
                progress.bytes += bytes;
            }
            Event::Failed { key, error } => progress.fail(DeletionError {
                key: key.to_owned(),
                code: Some(error.problem().code.as_str()),
                message: Some(error.problem().sentence()),
            }),
        });
    })
}

/// A failure of the server's own disk; a full one is told apart.
fn of_disk(error: io::Error) -> Error {
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
        detail: "The server's disk is full: the archive could not be stored.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
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
