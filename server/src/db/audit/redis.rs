//! The audit of all servers that share a Redis: one stream, whose ids are in the order in which records came.
//! Redis has no triggers: that it is only added to is kept by what is written here.

use model::{Timestamp, audit::AuditRecord};
use redis::aio::ConnectionManager;

use super::{super::RedisRevocations, Filter, Found, Stretch};
use crate::Error;

/// The stream.
const KEY: &str = "hako:audit";
/// Its one field.
const FIELD: &str = "record";
/// Records that are read at once.
const CHUNK: usize = 500;
/// By how much the clocks of Redis and of a server may differ, in milliseconds.
const SLACK: i64 = 3_600_000;

/// An entry of the stream: its id, and its fields.
type Entry = (String, Vec<(String, String)>);

/// A stream that is only added to.
#[derive(Clone)]
pub struct RedisAudit(ConnectionManager);

/// Whether a text has the form of an id.
pub(super) fn is_id(id: &str) -> bool {
    let number = |text: &str| text.parse::<u64>().is_ok();
    id == "0"
        || id
            .split_once('-')
            .is_some_and(|(at, nth)| number(at) && number(nth))
}

impl RedisAudit {
    /// Shares a connection.
    pub fn new(revocations: &RedisRevocations) -> Self {
        Self(revocations.connection())
    }

    pub(super) async fn append(&self, records: &[AuditRecord]) -> Result<(), Error> {
        let mut all = redis::pipe();
        all.atomic();
        for record in records {
            let text = serde_json::to_string(record).map_err(Error::internal)?;
            all.cmd("XADD")
                .arg(KEY)
                .arg("*")
                .arg(FIELD)
                .arg(text)
                .ignore();
        }
        let mut redis = self.0.clone();
        let done: Result<(), _> = all.query_async(&mut redis).await;
        done.map_err(Error::Shared)
    }

    pub(super) async fn page(
        &self,
        filter: &Filter,
        stretch: Stretch,
        limit: usize,
    ) -> Result<Found, Error> {
        let last = self.read("XREVRANGE", "+", "-", 1).await?;
        let newest = last
            .into_iter()
            .next()
            .map_or_else(|| "0".to_owned(), |(id, _)| id);
        let lowest = filter.from.map_or_else(
            || "-".to_owned(),
            |from| from.saturating_sub(SLACK).max(0).to_string(),
        );
        let highest = filter
            .to
            .map(|to| to.saturating_add(SLACK).max(0).to_string());
        let forwards = matches!(stretch, Stretch::NewerThan(_));
        let mut from = match stretch {
            Stretch::Newest => highest.unwrap_or_else(|| newest.clone()),
            Stretch::OlderThan(id) | Stretch::NewerThan(id) => format!("({id}"),
        };
        let mut records = Vec::new();
        loop {
            let entries = if forwards {
                self.read("XRANGE", &from, &newest, CHUNK).await?
            } else {
                self.read("XREVRANGE", &from, &lowest, CHUNK).await?
            };
            let ended = entries.len() < CHUNK;
            if let Some((id, _)) = entries.last() {
                from = format!("({id}");
            }
            for entry in entries {
                let record = record(entry)?;
                if filter.passes(&record) {
                    records.push(record);
                }
            }
            // One more than wanted tells whether there are more.
            if ended || records.len() > limit {
                break;
            }
        }
        let more = records.len() > limit;
        records.truncate(limit);
        let mut known = newest;
        if forwards {
            if let Some(last) = records.last().filter(|_| more) {
                known.clone_from(&last.id);
            }
            records.reverse();
        }
        Ok(Found {
            records,
            more,
            newest: known,
        })
    }

    async fn read(
        &self,
        command: &str,
        from: &str,
        to: &str,
        count: usize,
    ) -> Result<Vec<Entry>, Error> {
        let mut redis = self.0.clone();
        redis::cmd(command)
            .arg(KEY)
            .arg(from)
            .arg(to)
            .arg("COUNT")
            .arg(count)
            .query_async(&mut redis)
            .await
            .map_err(Error::Shared)
    }

    pub(super) async fn forget(&self, before: Timestamp) -> Result<(), Error> {
        let before = before.unix_millis().max(0);
        let mut redis = self.0.clone();
        let dropped: Result<i64, _> = redis::cmd("XTRIM")
            .arg(KEY)
            .arg("MINID")
            .arg(before)
            .query_async(&mut redis)
            .await;
        dropped.map(|_count| ()).map_err(Error::Shared)
    }
}

fn record((id, fields): Entry) -> Result<AuditRecord, Error> {
    let text = fields.into_iter().find(|(name, _)| name == FIELD);
    let (_, text) = text.ok_or_else(|| Error::internal("an audit record without its text"))?;
    let record: AuditRecord = serde_json::from_str(&text).map_err(Error::internal)?;
    Ok(AuditRecord { id, ..record })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_streams() {
        for good in ["0", "1732262400000-0", "7-12"] {
            assert!(is_id(good), "{good}");
        }
        for bad in ["", "17", "-", "+", "$", "7-", "-7", "7-a", "(7-1", "7-1-1"] {
            assert!(!is_id(bad), "{bad}");
        }
    }
}
