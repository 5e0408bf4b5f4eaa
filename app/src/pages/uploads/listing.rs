//! What the store tells of unfinished uploads: pages of them, and what is stored of each.

use model::{
    BucketName, ErrorCode, ObjectKey, Problem, Timestamp, UploadId,
    multipart::{ListParts, ListUploads, ListUploadsQuery, OpenUpload, Part},
    upload::{Remains, Unfit},
};
use serde::{Deserialize, Serialize};

use super::row::unfit_words;
use crate::{api, words::general, words::unfinished};

/// Uploads that a page shows.
pub const ROWS: u32 = 50;
/// Uploads in one answer where all are wanted.
const MOST: u32 = 1_000;
/// Questions about single uploads that run at once.
pub const AT_ONCE: usize = 6;

/// Where one is: a page of a bucket's uploads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The bucket as the address names it.
    pub bucket: String,
    /// The key and the upload at which the page before ended.
    pub after: Option<(String, String)>,
}

/// A page of uploads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The bucket.
    pub bucket: BucketName,
    /// The uploads, by key and then by age.
    pub uploads: Vec<OpenUpload>,
    /// Whether the store gives uploads up by itself, where that is known.
    pub expires: Option<bool>,
    /// Where the next page begins.
    pub next: Option<(String, String)>,
}

/// The uploads of a place; a name that no bucket can have is a bucket that is not there.
pub async fn list_place(place: Place) -> Result<Listing, Problem> {
    let Ok(bucket) = BucketName::parse(place.bucket) else {
        return Err(Problem::new(
            ErrorCode::BucketNotFound,
            general::no_such_bucket(),
        ));
    };
    list(bucket, place.after, ROWS).await
}

async fn list(
    bucket: BucketName,
    after: Option<(String, String)>,
    rows: u32,
) -> Result<Listing, Problem> {
    let (key_marker, upload_id_marker) = after.unzip();
    let query = ListUploadsQuery {
        prefix: None,
        max_uploads: Some(rows),
        key_marker,
        upload_id_marker,
    };
    let request = ListUploads {
        bucket: bucket.clone(),
        query,
    };
    let page = api::call(request).await?;
    let next = page
        .next_key_marker
        .map(|key| (key, page.next_upload_id_marker.unwrap_or_default()));
    Ok(Listing {
        bucket,
        uploads: page.uploads,
        expires: page.expires,
        next: next.filter(|_| page.is_truncated),
    })
}

/// All uploads of a bucket, page by page.
pub async fn list_all(bucket: &BucketName) -> Result<Vec<OpenUpload>, Problem> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = list(bucket.clone(), after.clone(), MOST).await?;
        all.extend(page.uploads);
        match page.next {
            None => return Ok(all),
            Some(next) if after.as_ref() == Some(&next) => return Err(stuck()),
            Some(next) => after = Some(next),
        }
    }
}

/// A list whose pages do not lead on.
fn stuck() -> Problem {
    Problem::new(ErrorCode::StoreError, unfinished::list_does_not_go_on())
}

/// An upload's parts, from all pages of their list.
#[derive(Clone, Debug)]
pub struct Parts {
    /// The parts, ascending.
    pub list: Vec<Part>,
    /// The checksum that the upload was begun for.
    pub checksum: Option<String>,
    /// When the store gives it up by itself, where it tells.
    pub abort_date: Option<Timestamp>,
}

impl Parts {
    /// What could go on with them.
    pub fn remains(&self, bucket: &BucketName, upload: &OpenUpload) -> Result<Remains, Unfit> {
        Remains::of(bucket, upload, &self.list, self.checksum.as_deref())
    }

    /// Their bytes.
    pub fn bytes(&self) -> u64 {
        self.list.iter().filter_map(|part| part.size).sum()
    }

    /// Whether they begin with the first and leave none out, as far as the store tells all of them.
    pub fn is_whole(&self) -> bool {
        let numbered = self.list.iter().zip(1_u32..);
        !self.list.is_empty()
            && numbered.clone().all(|(part, number)| {
                part.part_number.get() == number && part.size.is_some() && part.etag.is_some()
            })
    }
}

/// Everything that is stored of an upload.
pub async fn parts_of(bucket: &BucketName, upload: &OpenUpload) -> Result<Parts, Problem> {
    let nameless = |_invalid| Problem::new(ErrorCode::UploadNotFound, unfit_words(Unfit::Nameless));
    let key = ObjectKey::parse(upload.key.clone()).map_err(|_invalid| {
        Problem::new(ErrorCode::UploadNotFound, unfit_words(Unfit::Nameless))
    })?;
    let upload_id = UploadId::parse(upload.upload_id.clone()).map_err(nameless)?;
    let mut all = Parts {
        list: Vec::new(),
        checksum: None,
        abort_date: None,
    };
    let mut marker = None;
    loop {
        let request = ListParts {
            bucket: bucket.clone(),
            key: key.clone(),
            upload_id: upload_id.clone(),
            part_number_marker: marker,
        };
        let page = api::call(request).await?;
        all.list.extend(page.parts);
        all.checksum = all.checksum.or(page.checksum_algorithm);
        // The last page knows the part that came last.
        all.abort_date = all.abort_date.max(page.abort_date);
        match page.next_part_number_marker {
            _ if !page.is_truncated => return Ok(all),
            Some(next) if marker.is_none_or(|before| next > before) => marker = Some(next),
            _ => return Err(stuck()),
        }
    }
}

/// The uploads that were begun at least so many days ago; with 0 all of them. What has no time is only
/// among all.
pub fn older(mut uploads: Vec<OpenUpload>, days: u32, now: Timestamp) -> Vec<OpenUpload> {
    uploads.retain(|upload| upload.is_older_than(days, now));
    uploads
}

/// The folder that a key lies in.
pub fn folder_of(key: &str) -> &str {
    key.rfind('/').map_or("", |at| &key[..=at])
}

/// A number of bytes as a person types it: digits, perhaps grouped.
pub fn typed_bytes(text: &str) -> Option<u64> {
    let is_group = |c: char| matches!(c, ',' | ' ' | '.' | '\u{a0}' | '\u{202f}' | '\'');
    let digits: String = text.trim().chars().filter(|c| !is_group(*c)).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use model::PartNumber;

    use super::*;

    fn upload(key: &str, begun: Option<&str>) -> OpenUpload {
        OpenUpload {
            key: key.to_owned(),
            upload_id: "94837746087105".to_owned(),
            initiated: begun.map(|text| Timestamp::parse(text).unwrap()),
            storage_class: None,
            initiator: None,
            abort_date: None,
            checksum_algorithm: None,
        }
    }

    fn parts(numbers: &[u32]) -> Parts {
        let part = |number: &u32| Part {
            part_number: PartNumber::new(*number).unwrap(),
            etag: Some("\"e\"".to_owned()),
            size: Some(5),
            last_modified: None,
            checksum_crc32c: None,
        };
        Parts {
            list: numbers.iter().map(part).collect(),
            checksum: None,
            abort_date: None,
        }
    }

    #[test]
    fn only_parts_without_a_gap_can_be_put_together() {
        assert!(parts(&[1, 2, 3]).is_whole());
        for numbers in [&[][..], &[2], &[1, 3], &[2, 3]] {
            assert!(!parts(numbers).is_whole(), "{numbers:?}");
        }
        let mut unsized_part = parts(&[1, 2]);
        unsized_part.list[1].size = None;
        assert!(!unsized_part.is_whole());
        assert_eq!(parts(&[1, 3]).bytes(), 10);
    }

    #[test]
    fn days_count_from_the_beginning_of_an_upload() {
        let now = Timestamp::parse("2026-11-21T12:00:00Z").unwrap();
        let all = vec![
            upload("old", Some("2026-11-14T12:00:00Z")),
            upload("young", Some("2026-11-14T12:00:01Z")),
            upload("ahead", Some("2026-11-21T12:00:05Z")),
            upload("unknown", None),
        ];
        let keys = |days| {
            let found = older(all.clone(), days, now);
            found
                .into_iter()
                .map(|upload| upload.key)
                .collect::<Vec<_>>()
        };
        assert_eq!(keys(7), ["old"]);
        assert_eq!(keys(8), Vec::<String>::new());
        assert_eq!(keys(0), ["old", "young", "ahead", "unknown"]);
    }

    #[test]
    fn keys_lie_in_folders() {
        assert_eq!(folder_of("a/b/c"), "a/b/");
        assert_eq!(folder_of("c"), "");
        assert_eq!(folder_of("a/"), "a/");
    }

    #[test]
    fn bytes_are_read_as_they_are_written() {
        for text in ["314572800", " 314,572,800 ", "314 572 800", "314.572.800"] {
            assert_eq!(typed_bytes(text), Some(314_572_800), "{text}");
        }
        for text in ["", "300 MB", "-5", "99999999999999999999999"] {
            assert_eq!(typed_bytes(text), None, "{text}");
        }
    }
}
