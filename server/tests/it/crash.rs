//! The program is killed while it works; what it had acknowledged is there when it starts again.
//!
//! `HAKO_SOAK_ROUNDS` says how often (3 when absent), `HAKO_SOAK_SEED` repeats a run.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use futures::StreamExt;
use hcp::{Body, GetOptions, PutOptions, S3, Store};
use model::{
    BucketName, ObjectKey, PartNumber, Username, auth::Login, multipart::CompletedPart,
    object::ListObjectsQuery,
};
use rand::{Rng, RngCore, SeedableRng, rngs::StdRng};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::sync::Semaphore;

use crate::app::{DEMO_SECRET_KEY, config};

const WRITERS: usize = 8;
const KEYS: usize = 5;

/// What an object holds: the digest of its bytes; `None`: there is no object.
type State = Option<[u8; 32]>;

/// For each key, what may be there: one state, or, while an operation has no answer, two.
type Book = Arc<Mutex<BTreeMap<String, Vec<State>>>>;

/// The program on a data folder.
struct Program {
    child: Child,
    s3: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(data: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hako"));
    command.env_clear().current_dir(data.path());
    for (name, value) in [
        ("HAKO_ADDR", "127.0.0.1:0"),
        ("HAKO_S3_ADDR", "127.0.0.1:0"),
        ("HAKO_MAPI_ADDR", "127.0.0.1:0"),
        ("HAKO_DATA_DIR", "data"),
        ("HAKO_DISK_RESERVE_MB", "0"),
        (
            "HAKO_SITE_CONFIG",
            concat!(env!("CARGO_MANIFEST_DIR"), "/../Leptos.toml"),
        ),
    ] {
        command.env(name, value);
    }
    command
}

impl Program {
    /// Starts it and reads where it listens.
    fn start(data: &TempDir) -> Self {
        let mut child = command(data)
            .args(["serve", "--demo"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines
            .by_ref()
            .map(Result::unwrap)
            .find(|line| line.starts_with("S3 endpoint"))
            .expect("the program ended before it listened");
        let s3 = line.split_whitespace().last().unwrap().to_owned();
        Self { child, s3 }
    }

    fn client(&self, data: &TempDir) -> S3 {
        let settings = [
            ("STORAGE_BACKEND", "generic"),
            ("S3_ENDPOINT_URL", self.s3.as_str()),
            ("API_SECRET_KEY", "0123456789abcdef0123456789abcdef"),
        ];
        let store = Store::new(config(data, &settings).store(None)).unwrap();
        let login = Login {
            tenant: None,
            username: Username::parse("ZGVtby9kZW1v").unwrap(),
        };
        let credentials = store.credentials(&login, DEMO_SECRET_KEY);
        store.s3(&credentials).unwrap()
    }

    /// As the power of the kernel ends it: nothing is finished, nothing is told.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn bucket() -> BucketName {
    BucketName::parse("crash").unwrap()
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// One writer: works on keys of its own until it is told to stop or the store is gone.
struct Writer {
    s3: S3,
    name: usize,
    random: StdRng,
    book: Book,
    /// One permit for every answer.
    answers: Arc<Semaphore>,
    stop: Arc<AtomicBool>,
}

impl Writer {
    fn bytes(&mut self, least: usize, most: usize) -> Vec<u8> {
        let mut bytes = vec![0; self.random.random_range(least..=most)];
        self.random.fill_bytes(&mut bytes);
        bytes
    }

    fn key(&mut self) -> String {
        format!("{}/{}", self.name, self.random.random_range(0..KEYS))
    }

    async fn run(mut self) {
        while !self.stop.load(Ordering::Relaxed) {
            let name = self.key();
            let key = ObjectKey::parse(name.as_str()).unwrap();
            let done = match self.random.random_range(0..10) {
                0..4 => {
                    let bytes = self.bytes(0, 10_000);
                    self.put(&name, &key, bytes).await
                }
                4..7 => {
                    let bytes = self.bytes(17_000, 300_000);
                    self.put(&name, &key, bytes).await
                }
                7 => {
                    self.expect(&name, None);
                    self.s3.delete_object(&bucket(), &key, None).await
                }
                8 => self.parts(&name, &key).await,
                _ => self.copy(&name, &key).await,
            };
            if done.is_err() {
                return;
            }
            self.settle(&name);
            self.answers.add_permits(1);
        }
    }

    /// From now on the key may hold this as well.
    fn expect(&self, name: &str, state: State) {
        let mut book = self.book.lock().unwrap();
        book.entry(name.to_owned())
            .or_insert_with(|| vec![None])
            .push(state);
    }

    /// The last expectation is answered: nothing else is there.
    fn settle(&self, name: &str) {
        let mut book = self.book.lock().unwrap();
        let states = book.get_mut(name).unwrap();
        states.drain(..states.len() - 1);
    }

    async fn put(&self, name: &str, key: &ObjectKey, bytes: Vec<u8>) -> Result<(), hcp::Error> {
        self.expect(name, Some(digest(&bytes)));
        let body = Body::from_bytes(bytes);
        let (bucket, options) = (bucket(), PutOptions::default());
        let stored = self.s3.put_object(&bucket, key, body, options).await;
        stored.map(|_stored| ())
    }

    async fn parts(&mut self, name: &str, key: &ObjectKey) -> Result<(), hcp::Error> {
        let parts = [self.bytes(1_048_576, 1_100_000), self.bytes(1, 50_000)];
        let id = self.s3.create_upload(&bucket(), key, None).await?;
        let mut named = Vec::new();
        for (number, bytes) in (1..).zip(&parts) {
            let part_number = PartNumber::new(number).unwrap();
            let body = Body::from_bytes(bytes.clone());
            let etag = self
                .s3
                .upload_part(&bucket(), key, &id, part_number, body)
                .await?;
            named.push(CompletedPart {
                part_number,
                etag,
                checksum_crc32c: None,
            });
        }
        self.expect(name, Some(digest(&parts.concat())));
        let done = self.s3.complete_upload(&bucket(), key, &id, &named).await;
        done.map(|_stored| ())
    }

    /// Copies another key of this writer, if it holds something.
    async fn copy(&mut self, name: &str, key: &ObjectKey) -> Result<(), hcp::Error> {
        let from = self.key();
        let held = self.book.lock().unwrap().get(&from).cloned();
        let Some([Some(state)]) = held.as_deref() else {
            self.expect(name, None);
            return self.s3.delete_object(&bucket(), key, None).await;
        };
        if from == name {
            self.expect(name, Some(*state));
            return Ok(());
        }
        self.expect(name, Some(*state));
        let from = ObjectKey::parse(from.as_str()).unwrap();
        let copied = self.s3.copy_object(&bucket(), &from, &bucket(), key).await;
        copied.map(|_stored| ())
    }
}

/// Reads a key; it must be whole.
async fn read(s3: &S3, name: &str) -> State {
    let key = ObjectKey::parse(name).unwrap();
    let read = s3.get_object(&bucket(), &key, GetOptions::default()).await;
    let mut stream = match read {
        Ok(stream) => stream.body,
        Err(error) if matches!(error.kind(), hcp::ErrorKind::NotFound { .. }) => return None,
        Err(error) => panic!("{name}: {error}"),
    };
    let mut sum = Sha256::new();
    while let Some(bytes) = stream.next().await {
        sum.update(bytes.unwrap());
    }
    Some(sum.finalize().into())
}

/// What is there must be what was acknowledged, or what was asked for without an answer.
async fn verify(s3: &S3, book: &Book) {
    let names: Vec<String> = book.lock().unwrap().keys().cloned().collect();
    let mut held = Vec::new();
    for name in names {
        let found = read(s3, &name).await;
        let mut book = book.lock().unwrap();
        let allowed = book.get_mut(&name).unwrap();
        assert!(allowed.contains(&found), "{name} holds something else");
        *allowed = vec![found];
        if found.is_some() {
            held.push(name);
        }
    }
    let (bucket, query) = (bucket(), ListObjectsQuery::default());
    let page = s3.list_objects(&bucket, &query).await.unwrap();
    let listed: Vec<String> = page.objects.into_iter().map(|object| object.key).collect();
    assert_eq!(listed, held);
}

/// Nothing lies around, nothing is missing, and every counter equals a full recount.
fn check(data: &TempDir) {
    let out = command(data)
        .args(["local", "check", "--deep"])
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&out.stdout);
    assert_eq!(out.status.code(), Some(0), "{report}");
}

fn number(name: &str) -> Option<u64> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a switch of the tests, not of the product"
    )]
    std::env::var(name).ok()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_being_killed() {
    let rounds = number("HAKO_SOAK_ROUNDS").unwrap_or(3);
    let seed = number("HAKO_SOAK_SEED").unwrap_or_else(|| rand::rng().next_u64());
    println!("HAKO_SOAK_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let data = tempfile::tempdir().unwrap();
    let book = Book::default();
    let mut program = Program::start(&data);
    let s3 = program.client(&data);
    s3.create_bucket(&bucket()).await.unwrap();
    for _round in 0..rounds {
        let s3 = program.client(&data);
        let answers = Arc::new(Semaphore::new(0));
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..WRITERS)
            .map(|name| {
                let writer = Writer {
                    s3: s3.clone(),
                    name,
                    random: StdRng::seed_from_u64(random.next_u64()),
                    book: Arc::clone(&book),
                    answers: Arc::clone(&answers),
                    stop: Arc::clone(&stop),
                };
                tokio::spawn(writer.run())
            })
            .collect();
        // Killed in the middle of whatever is under way when so many answers have come.
        let enough = random.random_range(20..200);
        let _permits = answers.acquire_many(enough).await.unwrap();
        program.kill();
        stop.store(true, Ordering::Relaxed);
        for writer in writers {
            writer.await.unwrap();
        }
        program = Program::start(&data);
        verify(&program.client(&data), &book).await;
    }
    drop(program);
    // The start after a kill has collected what belonged to nothing.
    drop(Program::start(&data));
    check(&data);
}
