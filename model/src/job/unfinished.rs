//! Multipart uploads that are not completed, bucket by bucket: added up by a job.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::{Timestamp, multipart::OpenUpload};

/// Uploads that are not completed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unfinished {
    /// How many there are.
    pub uploads: u64,
    /// Bytes of their parts, as far as the store tells them.
    pub bytes: u64,
    /// Uploads of which the store does not tell the parts: their bytes are missing in the sum.
    pub unseen: u64,
    /// When the oldest was begun, where the store tells.
    pub oldest: Option<Timestamp>,
}

impl Unfinished {
    /// Counts an upload; the bytes of one that cannot be looked into are not known.
    pub fn count(&mut self, upload: &OpenUpload, bytes: Option<u64>) {
        self.add(&Self {
            uploads: 1,
            bytes: bytes.unwrap_or_default(),
            unseen: u64::from(bytes.is_none()),
            oldest: upload.initiated,
        });
    }

    /// Adds what another has.
    pub fn add(&mut self, other: &Self) {
        self.uploads = self.uploads.saturating_add(other.uploads);
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.unseen = self.unseen.saturating_add(other.unseen);
        self.oldest = self.oldest.into_iter().chain(other.oldest).min();
    }
}

/// The uploads of a bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BucketUploads {
    /// The bucket.
    pub bucket: String,
    /// What is unfinished in it.
    #[serde(flatten)]
    pub unfinished: Unfinished,
}

impl BucketUploads {
    /// Puts the buckets with most bytes first, then those with most uploads, then by name.
    pub fn sort(lines: &mut [Self]) {
        lines.sort_unstable_by(|a, b| {
            let rank = |line: &Self| Reverse((line.unfinished.bytes, line.unfinished.uploads));
            rank(a).cmp(&rank(b)).then_with(|| a.bucket.cmp(&b.bucket))
        });
    }
}

/// What is unfinished in all buckets that were looked through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnfinishedSums {
    /// How many buckets were looked through.
    pub buckets: u64,
    /// How many would not tell their uploads: the job's failures say why.
    pub refused: u64,
    /// The sum.
    #[serde(flatten)]
    pub unfinished: Unfinished,
}

/// A page of buckets with unfinished uploads, those with most bytes first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobUploads {
    /// The buckets that have any.
    pub buckets: Vec<BucketUploads>,
    /// How many there are.
    pub total: u64,
    /// The number of the next page's first bucket; null on the last page.
    pub next: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(begun: Option<i64>) -> OpenUpload {
        OpenUpload {
            key: "k".to_owned(),
            upload_id: "1".to_owned(),
            initiated: begun.and_then(Timestamp::from_unix_seconds),
            storage_class: None,
            initiator: None,
            abort_date: None,
            checksum_algorithm: None,
        }
    }

    #[test]
    fn sums_know_the_oldest_and_what_they_do_not_know() {
        let mut sums = Unfinished::default();
        sums.count(&upload(None), Some(5));
        assert_eq!(sums.oldest, None);
        sums.count(&upload(Some(90)), Some(7));
        sums.count(&upload(Some(80)), None);
        assert_eq!((sums.uploads, sums.bytes, sums.unseen), (3, 12, 1));
        assert_eq!(sums.oldest, Timestamp::from_unix_seconds(80));
    }

    #[test]
    fn the_most_bytes_come_first() {
        let line = |bucket: &str, bytes, uploads| BucketUploads {
            bucket: bucket.to_owned(),
            unfinished: Unfinished {
                uploads,
                bytes,
                ..Unfinished::default()
            },
        };
        let mut lines = [
            line("b", 1, 1),
            line("c", 1, 9),
            line("a", 1, 1),
            line("d", 2, 1),
        ];
        BucketUploads::sort(&mut lines);
        assert_eq!(lines.map(|line| line.bucket), ["d", "c", "a", "b"]);
    }

    #[test]
    fn age_is_counted_in_whole_days() {
        let day = 86_400;
        let now = Timestamp::from_unix_seconds(100 * day).unwrap();
        let begun = |at: i64| upload(Some(at));
        assert!(begun(93 * day).is_older_than(7, now));
        assert!(!begun(93 * day + 1).is_older_than(7, now));
        // What has no time is only among all.
        assert!(!upload(None).is_older_than(1, now));
        assert!(upload(None).is_older_than(0, now));
    }
}
