//! What keeps an object from being deleted: its retention and its holds, as they are told and changed.

use std::collections::BTreeMap;

use ::time::{format_description::BorrowedFormatItem, macros::format_description};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    BucketName, ObjectKey, Timestamp,
    bucket::below,
    endpoint::Endpoint,
    multipart::Status,
    problem::FieldError,
    retention::{DELETION_ALLOWED, DELETION_PROHIBITED, INITIAL_UNSPECIFIED, Retention, Times},
    session::Right,
};

/// The most labels of one object.
pub const LABELS_MAX: usize = 100;
/// The most characters of a label.
pub const LABEL_MAX: usize = 64;
/// The most characters of the reason for a privileged delete.
pub const REASON_MAX: usize = 1_024;

/// The header with the labels of an object, as JSON. It comes to those alone who may set them.
pub const LABELS_HEADER: &str = "x-hcp-labelretentionhold-labels";

/// How a date stands in a sentence of the API.
const DATE: &[BorrowedFormatItem<'_>] = format_description!(
    "[day padding:none] [month repr:short] [year], [hour]:[minute]:[second] UTC"
);

/// A time as sentences have it.
pub fn in_words(time: Timestamp) -> String {
    time.inner().format(DATE).unwrap_or_default()
}

/// What keeps an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObjectProtection {
    /// The retention as the store has it: seconds since 1970; 0: may be deleted; -1: never may; -2: not said
    /// yet, and until then never.
    pub value: i64,
    /// What that means, in a sentence.
    pub words: String,
    /// When the retention ends, or ended, where it has an end.
    pub until: Option<Timestamp>,
    /// Whether the retention keeps it now.
    pub retained: bool,
    /// The retention class that the value comes from.
    pub retention_class: Option<String>,
    /// When it was stored.
    pub stored: Option<Timestamp>,
    /// Whether it is on hold.
    pub hold: bool,
    /// Whether it is on hold under any label.
    pub labelled_hold: bool,
    /// The labels; null where there are some and this account is not told.
    pub labels: Option<Vec<String>>,
    /// The namespace's retention classes, where this account is told.
    pub classes: Option<Vec<ClassChoice>>,
    /// What this account may change.
    pub may: May,
}

/// A retention class that an object can be given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassChoice {
    /// Its name.
    pub name: String,
    /// Its retention: a special value, or an offset.
    pub value: String,
}

/// What an account may change of what keeps an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct May {
    /// Give it another retention.
    pub retention: Permit,
    /// Put it on hold, or lift a hold.
    pub hold: Permit,
    /// Delete it though its retention keeps it.
    pub privileged_delete: Permit,
}

/// Whether something may be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Permit {
    /// Whether it may, as far as that is known.
    pub allowed: Right,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Hindrance>,
}

impl From<Result<Right, Hindrance>> for Permit {
    fn from(found: Result<Right, Hindrance>) -> Self {
        match found {
            Ok(allowed) => Self {
                allowed,
                because: None,
            },
            Err(because) => Self {
                allowed: Right::No,
                because: Some(because),
            },
        }
    }
}

/// Why something may not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Hindrance {
    /// Only the newest version is changed.
    OldVersion,
    /// It is on hold.
    OnHold,
    /// It can never be deleted, which is never taken back.
    NeverEnds,
    /// The account lacks a permission in the namespace.
    NoPermission,
    /// The namespace is in compliance mode.
    ComplianceMode,
    /// No retention keeps it: an ordinary delete does.
    NotRetained,
}

/// Why an object cannot be given a retention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bar {
    /// It is on hold.
    OnHold,
    /// It can never be deleted, which is never taken back.
    NeverEnds,
    /// It has a class, which only another class may follow.
    InClass(String),
    /// It would end before the present one.
    Shorter(Timestamp),
    /// There is no such class.
    NoSuchClass(String),
    /// The end lies beyond the calendar.
    BeyondCalendar,
}

impl Bar {
    /// It in a sentence.
    pub fn words(&self) -> String {
        match self {
            Self::OnHold => {
                "It is on hold: lift the hold before the retention is changed.".to_owned()
            }
            Self::NeverEnds => "It can never be deleted, and that is never taken back.".to_owned(),
            Self::InClass(class) => format!(
                "Its retention is that of the class {class}: only another class can follow."
            ),
            Self::Shorter(until) => format!(
                "Retention is never shortened: the present one ends {}.",
                in_words(*until)
            ),
            Self::NoSuchClass(class) => format!("There is no retention class {class}."),
            Self::BeyondCalendar => "The retention would end beyond the calendar.".to_owned(),
        }
    }
}

impl ObjectProtection {
    /// Whether any hold keeps it.
    pub fn is_held(&self) -> bool {
        self.hold || self.labelled_hold
    }

    /// When an object would be kept until with a new value, in the store's numbers; `None` where only the store
    /// knows. Nothing is judged but what the store would refuse for certain (HCP's manual, "Changing retention
    /// settings").
    ///
    /// # Errors
    /// Why it cannot be.
    pub fn changed_to(&self, value: &Retention, now: i64) -> Result<Option<i64>, Bar> {
        if self.is_held() {
            return Err(Bar::OnHold);
        }
        let end = self.end_of(value, now)?;
        let is_class = matches!(value, Retention::Class(_));
        let kept = self.value > now;
        match self.value {
            DELETION_PROHIBITED
                if !is_class || end.is_some_and(|end| end != DELETION_PROHIBITED) =>
            {
                return Err(Bar::NeverEnds);
            }
            _ if !kept => {}
            _ => {
                if let (Some(class), false) = (&self.retention_class, is_class) {
                    return Err(Bar::InClass(class.clone()));
                }
                let shorter = |end: i64| end != DELETION_PROHIBITED && end < self.value;
                if end.is_some_and(shorter) {
                    let until = Timestamp::from_unix_seconds(self.value);
                    return Err(until.map_or(Bar::BeyondCalendar, Bar::Shorter));
                }
            }
        }
        Ok(end)
    }

    fn end_of(&self, value: &Retention, now: i64) -> Result<Option<i64>, Bar> {
        let times = Times {
            stored: self.stored.map_or(now, Timestamp::unix_seconds),
            retention: self.value,
            now,
        };
        let own = |value: &Retention| match value {
            Retention::Fixed(end) => Timestamp::from_unix_seconds(*end).map(|_| *end),
            Retention::Offset(offset) => offset.end(times),
            Retention::Class(_) => None,
        };
        let Retention::Class(name) = value else {
            return own(value).map(Some).ok_or(Bar::BeyondCalendar);
        };
        let Some(classes) = &self.classes else {
            return Ok(None);
        };
        let class = classes
            .iter()
            .find(|class| class.name.eq_ignore_ascii_case(name))
            .ok_or_else(|| Bar::NoSuchClass(name.clone()))?;
        // What a class says that we cannot read is the store's to say.
        Ok(class.value.parse().ok().as_ref().and_then(own))
    }

    /// The value in a sentence.
    pub fn sentence(value: i64, now: i64) -> String {
        let date = || Timestamp::from_unix_seconds(value).map(in_words);
        match value {
            DELETION_ALLOWED => "It can be deleted at any time.".to_owned(),
            DELETION_PROHIBITED => "It can never be deleted.".to_owned(),
            INITIAL_UNSPECIFIED => "It cannot be deleted until its retention is set.".to_owned(),
            ended if ended <= now => format!(
                "It can be deleted: its retention ended {}.",
                date().unwrap_or_default()
            ),
            _ => match date() {
                Some(date) => format!("It can be deleted after {date}."),
                None => "It can be deleted beyond the calendar.".to_owned(),
            },
        }
    }
}

/// A change of what keeps an object: one of the three.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ProtectionChange {
    /// The new retention, as HCP writes it: `0`, `-1`, `-2`, an offset such as `A+7y`, `R+1y` or `N+30d`, a class
    /// such as `C+Legal`, seconds since 1970, or a time such as `2032-11-21T09:12:00+0000`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// Whether it is on hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<bool>,
    /// Labels under which it is put on hold, or which are lifted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<LabelChange>>,
}

/// A label that is set or lifted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LabelChange {
    /// The label.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub label: String,
    /// Whether it holds the object.
    pub hold: bool,
}

/// Why a text is no label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelFault {
    /// It has no characters, or spaces alone.
    Empty,
    /// So many characters are too many.
    TooLong(usize),
    /// It has control characters.
    Control,
}

/// What is wrong with a label.
pub fn label_fault(label: &str) -> Option<LabelFault> {
    let length = label.chars().count();
    if label.trim().is_empty() {
        Some(LabelFault::Empty)
    } else if length > LABEL_MAX {
        Some(LabelFault::TooLong(length))
    } else if label.chars().any(char::is_control) {
        Some(LabelFault::Control)
    } else {
        None
    }
}

/// A change that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Another retention.
    Retention(Retention),
    /// On hold, or not.
    Hold(bool),
    /// Labels, each set or lifted.
    Labels(BTreeMap<String, bool>),
}

impl ProtectionChange {
    /// What is wanted.
    ///
    /// # Errors
    /// What is wrong with it, field by field.
    pub fn read(&self) -> Result<Wanted, Vec<FieldError>> {
        let fault = |field: &str, words: String| Err(vec![FieldError::body(field, words)]);
        match (&self.retention, self.hold, &self.labels) {
            (Some(text), None, None) => match text.parse::<Retention>() {
                Ok(value) => Ok(Wanted::Retention(value)),
                Err(invalid) => fault("retention", invalid.to_string()),
            },
            (None, Some(hold), None) => Ok(Wanted::Hold(hold)),
            (None, None, Some(changes)) => match labels(changes) {
                Ok(labels) => Ok(Wanted::Labels(labels)),
                Err(words) => fault("labels", words),
            },
            _ => fault(
                "retention",
                "one of `retention`, `hold` and `labels` is changed at a time".to_owned(),
            ),
        }
    }
}

fn labels(changes: &[LabelChange]) -> Result<BTreeMap<String, bool>, String> {
    if !(1..=LABELS_MAX).contains(&changes.len()) {
        return Err(format!("1 to {LABELS_MAX} labels are changed at a time"));
    }
    let mut labels = BTreeMap::new();
    for LabelChange { label, hold } in changes {
        if label_fault(label).is_some() {
            return Err(format!(
                "a label has 1 to {LABEL_MAX} characters, and no control characters"
            ));
        }
        if labels
            .insert(label.clone(), *hold)
            .is_some_and(|before| before != *hold)
        {
            return Err(format!("the label {label:?} is set and lifted at once"));
        }
    }
    Ok(labels)
}

/// Why an object is deleted though its retention keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PrivilegedReason {
    /// The reason, which the store keeps.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1024))]
    pub reason: String,
}

impl PrivilegedReason {
    /// Whether it says something, and not too much.
    pub fn is_good(reason: &str) -> bool {
        !reason.trim().is_empty() && reason.chars().count() <= REASON_MAX
    }
}

fn of_object(bucket: &BucketName, rest: &str, key: &ObjectKey, version: Option<&String>) -> String {
    below(
        bucket,
        rest,
        &[
            ("key", Some(key.to_string())),
            ("version_id", version.cloned()),
        ],
    )
}

/// `GET /buckets/{bucket}/object/retention?key=`.
#[derive(Clone, Debug)]
pub struct GetProtection {
    /// The bucket.
    pub bucket: BucketName,
    /// The object.
    pub key: ObjectKey,
    /// A version of it.
    pub version_id: Option<String>,
}

impl Endpoint for GetProtection {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/retention";
    type Body = ();
    type Response = ObjectProtection;

    fn path(&self) -> String {
        let version = self.version_id.as_ref();
        of_object(&self.bucket, "object/retention", &self.key, version)
    }
}

/// `PUT /buckets/{bucket}/object/retention?key=`.
#[derive(Clone, Debug)]
pub struct SetProtection {
    /// The bucket.
    pub bucket: BucketName,
    /// The object.
    pub key: ObjectKey,
    /// What changes.
    pub change: ProtectionChange,
}

impl Endpoint for SetProtection {
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = GetProtection::ROUTE;
    type Body = ProtectionChange;
    type Response = ObjectProtection;

    fn path(&self) -> String {
        of_object(&self.bucket, "object/retention", &self.key, None)
    }

    fn body(&self) -> Option<&ProtectionChange> {
        Some(&self.change)
    }
}

/// `POST /buckets/{bucket}/object/privileged-delete?key=`.
#[derive(Clone, Debug)]
pub struct PrivilegedDelete {
    /// The bucket.
    pub bucket: BucketName,
    /// The object.
    pub key: ObjectKey,
    /// Why.
    pub reason: PrivilegedReason,
}

impl Endpoint for PrivilegedDelete {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/privileged-delete";
    type Body = PrivilegedReason;
    type Response = Status;

    fn path(&self) -> String {
        of_object(&self.bucket, "object/privileged-delete", &self.key, None)
    }

    fn body(&self) -> Option<&PrivilegedReason> {
        Some(&self.reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2025-11-21 09:12:00 UTC.
    const NOW: i64 = 1_763_716_320;
    const DAY: i64 = 86_400;

    fn kept(value: i64) -> ObjectProtection {
        ObjectProtection {
            value,
            stored: Timestamp::from_unix_seconds(NOW - DAY),
            ..ObjectProtection::default()
        }
    }

    fn changed(object: &ObjectProtection, text: &str) -> Result<Option<i64>, Bar> {
        object.changed_to(&text.parse().unwrap(), NOW)
    }

    #[test]
    fn a_value_is_said_with_the_date_that_it_means() {
        let seven_years = changed(&kept(0), "A+7y").unwrap().unwrap();
        for (value, said) in [
            (0, "It can be deleted at any time."),
            (-1, "It can never be deleted."),
            (-2, "It cannot be deleted until its retention is set."),
            (
                seven_years,
                "It can be deleted after 20 Nov 2032, 09:12:00 UTC.",
            ),
            (
                NOW - DAY,
                "It can be deleted: its retention ended 20 Nov 2025, 09:12:00 UTC.",
            ),
        ] {
            assert_eq!(ObjectProtection::sentence(value, NOW), said);
        }
    }

    #[test]
    fn retention_grows_and_is_never_shortened() {
        let until = NOW + 10 * DAY;
        let object = kept(until);
        let shorter = Bar::Shorter(Timestamp::from_unix_seconds(until).unwrap());
        for text in ["0", "-2", "A+1d", "N+9d", "R-1d"] {
            assert_eq!(changed(&object, text), Err(shorter.clone()), "{text}");
        }
        assert_eq!(changed(&object, "R+1d"), Ok(Some(until + DAY)));
        assert_eq!(changed(&object, "N+10d"), Ok(Some(until)));
        assert_eq!(changed(&object, "-1"), Ok(Some(-1)));
        assert!(
            shorter.words().contains("1 Dec 2025"),
            "{}",
            shorter.words()
        );
        // What may be deleted, and what was not said yet, takes anything.
        for free in [0, -2, NOW - 1] {
            for text in ["0", "-1", "-2", "A+1d"] {
                assert!(changed(&kept(free), text).is_ok(), "{free} {text}");
            }
        }
        for text in ["0", "-1", "A+100y"] {
            assert_eq!(changed(&kept(-1), text), Err(Bar::NeverEnds), "{text}");
        }
        assert_eq!(
            changed(&kept(0), "99999999999999"),
            Err(Bar::BeyondCalendar)
        );
        assert_eq!(changed(&kept(0), "A+9999y"), Err(Bar::BeyondCalendar));
    }

    #[test]
    fn a_class_is_followed_by_classes_alone() {
        let class = |name: &str, value: &str| ClassChoice {
            name: name.to_owned(),
            value: value.to_owned(),
        };
        let mut object = ObjectProtection {
            retention_class: Some("Legal".to_owned()),
            ..kept(NOW - DAY + 30 * DAY)
        };
        assert_eq!(changed(&object, "C+Any"), Ok(None), "classes are not told");
        object.classes = Some(vec![
            class("Legal", "A+30d"),
            class("Long", "A+40d"),
            class("Short", "A+20d"),
            class("Ever", "-1"),
        ]);
        assert_eq!(
            changed(&object, "A+90d"),
            Err(Bar::InClass("Legal".to_owned()))
        );
        assert_eq!(changed(&object, "C+long"), Ok(Some(NOW + 39 * DAY)));
        assert!(matches!(changed(&object, "C+Short"), Err(Bar::Shorter(_))));
        assert_eq!(
            changed(&object, "C+None"),
            Err(Bar::NoSuchClass("None".to_owned()))
        );
        object.value = -1;
        assert_eq!(changed(&object, "C+Ever"), Ok(Some(-1)));
        assert_eq!(changed(&object, "C+Long"), Err(Bar::NeverEnds));
    }

    #[test]
    fn a_hold_keeps_the_retention_as_it_is() {
        let held = ObjectProtection {
            labelled_hold: true,
            ..kept(0)
        };
        assert_eq!(changed(&held, "A+1y"), Err(Bar::OnHold));
    }

    #[test]
    fn one_thing_is_changed_at_a_time() {
        let read = |text: &str| {
            serde_json::from_str::<ProtectionChange>(text)
                .unwrap()
                .read()
        };
        assert!(matches!(
            read(r#"{"retention": "A+7y"}"#),
            Ok(Wanted::Retention(_))
        ));
        assert_eq!(read(r#"{"hold": false}"#), Ok(Wanted::Hold(false)));
        let labels =
            read(r#"{"labels": [{"label": "a", "hold": true}, {"label": "a", "hold": true}]}"#);
        assert_eq!(
            labels,
            Ok(Wanted::Labels(BTreeMap::from([("a".to_owned(), true)])))
        );
        let long = format!(
            r#"{{"labels": [{{"label": "{}", "hold": true}}]}}"#,
            "x".repeat(65)
        );
        for bad in [
            "{}",
            r#"{"retention": "soon"}"#,
            r#"{"retention": "0", "hold": true}"#,
            r#"{"labels": []}"#,
            r#"{"labels": [{"label": " ", "hold": true}]}"#,
            r#"{"labels": [{"label": "a\u0007", "hold": true}]}"#,
            r#"{"labels": [{"label": "a", "hold": true}, {"label": "a", "hold": false}]}"#,
            &long,
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_reason_says_something() {
        assert!(PrivilegedReason::is_good(&"é".repeat(1_024)));
        for bad in ["", " \n", &"x".repeat(1_025)] {
            assert!(!PrivilegedReason::is_good(bad));
        }
    }
}
