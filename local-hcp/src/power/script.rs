//! A run of writes, and what a store must hold after it was cut short anywhere.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use aws_sdk_s3::{
    Client,
    operation::get_object::GetObjectError,
    primitives::ByteStream,
    types::{CompletedMultipartUpload, CompletedPart},
};
use model::{TenantName, Username, mapi::Role};

use super::{client::client, disk::FrailDisk};
use crate::{
    Clock, Config, Error, Journal, LocalHcp, Profile,
    check::{ProblemKind, Report, check},
    files::{Layout, Limits},
    packages::Packages,
    store::{Store, open},
};

pub(super) const BUCKET: &str = "lasting";
pub(super) const USER: &str = "demo";

/// What may be under a key; `None`: nothing.
type Held = Option<Vec<u8>>;

/// For each key what it may hold: one thing once that is acknowledged, two while a write is under
/// way.
#[derive(Default)]
pub(super) struct Promises(BTreeMap<&'static str, Vec<Held>>);

enum Step {
    Put(&'static str, usize),
    Parts(&'static str, [usize; 2]),
    Copy(&'static str, &'static str),
    Delete(&'static str),
}

/// Each step with the number of files that there are after it.
const SCRIPT: &[(Step, usize)] = &[
    (Step::Put("in-a-row", 5), 0),
    (Step::Put("in-a-file", 20_000), 1),
    (Step::Put("of-blocks", 1_200_000), 2),
    (Step::Put("in-a-file", 30_000), 2),
    (Step::Parts("of-parts", [1_048_576, 20_001]), 4),
    (Step::Copy("of-blocks", "copied"), 4),
    (Step::Delete("of-blocks"), 4),
    (Step::Put("copied", 17_000), 4),
    (Step::Delete("of-parts"), 2),
    (Step::Put("in-a-row", 25_000), 3),
    (Step::Put("in-a-file", 6), 2),
];

/// Makes a store with its accounts and bucket, closed again, of which only the database is left.
pub(super) async fn template(folder: &Path) {
    let hcp = open_store(Layout::new(folder)).unwrap();
    let (tenant, user) = (
        TenantName::parse(USER).unwrap(),
        Username::parse(USER).unwrap(),
    );
    hcp.create_tenant(&tenant).await.unwrap();
    let roles = [Role::Administrator];
    hcp.create_user(&tenant, &user, USER, &roles, true)
        .await
        .unwrap();
    let s3 = client(hcp.s3_router(), USER, USER);
    s3.create_bucket().bucket(BUCKET).send().await.unwrap();
    hcp.close().await;
    for part in ["blobs", "tmp"] {
        std::fs::remove_dir(folder.join(part)).unwrap();
    }
}

/// Opens the store without its endpoints.
pub(super) fn open_store(layout: Layout) -> Result<LocalHcp, Error> {
    let config = Config {
        data_dir: layout.root().to_owned(),
        s3_domain: "localhost".to_owned(),
        allowed_origin: Arc::new(|_origin| false),
        reserve_bytes: 0,
        files_dir: None,
        inline_bytes: 16 * 1024,
        chargeback_days: 180,
        audit_days: 365,
        operation_days: 180,
        profile: Profile::Standard,
        clock: Clock::system(),
        journal: Journal::default(),
        settings: String::new(),
    };
    let folder = layout.root().to_owned();
    Ok(LocalHcp {
        store: Store::open_on(layout, Limits::default(), open::PATIENCE)?,
        packages: Packages::open(&folder, config.clock.clone())?,
        config: Arc::new(config),
    })
}

/// Runs the script until its end or the disk's. Returns what was promised.
pub(super) async fn run(disk: &FrailDisk, folder: &Path) -> Promises {
    let mut promises = Promises::default();
    // Without power it does not even open.
    let Ok(hcp) = open_store(Layout::on(Arc::new(disk.clone()), folder)) else {
        assert!(disk.is_gone());
        return promises;
    };
    let s3 = client(hcp.s3_router(), USER, USER);
    for (step, files) in SCRIPT {
        let acknowledged = promises.take(&s3, step).await;
        if acknowledged {
            disk.catch_up();
            // Files are removed after the answer.
            while !disk.is_gone() && disk.stored() != *files {
                tokio::task::yield_now().await;
            }
        }
        if disk.is_gone() {
            break;
        }
        assert!(acknowledged);
    }
    hcp.close().await;
    promises
}

impl Promises {
    /// Does a step; true when the store says that it is done.
    async fn take(&mut self, s3: &Client, step: &Step) -> bool {
        let (key, new) = match *step {
            Step::Put(key, size) => (key, Some(content(size))),
            Step::Parts(key, sizes) => (key, Some(sizes.map(content).concat())),
            Step::Copy(from, to) => (to, self.0[from][0].clone()),
            Step::Delete(key) => (key, None),
        };
        let held = self.0.entry(key).or_insert_with(|| vec![None]);
        held.push(new.clone());
        let done = match step {
            Step::Put(_, size) => {
                let body = ByteStream::from(content(*size));
                let put = s3.put_object().bucket(BUCKET).key(key).body(body);
                put.send().await.is_ok()
            }
            Step::Parts(_, sizes) => parts(s3, key, sizes).await.is_some(),
            Step::Copy(from, _) => {
                let copy = s3.copy_object().bucket(BUCKET).key(key);
                let copy = copy.copy_source(format!("{BUCKET}/{from}"));
                copy.send().await.is_ok()
            }
            Step::Delete(_) => {
                let delete = s3.delete_object().bucket(BUCKET).key(key);
                delete.send().await.is_ok()
            }
        };
        if done {
            *held = vec![new];
        }
        done
    }

    /// What is wrong with the store in `folder`, after these promises: all that a user could notice.
    pub(super) async fn broken(&self, folder: &Path) -> Vec<String> {
        let found = |report: Report, orphans: bool| {
            report
                .problems
                .into_iter()
                .filter(move |one| orphans == (one.kind == ProblemKind::Orphan))
                .map(|one| format!("{:?}: {}", one.file, one.what))
        };
        let mut broken: Vec<String> = found(check(folder, true).unwrap(), false).collect();
        let hcp = open_store(Layout::new(folder)).unwrap();
        let s3 = client(hcp.s3_router(), USER, USER);
        for (key, may_be) in &self.0 {
            let held = read(&s3, key).await;
            if !held.as_ref().is_ok_and(|held| may_be.contains(held)) {
                let held = held.map(|held| held.map(|bytes| bytes.len()));
                broken.push(format!("{key} holds {held:?}"));
            }
        }
        hcp.close().await;
        // The start has collected what belonged to nothing.
        broken.extend(found(check(folder, false).unwrap(), true));
        broken
    }
}

async fn parts(s3: &Client, key: &str, sizes: &[usize]) -> Option<()> {
    let create = s3.create_multipart_upload().bucket(BUCKET).key(key);
    let upload = create.send().await.ok()?.upload_id?;
    let mut done = CompletedMultipartUpload::builder();
    for (number, size) in (1..).zip(sizes) {
        let part = s3.upload_part().bucket(BUCKET).key(key).upload_id(&upload);
        let body = ByteStream::from(content(*size));
        let part = part.part_number(number).body(body).send().await.ok()?;
        let part = CompletedPart::builder()
            .part_number(number)
            .e_tag(part.e_tag?)
            .build();
        done = done.parts(part);
    }
    let complete = s3.complete_multipart_upload().bucket(BUCKET).key(key);
    let complete = complete.upload_id(upload).multipart_upload(done.build());
    complete.send().await.ok().map(|_| ())
}

/// What is under a key, or in words why that cannot be said.
pub(super) async fn read(s3: &Client, key: &str) -> Result<Held, String> {
    let get = s3.get_object().bucket(BUCKET).key(key).send().await;
    match get {
        Ok(answer) => match answer.body.collect().await {
            Ok(bytes) => Ok(Some(bytes.to_vec())),
            Err(error) => Err(error.to_string()),
        },
        Err(error)
            if error
                .as_service_error()
                .is_some_and(GetObjectError::is_no_such_key) =>
        {
            Ok(None)
        }
        Err(error) => Err(format!("{error:?}")),
    }
}

/// Bytes that no other size begins with.
pub(super) fn content(size: usize) -> Vec<u8> {
    let mut state = size as u64;
    (0..size)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            state.to_be_bytes()[1]
        })
        .collect()
}
