//! What the simulated Hako and store answer.

use super::*;
use crate::{
    PartNumber, Timestamp,
    multipart::{CompletedUpload, Part, PartPage, PartUrl, PresignUpload, PresignedUpload},
    object::{Object, ObjectPage},
    presign::{PresignMethod, PresignedUrl},
    upload::{Answer, Destination, PartPlan, Put, Reply},
};

impl World {
    pub(super) fn serve(&mut self, id: TransferId, action: &Action) -> Answer {
        let gone = || Failure::hako(&Problem::new(ErrorCode::UploadNotFound, "gone"));
        match action {
            Action::Begin(request) => {
                self.store.begun += 1;
                let upload = format!("u-{}", self.store.begun);
                self.store.uploads.insert(
                    upload.clone(),
                    Upload {
                        key: request.key.to_string(),
                        parts: BTreeMap::new(),
                    },
                );
                Ok(self.sign(request, &upload))
            }
            Action::Sign(request) => {
                let upload = request.body.upload_id.clone().unwrap();
                Ok(self.sign(request, &upload))
            }
            Action::SignWhole(request) => {
                let (signed, over) = self.lifetime(request.0.expires_in.unwrap());
                Ok(Reply::SignedWhole(PresignedUrl {
                    url: format!("{}|{}", over.unix_millis(), request.0.key),
                    bucket: request.0.bucket.clone(),
                    key: request.0.key.clone(),
                    expires_in: 60,
                    method: PresignMethod::PutObject,
                    server_time: signed,
                    expires_at: over,
                    headers: BTreeMap::new(),
                }))
            }
            Action::Put(put) => self.put(id, put),
            Action::ListParts(request) => {
                let upload = self.store.uploads.get(request.upload_id.as_str());
                let upload = upload.ok_or_else(gone)?;
                Ok(Reply::Listed(list(upload, request.part_number_marker)))
            }
            Action::Complete(request) => {
                let upload = self.store.uploads.remove(&request.body.upload_id);
                let upload = upload.ok_or_else(gone)?;
                let parts = request.body.parts.iter();
                let named: Vec<u32> = parts.map(|p| p.part_number.get()).collect();
                let bytes: Vec<Bytes> = named.iter().map(|n| upload.parts[n].clone()).collect();
                let total: u64 = bytes.iter().map(|b| b.range.end - b.range.start).sum();
                assert_eq!(total, self.sizes[&id], "completed with missing parts");
                self.store.objects.insert(upload.key, (bytes, self.now));
                Ok(Reply::Completed(CompletedUpload {
                    bucket: "raw-scans".to_owned(),
                    key: request.key.to_string(),
                    etag: None,
                }))
            }
            Action::Confirm(request) => {
                let key = request.query.prefix.clone().unwrap();
                let objects = self.store.objects.get(&key).map(|(bytes, at)| Object {
                    key,
                    size: bytes.iter().map(|b| b.range.end - b.range.start).sum(),
                    last_modified: Timestamp::from_unix_millis(
                        i64::try_from(*at + SERVER_AHEAD_MS).unwrap(),
                    ),
                    etag: None,
                    storage_class: None,
                    owner: None,
                });
                Ok(Reply::Objects(ObjectPage {
                    objects: objects.into_iter().collect(),
                    ..ObjectPage::default()
                }))
            }
            Action::Abort(request) => {
                let upload = self.store.uploads.remove(&request.body.upload_id);
                upload.map(|_| Reply::Aborted).ok_or_else(gone)
            }
            Action::Probe => Ok(Reply::Readable(!self.changed.contains(&id))),
            Action::Wake { .. } => Ok(Reply::Woke),
            other => unreachable!("{other:?}"),
        }
    }

    pub(super) fn lifetime(&self, seconds: u64) -> (Timestamp, Timestamp) {
        let at = |ms: u64| Timestamp::from_unix_millis(i64::try_from(ms).unwrap()).unwrap();
        let signed = self.now + SERVER_AHEAD_MS;
        (at(signed), at(signed + seconds * 1_000))
    }

    pub(super) fn sign(&self, request: &PresignUpload, upload: &str) -> Reply {
        let body = &request.body;
        let plan = PartPlan::new(body.file_size, body.part_size.unwrap()).unwrap();
        let (signed, over) = self.lifetime(body.expires_in.unwrap());
        let numbers = body
            .parts
            .iter()
            .flatten()
            .map(|part| part.part_number)
            .collect::<Vec<_>>();
        assert!((1..=64).contains(&numbers.len()));
        let urls = numbers.into_iter().map(|part_number| PartUrl {
            part_number,
            url: format!("{}|{upload}|{part_number}", over.unix_millis()),
            headers: BTreeMap::new(),
        });
        Reply::Signed(PresignedUpload {
            bucket: "raw-scans".to_owned(),
            key: request.key.to_string(),
            upload_id: upload.to_owned(),
            part_size: plan.part_size(),
            total_parts: plan.count(),
            urls: urls.collect(),
            expires_in: 60,
            server_time: signed,
            expires_at: over,
        })
    }

    pub(super) fn put(&mut self, id: TransferId, put: &Put) -> Answer {
        if self.changed.contains(&id) {
            return Err(Failure::network());
        }
        let Destination::Store(url) = &put.to else {
            panic!("through Hako")
        };
        let mut fields = url.split('|');
        let over: u64 = fields.next().unwrap().parse().unwrap();
        if self.now + SERVER_AHEAD_MS > over {
            // Without CORS headers, as stores do it.
            return Err(Failure::network());
        }
        let bytes = Bytes {
            file: id.0,
            range: put.range.clone(),
        };
        let target = fields.next().unwrap().to_owned();
        match fields.next() {
            None => {
                self.store.objects.insert(target, (vec![bytes], self.now));
            }
            Some(part) => {
                let upload = self.store.uploads.get_mut(&target);
                let upload =
                    upload.ok_or_else(|| Failure::store(404, "<Code>NoSuchUpload</Code>"))?;
                upload.parts.insert(part.parse().unwrap(), bytes);
            }
        }
        Ok(Reply::Stored)
    }
}

fn list(upload: &Upload, marker: Option<u32>) -> PartPage {
    const PAGE: usize = 5;
    let after = upload.parts.range(marker.map_or(0, |m| m + 1)..);
    let mut parts: Vec<Part> = after
        .map(|(number, bytes)| Part {
            part_number: PartNumber::new(*number).unwrap(),
            etag: Some(format!("\"{number}\"")),
            size: Some(bytes.range.end - bytes.range.start),
            last_modified: None,
            checksum_crc32c: None,
        })
        .take(PAGE + 1)
        .collect();
    let is_truncated = parts.len() > PAGE;
    parts.truncate(PAGE);
    PartPage {
        bucket: "raw-scans".to_owned(),
        key: upload.key.clone(),
        upload_id: "u".to_owned(),
        next_part_number_marker: parts.last().map(|part| part.part_number.get()),
        parts,
        is_truncated,
        initiator: None,
        abort_date: None,
    }
}
