//! Counting objects in the background.

use hcp::S3;
use model::{
    BucketName,
    object::{ListObjectsQuery, Object},
    task::{CountedObject, StatsDetails, StatsQuery},
};

use crate::tasks::{Ended, Handle};

/// Counts page by page; the numbers grow with each.
pub async fn count(
    s3: S3,
    bucket: BucketName,
    query: StatsQuery,
    handle: Handle,
) -> Result<(), Ended> {
    let mut continuation_token = None;
    let prefix = query.prefix.clone().unwrap_or_default();
    let mut tree = query.delimiter.is_none().then(|| Tree::new(&prefix));
    loop {
        let page = ListObjectsQuery {
            prefix: query.prefix.clone(),
            delimiter: query.delimiter.clone(),
            continuation_token: continuation_token.take(),
            max_keys: Some(1_000),
            start_after: None,
        };
        let page = s3.list_objects(&bucket, &page).await?;
        let bytes: u64 = page.objects.iter().map(|object| object.size).sum();
        if let Some(tree) = &mut tree {
            page.objects.iter().for_each(|object| tree.see(object));
        }
        handle.update(|progress| {
            progress.details = tree.as_ref().map(|tree| tree.details.clone());
            progress.done += page.objects.len() as u64;
            progress.folders += page.common_prefixes.len() as u64;
            progress.bytes += bytes;
        });
        handle.checkpoint().await?;
        if !page.is_truncated || page.next_continuation_token.is_none() {
            return Ok(());
        }
        continuation_token = page.next_continuation_token;
    }
}

/// What lies below a prefix, seen key by key in their order.
struct Tree {
    details: StatsDetails,
    /// The key before, which keys of the same folders follow.
    last: String,
    /// Where names below the prefix begin.
    base: usize,
}

impl Tree {
    fn new(prefix: &str) -> Self {
        Self {
            details: StatsDetails::default(),
            last: prefix.to_owned(),
            base: prefix.len(),
        }
    }

    fn see(&mut self, object: &Object) {
        let common = object
            .key
            .bytes()
            .zip(self.last.bytes())
            .take_while(|(one, other)| one == other)
            .count();
        let begun = common.max(self.base);
        let new = object.key.bytes().skip(begun).filter(|byte| *byte == b'/');
        self.details.folders += new.count() as u64;
        self.last.clone_from(&object.key);
        if object.size == 0 && object.key.ends_with('/') {
            return;
        }
        self.details.see(CountedObject {
            key: object.key.clone(),
            size: object.size,
            last_modified: object.last_modified,
        });
    }
}

/// Adds what there is below a prefix to a task's total.
pub async fn add_to_total(
    s3: &S3,
    bucket: &BucketName,
    prefix: &str,
    handle: &Handle,
) -> Result<(), Ended> {
    let mut pages = super::pages::Pages::below(s3, bucket, prefix);
    while let Some(page) = pages.next().await? {
        handle.update(|progress| progress.total += page.objects.len() as u64);
        handle.checkpoint().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_counted_at_every_depth_stored_or_not() {
        let mut tree = Tree::new("a/");
        for (key, size) in [
            ("a/", 0),
            ("a/b/", 0),
            ("a/b/c/d", 3),
            ("a/b/c/e", 4),
            ("a/b/odd/", 5),
            ("a/b2/x", 1),
            ("a/z", 1),
        ] {
            tree.see(&Object {
                key: key.to_owned(),
                size,
                last_modified: None,
                etag: None,
                storage_class: None,
                owner: None,
            });
        }
        // b, b/c, b/odd, b2.
        assert_eq!(tree.details.folders, 4);
        assert_eq!(tree.details.objects, 5);
        assert_eq!(tree.details.largest[0].key, "a/b/odd/");
    }
}
