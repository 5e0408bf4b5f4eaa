//! The rules between the properties of a namespace, and between them and what its tenant may have (HCP's
//! management API, `namespace`).

use model::mapi::{
    AclsUsage, Choice, Namespace, OptimizedFor, OwnerType, Permission, RetentionType,
    VersioningSettings,
};
use rusqlite::Connection;

use super::super::shape::merged;
use crate::{
    Error,
    store::{
        buckets::{self, Bucket, Versioning},
        namespaces::{self as store, Protocols},
        tenants::Limits,
    },
};

fn invalid<T>(message: &str) -> Result<T, Error> {
    Err(Error::InvalidSetting(message.to_owned()))
}

fn forbidden<T>(message: &str) -> Result<T, Error> {
    Err(Error::Forbidden(message.to_owned()))
}

/// What a new namespace is: what was asked for over the defaults.
pub(super) fn of_new(defaults: &Namespace, asked: &Namespace) -> Namespace {
    let mut new = merged(defaults, asked);
    if asked.search_enabled.is_some() && asked.indexing_enabled.is_none() {
        new.indexing_enabled = asked.search_enabled;
    }
    if is_object_lock(&new) {
        let asked = new.versioning_settings.take().unwrap_or_default();
        new.versioning_settings = Some(VersioningSettings {
            enabled: Some(true),
            use_delete_markers: Some(true),
            ..asked
        });
        new.optimized_for = Some(OptimizedFor::Cloud.into());
    }
    new
}

/// What a namespace is after a change: without search nothing is indexed.
pub(super) fn changed(after: &Namespace, asked: &Namespace) -> Namespace {
    let mut after = after.clone();
    if asked.search_enabled == Some(false) {
        after.indexing_enabled = Some(asked.indexing_enabled.unwrap_or(false));
        after.custom_metadata_indexing_enabled =
            Some(asked.custom_metadata_indexing_enabled.unwrap_or(false));
    }
    if asked.indexing_enabled == Some(false) && asked.custom_metadata_indexing_enabled.is_none() {
        after.custom_metadata_indexing_enabled = Some(false);
    }
    after
}

fn is_object_lock(namespace: &Namespace) -> bool {
    namespace.retention_type == Some(RetentionType::S3.into())
}

pub(super) fn check_new(new: &Namespace, asked: &Namespace, limits: &Limits) -> Result<(), Error> {
    if is_object_lock(new) {
        let refused = asked.versioning_settings.as_ref();
        if refused.is_some_and(|versioning| versioning.enabled == Some(false)) {
            return invalid("versioningSettings: with retentionType S3 versions are kept");
        }
        if asked.optimized_for == Some(OptimizedFor::All.into()) {
            return invalid("optimizedFor: with retentionType S3 it is CLOUD");
        }
    }
    if let Some(versioning) = &asked.versioning_settings {
        check_versioning(versioning, true)?;
    }
    let enabled = new
        .versioning_settings
        .as_ref()
        .is_some_and(|versioning| versioning.enabled == Some(true));
    if enabled && limits.tenant.versioning_configuration_enabled == Some(false) {
        return forbidden("versioningSettings: the tenant may not have versioning");
    }
    let tenant_decides = limits.tenant.compliance_configuration_enabled == Some(false);
    if asked.enterprise_mode == Some(false) && tenant_decides {
        return forbidden("enterpriseMode: the tenant may not set the retention mode");
    }
    check(new, asked, enabled, limits)
}

pub(super) fn check_change(
    connection: &Connection,
    bucket: &Bucket,
    before: &Namespace,
    after: &Namespace,
    asked: &Namespace,
    limits: &Limits,
) -> Result<(), Error> {
    match (before.enterprise_mode, asked.enterprise_mode) {
        (Some(false), Some(true)) => {
            return forbidden("enterpriseMode: a namespace in compliance mode stays in it");
        }
        (Some(true), Some(false))
            if limits.tenant.compliance_configuration_enabled == Some(false) =>
        {
            return forbidden("enterpriseMode: the tenant may not set the retention mode");
        }
        _ => {}
    }
    let never = Some(Choice::from(AclsUsage::NotEnabled));
    if asked.acls_usage == never && before.acls_usage != never {
        return forbidden("aclsUsage: access control lists that were enabled stay so");
    }
    let others = Protocols::of(connection, bucket.id)?;
    if let Some(name) = asked.name.as_deref().filter(|name| *name != bucket.name) {
        if bucket.settings.http.hs3_enabled || others.cifs || others.nfs {
            return forbidden(
                "name: a namespace is not renamed while S3, CIFS or NFS is enabled for it",
            );
        }
        let taken = buckets::find(connection, bucket.tenant_id, name)?;
        if taken.is_some_and(|taken| taken.id != bucket.id) {
            return Err(Error::Conflict(
                "name: the tenant has a namespace of this name already".to_owned(),
            ));
        }
    }
    if asked.optimized_for == Some(OptimizedFor::Cloud.into()) && others.any() {
        return invalid("optimizedFor: it is not CLOUD while CIFS, NFS, SMTP or WebDAV is enabled");
    }
    if is_object_lock(before) && asked.optimized_for == Some(OptimizedFor::All.into()) {
        return invalid("optimizedFor: with retentionType S3 it is CLOUD");
    }
    let enabled = bucket.versioning == Versioning::Enabled;
    check(after, asked, enabled, limits)
}

/// The rules that hold whether or not the namespace is new.
fn check(
    after: &Namespace,
    asked: &Namespace,
    versioning: bool,
    limits: &Limits,
) -> Result<(), Error> {
    let tenant = &limits.tenant;
    if asked.owner_type == Some(OwnerType::External.into()) {
        return invalid("ownerType: no directory is configured, so that owners are LOCAL");
    }
    if asked.service_plan.is_some() && tenant.service_plan_selection_enabled == Some(false) {
        return forbidden("servicePlan: the tenant may not select service plans");
    }
    if asked.search_enabled == Some(true) && tenant.search_configuration_enabled == Some(false) {
        return forbidden("searchEnabled: the tenant may not have search");
    }
    if after.indexing_enabled == Some(true) && after.search_enabled != Some(true) {
        return invalid("indexingEnabled: it needs searchEnabled");
    }
    if after.custom_metadata_indexing_enabled == Some(true) && after.indexing_enabled != Some(true)
    {
        return invalid("customMetadataIndexingEnabled: it needs indexingEnabled");
    }
    if asked.replication_enabled == Some(true) || asked.read_from_replica == Some(true) {
        return invalid("replicationEnabled: the system has no replication");
    }
    if after.allow_erasure_coding == Some(true) {
        if tenant.erasure_coding_selection_enabled != Some(true) {
            return forbidden("allowErasureCoding: the tenant may not select erasure coding");
        }
        if after.optimized_for != Some(OptimizedFor::Cloud.into()) {
            return invalid("allowErasureCoding: it needs optimizedFor CLOUD");
        }
    }
    if after.append_enabled == Some(true) && versioning {
        return invalid("appendEnabled: objects of a namespace that keeps versions do not grow");
    }
    for (name, words) in [
        ("authMinimumPermissions", &asked.auth_minimum_permissions),
        (
            "authAndAnonymousMinimumPermissions",
            &asked.auth_and_anonymous_minimum_permissions,
        ),
    ] {
        if let Some(words) = words {
            words
                .only_of(&Permission::OF_MINIMUMS)
                .map_err(|why| Error::InvalidSetting(format!("{name}: {why}")))?;
        }
    }
    Ok(())
}

/// The rules of versioning settings; `whole`: in a place where they are sent as a whole.
pub(super) fn check_versioning(sent: &VersioningSettings, whole: bool) -> Result<(), Error> {
    let twice = (sent.prune.is_some() && sent.prune_on_primary.is_some())
        || (sent.prune_days.is_some() && sent.days_on_primary.is_some());
    if twice {
        return invalid("versioningSettings: prune and pruneDays are sent under one name alone");
    }
    let prune = sent.prune.or(sent.prune_on_primary);
    let days = sent.prune_days.or(sent.days_on_primary);
    if whole && sent.enabled.is_none() {
        return invalid("versioningSettings.enabled: the property is required");
    }
    if whole && sent.enabled == Some(true) && prune.is_none() {
        return invalid("versioningSettings.prune: the property is required");
    }
    if whole && prune == Some(true) && days.is_none() {
        return invalid("versioningSettings.pruneDays: the property is required");
    }
    Ok(())
}

/// Says no to a protocol that the namespace cannot have.
pub(super) fn check_file_protocol(connection: &Connection, bucket: &Bucket) -> Result<(), Error> {
    if bucket.versioning == Versioning::Enabled {
        return invalid("enabled: the protocol is not offered while versions are kept");
    }
    if store::kept_of(connection, bucket)?.optimized_for == Some(OptimizedFor::Cloud.into()) {
        return invalid("enabled: the protocol is not offered where optimizedFor is CLOUD");
    }
    Ok(())
}
