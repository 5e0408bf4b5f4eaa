//! The fields of every form of administration, in the order in which they stand.

use super::spec::{Field, Section, Widget, Word, field, section};

const PLAN: &str = "What the system does with the objects: where copies lie, and when they move.";
const NOT_ALLOWED_VERSIONING: &str =
    "The system administrator has not given this tenant versioning.";
const NOT_ALLOWED_SEARCH: &str = "The system administrator has not given this tenant search.";
const NOT_ALLOWED_REPLICATION: &str =
    "The system administrator has not given this tenant replication.";
const NOT_ALLOWED_MODE: &str =
    "The system administrator does not let this tenant choose the retention mode.";
const NOT_ALLOWED_PLAN: &str = "The system administrator chooses the service plan of this tenant.";
const NOT_ALLOWED_CODING: &str =
    "The system administrator has not given this tenant erasure coding.";
const CLOUD_ONLY: &str = "Needs a namespace that is optimised for cloud.";
const FILES_ONLY: &str = "Needs a namespace that is optimised for all protocols.";

pub const PERMISSIONS: &[Word] = &[
    ("BROWSE", "Browse"),
    ("READ", "Read"),
    ("WRITE", "Write"),
    ("DELETE", "Delete"),
    ("PURGE", "Purge"),
    ("SEARCH", "Search"),
    ("PRIVILEGED", "Privileged"),
    ("READ_ACL", "Read ACL"),
    ("WRITE_ACL", "Write ACL"),
    ("CHOWN", "Change owner"),
];
const MINIMUMS: &[Word] = &[
    ("BROWSE", "Browse"),
    ("READ", "Read"),
    ("WRITE", "Write"),
    ("DELETE", "Delete"),
    ("PURGE", "Purge"),
    ("READ_ACL", "Read ACL"),
    ("WRITE_ACL", "Write ACL"),
];
const MASK: &[Word] = &[
    ("READ", "Read: read objects and list them"),
    ("WRITE", "Write: store objects, change metadata"),
    ("DELETE", "Delete: delete objects"),
    ("PURGE", "Purge: delete objects with all their versions"),
    (
        "PRIVILEGED",
        "Privileged: holds, and deleting under retention",
    ),
    ("SEARCH", "Search: find objects by query"),
];
const ROLES: &[Word] = &[
    (
        "ADMINISTRATOR",
        "Administrator: namespaces, settings, data rights",
    ),
    ("COMPLIANCE", "Compliance: retention, and deleting under it"),
    ("MONITOR", "Monitor: sees all settings, changes none"),
    (
        "SECURITY",
        "Security: user accounts, roles, console security",
    ),
];
const HASHES: &[Word] = &[
    ("MD5", "MD5"),
    ("SHA-1", "SHA-1"),
    ("SHA-256", "SHA-256"),
    ("SHA-384", "SHA-384"),
    ("SHA-512", "SHA-512"),
    ("RIPEMD-160", "RIPEMD-160"),
];
const OPTIMIZED: &[Word] = &[
    ("CLOUD", "Cloud: S3 and REST alone"),
    ("ALL", "All protocols: CIFS, NFS, SMTP and WebDAV as well"),
];
const OPTIMIZED_DEFAULT: &[Word] = &[
    ("DEFAULT", "As the system has it"),
    ("CLOUD", "Cloud: S3 and REST alone"),
    ("ALL", "All protocols: CIFS, NFS, SMTP and WebDAV as well"),
];
const DIRECTORIES: &[Word] = &[
    ("Balanced", "Balanced: objects spread over many directories"),
    ("Unbalanced", "Unbalanced: many objects in few directories"),
];
const DIRECTORIES_DEFAULT: &[Word] = &[
    ("Default", "As the system has it"),
    ("Balanced", "Balanced: objects spread over many directories"),
    ("Unbalanced", "Unbalanced: many objects in few directories"),
];
const RETENTION_TYPES: &[Word] = &[("HCP", "HCP retention"), ("S3", "S3 object lock")];
const ACLS: &[Word] = &[
    ("NOT_ENABLED", "Not enabled"),
    ("ENFORCED", "Enabled and enforced"),
    ("NOT_ENFORCED", "Enabled, not enforced"),
];
const OWNERS: &[Word] = &[
    ("LOCAL", "An account of this tenant"),
    ("EXTERNAL", "An account of the directory"),
];

const SOFT: Field = field(
    "softQuota",
    "Soft quota",
    "At this share of the hard quota HCP warns. 10 to 95 %.",
)
.by(Widget::Percent);
const OVERWRITE: Field = field(
    "s3UnversionedOverwrite",
    "Overwrite without versioning",
    "S3 may store an object under a key that is taken; its custom metadata goes too. \
     Without effect while versioning is on.",
);
const AUTO_ABORT: Field = field(
    "multipartUploadAutoAbortDays",
    "Drop unfinished uploads after",
    "Days, 0 to 180; 0: never.",
);
const PRUNE: &str =
    "Old versions go some time after they were replaced, never while a hold is on them.";
const PRUNE_DAYS: &str = "Days after the version became an old one, 0 to 36,500; 0: at once.";
const MARKERS: &str = "A delete leaves a marker, as S3 expects of versioned buckets.";
const MARKERS_ONE_WAY: &str = "Delete markers cannot be switched off again.";

/// What a namespace is, beside protocols, versioning and retention.
pub const NAMESPACE: &[Section] = &[
    section(
        "Name and space",
        "",
        &[
            field(
                "name",
                "Name",
                "1 to 63 letters, digits and hyphens. Renaming needs S3, CIFS and NFS to be off, \
                and changes the address of the namespace.",
            )
            .required(),
            field("description", "Description", "Up to 1,024 characters.").by(Widget::Area),
            field(
                "hardQuota",
                "Hard quota",
                "At least 1 GB, and not less than what is used.",
            )
            .required(),
            SOFT,
            field(
                "tags",
                "Tags",
                "One to a line, up to 64 characters each, without commas.",
            )
            .by(Widget::Lines),
            field("servicePlan", "Service plan", PLAN)
                .by(Widget::Options("plans"))
                .needs("~servicePlanSelectionEnabled", "true", NOT_ALLOWED_PLAN),
        ],
    ),
    section(
        "Owner",
        "The owner reaches everything in the namespace.",
        &[
            field(
                "owner",
                "Owner",
                "A user name, or user@domain of a directory. Empty: nobody.",
            ),
            field("ownerType", "Kind of owner", "").by(Widget::Words(OWNERS)),
        ],
    ),
    section(
        "Content",
        "",
        &[
            field(
                "aclsUsage",
                "Access control lists",
                "S3 needs them to be enabled.",
            )
            .by(Widget::Words(ACLS))
            .one_way("Access control lists cannot be taken away again once they are enabled."),
            field("optimizedFor", "Optimised for", "").by(Widget::Words(OPTIMIZED)),
            field("directoryUsage", "Directory usage", "")
                .by(Widget::Words(DIRECTORIES))
                .needs("optimizedFor", "CLOUD", CLOUD_ONLY),
            OVERWRITE,
            AUTO_ABORT,
            field("appendEnabled", "Append to objects", "Excludes versioning."),
            field(
                "atimeSynchronizationEnabled",
                "Keep the time of last access with retention",
                "",
            ),
            field(
                "allowPermissionAndOwnershipChanges",
                "Change permissions and owners under retention",
                "",
            ),
            field(
                "enterpriseMode",
                "Enterprise mode",
                "Privileged deletes are possible under retention. \
                Without it the namespace is in compliance mode: retention can only grow.",
            )
            .needs("~complianceConfigurationEnabled", "true", NOT_ALLOWED_MODE)
            .one_way("A namespace in compliance mode never goes back to enterprise mode."),
        ],
    ),
    section(
        "Search",
        "",
        &[
            field(
                "searchEnabled",
                "Search",
                "Switching it off drops the index with all exclusions and content classes.",
            )
            .needs("~searchConfigurationEnabled", "true", NOT_ALLOWED_SEARCH)
            .one_way(
                "Where search is switched off the index is gone; building it again takes time.",
            ),
            field("indexingEnabled", "Index objects", "").needs(
                "searchEnabled",
                "true",
                "Needs search.",
            ),
            field(
                "indexingDefault",
                "Index new objects unless they say otherwise",
                "",
            )
            .needs("indexingEnabled", "true", "Needs indexing."),
            field("customMetadataIndexingEnabled", "Index custom metadata", "").needs(
                "indexingEnabled",
                "true",
                "Needs indexing.",
            ),
            field(
                "customMetadataValidationEnabled",
                "Refuse custom metadata that is not XML",
                "",
            ),
        ],
    ),
    section(
        "Replication and coding",
        "",
        &[
            field("replicationEnabled", "Replicate", "").needs(
                "~replicationConfigurationEnabled",
                "true",
                NOT_ALLOWED_REPLICATION,
            ),
            field("readFromReplica", "Read from replicas", "").needs(
                "replicationEnabled",
                "true",
                "Needs replication.",
            ),
            field(
                "serviceRemoteSystemRequests",
                "Serve requests of other systems",
                "",
            ),
            field(
                "allowErasureCoding",
                "Erasure coding",
                "Needs a namespace that is optimised for cloud.",
            )
            .needs("~erasureCodingSelectionEnabled", "true", NOT_ALLOWED_CODING),
        ],
    ),
    section(
        "Facts",
        "",
        &[
            field("hashScheme", "Hash", "").shown(),
            field("retentionType", "Retention", "").by(Widget::Shown),
            field("fullyQualifiedName", "Host", "").shown(),
            field("id", "Id", "").shown(),
            field("creationTime", "Created", "").by(Widget::When),
            field("mqeIndexingTimestamp", "Indexed until", "").by(Widget::When),
            field("replicationTimestamp", "Replicated until", "").by(Widget::When),
        ],
    ),
];

/// A new namespace. What is left as it is comes from the tenant's defaults.
pub const NEW_NAMESPACE: &[Section] = &[
    section(
        "Name and space",
        "",
        &[
            field(
                "name",
                "Name",
                "1 to 63 letters, digits and hyphens. For use through S3: 3 to 63, small letters.",
            )
            .required(),
            field("description", "Description", "Up to 1,024 characters.").by(Widget::Area),
            field("hardQuota", "Hard quota", "At least 1 GB."),
            SOFT,
            field(
                "owner",
                "Owner",
                "A user of this tenant. The owner reaches everything in the namespace.",
            ),
            field(
                "tags",
                "Tags",
                "One to a line, up to 64 characters each, without commas.",
            )
            .by(Widget::Lines),
            field("servicePlan", "Service plan", PLAN)
                .by(Widget::Options("plans"))
                .needs("~servicePlanSelectionEnabled", "true", NOT_ALLOWED_PLAN),
        ],
    ),
    section(
        "Content",
        "",
        &[
            field(
                "aclsUsage",
                "Access control lists",
                "S3 needs them to be enabled.",
            )
            .by(Widget::Words(ACLS)),
            field("optimizedFor", "Optimised for", "").by(Widget::Words(OPTIMIZED)),
            field("hashScheme", "Hash", "Fixed from then on.").by(Widget::Words(HASHES)),
            field(
                "retentionType",
                "Retention",
                "Fixed from then on. S3 object lock takes versioning with delete markers.",
            )
            .by(Widget::Words(RETENTION_TYPES)),
            field(
                "enterpriseMode",
                "Enterprise mode",
                "Without it the namespace is in compliance mode, for good.",
            )
            .begins("true")
            .needs("~complianceConfigurationEnabled", "true", NOT_ALLOWED_MODE),
            field("searchEnabled", "Search", "").needs(
                "~searchConfigurationEnabled",
                "true",
                NOT_ALLOWED_SEARCH,
            ),
            field("replicationEnabled", "Replicate", "").needs(
                "~replicationConfigurationEnabled",
                "true",
                NOT_ALLOWED_REPLICATION,
            ),
            OVERWRITE,
            AUTO_ABORT,
        ],
    ),
    section(
        "Versioning",
        "",
        &[
            field("versioningSettings.enabled", "Keep versions", "").needs(
                "~versioningConfigurationEnabled",
                "true",
                NOT_ALLOWED_VERSIONING,
            ),
            field("versioningSettings.prune", "Remove old versions", PRUNE).needs(
                "versioningSettings.enabled",
                "true",
                "Needs versioning.",
            ),
            field(
                "versioningSettings.pruneDays",
                "Remove old versions after",
                PRUNE_DAYS,
            )
            .needs(
                "versioningSettings.prune",
                "true",
                "Needs the removal of old versions.",
            ),
        ],
    ),
];

/// What everybody may do in a namespace.
pub const MINIMUM_RIGHTS: &[Section] = &[section(
    "Rights without asking",
    "What can be done in the namespace without a right of one's own. Reading brings browsing, purging brings deleting.",
    &[
        field("authMinimumPermissions", "Everyone who is signed in", "")
            .by(Widget::Checks(MINIMUMS)),
        field(
            "authAndAnonymousMinimumPermissions",
            "Everyone, signed in or not",
            "Makes the content public. Never more than those who are signed in have.",
        )
        .by(Widget::Checks(MINIMUMS)),
        field(
            "authUsersAlwaysGrantedAllPermissions",
            "POSIX permissions allow all to those who are signed in",
            "",
        ),
    ],
)];

/// What is possible at most.
pub const PERMISSION_MASK: &[Section] = &[section(
    "Permission mask",
    "What is possible at most, whatever an account may do. A right that is not ticked here is nobody's.",
    &[field("permission", "Possible", "").by(Widget::Checks(MASK))],
)];

/// Whether versions are kept.
pub const VERSIONING: &[Section] = &[section(
    "Versioning",
    "Needs CIFS, NFS, WebDAV, SMTP and append to be off.",
    &[
        field(
            "enabled",
            "Keep versions",
            "What is overwritten or deleted stays as an old version.",
        )
        .needs(
            "~versioningConfigurationEnabled",
            "true",
            NOT_ALLOWED_VERSIONING,
        ),
        field("useDeleteMarkers", "Delete markers", MARKERS)
            .needs("enabled", "true", "Needs versioning.")
            .one_way(MARKERS_ONE_WAY),
        field(
            "keepDeletionRecords",
            "Keep deletion records",
            "What was deleted stays on record, which search can show.",
        ),
        field("prune", "Remove old versions", PRUNE).needs("enabled", "true", "Needs versioning."),
        field("pruneDays", "Remove old versions after", PRUNE_DAYS).needs(
            "prune",
            "true",
            "Needs the removal of old versions.",
        ),
    ],
)];

const METADATA_CHANGES: &[Word] = &[
    ("ADD", "Adding alone"),
    ("ALL", "Adding, replacing and deleting"),
    ("NONE", "None"),
];

/// How retention is kept.
pub const COMPLIANCE: &[Section] = &[section(
    "Retention",
    "",
    &[
        field("retentionDefault", "Retention of new objects",
            "0: deletable at once. -1: never deletable. -2: set later. A+7y: for seven years (units y M w d h m s, largest first). \
             C+Name: as a retention class. 2030-01-31T00:00:00+0000: until then.")
            .by(Widget::Retention),
        field("minimumRetentionAfterInitialUnspecified", "Least retention where it is set later",
            "A period such as 1y+6M."),
        field("shreddingDefault", "Overwrite what is deleted", "Objects once marked for shredding stay so."),
        field("customMetadataChanges", "Changes of custom metadata under retention", "")
            .by(Widget::Words(METADATA_CHANGES)),
        field("dispositionEnabled", "Delete objects when their retention ends",
            "The system has to allow disposition too. Touches objects with an end date, or of a class with disposition."),
    ],
)];

/// A retention class that is there.
pub const RETENTION_CLASS: &[Section] = &[section(
    "",
    "",
    &[
        field(
            "value",
            "Retention",
            "0, -1, -2, or a period such as A+7y. In compliance mode it can only grow.",
        )
        .by(Widget::Retention)
        .required(),
        field(
            "allowDisposition",
            "Delete objects when their retention ends",
            "Takes a period.",
        ),
        field("description", "Description", "Up to 1,024 characters.").by(Widget::Area),
    ],
)];

/// A new retention class.
pub const NEW_RETENTION_CLASS: &[Section] = &[section(
    "",
    "",
    &[
        field(
            "name",
            "Name",
            "1 to 64 letters, digits, hyphens and underscores. Fixed from then on.",
        )
        .required(),
        field("value", "Retention", "0, -1, -2, or a period such as A+7y.")
            .by(Widget::Retention)
            .required(),
        field(
            "allowDisposition",
            "Delete objects when their retention ends",
            "Takes a period.",
        )
        .begins("false"),
        field("description", "Description", "Up to 1,024 characters.").by(Widget::Area),
    ],
)];

const ALLOW: Field = field(
    "ipSettings.allowAddresses",
    "Let in",
    "One to a line: an address, several with commas, address/mask or CIDR.",
)
.by(Widget::Lines);
const DENY: Field = field("ipSettings.denyAddresses", "Keep out", "As above.").by(Widget::Lines);
const BOTH: Field = field(
    "ipSettings.allowIfInBothLists",
    "Let in whoever is on both lists, or on neither",
    "",
)
.by(Widget::Addresses);

/// HTTP: REST, S3, `WebDAV`.
pub const HTTP: &[Section] = &[
    section(
        "Ports",
        "Without either, REST, S3 and WebDAV end.",
        &[
            field("httpsEnabled", "HTTPS, port 443", ""),
            field("httpEnabled", "HTTP, port 80", "Not encrypted."),
        ],
    ),
    section(
        "S3",
        "",
        &[
            field(
                "hs3Enabled",
                "S3",
                "Needs access control lists to be enabled.",
            )
            .needs(
                "~aclsUsage",
                "!NOT_ENABLED",
                "Needs access control lists: enable them under General.",
            ),
            field("hs3RequiresAuthentication", "S3 has to be signed in to", "").needs(
                "hs3Enabled",
                "true",
                "Needs S3.",
            ),
        ],
    ),
    section(
        "REST",
        "",
        &[
            field("restEnabled", "REST", ""),
            field(
                "restRequiresAuthentication",
                "REST has to be signed in to",
                "",
            )
            .needs("restEnabled", "true", "Needs REST."),
            field(
                "httpActiveDirectorySSOEnabled",
                "Single sign-on of the directory",
                "",
            ),
        ],
    ),
    section(
        "WebDAV",
        "",
        &[
            field("webdavEnabled", "WebDAV", "Excludes versioning.").needs(
                "~optimizedFor",
                "!CLOUD",
                FILES_ONLY,
            ),
            field("webdavBasicAuthEnabled", "Basic authentication", "").needs(
                "webdavEnabled",
                "true",
                "Needs WebDAV.",
            ),
            field("webdavBasicAuthUsername", "User name", "").needs(
                "webdavBasicAuthEnabled",
                "true",
                "Needs basic authentication.",
            ),
            field(
                "webdavBasicAuthPassword",
                "Password",
                "User name and password are set together.",
            )
            .by(Widget::Secret)
            .needs(
                "webdavBasicAuthEnabled",
                "true",
                "Needs basic authentication.",
            ),
            field(
                "webdavCustomMetadata",
                "Keep properties as custom metadata",
                "",
            )
            .needs("webdavEnabled", "true", "Needs WebDAV."),
        ],
    ),
    section("Addresses", "", &[ALLOW, DENY, BOTH]),
];

const CASES: &[Word] = &[
    ("UPPER", "Upper case"),
    ("LOWER", "Lower case"),
    ("DISABLED", "As they come"),
];

/// CIFS.
pub const CIFS: &[Section] = &[section(
    "CIFS",
    "Excludes versioning.",
    &[
        field("enabled", "CIFS", "").needs("~optimizedFor", "!CLOUD", FILES_ONLY),
        field("caseForcing", "Names are kept in", "").by(Widget::Words(CASES)),
        field("caseSensitive", "Tell capitals apart", ""),
        field(
            "requiresAuthentication",
            "Has to be signed in to",
            "Needs a directory.",
        ),
        ALLOW,
        DENY,
    ],
)];

/// NFS.
pub const NFS: &[Section] = &[section(
    "NFS",
    "Excludes versioning.",
    &[
        field("enabled", "NFS", "").needs("~optimizedFor", "!CLOUD", FILES_ONLY),
        field("uid", "User id of objects", ""),
        field("gid", "Group id of objects", ""),
        ALLOW,
    ],
)];

const MAIL_FORMATS: &[Word] = &[
    (".eml", "One file for each mail (.eml)"),
    (".mbox", "One file for many (.mbox)"),
];

/// SMTP.
pub const SMTP: &[Section] = &[section(
    "SMTP",
    "Excludes versioning.",
    &[
        field("enabled", "SMTP", "").needs("~optimizedFor", "!CLOUD", FILES_ONLY),
        field("emailFormat", "Mail is kept as", "").by(Widget::Words(MAIL_FORMATS)),
        field(
            "emailLocation",
            "Where",
            "A path that begins and ends with a slash.",
        ),
        field(
            "separateAttachments",
            "Attachments are files of their own",
            "",
        ),
        ALLOW,
        DENY,
    ],
)];

const USERNAME: Field = field(
    "username",
    "User name",
    "1 to 64 characters. Capitals make no difference.",
)
.required();
const FULL_NAME: Field = field("fullName", "Full name", "1 to 64 characters.").required();
const ABOUT: Field =
    field("description", "Description", "Up to 1,024 characters.").by(Widget::Area);
const ROLE: Field = field(
    "roles",
    "Roles",
    "None of these: an account for data alone.",
)
.by(Widget::Checks(ROLES));
const FORCE: Field = field(
    "forcePasswordChange",
    "Has to change the password at the next sign-in",
    "",
);

/// A user.
pub const USER: &[Section] = &[
    section("Profile", "", &[USERNAME, FULL_NAME, ABOUT]),
    section(
        "Sign-in",
        "",
        &[
            field("enabled", "May sign in", ""),
            FORCE,
            field("localAuthentication", "Password kept by HCP", "").shown(),
        ],
    ),
    section(
        "Management",
        "",
        &[
            ROLE,
            field(
                "allowNamespaceManagement",
                "May make and manage namespaces of their own",
                "Changed by an administrator; comes with the administrator role.",
            ),
        ],
    ),
    section(
        "Facts",
        "",
        &[
            field("userGUID", "Id for S3 grants", "").shown(),
            field("userID", "Number", "").shown(),
        ],
    ),
];

/// A new user.
pub const NEW_USER: &[Section] = &[
    section("Profile", "", &[USERNAME, FULL_NAME, ABOUT]),
    section(
        "Sign-in",
        "",
        &[
            field(
                "localAuthentication",
                "HCP keeps the password",
                "Else RADIUS knows it. Fixed from then on.",
            )
            .begins("true"),
            field("password", "Password", "")
                .by(Widget::Password)
                .beside()
                .required(),
            FORCE.begins("true"),
            field("enabled", "May sign in", "").begins("true"),
        ],
    ),
    section("Management", "", &[ROLE]),
];

/// A new password for a user.
pub const PASSWORD: &[Section] = &[section(
    "Password",
    "Open sessions go on; the next sign-in takes the new password.",
    &[field("newPassword", "New password", "")
        .by(Widget::Password)
        .required()],
)];

/// A group of a directory.
pub const GROUP: &[Section] = &[section(
    "Group",
    "",
    &[
        field("groupname", "Name", "").shown(),
        field("externalGroupID", "SID", "").shown(),
        ROLE,
        field(
            "allowNamespaceManagement",
            "Members may make and manage namespaces of their own",
            "",
        ),
    ],
)];

/// A new group.
pub const NEW_GROUP: &[Section] = &[section(
    "Group",
    "A group of the directory (Active Directory) that the system is joined to. Its members sign in as user@domain.",
    &[
        field(
            "groupname",
            "Name",
            "group or group@domain. Give this or the SID.",
        ),
        field("externalGroupID", "SID", "Such as S-1-5-21-1-2-3-1104."),
        ROLE,
    ],
)];

/// What the tenant's own administrators set.
pub const TENANT: &[Section] = &[
    section(
        "Tenant",
        "",
        &[
            field(
                "tenantVisibleDescription",
                "Description",
                "Up to 1,024 characters.",
            )
            .by(Widget::Area),
            field(
                "administrationAllowed",
                "System administrators may administer this tenant",
                "They then see and change what administrators of the tenant do; objects stay out of their reach.",
            ),
            field(
                "maxNamespacesPerUser",
                "Namespaces that one user may own",
                "0 to 10,000.",
            ),
            field("snmpLoggingEnabled", "Send events to SNMP", ""),
            field("syslogLoggingEnabled", "Send events to syslog", ""),
        ],
    ),
    section(
        "Set by the system administrator",
        "",
        &[
            field("name", "Name", "").shown(),
            field("fullyQualifiedName", "Host", "").shown(),
            field("creationTime", "Created", "").by(Widget::When),
            field("hardQuota", "Hard quota", "").shown(),
            field("softQuota", "Soft quota (%)", "").shown(),
            field("namespaceQuota", "Namespaces", "").shown(),
            field("authenticationTypes", "Sign-in by", "").shown(),
            field(
                "complianceConfigurationEnabled",
                "Chooses the retention mode",
                "",
            )
            .shown(),
            field("versioningConfigurationEnabled", "Versioning", "").shown(),
            field("searchConfigurationEnabled", "Search", "").shown(),
            field("replicationConfigurationEnabled", "Replication", "").shown(),
            field("erasureCodingSelectionEnabled", "Erasure coding", "").shown(),
            field("servicePlanSelectionEnabled", "Chooses service plans", "").shown(),
            field("servicePlan", "Service plan", "").shown(),
            field("dataNetwork", "Data network", "").shown(),
            field("managementNetwork", "Management network", "").shown(),
        ],
    ),
];

/// Whom to ask.
pub const CONTACT: &[Section] = &[
    section(
        "Person",
        "",
        &[
            field("firstName", "First name", ""),
            field("lastName", "Last name", ""),
            field("emailAddress", "E-mail", ""),
            field(
                "primaryPhone",
                "Telephone",
                "Digits, brackets, hyphens, dots, plus signs and spaces.",
            ),
            field("extension", "Extension", "Up to 5 digits."),
        ],
    ),
    section(
        "Address",
        "",
        &[
            field("address1", "Address", ""),
            field("address2", "Address, second line", ""),
            field("zipOrPostalCode", "Postal code", ""),
            field("city", "City", ""),
            field("state", "State", ""),
            field("countryOrRegion", "Country or region", ""),
        ],
    ),
];

/// What new namespaces get.
pub const DEFAULTS: &[Section] = &[
    section(
        "Space",
        "New namespaces get these, and so do buckets that are made through S3.",
        &[
            field("description", "Description", "Up to 1,024 characters.").by(Widget::Area),
            field(
                "hardQuota",
                "Hard quota",
                "At least 1 GB, at most the tenant's quota.",
            )
            .required(),
            SOFT,
            field("servicePlan", "Service plan", PLAN)
                .by(Widget::Options("plans"))
                .needs("~servicePlanSelectionEnabled", "true", NOT_ALLOWED_PLAN),
        ],
    ),
    section(
        "Content",
        "",
        &[
            field("optimizedFor", "Optimised for", "").by(Widget::Words(OPTIMIZED_DEFAULT)),
            field("directoryUsage", "Directory usage", "").by(Widget::Words(DIRECTORIES_DEFAULT)),
            field("hashScheme", "Hash", "").by(Widget::Words(HASHES)),
            field("retentionType", "Retention", "").by(Widget::Words(RETENTION_TYPES)),
            field(
                "enterpriseMode",
                "Enterprise mode",
                "Without it namespaces are in compliance mode, for good.",
            )
            .needs("~complianceConfigurationEnabled", "true", NOT_ALLOWED_MODE),
            field("searchEnabled", "Search", "").needs(
                "~searchConfigurationEnabled",
                "true",
                NOT_ALLOWED_SEARCH,
            ),
            field("replicationEnabled", "Replicate", "").needs(
                "~replicationConfigurationEnabled",
                "true",
                NOT_ALLOWED_REPLICATION,
            ),
            field("allowErasureCoding", "Erasure coding", "").needs(
                "~erasureCodingSelectionEnabled",
                "true",
                NOT_ALLOWED_CODING,
            ),
            OVERWRITE,
            AUTO_ABORT,
        ],
    ),
    section(
        "Versioning",
        "",
        &[
            field("versioningSettings.enabled", "Keep versions", "").needs(
                "~versioningConfigurationEnabled",
                "true",
                NOT_ALLOWED_VERSIONING,
            ),
            field(
                "versioningSettings.useDeleteMarkers",
                "Delete markers",
                MARKERS,
            )
            .needs("versioningSettings.enabled", "true", "Needs versioning."),
            field("versioningSettings.prune", "Remove old versions", PRUNE).needs(
                "versioningSettings.enabled",
                "true",
                "Needs versioning.",
            ),
            field(
                "versioningSettings.pruneDays",
                "Remove old versions after",
                PRUNE_DAYS,
            )
            .needs(
                "versioningSettings.prune",
                "true",
                "Needs the removal of old versions.",
            ),
        ],
    ),
];

/// What signing in takes.
pub const CONSOLE_SECURITY: &[Section] = &[
    section(
        "Passwords",
        "",
        &[
            field(
                "minimumPasswordLength",
                "Least length",
                "2 to 64 characters.",
            ),
            field(
                "passwordCombination",
                "Ask for kinds of characters",
                "The four counts below hold.",
            ),
            field("upperCaseLetterCount", "Upper-case letters", "").needs(
                "passwordCombination",
                "true",
                "Needs the kinds of characters.",
            ),
            field("lowerCaseLetterCount", "Lower-case letters", "").needs(
                "passwordCombination",
                "true",
                "Needs the kinds of characters.",
            ),
            field("numericCharacterCount", "Digits", "").needs(
                "passwordCombination",
                "true",
                "Needs the kinds of characters.",
            ),
            field("specialCharacterCount", "Other characters", "").needs(
                "passwordCombination",
                "true",
                "Needs the kinds of characters.",
            ),
            field("passwordContainsUsername", "May hold the user name", ""),
            field("blockCommonPassword", "Refuse common passwords", ""),
            field("blockPasswordReUse", "Refuse earlier passwords", ""),
            field(
                "passwordReuseDepth",
                "Earlier passwords that are refused",
                "",
            )
            .needs(
                "blockPasswordReUse",
                "true",
                "Needs the refusal of earlier passwords.",
            ),
            field(
                "forcePasswordChangeDays",
                "Has to be changed after",
                "Days, 0 to 999,999; 0: never.",
            ),
        ],
    ),
    section(
        "Accounts",
        "",
        &[
            field(
                "disableAfterAttempts",
                "Disable after failed sign-ins",
                "0 to 999; 0: never.",
            ),
            field(
                "automaticUserAccountUnlockSetting",
                "Enable again by itself",
                "",
            ),
            field(
                "automaticUserAccoutUnlockDuration",
                "Enable again after",
                "Minutes, 0 to 999.",
            )
            .needs(
                "automaticUserAccountUnlockSetting",
                "true",
                "Needs enabling by itself.",
            ),
            field("coolDownPeriodSettings", "Wait after a failed sign-in", ""),
            field("coolDownPeriodDuration", "Wait for", "Seconds, 0 to 999.").needs(
                "coolDownPeriodSettings",
                "true",
                "Needs the waiting.",
            ),
            field(
                "disableAfterInactiveDays",
                "Disable after days without signing in",
                "0 to 999; 0: never.",
            ),
        ],
    ),
    section(
        "HCP's own console",
        "",
        &[
            field(
                "logoutOnInactive",
                "Sign out after idle minutes",
                "0 to 999; 0: never.",
            ),
            field(
                "loginMessage",
                "Message at sign-in",
                "Up to 1,024 characters.",
            )
            .by(Widget::Area),
        ],
    ),
    section(
        "Addresses",
        "From where one may sign in to the management.",
        &[ALLOW, DENY, BOTH],
    ),
];

/// From where one may search.
pub const SEARCH_SECURITY: &[Section] = &[section(
    "Addresses",
    "From where the tenant can be searched.",
    &[ALLOW, DENY, BOTH],
)];

/// Who is told of events, in which words.
pub const EMAIL: &[Section] = &[
    section(
        "E-mail",
        "Works where the system administrator has set up e-mail.",
        &[field("enabled", "Send e-mail about events", "")],
    ),
    section(
        "Words",
        "Variables: $action $date $fullText $id $location $origin $reason $severity $shortText $type $user. \
        An empty field takes HCP's default.",
        &[
            field("emailTemplate.from", "From", ""),
            field("emailTemplate.subject", "Subject", ""),
            field(
                "emailTemplate.body",
                "Text",
                "\\n begins a new line. No tabs.",
            )
            .by(Widget::Area),
        ],
    ),
];

const IMPORTANCE: &[Word] = &[("MAJOR", "Major events"), ("ALL", "All events")];
const SEVERITY: &[Word] = &[
    ("ERROR", "Errors"),
    ("WARNING", "Warnings and errors"),
    ("NOTICE", "Everything"),
];

/// One recipient of e-mail; the path is completed by the number of the row.
pub const RECIPIENT: &[Field] = &[
    field("address", "Address", ""),
    field("importance", "Importance", "")
        .by(Widget::Words(IMPORTANCE))
        .begins("MAJOR"),
    field("severity", "Severity", "")
        .by(Widget::Words(SEVERITY))
        .begins("ERROR"),
    field("type", "Kinds", "").begins("GENERAL"),
];

const AUTHENTICATION: &[Word] = &[
    ("LOCAL", "Local: HCP keeps the passwords"),
    ("RADIUS", "RADIUS"),
    ("EXTERNAL", "Directory (Active Directory)"),
];

const TENANT_SPACE: Section = section(
    "Space",
    "",
    &[
        field(
            "hardQuota",
            "Hard quota",
            "What the tenant's namespaces can have together.",
        )
        .required(),
        field(
            "softQuota",
            "Soft quota",
            "At this share of the hard quota HCP warns.",
        )
        .by(Widget::Percent),
        field(
            "namespaceQuota",
            "Namespaces",
            "None: as many as the system has room for; else 1 to 10,000.",
        ),
    ],
);
const TENANT_FEATURES: Section = section(
    "What the tenant may use",
    "Switching one off hides its settings from the tenant.",
    &[
        field("versioningConfigurationEnabled", "Versioning", ""),
        field("searchConfigurationEnabled", "Search", ""),
        field(
            "complianceConfigurationEnabled",
            "Choose the retention mode of namespaces",
            "",
        ),
        field("replicationConfigurationEnabled", "Replication", ""),
        field("erasureCodingSelectionEnabled", "Erasure coding", ""),
        field("servicePlanSelectionEnabled", "Choose service plans", ""),
        field(
            "servicePlan",
            "Service plan",
            "Where the tenant does not choose.",
        )
        .needs(
            "servicePlanSelectionEnabled",
            "false",
            "The tenant chooses.",
        ),
    ],
);
const TENANT_REST: Section = section(
    "Sign-in, networks, tags",
    "",
    &[
        field(
            "authenticationTypes",
            "Sign-in by",
            "At least one, and not RADIUS alone.",
        )
        .by(Widget::Checks(AUTHENTICATION)),
        field("dataNetwork", "Data network", ""),
        field("managementNetwork", "Management network", ""),
        field("tags", "Tags", "One to a line.").by(Widget::Lines),
    ],
);
const TENANT_REST_NEW: Section = section(
    "Sign-in, networks, tags",
    "",
    &[
        field(
            "authenticationTypes",
            "Sign-in by",
            "At least one, and not RADIUS alone.",
        )
        .by(Widget::Checks(AUTHENTICATION))
        .begins("LOCAL"),
        field("dataNetwork", "Data network", "Empty: the system's own."),
        field(
            "managementNetwork",
            "Management network",
            "Empty: the system's own.",
        ),
        field("tags", "Tags", "One to a line.").by(Widget::Lines),
    ],
);

/// A tenant, as the system's administrators set it.
pub const SYSTEM_TENANT: &[Section] = &[
    section(
        "Tenant",
        "",
        &[field(
            "systemVisibleDescription",
            "Description for the system",
            "Up to 1,024 characters.",
        )
        .by(Widget::Area)],
    ),
    TENANT_SPACE,
    TENANT_FEATURES,
    TENANT_REST,
    section(
        "Facts",
        "",
        &[
            field("name", "Name", "").shown(),
            field("fullyQualifiedName", "Host", "").shown(),
            field("id", "Id", "").shown(),
            field("creationTime", "Created", "").by(Widget::When),
            field("administrationAllowed", "Lets the system administer", "").shown(),
        ],
    ),
];

/// A new tenant with its first account.
pub const NEW_TENANT: &[Section] = &[
    section(
        "Tenant",
        "",
        &[
            field(
                "name",
                "Name",
                "1 to 63 letters, digits and hyphens. Becomes a part of host names.",
            )
            .required(),
            field(
                "systemVisibleDescription",
                "Description for the system",
                "Up to 1,024 characters.",
            )
            .by(Widget::Area),
        ],
    ),
    section(
        "First account",
        "It has the security role alone: it makes the other accounts.",
        &[
            field("username", "User name", "1 to 64 characters.")
                .beside()
                .required(),
            field("password", "Password", "")
                .by(Widget::Password)
                .beside()
                .required(),
            field(
                "forcePasswordChange",
                "Has to change the password at the first sign-in",
                "",
            )
            .by(Widget::Checks(&[("true", "Yes")]))
            .beside(),
        ],
    ),
    TENANT_SPACE,
    TENANT_FEATURES,
    TENANT_REST_NEW,
];

#[cfg(test)]
mod tests {
    use model::mapi::{
        CifsProtocol, ComplianceSettings, ConsoleSecurity, ContactInfo, EmailNotification,
        GroupAccount, HttpProtocol, Namespace, NamespaceDefaults, NfsProtocol, PermissionMask,
        Property, Recipient, Resource, RetentionClass, SearchSecurity, SmtpProtocol, Tenant,
        UserAccount, VersioningSettings, calls::PasswordChange, edit::find,
    };

    use super::*;

    fn check(sections: &'static [Section], properties: &'static [Property]) {
        for field in sections.iter().flat_map(|section| section.fields) {
            assert!(
                field.beside || find(properties, field.path).is_some(),
                "{} is no property",
                field.path
            );
            if let Some(needs) = field.needs.filter(|needs| !needs.path.starts_with('~')) {
                let there = sections
                    .iter()
                    .flat_map(|s| s.fields)
                    .any(|f| f.path == needs.path);
                assert!(there, "{} needs {}", field.path, needs.path);
            }
        }
    }

    #[test]
    fn every_field_is_a_property_and_needs_one_of_its_form() {
        check(NAMESPACE, Namespace::PROPERTIES);
        check(NEW_NAMESPACE, Namespace::PROPERTIES);
        check(MINIMUM_RIGHTS, Namespace::PROPERTIES);
        check(PERMISSION_MASK, PermissionMask::PROPERTIES);
        check(VERSIONING, VersioningSettings::PROPERTIES);
        check(COMPLIANCE, ComplianceSettings::PROPERTIES);
        check(RETENTION_CLASS, RetentionClass::PROPERTIES);
        check(NEW_RETENTION_CLASS, RetentionClass::PROPERTIES);
        check(HTTP, HttpProtocol::PROPERTIES);
        check(CIFS, CifsProtocol::PROPERTIES);
        check(NFS, NfsProtocol::PROPERTIES);
        check(SMTP, SmtpProtocol::PROPERTIES);
        check(USER, UserAccount::PROPERTIES);
        check(NEW_USER, UserAccount::PROPERTIES);
        check(PASSWORD, PasswordChange::PROPERTIES);
        check(GROUP, GroupAccount::PROPERTIES);
        check(NEW_GROUP, GroupAccount::PROPERTIES);
        check(TENANT, Tenant::PROPERTIES);
        check(SYSTEM_TENANT, Tenant::PROPERTIES);
        check(NEW_TENANT, Tenant::PROPERTIES);
        check(CONTACT, ContactInfo::PROPERTIES);
        check(DEFAULTS, NamespaceDefaults::PROPERTIES);
        check(CONSOLE_SECURITY, ConsoleSecurity::PROPERTIES);
        check(SEARCH_SECURITY, SearchSecurity::PROPERTIES);
        check(EMAIL, EmailNotification::PROPERTIES);
        check(
            const { &[section("", "", RECIPIENT)] },
            Recipient::PROPERTIES,
        );
    }
}
