//! Listing objects, both versions of the operation.

use std::collections::{HashMap, hash_map};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rusqlite::Connection;
use s3s::{
    S3Request, S3Result,
    dto::{
        CommonPrefix, ETag, EncodingType, ListObjectsInput, ListObjectsOutput, ListObjectsV2Input,
        ListObjectsV2Output, Object, ObjectStorageClass, Owner,
    },
    s3_error,
};

use super::{Gateway, auth::caller, error::fail};
use crate::{
    Error,
    access::{Caller, Permissions},
    clock::from_ms,
    profile::Habits,
    store::{
        accounts::{self, Person},
        blobs::to_i64,
        buckets,
        listing::{self, Entry, Page, Query},
    },
};

/// The longest page; more may be asked for and is not given.
const MAX_KEYS: i32 = 1_000;

/// What `encoding-type=url` leaves as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// How names are written into a listing.
#[derive(Clone, Copy)]
pub(super) enum Encoding {
    Plain,
    Url,
}

impl Encoding {
    pub(super) fn parse(asked: Option<&EncodingType>) -> S3Result<Self> {
        match asked.map(EncodingType::as_str) {
            None => Ok(Self::Plain),
            Some("url") => Ok(Self::Url),
            Some(_) => Err(s3_error!(
                InvalidArgument,
                "encoding-type can only be `url`"
            )),
        }
    }

    pub(super) fn write(self, name: &str) -> String {
        match self {
            Self::Plain => name.to_owned(),
            Self::Url => url(name),
        }
    }

    pub(super) fn write_option(self, name: Option<String>) -> Option<String> {
        name.map(|name| self.write(&name))
    }
}

/// Percent-encodes a key as in a URL's path.
pub(super) fn url(key: &str) -> String {
    utf8_percent_encode(key, PLAIN).to_string()
}

/// Reads a page size.
pub(super) fn limit(asked: Option<i32>) -> S3Result<i32> {
    match asked {
        None => Ok(MAX_KEYS),
        Some(asked) if asked < 0 => {
            Err(s3_error!(InvalidArgument, "max-keys must not be negative"))
        }
        Some(asked) => Ok(asked.min(MAX_KEYS)),
    }
}

impl Gateway {
    pub(super) async fn list_v1(
        &self,
        request: S3Request<ListObjectsInput>,
    ) -> S3Result<ListObjectsOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        let encoding = Encoding::parse(input.encoding_type.as_ref())?;
        let max_keys = limit(input.max_keys)?;
        let query = query(
            input.prefix.as_ref(),
            input.delimiter.as_ref(),
            input.marker.clone().unwrap_or_default(),
            max_keys,
        );
        let (page, people) = self.page(caller, input.bucket.clone(), query, true).await?;
        // Without a delimiter the last key itself is the next marker.
        let next_marker = page
            .entries
            .last()
            .filter(|_| page.truncated && input.delimiter.is_some())
            .map(|last| encoding.write(last.name()));
        let truncated = page.truncated;
        let (contents, prefixes) = self.split(page, encoding, people.as_ref());
        Ok(ListObjectsOutput {
            name: Some(input.bucket),
            prefix: Some(encoding.write(&input.prefix.unwrap_or_default())),
            marker: Some(encoding.write(&input.marker.unwrap_or_default())),
            max_keys: Some(max_keys),
            is_truncated: Some(truncated),
            contents: Some(contents),
            common_prefixes: Some(prefixes),
            delimiter: encoding.write_option(input.delimiter),
            next_marker,
            encoding_type: input.encoding_type,
            ..ListObjectsOutput::default()
        })
    }

    pub(super) async fn list_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<ListObjectsV2Output> {
        let caller = caller(&request)?;
        let input = request.input;
        let encoding = Encoding::parse(input.encoding_type.as_ref())?;
        let max_keys = limit(input.max_keys)?;
        let after = match &input.continuation_token {
            Some(token) => read_token(token)?,
            None => input.start_after.clone().unwrap_or_default(),
        };
        let query = query(
            input.prefix.as_ref(),
            input.delimiter.as_ref(),
            after,
            max_keys,
        );
        let shows = input.fetch_owner.unwrap_or(false);
        let (page, people) = self
            .page(caller, input.bucket.clone(), query, shows)
            .await?;
        let next_continuation_token = page
            .entries
            .last()
            .filter(|_| page.truncated)
            .map(|last| token(last.name()));
        let truncated = page.truncated;
        let key_count = i32::try_from(page.entries.len()).ok();
        let (contents, prefixes) = self.split(page, encoding, people.as_ref());
        Ok(ListObjectsV2Output {
            name: Some(input.bucket),
            prefix: Some(encoding.write(&input.prefix.unwrap_or_default())),
            max_keys: Some(max_keys),
            key_count,
            continuation_token: input.continuation_token,
            is_truncated: Some(truncated),
            next_continuation_token,
            contents: Some(contents),
            common_prefixes: Some(prefixes),
            delimiter: encoding.write_option(input.delimiter),
            encoding_type: input.encoding_type,
            start_after: encoding.write_option(input.start_after),
            ..ListObjectsV2Output::default()
        })
    }

    /// A page, and the owners of what is on it where they are shown.
    async fn page(
        &self,
        caller: Caller,
        bucket: String,
        query: Query,
        owners: bool,
    ) -> S3Result<(Page, Option<People>)> {
        let now = self.clock.now_ms();
        let compared = self.store.compare_page(&caller, &bucket, &query, now);
        compared.await.map_err(fail)?;
        self.store
            .read(move |connection| {
                let bucket = buckets::open(connection, &caller, &bucket)?;
                bucket.granted.need(Permissions::BROWSE)?;
                caller.reach(&query.prefix)?;
                let page = listing::list(connection, bucket.id, &query)?;
                let ids = page.entries.iter().filter_map(|entry| match entry {
                    Entry::Object { owner_id, .. } => Some(*owner_id),
                    Entry::Prefix(_) => None,
                });
                let people = owners.then(|| People::of(connection, ids)).transpose()?;
                Ok((page, people))
            })
            .await
            .map_err(fail)
    }

    fn split(
        &self,
        page: Page,
        encoding: Encoding,
        people: Option<&People>,
    ) -> (Vec<Object>, Vec<CommonPrefix>) {
        let (mut contents, mut prefixes) = (Vec::new(), Vec::new());
        for entry in page.entries {
            match entry {
                Entry::Object {
                    key,
                    size,
                    etag,
                    modified_ms,
                    owner_id,
                } => contents.push(Object {
                    owner: people.map(|people| people.owner(&self.habits, &key, owner_id)),
                    key: Some(encoding.write(&key)),
                    size: Some(to_i64(size)),
                    e_tag: Some(ETag::Strong(etag)),
                    last_modified: Some(from_ms(modified_ms).into()),
                    storage_class: Some(ObjectStorageClass::from_static(
                        ObjectStorageClass::STANDARD,
                    )),
                    ..Object::default()
                }),
                Entry::Prefix(prefix) => prefixes.push(CommonPrefix {
                    prefix: Some(encoding.write(&prefix)),
                }),
            }
        }
        (contents, prefixes)
    }
}

/// Names of owners, by their ids.
pub(super) struct People(HashMap<i64, Person>);

impl People {
    pub(super) fn of(
        connection: &Connection,
        ids: impl Iterator<Item = i64>,
    ) -> Result<Self, Error> {
        let mut people = HashMap::new();
        for id in ids {
            if let hash_map::Entry::Vacant(place) = people.entry(id)
                && let Some(person) = accounts::person_by_id(connection, id)?
            {
                place.insert(person);
            }
        }
        Ok(Self(people))
    }

    /// The owner of a key. HCP's folders belong to nobody.
    pub(super) fn owner(&self, habits: &Habits, key: &str, id: i64) -> Owner {
        match self.0.get(&id) {
            Some(person) if !(habits.folders && key.ends_with('/')) => owner_of(person),
            _ => Owner {
                display_name: Some("nobody".to_owned()),
                id: Some("nobody".to_owned()),
            },
        }
    }
}

/// S3's form of a person.
pub(super) fn owner_of(person: &Person) -> Owner {
    Owner {
        display_name: Some(person.username.clone()),
        id: Some(person.guid.clone()),
    }
}

pub(super) fn query(
    prefix: Option<&String>,
    delimiter: Option<&String>,
    after: String,
    limit: i32,
) -> Query {
    Query {
        prefix: prefix.cloned().unwrap_or_default(),
        delimiter: delimiter.cloned().unwrap_or_default(),
        after,
        limit: usize::try_from(limit).unwrap_or(0),
    }
}

/// A continuation token: the last entry, in a form that nobody takes for a name.
pub(super) fn token(last: &str) -> String {
    URL_SAFE_NO_PAD.encode(last)
}

pub(super) fn read_token(token: &str) -> S3Result<String> {
    URL_SAFE_NO_PAD
        .decode(token)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .filter(|name| !name.is_empty())
        .ok_or_else(|| {
            s3_error!(
                InvalidArgument,
                "The continuation token provided is incorrect"
            )
        })
}
