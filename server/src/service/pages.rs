//! A listing, page by page.

use hcp::S3;
use model::{
    BucketName,
    object::{ListObjectsQuery, ObjectPage},
};

use crate::Error;

/// All pages of what begins with a prefix. Each page starts after the last key of the page before, so
/// that deleting or adding keys meanwhile neither skips nor repeats others.
pub struct Pages<'a> {
    s3: &'a S3,
    bucket: &'a BucketName,
    prefix: Option<String>,
    start_after: Option<String>,
    ended: bool,
}

impl<'a> Pages<'a> {
    /// From the first key on; an empty prefix is the whole bucket.
    pub fn below(s3: &'a S3, bucket: &'a BucketName, prefix: &str) -> Self {
        Self {
            s3,
            bucket,
            prefix: Some(prefix.to_owned()).filter(|p| !p.is_empty()),
            start_after: None,
            ended: false,
        }
    }

    /// Leaves out what is not behind a text; of use where the page before ended earlier.
    pub fn skip_behind(&mut self, text: String) {
        if self.start_after.as_ref().is_some_and(|last| *last < text) {
            self.start_after = Some(text);
        }
    }

    /// The next page with keys; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<ObjectPage>, Error> {
        if self.ended {
            return Ok(None);
        }
        let query = ListObjectsQuery {
            prefix: self.prefix.clone(),
            start_after: self.start_after.take(),
            max_keys: Some(1_000),
            ..ListObjectsQuery::default()
        };
        let page = self.s3.list_objects(self.bucket, &query).await?;
        self.start_after = page.objects.last().map(|object| object.key.clone());
        self.ended = !page.is_truncated || self.start_after.is_none();
        Ok(Some(page).filter(|page| !page.objects.is_empty()))
    }
}
