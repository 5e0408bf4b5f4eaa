//! Measuring a bucket: what its folders hold, with old versions and uploads that are not completed.

use futures::{StreamExt as _, stream};
use hcp::ErrorKind;
use model::{
    job::Tally,
    version::{ListVersionsQuery, VersionPage},
};

use super::{
    PARALLEL, Work, failure,
    uploads::{self, Seen, look_into},
};
use crate::{
    service::pages::Pages,
    tasks::{Ended, Handle},
};

/// Lines that are kept at once.
const LINES: usize = 1_000;

/// Adds up all that is in the bucket. The folders are told at the end, since each counts what is below it.
pub(super) async fn measure(work: &Work, handle: &Handle) -> Result<(), Ended> {
    let mut tally = Tally::default();
    let versions = all_versions(work, &mut tally, handle).await?;
    if !versions {
        all_objects(work, &mut tally, handle).await?;
    }
    tally.end_of_keys();
    all_uploads(work, &mut tally, handle).await?;
    let (measured, lines) = tally.finish(versions);
    for lines in lines.chunks(LINES) {
        for line in lines {
            handle.find(line);
        }
        handle.checkpoint().await?;
    }
    handle.update(|progress| progress.measured = Some(measured));
    Ok(())
}

/// Tells how far it is.
async fn went_on(read: usize, tally: &Tally, handle: &Handle) -> Result<(), Ended> {
    handle.update(|progress| {
        progress.done += read as u64;
        progress.bytes = tally.whole().all_bytes();
    });
    handle.step().await
}

/// Counts versions and delete markers, and says whether the store lists them.
async fn all_versions(work: &Work, tally: &mut Tally, handle: &Handle) -> Result<bool, Ended> {
    let mut query = ListVersionsQuery::default();
    loop {
        let page = tokio::select! {
            biased;
            () = handle.canceled() => return Err(Ended::Canceled),
            page = work.s3.list_versions(&work.bucket, &query) => page,
        };
        let page = match page {
            Err(error) if error.kind() == ErrorKind::NotSupported && query.key_marker.is_none() => {
                return Ok(false);
            }
            page => page?,
        };
        count(&page, tally);
        let read = page.versions.len() + page.delete_markers.len();
        went_on(read, tally, handle).await?;
        let next = ListVersionsQuery {
            key_marker: page.next_key_marker,
            version_id_marker: page.next_version_id_marker,
            ..ListVersionsQuery::default()
        };
        // A store that does not advance would be asked for ever.
        if !page.is_truncated || next == query || next.key_marker.is_none() {
            return Ok(true);
        }
        query = next;
    }
}

/// Counts a page in the order of its keys, in which a folder is over once another begins.
fn count(page: &VersionPage, tally: &mut Tally) {
    let mut markers = page.delete_markers.iter().peekable();
    for version in &page.versions {
        while let Some(marker) = markers.next_if(|marker| marker.key <= version.key) {
            tally.marker(&marker.key);
        }
        tally.version(&version.key, version.size, version.is_latest);
    }
    markers.for_each(|marker| tally.marker(&marker.key));
}

async fn all_objects(work: &Work, tally: &mut Tally, handle: &Handle) -> Result<(), Ended> {
    let mut pages = Pages::below(&work.s3, &work.bucket, "");
    loop {
        let page = tokio::select! {
            biased;
            () = handle.canceled() => return Err(Ended::Canceled),
            page = pages.next() => page?,
        };
        let Some(page) = page else {
            return Ok(());
        };
        for object in &page.objects {
            tally.version(&object.key, object.size, true);
        }
        went_on(page.objects.len(), tally, handle).await?;
    }
}

/// Counts uploads that are not completed, each with the bytes of its parts.
async fn all_uploads(work: &Work, tally: &mut Tally, handle: &Handle) -> Result<(), Ended> {
    let mut pages = uploads::Pages::new(&work.s3, &work.bucket);
    loop {
        handle.step().await?;
        let page = match pages.next().await {
            // Who may list objects may not see uploads for that.
            Err(error) if error.kind() == ErrorKind::Denied => {
                handle.fail(&failure("", &error));
                return Ok(());
            }
            page => page?,
        };
        let Some(page) = page else {
            return Ok(());
        };
        let mut looks = stream::iter(page)
            .map(|upload| async move {
                let seen = look_into(&work.s3, &work.bucket, &upload).await;
                (seen, upload.key)
            })
            .buffered(PARALLEL);
        while let Some((seen, key)) = looks.next().await {
            match seen? {
                Seen::Bytes(bytes) => tally.upload(&key, bytes),
                Seen::Gone => {}
                Seen::Refused(why) => {
                    tally.upload(&key, 0);
                    handle.fail(&why);
                }
            }
            went_on(1, tally, handle).await?;
        }
    }
}
