//! What new namespaces of a tenant get that do not say otherwise (HCP's management API,
//! `namespaceDefaults`).

use model::mapi::{
    DefaultOptimizedFor, DirectoryUsage, HashScheme, NamespaceDefaults, Percent, Quota,
    RetentionType, Tenant, Unit, VersioningSettings,
};

use super::{
    access::{A, Access, M, anyone, nobody},
    call::{Answer, Call, Endpoint},
    error::Refusal,
    plans::{self, DEFAULT_PLAN},
    shape::{Row, merged, plain, row},
    tenants::whole,
};
use crate::{Error, store::tenants};

const ROWS: &[Row] = &[
    plain("description"),
    plain("hardQuota"),
    plain("softQuota"),
    plain("hashScheme"),
    plain("enterpriseMode"),
    plain("optimizedFor"),
    plain("directoryUsage"),
    plain("allowErasureCoding"),
    plain("replicationEnabled"),
    plain("searchEnabled"),
    plain("servicePlan"),
    plain("multipartUploadAutoAbortDays"),
    plain("retentionType"),
    plain("s3UnversionedOverwrite"),
    plain("versioningSettings"),
    // Deprecated: read, and of no effect.
    plain("dpl"),
    row("effectiveDpl", nobody, nobody, nobody, anyone),
];

pub(super) fn endpoints() -> [Endpoint; 1] {
    [Endpoint::at("/tenants/{tenant}/namespaceDefaults")
        .get(Access::tenant(&[A, M]), show)
        .post(Access::tenant(&[A]), modify)]
}

/// HCP's own defaults, all of them.
pub(crate) fn of_hcp() -> NamespaceDefaults {
    NamespaceDefaults {
        description: Some(String::new()),
        hard_quota: Some(Quota::new(50 * 100, Unit::Gb)),
        soft_quota: Some(Percent(85)),
        hash_scheme: Some(HashScheme::Sha256.into()),
        enterprise_mode: Some(true),
        optimized_for: Some(DefaultOptimizedFor::Default.into()),
        directory_usage: Some(DirectoryUsage::Default.into()),
        allow_erasure_coding: Some(false),
        replication_enabled: Some(false),
        search_enabled: Some(false),
        service_plan: Some(DEFAULT_PLAN.to_owned()),
        multipart_upload_auto_abort_days: Some(30),
        retention_type: Some(RetentionType::Hcp.into()),
        s3_unversioned_overwrite: Some(false),
        versioning_settings: Some(VersioningSettings {
            enabled: Some(false),
            ..VersioningSettings::default()
        }),
        dpl: Some("Dynamic".to_owned()),
        effective_dpl: Some("Dynamic".to_owned()),
        ..NamespaceDefaults::default()
    }
}

/// What the tenant has no say in, it is not told.
fn only_allowed(tenant: &Tenant, defaults: NamespaceDefaults) -> NamespaceDefaults {
    let may = |flag: Option<bool>| flag == Some(true);
    NamespaceDefaults {
        enterprise_mode: defaults
            .enterprise_mode
            .filter(|_mode| may(tenant.compliance_configuration_enabled)),
        allow_erasure_coding: defaults
            .allow_erasure_coding
            .filter(|_allowed| may(tenant.erasure_coding_selection_enabled)),
        replication_enabled: defaults
            .replication_enabled
            .filter(|_enabled| may(tenant.replication_configuration_enabled)),
        search_enabled: defaults
            .search_enabled
            .filter(|_enabled| may(tenant.search_configuration_enabled)),
        service_plan: defaults
            .service_plan
            .filter(|_plan| may(tenant.service_plan_selection_enabled)),
        versioning_settings: defaults
            .versioning_settings
            .filter(|_settings| may(tenant.versioning_configuration_enabled)),
        ..defaults
    }
}

async fn show(call: Call) -> Result<Answer, Refusal> {
    let known = call.tenant()?.clone();
    let read = call.management.store.read(move |connection| {
        let kind = tenants::NAMESPACE_DEFAULTS;
        let stored = tenants::document(connection, known.id, kind)?.unwrap_or_default();
        Ok(only_allowed(
            &whole(connection, &known)?,
            merged(&of_hcp(), &stored),
        ))
    });
    Ok(call.show(ROWS, &read.await?))
}

async fn modify(call: Call) -> Result<Answer, Refusal> {
    let mut sent: NamespaceDefaults = call.read(ROWS)?;
    sent.dpl = None;
    plans::check(sent.service_plan.as_deref())?;
    if let Some(versioning) = &sent.versioning_settings {
        check_versioning(versioning)?;
    }
    let known = call.tenant()?.clone();
    let write = call.change(move |write| {
        let connection = write.connection;
        let tenant = whole(connection, &known)?;
        if only_allowed(&tenant, sent.clone()) != sent {
            return Err(Error::Forbidden(
                "The tenant may not set all of these: retention mode, erasure coding, replication, search, \
                 service plan and versioning are for the system to allow."
                    .to_owned(),
            ));
        }
        let kind = tenants::NAMESPACE_DEFAULTS;
        let stored = tenants::document(connection, known.id, kind)?.unwrap_or_default();
        let after = merged(&stored, &sent);
        check(&tenant, &merged(&of_hcp(), &after), sent.hard_quota)?;
        tenants::set_document(connection, known.id, kind, &after)
    });
    write.await?;
    Ok(Answer::Empty)
}

fn check_versioning(sent: &VersioningSettings) -> Result<(), Refusal> {
    let wrong = |message: &'static str| Err(Refusal::invalid(message));
    if sent.keep_deletion_records.is_some() {
        return wrong("versioningSettings.keepDeletionRecords: the property is not one of these.");
    }
    if sent.enabled.is_none() {
        return wrong("versioningSettings.enabled: the property is required.");
    }
    let prunes = sent.prune.or(sent.prune_on_primary);
    if sent.prune.is_some() && sent.prune_on_primary.is_some()
        || sent.prune_days.is_some() && sent.days_on_primary.is_some()
    {
        return wrong("versioningSettings: prune and pruneOnPrimary are the same property.");
    }
    if sent.enabled == Some(true) && prunes.is_none() {
        return wrong("versioningSettings.prune: the property is required.");
    }
    if prunes == Some(true) && sent.prune_days.or(sent.days_on_primary).is_none() {
        return wrong("versioningSettings.pruneDays: the property is required.");
    }
    Ok(())
}

/// What has to hold between the defaults, and between them and the tenant.
fn check(tenant: &Tenant, after: &NamespaceDefaults, quota: Option<Quota>) -> Result<(), Error> {
    if let (Some(quota), Some(most)) = (quota, tenant.hard_quota)
        && quota.bytes() > most.bytes()
    {
        return Err(Error::InvalidSetting(format!(
            "hardQuota: that of the tenant is {most}."
        )));
    }
    let optimized = after
        .optimized_for
        .as_ref()
        .and_then(model::mapi::Choice::known);
    if after.allow_erasure_coding == Some(true) && optimized != Some(DefaultOptimizedFor::Cloud) {
        return Err(Error::InvalidSetting(
            "allowErasureCoding: optimizedFor has to be CLOUD.".to_owned(),
        ));
    }
    Ok(())
}
