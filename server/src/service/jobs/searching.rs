//! Looking for keys in a bucket's listing: a request per 1,000 keys, and nothing held but the page.

use model::{
    job::{JobResult, KeySearch},
    object::Object,
};

use super::Work;
use crate::{
    service::pages::Pages,
    tasks::{Ended, Handle},
};

/// Looks at all keys below the prefix, until there are as many results as there may be.
pub(super) async fn search(work: &Work, handle: &Handle) -> Result<(), Ended> {
    let Some(search) = &work.order.search else {
        return Ok(());
    };
    let (listed, test) = (search.listed(), search.test());
    let finds = |object: &Object| test.finds(&object.key, object.size, object.last_modified);
    let mut pages = Pages::below(&work.s3, &work.bucket, &listed);
    loop {
        // Keys count once they were looked at: a page that was asked for and not read is none.
        let page = tokio::select! {
            biased;
            () = handle.canceled() => return Err(Ended::Canceled),
            page = pages.next() => page?,
        };
        let Some(page) = page else {
            return Ok(());
        };
        if read(search, page.objects, finds, handle) {
            return Ok(());
        }
        handle.step().await?;
    }
}

/// Looks at a page. Whether there is more than there may be: then the key that is too many is the last one
/// that was read.
fn read(
    search: &KeySearch,
    objects: Vec<Object>,
    finds: impl Fn(&Object) -> bool,
    handle: &Handle,
) -> bool {
    for object in objects {
        let found = finds(&object);
        let mut full = false;
        handle.update(|progress| {
            progress.done += 1;
            full = found && progress.results >= search.most();
            progress.more = full;
        });
        if full {
            return true;
        }
        if found {
            handle.find(&JobResult {
                key: object.key,
                size: object.size,
                last_modified: object.last_modified,
            });
        }
    }
    false
}
