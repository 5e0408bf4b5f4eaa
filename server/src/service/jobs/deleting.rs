//! Deleting objects, a thousand in a call, and noting the delete markers that this makes.

use std::collections::HashMap;

use model::job::JobMarker;

use super::{CHUNK, Work, undeleted};
use crate::{
    service::protection,
    tasks::{Ended, Handle},
};

/// What takes a null version's place can be removed, but brings nothing back.
const NULL: &str = "null";

/// Deletes; whether it is to stop is looked at before each call.
pub(super) async fn delete(work: &Work, handle: &Handle) -> Result<(), Ended> {
    let mut sources = work.sources(handle);
    while let Some(items) = sources.next().await? {
        for chunk in items.chunks(CHUNK) {
            handle.checkpoint().await?;
            let keys: Vec<String> = chunk.iter().map(|item| item.key.clone()).collect();
            let (deleted, mut errors) = work.s3.delete_objects_telling(&work.bucket, &keys).await?;
            protection::explain(&work.s3, &work.bucket, handle.now(), &mut errors).await;
            let sizes: HashMap<_, _> = chunk
                .iter()
                .map(|item| (item.key.as_str(), item.size.unwrap_or_default()))
                .collect();
            let bytes: u64 = deleted
                .iter()
                .filter_map(|gone| sizes.get(gone.key.as_str()))
                .sum();
            handle.update(|progress| {
                progress.done += deleted.len() as u64;
                progress.bytes += bytes;
            });
            for gone in deleted {
                if let Some(version_id) = gone.marker.filter(|version| version != NULL) {
                    let key = gone.key;
                    handle.mark(&JobMarker { key, version_id });
                }
            }
            for error in errors {
                handle.fail(&undeleted(error, None));
            }
            handle.update(super::plan::at_least_what_is_over);
        }
    }
    Ok(())
}
