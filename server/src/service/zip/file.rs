//! An archive that is packed into a file of the server, in the background.

use std::sync::Arc;

use futures::StreamExt;
use model::object::DeletionError;
use tokio::{
    fs::File,
    io::{AsyncWriteExt, BufWriter},
};

use super::{Event, Item, Open, Report, archive};
use crate::tasks::{Ended, Files, Handle, Holds, of_disk};

/// After how many bytes the disk is looked at again.
const LOOK_EVERY: usize = 16 * 1024 * 1024;

/// Packs objects into the file of their task. A file that is not finished does not stay.
pub async fn to_file(
    items: Vec<Item>,
    open: Open,
    files: Files,
    handle: Handle,
) -> Result<(), Ended> {
    let id = handle.id();
    let packed = pack(items, open, &files, &id, &handle).await;
    if packed.is_err() {
        files.remove(&id).await;
    }
    packed
}

async fn pack(
    items: Vec<Item>,
    open: Open,
    files: &Files,
    id: &str,
    handle: &Handle,
) -> Result<(), Ended> {
    let file = files.create(id).await.map_err(of_disk)?;
    let file = write(file, items, open, files, handle).await?;
    files
        .finish(id, Holds::Archive, file)
        .await
        .map_err(of_disk)?;
    Ok(())
}

async fn write(
    file: File,
    items: Vec<Item>,
    open: Open,
    files: &Files,
    handle: &Handle,
) -> Result<File, Ended> {
    let mut file = BufWriter::new(file);
    let mut pieces = std::pin::pin!(archive(items, open, report(handle.clone())));
    let mut unlooked = LOOK_EVERY;
    while let Some(piece) = pieces.next().await {
        let piece = piece?;
        unlooked += piece.len();
        if unlooked >= LOOK_EVERY {
            files.check_space().map_err(of_disk)?;
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
