//! The links of all servers that share a Redis.
//!
//! What never changes is one value, what does is a hash beside it, and the sealed credentials are a value of their
//! own, which Redis forgets by itself when a revocation can no longer be taken back. What looks first and then
//! writes is a script, which Redis runs as one step.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use model::{Timestamp, link::UNDO_SECONDS, session::Level};
use redis::{AsyncCommands, FromRedisValue, aio::ConnectionManager};
use serde::{Deserialize, Serialize};

use super::{super::RedisRevocations, Behind, Facts, GOING, LinkRecord, Maker, Wanted};
use crate::Error;

/// Entries of a list that are read at once.
const PAGE: isize = 200;

/// `KEYS`: the hash. `ARGV`: now.
const COUNT: &str = "local h = redis.call('HMGET', KEYS[1], 'uses', 'max', 'ends', 'revoked') \
    if not h[3] or h[4] or tonumber(h[3]) <= tonumber(ARGV[1]) then return 0 end \
    if h[2] and tonumber(h[1] or '0') >= tonumber(h[2]) then return 0 end \
    redis.call('HINCRBY', KEYS[1], 'uses', 1) \
    redis.call('HSET', KEYS[1], 'last', ARGV[1]) \
    return 1";
/// `KEYS`: the hash.
const GIVE_BACK: &str = "if tonumber(redis.call('HGET', KEYS[1], 'uses') or '0') > 0 then \
    redis.call('HINCRBY', KEYS[1], 'uses', -1) end return 1";
/// `KEYS`: hash, facts, sealed, token. `ARGV`: the end and the number of uses, each empty where it stays, and the
/// second at which Redis forgets all.
const CHANGE: &str = "if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], 'revoked') == 1 then return 0 end \
    if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], 'max', ARGV[2]) end \
    if ARGV[1] ~= '' then redis.call('HSET', KEYS[1], 'ends', ARGV[1]) \
        for _, key in ipairs(KEYS) do redis.call('EXPIREAT', key, ARGV[3]) end \
    end return 1";
/// `KEYS`: hash, sealed. `ARGV`: now, and for how many seconds it can be taken back.
const REVOKE: &str = "if redis.call('EXISTS', KEYS[1]) == 1 and redis.call('HSETNX', KEYS[1], 'revoked', ARGV[1]) == 1 then \
    redis.call('EXPIRE', KEYS[2], ARGV[2]) end return 1";
/// `KEYS`: hash, sealed. `ARGV`: since when.
const RESTORE: &str = "local at = redis.call('HGET', KEYS[1], 'revoked') \
    if not at or tonumber(at) <= tonumber(ARGV[1]) or redis.call('EXISTS', KEYS[2]) == 0 then return 0 end \
    redis.call('HDEL', KEYS[1], 'revoked') \
    redis.call('EXPIRE', KEYS[2], redis.call('TTL', KEYS[1])) return 1";
/// `KEYS`: what may still be asked for. `ARGV`: how many bytes are.
const GO_ON: &str = "local left = redis.call('GET', KEYS[1]) \
    if not left or tonumber(left) < tonumber(ARGV[1]) then return 0 end \
    redis.call('DECRBY', KEYS[1], ARGV[1]) return 1";

/// What never changes of a link.
#[derive(Serialize, Deserialize)]
struct Fixed {
    token_hash: String,
    maker: Maker,
    created_ms: i64,
    facts: Facts,
}

/// Values that Redis forgets by itself when they are over.
#[derive(Clone)]
pub struct RedisLinks(ConnectionManager);

impl RedisLinks {
    /// Shares a connection.
    pub fn new(revocations: &RedisRevocations) -> Self {
        Self(revocations.connection())
    }

    async fn run<T: FromRedisValue>(
        &self,
        script: &str,
        keys: &[String],
        arguments: &[String],
    ) -> Result<T, Error> {
        let mut redis = self.0.clone();
        let mut call = redis::cmd("EVAL");
        call.arg(script).arg(keys.len()).arg(keys).arg(arguments);
        call.query_async(&mut redis).await.map_err(Error::Shared)
    }

    pub(super) async fn insert(&self, record: &LinkRecord, now: Timestamp) -> Result<(), Error> {
        let fixed = Fixed {
            token_hash: record.token_hash.clone(),
            maker: record.maker.clone(),
            created_ms: record.created_ms,
            facts: record.facts.clone(),
        };
        let fixed = serde_json::to_string(&fixed).map_err(Error::internal)?;
        let id = record.id.as_str();
        let kept = record.listed_until().saturating_sub(now.unix_seconds());
        let kept = kept.max(1);
        let mut all = redis::pipe();
        all.atomic();
        all.hset(hash(id), "ends", record.ends_at).ignore();
        if let Some(max) = record.max_uses {
            all.hset(hash(id), "max", max).ignore();
        }
        all.expire(hash(id), kept).ignore();
        let seconds = kept.unsigned_abs();
        all.set_ex(facts(id), fixed, seconds).ignore();
        let closed = BASE64.encode(&record.sealed);
        all.set_ex(sealed(id), closed, seconds).ignore();
        all.set_ex(token(&record.token_hash), id, seconds).ignore();
        all.zadd(list(&record.maker), id, record.created_ms)
            .ignore();
        let mut redis = self.0.clone();
        let done: Result<(), _> = all.query_async(&mut redis).await;
        done.map_err(Error::Shared)
    }

    pub(super) async fn find(&self, id: &str) -> Result<Option<LinkRecord>, Error> {
        let mut redis = self.0.clone();
        let text: Option<String> = redis.get(facts(id)).await.map_err(Error::Shared)?;
        let Some(text) = text else { return Ok(None) };
        let fixed: Fixed = serde_json::from_str(&text).map_err(Error::internal)?;
        let moving: HashMap<String, i64> = redis.hgetall(hash(id)).await.map_err(Error::Shared)?;
        let Some(ends_at) = moving.get("ends").copied() else {
            return Ok(None);
        };
        let closed: Option<String> = redis.get(sealed(id)).await.map_err(Error::Shared)?;
        let number = |name: &str| moving.get(name).and_then(|n| u32::try_from(*n).ok());
        Ok(Some(LinkRecord {
            id: id.to_owned(),
            token_hash: fixed.token_hash,
            maker: fixed.maker,
            created_ms: fixed.created_ms,
            ends_at,
            max_uses: number("max"),
            uses: number("uses").unwrap_or(0),
            last_used: moving.get("last").copied(),
            revoked_at: moving.get("revoked").copied(),
            sealed: closed
                .and_then(|text| BASE64.decode(text).ok())
                .unwrap_or_default(),
            facts: fixed.facts,
        }))
    }

    pub(super) async fn find_by_token(&self, hash: &str) -> Result<Option<LinkRecord>, Error> {
        let mut redis = self.0.clone();
        let id: Option<String> = redis.get(token(hash)).await.map_err(Error::Shared)?;
        match id {
            Some(id) => self.find(&id).await,
            None => Ok(None),
        }
    }

    /// Links of one moment are in the order of their ids, as Redis has them.
    pub(super) async fn page(
        &self,
        maker: &Maker,
        everybody: bool,
        wanted: &Wanted,
        behind: Option<Behind>,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<LinkRecord>, Error> {
        let mut redis = self.0.clone();
        let list = list(maker);
        let highest = behind.as_ref().map_or(i64::MAX, |(at, _)| *at);
        let (mut found, mut from) = (Vec::new(), 0);
        while found.len() < limit as usize {
            let ids: Vec<String> = redis
                .zrevrangebyscore_limit(&list, highest, i64::MIN, from, PAGE)
                .await
                .map_err(Error::Shared)?;
            let is_end = ids.len() < PAGE.unsigned_abs();
            from += PAGE;
            for id in ids {
                let Some(record) = self.find(&id).await? else {
                    let removed: Result<(), _> = redis.zrem(&list, &id).await;
                    removed.map_err(Error::Shared)?;
                    from -= 1;
                    continue;
                };
                let passes = behind
                    .as_ref()
                    .is_none_or(|(at, id)| (record.created_ms, &record.id) < (*at, id));
                let listed = record.listed_until() > now.unix_seconds();
                if passes
                    && listed
                    && wanted.has(&record.facts)
                    && (everybody || record.maker.is(maker))
                {
                    found.push(record);
                }
                if found.len() == limit as usize {
                    break;
                }
            }
            if is_end {
                break;
            }
        }
        Ok(found)
    }

    pub(super) async fn change(
        &self,
        id: &str,
        ends_at: Option<i64>,
        max_uses: Option<u32>,
    ) -> Result<bool, Error> {
        let Some(record) = self.find(id).await? else {
            return Ok(false);
        };
        let forgotten = ends_at
            .unwrap_or(record.ends_at)
            .saturating_add(super::KEPT);
        let text = |number: Option<i64>| number.map(|n| n.to_string()).unwrap_or_default();
        let keys = [hash(id), facts(id), sealed(id), token(&record.token_hash)];
        let arguments = [
            text(ends_at),
            text(max_uses.map(i64::from)),
            forgotten.to_string(),
        ];
        let done: u8 = self.run(CHANGE, &keys, &arguments).await?;
        Ok(done == 1)
    }

    pub(super) async fn revoke(&self, id: &str, now: Timestamp) -> Result<(), Error> {
        let arguments = [now.unix_seconds(), UNDO_SECONDS].map(|n| n.to_string());
        let _done: u8 = self
            .run(REVOKE, &[hash(id), sealed(id)], &arguments)
            .await?;
        Ok(())
    }

    pub(super) async fn restore(&self, id: &str, now: Timestamp) -> Result<bool, Error> {
        let since = (now.unix_seconds() - UNDO_SECONDS).to_string();
        let done: u8 = self.run(RESTORE, &[hash(id), sealed(id)], &[since]).await?;
        Ok(done == 1)
    }

    pub(super) async fn count(&self, id: &str, now: Timestamp) -> Result<bool, Error> {
        let now = now.unix_seconds().to_string();
        let done: u8 = self.run(COUNT, &[hash(id)], &[now]).await?;
        Ok(done == 1)
    }

    pub(super) async fn give_back(&self, id: &str) -> Result<(), Error> {
        let _done: u8 = self.run(GIVE_BACK, &[hash(id)], &[]).await?;
        Ok(())
    }

    pub(super) async fn begin(&self, id: &str, visitor: &str, bytes: i64) -> Result<(), Error> {
        let mut redis = self.0.clone();
        redis
            .set_ex(going(id, visitor), bytes, GOING.unsigned_abs())
            .await
            .map_err(Error::Shared)
    }

    pub(super) async fn go_on(&self, id: &str, visitor: &str, bytes: i64) -> Result<bool, Error> {
        let bytes = bytes.to_string();
        let done: u8 = self.run(GO_ON, &[going(id, visitor)], &[bytes]).await?;
        Ok(done == 1)
    }
}

fn hash(id: &str) -> String {
    format!("hako:link:{id}")
}

fn facts(id: &str) -> String {
    format!("hako:link-facts:{id}")
}

fn sealed(id: &str) -> String {
    format!("hako:link-sealed:{id}")
}

fn token(hash: &str) -> String {
    format!("hako:link-token:{hash}")
}

fn going(id: &str, visitor: &str) -> String {
    format!("hako:link-going:{id}:{visitor}")
}

/// The list of a tenant.
fn list(maker: &Maker) -> String {
    let level = match maker.level {
        Level::System => "system",
        Level::Tenant => "tenant",
        Level::S3 => "s3",
    };
    let tenant = maker.tenant.as_deref().unwrap_or_default();
    format!("hako:links-of:{level}:{}", tenant.to_ascii_lowercase())
}
