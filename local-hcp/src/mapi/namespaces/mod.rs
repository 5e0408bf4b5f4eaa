//! Namespaces (HCP's management API, `namespace`), and what there is below each of them.
//!
//! A namespace is the bucket that S3 knows: what is said here governs its objects from the next request on.

mod compliance;
mod cors;
mod data_access;
mod protocols;
mod rules;
mod settings;
mod versioning;

use model::{
    Timestamp,
    mapi::{Namespace, Quota, Resource as _, Role},
};
use rusqlite::Connection;
use time::{Date, Month};

use super::{
    access::{A, Access, C, M, Standing, anyone, nobody},
    call::{Answer, Call, Endpoint},
    error::Refusal,
    query::{Entry, page},
    shape::{Row, merged, row},
};
use crate::{
    Error,
    access::Permissions,
    clock::from_ms,
    store::{
        Write, accounts,
        buckets::{self, Bucket},
        content_classes, data_access as grants,
        namespaces::{self as store, Maker, NewNamespace},
        plain,
        tenants::Limits,
    },
};

/// Whoever has namespaces of their own sees of them the name and the owner.
fn reader(standing: &Standing) -> bool {
    standing.has(A) || standing.has(M)
}

/// A property that can be set always, and is always shown.
const fn set(name: &'static str) -> Row {
    row(name, anyone, anyone, reader, reader)
}

/// One that is set when the namespace is made, and never again.
const fn once(name: &'static str) -> Row {
    row(name, anyone, nobody, reader, reader)
}

/// One that is told when everything is asked for.
const fn told(name: &'static str) -> Row {
    row(name, nobody, nobody, nobody, reader)
}

const ROWS: &[Row] = &[
    row("name", anyone, anyone, anyone, anyone),
    set("description"),
    set("hardQuota"),
    set("softQuota"),
    set("servicePlan"),
    row("hashScheme", anyone, nobody, nobody, reader),
    set("enterpriseMode"),
    set("optimizedFor"),
    set("directoryUsage"),
    once("retentionType"),
    set("aclsUsage"),
    row("owner", anyone, anyone, anyone, anyone),
    set("ownerType"),
    set("searchEnabled"),
    set("indexingEnabled"),
    set("indexingDefault"),
    set("customMetadataIndexingEnabled"),
    set("customMetadataValidationEnabled"),
    // The system has no replication: nothing is told of it, and nobody can have it.
    row("replicationEnabled", anyone, anyone, nobody, nobody),
    row("readFromReplica", anyone, anyone, nobody, nobody),
    row("replicationTimestamp", nobody, nobody, nobody, nobody),
    set("allowErasureCoding"),
    set("serviceRemoteSystemRequests"),
    set("appendEnabled"),
    set("atimeSynchronizationEnabled"),
    set("allowPermissionAndOwnershipChanges"),
    set("authUsersAlwaysGrantedAllPermissions"),
    set("authMinimumPermissions"),
    set("authAndAnonymousMinimumPermissions"),
    set("multipartUploadAutoAbortDays"),
    set("s3UnversionedOverwrite"),
    set("tags"),
    row("versioningSettings", anyone, nobody, nobody, nobody),
    // Whatever is sent has no effect.
    row("dpl", anyone, anyone, reader, reader),
    row("isDplDynamic", nobody, nobody, reader, reader),
    row("nameIDNA", nobody, nobody, nobody, nobody),
    told("creationTime"),
    told("fullyQualifiedName"),
    told("id"),
    told("mqeIndexingTimestamp"),
];

pub(super) fn endpoints() -> Vec<Endpoint> {
    let mut all = vec![
        Endpoint::at("/tenants/{tenant}/namespaces")
            .get(Access::tenant(&[A, M, C]).or_managers(), list)
            .put(Access::tenant(&[A]).or_managers(), create),
        Endpoint::at("/tenants/{tenant}/namespaces/{namespace}")
            .get(Access::tenant(&[A, M]).or_managers(), show)
            .head(Access::tenant(&[A, M, C]).or_managers(), look)
            .post(Access::tenant(&[A]), modify)
            .delete(Access::tenant(&[A]).or_managers(), delete),
    ];
    all.extend(versioning::endpoints());
    all.extend(compliance::endpoints());
    all.extend(protocols::endpoints());
    all.extend(settings::endpoints());
    all.extend(cors::endpoints());
    all.extend(data_access::endpoints());
    all
}

/// Which namespace a request is about, and whose it has to be.
struct Target {
    tenant_id: i64,
    name: String,
    /// `Some`: only those of this owner are for the caller.
    only_of: Option<i64>,
}

impl Target {
    /// The namespace that the path names. Callers without one of the roles have their own alone.
    fn of(call: &Call, roles: &[Role]) -> Result<Self, Refusal> {
        Ok(Self {
            tenant_id: call.tenant()?.id,
            name: call.name("namespace").to_owned(),
            only_of: only_of(call, roles),
        })
    }

    fn find(&self, connection: &Connection) -> Result<Bucket, Error> {
        let bucket = buckets::find(connection, self.tenant_id, &self.name)?;
        match (bucket, self.only_of) {
            (Some(bucket), None) => Ok(bucket),
            (Some(bucket), Some(owner)) if bucket.owner_id == Some(owner) => Ok(bucket),
            (None, None) => Err(Error::NoSuchBucket),
            (_, Some(_)) => Err(Error::Forbidden(
                "The namespace is none of the account's own.".to_owned(),
            )),
        }
    }
}

fn only_of(call: &Call, roles: &[Role]) -> Option<i64> {
    let by_role = roles.iter().any(|role| call.standing.has(*role));
    (!by_role).then_some(call.account.id)
}

/// Reads something of the namespace that the path names.
async fn read<T: Send + 'static>(
    call: &Call,
    roles: &[Role],
    work: impl FnOnce(&Connection, Bucket) -> Result<T, Error> + Send + 'static,
) -> Result<T, Refusal> {
    let target = Target::of(call, roles)?;
    let read = call.management.store.read(move |connection| {
        let bucket = target.find(connection)?;
        work(connection, bucket)
    });
    Ok(read.await?)
}

/// Changes something of the namespace that the path names.
async fn write<T: Send + 'static>(
    call: &Call,
    roles: &[Role],
    work: impl FnOnce(&mut Write<'_>, Bucket) -> Result<T, Error> + Send + 'static,
) -> Result<T, Refusal> {
    let target = Target::of(call, roles)?;
    let write = call.change(move |write| {
        let bucket = target.find(write.connection)?;
        work(write, bucket)
    });
    write.await
}

async fn list(call: Call) -> Result<Answer, Refusal> {
    let (tenant, only_of) = (call.tenant()?.id, only_of(&call, &[A, M, C]));
    let read = call.management.store.read(move |connection| {
        let mut entries = Vec::new();
        for bucket in buckets::of_tenant(connection, tenant)? {
            if only_of.is_some_and(|owner| bucket.owner_id != Some(owner)) {
                continue;
            }
            let tags = store::kept_of(connection, &bucket)?.tags;
            entries.push(Entry {
                name: bucket.name,
                hard_quota: bucket.settings.hard_quota.map_or(u64::MAX, Quota::bytes),
                tags: tags.map(|tags| tags.0).unwrap_or_default(),
            });
        }
        Ok(entries)
    });
    let entries = read.await?;
    let names = page(&call.query, "name", Some(("hardQuota", "tag")), entries)?;
    Ok(Answer::names("namespaces", "name", names))
}

/// The name of a namespace's owner.
fn owner_of(connection: &Connection, bucket: &Bucket) -> Result<Option<String>, Error> {
    let Some(id) = bucket.owner_id else {
        return Ok(None);
    };
    let owner = accounts::person_by_id(connection, id)?;
    Ok(owner.map(|person| person.username))
}

async fn show(call: Call) -> Result<Answer, Refusal> {
    let now = Timestamp::new(from_ms(call.now_ms())).hcp();
    let host = format!("{}.{}", call.tenant()?.name, call.management.domain);
    let shown = read(&call, &[A, M], move |connection, bucket| {
        let owner = owner_of(connection, &bucket)?;
        let kept = store::kept_of(connection, &bucket)?;
        let is_indexed = kept.indexing_enabled == Some(true);
        Ok(Namespace {
            creation_time: Some(Timestamp::new(from_ms(bucket.created_ms)).hcp()),
            fully_qualified_name: Some(format!("{}.{host}", bucket.name)),
            // What is written is indexed with it.
            mqe_indexing_timestamp: is_indexed.then_some(now),
            ..store::properties(&bucket, kept, owner)
        })
    });
    let shown = shown.await?;
    Ok(call.show(ROWS, &shown))
}

async fn look(call: Call) -> Result<Answer, Refusal> {
    read(&call, &[A, M, C], |_connection, _bucket| Ok(())).await?;
    Ok(Answer::Empty)
}

/// The account that is to own a namespace.
fn named_owner(
    connection: &Connection,
    tenant: &str,
    asked: &Namespace,
) -> Result<Option<i64>, Error> {
    let name = match asked.owner.as_deref() {
        None | Some("") => return Ok(None),
        Some(name) => name,
    };
    let account = accounts::tenant_user(connection, tenant, name)?;
    account.map(|account| Some(account.id)).ok_or_else(|| {
        Error::InvalidSetting(format!("owner: the tenant has no user account {name}"))
    })
}

async fn create(call: Call) -> Result<Answer, Refusal> {
    let asked: Namespace = call.read(ROWS)?;
    Refusal::of_faults(&asked.check_required(&["name"]))?;
    let (tenant, habits, now_ms) = (
        call.tenant()?.clone(),
        call.management.habits,
        call.now_ms(),
    );
    let own = only_of(&call, &[A]);
    // Accounts of the system own nothing in a tenant.
    let creator = call.account.tenant.is_some().then_some(call.account.id);
    let write = call.change(move |write| {
        let connection = write.connection;
        let limits = Limits::of(connection, tenant.id)?;
        let properties = rules::of_new(
            &store::defaults(&limits, &habits, Maker::Management),
            &asked,
        );
        rules::check_new(&properties, &asked, &limits)?;
        let named = named_owner(connection, &tenant.name, &asked)?;
        if own.is_some() && named.is_some() && named != own {
            return Err(Error::Forbidden(
                "owner: the account may have namespaces of its own alone.".to_owned(),
            ));
        }
        let takes = habits.ready_namespaces && asked.owner.is_none();
        let owner_id = named.or(own).or(creator.filter(|_id| takes));
        let new = NewNamespace {
            tenant_id: tenant.id,
            name: asked.name.as_deref().unwrap_or_default(),
            owner_id,
            created_ms: now_ms,
            properties: &properties,
            maker: Maker::Management,
        };
        let id =
            store::create(connection, &new, &limits, &habits).map_err(|error| match error {
                Error::BucketTaken => Error::Conflict(
                    "name: the tenant has a namespace of this name already.".to_owned(),
                ),
                error => error,
            })?;
        match creator.filter(|_id| habits.ready_namespaces) {
            Some(creator) => grants::set_of_user(connection, id, creator, Permissions::ALL),
            None => Ok(()),
        }
    });
    write.await?;
    Ok(Answer::Empty)
}

/// From which day on everything is to be indexed anew: `mm/dd/yyyy`, or 0 for all of it. What is written is
/// indexed at once, so that there is nothing to be made up for.
fn check_checkpoint(call: &Call) -> Result<(), Refusal> {
    let Some(text) = call.query.get("resetMQECheckpoint") else {
        return Ok(());
    };
    let day = || {
        let (month, rest) = text.split_once('/')?;
        let (day, year) = rest.split_once('/')?;
        let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
        Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
    };
    if text == "0" || day().is_some() {
        Ok(())
    } else {
        Err(Refusal::invalid(
            "The parameter resetMQECheckpoint has to be 0 or a day such as 12/31/2024.",
        ))
    }
}

async fn modify(call: Call) -> Result<Answer, Refusal> {
    check_checkpoint(&call)?;
    let asked: Namespace = call.read(ROWS)?;
    let tenant = call.tenant()?.clone();
    write(&call, &[A], move |write, bucket| {
        let connection = write.connection;
        let limits = Limits::of(connection, tenant.id)?;
        let owner = owner_of(connection, &bucket)?;
        let before = store::properties(&bucket, store::kept_of(connection, &bucket)?, owner);
        let after = rules::changed(&merged(&before, &asked), &asked);
        rules::check_change(connection, &bucket, &before, &after, &asked, &limits)?;
        if asked.search_enabled == Some(false) {
            store::remove_document(connection, bucket.id, store::INDEXING)?;
            content_classes::set_of_namespace(connection, tenant.id, bucket.id, &[])?;
        }
        let mut settings = bucket.settings.clone();
        store::govern(&mut settings, &asked);
        if asked.hard_quota.is_some() {
            store::check_quota(connection, tenant.id, Some(&bucket), &settings, &limits)?;
        }
        buckets::set_settings(connection, bucket.id, &settings)?;
        store::set_document(
            connection,
            bucket.id,
            store::NAMESPACE,
            &store::kept(&after),
        )?;
        if asked.owner.is_some() {
            let owner = named_owner(connection, &tenant.name, &asked)?;
            buckets::set_owner(connection, bucket.id, owner)?;
        }
        match asked.name.as_deref().filter(|name| *name != bucket.name) {
            Some(name) => {
                plain::forbid_renaming(connection)?;
                buckets::set_name(connection, bucket.id, name)
            }
            None => Ok(()),
        }
    })
    .await?;
    Ok(Answer::Empty)
}

async fn delete(call: Call) -> Result<Answer, Refusal> {
    write(&call, &[A], |write, bucket| {
        plain::remove_bucket(write, &bucket).map_err(|error| match error {
            Error::BucketNotEmpty => Error::Forbidden(
                "The namespace is not empty: it has objects, old versions, delete markers, records of \
                 deletions or open uploads."
                    .to_owned(),
            ),
            error => error,
        })
    })
    .await?;
    Ok(Answer::Empty)
}
