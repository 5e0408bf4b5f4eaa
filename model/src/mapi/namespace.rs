//! Namespaces and their settings.

use super::{
    address::IpSettings,
    quota::{Percent, Quota},
    resource::resource,
    rules::{retention_class_name, retention_setting, retention_value, tag},
    tenant::MAX_DESCRIPTION,
    value::{Choice, Rule},
    words::{
        AclsUsage, CaseForcing, CollisionAction, CustomMetadataChanges, DirectoryUsage,
        EmailFormat, HashScheme, Names, OptimizedFor, OwnerType, Permissions, RetentionType, Tags,
    },
};

resource! {
    /// A namespace: a bucket, seen by its administrator.
    Namespace = "namespace" {
        /// The name, which is a label of the namespace's host.
        name: String = "name" [Rule::Fits(super::rules::namespace_name)],
        /// The name as a host label.
        name_idna: String = "nameIDNA",
        /// Description.
        description: String = "description" [Rule::Length(0, MAX_DESCRIPTION)],
        /// How content is hashed.
        hash_scheme: Choice<HashScheme> = "hashScheme",
        /// Whether retention gives way to privileged deletes; else the namespace is in compliance mode.
        enterprise_mode: bool = "enterpriseMode",
        /// The space that objects can take.
        hard_quota: Quota = "hardQuota",
        /// At how much of the hard quota one is told.
        soft_quota: Percent = "softQuota" [Rule::Between(10, 95)],
        /// The service plan.
        service_plan: String = "servicePlan",
        /// What it is optimised for.
        optimized_for: Choice<OptimizedFor> = "optimizedFor",
        /// How objects lie in directories.
        directory_usage: Choice<DirectoryUsage> = "directoryUsage",
        /// Whether access control lists are there, and hold.
        acls_usage: Choice<AclsUsage> = "aclsUsage",
        /// The owner's user name.
        owner: String = "owner",
        /// What kind of account the owner is.
        owner_type: Choice<OwnerType> = "ownerType",
        /// Whether it is searched.
        search_enabled: bool = "searchEnabled",
        /// Whether objects are indexed.
        indexing_enabled: bool = "indexingEnabled",
        /// Whether new objects are indexed that do not say otherwise.
        indexing_default: bool = "indexingDefault",
        /// Whether annotations are indexed.
        custom_metadata_indexing_enabled: bool = "customMetadataIndexingEnabled",
        /// Whether annotations have to be well-formed XML.
        custom_metadata_validation_enabled: bool = "customMetadataValidationEnabled",
        /// Whether it is replicated.
        replication_enabled: bool = "replicationEnabled",
        /// Whether replicas are read.
        read_from_replica: bool = "readFromReplica",
        /// Whether objects may be erasure coded.
        allow_erasure_coding: bool = "allowErasureCoding",
        /// Whether requests of other systems are served.
        service_remote_system_requests: bool = "serviceRemoteSystemRequests",
        /// Whether objects can grow.
        append_enabled: bool = "appendEnabled",
        /// Whether the time of the last access is kept with retention.
        atime_synchronization_enabled: bool = "atimeSynchronizationEnabled",
        /// Whether permissions and owners change under retention.
        allow_permission_and_ownership_changes: bool = "allowPermissionAndOwnershipChanges",
        /// Whether POSIX permissions let everybody who signed in do all.
        auth_users_always_granted_all_permissions: bool = "authUsersAlwaysGrantedAllPermissions",
        /// What everybody may do who signed in.
        auth_minimum_permissions: Permissions = "authMinimumPermissions",
        /// What everybody may do.
        auth_and_anonymous_minimum_permissions: Permissions = "authAndAnonymousMinimumPermissions",
        /// After how many days uploads in parts are dropped; 0: never.
        multipart_upload_auto_abort_days: i64 = "multipartUploadAutoAbortDays" [Rule::Between(0, 180)],
        /// Who looks after retention.
        retention_type: Choice<RetentionType> = "retentionType",
        /// Whether S3 overwrites without versioning.
        s3_unversioned_overwrite: bool = "s3UnversionedOverwrite",
        /// Versioning, where the namespace is made.
        versioning_settings: VersioningSettings = "versioningSettings",
        /// Tags.
        tags: Tags = "tags" [Rule::Fits(tag)],
        /// Always `Dynamic`.
        dpl: String = "dpl",
        /// Always true.
        is_dpl_dynamic: bool = "isDplDynamic",
        /// When it was made.
        creation_time: String = "creationTime",
        /// The name of its host.
        fully_qualified_name: String = "fullyQualifiedName",
        /// Its UUID.
        id: String = "id",
        /// All that changed before is indexed.
        mqe_indexing_timestamp: String = "mqeIndexingTimestamp",
        /// All that changed before is replicated.
        replication_timestamp: String = "replicationTimestamp",
    }
}

resource! {
    /// Whether versions are kept, and for how long.
    VersioningSettings = "versioningSettings" {
        /// Whether versions are kept.
        enabled: bool = "enabled",
        /// Whether old versions are removed.
        prune: bool = "prune",
        /// How many days after they became old; 0: at once.
        prune_days: i64 = "pruneDays" [Rule::Between(0, 36_500)],
        /// Whether it is kept on record what was deleted.
        keep_deletion_records: bool = "keepDeletionRecords",
        /// Whether a delete leaves a marker.
        use_delete_markers: bool = "useDeleteMarkers",
        /// The old name of `prune`.
        prune_on_primary: bool = "pruneOnPrimary",
        /// Of no effect.
        prune_on_replica: bool = "pruneOnReplica",
        /// The old name of `pruneDays`.
        days_on_primary: i64 = "daysOnPrimary" [Rule::Between(0, 36_500)],
        /// Of no effect.
        days_on_replica: i64 = "daysOnReplica" [Rule::Between(0, 36_500)],
    }
}

resource! {
    /// How retention is kept.
    ComplianceSettings = "complianceSettings" {
        /// The retention of objects that do not say otherwise.
        retention_default: String = "retentionDefault" [Rule::Fits(retention_value)],
        /// How long objects are kept at least whose retention was not specified at first.
        minimum_retention_after_initial_unspecified: String = "minimumRetentionAfterInitialUnspecified" [Rule::Fits(super::rules::minimum_retention)],
        /// Whether deleted objects are overwritten.
        shredding_default: bool = "shreddingDefault",
        /// What may be changed in the custom metadata of objects under retention.
        custom_metadata_changes: Choice<CustomMetadataChanges> = "customMetadataChanges",
        /// Whether objects are deleted by themselves when their retention ends.
        disposition_enabled: bool = "dispositionEnabled",
    }
}

resource! {
    /// A retention that objects share by name.
    RetentionClass = "retentionClass" {
        /// The name.
        name: String = "name" [Rule::Fits(retention_class_name)],
        /// A special value, or an offset from when an object was stored.
        value: String = "value" [Rule::Fits(retention_setting)],
        /// Description.
        description: String = "description" [Rule::Length(0, MAX_DESCRIPTION)],
        /// Whether its objects are deleted by themselves when their retention ends.
        allow_disposition: bool = "allowDisposition",
    }
}

resource! {
    /// HTTP: REST, S3 and `WebDAV`.
    HttpProtocol = "httpProtocol" {
        /// Whether port 443 is open.
        https_enabled: bool = "httpsEnabled",
        /// Whether port 80 is open.
        http_enabled: bool = "httpEnabled",
        /// REST.
        rest_enabled: bool = "restEnabled",
        /// Whether REST has to be signed in to.
        rest_requires_authentication: bool = "restRequiresAuthentication",
        /// S3.
        hs3_enabled: bool = "hs3Enabled",
        /// Whether S3 has to be signed in to.
        hs3_requires_authentication: bool = "hs3RequiresAuthentication",
        /// Single sign-on of a directory.
        http_active_directory_sso_enabled: bool = "httpActiveDirectorySSOEnabled",
        /// `WebDAV`.
        webdav_enabled: bool = "webdavEnabled",
        /// Basic authentication of `WebDAV`.
        webdav_basic_auth_enabled: bool = "webdavBasicAuthEnabled",
        /// Its user name.
        webdav_basic_auth_username: String = "webdavBasicAuthUsername" [Rule::Length(0, 64)],
        /// Its password.
        webdav_basic_auth_password: String = "webdavBasicAuthPassword" [Rule::Length(0, 64)],
        /// Whether `WebDAV` keeps properties as custom metadata.
        webdav_custom_metadata: bool = "webdavCustomMetadata",
        /// From where.
        ip_settings: IpSettings = "ipSettings",
    }
}

resource! {
    /// CIFS.
    CifsProtocol = "cifsProtocol" {
        /// Whether it is on.
        enabled: bool = "enabled",
        /// In which case names are kept.
        case_forcing: Choice<CaseForcing> = "caseForcing",
        /// Whether capitals are told apart.
        case_sensitive: bool = "caseSensitive",
        /// Whether it has to be signed in to.
        requires_authentication: bool = "requiresAuthentication",
        /// From where.
        ip_settings: IpSettings = "ipSettings",
    }
}

resource! {
    /// NFS.
    NfsProtocol = "nfsProtocol" {
        /// Whether it is on.
        enabled: bool = "enabled",
        /// The user id of objects.
        uid: i64 = "uid" [Rule::Between(0, 4_294_967_295)],
        /// The group id of objects.
        gid: i64 = "gid" [Rule::Between(0, 4_294_967_295)],
        /// From where.
        ip_settings: IpSettings = "ipSettings",
    }
}

resource! {
    /// SMTP.
    SmtpProtocol = "smtpProtocol" {
        /// Whether it is on.
        enabled: bool = "enabled",
        /// How mail is kept.
        email_format: Choice<EmailFormat> = "emailFormat",
        /// Where: a path that begins and ends with a slash.
        email_location: String = "emailLocation" [Rule::Fits(super::rules::email_location)],
        /// Whether attachments are files of their own.
        separate_attachments: bool = "separateAttachments",
        /// From where.
        ip_settings: IpSettings = "ipSettings",
    }
}

resource! {
    /// The protocols of the default namespace.
    Protocols = "protocols" {
        /// Whether port 80 is open.
        http_enabled: bool = "httpEnabled",
        /// Whether port 443 is open.
        https_enabled: bool = "httpsEnabled",
        /// Whether CIFS is on.
        cifs_enabled: bool = "cifsEnabled",
        /// Whether NFS is on.
        nfs_enabled: bool = "nfsEnabled",
        /// Whether SMTP is on.
        smtp_enabled: bool = "smtpEnabled",
        /// From where.
        ip_settings: IpSettings = "ipSettings",
    }
}

resource! {
    /// What of the custom metadata is indexed.
    CustomMetadataIndexingSettings = "customMetadataIndexingSettings" {
        /// The content classes.
        content_classes: Names = "contentClasses",
        /// Whether all of the text is.
        full_indexing_enabled: bool = "fullIndexingEnabled",
        /// Annotations that are not, with commas between them and `*` for anything.
        excluded_annotations: String = "excludedAnnotations",
    }
}

resource! {
    /// What becomes of the losing object of a replication collision.
    ReplicationCollisionSettings = "replicationCollisionSettings" {
        /// What.
        action: Choice<CollisionAction> = "action",
        /// Whether it is deleted later.
        delete_enabled: bool = "deleteEnabled",
        /// After how many days.
        delete_days: i64 = "deleteDays" [Rule::Between(0, 36_500)],
    }
}
