//! What management said lately, kept for who was told it.
//!
//! An answer is kept for one identity: tenant, user and secret are in its key by a keyed digest, so that
//! nobody is ever told what another account, another tenant or a wrong password was told. A change drops
//! for everybody what it may have changed: every path has marks, a change writes new ones, and the marks
//! that were read *before* an answer was fetched are part of the answer's key. An answer that a change
//! overtook is thus under a key that nobody asks for any more, whichever server fetched it.
//!
//! Answers are in memory, bounded in bytes. With Redis the marks are there, for all servers, and the
//! answers too, sealed. A Redis that fails, or is slow, means that management is asked each time.

mod call;
mod marks;
mod policy;
mod redis;

use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use model::{BucketName, TenantName, Timestamp, endpoint::encode};
use moka::{Expiry, future::Cache as Memory};
use sha2::{Digest, Sha256};

use self::marks::OwnMarks;
pub use self::{
    policy::Lifetimes,
    redis::{Patience, RedisAnswers},
};
use crate::{config::CacheConfig, state::Clock};

/// How much memory answers take at most, in bytes.
const CAPACITY: u64 = 64 * model::unit::MB;
/// Answers above this are not kept.
const LARGEST: usize = 4 * 1024 * 1024;
/// What an entry takes beside its body.
const OVERHEAD: usize = 256;

/// What an answer is kept under.
type Key = [u8; 32];

/// The answers of the management API. Clones are the same cache.
#[derive(Clone)]
pub struct Cache(Arc<Inner>);

struct Inner {
    memory: Memory<Key, Kept>,
    marks: Marks,
    lifetimes: Lifetimes,
    system: String,
    clock: Clock,
}

/// Where the marks are: with this server, or with all.
enum Marks {
    Own(OwnMarks),
    Shared(RedisAnswers),
}

/// A read of the management API, and who asks.
#[derive(Clone, Debug)]
pub struct Read<'a> {
    /// The keyed digest of tenant, user and secret ([`crate::session::Tokens::owner`]).
    pub owner: &'a str,
    /// The path, percent-encoded, beginning with `/mapi`.
    pub path: &'a str,
    /// The parameters, in any order.
    pub query: &'a [(&'a str, String)],
    /// Whether what is kept does not do (`Cache-Control: no-cache`).
    pub anew: bool,
}

/// A good answer of the management API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HCP's JSON.
    pub body: Bytes,
    /// The version of HCP's software, as its header says.
    pub software_version: Option<String>,
}

/// Where an answer came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// It was kept, for so many seconds.
    Hit(u64),
    /// It was fetched, and is kept.
    Miss,
    /// It was fetched: such reads are not kept, or cannot be now.
    Unkept,
}

/// An answer with its time.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    answer: Answer,
    at: Timestamp,
    lifetime: Duration,
}

impl Kept {
    /// Its age in seconds, while it is good. Of one from the future the clocks differ: it is new.
    fn age(&self, now: Timestamp) -> Option<u64> {
        let age = now.unix_seconds().saturating_sub(self.at.unix_seconds());
        let age = age.max(0).unsigned_abs();
        (age < self.lifetime.as_secs()).then_some(age)
    }
}

/// Frees the memory of what is over.
struct Over;

impl Expiry<Key, Kept> for Over {
    fn expire_after_create(&self, _: &Key, kept: &Kept, _: Instant) -> Option<Duration> {
        Some(kept.lifetime)
    }
}

/// That the one who fetched for all has nothing to be kept.
struct NotKept;

impl Cache {
    /// An empty cache; `system` tells the HCP apart from others whose answers are in the same Redis.
    pub fn new(
        config: &CacheConfig,
        system: String,
        shared: Option<RedisAnswers>,
        clock: Clock,
    ) -> Self {
        let weight = |_: &Key, kept: &Kept| {
            u32::try_from(kept.answer.body.len() + OVERHEAD).unwrap_or(u32::MAX)
        };
        let memory = Memory::builder()
            .max_capacity(CAPACITY)
            .weigher(weight)
            .expire_after(Over)
            .build();
        Self(Arc::new(Inner {
            memory,
            marks: shared.map_or_else(|| Marks::Own(OwnMarks::default()), Marks::Shared),
            lifetimes: config.lifetimes,
            system,
            clock,
        }))
    }

    /// Answers a read: with what is kept, or by `fetch`. Who asks the same at the same time waits for
    /// the first one's answer; where that fails, each asks for itself.
    ///
    /// # Errors
    /// Those of `fetch`, which are never kept.
    pub async fn read<F, Fut, E>(&self, read: &Read<'_>, fetch: F) -> Result<(Answer, Freshness), E>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<Answer, E>>,
    {
        let unkept = |answer| (answer, Freshness::Unkept);
        let Some(lifetime) = self.0.lifetimes.of(read.path) else {
            return fetch().await.map(unkept);
        };
        let Some(stamp) = self.stamp(read.path).await else {
            return fetch().await.map(unkept);
        };
        let key = self.key(read, &stamp);
        let keep = |answer| Kept {
            answer,
            at: Timestamp::new((self.0.clock)()),
            lifetime,
        };
        if read.anew {
            let answer = fetch().await?;
            if !answer.can_be_kept() {
                return Ok(unkept(answer));
            }
            let kept = keep(answer.clone());
            self.share(&key, &kept).await;
            self.0.memory.insert(key, kept).await;
            return Ok((answer, Freshness::Miss));
        }
        self.forget_if_over(&key).await;
        // What the one who fetches got but does not keep; whoever waited asks for itself.
        let mut mine = None;
        let mut found = false;
        let init = async {
            if let Some(kept) = self.shared(&key).await {
                found = true;
                return Ok(kept);
            }
            match fetch().await {
                Ok(answer) if answer.can_be_kept() => {
                    let kept = keep(answer);
                    self.share(&key, &kept).await;
                    Ok(kept)
                }
                other => {
                    mine = Some(other);
                    Err(NotKept)
                }
            }
        };
        let entry = self.0.memory.entry_by_ref(&key).or_try_insert_with(init);
        match entry.await {
            Ok(entry) => {
                let fetched = entry.is_fresh() && !found;
                let kept = entry.into_value();
                let freshness = if fetched {
                    Freshness::Miss
                } else {
                    Freshness::Hit(kept.age(self.now()).unwrap_or_default())
                };
                Ok((kept.answer, freshness))
            }
            Err(_not_kept) => match mine {
                Some(answer) => answer.map(unkept),
                None => fetch().await.map(unkept),
            },
        }
    }

    /// Runs a change of what lies at a path, and then drops what it may have changed, for everybody:
    /// also where it failed, since HCP may have done some of it, and where nobody waits for its end.
    pub fn change<T>(
        &self,
        path: &str,
        change: impl Future<Output = T>,
    ) -> impl Future<Output = T> {
        self.change_marks(policy::changed_by(path), change)
    }

    fn change_marks<T>(
        &self,
        marks: Vec<String>,
        change: impl Future<Output = T>,
    ) -> impl Future<Output = T> {
        let cache = self.clone();
        // Calls of stores are large, and would be so in every future around them.
        let change = Box::pin(change);
        async move {
            let doubt = Doubt { cache, marks };
            let result = change.await;
            doubt.resolve().await;
            result
        }
    }

    /// Runs a change of a bucket by S3, which is a change of the namespace of that name.
    pub fn change_bucket<T>(
        &self,
        tenant: Option<&TenantName>,
        bucket: &BucketName,
        change: impl Future<Output = T>,
    ) -> impl Future<Output = T> {
        let marks = tenant.map_or_else(Vec::new, |tenant| {
            let tenant = encode(tenant.as_str());
            policy::changed_by(&format!("/mapi/tenants/{tenant}/namespaces/{bucket}"))
        });
        self.change_marks(marks, change)
    }

    fn now(&self) -> Timestamp {
        Timestamp::new((self.0.clock)())
    }

    /// What the marks of a path are now; `None` where nobody can say.
    async fn stamp(&self, path: &str) -> Option<String> {
        let marks = policy::marks_of(path);
        match &self.0.marks {
            Marks::Own(own) => Some(own.stamp(&marks).to_string()),
            Marks::Shared(shared) => shared.stamp(&self.0.system, &marks).await,
        }
    }

    async fn write(&self, marks: Vec<String>) {
        match &self.0.marks {
            Marks::Own(own) => own.write(marks),
            // A task that panicked or was stopped with its runtime has nobody to tell.
            Marks::Shared(shared) => drop(shared.write(&self.0.system, &marks).await),
        }
    }

    fn key(&self, read: &Read<'_>, stamp: &str) -> Key {
        let mut query: Vec<_> = read.query.iter().collect();
        query.sort();
        let mut digest = Sha256::new();
        let mut add = |part: &str| {
            // The length keeps parts apart, whatever they contain.
            digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            digest.update(part.as_bytes());
        };
        for part in [&self.0.system, read.owner, stamp, read.path] {
            add(part);
        }
        for (name, value) in query {
            add(name);
            add(value);
        }
        digest.finalize().into()
    }

    async fn forget_if_over(&self, key: &Key) {
        let over = |kept: Kept| kept.age(self.now()).is_none();
        if self.0.memory.get(key).await.is_some_and(over) {
            self.0.memory.invalidate(key).await;
        }
    }

    async fn shared(&self, key: &Key) -> Option<Kept> {
        match &self.0.marks {
            Marks::Own(_) => None,
            Marks::Shared(shared) => {
                let kept = shared.find(key).await?;
                kept.age(self.now()).is_some().then_some(kept)
            }
        }
    }

    async fn share(&self, key: &Key, kept: &Kept) {
        if let Marks::Shared(shared) = &self.0.marks {
            shared.keep(key, kept).await;
        }
    }
}

impl Answer {
    /// Whether it is JSON of a size that is worth it. What HCP answers where it answers nothing, or what
    /// nobody understands, is an empty object.
    fn can_be_kept(&self) -> bool {
        self.body.len() <= LARGEST
            && self.body.as_ref() != b"{}"
            && serde_json::from_slice::<serde::de::IgnoredAny>(&self.body).is_ok()
    }
}

/// A change that may have happened. Dropped by somebody who went away, it is resolved all the same.
struct Doubt {
    cache: Cache,
    marks: Vec<String>,
}

impl Doubt {
    async fn resolve(mut self) {
        let marks = std::mem::take(&mut self.marks);
        if !marks.is_empty() {
            self.cache.write(marks).await;
        }
    }
}

impl Drop for Doubt {
    fn drop(&mut self) {
        let marks = std::mem::take(&mut self.marks);
        if marks.is_empty() {
            return;
        }
        match &self.cache.0.marks {
            Marks::Own(own) => own.write(marks),
            Marks::Shared(shared) => drop(shared.write(&self.cache.0.system, &marks)),
        }
    }
}
