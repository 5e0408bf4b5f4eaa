//! The tasks of all servers that share a Redis.
//!
//! A task is one value that its worker alone writes; asking it to stop is a key of its own. Nobody
//! ever marks another server's task: whoever reads a running one looks whether its server has said
//! lately that it is alive, and takes it for failed where it has not.

use model::Timestamp;
use redis::{AsyncCommands, aio::ConnectionManager};

use super::{super::RedisRevocations, Behind, LISTED_MS, List, TaskRecord, TaskState};
use crate::Error;

/// For how long a server that says nothing counts as alive, in seconds. Clocks may differ by less.
const SILENCE: i64 = 60;
/// After what time Redis forgets a server that says nothing, in seconds.
const FORGET_REPLICA: u64 = 600;
/// How much longer Redis keeps a task than anybody is told of it, in seconds: what is running has no
/// end, but is written again and again.
const GRACE: i64 = 86_400;

/// Entries of a list that are read at once.
const PAGE: isize = 200;

/// Values that Redis forgets by itself when they are over.
#[derive(Clone)]
pub struct RedisTasks(ConnectionManager);

impl RedisTasks {
    /// Shares a connection.
    pub fn new(revocations: &RedisRevocations) -> Self {
        Self(revocations.connection())
    }

    /// First in, then counted: of two that come at once, each sees the other, so that there are never
    /// too many.
    pub(super) async fn insert(
        &self,
        record: &TaskRecord,
        limit: u32,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut redis = self.0.clone();
        let set = owner_key(&record.owner);
        self.save(record, now).await?;
        let running = self.count_with(&set, record, now).await;
        if matches!(running, Ok(count) if count <= limit) {
            return self.list(record).await.map(|()| true);
        }
        // Nobody will work on it.
        let gone: Result<(), _> = redis.srem(&set, &record.id).await;
        let removed: Result<(), _> = redis.del(key(&record.id)).await;
        running?;
        gone.and(removed).map_err(Error::Shared)?;
        Ok(false)
    }

    /// Adds a task to those of its owner; how many of them are running then. Others are taken out.
    async fn count_with(
        &self,
        set: &str,
        record: &TaskRecord,
        now: Timestamp,
    ) -> Result<u32, Error> {
        let mut redis = self.0.clone();
        let added: Result<(), _> = redis.sadd(set, &record.id).await;
        added.map_err(Error::Shared)?;
        let seconds = i64::try_from(kept_for(record, now)).unwrap_or(i64::MAX);
        let kept: Result<(), _> = redis.expire(set, seconds).await;
        kept.map_err(Error::Shared)?;
        let ids: Vec<String> = redis.smembers(set).await.map_err(Error::Shared)?;
        let mut running = 0;
        for id in &ids {
            if self.is_running(id, now).await? {
                running += 1;
            } else {
                let removed: Result<(), _> = redis.srem(set, id).await;
                removed.map_err(Error::Shared)?;
            }
        }
        Ok(running)
    }

    /// Adds a task to the list of its owner's jobs.
    async fn list(&self, record: &TaskRecord) -> Result<(), Error> {
        let mut redis = self.0.clone();
        let list = list_key(&record.owner);
        let added: Result<(), _> = redis.zadd(&list, &record.id, record.started_at).await;
        added.map_err(Error::Shared)?;
        redis
            .expire(&list, LISTED_MS / 1_000 + GRACE)
            .await
            .map_err(Error::Shared)
    }

    /// Tasks of one moment are in the order of their ids, as Redis has them.
    pub(super) async fn of_owner(
        &self,
        owner: &str,
        behind: Option<&Behind>,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<TaskRecord>, Error> {
        let mut redis = self.0.clone();
        let list = list_key(owner);
        let over = now.unix_millis() - LISTED_MS - GRACE * 1_000;
        let forgotten: Result<(), _> = redis.zrembyscore(&list, "-inf", over).await;
        forgotten.map_err(Error::Shared)?;
        let from = behind.map_or_else(|| "+inf".to_owned(), |b| b.started_at.to_string());
        let (mut skip, mut found) = (0, Vec::new());
        loop {
            let page: Vec<(String, i64)> = redis
                .zrevrangebyscore_limit_withscores(&list, &from, "-inf", skip, PAGE)
                .await
                .map_err(Error::Shared)?;
            let ended = page.len() < PAGE.unsigned_abs();
            skip += PAGE;
            for (id, started_at) in page {
                if behind.is_some_and(|behind| !behind.passes(started_at, &id)) {
                    continue;
                }
                let record = self.find(&id, now).await?;
                found.extend(record.filter(|record| !record.is_forgotten(now)));
                if found.len() >= limit as usize {
                    return Ok(found);
                }
            }
            if ended {
                return Ok(found);
            }
        }
    }

    pub(super) async fn count_running(&self, owner: &str, now: Timestamp) -> Result<u32, Error> {
        let mut redis = self.0.clone();
        let ids: Vec<String> = redis
            .smembers(owner_key(owner))
            .await
            .map_err(Error::Shared)?;
        let mut running = 0;
        for id in &ids {
            running += u32::from(self.is_running(id, now).await?);
        }
        Ok(running)
    }

    pub(super) async fn keep_order(&self, id: &str, text: String) -> Result<(), Error> {
        let mut redis = self.0.clone();
        redis
            .set_ex(
                order_key(id),
                text,
                (LISTED_MS / 1_000 + GRACE).unsigned_abs(),
            )
            .await
            .map_err(Error::Shared)
    }

    pub(super) async fn order(&self, id: &str) -> Result<Option<String>, Error> {
        let mut redis = self.0.clone();
        redis.get(order_key(id)).await.map_err(Error::Shared)
    }

    pub(super) async fn add_lines(
        &self,
        id: &str,
        list: List,
        lines: Vec<String>,
    ) -> Result<(), Error> {
        let mut redis = self.0.clone();
        let key = lines_key(id, list);
        let added: Result<(), _> = redis.rpush(&key, lines).await;
        added.map_err(Error::Shared)?;
        let kept = match list {
            List::Failures | List::Results => LISTED_MS / 1_000 + GRACE,
            List::Markers => GRACE,
        };
        redis.expire(&key, kept).await.map_err(Error::Shared)
    }

    pub(super) async fn lines(
        &self,
        id: &str,
        list: List,
        from: u64,
        limit: u32,
    ) -> Result<Vec<String>, Error> {
        let Some(further) = limit.checked_sub(1) else {
            return Ok(Vec::new());
        };
        let from = isize::try_from(from).unwrap_or(isize::MAX);
        let to = from.saturating_add_unsigned(further as usize);
        let mut redis = self.0.clone();
        redis
            .lrange(lines_key(id, list), from, to)
            .await
            .map_err(Error::Shared)
    }

    async fn is_running(&self, id: &str, now: Timestamp) -> Result<bool, Error> {
        let found = self.find(id, now).await?;
        Ok(found.is_some_and(|record| record.state == TaskState::Running))
    }

    pub(super) async fn save(&self, record: &TaskRecord, now: Timestamp) -> Result<(), Error> {
        let text = serde_json::to_string(record).map_err(Error::internal)?;
        let mut redis = self.0.clone();
        redis
            .set_ex(key(&record.id), text, kept_for(record, now))
            .await
            .map_err(Error::Shared)
    }

    pub(super) async fn find(&self, id: &str, now: Timestamp) -> Result<Option<TaskRecord>, Error> {
        let mut redis = self.0.clone();
        let text: Option<String> = redis.get(key(id)).await.map_err(Error::Shared)?;
        let Some(text) = text else { return Ok(None) };
        let mut record: TaskRecord = serde_json::from_str(&text).map_err(Error::internal)?;
        if record.state != TaskState::Running {
            return Ok(Some(record));
        }
        record.cancel = self.was_asked_to_cancel(id).await?;
        let said: Option<i64> = redis
            .get(replica_key(&record.replica))
            .await
            .map_err(Error::Shared)?;
        let alive = said.is_some_and(|said| now.unix_seconds() - said <= SILENCE);
        if alive {
            return Ok(Some(record));
        }
        let since = said.map_or(record.started_at, |said| said.saturating_mul(1_000));
        Ok(Some(record.lost(since)))
    }

    pub(super) async fn ask_to_cancel(&self, id: &str) -> Result<(), Error> {
        let mut redis = self.0.clone();
        redis
            .set_ex(cancel_key(id), 1, GRACE.unsigned_abs())
            .await
            .map_err(Error::Shared)
    }

    pub(super) async fn was_asked_to_cancel(&self, id: &str) -> Result<bool, Error> {
        let mut redis = self.0.clone();
        redis.exists(cancel_key(id)).await.map_err(Error::Shared)
    }

    pub(super) async fn beat(&self, replica: &str, now: Timestamp) -> Result<(), Error> {
        let mut redis = self.0.clone();
        redis
            .set_ex(replica_key(replica), now.unix_seconds(), FORGET_REPLICA)
            .await
            .map_err(Error::Shared)
    }
}

fn kept_for(record: &TaskRecord, now: Timestamp) -> u64 {
    let until = (record.listed_until() / 1_000).max(record.expires_at);
    let left = until.saturating_sub(now.unix_seconds()).max(0);
    left.saturating_add(GRACE).unsigned_abs()
}

fn key(id: &str) -> String {
    format!("hako:task:{id}")
}

fn cancel_key(id: &str) -> String {
    format!("hako:task-cancel:{id}")
}

fn list_key(owner: &str) -> String {
    format!("hako:jobs-of:{owner}")
}

fn order_key(id: &str) -> String {
    format!("hako:task-order:{id}")
}

fn lines_key(id: &str, list: List) -> String {
    format!("hako:task-{}s:{id}", list.word())
}

fn owner_key(owner: &str) -> String {
    format!("hako:tasks-of:{owner}")
}

fn replica_key(replica: &str) -> String {
    format!("hako:replica:{replica}")
}
