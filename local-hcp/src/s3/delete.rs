//! Deleting objects, one or many.

use std::sync::Arc;

use axum::http::HeaderMap;
use rusqlite::Connection;
use s3s::{
    S3Error, S3Request, S3Result,
    dto::{
        DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput,
        DeletedObject, Error as Refusal, ObjectIdentifier,
    },
    s3_error,
};

use super::{
    Gateway, auth::caller, condition::Conditions, error::fail, objects::owner_id, versions,
};
use crate::{
    Error,
    access::{Caller, Permissions},
    account::Account,
    profile::Habits,
    protection::{Deletion, Reason},
    store::{
        Write,
        buckets::{self, Bucket, Versioning},
        objects::{self as stored, Version},
        plain,
        records::{self, Deed, NewRecord, PrivilegedDelete},
        usage::Sums,
        versions::{Deleted, delete, delete_version},
    },
};

/// One delete.
const DELETED: Sums = Sums {
    bytes_in: 0,
    bytes_out: 0,
    reads: 0,
    writes: 0,
    deletes: 1,
};

/// How many keys one call may delete.
const DELETE_MAX: usize = 1_000;

impl Gateway {
    pub(super) async fn remove_object(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> S3Result<DeleteObjectOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        let version = self.deleted_version(input.version_id.as_deref())?;
        let reason = Reason::of(&request.headers)?;
        let (habits, now) = (self.habits, self.clock.now_ms());
        let record = Record::of(&caller, &input.bucket, reason.as_ref());
        let log = record.clone();
        let named = input.key.clone();
        // Of the newest version; HCP ignores it.
        let matches = input
            .if_match
            .filter(|_| habits.conditional_writes && input.version_id.is_none());
        let conditions = matches.map(|matches| Conditions {
            matches: Some(matches),
            ..Conditions::default()
        });
        let (marker, version) = self
            .store
            .write(move |write| {
                let bucket = buckets::open(write.connection, &caller, &input.bucket)?;
                bucket.granted.need(Permissions::DELETE)?;
                let removal = Removal {
                    caller: &caller,
                    bucket: &bucket,
                    habits: &habits,
                    deletion: Deletion::allowed(reason.as_ref(), &caller, &bucket, now)?,
                    record: &record,
                };
                // What is not there meets every condition of a delete.
                if let Some(conditions) = conditions
                    && let Some(present) = stored::current(write.connection, bucket.id, &input.key)?
                {
                    conditions.check_source(&present)?;
                }
                let done = removal.remove(write, &input.key, version)?;
                let named = done.version;
                let name = named.and_then(|named| versions::name_in(&habits, &bucket, named));
                Ok((done.marker, name))
            })
            .await
            .map_err(fail)?;
        log.write(&named);
        Ok(DeleteObjectOutput {
            delete_marker: marker.then_some(true),
            version_id: version,
            ..DeleteObjectOutput::default()
        })
    }

    /// The version that a delete names. For HCP one that it cannot read is one that is not there.
    fn deleted_version(&self, name: Option<&str>) -> S3Result<Named> {
        match versions::parse(name) {
            Ok(None) => Ok(Named::None),
            Ok(Some(version)) => Ok(Named::Version(version)),
            Err(_unreadable) if !self.habits.null_version => Ok(Named::Nothing),
            Err(unreadable) => Err(unreadable),
        }
    }

    pub(super) async fn remove_objects(
        &self,
        request: S3Request<DeleteObjectsInput>,
    ) -> S3Result<DeleteObjectsOutput> {
        let caller = caller(&request)?;
        if self.habits.demands_md5 {
            demand_md5(&request.headers)?;
        }
        let input = request.input;
        let targets = input.delete.objects;
        if targets.is_empty() || targets.len() > DELETE_MAX {
            return Err(s3_error!(MalformedXML, "A call deletes 1 to 1,000 keys."));
        }
        let named: Vec<_> = targets
            .iter()
            .map(|target| self.deleted_version(target.version_id.as_deref()))
            .collect();
        let reason = Reason::of(&request.headers)?;
        let quiet = input.delete.quiet.unwrap_or(false);
        let (habits, now) = (self.habits, self.clock.now_ms());
        let record = Record::of(&caller, &input.bucket, reason.as_ref());
        let log = record.clone();
        let (deleted, errors) = self
            .store
            .write(move |write| {
                let bucket = buckets::open(write.connection, &caller, &input.bucket)?;
                bucket.granted.need(Permissions::DELETE)?;
                let removal = Removal {
                    caller: &caller,
                    bucket: &bucket,
                    habits: &habits,
                    deletion: Deletion::allowed(reason.as_ref(), &caller, &bucket, now)?,
                    record: &record,
                };
                let (mut deleted, mut errors) = (Vec::new(), Vec::new());
                for (target, version) in targets.into_iter().zip(named) {
                    let version = match version {
                        Ok(version) => version,
                        Err(unreadable) => {
                            errors.push(refused(target, unreadable));
                            continue;
                        }
                    };
                    match removal.remove(write, &target.key, version) {
                        Ok(done) => deleted.push(told(target, &done, &habits)),
                        // Said before anything was changed: the others go on.
                        Err(
                            error @ (Error::Denied(_) | Error::Retained | Error::FolderNotEmpty),
                        ) => errors.push(refused(target, fail(error))),
                        Err(error) => return Err(error),
                    }
                }
                Ok((deleted, errors))
            })
            .await
            .map_err(fail)?;
        let keys = deleted.iter().filter_map(|deleted| deleted.key.as_deref());
        keys.for_each(|key| log.write(key));
        Ok(DeleteObjectsOutput {
            deleted: Some(if quiet { Vec::new() } else { deleted }),
            errors: Some(errors),
            ..DeleteObjectsOutput::default()
        })
    }
}

/// Deletes a key, as HCP's own protocol asks for it; where a reason was given, with a record of it.
pub(crate) fn remove_key(
    write: &mut Write<'_>,
    caller: &Caller,
    bucket: &Bucket,
    key: &str,
    reason: Option<&Reason>,
    habits: &Habits,
    now_ms: i64,
) -> Result<Record, Error> {
    let record = Record::of(caller, &bucket.name, reason);
    let removal = Removal {
        caller,
        bucket,
        habits,
        deletion: Deletion::allowed(reason, caller, bucket, now_ms)?,
        record: &record,
    };
    removal.remove(write, key, Named::None)?;
    Ok(record)
}

/// What a delete names.
#[derive(Clone, Copy)]
enum Named {
    /// The key.
    None,
    Version(Version),
    /// A version that cannot exist.
    Nothing,
}

/// HCP insists on `Content-MD5` where a body decides what is lost.
pub(super) fn demand_md5(headers: &HeaderMap) -> S3Result<()> {
    if headers.contains_key("content-md5") {
        Ok(())
    } else {
        Err(s3_error!(
            InvalidRequest,
            "Missing required header for this request: Content-MD5"
        ))
    }
}

/// What is kept of privileged deletes: who, what and why. Nothing of others.
#[derive(Clone)]
pub(crate) struct Record(Option<Privileged>);

#[derive(Clone)]
struct Privileged {
    account: Option<Arc<Account>>,
    tenant: Option<String>,
    namespace: String,
    reason: String,
}

impl Record {
    fn of(caller: &Caller, bucket: &str, reason: Option<&Reason>) -> Self {
        Self(reason.map(|reason| Privileged {
            account: caller.account().ok().cloned(),
            tenant: caller.tenant().map(|tenant| tenant.name.clone()),
            namespace: bucket.to_owned(),
            reason: reason.as_str().to_owned(),
        }))
    }

    /// Keeps a record of what was deleted, in the transaction that does it.
    fn keep(
        &self,
        connection: &Connection,
        key: &str,
        version: Option<i64>,
        now_ms: i64,
    ) -> Result<(), Error> {
        let Some(privileged) = &self.0 else {
            return Ok(());
        };
        let deed = Deed::PrivilegedDelete(PrivilegedDelete {
            namespace: privileged.namespace.clone(),
            key: key.to_owned(),
            version,
            reason: privileged.reason.clone(),
        });
        let record = NewRecord {
            tenant: privileged.tenant.clone(),
            ..NewRecord::of(privileged.account.as_deref(), now_ms, deed)
        };
        records::insert(connection, &record)
    }

    /// Tells the log, once it is done and not before.
    pub(crate) fn write(&self, key: &str) {
        if let Some(privileged) = &self.0 {
            let user = privileged.account.as_ref().map(|account| &account.username);
            let (bucket, reason) = (&privileged.namespace, &privileged.reason);
            tracing::info!(user, bucket, key, reason, "privileged delete");
        }
    }
}

/// How a request deletes: by whom, where, and with what say.
struct Removal<'a> {
    caller: &'a Caller,
    bucket: &'a Bucket,
    habits: &'a Habits,
    deletion: Deletion,
    record: &'a Record,
}

impl Removal<'_> {
    fn remove(&self, write: &mut Write<'_>, key: &str, named: Named) -> Result<Deleted, Error> {
        let (bucket, habits, deletion) = (self.bucket, self.habits, self.deletion);
        self.caller.reach(key)?;
        plain::reconcile(write, bucket, key, deletion.now_ms)?;
        let owner = owner_id(self.caller, bucket)?;
        let before = write.connection.total_changes();
        let done = match named {
            // Where no versions were ever kept, HCP does not read the name of one.
            Named::Version(version)
                if habits.null_version || bucket.versioning != Versioning::Never =>
            {
                delete_version(write, bucket, key, version, deletion)
            }
            Named::Nothing if bucket.versioning != Versioning::Never => Ok(Deleted::default()),
            _ => delete(write, bucket, key, owner, habits, deletion),
        }?;
        // What was not there was not deleted.
        if write.connection.total_changes() > before {
            write.tally(bucket, DELETED);
            let version = done.version.map(|version| version.id);
            self.record
                .keep(write.connection, key, version, deletion.now_ms)?;
        }
        Ok(done)
    }
}

fn told(target: ObjectIdentifier, done: &Deleted, habits: &Habits) -> DeletedObject {
    let name = done.version.map(|named| versions::name(habits, named));
    DeletedObject {
        key: Some(target.key),
        delete_marker: done.marker.then_some(true),
        delete_marker_version_id: name.filter(|_| done.marker),
        version_id: target.version_id,
    }
}

fn refused(target: ObjectIdentifier, answer: S3Error) -> Refusal {
    Refusal {
        code: Some(answer.code().as_str().to_owned()),
        key: Some(target.key),
        message: answer.message().map(str::to_owned),
        version_id: target.version_id,
    }
}
