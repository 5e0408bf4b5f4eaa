//! What is done is called.

use model::{
    audit::{Action, AuditRecord, AuditResult},
    session::Level,
};

use super::row;
use crate::{unit, words::audit};

/// What a record says was done; a word of another version stands as it is.
pub(super) fn what(record: &AuditRecord) -> String {
    row::job(record).unwrap_or_else(|| match Action::parse(&record.action) {
        Some(known) => action(known).to_owned(),
        None => record.action.clone(),
    })
}

/// The word for how it ended.
pub(super) fn result(result: AuditResult) -> &'static str {
    match result {
        AuditResult::Ok => audit::result_ok(),
        AuditResult::Refused => audit::result_refused(),
        AuditResult::Failed => audit::result_failed(),
    }
}

/// The word for the level of a session.
pub(super) fn level(level: Level) -> &'static str {
    match level {
        Level::System => audit::level_system(),
        Level::Tenant => audit::level_tenant(),
        Level::S3 => audit::level_s3(),
    }
}

/// How long something took.
pub(super) fn duration(milliseconds: u64) -> String {
    if milliseconds < 10_000 {
        audit::milliseconds(&unit::count(milliseconds))
    } else {
        audit::seconds(&unit::count(milliseconds / 1_000))
    }
}

/// The words for an action.
#[expect(clippy::too_many_lines, reason = "a table, with a line for each")]
#[rustfmt::skip]
pub(super) fn action(action: Action) -> &'static str {
    match action {
        Action::SignIn => audit::do_session_sign_in(),
        Action::SignOut => audit::do_session_sign_out(),
        Action::OwnPassword => audit::do_session_password(),
        Action::BucketCreate => audit::do_bucket_create(),
        Action::BucketDelete => audit::do_bucket_delete(),
        Action::BucketVersioning => audit::do_bucket_versioning(),
        Action::BucketAcl => audit::do_bucket_acl(),
        Action::BucketCors => audit::do_bucket_cors(),
        Action::BucketCorsDelete => audit::do_bucket_cors_delete(),
        Action::ObjectStore => audit::do_object_store(),
        Action::ObjectDelete => audit::do_object_delete(),
        Action::ObjectCopy => audit::do_object_copy(),
        Action::FolderCreate => audit::do_object_folder(),
        Action::ObjectAcl => audit::do_object_acl(),
        Action::ObjectTags => audit::do_object_tags(),
        Action::ObjectTagsDelete => audit::do_object_tags_delete(),
        Action::ObjectMetadata => audit::do_object_metadata(),
        Action::ObjectMetadataDelete => audit::do_object_metadata_delete(),
        Action::ObjectRetention => audit::do_object_retention(),
        Action::ObjectPrivilegedDelete => audit::do_object_privileged_delete(),
        Action::ObjectPresign => audit::do_object_presign(),
        Action::UploadBegin => audit::do_upload_begin(),
        Action::UploadPart => audit::do_upload_part(),
        Action::UploadComplete => audit::do_upload_complete(),
        Action::UploadAbort => audit::do_upload_abort(),
        Action::JobStart => audit::do_job_start(),
        Action::JobCancel => audit::do_job_cancel(),
        Action::JobRetry => audit::do_job_retry(),
        Action::JobUndo => audit::do_job_undo(),
        Action::LinkCreate => audit::do_link_create(),
        Action::LinkChange => audit::do_link_change(),
        Action::LinkRevoke => audit::do_link_revoke(),
        Action::LinkRestore => audit::do_link_restore(),
        Action::LinkUse => audit::do_link_use(),
        Action::ObjectExpirySet => audit::do_object_expiry_set(),
        Action::ObjectExpiryClear => audit::do_object_expiry_clear(),
        Action::ObjectExpire => audit::do_object_expire(),
        Action::SecretReveal => audit::do_secret_reveal(),
        Action::KeyLend => audit::do_key_lend(),
        Action::KeyRevoke => audit::do_key_revoke(),
        Action::TenantCreate => audit::do_tenant_create(),
        Action::TenantChange => audit::do_tenant_change(),
        Action::TenantDelete => audit::do_tenant_delete(),
        Action::TenantSecurity => audit::do_tenant_console_security(),
        Action::TenantContact => audit::do_tenant_contact(),
        Action::TenantEmail => audit::do_tenant_email(),
        Action::TenantDefaults => audit::do_tenant_namespace_defaults(),
        Action::TenantSearch => audit::do_tenant_search_security(),
        Action::TenantPermissions => audit::do_tenant_permissions(),
        Action::TenantCors => audit::do_tenant_cors(),
        Action::NetworkChange => audit::do_network_change(),
        Action::LicenseUpload => audit::do_license_upload(),
        Action::SupportKeyUpload => audit::do_support_key_upload(),
        Action::LogsChange => audit::do_logs_change(),
        Action::LogsPrepare => audit::do_logs_prepare(),
        Action::LogsDownload => audit::do_logs_download(),
        Action::HealthReportPrepare => audit::do_health_report_prepare(),
        Action::HealthReportDownload => audit::do_health_report_download(),
        Action::CertificateUpload => audit::do_certificate_upload(),
        Action::CertificateDelete => audit::do_certificate_delete(),
        Action::ReplicationChange => audit::do_replication_change(),
        Action::ReplicationLinkCreate => audit::do_replication_link_create(),
        Action::ReplicationLinkChange => audit::do_replication_link_change(),
        Action::ReplicationLinkDelete => audit::do_replication_link_delete(),
        Action::ReplicationLinkContent => audit::do_replication_link_content(),
        Action::ReplicationLinkSchedule => audit::do_replication_link_schedule(),
        Action::TopologyCreate => audit::do_topology_create(),
        Action::TopologyChange => audit::do_topology_change(),
        Action::TopologyDelete => audit::do_topology_delete(),
        Action::TopologyTenants => audit::do_topology_tenants(),
        Action::TenantCorsDelete => audit::do_tenant_cors_delete(),
        Action::ContentClassCreate => audit::do_content_class_create(),
        Action::ContentClassChange => audit::do_content_class_change(),
        Action::ContentClassDelete => audit::do_content_class_delete(),
        Action::UserCreate => audit::do_user_create(),
        Action::UserChange => audit::do_user_change(),
        Action::UserDelete => audit::do_user_delete(),
        Action::UserPassword => audit::do_user_password(),
        Action::UserPasswords => audit::do_user_passwords(),
        Action::UserRights => audit::do_user_rights(),
        Action::GroupCreate => audit::do_group_create(),
        Action::GroupChange => audit::do_group_change(),
        Action::GroupDelete => audit::do_group_delete(),
        Action::GroupRights => audit::do_group_rights(),
        Action::NamespaceCreate => audit::do_namespace_create(),
        Action::NamespaceChange => audit::do_namespace_change(),
        Action::NamespaceDelete => audit::do_namespace_delete(),
        Action::NamespaceVersioning => audit::do_namespace_versioning(),
        Action::NamespaceVersioningReset => audit::do_namespace_versioning_reset(),
        Action::NamespaceCompliance => audit::do_namespace_compliance(),
        Action::NamespacePermissions => audit::do_namespace_permissions(),
        Action::NamespaceProtocols => audit::do_namespace_protocols(),
        Action::NamespaceIndexing => audit::do_namespace_indexing(),
        Action::NamespaceCollisions => audit::do_namespace_collisions(),
        Action::NamespaceCors => audit::do_namespace_cors(),
        Action::NamespaceCorsDelete => audit::do_namespace_cors_delete(),
        Action::TemplateImport => audit::do_template_import(),
        Action::RetentionClassCreate => audit::do_retention_class_create(),
        Action::RetentionClassChange => audit::do_retention_class_change(),
        Action::RetentionClassDelete => audit::do_retention_class_delete(),
    }
}
