//! Before an answer: the rows that it is about against the files.

use std::{collections::BTreeSet, sync::Arc};

use rusqlite::Connection;

use super::{
    super::{
        Store, buckets,
        listing::{self, Entry, Query},
        objects,
    },
    AT_ONCE, keys_below, names, of, place,
    reconcile::{agrees, is_leaving, reconcile},
};
use crate::{
    Error,
    access::{Caller, Permissions},
    files::{Found, Layout, Place, Plain, Stamp, Stretch, check_key},
    store::buckets::Bucket,
};

/// How many keys a look finds to be brought up to date, about.
const DIFFERING: usize = 10_000;
/// How often a listing is compared again because its files changed meanwhile.
const ROUNDS: usize = 8;

/// The keys of a page that are not as the files are.
fn differing(
    connection: &Connection,
    layout: &Layout,
    plain: &Plain,
    bucket: &Bucket,
    query: &Query,
) -> Result<Vec<String>, Error> {
    let (tenant, name) = names(connection, bucket)?;
    let place = |key: &str| Place {
        tenant: tenant.clone(),
        bucket: name.clone(),
        key: key.to_owned(),
    };
    let mut differ = BTreeSet::new();
    let disk = on_disk(plain, &tenant, &name, query)?;
    for (key, stamp) in &disk.files {
        let row = objects::newest(connection, bucket.id, key)?;
        let kept = match &row {
            Some(row) => of(connection, row.id)?,
            None => None,
        };
        let place = place(key);
        if !agrees(layout, &place, kept.as_ref(), Found::File(*stamp))
            && (row.is_some() || !is_leaving(connection, &place, *stamp)?)
        {
            differ.insert(key.clone());
        }
    }
    let mut query = query.clone();
    let mut agreeing = 0;
    // As far as the page reaches when what is gone is out of the way.
    while agreeing <= query.limit && differ.len() < DIFFERING {
        let page = listing::list(connection, bucket.id, &query)?;
        for entry in &page.entries {
            if disk.end.as_deref().is_some_and(|end| entry.name() > end) {
                return Ok(differ.into_iter().collect());
            }
            let keys = match entry {
                _ if disk.names.contains(entry.name()) => Vec::new(),
                Entry::Object { key, .. } => vec![key.clone()],
                Entry::Prefix(prefix) => keys_below(connection, bucket.id, prefix)?,
            };
            let mut gone = Vec::new();
            let mut is_there = keys.is_empty();
            // Of a prefix, up to the first key that is there: the folder itself, as a rule.
            for key in keys {
                let place = place(&key);
                let kept = match objects::newest(connection, bucket.id, &key)? {
                    Some(row) => of(connection, row.id)?,
                    None => None,
                };
                is_there = agrees(layout, &place, kept.as_ref(), plain.look(&place)?);
                if is_there {
                    break;
                }
                gone.push(key);
            }
            differ.extend(gone);
            agreeing += usize::from(is_there);
        }
        match page.entries.last() {
            Some(last) if page.truncated => last.name().clone_into(&mut query.after),
            _ => break,
        }
    }
    Ok(differ.into_iter().collect())
}

/// What a page would show of the files.
#[derive(Default)]
struct Disk {
    /// Files, and of each prefix one that is in it.
    files: Vec<(String, Stamp)>,
    /// Keys and prefixes.
    names: BTreeSet<String>,
    /// The last entry, where there may be more.
    end: Option<String>,
}

fn on_disk(plain: &Plain, tenant: &str, bucket: &str, query: &Query) -> Result<Disk, Error> {
    let mut disk = Disk::default();
    let Some(from) = listing::beginning(query) else {
        return Ok(disk);
    };
    let is_before = |key: &str| {
        if from.inclusive {
            key.as_bytes() < from.from.as_slice()
        } else {
            key.as_bytes() <= from.from.as_slice()
        }
    };
    let skip = std::cell::RefCell::new(String::new());
    let is_skipped = |key: &str| {
        let skip = skip.borrow();
        !skip.is_empty() && key.starts_with(skip.as_str())
    };
    let mut wanted = |key: &str| {
        if is_skipped(key) {
            return false;
        }
        if key.ends_with('/') {
            // Something in it may be behind where the page begins.
            let reaches = !is_before(key) || from.from.starts_with(key.as_bytes());
            reaches && (key.starts_with(&query.prefix) || query.prefix.starts_with(key))
        } else {
            !is_before(key) && key.starts_with(&query.prefix)
        }
    };
    let mut visit = |key: &str, stamp: Stamp| {
        if is_skipped(key) {
            return true;
        }
        let name = listing::rolled_up(query, key).unwrap_or(key);
        if name != key {
            name.clone_into(&mut skip.borrow_mut());
        }
        disk.names.insert(name.to_owned());
        disk.files.push((key.to_owned(), stamp));
        // One more than the page has tells whether there are more.
        if disk.names.len() > query.limit {
            disk.end = Some(name.to_owned());
            return false;
        }
        true
    };
    let until = listing::successor(query.prefix.as_bytes());
    let stretch = Stretch {
        from: &from.from,
        until: until.as_deref(),
    };
    plain.walk(tenant, bucket, stretch, &mut wanted, &mut visit)?;
    Ok(disk)
}

impl Store {
    /// Compares a key with the file system before an answer is about it.
    pub(crate) async fn compare_key(
        &self,
        caller: &Caller,
        bucket: &str,
        key: &str,
        now_ms: i64,
    ) -> Result<(), Error> {
        let Some(plain) = self.plain().cloned() else {
            return Ok(());
        };
        if check_key(key).is_err() {
            return Ok(());
        }
        let (reader, layout) = (caller.clone(), self.layout().clone());
        let (name, wanted) = (bucket.to_owned(), key.to_owned());
        let differs = self
            .read(move |connection| {
                // Whoever may not come in learns that from the operation itself.
                let Ok(bucket) = buckets::open(connection, &reader, &name) else {
                    return Ok(None);
                };
                let place = place(connection, &bucket, &wanted)?;
                let row = objects::newest(connection, bucket.id, &wanted)?;
                let kept = match row {
                    Some(row) => of(connection, row.id)?,
                    None => None,
                };
                let agree = agrees(&layout, &place, kept.as_ref(), plain.look(&place)?);
                Ok((!agree).then_some(bucket.id))
            })
            .await?;
        if let Some(bucket_id) = differs {
            self.bring_up_to_date(bucket_id, vec![key.to_owned()], now_ms)
                .await?;
        }
        Ok(())
    }

    /// Compares what a listing will be about with the file system.
    pub(crate) async fn compare_page(
        &self,
        caller: &Caller,
        bucket: &str,
        query: &Query,
        now_ms: i64,
    ) -> Result<(), Error> {
        let Some(plain) = self.plain() else {
            return Ok(());
        };
        for _round in 0..ROUNDS {
            let (reader, name, query) = (caller.clone(), bucket.to_owned(), query.clone());
            let (plain, layout) = (Arc::clone(plain), self.layout().clone());
            let found = self
                .read(move |connection| {
                    let Ok(bucket) = buckets::open(connection, &reader, &name) else {
                        return Ok(None);
                    };
                    let may = bucket.granted.need(Permissions::BROWSE).is_ok();
                    if !may || reader.reach(&query.prefix).is_err() {
                        return Ok(None);
                    }
                    let differ = differing(connection, &layout, &plain, &bucket, &query)?;
                    Ok(Some((bucket.id, differ)))
                })
                .await?;
            match found {
                Some((bucket_id, keys)) if !keys.is_empty() => {
                    self.bring_up_to_date(bucket_id, keys, now_ms).await?;
                }
                _ => break,
            }
        }
        Ok(())
    }

    async fn bring_up_to_date(
        &self,
        bucket_id: i64,
        keys: Vec<String>,
        now_ms: i64,
    ) -> Result<(), Error> {
        for some in keys.chunks(AT_ONCE) {
            let some = some.to_vec();
            self.write(move |write| {
                let Some(bucket) = buckets::by_id(write.connection, bucket_id)? else {
                    return Ok(());
                };
                for key in &some {
                    match reconcile(write, &bucket, key, now_ms) {
                        // A file that is in the way of others, for a moment.
                        Ok(()) | Err(Error::KeyTaken(_)) => {}
                        Err(error) => return Err(error),
                    }
                }
                Ok(())
            })
            .await?;
        }
        Ok(())
    }
}
