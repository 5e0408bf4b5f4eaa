//! Marks and answers that all servers with one Redis share.
//!
//! A mark is a random value that Redis forgets when no answer can be older. Answers are sealed under a
//! key of the deployment: they may hold what only a few may see, and who reads Redis, or writes to it,
//! is not one of them.
//!
//! A Redis in trouble never holds up a call for long: each question has a limit, and after one that
//! failed Redis is left alone for a while. Marks that could not be written are written later, and until
//! then this server keeps nothing and tells nothing that was kept.

use std::{
    collections::BTreeMap,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use model::Timestamp;
use rand::RngCore;
use redis::{AsyncCommands, RedisError, aio::ConnectionManager};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::{task::JoinHandle, time::Instant};

use super::{Answer, Kept, Key, Lifetimes, policy};
use crate::{db::RedisRevocations, session::SecretKey};

/// How much longer a mark is remembered than an answer is kept: longer than any call takes.
const GRACE: Duration = Duration::from_hours(2);
/// Marks that wait to be written; past that, one for everything takes their place.
const WAITING: usize = 10_000;
/// What an absent mark is read as.
const NEVER_WRITTEN: &str = "-";
const NONCE_BYTES: usize = 24;

/// How long Redis is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How long one question may take.
    pub limit: Duration,
    /// How long Redis is left alone after one that failed.
    pub rest: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            limit: Duration::from_millis(250),
            rest: Duration::from_secs(5),
        }
    }
}

/// The part of the cache that is in Redis.
#[derive(Clone)]
pub struct RedisAnswers(Arc<Shared>);

struct Shared {
    connection: ConnectionManager,
    cipher: XChaCha20Poly1305,
    /// How long a mark is remembered, in seconds.
    remembered: u64,
    patience: Patience,
    trouble: Mutex<Trouble>,
}

/// How Redis does.
#[derive(Default)]
struct Trouble {
    /// Until when it is left alone.
    until: Option<Instant>,
    /// Whether that it fails was logged.
    is_logged: bool,
    /// The names of marks that are to be written, each with the number of the change that asked last.
    waiting: BTreeMap<String, u64>,
    changes: u64,
    /// Whether somebody tries again and again.
    is_retried: bool,
}

/// What stands before an answer's body, in a line of its own.
#[derive(Serialize, Deserialize)]
struct Head {
    at: i64,
    lifetime: u64,
    software_version: Option<String>,
}

impl RedisAnswers {
    /// Shares a connection.
    pub fn new(
        revocations: &RedisRevocations,
        secret: &SecretKey,
        lifetimes: &Lifetimes,
        patience: Patience,
    ) -> Self {
        Self(Arc::new(Shared {
            connection: revocations.connection(),
            cipher: XChaCha20Poly1305::new(&secret.derive(b"cache").into()),
            remembered: (lifetimes.longest() + GRACE).as_secs(),
            patience,
            trouble: Mutex::default(),
        }))
    }

    /// The present values of marks; `None` where Redis does not say.
    pub(super) async fn stamp(&self, system: &str, marks: &[String]) -> Option<String> {
        if !self.0.trouble().waiting.is_empty() {
            return None;
        }
        let names: Vec<String> = marks.iter().map(|mark| mark_name(system, mark)).collect();
        let mut redis = self.0.connection.clone();
        let values: Vec<Option<String>> = self.0.ask(redis.mget(names)).await?;
        let words = values
            .iter()
            .map(|value| value.as_deref().unwrap_or(NEVER_WRITTEN));
        Some(words.collect::<Vec<_>>().join(" "))
    }

    /// Writes marks, at once or as soon as Redis takes them. Dropping the handle stops nothing.
    pub(super) fn write(&self, system: &str, marks: &[String]) -> JoinHandle<()> {
        self.0.trouble().note(system, marks);
        let shared = Arc::clone(&self.0);
        tokio::spawn(async move {
            if !shared.flush().await && shared.trouble().start_retrying() {
                tokio::spawn(retry(Arc::downgrade(&shared), shared.patience.rest));
            }
        })
    }

    /// An answer that some server kept.
    pub(super) async fn find(&self, key: &Key) -> Option<Kept> {
        let mut redis = self.0.connection.clone();
        let sealed: Option<Vec<u8>> = self.0.ask(redis.get(answer_name(key))).await?;
        self.0.open(key, &sealed?)
    }

    /// Keeps an answer for all servers.
    pub(super) async fn keep(&self, key: &Key, kept: &Kept) {
        let Some(sealed) = self.0.seal(key, kept) else {
            return;
        };
        let mut redis = self.0.connection.clone();
        let seconds = kept.lifetime.as_secs().max(1);
        let _: Option<()> = self
            .0
            .ask(redis.set_ex(answer_name(key), sealed, seconds))
            .await;
    }
}

impl Trouble {
    fn note(&mut self, system: &str, marks: &[String]) {
        self.changes += 1;
        let change = self.changes;
        if self.waiting.len() > WAITING {
            self.waiting.clear();
            let all = mark_name(system, &policy::everything());
            self.waiting.insert(all, change);
        }
        let names = marks.iter().map(|mark| (mark_name(system, mark), change));
        self.waiting.extend(names);
    }

    /// Whether the caller is the one who tries from now on.
    fn start_retrying(&mut self) -> bool {
        !std::mem::replace(&mut self.is_retried, true)
    }
}

impl Shared {
    fn trouble(&self) -> MutexGuard<'_, Trouble> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What Redis answers, where it does so in time and is not left alone.
    async fn ask<T>(&self, question: impl Future<Output = Result<T, RedisError>>) -> Option<T> {
        if self.trouble().until.is_some_and(|end| Instant::now() < end) {
            return None;
        }
        let answer = tokio::time::timeout(self.patience.limit, question).await;
        let mut trouble = self.trouble();
        let kind = match answer {
            Ok(Ok(answer)) => {
                trouble.until = None;
                if std::mem::take(&mut trouble.is_logged) {
                    tracing::info!("Redis answers again: management answers are kept");
                }
                return Some(answer);
            }
            Ok(Err(error)) => Some(error.kind()),
            Err(_late) => None,
        };
        trouble.until = Some(Instant::now() + self.patience.rest);
        if !std::mem::replace(&mut trouble.is_logged, true) {
            // Its own words may repeat the address, password included.
            let kind = kind.map_or_else(|| "too slow".to_owned(), |kind| format!("{kind:?}"));
            tracing::warn!(
                redis.failure = kind,
                "Redis fails: management is asked each time until it answers again"
            );
        }
        None
    }

    /// Writes the marks that wait; whether none is left.
    async fn flush(&self) -> bool {
        let waiting = self.trouble().waiting.clone();
        if waiting.is_empty() {
            return true;
        }
        let mut pipeline = redis::pipe();
        for name in waiting.keys() {
            pipeline
                .set_ex(name, random_mark(), self.remembered)
                .ignore();
        }
        let mut redis = self.connection.clone();
        if self.ask(pipeline.exec_async(&mut redis)).await.is_none() {
            return false;
        }
        let mut trouble = self.trouble();
        // What a later change noted anew has to be written anew: it may have come too late for this.
        trouble
            .waiting
            .retain(|name, change| waiting.get(name) != Some(change));
        trouble.waiting.is_empty()
    }

    fn seal(&self, key: &Key, kept: &Kept) -> Option<Vec<u8>> {
        let head = Head {
            at: kept.at.unix_seconds(),
            lifetime: kept.lifetime.as_secs(),
            software_version: kept.answer.software_version.clone(),
        };
        let mut clear = serde_json::to_vec(&head).ok()?;
        clear.push(b'\n');
        clear.extend_from_slice(&kept.answer.body);
        let mut sealed = vec![0; NONCE_BYTES];
        rand::rng().fill_bytes(&mut sealed);
        let nonce = XNonce::try_from(sealed.as_slice()).ok()?;
        let payload = Payload {
            msg: &clear,
            aad: key,
        };
        sealed.extend(self.cipher.encrypt(&nonce, payload).ok()?);
        Some(sealed)
    }

    /// What was sealed; `None` where somebody else wrote it, or for another key.
    fn open(&self, key: &Key, sealed: &[u8]) -> Option<Kept> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES)?;
        let payload = Payload {
            msg: sealed,
            aad: key,
        };
        let nonce = XNonce::try_from(nonce).ok()?;
        let clear = Bytes::from(self.cipher.decrypt(&nonce, payload).ok()?);
        let end = clear.iter().position(|byte| *byte == b'\n')?;
        let head: Head = serde_json::from_slice(&clear[..end]).ok()?;
        Some(Kept {
            answer: Answer {
                body: clear.slice(end + 1..),
                software_version: head.software_version,
            },
            at: Timestamp::from_unix_seconds(head.at)?,
            lifetime: Duration::from_secs(head.lifetime),
        })
    }
}

/// Tries again and again to write the marks that wait, while there is a cache.
async fn retry(shared: Weak<Shared>, rest: Duration) {
    loop {
        tokio::time::sleep(rest).await;
        let Some(shared) = shared.upgrade() else {
            return;
        };
        if shared.flush().await {
            let mut trouble = shared.trouble();
            if trouble.waiting.is_empty() {
                trouble.is_retried = false;
                return;
            }
        }
    }
}

fn random_mark() -> String {
    let mut random = [0; 12];
    rand::rng().fill_bytes(&mut random);
    URL_SAFE_NO_PAD.encode(random)
}

/// Names are digests: who lists them learns no names of tenants and users.
fn mark_name(system: &str, mark: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(system.as_bytes());
    digest.update([0]);
    digest.update(mark.as_bytes());
    format!("hako:mark:{}", URL_SAFE_NO_PAD.encode(digest.finalize()))
}

fn answer_name(key: &Key) -> String {
    format!("hako:answer:{}", URL_SAFE_NO_PAD.encode(key))
}
