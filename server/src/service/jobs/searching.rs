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
        match read(search, page.objects, finds, handle) {
            Read::Enough => return Ok(()),
            // Whoever waits for results sees them as they come.
            Read::Found => handle.checkpoint().await?,
            Read::Nothing => handle.step().await?,
        }
    }
}

/// What a page had.
enum Read {
    /// More than there may be.
    Enough,
    Found,
    Nothing,
}

/// Looks at a page, up to the result that is one too many.
fn read(
    search: &KeySearch,
    objects: Vec<Object>,
    finds: impl Fn(&Object) -> bool,
    handle: &Handle,
) -> Read {
    let mut had = Read::Nothing;
    for object in objects {
        let found = finds(&object);
        let mut full = false;
        handle.update(|progress| {
            progress.done += 1;
            full = found && progress.results >= search.most();
            progress.more = full;
        });
        if full {
            return Read::Enough;
        }
        if found {
            had = Read::Found;
            handle.find(&JobResult {
                key: object.key,
                size: object.size,
                last_modified: object.last_modified,
            });
        }
    }
    had
}
