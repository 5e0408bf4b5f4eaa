//! Namespaces as their administrators know them: what a bucket is told beside what governs its objects
//! (the table `namespace_documents`), and how new ones are made, by S3 or by management.

use model::mapi::{
    AclsUsage, Choice, CifsProtocol, DefaultOptimizedFor, DirectoryUsage, HashScheme, HttpProtocol,
    Namespace, NfsProtocol, OptimizedFor, OwnerType, Percent, Quota, Resource, RetentionType,
    SmtpProtocol, Tags, Unit, VersioningSettings,
};
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use super::{
    blobs::to_u64,
    buckets::{self, Bucket, NewBucket, Settings, Versioning},
    data_access,
    settings::{Switches, Versions},
    tenants::Limits,
    values,
};
use crate::{Error, access::Permissions, profile::Habits};

/// The document of the namespace's own properties, as far as they do not govern its objects.
pub(crate) const NAMESPACE: &str = "namespace";
/// The switches of HTTP that S3 does not heed.
pub(crate) const HTTP: &str = "httpProtocol";
/// The other protocols.
pub(crate) const CIFS: &str = "cifsProtocol";
pub(crate) const NFS: &str = "nfsProtocol";
pub(crate) const SMTP: &str = "smtpProtocol";
/// What of the custom metadata is indexed.
pub(crate) const INDEXING: &str = "customMetadataIndexingSettings";
/// What becomes of collisions.
pub(crate) const COLLISIONS: &str = "replicationCollisionSettings";

/// HCP's quota of a namespace of which nobody says otherwise.
const DEFAULT_QUOTA: Quota = Quota::new(50_00, Unit::Gb);

/// A document of a namespace, if it was ever set.
pub(crate) fn document<T: Resource>(
    connection: &Connection,
    bucket_id: i64,
    kind: &str,
) -> Result<Option<T>, Error> {
    let text: Option<String> = connection
        .prepare_cached(
            "SELECT document FROM namespace_documents WHERE bucket_id = ?1 AND kind = ?2",
        )?
        .query_row(params![bucket_id, kind], |row| row.get(0))
        .optional()?;
    let map = text.as_deref().map(values::from_json).transpose()?;
    Ok(map.map(T::read_leniently))
}

/// Keeps a document of a namespace in the place of the one before.
pub(crate) fn set_document(
    connection: &Connection,
    bucket_id: i64,
    kind: &str,
    document: &impl Resource,
) -> Result<(), Error> {
    connection
        .prepare_cached(
            "INSERT INTO namespace_documents (bucket_id, kind, document) VALUES (?1, ?2, ?3)
             ON CONFLICT (bucket_id, kind) DO UPDATE SET document = excluded.document",
        )?
        .execute(params![
            bucket_id,
            kind,
            values::to_json(&document.to_map())?
        ])?;
    Ok(())
}

/// Forgets a document of a namespace.
pub(crate) fn remove_document(
    connection: &Connection,
    bucket_id: i64,
    kind: &str,
) -> Result<(), Error> {
    connection
        .prepare_cached("DELETE FROM namespace_documents WHERE bucket_id = ?1 AND kind = ?2")?
        .execute(params![bucket_id, kind])?;
    Ok(())
}

/// By which side a namespace is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Maker {
    S3,
    Management,
}

/// What a namespace is where nobody says otherwise: what its tenant says of new namespaces, and HCP's own
/// defaults (HCP's management API, "namespace" and "namespaceDefaults").
pub(crate) fn defaults(limits: &Limits, habits: &Habits, maker: Maker) -> Namespace {
    let given = limits.defaults.clone().unwrap_or_default();
    let tenant = &limits.tenant;
    let quota_free =
        maker == Maker::S3 && habits.buckets_without_quota && limits.hard_quota().is_none();
    let quota = given.hard_quota.or_else(|| {
        let most = tenant.hard_quota.unwrap_or(DEFAULT_QUOTA);
        let fits = DEFAULT_QUOTA.bytes() <= most.bytes();
        (!quota_free).then_some(if fits { DEFAULT_QUOTA } else { most })
    });
    let optimized = match given.optimized_for.as_ref().and_then(Choice::known) {
        Some(DefaultOptimizedFor::All) if maker == Maker::Management => OptimizedFor::All,
        _ => OptimizedFor::Cloud,
    };
    let usage = match given.directory_usage.as_ref().and_then(Choice::known) {
        Some(DirectoryUsage::Unbalanced) => DirectoryUsage::Unbalanced,
        _ => DirectoryUsage::Balanced,
    };
    let may_search = tenant.search_configuration_enabled != Some(false);
    let searches = given.search_enabled.unwrap_or(habits.ready_namespaces) && may_search;
    let acls = if maker == Maker::S3 || habits.ready_namespaces {
        AclsUsage::Enforced
    } else {
        AclsUsage::NotEnabled
    };
    Namespace {
        description: Some(given.description.unwrap_or_default()),
        hard_quota: quota,
        soft_quota: Some(given.soft_quota.unwrap_or(Percent(85))),
        hash_scheme: Some(given.hash_scheme.unwrap_or(HashScheme::Sha256.into())),
        enterprise_mode: Some(given.enterprise_mode.unwrap_or(true)),
        optimized_for: Some(optimized.into()),
        directory_usage: Some(usage.into()),
        acls_usage: Some(acls.into()),
        search_enabled: Some(searches),
        indexing_enabled: Some(searches),
        indexing_default: Some(true),
        service_plan: Some(given.service_plan.unwrap_or_else(|| "Default".to_owned())),
        allow_erasure_coding: given.allow_erasure_coding,
        multipart_upload_auto_abort_days: Some(
            given.multipart_upload_auto_abort_days.unwrap_or(30),
        ),
        retention_type: Some(given.retention_type.unwrap_or(RetentionType::Hcp.into())),
        s3_unversioned_overwrite: Some(given.s3_unversioned_overwrite.unwrap_or(false)),
        versioning_settings: given.versioning_settings,
        ..plain()
    }
}

/// The defaults that no tenant changes.
fn plain() -> Namespace {
    Namespace {
        description: Some(String::new()),
        hash_scheme: Some(HashScheme::Sha256.into()),
        optimized_for: Some(OptimizedFor::Cloud.into()),
        directory_usage: Some(DirectoryUsage::Balanced.into()),
        retention_type: Some(RetentionType::Hcp.into()),
        search_enabled: Some(false),
        indexing_enabled: Some(false),
        indexing_default: Some(true),
        custom_metadata_indexing_enabled: Some(false),
        custom_metadata_validation_enabled: Some(false),
        service_remote_system_requests: Some(true),
        append_enabled: Some(false),
        atime_synchronization_enabled: Some(false),
        allow_permission_and_ownership_changes: Some(false),
        auth_users_always_granted_all_permissions: Some(true),
        service_plan: Some("Default".to_owned()),
        tags: Some(Tags::default()),
        ..Namespace::default()
    }
}

/// A namespace that is to be made; all that can be said of it is said.
pub(crate) struct NewNamespace<'a> {
    pub(crate) tenant_id: i64,
    pub(crate) name: &'a str,
    pub(crate) owner_id: Option<i64>,
    pub(crate) created_ms: i64,
    pub(crate) properties: &'a Namespace,
    pub(crate) maker: Maker,
}

/// Makes a namespace within the bounds of its tenant. Both sides know it from then on.
///
/// # Errors
/// [`Error::BucketTaken`]; [`Error::InvalidSetting`] where the tenant has no room for it.
pub(crate) fn create(
    connection: &Connection,
    new: &NewNamespace<'_>,
    limits: &Limits,
    habits: &Habits,
) -> Result<i64, Error> {
    if buckets::find(connection, new.tenant_id, new.name)?.is_some() {
        return Err(Error::BucketTaken);
    }
    check_number(connection, new, limits)?;
    let mut settings = Settings {
        http: http(new.maker, habits),
        versions: Versions {
            use_delete_markers: habits.ready_namespaces,
            ..Versions::default()
        },
        ..Settings::default()
    };
    govern(&mut settings, new.properties);
    check_quota(connection, new.tenant_id, None, &settings, limits)?;
    let versioned = new.properties.versioning_settings.as_ref();
    if let Some(versioned) = versioned {
        version(&mut settings.versions, versioned);
    }
    let is_enabled = versioned.and_then(|settings| settings.enabled) == Some(true);
    let guid = Uuid::new_v4().to_string();
    let bucket = NewBucket {
        tenant_id: new.tenant_id,
        guid: &guid,
        name: new.name,
        owner_id: new.owner_id,
        created_ms: new.created_ms,
        versioning: if is_enabled {
            Versioning::Enabled
        } else {
            Versioning::Never
        },
        settings: &settings,
    };
    let id = buckets::insert(connection, &bucket)?;
    set_document(connection, id, NAMESPACE, &kept(new.properties))?;
    if let Some(owner) = new.owner_id.filter(|_owner| new.maker == Maker::S3) {
        let searches = new.properties.search_enabled == Some(true);
        data_access::set_of_user(connection, id, owner, of_creator(searches, habits))?;
    }
    Ok(id)
}

/// What whoever makes a namespace may do in it.
pub(crate) fn of_creator(searches: bool, habits: &Habits) -> Permissions {
    if habits.ready_namespaces {
        return Permissions::ALL;
    }
    let given = Permissions::BROWSE
        | Permissions::READ
        | Permissions::READ_ACL
        | Permissions::WRITE
        | Permissions::WRITE_ACL
        | Permissions::DELETE;
    if searches {
        given | Permissions::SEARCH
    } else {
        given
    }
}

/// The switches of a new namespace.
fn http(maker: Maker, habits: &Habits) -> Switches {
    let by_s3 = maker == Maker::S3;
    Switches {
        hs3_enabled: by_s3 || habits.ready_namespaces,
        hs3_requires_authentication: !habits.anonymous_by_grant,
        http_enabled: by_s3 || habits.ready_namespaces,
        https_enabled: true,
        ip_settings: None,
    }
}

fn check_number(
    connection: &Connection,
    new: &NewNamespace<'_>,
    limits: &Limits,
) -> Result<(), Error> {
    let (all, owned): (i64, i64) = connection
        .prepare_cached(
            "SELECT count(*), count(CASE WHEN owner_id = ?2 THEN 1 END) FROM buckets
             WHERE tenant_id = ?1",
        )?
        .query_row(params![new.tenant_id, new.owner_id], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    if all >= i64::from(limits.namespaces()) {
        return Err(Error::InvalidSetting(format!(
            "namespaceQuota: the tenant has {all} namespaces already, as many as it may"
        )));
    }
    if new.owner_id.is_some() && owned >= limits.namespaces_per_user() {
        return Err(Error::InvalidSetting(format!(
            "maxNamespacesPerUser: the owner has {owned} namespaces already, as many as one may"
        )));
    }
    Ok(())
}

/// Refuses a quota that the tenant has not got, or that is full already. `bucket`: which of its
/// namespaces it is for.
pub(crate) fn check_quota(
    connection: &Connection,
    tenant_id: i64,
    bucket: Option<&Bucket>,
    settings: &Settings,
    limits: &Limits,
) -> Result<(), Error> {
    if let (Some(bucket), Some(quota)) = (bucket, settings.hard_quota)
        && quota.bytes() < bucket.used
    {
        return Err(Error::InvalidSetting(format!(
            "hardQuota: {quota} is less than the {} that the namespace holds already",
            Quota::of_bytes(bucket.used)
        )));
    }
    let Some(most) = limits.hard_quota() else {
        return Ok(());
    };
    let others = allocated(connection, tenant_id, bucket.map(|bucket| bucket.id))?;
    let wanted = settings.quota_bytes().unwrap_or(0);
    if others.saturating_add(wanted) > most {
        return Err(Error::InvalidSetting(format!(
            "hardQuota: the quotas of the tenant's namespaces would come to more than its {}; {} are left",
            Quota::of_bytes(most),
            Quota::of_bytes(most.saturating_sub(others))
        )));
    }
    Ok(())
}

/// The bytes that the quotas of a tenant's namespaces come to; of one without, those that it holds.
pub(crate) fn allocated(
    connection: &Connection,
    tenant_id: i64,
    without: Option<i64>,
) -> Result<u64, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT settings ->> '$.hardQuota', capacity + upload_capacity FROM buckets
         WHERE tenant_id = ?1 AND id IS NOT ?2",
    )?;
    let mut rows = statement.query(params![tenant_id, without])?;
    let mut sum = 0_u64;
    while let Some(row) = rows.next()? {
        let quota: Option<String> = row.get(0)?;
        let bytes = match quota.as_deref().map(str::parse::<Quota>) {
            Some(Ok(quota)) => quota.bytes(),
            Some(Err(_damaged)) => return Err(Error::Damaged("a namespace's quota")),
            None => to_u64(row.get(1)?),
        };
        sum = sum.saturating_add(bytes);
    }
    Ok(sum)
}

/// Takes over what of a namespace's properties governs its objects.
pub(crate) fn govern(settings: &mut Settings, from: &Namespace) {
    fn take<T: Clone>(to: &mut T, from: Option<&T>) {
        if let Some(from) = from {
            to.clone_from(from);
        }
    }
    if from.hard_quota.is_some() {
        settings.hard_quota = from.hard_quota;
    }
    take(
        &mut settings.soft_quota,
        from.soft_quota.map(|percent| percent.0).as_ref(),
    );
    take(&mut settings.enterprise_mode, from.enterprise_mode.as_ref());
    take(
        &mut settings.unversioned_overwrite,
        from.s3_unversioned_overwrite.as_ref(),
    );
    take(
        &mut settings.multipart_upload_auto_abort_days,
        from.multipart_upload_auto_abort_days.as_ref(),
    );
    settings.acls_usage = match from.acls_usage.as_ref().and_then(Choice::known) {
        // Some of HCP's examples have it so.
        Some(AclsUsage::Enabled) => AclsUsage::Enforced,
        Some(usage) => usage,
        None => settings.acls_usage,
    };
    if let Some(words) = &from.auth_minimum_permissions {
        settings.auth_minimum_permissions = permissions(words);
    }
    if let Some(words) = &from.auth_and_anonymous_minimum_permissions {
        settings.auth_and_anonymous_minimum_permissions = permissions(words);
    }
}

/// What words of the wire mean.
pub(crate) fn permissions(words: &model::mapi::Permissions) -> Permissions {
    let known: Vec<_> = words.0.iter().filter_map(Choice::known).collect();
    Permissions::of_words(&known)
}

/// The words of the wire for it.
pub(crate) fn words(permissions: Permissions) -> model::mapi::Permissions {
    permissions.words().into_iter().map(Choice::from).collect()
}

/// Takes over what becomes of versions.
pub(crate) fn version(versions: &mut Versions, from: &VersioningSettings) {
    let prune = from.prune.or(from.prune_on_primary);
    let days = from.prune_days.or(from.days_on_primary);
    versions.prune = prune.unwrap_or(versions.prune);
    versions.prune_days = days.unwrap_or(versions.prune_days);
    versions.keep_deletion_records = from
        .keep_deletion_records
        .unwrap_or(versions.keep_deletion_records);
    versions.use_delete_markers = from
        .use_delete_markers
        .unwrap_or(versions.use_delete_markers);
}

/// Enables or suspends versioning for S3, whose deletes leave markers from then on.
///
/// # Errors
/// [`Error::Forbidden`] where the tenant may not have versions, or something excludes them.
pub(crate) fn keep_versions(
    connection: &Connection,
    bucket: &Bucket,
    enabled: bool,
    limits: &Limits,
) -> Result<(), Error> {
    if enabled && bucket.versioning != Versioning::Enabled {
        check_versions(connection, bucket, limits).map_err(|error| match error {
            Error::InvalidSetting(why) => Error::Forbidden(why),
            error => error,
        })?;
        let mut settings = bucket.settings.clone();
        settings.versions.use_delete_markers = true;
        buckets::set_settings(connection, bucket.id, &settings)?;
    }
    buckets::set_versioning(connection, bucket.id, enabled)
}

/// Says no to versioning where something excludes it.
///
/// # Errors
/// [`Error::Forbidden`] where the tenant may not have versions, [`Error::InvalidSetting`] where another
/// setting of the namespace is in the way.
pub(crate) fn check_versions(
    connection: &Connection,
    bucket: &Bucket,
    limits: &Limits,
) -> Result<(), Error> {
    if limits.tenant.versioning_configuration_enabled == Some(false) {
        return Err(Error::Forbidden(
            "enabled: the tenant may not have versioning".to_owned(),
        ));
    }
    if Protocols::of(connection, bucket.id)?.any() {
        return Err(Error::InvalidSetting(
            "enabled: versions are not kept while CIFS, NFS, SMTP or WebDAV is enabled".to_owned(),
        ));
    }
    if kept_of(connection, bucket)?.append_enabled == Some(true) {
        return Err(Error::InvalidSetting(
            "enabled: versions are not kept while appendEnabled is on".to_owned(),
        ));
    }
    Ok(())
}

/// Which protocols besides S3 and REST are enabled.
#[expect(clippy::struct_excessive_bools, reason = "HCP has a switch for each")]
pub(crate) struct Protocols {
    pub(crate) cifs: bool,
    pub(crate) nfs: bool,
    pub(crate) smtp: bool,
    pub(crate) webdav: bool,
}

impl Protocols {
    pub(crate) fn of(connection: &Connection, bucket_id: i64) -> Result<Self, Error> {
        let cifs: Option<CifsProtocol> = document(connection, bucket_id, CIFS)?;
        let nfs: Option<NfsProtocol> = document(connection, bucket_id, NFS)?;
        let smtp: Option<SmtpProtocol> = document(connection, bucket_id, SMTP)?;
        let http: Option<HttpProtocol> = document(connection, bucket_id, HTTP)?;
        Ok(Self {
            cifs: cifs.is_some_and(|cifs| cifs.enabled == Some(true)),
            nfs: nfs.is_some_and(|nfs| nfs.enabled == Some(true)),
            smtp: smtp.is_some_and(|smtp| smtp.enabled == Some(true)),
            webdav: http.is_some_and(|http| http.webdav_enabled == Some(true)),
        })
    }

    pub(crate) const fn any(&self) -> bool {
        self.cifs || self.nfs || self.smtp || self.webdav
    }
}

/// What of a namespace's properties is merely kept: the rest governs objects, or follows.
pub(crate) fn kept(from: &Namespace) -> Namespace {
    Namespace {
        name: None,
        name_idna: None,
        hard_quota: None,
        soft_quota: None,
        enterprise_mode: None,
        acls_usage: None,
        owner: None,
        owner_type: None,
        auth_minimum_permissions: None,
        auth_and_anonymous_minimum_permissions: None,
        multipart_upload_auto_abort_days: None,
        s3_unversioned_overwrite: None,
        versioning_settings: None,
        dpl: None,
        is_dpl_dynamic: None,
        creation_time: None,
        fully_qualified_name: None,
        id: None,
        ..from.clone()
    }
}

/// What is kept of a namespace; of one that was made before there was anything to keep, the defaults.
pub(crate) fn kept_of(connection: &Connection, bucket: &Bucket) -> Result<Namespace, Error> {
    let document: Option<Namespace> = document(connection, bucket.id, NAMESPACE)?;
    let mut map = plain().to_map();
    map.extend(document.unwrap_or_default().to_map());
    Ok(Namespace::read_leniently(map))
}

/// All that can be set of a namespace, as it is.
pub(crate) fn properties(bucket: &Bucket, kept: Namespace, owner: Option<String>) -> Namespace {
    let settings = &bucket.settings;
    Namespace {
        name: Some(bucket.name.clone()),
        hard_quota: settings.hard_quota,
        soft_quota: Some(Percent(settings.soft_quota)),
        enterprise_mode: Some(settings.enterprise_mode),
        acls_usage: Some(settings.acls_usage.into()),
        owner_type: owner.is_some().then_some(OwnerType::Local.into()),
        owner,
        auth_minimum_permissions: Some(words(settings.auth_minimum_permissions)),
        auth_and_anonymous_minimum_permissions: Some(words(
            settings.auth_and_anonymous_minimum_permissions,
        )),
        multipart_upload_auto_abort_days: Some(settings.multipart_upload_auto_abort_days),
        s3_unversioned_overwrite: Some(settings.unversioned_overwrite),
        dpl: Some("Dynamic".to_owned()),
        is_dpl_dynamic: Some(true),
        id: Some(bucket.guid.clone()),
        ..kept
    }
}
