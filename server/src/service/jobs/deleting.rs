//! Deleting objects, a thousand in a call, and noting the delete markers that this makes.

use std::collections::HashMap;

use hcp::S3;
use model::{
    BucketName,
    job::{JobFailure, JobMarker},
};

use super::{CHUNK, Work, ends_all, failure, sources::Item, undeleted};
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
        remove(&work.s3, &work.bucket, None, &items, handle).await?;
    }
    Ok(())
}

/// Deletes objects of a bucket, which is `told` with each marker and each failure of a job on several.
pub(super) async fn remove(
    s3: &S3,
    bucket: &BucketName,
    told: Option<&BucketName>,
    items: &[Item],
    handle: &Handle,
) -> Result<(), Ended> {
    let told = told.map(ToString::to_string);
    for chunk in items.chunks(CHUNK) {
        handle.checkpoint().await?;
        let keys: Vec<String> = chunk.iter().map(|item| item.key.clone()).collect();
        let answer = s3.delete_objects_telling(bucket, &keys).await;
        let (deleted, mut errors) = match answer {
            Ok(answer) => answer,
            // Of several buckets, others may be open still.
            Err(e) if told.is_some() && !ends_all(&e) => {
                for key in &keys {
                    handle.fail(&JobFailure {
                        bucket: told.clone(),
                        ..failure(key, &e)
                    });
                }
                continue;
            }
            Err(e) => return Err(e.into()),
        };
        protection::explain(s3, bucket, handle.now(), &mut errors).await;
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
                handle.mark(&JobMarker {
                    key: gone.key,
                    bucket: told.clone(),
                    version_id,
                });
            }
        }
        for error in errors {
            handle.fail(&JobFailure {
                bucket: told.clone(),
                ..undeleted(error, None)
            });
        }
        handle.update(super::plan::at_least_what_is_over);
    }
    Ok(())
}
