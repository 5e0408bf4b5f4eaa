//! What keeps an object: told with what somebody may change of it, changed, and named where a delete is refused.

use std::time::Duration;

use futures::{StreamExt as _, stream};
use hcp::{AnnotationsOf, Conditions, ErrorKind, S3};
use http::StatusCode;
use model::{
    BucketName, ErrorCode, ObjectKey, Timestamp,
    mapi::{DataAccessPermissions, Namespace, Permission, Permissions, RetentionClass},
    object::DeletionError,
    problem::FieldError,
    protection::{
        Bar, ClassChoice, Hindrance, LABELS_HEADER, LABELS_MAX, May, ObjectProtection, Permit,
        PrivilegedReason, Wanted, in_words,
    },
    retention::{DELETION_PROHIBITED, Retention},
    session::Right,
    upload::protection as kept_until,
};
use tokio::time::timeout;

use super::known::Known;
use crate::{Error, session::Session, state::AppState};

/// How long management may take to tell what an account may do: a page waits for it.
const PATIENCE: Duration = Duration::from_secs(3);
/// The most classes whose values are asked for.
const CLASSES: usize = 100;
/// How many questions are under way at once.
const AT_A_TIME: usize = 6;
/// Of so many refused keys of one call it is told what keeps them.
const EXPLAINED: usize = 100;

/// What keeps an object, and what of it the account of a session may change.
pub async fn read(
    state: &AppState,
    session: &Session,
    bucket: &BucketName,
    client: AnnotationsOf<'_>,
    version: Option<&str>,
) -> Result<ObjectProtection, Error> {
    let asker = Asker {
        known: Known { state, session },
        bucket,
    };
    let (found, told) = tokio::join!(client.protection(version), asker.ask());
    let mut protection = of(found?, state.now().unix_seconds());
    protection.classes.clone_from(&told.classes);
    protection.may = may(&protection, &told, version.is_some());
    Ok(protection)
}

/// What an object itself tells of what keeps it.
fn of(found: hcp::Protection, now: i64) -> ObjectProtection {
    let value = found.retention;
    ObjectProtection {
        value,
        words: ObjectProtection::sentence(value, now),
        until: Some(value)
            .filter(|value| *value > 0)
            .and_then(Timestamp::from_unix_seconds),
        retained: !(0..=now).contains(&value),
        retention_class: found.class,
        stored: found.stored.and_then(Timestamp::from_unix_seconds),
        hold: found.hold,
        labelled_hold: found.labelled,
        labels: found.labels,
        classes: None,
        may: May::default(),
    }
}

/// Whether an object can be given a retention, as far as it tells itself; names of classes are the store's to know.
///
/// # Errors
/// Why it cannot be.
pub async fn can_be_kept(
    client: AnnotationsOf<'_>,
    value: &Retention,
    now: i64,
) -> Result<(), Error> {
    let present = of(client.protection(None).await?, now);
    present.changed_to(value, now).map_err(|bar| barred(&bar))?;
    Ok(())
}

/// Gives one of many objects a retention.
///
/// # Errors
/// What would shorten the present one, what a hold forbids, and what the store says.
pub async fn keep(client: AnnotationsOf<'_>, value: &Retention, now: i64) -> Result<(), Error> {
    can_be_kept(client, value, now).await?;
    Ok(client.set_retention(&written(value)).await?)
}

/// What management tells; nothing where it tells this account nothing.
#[derive(Default)]
struct Told {
    enterprise: Option<bool>,
    permissions: Option<Vec<Permission>>,
    classes: Option<Vec<ClassChoice>>,
}

impl Told {
    fn has(&self, needed: &[Permission]) -> Right {
        self.permissions.as_ref().map_or(Right::Unknown, |has| {
            needed.iter().all(|one| has.contains(one)).into()
        })
    }
}

/// Whether the account of a session may delete in a bucket, as far as management tells: an owner may, and who is told
/// the lists of permissions is told by them. Grants of an access control list are not among these.
pub async fn may_delete(state: &AppState, session: &Session, bucket: &BucketName) -> Right {
    let asker = Asker {
        known: Known { state, session },
        bucket,
    };
    let both = async { tokio::join!(asker.namespace(), asker.rights()) };
    let Ok((Some(namespace), rights)) = timeout(PATIENCE, both).await else {
        return Right::Unknown;
    };
    if asker.owns(&namespace) {
        return Right::Yes;
    }
    let permissions = rights.and_then(|rights| asker.permissions(&namespace, &rights));
    permissions.map_or(Right::Unknown, |has| {
        has.contains(&Permission::Delete).into()
    })
}

struct Asker<'a> {
    known: Known<'a>,
    bucket: &'a BucketName,
}

impl Asker<'_> {
    async fn ask(&self) -> Told {
        let both = async { tokio::join!(self.namespace(), self.rights(), self.classes()) };
        let Ok((namespace, rights, classes)) = timeout(PATIENCE, both).await else {
            return Told::default();
        };
        let permissions = rights.and_then(|rights| self.permissions(namespace.as_ref()?, &rights));
        Told {
            enterprise: namespace.and_then(|namespace| namespace.enterprise_mode),
            permissions,
            classes,
        }
    }

    async fn namespace(&self) -> Option<Namespace> {
        let read = self.known.read("get_namespace", self.bucket).await;
        read.map(|(namespace, _)| namespace)
    }

    async fn rights(&self) -> Option<DataAccessPermissions> {
        let user = self.known.session.claims.credentials.username.as_str();
        let names = [user];
        let read = self.known.read_named("get_data_access_of_user", &names);
        read.await.map(|(rights, _)| rights)
    }

    fn owns(&self, namespace: &Namespace) -> bool {
        let user = self.known.session.claims.credentials.username.as_str();
        let owner = namespace.owner.as_deref().unwrap_or_default();
        owner.eq_ignore_ascii_case(user)
    }

    /// What the account may do here: by its own rights, and by those that everybody has.
    fn permissions(
        &self,
        namespace: &Namespace,
        rights: &DataAccessPermissions,
    ) -> Option<Vec<Permission>> {
        // An owner has what no list tells.
        if self.owns(namespace) {
            return None;
        }
        let own = rights.namespace_permission.iter().flat_map(|all| &all.0);
        let own = own
            .filter(|one| {
                let name = one.namespace_name.as_deref().unwrap_or_default();
                name.eq_ignore_ascii_case(self.bucket.as_str())
            })
            .filter_map(|one| one.permissions.as_ref());
        let everybody = [
            &namespace.auth_minimum_permissions,
            &namespace.auth_and_anonymous_minimum_permissions,
        ];
        let all = own.chain(everybody.into_iter().flatten());
        Some(all.flat_map(Permissions::with_implied).collect())
    }

    async fn classes(&self) -> Option<Vec<ClassChoice>> {
        let bucket = self.bucket.as_str();
        let list = self
            .known
            .value("list_retention_classes", &[bucket])
            .await?;
        let names = list["name"].as_array().into_iter().flatten();
        let names = names.filter_map(|name| name.as_str()).take(CLASSES);
        let names: Vec<String> = names.map(str::to_owned).collect();
        let classes = names.into_iter().map(|name| async move {
            let of_class = [bucket, name.as_str()];
            let read = self
                .known
                .read_named::<RetentionClass>("get_retention_class", &of_class);
            let value = read.await.and_then(|(class, _)| class.value);
            ClassChoice {
                name: name.clone(),
                value: value.unwrap_or_default(),
            }
        });
        Some(stream::iter(classes).buffered(AT_A_TIME).collect().await)
    }
}

/// What may be changed, by the state of the object and by what is known of the account.
fn may(object: &ObjectProtection, known: &Told, is_old: bool) -> May {
    let hidden = object.labelled_hold && object.labels.is_none();
    let by_right = |needed: &[Permission]| match known.has(needed) {
        Right::No => Err(Hindrance::NoPermission),
        // Labels are told to those who may set them.
        _ if hidden && needed.contains(&Permission::Privileged) => Err(Hindrance::NoPermission),
        right => Ok(right),
    };
    let newest = if is_old {
        Err(Hindrance::OldVersion)
    } else {
        Ok(())
    };
    let free = if object.is_held() {
        Err(Hindrance::OnHold)
    } else {
        Ok(())
    };
    let ends = if object.value == DELETION_PROHIBITED && object.retention_class.is_none() {
        Err(Hindrance::NeverEnds)
    } else {
        Ok(())
    };
    let retention = newest
        .and(free)
        .and(ends)
        .and_then(|()| by_right(&[Permission::Write]));
    let holding = newest.and_then(|()| by_right(&[Permission::Write, Permission::Privileged]));
    let retained = if object.retained {
        Ok(())
    } else {
        Err(Hindrance::NotRetained)
    };
    let mode = if known.enterprise == Some(false) {
        Err(Hindrance::ComplianceMode)
    } else {
        Ok(())
    };
    let delete = newest
        .and(retained)
        .and(free)
        .and(mode)
        .and_then(|()| by_right(&[Permission::Delete, Permission::Privileged]));
    May {
        retention: Permit::from(retention),
        hold: Permit::from(holding),
        privileged_delete: Permit::from(delete),
    }
}

/// Changes what keeps an object.
///
/// # Errors
/// With words of their own, what would shorten a retention, and what a hold forbids.
pub async fn change(
    state: &AppState,
    session: &Session,
    bucket: &BucketName,
    client: AnnotationsOf<'_>,
    wanted: &Wanted,
) -> Result<ObjectProtection, Error> {
    match wanted {
        Wanted::Retention(value) => {
            let present = read(state, session, bucket, client, None).await?;
            present
                .changed_to(value, state.now().unix_seconds())
                .map_err(|bar| barred(&bar))?;
            client.set_retention(&written(value)).await?;
        }
        Wanted::Hold(hold) => client.set_hold(*hold).await?,
        Wanted::Labels(labels) => {
            if labels.values().any(|hold| *hold) {
                let present = client.protection(None).await?;
                let mut all = present.labels.unwrap_or_default();
                all.retain(|label| !labels.contains_key(label));
                if all.len() + labels.values().filter(|hold| **hold).count() > LABELS_MAX {
                    return Err(Error::Validation(vec![FieldError::body(
                        "labels",
                        format!("an object has at most {LABELS_MAX} labels"),
                    )]));
                }
            }
            let labels = labels.iter().map(|(label, hold)| (label.as_str(), *hold));
            client.set_labels(labels).await?;
        }
    }
    read(state, session, bucket, client, None).await
}

/// A value as HCP reads it.
fn written(value: &Retention) -> String {
    match value {
        Retention::Fixed(seconds) => seconds.to_string(),
        Retention::Offset(offset) => offset.to_string(),
        Retention::Class(class) => format!("C+{class}"),
    }
}

fn barred(bar: &Bar) -> Error {
    let (status, code) = match bar {
        Bar::OnHold => (StatusCode::CONFLICT, ErrorCode::ObjectOnHold),
        Bar::NeverEnds | Bar::InClass(_) | Bar::Shorter(_) => {
            (StatusCode::CONFLICT, ErrorCode::RetentionShortened)
        }
        Bar::NoSuchClass(_) => (StatusCode::NOT_FOUND, ErrorCode::RetentionClassNotFound),
        Bar::BeyondCalendar => {
            let fault = FieldError::body("retention", bar.words());
            return Error::Validation(vec![fault]);
        }
    };
    Error::Refused {
        status,
        code,
        detail: bar.words(),
    }
}

/// Deletes an object though its retention keeps it.
pub async fn delete_privileged(client: AnnotationsOf<'_>, reason: &str) -> Result<(), Error> {
    if !PrivilegedReason::is_good(reason) {
        return Err(Error::Validation(vec![FieldError::body(
            "reason",
            "a reason of 1 to 1,024 characters",
        )]));
    }
    let present = client.protection(None).await?;
    if present.hold || present.labelled {
        let labels = present.labels.unwrap_or_default();
        return Err(Error::Refused {
            status: StatusCode::CONFLICT,
            code: ErrorCode::ObjectOnHold,
            detail: format!("{} A reason does not lift it.", undeleted(&held(&labels))),
        });
    }
    Ok(client.delete_privileged(reason.trim()).await?)
}

fn held(labels: &[String]) -> String {
    if labels.is_empty() {
        "it is on hold".to_owned()
    } else {
        format!("it is on hold: {}", labels.join(", "))
    }
}

/// What keeps an object from being deleted, by the headers of a look at it: whether it is a hold, and words that
/// name the date or the labels.
pub fn kept_by(told: impl Fn(&str) -> Option<String>, now: i64) -> Option<(bool, String)> {
    let until = kept_until(&told, now)?;
    let on = |name: &str, word: &str| told(name).is_some_and(|v| v.eq_ignore_ascii_case(word));
    let is_held = on("x-hcp-retentionhold", "true")
        || on("x-hcp-labelretentionhold", "true")
        || on("x-amz-object-lock-legal-hold", "ON");
    let words = match until {
        _ if is_held => {
            let labels = told(LABELS_HEADER);
            let labels = labels.and_then(|labels| serde_json::from_str::<Vec<_>>(&labels).ok());
            held(&labels.unwrap_or_default())
        }
        Some(until) => format!("it is under retention until {}", in_words(until)),
        None => "it is kept without an end".to_owned(),
    };
    Some((is_held, words))
}

/// The same of an object, as the store has it now.
async fn keeps(
    s3: &S3,
    bucket: &BucketName,
    key: &ObjectKey,
    version: Option<&str>,
    now: i64,
) -> Option<(bool, String)> {
    let conditions = Conditions::default();
    let head = s3.head_object(bucket, key, version, &conditions).await;
    let headers = head.ok()?.protection;
    kept_by(|name| headers.get(name).cloned(), now)
}

/// As a sentence about a delete.
fn undeleted(words: &str) -> String {
    let rest = words.strip_prefix("it ").unwrap_or(words);
    format!("It {rest}. Nothing was deleted.")
}

/// Deletes an object, or a version of it.
///
/// # Errors
/// The store's, with what keeps the object where something does.
pub async fn delete(
    state: &AppState,
    s3: &S3,
    bucket: &BucketName,
    key: &ObjectKey,
    version: Option<&str>,
) -> Result<(), Error> {
    match s3.delete_object(bucket, key, version).await {
        Ok(_gone) => Ok(()),
        Err(refusal) => Err(explained(state, s3, bucket, key, version, refusal).await),
    }
}

async fn explained(
    state: &AppState,
    s3: &S3,
    bucket: &BucketName,
    key: &ObjectKey,
    version: Option<&str>,
    refusal: hcp::Error,
) -> Error {
    if !matches!(refusal.kind(), ErrorKind::Denied | ErrorKind::Conflict) {
        return refusal.into();
    }
    let now = state.now().unix_seconds();
    let Some((is_held, words)) = keeps(s3, bucket, key, version, now).await else {
        return refusal.into();
    };
    let status = Error::from(refusal).status().0;
    Error::Refused {
        status,
        code: if is_held {
            ErrorCode::ObjectOnHold
        } else {
            ErrorCode::ObjectRetained
        },
        detail: format!("object '{key}': {}", undeleted(&words)),
    }
}

/// The same for keys that one call did not delete: of the first hundred it is said what keeps them.
pub async fn explain(s3: &S3, bucket: &BucketName, now: Timestamp, refused: &mut [DeletionError]) {
    let asked = by_state(refused.iter().map(|error| (error, None)));
    for (index, words) in looked_at(s3, bucket, now, asked).await {
        refused[index].message = Some(words);
    }
}

/// The same for versions.
pub async fn explain_versions(
    s3: &S3,
    bucket: &BucketName,
    now: Timestamp,
    refused: &mut [(DeletionError, Option<String>)],
) {
    let asked = by_state(
        refused
            .iter()
            .map(|(error, version)| (error, version.clone())),
    );
    for (index, words) in looked_at(s3, bucket, now, asked).await {
        refused[index].0.message = Some(words);
    }
}

/// A refused key with its place in the list and its version.
type Asked = (usize, ObjectKey, Option<String>);

/// Those that the store refused for their state, or for a missing right: it has one word for both.
fn by_state<'e>(refused: impl Iterator<Item = (&'e DeletionError, Option<String>)>) -> Vec<Asked> {
    refused
        .enumerate()
        .filter_map(|(index, (error, version))| {
            let code = error.code.as_deref();
            let possible = matches!(code, Some("AccessDenied" | "OperationAborted"));
            let key = ObjectKey::parse(error.key.as_str()).ok();
            key.filter(|_| possible).map(|key| (index, key, version))
        })
        .take(EXPLAINED)
        .collect()
}

async fn looked_at(
    s3: &S3,
    bucket: &BucketName,
    now: Timestamp,
    asked: Vec<Asked>,
) -> Vec<(usize, String)> {
    let looks = asked.into_iter().map(|(index, key, version)| async move {
        let version = version.as_deref();
        let found = keeps(s3, bucket, &key, version, now.unix_seconds()).await;
        found.map(|(_, words)| (index, undeleted(&words)))
    });
    let found: Vec<_> = stream::iter(looks)
        .buffer_unordered(AT_A_TIME)
        .collect()
        .await;
    found.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_changed_follows_state_and_rights() {
        let object = ObjectProtection {
            value: 4_000_000_000,
            retained: true,
            ..ObjectProtection::default()
        };
        let told = |permissions: Option<&[Permission]>, enterprise| Told {
            enterprise: Some(enterprise),
            permissions: permissions.map(<[_]>::to_vec),
            classes: None,
        };
        let all = [
            Permission::Write,
            Permission::Delete,
            Permission::Privileged,
        ];
        let now = may(&object, &told(Some(&all), true), false);
        for permit in [now.retention, now.hold, now.privileged_delete] {
            assert_eq!(permit, Permit::from(Ok(Right::Yes)));
        }
        let unknown = may(&object, &told(None, true), false);
        assert_eq!(unknown.privileged_delete.allowed, Right::Unknown);

        let because =
            |may: May| [may.retention, may.hold, may.privileged_delete].map(|one| one.because);
        let none = Some(Hindrance::NoPermission);
        let writer = because(may(&object, &told(Some(&all[..2]), true), false));
        assert_eq!(writer, [None, none, none]);
        let strict = because(may(&object, &told(Some(&all), false), false));
        assert_eq!(strict, [None, None, Some(Hindrance::ComplianceMode)]);
        let old = because(may(&object, &told(Some(&all), true), true));
        assert_eq!(old, [Some(Hindrance::OldVersion); 3]);
        let held = ObjectProtection {
            labelled_hold: true,
            ..object.clone()
        };
        let on_hold = Some(Hindrance::OnHold);
        assert_eq!(
            because(may(&held, &told(None, true), false)),
            [on_hold, none, on_hold],
            "labels are not told"
        );
        let free = ObjectProtection::default();
        assert_eq!(
            because(may(&free, &told(Some(&all), true), false))[2],
            Some(Hindrance::NotRetained)
        );
        let never = ObjectProtection {
            value: -1,
            ..object
        };
        assert_eq!(
            because(may(&never, &told(Some(&all), true), false)),
            [Some(Hindrance::NeverEnds), None, None]
        );
    }
}
