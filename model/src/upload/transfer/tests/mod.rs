//! A transfer played step by step: the test is browser, Hako and store.

mod ending;
mod finishing;
mod kept;
mod lent;
mod options;
mod proving;
mod routes;
mod sending;

use super::*;
use crate::{
    ChecksumAlgorithm, ErrorCode, Problem,
    multipart::{CompletedUpload, Part, PartPage, PartUrl, PresignUpload, PresignedUpload},
    object::{Object, ObjectPage},
    presign::{Presign, PresignedUrl},
    unit::MB,
    upload::{Destination, Record},
};

const EPOCH: i64 = 1_790_000_000_000;

pub(super) fn settings() -> Settings {
    Settings {
        threshold: 100 * MB,
        part_size: 25 * MB,
        parallelism: 6,
        may_grow: true,
        url_lifetime: 3_600,
        route: UploadRoute::Direct,
        proxy: false,
        max_key_bytes: 1_024,
        checksum: None,
        conditional_writes: false,
    }
}

fn file(size: u64) -> FileFacts {
    FileFacts {
        relative_path: "scan.tif".to_owned(),
        size,
        modified: 0,
        content_type: Some("image/tiff".to_owned()),
    }
}

fn numbers_of(request: &PresignUpload) -> Vec<PartNumber> {
    let parts = request.body.parts.iter().flatten();
    parts.map(|part| part.part_number).collect()
}

/// A transfer with its open effects; the test plays browser, Hako and store.
struct Bench {
    transfer: Transfer,
    now: u64,
    open: Vec<Effect>,
    lifetime: u64,
    /// What a reload would find.
    journal: BTreeMap<UploadId, Record>,
}

impl Bench {
    fn new(size: u64) -> Self {
        Self::with(size, "in/scan.tif", settings())
    }

    fn with(size: u64, key: &str, settings: Settings) -> Self {
        let transfer = Transfer::new(
            BucketName::parse("raw-scans").unwrap(),
            ObjectKey::parse(key).unwrap(),
            file(size),
            settings,
            Write::Plain,
            Arc::default(),
        );
        Self {
            transfer: transfer.unwrap(),
            now: 1_000_000,
            open: Vec::new(),
            lifetime: 3_600,
            journal: BTreeMap::new(),
        }
    }

    fn moment(&self) -> Moment {
        Moment {
            now: self.now,
            jitter: 0.5,
        }
    }

    /// Gives it slots as long as it wants any, at most six.
    fn slots(&mut self) {
        while self.transfer.wants_slot() && self.transfer.slots() < 6 {
            let effects = self.transfer.take_slot(self.moment());
            self.take_in(effects);
        }
    }

    fn event(&mut self, event: Event) {
        let effects = self.transfer.handle(event, self.moment());
        self.take_in(effects);
    }

    fn take_in(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect.action {
                Action::Stop => {
                    let before = self.open.len();
                    self.open.retain(|open| open.ticket != effect.ticket);
                    assert_eq!(self.open.len() + 1, before, "stopped what did not run");
                }
                Action::Remember(record) => {
                    self.journal.insert(record.upload_id.clone(), *record);
                }
                Action::Forget(upload) => {
                    self.journal.remove(&upload);
                }
                _ => self.open.push(effect),
            }
        }
    }

    fn answer(&mut self, effect: &Effect, answer: Answer) {
        self.event(Event::Answer {
            ticket: effect.ticket,
            answer,
        });
    }

    /// Takes the first open effect that fits.
    fn take(&mut self, what: &str, fits: impl Fn(&Action) -> bool) -> Effect {
        let at = self.open.iter().position(|effect| fits(&effect.action));
        let Some(at) = at else {
            panic!("no {what} among {:?}", self.open)
        };
        self.open.remove(at)
    }

    fn has(&self, fits: impl Fn(&Action) -> bool) -> bool {
        self.open.iter().any(|effect| fits(&effect.action))
    }

    fn put(&mut self) -> Effect {
        self.take("put", |action| matches!(action, Action::Put(_)))
    }

    fn puts(&self) -> usize {
        let puts = |effect: &&Effect| matches!(effect.action, Action::Put(_));
        self.open.iter().filter(puts).count()
    }

    fn timestamp(&self) -> Timestamp {
        // The browser's clock is an hour wrong, and nothing depends on it.
        Timestamp::from_unix_millis(EPOCH + i64::try_from(self.now).unwrap()).unwrap()
    }

    fn signed(&self, request: &PresignUpload) -> Reply {
        let plan = self.transfer.plan.unwrap();
        let expires =
            self.timestamp().unix_millis() + i64::try_from(self.lifetime * 1_000).unwrap();
        let numbers = numbers_of(request);
        Reply::Signed(PresignedUpload {
            bucket: "raw-scans".to_owned(),
            key: "in/scan.tif".to_owned(),
            upload_id: "u-1".to_owned(),
            part_size: plan.part_size(),
            total_parts: plan.count(),
            urls: numbers
                .into_iter()
                .map(|part_number| PartUrl {
                    part_number,
                    url: format!("http://store/{part_number}?now={}", self.now),
                    headers: BTreeMap::new(),
                })
                .collect(),
            expires_in: self.lifetime,
            server_time: self.timestamp(),
            expires_at: Timestamp::from_unix_millis(expires).unwrap(),
        })
    }

    fn begin(&mut self) {
        self.slots();
        let begin = self.take("begin", |action| matches!(action, Action::Begin(_)));
        let Action::Begin(request) = &begin.action else {
            unreachable!()
        };
        let reply = self.signed(request);
        self.answer(&begin, Ok(reply));
        self.slots();
    }

    fn sign(&mut self) -> Vec<u32> {
        let sign = self.take("sign", |action| matches!(action, Action::Sign(_)));
        let Action::Sign(request) = &sign.action else {
            unreachable!()
        };
        let numbers = numbers_of(request);
        let reply = self.signed(request);
        self.answer(&sign, Ok(reply));
        self.slots();
        numbers.into_iter().map(PartNumber::get).collect()
    }

    fn sign_whole(&mut self) {
        self.slots();
        let sign = self.take("sign", |action| matches!(action, Action::SignWhole(_)));
        let Action::SignWhole(Presign(request)) = &sign.action else {
            unreachable!()
        };
        assert_eq!(request.content_type.as_deref(), Some("image/tiff"));
        let expires =
            self.timestamp().unix_millis() + i64::try_from(self.lifetime * 1_000).unwrap();
        let reply = Reply::SignedWhole(PresignedUrl {
            url: format!("http://store/whole?now={}", self.now),
            bucket: request.bucket.clone(),
            key: request.key.clone(),
            expires_in: self.lifetime,
            method: crate::presign::PresignMethod::PutObject,
            server_time: self.timestamp(),
            expires_at: Timestamp::from_unix_millis(expires).unwrap(),
            headers: BTreeMap::new(),
            warnings: Vec::new(),
        });
        self.answer(&sign, Ok(reply));
    }

    fn store_all(&mut self) {
        while self.puts() > 0 {
            let put = self.put();
            self.answer(&put, Ok(Reply::Stored));
            self.slots();
        }
    }

    fn list(&mut self, pages: Vec<PartPage>) {
        for page in pages {
            let list = self.take("list", |action| matches!(action, Action::ListParts(_)));
            self.answer(&list, Ok(Reply::Listed(page)));
        }
        self.slots();
    }

    fn probe(&mut self, readable: bool) {
        let probe = self.take("probe", |action| matches!(action, Action::Probe));
        self.answer(&probe, Ok(Reply::Readable(readable)));
        self.slots();
    }

    fn complete(&mut self) -> Vec<u32> {
        let complete = self.take("complete", |action| matches!(action, Action::Complete(_)));
        let Action::Complete(request) = &complete.action else {
            unreachable!()
        };
        let numbers = request.body.parts.iter().map(|p| p.part_number.get());
        let numbers = numbers.collect();
        self.answer(
            &complete,
            Ok(Reply::Completed(CompletedUpload {
                bucket: "raw-scans".to_owned(),
                key: "in/scan.tif".to_owned(),
                etag: None,
                version_id: None,
            })),
        );
        numbers
    }

    fn confirm(&mut self, object: Option<Object>) {
        let confirm = self.take("confirm", |action| matches!(action, Action::Confirm(_)));
        let page = ObjectPage {
            objects: object.into_iter().collect(),
            ..ObjectPage::default()
        };
        self.answer(&confirm, Ok(Reply::Objects(page)));
    }

    fn object(&self, size: u64, etag: &str) -> Object {
        Object {
            key: "in/scan.tif".to_owned(),
            size,
            last_modified: Some(self.timestamp()),
            etag: Some(etag.to_owned()),
            storage_class: None,
            owner: None,
        }
    }

    /// Lets time pass until the next timer and rings it.
    fn wake(&mut self) -> u64 {
        let at = |effect: &Effect| match effect.action {
            Action::Wake { at } => Some(at),
            _ => None,
        };
        let next = self.open.iter().filter_map(at).min().expect("a timer");
        let timer = self.take(
            "timer",
            |action| matches!(action, Action::Wake { at } if *at == next),
        );
        let waited = next - self.now;
        self.now = next;
        self.answer(&timer, Ok(Reply::Woke));
        self.slots();
        waited
    }

    fn state(&self) -> State {
        self.transfer.state()
    }

    fn why(&self) -> Why {
        self.transfer.fault().expect("a fault").why.clone()
    }
}

/// What the store calls a part: any MD5.
fn tag_of_part(number: u32) -> String {
    format!("\"{number:032x}\"")
}

/// What the object is called whose parts are called so.
fn tag_of_all(count: u32) -> String {
    let tags: Vec<String> = (1..=count).map(tag_of_part).collect();
    let tag = tag_of(tags.iter().map(String::as_str));
    format!("\"{}\"", tag.unwrap())
}

fn page(plan: PartPlan, numbers: impl Iterator<Item = u32>) -> PartPage {
    let parts: Vec<Part> = numbers
        .map(|n| {
            let part_number = PartNumber::new(n).unwrap();
            let range = plan.range(part_number).unwrap();
            Part {
                part_number,
                etag: Some(tag_of_part(n)),
                size: Some(range.end - range.start),
                last_modified: None,
                checksum_crc32c: None,
            }
        })
        .collect();
    PartPage {
        bucket: "raw-scans".to_owned(),
        key: "in/scan.tif".to_owned(),
        upload_id: "u-1".to_owned(),
        next_part_number_marker: parts.last().map(|part| part.part_number.get()),
        parts,
        is_truncated: false,
        initiator: None,
        abort_date: None,
        checksum_algorithm: None,
    }
}

fn store(status: u16, code: &str) -> Failure {
    Failure::store(status, &format!("<Error><Code>{code}</Code></Error>"))
}

fn hako(code: ErrorCode) -> Failure {
    Failure::hako(&Problem::new(code, "words"))
}

fn plan(size: u64) -> PartPlan {
    PartPlan::new(size, 25 * MB).unwrap()
}

fn at_completing() -> Bench {
    let mut bench = Bench::new(300 * MB);
    bench.begin();
    bench.store_all();
    bench.list(vec![page(plan(300 * MB), 1..=12)]);
    bench.probe(true);
    bench
}

fn lose_completion(bench: &mut Bench) {
    let complete = bench.take("complete", |action| matches!(action, Action::Complete(_)));
    bench.answer(&complete, Err(hako(ErrorCode::StoreTimeout)));
    bench.wake();
    let complete = bench.take("complete", |action| matches!(action, Action::Complete(_)));
    bench.answer(&complete, Err(hako(ErrorCode::UploadNotFound)));
}
