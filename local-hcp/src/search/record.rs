//! What is told of an object, or of one that is gone.

use model::{
    Timestamp,
    query::{Json as Kind, Property},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rusqlite::Row;
use serde_json::{Map, Value as Json};

use super::{
    condition::{ANNOTATIONS, CHANGED, CLASS, HASH, HELD, OWNER},
    scope::Visible,
};
use crate::{Error, store::removals::Details};

/// What a path in a URL has as it is.
const IN_A_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// Which properties are told beside those that always are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted(Vec<Property>);

impl Wanted {
    /// Those that were named; else, with `verbose`, all.
    pub(super) fn of(named: Option<Vec<Property>>, verbose: bool) -> Self {
        let all = || {
            let told = |property: &Property| property.facts().json != Kind::Absent;
            Property::ALL.iter().copied().filter(told).collect()
        };
        Self(match named {
            Some(named) => named,
            None if verbose => all(),
            None => Vec::new(),
        })
    }

    fn has(&self, property: Property) -> bool {
        self.0.contains(&property)
    }

    /// The columns of the table `objects`, called `o`, that are needed; what costs more than reading the row
    /// only where it is asked for.
    pub(super) fn columns(&self) -> String {
        let only_for = |properties: &[Property], column: &str| {
            if properties.iter().any(|property| self.has(*property)) {
                column.to_owned()
            } else {
                "NULL".to_owned()
            }
        };
        format!(
            "o.id, o.bucket_id, o.key, o.size, o.modified_ms, {CHANGED}, o.acl IS NOT NULL, {HELD}, {CLASS},
             coalesce(o.protection ->> '$.retention', 0), {}, {}, {}",
            only_for(&[Property::Owner], OWNER),
            only_for(&[Property::Hash, Property::HashScheme], HASH),
            only_for(
                &[Property::CustomMetadata, Property::CustomMetadataAnnotation],
                ANNOTATIONS
            ),
        )
    }
}

/// A version that is there, as its row has it.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) id: i64,
    pub(super) bucket_id: i64,
    pub(super) key: String,
    pub(super) size: i64,
    stored_ms: i64,
    pub(super) changed_ms: i64,
    has_acl: bool,
    is_held: bool,
    class: String,
    retention: i64,
    owner: Option<String>,
    hash: Option<String>,
    annotations: Option<String>,
}

impl Found {
    /// Reads the columns of [`Wanted::columns`].
    pub(super) fn read(row: &Row<'_>) -> Result<Self, Error> {
        let key: Vec<u8> = row.get(2)?;
        Ok(Self {
            id: row.get(0)?,
            bucket_id: row.get(1)?,
            key: String::from_utf8_lossy(&key).into_owned(),
            size: row.get(3)?,
            stored_ms: row.get(4)?,
            changed_ms: row.get(5)?,
            has_acl: row.get(6)?,
            is_held: row.get(7)?,
            class: row.get(8)?,
            retention: row.get(9)?,
            owner: row.get(10)?,
            hash: row.get(11)?,
            annotations: row.get(12)?,
        })
    }

    /// What is told of it.
    pub(super) fn record(&self, place: &Place<'_>, wanted: &Wanted) -> Map<String, Json> {
        let mut record = place.record("CREATED", &self.key, self.changed_ms, 0, self.id);
        for property in &wanted.0 {
            if let Some(value) = self.value(*property, place) {
                record.insert(property.name().to_owned(), value);
            }
        }
        record
    }

    fn value(&self, property: Property, place: &Place<'_>) -> Option<Json> {
        let date = |ms: i64| Json::from(date(ms));
        Some(match property {
            Property::AccessTime | Property::IngestTime => (self.stored_ms / 1_000).into(),
            Property::UpdateTime => (self.changed_ms / 1_000).into(),
            Property::AccessTimeString | Property::IngestTimeString => date(self.stored_ms),
            Property::ChangeTimeString | Property::UpdateTimeString => date(self.changed_ms),
            Property::Acl => self.has_acl.into(),
            Property::CustomMetadata => self.annotations.is_some().into(),
            Property::CustomMetadataAnnotation => {
                self.annotations.clone().unwrap_or_default().into()
            }
            Property::Dpl => 1.into(),
            Property::Gid | Property::Uid => 0.into(),
            Property::Hash => self.hash.clone().filter(|hash| !hash.is_empty())?.into(),
            Property::HashScheme => {
                let hash = self.hash.as_ref().filter(|hash| !hash.is_empty())?;
                hash.split(' ').next().unwrap_or_default().into()
            }
            Property::Hold => self.is_held.into(),
            Property::Index => true.into(),
            Property::Owner => self.owner.clone().unwrap_or_default().into(),
            Property::Permissions => "555".into(),
            Property::Replicated | Property::ReplicationCollision => false.into(),
            Property::Retention => self.retention.into(),
            Property::RetentionClass => self.class.clone().into(),
            Property::RetentionString => retention(self.retention).into(),
            Property::Shred => place.namespace.shreds.into(),
            Property::Size => self.size.into(),
            other => return place.value(other, &self.key),
        })
    }
}

/// A version that is gone, as its row has it.
#[derive(Clone, Debug)]
pub(super) struct Gone {
    pub(super) at_ms: i64,
    /// The number of [`crate::store::removals::Removal`].
    pub(super) kind: i64,
    pub(super) version: i64,
    key: String,
    size: i64,
    details: Details,
    user: Option<String>,
}

impl Gone {
    /// The columns of the table `removals`.
    pub(super) const COLUMNS: &str = "at_ms, kind, version, key, size, details, user";

    /// Reads those.
    pub(super) fn read(row: &Row<'_>) -> Result<Self, Error> {
        let key: Vec<u8> = row.get(3)?;
        let details: String = row.get(5)?;
        Ok(Self {
            at_ms: row.get(0)?,
            kind: row.get(1)?,
            version: row.get(2)?,
            key: String::from_utf8_lossy(&key).into_owned(),
            size: row.get(4)?,
            details: serde_json::from_str(&details)
                .map_err(|_not_ours| Error::Damaged("a value cannot be read"))?,
            user: row.get(6)?,
        })
    }

    /// What is told of it; `user` where the profile tells who did it.
    pub(super) fn record(
        &self,
        place: &Place<'_>,
        wanted: &Wanted,
        tells_user: bool,
    ) -> Map<String, Json> {
        let operation = match self.kind {
            1 => "DELETED",
            2 => "PURGED",
            3 => "PRUNED",
            _ => "DISPOSED",
        };
        let mut record = place.record(operation, &self.key, self.at_ms, self.kind, self.version);
        for property in &wanted.0 {
            let value = match property {
                Property::ChangeTimeString | Property::UpdateTimeString => {
                    Some(date(self.at_ms).into())
                }
                Property::UpdateTime => Some((self.at_ms / 1_000).into()),
                Property::IngestTime => Some((self.details.stored_ms / 1_000).into()),
                Property::IngestTimeString => Some(date(self.details.stored_ms).into()),
                Property::Size => Some(self.size.into()),
                Property::RetentionClass => {
                    Some(self.details.class.clone().unwrap_or_default().into())
                }
                other => place.value(*other, &self.key),
            };
            if let Some(value) = value {
                record.insert(property.name().to_owned(), value);
            }
        }
        if let Some(user) = self.user.as_ref().filter(|_user| tells_user) {
            record.insert("user".to_owned(), user.clone().into());
        }
        record
    }
}

/// Where an object is.
pub(super) struct Place<'a> {
    pub(super) namespace: &'a Visible,
    pub(super) domain: &'a str,
}

impl Place<'_> {
    /// What is always told.
    fn record(
        &self,
        operation: &str,
        key: &str,
        at_ms: i64,
        suffix: i64,
        version: i64,
    ) -> Map<String, Json> {
        let Visible { name, tenant, .. } = self.namespace;
        let path = utf8_percent_encode(key, IN_A_PATH);
        let url = format!("https://{name}.{tenant}.{}/rest/{path}", self.domain);
        Map::from_iter([
            ("version".to_owned(), version.into()),
            ("urlName".to_owned(), url.into()),
            ("operation".to_owned(), operation.into()),
            (
                "changeTimeMilliseconds".to_owned(),
                format!("{at_ms}.{suffix:02}").into(),
            ),
        ])
    }

    fn value(&self, property: Property, key: &str) -> Option<Json> {
        let Visible { name, tenant, .. } = self.namespace;
        Some(match property {
            Property::Namespace => format!("{name}.{tenant}").into(),
            Property::ObjectPath => format!("/{key}").into(),
            Property::Utf8Name => {
                let name = key.strip_suffix('/').unwrap_or(key);
                name.rsplit('/').next().unwrap_or_default().into()
            }
            Property::Type => "object".into(),
            _ => return None,
        })
    }
}

fn date(ms: i64) -> String {
    Timestamp::from_unix_millis(ms).map_or_else(String::new, Timestamp::hcp)
}

fn retention(value: i64) -> String {
    match value {
        0 => "Deletion Allowed".to_owned(),
        -1 => "Deletion Prohibited".to_owned(),
        -2 => "Initial Unspecified".to_owned(),
        seconds => date(seconds.saturating_mul(1_000)),
    }
}
