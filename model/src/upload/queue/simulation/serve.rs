//! What Hako, the store and the network between make of a request.

use std::collections::BTreeMap;

use super::{
    bytes::{Content, Piece, are_all},
    chance::Trouble,
    perform::{Url, target},
    store::{Dress, No, Tags, Whole, dress},
    world::{BEGIN_MS, HAKO_AHEAD_MS, Invariant, Request, To, What, World, number_of},
};
use crate::{
    ErrorCode, PartNumber, Problem, Timestamp,
    multipart::{CompletedUpload, Part, PartPage, PartUrl, PresignUpload, PresignedUpload, Upload},
    object::{ListObjects, Object, ObjectPage},
    presign::{PresignMethod, PresignRequest, PresignedUrl},
    upload::{
        Action, Answer, Destination, Event, Failure, PartPlan, Put, Reply, Write, plant,
        plant::Plant,
    },
};

/// What Hako answers when something does not work for a while.
const FOR_A_WHILE: [ErrorCode; 7] = [
    ErrorCode::StoreUnreachable,
    ErrorCode::StoreTimeout,
    ErrorCode::StoreError,
    ErrorCode::StoreBusy,
    ErrorCode::RequestTimeout,
    ErrorCode::Internal,
    ErrorCode::TooManyAttempts,
];
const SIGNED_OUT: [ErrorCode; 4] = [
    ErrorCode::NotAuthenticated,
    ErrorCode::InvalidToken,
    ErrorCode::TokenExpired,
    ErrorCode::SessionMismatch,
];
/// What Hako answers when somebody has to do something.
const FOR_GOOD: [ErrorCode; 7] = [
    ErrorCode::AccessDenied,
    ErrorCode::TenantRequired,
    ErrorCode::OutOfSpace,
    ErrorCode::BucketNotFound,
    ErrorCode::InvalidArgument,
    ErrorCode::NotSupported,
    ErrorCode::Unknown,
];

fn hako(code: ErrorCode) -> Failure {
    Failure::hako(&Problem::new(code, "by chance"))
}

impl World {
    /// A request has come to where it goes.
    pub(super) fn arrive(&mut self, request: Request) {
        let place = (request.id, request.ticket);
        let tab = &self.tabs[request.tab];
        let waits = tab.page == request.page && tab.open.contains_key(&place);
        if !waits && self.chance.coin() {
            return;
        }
        let local = matches!(request.action, Action::Probe | Action::Checksum { .. });
        let answer = match &request.action {
            Action::Probe => Ok(Reply::Readable(self.is_readable(&request))),
            Action::Checksum { range, algorithm } => {
                let handle = request.handle.filter(|_| self.is_readable(&request));
                Ok(handle.map_or(Reply::Readable(false), |handle| {
                    let piece = Piece {
                        content: handle.content,
                        start: range.start,
                        end: range.end,
                        flipped: false,
                    };
                    Reply::Checksum(piece.sum(*algorithm))
                }))
            }
            Action::Put(put) => self.put(&request, put),
            _ => self.ask_hako(&request),
        };
        if !waits {
            return;
        }
        let slow = matches!(&answer, Err(failure) if failure.origin == Failure::silence().origin);
        let after = if slow {
            60_000
        } else if local {
            0
        } else {
            self.chance.between(1, 300)
        };
        if let Action::Put(put) = &request.action
            && self.chance.coin()
        {
            let (ticket, loaded) = (request.ticket, put.range.end - put.range.start);
            self.tell(request.tab, request.id, Event::Progress { ticket, loaded });
        }
        let again = !local && self.knows(Trouble::Twice) && self.chance.hits(20);
        let Request {
            tab,
            page,
            id,
            ticket,
            ..
        } = request;
        if again {
            let late = self.now + after + self.chance.between(1, 20_000);
            let twin = What::Answer(tab, page, id, ticket, Box::new(answer.clone()));
            self.later(late, twin);
        }
        let answer = What::Answer(tab, page, id, ticket, Box::new(answer));
        self.later(self.now + after, answer);
    }

    fn is_readable(&self, request: &Request) -> bool {
        let version = self.tasks[request.task].version;
        request
            .handle
            .is_some_and(|handle| handle.version.is_none_or(|known| known == version))
    }

    fn is_offline(&self) -> bool {
        self.weather.offline_until > self.now
    }

    fn is_killed(&self) -> bool {
        self.weather.killed_until > self.now
    }

    /// Whether something that happens to requests happens to this one.
    fn strikes(&mut self, trouble: Trouble) -> bool {
        self.knows(trouble) && self.chance.hits(self.weather.faults)
    }

    fn retry_after(&mut self) -> Option<u64> {
        match self.chance.below(8) {
            0 => Some(self.chance.below(30_000)),
            1 => Some(1_200_000),
            2 => Some(self.chance.below(2_000)),
            _ => None,
        }
    }

    /// A request to Hako's API.
    fn ask_hako(&mut self, request: &Request) -> Answer {
        if self.is_offline() {
            return Err(Failure::network());
        }
        if self.weather.signed_out {
            return Err(hako(self.chance.one_of(&SIGNED_OUT)));
        }
        if self.is_killed() {
            let code = self.chance.one_of(&FOR_A_WHILE[..2]);
            return Err(hako(code));
        }
        if self.strikes(Trouble::Refused) {
            let permanent = self.chance.hits(60);
            let code = if permanent {
                self.chance.one_of(&FOR_GOOD)
            } else {
                self.chance.one_of(&FOR_A_WHILE)
            };
            // Who may not look cannot find what is there.
            self.tasks[request.task].meddled |= permanent;
            if !permanent && self.chance.hits(300) {
                let _ = self.serve(request);
            }
            let wait = self.retry_after();
            return Err(hako(code).after(wait));
        }
        if self.strikes(Trouble::Lost) {
            if self.chance.coin() {
                let _ = self.serve(request);
            }
            return Err(if self.chance.hits(100) {
                Failure::silence()
            } else {
                Failure::network()
            });
        }
        if self.knows(Trouble::Nonsense) && self.chance.hits(self.weather.faults / 20) {
            let _ = self.serve(request);
            return Ok(Reply::Readable(true));
        }
        let answer = self.serve(request).map_err(No::through_hako);
        if matches!(request.action, Action::Complete(_)) && self.strikes(Trouble::Lost) {
            return Err(hako(ErrorCode::StoreTimeout));
        }
        answer
    }

    fn serve(&mut self, request: &Request) -> Result<Reply, No> {
        match &request.action {
            Action::Begin(begin) => {
                let key = begin.key.as_str();
                let dress = dress(&begin.body.attributes(), begin.body.content_type.clone());
                let upload =
                    self.store
                        .begin(key, begin.body.checksum_algorithm, dress, request.task);
                Ok(self.sign(begin, upload))
            }
            Action::Create(create) => {
                let key = create.key.as_str();
                let dress = dress(&create.attributes, create.content_type.clone());
                let upload = self
                    .store
                    .begin(key, create.checksum_algorithm, dress, request.task);
                Ok(Reply::Created(Upload {
                    bucket: "raw".to_owned(),
                    key: key.to_owned(),
                    upload_id: format!("u{upload}"),
                }))
            }
            Action::Sign(sign) => {
                let upload = number_of(sign.body.upload_id.as_deref().unwrap_or_default());
                Ok(self.sign(sign, upload))
            }
            Action::SignWhole(sign) => Ok(self.sign_whole(&sign.0)),
            Action::ListParts(list) => {
                let upload = number_of(list.upload_id.as_str());
                self.list_parts(upload, list.part_number_marker)
            }
            Action::Complete(complete) => {
                let body = &complete.body;
                self.complete(request, number_of(&body.upload_id), body)
            }
            Action::Confirm(list) | Action::Names(list) => self.list(list),
            Action::Abort(abort) => {
                let upload = number_of(&abort.body.upload_id);
                self.store.abort(upload).map(|()| Reply::Aborted)
            }
            Action::Copy(copy) => {
                let (from, to) = (&copy.source.source_key, copy.key.as_str());
                self.store.copy(from, to, self.now)?;
                Ok(Reply::Moved)
            }
            Action::Clear(delete) => {
                self.store.clear(delete.key.as_str())?;
                Ok(Reply::Moved)
            }
            Action::Put(put) => self.put_through_hako(request, put),
            _ => Ok(Reply::Woke),
        }
    }

    /// Hako's clock, at present and when what is signed now is over.
    fn lifetime(&self, seconds: u64) -> (Timestamp, Timestamp, u64) {
        let at = |ms: u64| Timestamp::from_unix_millis(i64::try_from(ms).unwrap()).unwrap();
        let signed = self.now + HAKO_AHEAD_MS;
        let over = signed + seconds * 1_000;
        (at(signed), at(over), over)
    }

    fn sign(&self, request: &PresignUpload, upload: u64) -> Reply {
        let body = &request.body;
        let plan = PartPlan::new(body.file_size, body.part_size.unwrap()).unwrap();
        let (server_time, expires_at, over) = self.lifetime(body.expires_in.unwrap());
        let urls = body.parts.iter().flatten().map(|part| {
            let header = part.checksum.as_ref().map(|sum| {
                let (name, value) = sum.header();
                (name.to_owned(), value.to_owned())
            });
            let sum = header.as_ref().map_or("", |(_, value)| value.as_str());
            PartUrl {
                part_number: part.part_number,
                url: Url::led(
                    Url::of_part(over, upload, part.part_number, sum),
                    body.use_proxy,
                ),
                headers: header.into_iter().collect::<BTreeMap<_, _>>(),
            }
        });
        Reply::Signed(PresignedUpload {
            bucket: "raw".to_owned(),
            key: request.key.to_string(),
            upload_id: format!("u{upload}"),
            part_size: plan.part_size(),
            total_parts: plan.count(),
            urls: urls.collect(),
            expires_in: body.expires_in.unwrap(),
            server_time,
            expires_at,
        })
    }

    fn sign_whole(&self, request: &PresignRequest) -> Reply {
        let (server_time, expires_at, over) = self.lifetime(request.expires_in.unwrap());
        let header = request.checksum.as_ref().map(|sum| {
            let (name, value) = sum.header();
            (name.to_owned(), value.to_owned())
        });
        let sum = header.as_ref().map_or("", |(_, value)| value.as_str());
        Reply::SignedWhole(PresignedUrl {
            url: Url::led(
                Url::of_whole(over, &request.key, request.if_none_match, sum),
                request.use_proxy,
            ),
            bucket: request.bucket.clone(),
            key: request.key.clone(),
            expires_in: request.expires_in.unwrap(),
            method: PresignMethod::PutObject,
            server_time,
            expires_at,
            warnings: Vec::new(),
            headers: header
                .into_iter()
                .chain(request.attributes().headers())
                .collect(),
        })
    }

    fn list_parts(&self, id: u64, marker: Option<u32>) -> Result<Reply, No> {
        let upload = self.store.uploads.get(&id).ok_or(No::UnknownUpload)?;
        let after = upload.parts.range(marker.map_or(0, |marker| marker + 1)..);
        let page = self.store.habits.page;
        let mut parts: Vec<Part> = after
            .take(page + 1)
            .map(|(number, stored)| Part {
                part_number: PartNumber::new(*number).unwrap(),
                etag: Some(stored.tag.clone()),
                size: Some(stored.piece.len()),
                last_modified: None,
                checksum_crc32c: stored.crc.clone(),
            })
            .collect();
        let is_truncated = parts.len() > page;
        parts.truncate(page);
        Ok(Reply::Listed(PartPage {
            bucket: "raw".to_owned(),
            key: upload.key.clone(),
            upload_id: format!("u{id}"),
            next_part_number_marker: parts.last().map(|part| part.part_number.get()),
            parts,
            is_truncated,
            initiator: None,
            abort_date: None,
            checksum_algorithm: None,
        }))
    }

    fn complete(
        &mut self,
        request: &Request,
        upload: u64,
        body: &crate::multipart::Completion,
    ) -> Result<Reply, No> {
        let known = self.store.uploads.get(&upload).cloned();
        let key = known.as_ref().map(|upload| upload.key.clone());
        let spares = self.spares(request.task, key.as_deref());
        let in_parts = known.is_some();
        let cuts = self.store.cuts;
        // The store begins to answer 200 while it works, and ends with an error.
        let fails_late = in_parts && self.strikes(Trouble::Refused);
        let result = if fails_late {
            Err(No::InvalidPart)
        } else {
            self.store.complete(upload, body, self.now)
        };
        let error_in_body = matches!(result, Err(No::InvalidPart | No::Precondition));
        if error_in_body && plant::is(Plant::ErrorUnread) {
            return Ok(completed(None));
        }
        let tag = result?;
        if in_parts {
            self.judge_completion(request, cuts);
            if spares {
                self.violate(
                    Invariant::Overwritten,
                    "what was there is overwritten unasked",
                );
            }
        }
        Ok(completed(Some(tag)))
    }

    /// What the store put together must be the file.
    fn judge_completion(&mut self, request: &Request, cut: bool) {
        let findable = self.store.habits.tags == Tags::Md5
            && self.store.habits.late == 0
            && !self.store.habits.unseen;
        let task = &mut self.tasks[request.task];
        task.completed += 1;
        let again = task.completed > 1 && task.version == 0 && !task.meddled && findable;
        let key = task.key();
        let size = task.size;
        if cut {
            (task.meddled, task.cut) = (true, true);
            return;
        }
        let Some(handle) = request.handle else { return };
        if again && handle.version.is_some() {
            self.violate(
                Invariant::CompletedTwice,
                format!("{key} is stored again, though the first object could be found"),
            );
        }
        let latest = self.store.versions.values().filter_map(|v| v.last());
        let ours = latest
            .filter(|object| object.task == Some(request.task))
            .max_by_key(|object| (object.at, object.origin));
        let right = ours.is_some_and(|object| are_all(&object.pieces, handle.content, size));
        if !right {
            self.violate(
                Invariant::CompletedWrong,
                format!("{key} is put together from other bytes than the file's"),
            );
        }
    }

    /// Whether an object of others has the key, and nobody has agreed to lose it.
    fn spares(&self, task: usize, key: Option<&str>) -> bool {
        let work = &self.tasks[task];
        let unasked = work.write == Write::Create && !work.decided;
        let there = key.and_then(|key| self.store.current.get(key));
        unasked
            && self.settings.conditional_writes
            && there.is_some_and(|object| object.task != Some(task))
    }

    fn list(&self, request: &ListObjects) -> Result<Reply, No> {
        if self.store.habits.unseen && !self.calm {
            return Err(No::Signature);
        }
        let prefix = request.query.prefix.clone().unwrap_or_default();
        let most = usize::try_from(request.query.max_keys.unwrap_or(1_000)).unwrap();
        let objects = self.store.list(&prefix, most, self.now);
        let objects = objects.into_iter().map(|(key, object)| Object {
            key: key.clone(),
            size: object.size,
            last_modified: Timestamp::from_unix_millis(
                i64::try_from(object.at + HAKO_AHEAD_MS).unwrap(),
            ),
            etag: Some(object.tag.clone()),
            storage_class: None,
            owner: None,
        });
        Ok(Reply::Objects(ObjectPage {
            objects: objects.collect(),
            ..ObjectPage::default()
        }))
    }

    /// Bytes on their way, by either way.
    fn put(&mut self, request: &Request, put: &Put) -> Answer {
        let passed_on = match &put.to {
            Destination::Store(url) => Url::read(url).proxied,
            Destination::Hako(_) => {
                if !self.is_readable(request) {
                    return Err(Failure::network());
                }
                return self.ask_hako(request);
            }
        };
        let closed = !passed_on && (self.weather.barred || self.weather.unreachable);
        if self.is_offline() || closed {
            return Err(Failure::network());
        }
        if self.is_killed() {
            return Err(if self.chance.coin() {
                Failure::network()
            } else {
                Failure::store(503, "").after(self.retry_after())
            });
        }
        if self.strikes(Trouble::Refused) {
            return Err(self.refusal());
        }
        if self.strikes(Trouble::Lost) {
            if self.chance.coin() {
                let _ = self.store_bytes(request, put);
            }
            return Err(if self.chance.hits(200) {
                Failure::silence()
            } else {
                Failure::network()
            });
        }
        self.store_bytes(request, put)
    }

    /// The store refuses bytes, by any of its words.
    fn refusal(&mut self) -> Failure {
        let xml = |code: &str| format!("<Error><Code>{code}</Code></Error>");
        let wait = self.retry_after();
        match self.chance.below(40) {
            0 => Failure::store(403, &xml("AccessDenied")),
            1 => Failure::store(501, ""),
            2 => Failure::store(507, ""),
            3 => Failure::store(404, &xml("NoSuchBucket")),
            4 => Failure::store(400, &xml("InvalidArgument")),
            5 => Failure::store(400, &xml("IncompleteBody")),
            6 => Failure::store(
                403,
                "<Code>AccessDenied</Code><Message>Request has expired</Message>",
            ),
            7 => Failure::store(400, &xml("RequestTimeout")),
            8 => Failure::store(408, ""),
            9 => Failure::store(429, "").after(wait),
            10..15 => Failure::store(503, &xml("SlowDown")).after(wait),
            15..20 => Failure::store(502, ""),
            20..25 => Failure::store(504, ""),
            _ => Failure::store(500, &xml("InternalError")).after(wait),
        }
    }

    fn store_bytes(&mut self, request: &Request, put: &Put) -> Answer {
        let Destination::Store(url) = &put.to else {
            return Err(Failure::network());
        };
        let url = Url::read(url);
        let by_store = i64::try_from(self.now - BEGIN_MS).unwrap() + self.weather.skew;
        let over = i64::try_from(url.over - BEGIN_MS - HAKO_AHEAD_MS).unwrap();
        if self.weather.skew.abs() > 900_000 {
            return Err(Failure::store(403, "<Code>RequestTimeTooSkewed</Code>"));
        }
        if by_store > over {
            // Half of the stores leave the CORS headers out.
            return Err(if self.chance.coin() {
                Failure::network()
            } else {
                Failure::store(
                    403,
                    "<Code>AccessDenied</Code><Message>Request has expired</Message>",
                )
            });
        }
        let sums = ["x-amz-checksum-crc32c", "Content-MD5"];
        let mut sums = sums.iter().filter_map(|name| put.headers.get(*name));
        let sent = sums.next().map_or("", String::as_str);
        if sent != url.sum {
            return Err(No::Signature.direct());
        }
        let Some(handle) = request.handle else {
            return Err(Failure::network());
        };
        let mut content = handle.content;
        let readable = self.is_readable(request);
        if !readable {
            // What of it was read before the change is on its way, with what came after.
            if self.chance.hits(700) {
                return Err(Failure::network());
            }
            self.contents += 1;
            content = Content::new(1_000_000 + self.contents);
        }
        let algorithm = self.settings.checksum.filter(|_| !sent.is_empty());
        let may_flip = self.would_find(url.to, algorithm) && self.tasks[request.task].flips == 0;
        let flipped = may_flip && self.strikes(Trouble::Flipped);
        self.tasks[request.task].flips += u32::from(flipped);
        let piece = Piece {
            content,
            start: put.range.start,
            end: put.range.end,
            flipped,
        };
        if flipped {
            self.see("flipped bits");
            self.note(|_| "a bit flips".to_owned());
        }
        if let Some(algorithm) = algorithm
            && self.store.habits.compares
            && piece.sum(algorithm).value() != sent
        {
            return Err(No::BadDigest.direct());
        }
        let whole = (url.key, url.only_new, worn(put));
        self.store_piece(request, url.to, whole, piece)
            .map_err(No::direct)
    }

    fn put_through_hako(&mut self, request: &Request, put: &Put) -> Result<Reply, No> {
        let Some(handle) = request.handle else {
            return Err(No::UnknownKey);
        };
        let piece = Piece {
            content: handle.content,
            start: put.range.start,
            end: put.range.end,
            flipped: false,
        };
        let key = self.row_key(request);
        let only_new = put.headers.contains_key("If-None-Match");
        self.store_piece(request, target(put), (&key, only_new, worn(put)), piece)
    }

    /// The key that a transfer goes to at present.
    fn row_key(&self, request: &Request) -> String {
        let queue = &self.tabs[request.tab].queue;
        let row = queue
            .row(request.id)
            .filter(|_| self.tabs[request.tab].page == request.page);
        row.map_or_else(|| self.tasks[request.task].key(), |row| row.key)
    }

    fn store_piece(
        &mut self,
        request: &Request,
        to: To,
        (key, only_new, dress): (&str, bool, Dress),
        piece: Piece,
    ) -> Result<Reply, No> {
        match to {
            To::Part(upload, number) => self.store.put_part(upload, number, piece)?,
            To::Whole => {
                let cuts = self.store.cuts;
                let spares = self.spares(request.task, Some(key));
                let task = Some(request.task);
                let whole = Whole {
                    key: key.to_owned(),
                    piece,
                    only_new,
                    task,
                    dress,
                };
                self.store.put_whole(whole, self.now)?;
                let task = &mut self.tasks[request.task];
                task.meddled |= cuts;
                task.cut |= cuts;
                if spares {
                    self.violate(
                        Invariant::Overwritten,
                        "what was there is overwritten unasked",
                    );
                }
            }
        }
        Ok(Reply::Stored)
    }
}

/// What a request with the bytes of an object stores it with.
fn worn(put: &Put) -> Dress {
    let own = put.headers.iter();
    let own = own.filter(|(name, _)| {
        name.starts_with("x-hcp-") || (name.starts_with("x-amz-") && !name.contains("checksum"))
    });
    let mut dress: Dress = own
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    dress.extend(
        put.content_type
            .clone()
            .map(|value| ("content-type".to_owned(), value)),
    );
    dress
}

fn completed(etag: Option<String>) -> Reply {
    Reply::Completed(CompletedUpload {
        bucket: "raw".to_owned(),
        key: "k".to_owned(),
        etag,
        version_id: None,
    })
}
