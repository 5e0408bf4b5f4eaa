//! What can be done through Hako, as stable words.

/// Declares [`Action`] with its words.
macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident $word:literal)*) => {
        /// What was done. Records carry its word, so that a record of another version can still be told.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $($(#[$doc])* $name,)*
        }

        impl Action {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable word.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

actions! {
    /// Signed in.
    SignIn "session.sign_in"
    /// Signed out, of one session or several.
    SignOut "session.sign_out"
    /// Changed the own password.
    OwnPassword "session.password"

    /// Created a bucket.
    BucketCreate "bucket.create"
    /// Deleted a bucket.
    BucketDelete "bucket.delete"
    /// Switched versioning.
    BucketVersioning "bucket.versioning"
    /// Set who may use a bucket.
    BucketAcl "bucket.acl"
    /// Set a bucket's CORS rules.
    BucketCors "bucket.cors"
    /// Removed a bucket's CORS rules.
    BucketCorsDelete "bucket.cors_delete"

    /// Stored an object through Hako.
    ObjectStore "object.store"
    /// Deleted objects.
    ObjectDelete "object.delete"
    /// Copied an object.
    ObjectCopy "object.copy"
    /// Created a folder.
    FolderCreate "object.folder"
    /// Set who may use an object.
    ObjectAcl "object.acl"
    /// Set an object's tags.
    ObjectTags "object.tags"
    /// Removed an object's tags.
    ObjectTagsDelete "object.tags_delete"
    /// Saved a piece of an object's custom metadata.
    ObjectMetadata "object.metadata"
    /// Removed a piece of an object's custom metadata.
    ObjectMetadataDelete "object.metadata_delete"
    /// Set how long an object is kept, or put it on hold.
    ObjectRetention "object.retention"
    /// Deleted an object under retention, with a reason.
    ObjectPrivilegedDelete "object.privileged_delete"
    /// Got URLs by which objects are stored straight into the store.
    ObjectPresign "object.presign"
    /// Began an upload in parts.
    UploadBegin "upload.begin"
    /// Stored a part through Hako.
    UploadPart "upload.part"
    /// Completed an upload.
    UploadComplete "upload.complete"
    /// Gave an upload up.
    UploadAbort "upload.abort"

    /// Started a job.
    JobStart "job.start"
    /// Stopped a job.
    JobCancel "job.cancel"
    /// Tried again what failed of a job.
    JobRetry "job.retry"
    /// Undid a deletion.
    JobUndo "job.undo"

    /// Made a link.
    LinkCreate "link.create"
    /// Changed the limits of a link.
    LinkChange "link.change"
    /// Revoked a link.
    LinkRevoke "link.revoke"
    /// Took the revocation of a link back.
    LinkRestore "link.restore"
    /// A visitor used a link that the person made.
    LinkUse "link.use"
    /// Set when an object is removed.
    ObjectExpirySet "object.expiry"
    /// Took an object's end back.
    ObjectExpiryClear "object.expiry_clear"
    /// A temporary file of the person was removed at its end.
    ObjectExpire "object.expire"

    /// Was told the own secret key.
    SecretReveal "credentials.reveal"
    /// Made a temporary key.
    KeyLend "credentials.lend"
    /// Took a temporary key back.
    KeyRevoke "credentials.revoke"

    /// Changed how the system's names are answered.
    NetworkChange "system.network"
    /// Put in a licence.
    LicenseUpload "system.license"
    /// Put in a key for support.
    SupportKeyUpload "system.support_key"
    /// Wrote a mark into the logs, or gave up those that were asked for.
    LogsChange "logs.change"
    /// Had logs made ready.
    LogsPrepare "logs.prepare"
    /// Fetched logs.
    LogsDownload "logs.download"
    /// Had a health report made ready, or gave it up.
    HealthReportPrepare "health_report.prepare"
    /// Fetched a health report.
    HealthReportDownload "health_report.download"
    /// Trusted another system.
    CertificateUpload "certificate.create"
    /// Trusted another system no longer.
    CertificateDelete "certificate.delete"
    /// Changed how the system replicates, or stopped or started all links.
    ReplicationChange "replication.change"
    /// Made a link to another system.
    ReplicationLinkCreate "replication_link.create"
    /// Changed a link to another system, or acted on it.
    ReplicationLinkChange "replication_link.change"
    /// Deleted a link to another system.
    ReplicationLinkDelete "replication_link.delete"
    /// Changed what goes by a link to another system.
    ReplicationLinkContent "replication_link.content"
    /// Set when a link to another system sends.
    ReplicationLinkSchedule "replication_link.schedule"
    /// Made an erasure coding topology.
    TopologyCreate "topology.create"
    /// Changed an erasure coding topology, or retired it.
    TopologyChange "topology.change"
    /// Deleted an erasure coding topology.
    TopologyDelete "topology.delete"
    /// Put a tenant into a topology, or took it out.
    TopologyTenants "topology.tenants"

    /// Created a tenant.
    TenantCreate "tenant.create"
    /// Changed a tenant.
    TenantChange "tenant.change"
    /// Deleted a tenant.
    TenantDelete "tenant.delete"
    /// Changed console security.
    TenantSecurity "tenant.console_security"
    /// Changed whom to contact.
    TenantContact "tenant.contact"
    /// Changed e-mail notification.
    TenantEmail "tenant.email"
    /// Changed what new namespaces are like.
    TenantDefaults "tenant.namespace_defaults"
    /// Changed search security.
    TenantSearch "tenant.search_security"
    /// Changed the permission mask of a tenant.
    TenantPermissions "tenant.permissions"
    /// Set a tenant's CORS rules.
    TenantCors "tenant.cors"
    /// Removed a tenant's CORS rules.
    TenantCorsDelete "tenant.cors_delete"

    /// Created a content class.
    ContentClassCreate "content_class.create"
    /// Changed a content class.
    ContentClassChange "content_class.change"
    /// Deleted a content class.
    ContentClassDelete "content_class.delete"

    /// Created a user.
    UserCreate "user.create"
    /// Changed a user.
    UserChange "user.change"
    /// Deleted a user.
    UserDelete "user.delete"
    /// Set somebody's password.
    UserPassword "user.password"
    /// Set the passwords of all local users with the security role.
    UserPasswords "user.passwords"
    /// Changed what a user may do with data.
    UserRights "user.rights"
    /// Created a group.
    GroupCreate "group.create"
    /// Changed a group.
    GroupChange "group.change"
    /// Deleted a group.
    GroupDelete "group.delete"
    /// Changed what a group may do with data.
    GroupRights "group.rights"

    /// Created a namespace.
    NamespaceCreate "namespace.create"
    /// Changed a namespace.
    NamespaceChange "namespace.change"
    /// Deleted a namespace.
    NamespaceDelete "namespace.delete"
    /// Changed a namespace's versioning.
    NamespaceVersioning "namespace.versioning"
    /// Set a namespace's versioning back.
    NamespaceVersioningReset "namespace.versioning_reset"
    /// Changed compliance settings.
    NamespaceCompliance "namespace.compliance"
    /// Changed the permission mask of a namespace.
    NamespacePermissions "namespace.permissions"
    /// Changed by which protocols a namespace is reached.
    NamespaceProtocols "namespace.protocols"
    /// Changed what is indexed of metadata.
    NamespaceIndexing "namespace.indexing"
    /// Changed what becomes of replication collisions.
    NamespaceCollisions "namespace.collisions"
    /// Set a namespace's CORS rules.
    NamespaceCors "namespace.cors"
    /// Removed a namespace's CORS rules.
    NamespaceCorsDelete "namespace.cors_delete"
    /// Made namespaces after a template.
    TemplateImport "template.import"

    /// Created a retention class.
    RetentionClassCreate "retention_class.create"
    /// Changed a retention class.
    RetentionClassChange "retention_class.change"
    /// Deleted a retention class.
    RetentionClassDelete "retention_class.delete"
}

impl Action {
    /// Reads the word; none for a word of another version.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.as_str() == word)
    }
}
