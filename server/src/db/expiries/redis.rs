//! The ends of temporary files of all servers that share a Redis: a sorted set by when each is looked at next, and a
//! hash of what is known. What looks first and then writes is a script, which Redis runs as one step.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use redis::{AsyncCommands, FromRedisValue, aio::ConnectionManager};
use serde::{Deserialize, Serialize};

use super::{super::RedisRevocations, Expiries, Expiry, Facts, PUT_OFF, facts_of};
use crate::Error;

const DUE: &str = "hako:expiries:due";
const ALL: &str = "hako:expiries";
const MARKS: &str = "hako:expiries:marks";
const TURN: &str = "hako:expiries:turn";

/// For how many milliseconds a turn lasts if nobody gives it back.
const TURN_MS: u64 = 300_000;

/// `KEYS`: marks, due, all. `ARGV`: id, the mark that was seen or nothing, mark, due, the rest.
const PUT: &str = "if ARGV[2] ~= '' and redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end \
    redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) \
    redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1]) \
    redis.call('HSET', KEYS[3], ARGV[1], ARGV[5]) return 1";
/// `KEYS`: marks, due, all. `ARGV`: id, the mark that was seen or nothing.
const FORGET: &str = "if ARGV[2] ~= '' and redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end \
    redis.call('ZREM', KEYS[2], ARGV[1]) redis.call('HDEL', KEYS[3], ARGV[1]) \
    return redis.call('HDEL', KEYS[1], ARGV[1])";
/// `KEYS`: the turn. `ARGV`: whose, for how long.
const TAKE: &str = "local whose = redis.call('GET', KEYS[1]) \
    if whose and whose ~= ARGV[1] then return 0 end \
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1";
/// `KEYS`: the turn. `ARGV`: whose.
const GIVE_BACK: &str =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

/// What stands in the hash.
#[derive(Serialize, Deserialize)]
struct Kept {
    mark: String,
    due: i64,
    facts: Facts,
    sealed: String,
}

/// A sorted set and two hashes.
#[derive(Clone)]
pub struct RedisExpiries(ConnectionManager);

impl RedisExpiries {
    /// Shares a connection.
    pub fn new(revocations: &RedisRevocations) -> Self {
        Self(revocations.connection())
    }

    async fn run<T: FromRedisValue>(
        &self,
        script: &str,
        keys: &[&str],
        arguments: &[&str],
    ) -> Result<T, Error> {
        let mut redis = self.0.clone();
        let mut call = redis::cmd("EVAL");
        call.arg(script).arg(keys.len()).arg(keys).arg(arguments);
        call.query_async(&mut redis).await.map_err(Error::Shared)
    }

    async fn write(&self, seen: &str, expiry: &Expiry) -> Result<bool, Error> {
        let kept = Kept {
            mark: expiry.mark.clone(),
            due: expiry.due,
            facts: expiry.facts.clone(),
            sealed: BASE64.encode(&expiry.sealed),
        };
        let kept = serde_json::to_string(&kept).map_err(Error::internal)?;
        let due = expiry.due.to_string();
        let arguments = [expiry.id.as_str(), seen, &expiry.mark, &due, &kept];
        self.run(PUT, &[MARKS, DUE, ALL], &arguments).await
    }
}

fn read(id: String, text: &str) -> Option<Expiry> {
    let kept: Kept = facts_of(&id, text)?;
    Some(Expiry {
        id,
        mark: kept.mark,
        due: kept.due,
        facts: kept.facts,
        sealed: BASE64.decode(kept.sealed).unwrap_or_default(),
    })
}

impl Expiries for RedisExpiries {
    async fn put(&self, expiry: &Expiry) -> Result<(), Error> {
        self.write("", expiry).await?;
        Ok(())
    }

    async fn put_all(&self, expiries: &[Expiry]) -> Result<(), Error> {
        for expiry in expiries {
            self.write("", expiry).await?;
        }
        Ok(())
    }

    async fn find(&self, id: &str) -> Result<Option<Expiry>, Error> {
        let mut redis = self.0.clone();
        let text: Option<String> = redis.hget(ALL, id).await.map_err(Error::Shared)?;
        Ok(text.and_then(|text| read(id.to_owned(), &text)))
    }

    async fn ends(&self, ids: &[String]) -> Result<Vec<(String, Facts)>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut redis = self.0.clone();
        let mut call = redis::cmd("HMGET");
        call.arg(ALL).arg(ids);
        let texts: Vec<Option<String>> =
            call.query_async(&mut redis).await.map_err(Error::Shared)?;
        let found = ids.iter().zip(texts);
        Ok(found
            .filter_map(|(id, text)| {
                let kept: Kept = serde_json::from_str(&text?).ok()?;
                Some((id.clone(), kept.facts))
            })
            .collect())
    }

    async fn due(&self, now: i64, limit: u32) -> Result<Vec<Expiry>, Error> {
        let mut redis = self.0.clone();
        let limit = isize::try_from(limit).unwrap_or(isize::MAX);
        loop {
            let ids: Vec<String> = redis
                .zrangebyscore_limit(DUE, "-inf", now, 0, limit)
                .await
                .map_err(Error::Shared)?;
            if ids.is_empty() {
                return Ok(Vec::new());
            }
            let mut call = redis::cmd("HMGET");
            call.arg(ALL).arg(&ids);
            let texts: Vec<Option<String>> =
                call.query_async(&mut redis).await.map_err(Error::Shared)?;
            let mut found = Vec::new();
            let mut put_off = redis::cmd("ZADD");
            put_off.arg(DUE).arg("XX");
            let mut is_any_put_off = false;
            for (id, text) in ids.into_iter().zip(texts) {
                // What is gone meanwhile is left out.
                if let Some(expiry) = text.and_then(|text| read(id.clone(), &text)) {
                    found.push(expiry);
                } else {
                    put_off.arg(now.saturating_add(PUT_OFF)).arg(id);
                    is_any_put_off = true;
                }
            }
            if is_any_put_off {
                let _: i64 = put_off
                    .query_async(&mut redis)
                    .await
                    .map_err(Error::Shared)?;
            }
            if !found.is_empty() {
                return Ok(found);
            }
        }
    }

    async fn change(&self, seen: &str, expiry: &Expiry) -> Result<bool, Error> {
        self.write(seen, expiry).await
    }

    async fn forget(&self, id: &str, seen: Option<&str>) -> Result<bool, Error> {
        let arguments = [id, seen.unwrap_or_default()];
        self.run(FORGET, &[MARKS, DUE, ALL], &arguments).await
    }

    async fn turn(&self, who: &str) -> Result<bool, Error> {
        let lasts = TURN_MS.to_string();
        self.run(TAKE, &[TURN], &[who, &lasts]).await
    }

    async fn give_back(&self, who: &str) -> Result<(), Error> {
        let _: i64 = self.run(GIVE_BACK, &[TURN], &[who]).await?;
        Ok(())
    }
}
