//! A file in parts. What an earlier run left at the store is compared with the file and kept.

use std::{collections::BTreeMap, ops::Range};

use futures::{StreamExt as _, TryStreamExt as _};
use http::{Request, header, request};
use model::{
    BucketName, ChecksumAlgorithm, ObjectKey, PartNumber, UploadId,
    attributes::Attributes,
    multipart::{
        CompleteUpload, CompletedPart, Completion, CreateUpload, ListParts, ListUploads,
        ListUploadsQuery, OpenUpload, Part, PartToSign, PresignUpload, UploadPlanRequest,
    },
    upload::{ATTEMPTS, Failure, Kind, PartPlan},
};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use super::{Source, content_type};
use crate::{
    Error,
    api::patiently,
    client::Client,
    digest,
    http::{Left, stream},
};

/// An upload on its way.
struct Sending<'a> {
    client: &'a Client,
    source: &'a Source,
    bucket: &'a BucketName,
    key: &'a ObjectKey,
    plan: PartPlan,
}

/// Sends a file in parts, and says how many bytes were there from an earlier run.
pub(super) async fn send(
    client: &Client,
    source: &Source,
    bucket: &BucketName,
    key: &ObjectKey,
) -> Result<u64, Error> {
    let part_size = PartPlan::part_size_for(source.size, client.settings.part_size);
    let plan = PartPlan::new(source.size, part_size)
        .map_err(|fault| Error::Local(format!("{}: {fault}", source.path.display())))?;
    let sending = Sending {
        client,
        source,
        bucket,
        key,
        plan,
    };
    if let Some(id) = sending.find().await? {
        match sending.carry_on(&id).await {
            // It is gone meanwhile, or is not ours: then a new one.
            Err(Error::Refused(failure))
                if matches!(failure.kind(), Kind::NoUpload | Kind::Denied) => {}
            done => return done,
        }
    }
    let id = sending.begin().await?;
    sending.carry_on(&id).await
}

impl Sending<'_> {
    /// The newest upload of the key that could be this one.
    async fn find(&self) -> Result<Option<UploadId>, Error> {
        let mut newest: Option<OpenUpload> = None;
        let mut query = ListUploadsQuery {
            prefix: Some(self.key.to_string()),
            ..ListUploadsQuery::default()
        };
        loop {
            let call = ListUploads {
                bucket: self.bucket.clone(),
                query: query.clone(),
            };
            let page = self.client.api.call(&call).await?;
            for upload in page.uploads {
                let later = newest
                    .as_ref()
                    .is_none_or(|known| upload.initiated >= known.initiated);
                if upload.key == self.key.as_str() && self.is_own(&upload) && later {
                    newest = Some(upload);
                }
            }
            // Keys come in order: longer ones follow.
            let next = page
                .next_key_marker
                .filter(|next| next == self.key.as_str());
            if !page.is_truncated || next.is_none() {
                break;
            }
            query.key_marker = next;
            query.upload_id_marker = page.next_upload_id_marker;
        }
        Ok(newest.and_then(|upload| UploadId::parse(upload.upload_id).ok()))
    }

    /// Whether parts can be added to it: an upload takes the checksum that it was begun for, and on some stores parts
    /// by its own account alone.
    fn is_own(&self, upload: &OpenUpload) -> bool {
        let wanted = match self.client.settings.checksum {
            Some(ChecksumAlgorithm::Crc32c) => Some("CRC32C"),
            Some(ChecksumAlgorithm::Md5) | None => None,
        };
        let begun_by = upload
            .initiator
            .as_ref()
            .and_then(|by| by.display_name.as_deref());
        let session = &self.client.session;
        let foreign = session.features.parts_by_initiator
            && begun_by.is_some_and(|name| name != session.username);
        upload.checksum_algorithm.as_deref() == wanted && !foreign
    }

    async fn begin(&self) -> Result<UploadId, Error> {
        let call = CreateUpload {
            bucket: self.bucket.clone(),
            key: self.key.clone(),
            content_type: content_type(self.key),
            checksum_algorithm: self.client.settings.checksum,
            attributes: Attributes::default(),
        };
        let upload = self.client.api.call(&call).await?;
        UploadId::parse(upload.upload_id)
            .map_err(|fault| Failure::nonsense(fault.to_string()).into())
    }

    /// Sends what is missing, and puts the parts together.
    async fn carry_on(&self, id: &UploadId) -> Result<u64, Error> {
        let at_once = self.client.settings.parallelism;
        let stored = self.stored(id).await?;
        let looked: Vec<_> = futures::stream::iter(self.plan.parts())
            .map(|(number, range)| {
                let part = stored.get(&number);
                async move {
                    let part = match part {
                        Some(part) if self.is_same(part, range.clone()).await? => Some(part),
                        _ => None,
                    };
                    Ok::<_, Error>((number, range, part))
                }
            })
            .buffered(at_once)
            .try_collect()
            .await?;
        let (mut known, mut missing, mut resumed) = (BTreeMap::new(), Vec::new(), 0);
        for (number, range, part) in looked {
            match part {
                Some(part) => {
                    resumed += range.end - range.start;
                    self.client.output.moved(range.end - range.start);
                    known.insert(number, part.etag.clone());
                }
                None => missing.push((number, range)),
            }
        }
        let sent: Vec<_> = futures::stream::iter(missing)
            .map(async |(number, range)| {
                let etag = self.part(id, number, range).await?;
                Ok::<_, Error>((number, etag))
            })
            .buffer_unordered(at_once)
            .try_collect()
            .await?;
        known.extend(sent);
        self.source.unchanged()?;
        self.complete(id, &known).await?;
        Ok(resumed)
    }

    /// What the store holds of an upload.
    async fn stored(&self, id: &UploadId) -> Result<BTreeMap<PartNumber, Part>, Error> {
        let mut stored = BTreeMap::new();
        let mut after = None;
        loop {
            let call = ListParts {
                bucket: self.bucket.clone(),
                key: self.key.clone(),
                upload_id: id.clone(),
                part_number_marker: after,
            };
            let page = self.client.api.call(&call).await?;
            stored.extend(page.parts.into_iter().map(|part| (part.part_number, part)));
            if !page.is_truncated || page.next_part_number_marker.is_none() {
                return Ok(stored);
            }
            after = page.next_part_number_marker;
        }
    }

    /// Whether a stored part has these bytes of the file, as far as its size and its checksum tell.
    async fn is_same(&self, part: &Part, range: Range<u64>) -> Result<bool, Error> {
        if part.size != Some(range.end - range.start) {
            return Ok(false);
        }
        let path = &self.source.path;
        let etag = part.etag.as_deref().unwrap_or_default().trim_matches('"');
        let same = if let Some(told) = &part.checksum_crc32c {
            let sum = digest::checksum(path, range, ChecksumAlgorithm::Crc32c).await;
            sum.map(|sum| sum.value() == told)
        } else if digest::is_md5(etag) {
            let sum = digest::etag(path, range).await;
            sum.map(|sum| sum.eq_ignore_ascii_case(etag))
        } else {
            Ok(false)
        };
        same.map_err(|error| Error::local(path, &error))
    }

    async fn part(
        &self,
        id: &UploadId,
        number: PartNumber,
        range: Range<u64>,
    ) -> Result<Option<String>, Error> {
        let Self { client, source, .. } = self;
        let _slot = client.slots.acquire().await;
        let checksum = match client.settings.checksum {
            Some(algorithm) => {
                let sum = digest::checksum(&source.path, range.clone(), algorithm).await;
                Some(sum.map_err(|error| Error::local(&source.path, &error))?)
            }
            None => None,
        };
        let call = PresignUpload {
            bucket: self.bucket.clone(),
            key: self.key.clone(),
            body: UploadPlanRequest {
                file_size: self.plan.file_size(),
                part_size: Some(self.plan.part_size()),
                expires_in: Some(client.settings.url_lifetime),
                upload_id: Some(id.to_string()),
                parts: Some(vec![PartToSign {
                    part_number: number,
                    checksum,
                }]),
                ..UploadPlanRequest::default()
            },
        };
        put(client, source, range, async || {
            let mut signed = client.api.call(&call).await?;
            let signed = signed.urls.pop();
            let signed = signed.ok_or_else(|| Failure::nonsense("nothing was signed"))?;
            let mut request = Request::put(&signed.url);
            for (name, value) in &signed.headers {
                request = request.header(name, value);
            }
            Ok(request)
        })
        .await
    }

    /// Puts the parts together, as the store lists them: every one of the plan, whole, and as it was compared or
    /// sent. Somebody else may be at the same upload.
    async fn complete(
        &self,
        id: &UploadId,
        known: &BTreeMap<PartNumber, Option<String>>,
    ) -> Result<(), Error> {
        let mut stored = self.stored(id).await?;
        let mut parts = Vec::new();
        for (number, range) in self.plan.parts() {
            let part = stored.remove(&number);
            let part = part.filter(|part| {
                let bare = |etag: &String| etag.trim_matches('"').to_owned();
                let known = known.get(&number).and_then(Option::as_ref);
                let same =
                    known.is_none_or(|known| part.etag.as_ref().map(bare) == Some(bare(known)));
                same && part.size == Some(range.end - range.start)
            });
            let Some(Part {
                etag: Some(etag),
                checksum_crc32c,
                ..
            }) = part
            else {
                let what = format!("the store does not have part {number} as it was sent");
                return Err(Error::Local(format!(
                    "{}: {what}",
                    self.source.path.display()
                )));
            };
            parts.push(CompletedPart {
                part_number: number,
                etag,
                checksum_crc32c,
            });
        }
        let expected = expected(&parts);
        let call = CompleteUpload {
            bucket: self.bucket.clone(),
            key: self.key.clone(),
            body: Completion {
                upload_id: id.to_string(),
                parts,
                if_none_match: false,
                retention: None,
                legal_hold: false,
            },
        };
        match self.client.api.call(&call).await {
            Ok(_completed) => Ok(()),
            // The answer to an earlier try was lost: then it is the object by now.
            Err(Error::Refused(failure)) if failure.kind() == Kind::NoUpload => {
                let details = self.client.details(self.bucket, self.key).await?;
                let etag = details
                    .etag
                    .as_deref()
                    .map(|etag| etag.trim_matches('"').to_owned());
                if etag.is_some() && etag == expected {
                    Ok(())
                } else {
                    Err(Error::Refused(failure))
                }
            }
            Err(error) => Err(error),
        }
    }
}

/// The entity tag of the whole, where those of the parts are MD5.
fn expected(parts: &[CompletedPart]) -> Option<String> {
    use md5::Digest as _;
    let mut whole = md5::Md5::new();
    for part in parts {
        let etag = part.etag.trim_matches('"');
        if !digest::is_md5(etag) {
            return None;
        }
        whole.update(u128::from_str_radix(etag, 16).ok()?.to_be_bytes());
    }
    Some(format!(
        "{}-{}",
        digest::hex(&whole.finalize()),
        parts.len()
    ))
}

/// Puts bytes of a file where `sign` says, which is asked anew for each try, and tells the entity tag.
pub(super) async fn put(
    client: &Client,
    source: &Source,
    range: Range<u64>,
    sign: impl AsyncFn() -> Result<request::Builder, Error>,
) -> Result<Option<String>, Error> {
    let length = range.end - range.start;
    let tried = patiently(ATTEMPTS, async || {
        let request = match sign().await {
            Ok(request) => request,
            Err(error) => return Ok(Err(error)),
        };
        let body = async {
            let mut file = tokio::fs::File::open(&source.path).await?;
            file.seek(std::io::SeekFrom::Start(range.start)).await?;
            Ok(file.take(length))
        };
        let body = match body.await {
            Ok(body) => body,
            Err(error) => return Ok(Err(Error::local(&source.path, &error))),
        };
        let (left, output) = (Left::default(), client.output.clone());
        let body = stream(body, &left, move |bytes| output.moved(bytes));
        let request = request.header(header::CONTENT_LENGTH, length).body(body);
        let request = request.map_err(|error| Failure::nonsense(error.to_string()))?;
        let answer = client.api.http.exchange(request, &left).await;
        let refused = match answer {
            Ok(answer) if (200..300).contains(&answer.status) => {
                let etag = answer.headers.get(header::ETAG);
                return Ok(Ok(etag
                    .and_then(|etag| etag.to_str().ok())
                    .map(str::to_owned)));
            }
            Ok(answer) => answer.refused(),
            Err(failure) => failure,
        };
        // A file that became shorter breaks the connection too, and one that changed no longer fits its checksum.
        match source.unchanged() {
            Ok(()) => Err(refused),
            Err(error) => Ok(Err(error)),
        }
    });
    tried.await?
}
