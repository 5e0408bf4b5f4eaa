//! Retention and holds: what keeps an object from being deleted or replaced.
//!
//! The rules are those of HCP's retention manual; `-1` and `-2` are its own values.

use std::collections::{BTreeMap, BTreeSet};

use http::{HeaderMap, HeaderName, HeaderValue};
use model::{
    mapi::CustomMetadataChanges,
    retention::{DELETION_PROHIBITED, INITIAL_UNSPECIFIED, Retention, Times},
};
use s3s::{S3Result, s3_error};
use serde::{Deserialize, Serialize};

use crate::{
    Error,
    access::{Caller, Permissions},
    store::buckets::{Bucket, Settings},
};

const RETENTION: HeaderName = HeaderName::from_static("x-hcp-retention");
const HOLD: HeaderName = HeaderName::from_static("x-hcp-retentionhold");
const LABELS: HeaderName = HeaderName::from_static("x-hcp-labelretentionhold");

const LABEL_NAMES: HeaderName = HeaderName::from_static("x-hcp-labelretentionhold-labels");
const PRIVILEGED: HeaderName = HeaderName::from_static("x-hcp-privileged");

/// How many characters a reason may have.
const REASON_MAX: usize = 1_024;

/// The bounds of labelled holds: how many, and characters of a label.
const LABELS_MAX: usize = 100;
const LABEL_MAX: usize = 64;

/// What protects an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Protection {
    /// Seconds since 1970 until which the object is kept; 0: may be deleted; -1: never may; -2: not
    /// said yet, and until then never.
    pub(crate) retention: i64,
    /// The retention class that the value came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) class: Option<String>,
    pub(crate) hold: bool,
    /// The labelled holds.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) labels: BTreeSet<String>,
}

impl Protection {
    pub(crate) fn is_held(&self) -> bool {
        self.hold || !self.labels.is_empty()
    }

    pub(crate) fn is_retained(&self, now_ms: i64) -> bool {
        self.retention < 0 || self.retention.saturating_mul(1_000) > now_ms
    }

    /// Says no to a new version or to other bytes.
    pub(crate) fn forbid_replacing(&self, now_ms: i64) -> Result<(), Error> {
        if self.is_held() || self.is_retained(now_ms) {
            Err(Error::Denied("the object is on hold or under retention"))
        } else {
            Ok(())
        }
    }

    /// Says no to deleting.
    pub(crate) fn forbid_deleting(&self, deletion: Deletion) -> Result<(), Error> {
        if self.is_held() {
            Err(Error::Denied("the object is on hold"))
        } else if self.is_retained(deletion.now_ms) && !deletion.is_privileged {
            Err(Error::Retained)
        } else {
            Ok(())
        }
    }
}

impl Protection {
    /// Says no to any change of what describes an object under a labelled hold.
    pub(crate) fn forbid_under_label(&self) -> Result<(), Error> {
        if self.labels.is_empty() {
            Ok(())
        } else {
            Err(Error::Denied("the object is on hold"))
        }
    }

    /// Says no to a change of custom metadata where the namespace does not let it be made
    /// (`customMetadataChanges`): an annotation is added, or else replaced or removed.
    pub(crate) fn forbid_annotating(
        &self,
        settings: &Settings,
        adds: bool,
        now_ms: i64,
    ) -> Result<(), Error> {
        self.forbid_under_label()?;
        if !self.is_held() && !self.is_retained(now_ms) {
            return Ok(());
        }
        match settings.custom_metadata_changes {
            CustomMetadataChanges::All => Ok(()),
            CustomMetadataChanges::Add if adds => Ok(()),
            CustomMetadataChanges::Add | CustomMetadataChanges::None => Err(Error::Denied(
                "the custom metadata of an object under retention cannot be changed so",
            )),
        }
    }
}

/// When something is deleted, and by what right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deletion {
    pub(crate) now_ms: i64,
    /// Retention gives way to it; holds do not.
    pub(crate) is_privileged: bool,
    /// The account that asked for it; `None`: nobody signed in, or nobody asked.
    pub(crate) by: Option<i64>,
}

impl Deletion {
    /// One without a reason.
    pub(crate) const fn plain(now_ms: i64) -> Self {
        Self {
            now_ms,
            is_privileged: false,
            by: None,
        }
    }

    /// What a delete may do for which a reason was given, or none.
    pub(crate) fn allowed(
        reason: Option<&Reason>,
        caller: &Caller,
        bucket: &Bucket,
        now_ms: i64,
    ) -> Result<Self, Error> {
        if reason.is_some() {
            bucket.granted.need(Permissions::PRIVILEGED)?;
            if !bucket.settings.enterprise_mode {
                return Err(Error::Denied("the namespace is in compliance mode"));
            }
        }
        Ok(Self {
            now_ms,
            is_privileged: reason.is_some(),
            by: caller.account().ok().map(|account| account.id),
        })
    }
}

/// Why an object is deleted that is under retention: the value of `x-hcp-privileged`.
#[derive(Clone, Debug)]
pub(crate) struct Reason(String);

impl Reason {
    /// Reads the header. It must say something, and at most 1,024 characters.
    pub(crate) fn of(headers: &HeaderMap) -> S3Result<Option<Self>> {
        let Some(value) = headers.get(PRIVILEGED) else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(value.as_bytes());
        let reason = Self::read(&text)
            .map_err(|invalid| s3_error!(InvalidArgument, "{PRIVILEGED}: {invalid}"))?;
        Ok(Some(reason))
    }

    /// Reads one that came otherwise.
    pub(crate) fn read(text: &str) -> Result<Self, Error> {
        if text.trim().is_empty() || text.chars().count() > REASON_MAX {
            return Err(Error::InvalidDocument(format!(
                "a reason has 1 to {REASON_MAX} characters"
            )));
        }
        Ok(Self(text.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Protection {
    /// What a read tells of it. The labels are for those alone who may set them.
    pub(crate) fn write(&self, headers: &mut HeaderMap, granted: Permissions) {
        let bool = |value| HeaderValue::from_static(if value { "true" } else { "false" });
        headers.insert(RETENTION, self.retention.into());
        headers.insert(HOLD, bool(self.hold));
        headers.insert(LABELS, bool(!self.labels.is_empty()));
        if !self.labels.is_empty() && granted.has(Permissions::PRIVILEGED) {
            let names = serde_json::to_vec(&self.labels).unwrap_or_default();
            if let Ok(names) = HeaderValue::from_bytes(&names) {
                headers.insert(LABEL_NAMES, names);
            }
        }
    }

    /// Refuses what ends before the namespace's least retention after one that was not specified.
    fn check_minimum(&self, settings: &Settings, times: Times) -> Result<(), Error> {
        let Some(minimum) = &settings.minimum_retention_after_initial_unspecified else {
            return Ok(());
        };
        let least = match minimum.parse() {
            Ok(Retention::Offset(offset)) => offset.end(times),
            _ => None,
        };
        match least {
            Some(least)
                if least > times.stored && self.retention >= 0 && self.retention < least =>
            {
                Err(Error::Denied(
                    "the retention would end before the namespace's minimum after an initial one \
                     that was not specified",
                ))
            }
            _ => Ok(()),
        }
    }

    fn set(&mut self, value: &Retention, settings: &Settings, times: Times) -> Result<(), Error> {
        self.class = None;
        let end = match value {
            Retention::Fixed(end) => Some(*end),
            Retention::Offset(offset) => offset.end(times),
            Retention::Class(name) => {
                let (name, class) = settings
                    .class(name)
                    .ok_or_else(|| Error::NoSuchClass(name.clone()))?;
                self.class = Some(name.to_owned());
                end_of_class(&class.value, times)?
            }
        };
        self.retention = end.ok_or(Error::RetentionBeyondCalendar)?;
        Ok(())
    }

    /// Retention may only grow while it lasts (HCP, "Changing retention settings").
    fn forbid_shortening(&self, before: &Self, now_ms: i64) -> Result<(), Error> {
        let grows = || self.retention == DELETION_PROHIBITED || self.retention >= before.retention;
        let allowed = match before.retention {
            INITIAL_UNSPECIFIED => true,
            DELETION_PROHIBITED => self.class.is_some() && self.retention == DELETION_PROHIBITED,
            _ if !before.is_retained(now_ms) => true,
            _ if before.class.is_some() => self.class.is_some() && grows(),
            _ => grows(),
        };
        if allowed {
            Ok(())
        } else {
            Err(Error::Denied("retention cannot be shortened"))
        }
    }
}

/// When the retention ends of an object in a class of that value.
pub(crate) fn end_of_class(value: &str, times: Times) -> Result<Option<i64>, Error> {
    match value.parse() {
        Ok(Retention::Fixed(end)) => Ok(Some(end)),
        Ok(Retention::Offset(offset)) => Ok(offset.end(times)),
        Ok(Retention::Class(_)) | Err(_) => Err(Error::Damaged("the value of a retention class")),
    }
}

/// What a request asks for, in the `x-hcp-…` headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    retention: Option<Retention>,
    hold: Option<bool>,
    labels: BTreeMap<String, bool>,
}

/// One entry of `x-hcp-labelretentionhold`.
#[derive(Deserialize)]
struct Label {
    id: String,
    hold: bool,
}

impl Asked {
    /// Reads the headers.
    pub(crate) fn of(headers: &HeaderMap) -> S3Result<Self> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        Self::read(text(RETENTION), text(HOLD), text(LABELS))
    }

    /// Reads what each of the three says.
    pub(crate) fn read(
        retention: Option<&str>,
        hold: Option<&str>,
        label: Option<&str>,
    ) -> S3Result<Self> {
        let retention = match retention.map(str::parse) {
            None => None,
            Some(Ok(value)) => Some(value),
            Some(Err(invalid)) => {
                let invalid: model::retention::InvalidRetention = invalid;
                return Err(s3_error!(InvalidArgument, "{invalid}"));
            }
        };
        let hold = match hold {
            None => None,
            Some("true") => Some(true),
            Some("false") => Some(false),
            Some(_) => return Err(s3_error!(InvalidArgument, "{HOLD} is `true` or `false`")),
        };
        let labels = label.map(labels).transpose()?.unwrap_or_default();
        Ok(Self {
            retention,
            hold,
            labels,
        })
    }

    pub(crate) fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// What a new object gets; the namespace's default, where nothing is said.
    pub(crate) fn of_new(&self, bucket: &Bucket, now_ms: i64) -> Result<Protection, Error> {
        let mut protection = Protection::default();
        let default = bucket
            .settings
            .retention_default
            .as_deref()
            .map(str::parse)
            .transpose()
            .map_err(|_damaged| Error::Damaged("a namespace's default retention"))?;
        if let Some(value) = self.retention.as_ref().or(default.as_ref()) {
            let now = now_ms / 1_000;
            let times = Times {
                stored: now,
                retention: 0,
                now,
            };
            protection.set(value, &bucket.settings, times)?;
        }
        self.hold_or_lift(&mut protection, bucket.granted)?;
        Ok(protection)
    }

    /// What an object has after the request, `stored_ms` being when it was stored.
    pub(crate) fn applied(
        &self,
        present: &Protection,
        bucket: &Bucket,
        granted: Permissions,
        stored_ms: i64,
        now_ms: i64,
    ) -> Result<Protection, Error> {
        let mut protection = present.clone();
        if let Some(value) = &self.retention {
            if present.is_held() {
                return Err(Error::Denied("the object is on hold"));
            }
            let times = Times {
                stored: stored_ms / 1_000,
                retention: present.retention,
                now: now_ms / 1_000,
            };
            protection.set(value, &bucket.settings, times)?;
            protection.forbid_shortening(present, now_ms)?;
            if present.retention == INITIAL_UNSPECIFIED {
                protection.check_minimum(&bucket.settings, times)?;
            }
        }
        self.hold_or_lift(&mut protection, granted)?;
        Ok(protection)
    }

    fn hold_or_lift(&self, protection: &mut Protection, granted: Permissions) -> Result<(), Error> {
        if self.hold.is_some() || !self.labels.is_empty() {
            granted.need(Permissions::WRITE | Permissions::PRIVILEGED)?;
        }
        protection.hold = self.hold.unwrap_or(protection.hold);
        for (label, hold) in &self.labels {
            if *hold {
                protection.labels.insert(label.clone());
            } else {
                protection.labels.remove(label);
            }
        }
        if protection.labels.len() > LABELS_MAX {
            return Err(Error::TooManyHolds);
        }
        Ok(())
    }
}

fn labels(text: &str) -> S3Result<BTreeMap<String, bool>> {
    let given: Vec<Label> = serde_json::from_str(text).map_err(|_malformed| {
        s3_error!(
            InvalidArgument,
            "{LABELS} is a JSON array of objects with `id` and `hold`"
        )
    })?;
    if given.len() > LABELS_MAX {
        return Err(s3_error!(
            InvalidArgument,
            "{LABELS} has at most 100 entries"
        ));
    }
    let mut labels = BTreeMap::new();
    for Label { id, hold } in given {
        if !(1..=LABEL_MAX).contains(&id.chars().count()) {
            return Err(s3_error!(InvalidArgument, "a label has 1 to 64 characters"));
        }
        if labels.insert(id, hold).is_some_and(|before| before != hold) {
            return Err(s3_error!(
                InvalidArgument,
                "a label is set and lifted at once"
            ));
        }
    }
    Ok(labels)
}
