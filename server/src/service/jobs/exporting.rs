//! Writing what a query finds into a file of the server, a line of JSON for each object.

use tokio::io::{AsyncWriteExt as _, BufWriter};

use crate::{
    Error,
    service::query::Walk,
    tasks::{Ended, Files, Handle, Holds, of_disk},
};

/// Writes all results. A file that is not finished does not stay.
pub(super) async fn export(walk: Walk, handle: &Handle) -> Result<(), Ended> {
    let files = handle.tasks().files().clone();
    let id = handle.id();
    let written = write(walk, &files, &id, handle).await;
    if written.is_err() {
        files.remove(&id).await;
    }
    written
}

async fn write(mut walk: Walk, files: &Files, id: &str, handle: &Handle) -> Result<(), Ended> {
    let mut file = BufWriter::new(files.create(id).await.map_err(of_disk)?);
    loop {
        // A page can take a while; whoever stops the job need not wait for it.
        let page = tokio::select! {
            biased;
            () = handle.canceled() => return Err(Ended::Canceled),
            page = walk.next() => page?,
        };
        let Some(page) = page else {
            break;
        };
        files.check_space().map_err(of_disk)?;
        let mut lines = Vec::new();
        for result in &page {
            serde_json::to_writer(&mut lines, result).map_err(Error::internal)?;
            lines.push(b'\n');
        }
        file.write_all(&lines).await.map_err(of_disk)?;
        handle.update(|progress| {
            progress.done += page.len() as u64;
            progress.total = walk.total().max(progress.done);
            progress.counted = true;
            progress.bytes += lines.len() as u64;
        });
        handle.step().await?;
    }
    file.flush().await.map_err(of_disk)?;
    let file = file.into_inner();
    files
        .finish(id, Holds::Results, file)
        .await
        .map_err(of_disk)?;
    Ok(())
}
