//! The fields of every form of administration, in the order in which they stand.

use super::spec::{Field, Say, Section, Widget, Word, field, nothing, section};
use crate::words::{admin, settings, system};

const PLAN: Say = settings::what_the_system_does;
const NOT_ALLOWED_VERSIONING: Say = settings::the_system_administrator_has_not_given;
const NOT_ALLOWED_SEARCH: Say = settings::the_system_administrator_has_not_given_2;
const NOT_ALLOWED_REPLICATION: Say = settings::the_system_administrator_has_not_given_3;
const NOT_ALLOWED_MODE: Say = settings::the_system_administrator_does_not_let;
const NOT_ALLOWED_PLAN: Say = settings::the_system_administrator_chooses_the_service;
const NOT_ALLOWED_CODING: Say = settings::the_system_administrator_has_not_given_4;
const CLOUD_ONLY: Say = settings::needs_a_namespace_that_is_optimised;
const FILES_ONLY: Say = settings::needs_a_namespace_that_is_optimised_2;

pub const PERMISSIONS: &[Word] = &[
    ("BROWSE", settings::browse),
    ("READ", settings::read),
    ("WRITE", settings::write),
    ("DELETE", settings::delete),
    ("PURGE", settings::purge),
    ("SEARCH", settings::search),
    ("PRIVILEGED", settings::privileged),
    ("READ_ACL", settings::read_acl),
    ("WRITE_ACL", settings::write_acl),
    ("CHOWN", settings::change_owner),
];
/// All rights of a line at once.
pub const PRESETS: [(Say, &str); 4] = [
    (admin::none, ""),
    (admin::read, "BROWSE\nREAD"),
    (admin::read_and_write, "BROWSE\nREAD\nWRITE\nDELETE"),
    (
        admin::full,
        "BROWSE\nREAD\nWRITE\nDELETE\nPURGE\nSEARCH\nPRIVILEGED\nREAD_ACL\nWRITE_ACL\nCHOWN",
    ),
];
const MINIMUMS: &[Word] = &[
    ("BROWSE", settings::browse),
    ("READ", settings::read),
    ("WRITE", settings::write),
    ("DELETE", settings::delete),
    ("PURGE", settings::purge),
    ("READ_ACL", settings::read_acl),
    ("WRITE_ACL", settings::write_acl),
];
const MASK: &[Word] = &[
    ("READ", settings::read_read_objects_and_list_them),
    ("WRITE", settings::write_store_objects_change_metadata),
    ("DELETE", settings::delete_delete_objects),
    ("PURGE", settings::purge_delete_objects_with_all_their),
    (
        "PRIVILEGED",
        settings::privileged_holds_and_deleting_under_retention,
    ),
    ("SEARCH", settings::search_find_objects_by_query),
];
const ROLES: &[Word] = &[
    (
        "ADMINISTRATOR",
        settings::administrator_namespaces_settings_data_rights,
    ),
    (
        "COMPLIANCE",
        settings::compliance_retention_and_deleting_under_it,
    ),
    ("MONITOR", settings::monitor_sees_all_settings_changes_none),
    (
        "SECURITY",
        settings::security_user_accounts_roles_console_security,
    ),
];
const SYSTEM_ROLES: &[Word] = &[
    ("MONITOR", system::monitor),
    ("ADMINISTRATOR", system::administrator),
    ("SECURITY", system::security),
    ("SERVICE", system::maintenance),
    ("SEARCH", system::search),
    ("COMPLIANCE", system::compliance),
];
const HASHES: &[Word] = &[
    ("MD5", settings::md5),
    ("SHA-1", settings::sha_1),
    ("SHA-256", settings::sha_256),
    ("SHA-384", settings::sha_384),
    ("SHA-512", settings::sha_512),
    ("RIPEMD-160", settings::ripemd_160),
];
const OPTIMIZED: &[Word] = &[
    ("CLOUD", settings::cloud_s3_and_rest_alone),
    ("ALL", settings::all_protocols_cifs_nfs_smtp),
];
const OPTIMIZED_DEFAULT: &[Word] = &[
    ("DEFAULT", settings::as_the_system_has_it),
    ("CLOUD", settings::cloud_s3_and_rest_alone),
    ("ALL", settings::all_protocols_cifs_nfs_smtp),
];
const DIRECTORIES: &[Word] = &[
    (
        "Balanced",
        settings::balanced_objects_spread_over_many_directories,
    ),
    (
        "Unbalanced",
        settings::unbalanced_many_objects_in_few_directories,
    ),
];
const DIRECTORIES_DEFAULT: &[Word] = &[
    ("Default", settings::as_the_system_has_it),
    (
        "Balanced",
        settings::balanced_objects_spread_over_many_directories,
    ),
    (
        "Unbalanced",
        settings::unbalanced_many_objects_in_few_directories,
    ),
];
const RETENTION_TYPES: &[Word] = &[
    ("HCP", settings::hcp_retention),
    ("S3", settings::s3_object_lock),
];
const ACLS: &[Word] = &[
    ("NOT_ENABLED", settings::not_enabled),
    ("ENFORCED", settings::enabled_and_enforced),
    ("NOT_ENFORCED", settings::enabled_not_enforced),
];
const OWNERS: &[Word] = &[
    ("LOCAL", settings::an_account_of_this_tenant),
    ("EXTERNAL", settings::an_account_of_the_directory),
];

const SOFT: Field = field(
    "softQuota",
    settings::soft_quota,
    settings::at_this_share_of_the_hard,
)
.by(Widget::Percent);
const OVERWRITE: Field = field(
    "s3UnversionedOverwrite",
    settings::overwrite_without_versioning,
    settings::s3_may_store_an_object_under,
);
const AUTO_ABORT: Field = field(
    "multipartUploadAutoAbortDays",
    settings::drop_unfinished_uploads_after,
    settings::days_0_to_180_0_never,
);
const TAGS: Field = field("tags", settings::tags, settings::one_to_a_line_up).by(Widget::Lines);
const OWNER: Field = field(
    "owner",
    settings::owner,
    settings::a_user_name_or_user_domain,
);
const KIND_OF_OWNER: Field =
    field("ownerType", settings::kind_of_owner, nothing).by(Widget::Words(OWNERS));
const DEFAULT_RETENTION: Field = field(
    "retentionDefault",
    settings::retention_of_new_objects,
    settings::n_0_deletable_at_once_1_never,
)
.by(Widget::Retention);
const PRUNE: Say = settings::old_versions_go_some_time_after;
const PRUNE_DAYS: Say = settings::days_after_the_version_became;
const MARKERS: Say = settings::a_delete_leaves_a_marker;
const MARKERS_ONE_WAY: Say = settings::delete_markers_cannot_be_switched_off;

/// What a namespace is, beside protocols, versioning and retention.
pub const NAMESPACE: &[Section] = &[
    section(
        settings::name_and_space,
        nothing,
        &[
            field("name", settings::name, settings::n_1_to_63_letters_digits).required(),
            field(
                "description",
                settings::description,
                settings::up_to_1_024_characters,
            )
            .by(Widget::Area),
            field("hardQuota", settings::hard_quota, settings::at_least_1_gb).required(),
            SOFT,
            TAGS,
            field("servicePlan", settings::service_plan, PLAN)
                .by(Widget::Options("plans"))
                .needs("~servicePlanSelectionEnabled", "true", NOT_ALLOWED_PLAN),
        ],
    ),
    section(
        settings::owner,
        settings::the_owner_reaches_everything,
        &[OWNER, KIND_OF_OWNER],
    ),
    section(
        settings::content,
        nothing,
        &[
            field(
                "aclsUsage",
                settings::access_control_lists,
                settings::s3_needs_them_to_be_enabled,
            )
            .by(Widget::Words(ACLS))
            .one_way(settings::access_control_lists_cannot_be_taken),
            field("optimizedFor", settings::optimised_for, nothing).by(Widget::Words(OPTIMIZED)),
            field("directoryUsage", settings::directory_usage, nothing)
                .by(Widget::Words(DIRECTORIES))
                .needs("optimizedFor", "CLOUD", CLOUD_ONLY),
            OVERWRITE,
            AUTO_ABORT,
            field(
                "appendEnabled",
                settings::append_to_objects,
                settings::excludes_versioning,
            ),
            field(
                "atimeSynchronizationEnabled",
                settings::keep_the_time_of_last_access,
                nothing,
            ),
            field(
                "allowPermissionAndOwnershipChanges",
                settings::change_permissions_and_owners_under_retention,
                nothing,
            ),
            field(
                "enterpriseMode",
                settings::enterprise_mode,
                settings::privileged_deletes_are_possible_under_retention,
            )
            .needs("~complianceConfigurationEnabled", "true", NOT_ALLOWED_MODE)
            .one_way(settings::a_namespace_in_compliance_mode_never),
        ],
    ),
    section(
        settings::search,
        nothing,
        &[
            field(
                "searchEnabled",
                settings::search,
                settings::switching_it_off_drops_the_index,
            )
            .needs("~searchConfigurationEnabled", "true", NOT_ALLOWED_SEARCH)
            .one_way(settings::where_search_is_switched_off),
            field("indexingEnabled", settings::index_objects, nothing).needs(
                "searchEnabled",
                "true",
                settings::needs_search,
            ),
            field(
                "indexingDefault",
                settings::index_new_objects_unless_they_say,
                nothing,
            )
            .needs("indexingEnabled", "true", settings::needs_indexing),
            field(
                "customMetadataIndexingEnabled",
                settings::index_custom_metadata,
                nothing,
            )
            .needs("indexingEnabled", "true", settings::needs_indexing),
            field(
                "customMetadataValidationEnabled",
                settings::refuse_custom_metadata,
                nothing,
            ),
        ],
    ),
    section(
        settings::replication_and_coding,
        nothing,
        &[
            field("replicationEnabled", settings::replicate, nothing).needs(
                "~replicationConfigurationEnabled",
                "true",
                NOT_ALLOWED_REPLICATION,
            ),
            field("readFromReplica", settings::read_from_replicas, nothing).needs(
                "replicationEnabled",
                "true",
                settings::needs_replication,
            ),
            field(
                "serviceRemoteSystemRequests",
                settings::serve_requests_of_other_systems,
                nothing,
            ),
            field(
                "allowErasureCoding",
                settings::erasure_coding,
                settings::needs_a_namespace_that_is_optimised,
            )
            .needs("~erasureCodingSelectionEnabled", "true", NOT_ALLOWED_CODING),
        ],
    ),
    section(
        settings::facts,
        nothing,
        &[
            field("hashScheme", settings::hash, nothing).shown(),
            field("retentionType", settings::retention, nothing).by(Widget::Shown),
            field("fullyQualifiedName", settings::host, nothing).shown(),
            field("id", settings::id, nothing).shown(),
            field("creationTime", settings::created, nothing).by(Widget::When),
            field("mqeIndexingTimestamp", settings::indexed_until, nothing).by(Widget::When),
            field("replicationTimestamp", settings::replicated_until, nothing).by(Widget::When),
        ],
    ),
];

/// A new namespace. What is left as it is comes from the tenant's defaults.
pub const NEW_NAMESPACE: &[Section] = &[
    section(
        settings::name_and_space,
        nothing,
        &[
            field("name", settings::name, settings::n_1_to_63_letters_digits_2).required(),
            field(
                "description",
                settings::description,
                settings::up_to_1_024_characters,
            )
            .by(Widget::Area),
            field("hardQuota", settings::hard_quota, settings::at_least_1_gb_2),
            SOFT,
            field("owner", settings::owner, settings::a_user_of_this_tenant),
            TAGS,
            field("servicePlan", settings::service_plan, PLAN)
                .by(Widget::Options("plans"))
                .needs("~servicePlanSelectionEnabled", "true", NOT_ALLOWED_PLAN),
        ],
    ),
    section(
        settings::content,
        nothing,
        &[
            field(
                "aclsUsage",
                settings::access_control_lists,
                settings::s3_needs_them_to_be_enabled,
            )
            .by(Widget::Words(ACLS)),
            field("optimizedFor", settings::optimised_for, nothing).by(Widget::Words(OPTIMIZED)),
            field("hashScheme", settings::hash, settings::fixed_from_then)
                .by(Widget::Words(HASHES)),
            field(
                "retentionType",
                settings::retention,
                settings::fixed_from_then_on_s3_object,
            )
            .by(Widget::Words(RETENTION_TYPES)),
            field(
                "enterpriseMode",
                settings::enterprise_mode,
                settings::without_it_the_namespace,
            )
            .begins("true")
            .needs("~complianceConfigurationEnabled", "true", NOT_ALLOWED_MODE),
            field("searchEnabled", settings::search, nothing).needs(
                "~searchConfigurationEnabled",
                "true",
                NOT_ALLOWED_SEARCH,
            ),
            field("replicationEnabled", settings::replicate, nothing).needs(
                "~replicationConfigurationEnabled",
                "true",
                NOT_ALLOWED_REPLICATION,
            ),
            OVERWRITE,
            AUTO_ABORT,
        ],
    ),
    section(
        settings::versioning,
        nothing,
        &[
            field(
                "versioningSettings.enabled",
                settings::keep_versions,
                nothing,
            )
            .needs(
                "~versioningConfigurationEnabled",
                "true",
                NOT_ALLOWED_VERSIONING,
            ),
            field(
                "versioningSettings.prune",
                settings::remove_old_versions,
                PRUNE,
            )
            .needs(
                "versioningSettings.enabled",
                "true",
                settings::needs_versioning,
            ),
            field(
                "versioningSettings.pruneDays",
                settings::remove_old_versions_after,
                PRUNE_DAYS,
            )
            .needs(
                "versioningSettings.prune",
                "true",
                settings::needs_the_removal_of_old_versions,
            ),
        ],
    ),
];

/// What everybody may do in a namespace.
pub const MINIMUM_RIGHTS: &[Section] = &[section(
    settings::rights_without_asking,
    settings::what_can_be_done,
    &[
        field(
            "authMinimumPermissions",
            settings::everyone_who_is_signed,
            nothing,
        )
        .by(Widget::Checks(MINIMUMS)),
        field(
            "authAndAnonymousMinimumPermissions",
            settings::everyone_signed,
            settings::makes_the_content_public_never_more,
        )
        .by(Widget::Checks(MINIMUMS)),
        field(
            "authUsersAlwaysGrantedAllPermissions",
            settings::posix_permissions_allow_all_to_those,
            nothing,
        ),
    ],
)];

/// What is possible at most.
pub const PERMISSION_MASK: &[Section] = &[section(
    settings::permission_mask,
    settings::what_is_possible_at_most_whatever,
    &[field("permission", settings::possible, nothing).by(Widget::Checks(MASK))],
)];

/// Whether versions are kept.
pub const VERSIONING: &[Section] = &[section(
    settings::versioning,
    settings::needs_cifs_nfs_webdav_smtp,
    &[
        field(
            "enabled",
            settings::keep_versions,
            settings::what_is_overwritten_or_deleted_stays,
        )
        .needs(
            "~versioningConfigurationEnabled",
            "true",
            NOT_ALLOWED_VERSIONING,
        ),
        field("useDeleteMarkers", settings::delete_markers, MARKERS)
            .needs("enabled", "true", settings::needs_versioning)
            .one_way(MARKERS_ONE_WAY),
        field(
            "keepDeletionRecords",
            settings::keep_deletion_records,
            settings::what_was_deleted_stays_on_record,
        ),
        field("prune", settings::remove_old_versions, PRUNE).needs(
            "enabled",
            "true",
            settings::needs_versioning,
        ),
        field("pruneDays", settings::remove_old_versions_after, PRUNE_DAYS).needs(
            "prune",
            "true",
            settings::needs_the_removal_of_old_versions,
        ),
    ],
)];

const METADATA_CHANGES: &[Word] = &[
    ("ADD", settings::adding_alone),
    ("ALL", settings::adding_replacing_and_deleting),
    ("NONE", settings::none),
];

/// How retention is kept.
pub const COMPLIANCE: &[Section] = &[section(
    settings::retention,
    nothing,
    &[
        DEFAULT_RETENTION,
        field(
            "minimumRetentionAfterInitialUnspecified",
            settings::least_retention_where_it_is_set,
            settings::a_period_such_as_1y_6m,
        ),
        field(
            "shreddingDefault",
            settings::overwrite_what_is_deleted,
            settings::objects_once_marked_for_shredding_stay,
        ),
        field(
            "customMetadataChanges",
            settings::changes_of_custom_metadata_under_retention,
            nothing,
        )
        .by(Widget::Words(METADATA_CHANGES)),
        field(
            "dispositionEnabled",
            settings::delete_objects_when_their_retention_ends,
            settings::the_system_has_to_allow_disposition,
        ),
    ],
)];

/// The retention that the objects of a bucket begin with.
pub const BUCKET_RETENTION: &[Section] =
    &[section(settings::retention, nothing, &[DEFAULT_RETENTION])];

/// What else is set on a bucket.
pub const BUCKET: &[Section] = &[
    section(settings::content, nothing, &[OVERWRITE, AUTO_ABORT]),
    section(settings::tags, nothing, &[TAGS]),
    section(
        settings::owner,
        settings::the_owner_reaches_everything,
        &[OWNER, KIND_OF_OWNER],
    ),
];

/// A retention class that is there.
pub const RETENTION_CLASS: &[Section] = &[section(
    nothing,
    nothing,
    &[
        field("value", settings::retention, settings::n_0_1_2_or_a_period)
            .by(Widget::Retention)
            .required(),
        field(
            "allowDisposition",
            settings::delete_objects_when_their_retention_ends,
            settings::takes_a_period,
        ),
        field(
            "description",
            settings::description,
            settings::up_to_1_024_characters,
        )
        .by(Widget::Area),
    ],
)];

/// A new retention class.
pub const NEW_RETENTION_CLASS: &[Section] = &[section(
    nothing,
    nothing,
    &[
        field(
            "name",
            settings::name,
            settings::n_1_to_64_letters_digits_hyphens,
        )
        .required(),
        field(
            "value",
            settings::retention,
            settings::n_0_1_2_or_a_period_2,
        )
        .by(Widget::Retention)
        .required(),
        field(
            "allowDisposition",
            settings::delete_objects_when_their_retention_ends,
            settings::takes_a_period,
        )
        .begins("false"),
        field(
            "description",
            settings::description,
            settings::up_to_1_024_characters,
        )
        .by(Widget::Area),
    ],
)];

const ALLOW: Field = field(
    "ipSettings.allowAddresses",
    settings::let_in,
    settings::one_to_a_line_an_address,
)
.by(Widget::Lines);
const DENY: Field = field(
    "ipSettings.denyAddresses",
    settings::keep_out,
    settings::as_above,
)
.by(Widget::Lines);
const BOTH: Field = field(
    "ipSettings.allowIfInBothLists",
    settings::let_in_whoever_is_on_both,
    nothing,
)
.by(Widget::Addresses);

/// HTTP: REST, S3, `WebDAV`.
pub const HTTP: &[Section] = &[
    section(
        settings::ports,
        settings::without_either_rest_s3_and_webdav,
        &[
            field("httpsEnabled", settings::https_port_443, nothing),
            field(
                "httpEnabled",
                settings::http_port_80,
                settings::not_encrypted,
            ),
        ],
    ),
    section(
        settings::s3,
        nothing,
        &[
            field(
                "hs3Enabled",
                settings::s3,
                settings::needs_access_control_lists,
            )
            .needs(
                "~aclsUsage",
                "!NOT_ENABLED",
                settings::needs_access_control_lists_enable_them,
            ),
            field(
                "hs3RequiresAuthentication",
                settings::s3_has_to_be_signed,
                nothing,
            )
            .needs("hs3Enabled", "true", settings::needs_s3),
        ],
    ),
    section(
        settings::rest,
        nothing,
        &[
            field("restEnabled", settings::rest, nothing),
            field(
                "restRequiresAuthentication",
                settings::rest_has_to_be_signed,
                nothing,
            )
            .needs("restEnabled", "true", settings::needs_rest),
            field(
                "httpActiveDirectorySSOEnabled",
                settings::single_sign_on_of_the_directory,
                nothing,
            ),
        ],
    ),
    section(
        settings::webdav,
        nothing,
        &[
            field(
                "webdavEnabled",
                settings::webdav,
                settings::excludes_versioning,
            )
            .needs("~optimizedFor", "!CLOUD", FILES_ONLY),
            field(
                "webdavBasicAuthEnabled",
                settings::basic_authentication,
                nothing,
            )
            .needs("webdavEnabled", "true", settings::needs_webdav),
            field("webdavBasicAuthUsername", settings::user_name, nothing).needs(
                "webdavBasicAuthEnabled",
                "true",
                settings::needs_basic_authentication,
            ),
            field(
                "webdavBasicAuthPassword",
                settings::password,
                settings::user_name_and_password_are_set,
            )
            .by(Widget::Secret)
            .needs(
                "webdavBasicAuthEnabled",
                "true",
                settings::needs_basic_authentication,
            ),
            field(
                "webdavCustomMetadata",
                settings::keep_properties_as_custom_metadata,
                nothing,
            )
            .needs("webdavEnabled", "true", settings::needs_webdav),
        ],
    ),
    section(settings::addresses, nothing, &[ALLOW, DENY, BOTH]),
];

const CASES: &[Word] = &[
    ("UPPER", settings::upper_case),
    ("LOWER", settings::lower_case),
    ("DISABLED", settings::as_they_come),
];

/// CIFS.
pub const CIFS: &[Section] = &[section(
    settings::cifs,
    settings::excludes_versioning,
    &[
        field("enabled", settings::cifs, nothing).needs("~optimizedFor", "!CLOUD", FILES_ONLY),
        field("caseForcing", settings::names_are_kept, nothing).by(Widget::Words(CASES)),
        field("caseSensitive", settings::tell_capitals_apart, nothing),
        field(
            "requiresAuthentication",
            settings::has_to_be_signed,
            settings::needs_a_directory,
        ),
        ALLOW,
        DENY,
    ],
)];

/// NFS.
pub const NFS: &[Section] = &[section(
    settings::nfs,
    settings::excludes_versioning,
    &[
        field("enabled", settings::nfs, nothing).needs("~optimizedFor", "!CLOUD", FILES_ONLY),
        field("uid", settings::user_id_of_objects, nothing),
        field("gid", settings::group_id_of_objects, nothing),
        ALLOW,
    ],
)];

const MAIL_FORMATS: &[Word] = &[
    (".eml", settings::one_file_for_each_mail_eml),
    (".mbox", settings::one_file_for_many_mbox),
];

/// SMTP.
pub const SMTP: &[Section] = &[section(
    settings::smtp,
    settings::excludes_versioning,
    &[
        field("enabled", settings::smtp, nothing).needs("~optimizedFor", "!CLOUD", FILES_ONLY),
        field("emailFormat", settings::mail_is_kept, nothing).by(Widget::Words(MAIL_FORMATS)),
        field(
            "emailLocation",
            settings::r#where,
            settings::a_path_that_begins_and_ends,
        ),
        field(
            "separateAttachments",
            settings::attachments_are_files_of_their_own,
            nothing,
        ),
        ALLOW,
        DENY,
    ],
)];

const USERNAME: Field = field(
    "username",
    settings::user_name,
    settings::n_1_to_64_characters_capitals_make,
)
.required();
const FULL_NAME: Field = field(
    "fullName",
    settings::full_name,
    settings::n_1_to_64_characters,
)
.required();
const ABOUT: Field = field(
    "description",
    settings::description,
    settings::up_to_1_024_characters,
)
.by(Widget::Area);
const ROLE: Field =
    field("roles", settings::roles, settings::none_of_these_an_account).by(Widget::Checks(ROLES));
const FORCE: Field = field(
    "forcePasswordChange",
    settings::has_to_change_the_password,
    nothing,
);

/// A user.
pub const USER: &[Section] = &[
    section(settings::profile, nothing, &[USERNAME, FULL_NAME, ABOUT]),
    section(
        settings::sign_in,
        nothing,
        &[
            field("enabled", settings::may_sign, nothing),
            FORCE,
            field(
                "localAuthentication",
                settings::password_kept_by_hcp,
                nothing,
            )
            .shown(),
        ],
    ),
    section(
        settings::management,
        nothing,
        &[
            ROLE,
            field(
                "allowNamespaceManagement",
                settings::may_make_and_manage_namespaces,
                settings::changed_by_an_administrator_comes,
            ),
        ],
    ),
    section(
        settings::facts,
        nothing,
        &[
            field("userGUID", settings::id_for_s3_grants, nothing).shown(),
            field("userID", settings::number, nothing).shown(),
        ],
    ),
];

/// A new user.
pub const NEW_USER: &[Section] = &[
    section(settings::profile, nothing, &[USERNAME, FULL_NAME, ABOUT]),
    section(
        settings::sign_in,
        nothing,
        &[
            field(
                "localAuthentication",
                settings::hcp_keeps_the_password,
                settings::else_radius_knows_it_fixed_from,
            )
            .begins("true"),
            field("password", settings::password, nothing)
                .by(Widget::Password)
                .beside()
                .required(),
            FORCE.begins("true"),
            field("enabled", settings::may_sign, nothing).begins("true"),
        ],
    ),
    section(settings::management, nothing, &[ROLE]),
];

/// A new password for a user.
pub const PASSWORD: &[Section] = &[section(
    settings::password,
    settings::open_sessions_go_on_the_next,
    &[field("newPassword", settings::new_password, nothing)
        .by(Widget::Password)
        .required()],
)];

/// A group of a directory.
pub const GROUP: &[Section] = &[section(
    settings::group,
    nothing,
    &[
        field("groupname", settings::name, nothing).shown(),
        field("externalGroupID", settings::sid, nothing).shown(),
        ROLE,
        field(
            "allowNamespaceManagement",
            settings::members_may_make_and_manage_namespaces,
            nothing,
        ),
    ],
)];

/// A new group.
pub const NEW_GROUP: &[Section] = &[section(
    settings::group,
    settings::a_group_of_the_directory_active,
    &[
        field(
            "groupname",
            settings::name,
            settings::group_or_group_domain_give_this,
        ),
        field("externalGroupID", settings::sid, settings::such_as_s_1_5_21),
        ROLE,
    ],
)];

/// What the tenant's own administrators set.
pub const TENANT: &[Section] = &[
    section(
        settings::tenant,
        nothing,
        &[
            field(
                "tenantVisibleDescription",
                settings::description,
                settings::up_to_1_024_characters,
            )
            .by(Widget::Area),
            field(
                "administrationAllowed",
                settings::system_administrators_may_administer_this_tenant,
                settings::they_then_see_and_change_what,
            ),
            field(
                "maxNamespacesPerUser",
                settings::namespaces_that_one_user_may_own,
                settings::n_0_to_10_000,
            ),
            field("snmpLoggingEnabled", settings::send_events_to_snmp, nothing),
            field(
                "syslogLoggingEnabled",
                settings::send_events_to_syslog,
                nothing,
            ),
        ],
    ),
    section(
        settings::set_by_the_system_administrator,
        nothing,
        &[
            field("name", settings::name, nothing).shown(),
            field("fullyQualifiedName", settings::host, nothing).shown(),
            field("creationTime", settings::created, nothing).by(Widget::When),
            field("hardQuota", settings::hard_quota, nothing).shown(),
            field("softQuota", settings::soft_quota_2, nothing).shown(),
            field("namespaceQuota", settings::namespaces, nothing).shown(),
            field("authenticationTypes", settings::sign_in_2, nothing).shown(),
            field(
                "complianceConfigurationEnabled",
                settings::chooses_the_retention_mode,
                nothing,
            )
            .shown(),
            field(
                "versioningConfigurationEnabled",
                settings::versioning,
                nothing,
            )
            .shown(),
            field("searchConfigurationEnabled", settings::search, nothing).shown(),
            field(
                "replicationConfigurationEnabled",
                settings::replication,
                nothing,
            )
            .shown(),
            field(
                "erasureCodingSelectionEnabled",
                settings::erasure_coding,
                nothing,
            )
            .shown(),
            field(
                "servicePlanSelectionEnabled",
                settings::chooses_service_plans,
                nothing,
            )
            .shown(),
            field("servicePlan", settings::service_plan, nothing).shown(),
            field("dataNetwork", settings::data_network, nothing).shown(),
            field("managementNetwork", settings::management_network, nothing).shown(),
        ],
    ),
];

/// Whom to ask.
pub const CONTACT: &[Section] = &[
    section(
        settings::person,
        nothing,
        &[
            field("firstName", settings::first_name, nothing),
            field("lastName", settings::last_name, nothing),
            field("emailAddress", settings::e_mail, nothing),
            field(
                "primaryPhone",
                settings::telephone,
                settings::digits_brackets_hyphens_dots_plus_signs,
            ),
            field("extension", settings::extension, settings::up_to_5_digits),
        ],
    ),
    section(
        settings::address,
        nothing,
        &[
            field("address1", settings::address, nothing),
            field("address2", settings::address_second_line, nothing),
            field("zipOrPostalCode", settings::postal_code, nothing),
            field("city", settings::city, nothing),
            field("state", settings::state, nothing),
            field("countryOrRegion", settings::country_or_region, nothing),
        ],
    ),
];

/// What new namespaces get.
pub const DEFAULTS: &[Section] = &[
    section(
        settings::space,
        settings::new_namespaces_get_these_and_so,
        &[
            field(
                "description",
                settings::description,
                settings::up_to_1_024_characters,
            )
            .by(Widget::Area),
            field(
                "hardQuota",
                settings::hard_quota,
                settings::at_least_1_gb_at_most,
            )
            .required(),
            SOFT,
            field("servicePlan", settings::service_plan, PLAN)
                .by(Widget::Options("plans"))
                .needs("~servicePlanSelectionEnabled", "true", NOT_ALLOWED_PLAN),
        ],
    ),
    section(
        settings::content,
        nothing,
        &[
            field("optimizedFor", settings::optimised_for, nothing)
                .by(Widget::Words(OPTIMIZED_DEFAULT)),
            field("directoryUsage", settings::directory_usage, nothing)
                .by(Widget::Words(DIRECTORIES_DEFAULT)),
            field("hashScheme", settings::hash, nothing).by(Widget::Words(HASHES)),
            field("retentionType", settings::retention, nothing).by(Widget::Words(RETENTION_TYPES)),
            field(
                "enterpriseMode",
                settings::enterprise_mode,
                settings::without_it_namespaces_are_in_compliance,
            )
            .needs("~complianceConfigurationEnabled", "true", NOT_ALLOWED_MODE),
            field("searchEnabled", settings::search, nothing).needs(
                "~searchConfigurationEnabled",
                "true",
                NOT_ALLOWED_SEARCH,
            ),
            field("replicationEnabled", settings::replicate, nothing).needs(
                "~replicationConfigurationEnabled",
                "true",
                NOT_ALLOWED_REPLICATION,
            ),
            field("allowErasureCoding", settings::erasure_coding, nothing).needs(
                "~erasureCodingSelectionEnabled",
                "true",
                NOT_ALLOWED_CODING,
            ),
            OVERWRITE,
            AUTO_ABORT,
        ],
    ),
    section(
        settings::versioning,
        nothing,
        &[
            field(
                "versioningSettings.enabled",
                settings::keep_versions,
                nothing,
            )
            .needs(
                "~versioningConfigurationEnabled",
                "true",
                NOT_ALLOWED_VERSIONING,
            ),
            field(
                "versioningSettings.useDeleteMarkers",
                settings::delete_markers,
                MARKERS,
            )
            .needs(
                "versioningSettings.enabled",
                "true",
                settings::needs_versioning,
            ),
            field(
                "versioningSettings.prune",
                settings::remove_old_versions,
                PRUNE,
            )
            .needs(
                "versioningSettings.enabled",
                "true",
                settings::needs_versioning,
            ),
            field(
                "versioningSettings.pruneDays",
                settings::remove_old_versions_after,
                PRUNE_DAYS,
            )
            .needs(
                "versioningSettings.prune",
                "true",
                settings::needs_the_removal_of_old_versions,
            ),
        ],
    ),
];

/// What signing in takes.
pub const CONSOLE_SECURITY: &[Section] = &[
    section(
        settings::passwords,
        nothing,
        &[
            field(
                "minimumPasswordLength",
                settings::least_length,
                settings::n_2_to_64_characters,
            ),
            field(
                "passwordCombination",
                settings::ask_for_kinds_of_characters,
                settings::the_four_counts_below_hold,
            ),
            field(
                "upperCaseLetterCount",
                settings::upper_case_letters,
                nothing,
            )
            .needs(
                "passwordCombination",
                "true",
                settings::needs_the_kinds_of_characters,
            ),
            field(
                "lowerCaseLetterCount",
                settings::lower_case_letters,
                nothing,
            )
            .needs(
                "passwordCombination",
                "true",
                settings::needs_the_kinds_of_characters,
            ),
            field("numericCharacterCount", settings::digits, nothing).needs(
                "passwordCombination",
                "true",
                settings::needs_the_kinds_of_characters,
            ),
            field("specialCharacterCount", settings::other_characters, nothing).needs(
                "passwordCombination",
                "true",
                settings::needs_the_kinds_of_characters,
            ),
            field(
                "passwordContainsUsername",
                settings::may_hold_the_user_name,
                nothing,
            ),
            field(
                "blockCommonPassword",
                settings::refuse_common_passwords,
                nothing,
            ),
            field(
                "blockPasswordReUse",
                settings::refuse_earlier_passwords,
                nothing,
            ),
            field(
                "passwordReuseDepth",
                settings::earlier_passwords_that_are_refused,
                nothing,
            )
            .needs(
                "blockPasswordReUse",
                "true",
                settings::needs_the_refusal_of_earlier_passwords,
            ),
            field(
                "forcePasswordChangeDays",
                settings::has_to_be_changed_after,
                settings::days_0_to_999_999_0,
            ),
        ],
    ),
    section(
        settings::accounts,
        nothing,
        &[
            field(
                "disableAfterAttempts",
                settings::disable_after_failed_sign_ins,
                settings::n_0_to_999_0_never,
            ),
            field(
                "automaticUserAccountUnlockSetting",
                settings::enable_again_by_itself,
                nothing,
            ),
            field(
                "automaticUserAccoutUnlockDuration",
                settings::enable_again_after,
                settings::minutes_0_to_999,
            )
            .needs(
                "automaticUserAccountUnlockSetting",
                "true",
                settings::needs_enabling_by_itself,
            ),
            field(
                "coolDownPeriodSettings",
                settings::wait_after_a_failed_sign,
                nothing,
            ),
            field(
                "coolDownPeriodDuration",
                settings::wait_for,
                settings::seconds_0_to_999,
            )
            .needs(
                "coolDownPeriodSettings",
                "true",
                settings::needs_the_waiting,
            ),
            field(
                "disableAfterInactiveDays",
                settings::disable_after_days_without_signing,
                settings::n_0_to_999_0_never,
            ),
        ],
    ),
    section(
        settings::hcps_own_console,
        nothing,
        &[
            field(
                "logoutOnInactive",
                settings::sign_out_after_idle_minutes,
                settings::n_0_to_999_0_never,
            ),
            field(
                "loginMessage",
                settings::message_at_sign,
                settings::up_to_1_024_characters,
            )
            .by(Widget::Area),
        ],
    ),
    section(
        settings::addresses,
        settings::from_where_one_may_sign,
        &[ALLOW, DENY, BOTH],
    ),
];

/// From where one may search.
pub const SEARCH_SECURITY: &[Section] = &[section(
    settings::addresses,
    settings::from_where_the_tenant_can,
    &[ALLOW, DENY, BOTH],
)];

/// Who is told of events, in which words.
pub const EMAIL: &[Section] = &[
    section(
        settings::e_mail,
        settings::works_where_the_system_administrator_has,
        &[field(
            "enabled",
            settings::send_e_mail_about_events,
            nothing,
        )],
    ),
    section(
        settings::words,
        settings::variables_action_date_fulltext_id_location,
        &[
            field("emailTemplate.from", settings::from, nothing),
            field("emailTemplate.subject", settings::subject, nothing),
            field(
                "emailTemplate.body",
                settings::text,
                settings::a_backslash_and_n_begin_a_line,
            )
            .by(Widget::Area),
        ],
    ),
];

const IMPORTANCE: &[Word] = &[
    ("MAJOR", settings::major_events),
    ("ALL", settings::all_events),
];
const SEVERITY: &[Word] = &[
    ("ERROR", settings::errors),
    ("WARNING", settings::warnings_and_errors),
    ("NOTICE", settings::everything),
];

/// One recipient of e-mail; the path is completed by the number of the row.
pub const RECIPIENT: &[Field] = &[
    field("address", settings::address, nothing),
    field("importance", settings::importance, nothing)
        .by(Widget::Words(IMPORTANCE))
        .begins("MAJOR"),
    field("severity", settings::severity, nothing)
        .by(Widget::Words(SEVERITY))
        .begins("ERROR"),
    field("type", settings::kinds, nothing).begins("GENERAL"),
];

const AUTHENTICATION: &[Word] = &[
    ("LOCAL", settings::local_hcp_keeps_the_passwords),
    ("RADIUS", settings::radius),
    ("EXTERNAL", settings::directory_active_directory),
];

const TENANT_SPACE: Section = section(
    settings::space,
    nothing,
    &[
        field(
            "hardQuota",
            settings::hard_quota,
            settings::what_the_tenants_namespaces_can_have,
        )
        .required(),
        field(
            "softQuota",
            settings::soft_quota,
            settings::at_this_share_of_the_hard_2,
        )
        .by(Widget::Percent),
        field(
            "namespaceQuota",
            settings::namespaces,
            settings::none_as_many_as_the_system,
        ),
    ],
);
const TENANT_FEATURES: Section = section(
    settings::what_the_tenant_may_use,
    settings::switching_one_off_hides_its_settings,
    &[
        field(
            "versioningConfigurationEnabled",
            settings::versioning,
            nothing,
        ),
        field("searchConfigurationEnabled", settings::search, nothing),
        field(
            "complianceConfigurationEnabled",
            settings::choose_the_retention_mode_of_namespaces,
            nothing,
        ),
        field(
            "replicationConfigurationEnabled",
            settings::replication,
            nothing,
        ),
        field(
            "erasureCodingSelectionEnabled",
            settings::erasure_coding,
            nothing,
        ),
        field(
            "servicePlanSelectionEnabled",
            settings::choose_service_plans,
            nothing,
        ),
        field(
            "servicePlan",
            settings::service_plan,
            settings::where_the_tenant_does_not_choose,
        )
        .needs(
            "servicePlanSelectionEnabled",
            "false",
            settings::the_tenant_chooses,
        ),
    ],
);
const TENANT_REST: Section = section(
    settings::sign_in_networks_tags,
    nothing,
    &[
        field(
            "authenticationTypes",
            settings::sign_in_2,
            settings::at_least_one_and_not_radius,
        )
        .by(Widget::Checks(AUTHENTICATION)),
        field("dataNetwork", settings::data_network, nothing),
        field("managementNetwork", settings::management_network, nothing),
        field("tags", settings::tags, settings::one_to_a_line).by(Widget::Lines),
    ],
);
const DATA_NETWORK_NEW: Field = field(
    "dataNetwork",
    settings::data_network,
    settings::empty_the_systems_own,
);
const MANAGEMENT_NETWORK_NEW: Field = field(
    "managementNetwork",
    settings::management_network,
    settings::empty_the_systems_own,
);
const TENANT_TAGS: Field = field("tags", settings::tags, settings::one_to_a_line).by(Widget::Lines);
const SIGN_IN_BY: Field = field(
    "authenticationTypes",
    settings::sign_in_2,
    settings::at_least_one_and_not_radius,
)
.by(Widget::Checks(AUTHENTICATION));
const TENANT_REST_OF_GROUP: Section = section(
    settings::sign_in_networks_tags,
    nothing,
    &[
        SIGN_IN_BY.begins("EXTERNAL"),
        DATA_NETWORK_NEW,
        MANAGEMENT_NETWORK_NEW,
        TENANT_TAGS,
    ],
);
const TENANT_REST_NEW: Section = section(
    settings::sign_in_networks_tags,
    nothing,
    &[
        SIGN_IN_BY.begins("LOCAL"),
        DATA_NETWORK_NEW,
        MANAGEMENT_NETWORK_NEW,
        TENANT_TAGS,
    ],
);

/// A tenant, as the system's administrators set it.
pub const SYSTEM_TENANT: &[Section] = &[
    section(
        settings::tenant,
        nothing,
        &[field(
            "systemVisibleDescription",
            settings::description_for_the_system,
            settings::up_to_1_024_characters,
        )
        .by(Widget::Area)],
    ),
    TENANT_SPACE,
    TENANT_FEATURES,
    TENANT_REST,
    section(
        settings::facts,
        nothing,
        &[
            field("name", settings::name, nothing).shown(),
            field("fullyQualifiedName", settings::host, nothing).shown(),
            field("id", settings::id, nothing).shown(),
            field("creationTime", settings::created, nothing).by(Widget::When),
            field(
                "administrationAllowed",
                settings::lets_the_system_administer,
                nothing,
            )
            .shown(),
        ],
    ),
];

const DNS_MODES: &[Word] = &[
    ("BASIC", settings::dns_basic),
    ("ADVANCED", settings::dns_advanced),
];

/// How the system's names are answered.
pub const NETWORK: &[Section] = &[section(
    settings::dns,
    settings::dns_means,
    &[field(
        "downstreamDNSMode",
        settings::dns_mode,
        settings::dns_mode_means,
    )
    .by(Widget::Words(DNS_MODES))],
)];

const FIRST_DAY: Field = field(
    "startDate",
    settings::first_day,
    settings::day_as_hcp_writes_it,
);
const LAST_DAY: Field = field(
    "endDate",
    settings::last_day,
    settings::day_as_hcp_writes_it,
);

/// What logs are prepared of.
pub const LOGS: &[Section] = &[section(
    settings::prepare_logs,
    nothing,
    &[
        FIRST_DAY,
        LAST_DAY,
        field(
            "snodes",
            settings::storage_nodes,
            settings::storage_nodes_help,
        ),
    ],
)];

/// What a health report is prepared of.
pub const HEALTH: &[Section] = &[section(
    settings::prepare_a_health_report,
    nothing,
    &[
        FIRST_DAY,
        LAST_DAY,
        field("exactTime", settings::exact_time, settings::exact_time_help),
        field(
            "collectCurrent",
            settings::collect_current,
            settings::collect_current_help,
        ),
    ],
)];

/// A user of the system, as everybody sees it.
pub const SYSTEM_USER: &[Section] = &[section(
    settings::profile,
    nothing,
    &[
        USERNAME,
        FULL_NAME,
        ABOUT,
        field("enabled", settings::may_sign, nothing),
        FORCE,
        field(
            "localAuthentication",
            settings::password_kept_by_hcp,
            nothing,
        ),
        field("roles", settings::roles, nothing).by(Widget::Checks(SYSTEM_ROLES)),
        field("userGUID", settings::id_for_s3_grants, nothing),
        field("userID", settings::number, nothing),
    ],
)];

/// A new tenant with its first account.
pub const NEW_TENANT: &[Section] = &[
    NAME_OF_TENANT,
    FIRST_ACCOUNT,
    TENANT_SPACE,
    TENANT_FEATURES,
    TENANT_REST_NEW,
];

/// A new tenant with a group of a directory in place of a first account.
pub const NEW_TENANT_OF_GROUP: &[Section] = &[
    NAME_OF_TENANT,
    FIRST_GROUP,
    TENANT_SPACE,
    TENANT_FEATURES,
    TENANT_REST_OF_GROUP,
];

const NAME_OF_TENANT: Section = section(
    settings::tenant,
    nothing,
    &[
        field("name", settings::name, settings::n_1_to_63_letters_digits_3).required(),
        field(
            "systemVisibleDescription",
            settings::description_for_the_system,
            settings::up_to_1_024_characters,
        )
        .by(Widget::Area),
    ],
);

const FIRST_ACCOUNT: Section = section(
    settings::first_account,
    settings::it_has_the_security_role_alone,
    &[
        field(
            "username",
            settings::user_name,
            settings::n_1_to_64_characters,
        )
        .beside()
        .required(),
        field("password", settings::password, nothing)
            .by(Widget::Password)
            .beside()
            .required(),
        field(
            "forcePasswordChange",
            settings::has_to_change_the_password_2,
            nothing,
        )
        .by(Widget::Checks(&[("true", settings::yes)]))
        .beside(),
    ],
);

const FIRST_GROUP: Section = section(
    settings::first_group,
    settings::its_members_have_the_security_role,
    &[field(
        "initialSecurityGroup",
        settings::group_of_the_directory,
        settings::such_as_group_domain_or_sid,
    )
    .beside()
    .required()],
);

#[cfg(test)]
mod tests {
    use model::mapi::{
        CifsProtocol, ComplianceSettings, ConsoleSecurity, ContactInfo, EmailNotification,
        GroupAccount, HttpProtocol, Namespace, NamespaceDefaults, NetworkSettings, NfsProtocol,
        PermissionMask, Property, Recipient, Resource, RetentionClass, SearchSecurity,
        SmtpProtocol, Tenant, UserAccount, VersioningSettings, calls::PasswordChange, edit::find,
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
        check(NEW_TENANT_OF_GROUP, Tenant::PROPERTIES);
        check(CONTACT, ContactInfo::PROPERTIES);
        check(DEFAULTS, NamespaceDefaults::PROPERTIES);
        check(CONSOLE_SECURITY, ConsoleSecurity::PROPERTIES);
        check(SEARCH_SECURITY, SearchSecurity::PROPERTIES);
        check(EMAIL, EmailNotification::PROPERTIES);
        check(NETWORK, NetworkSettings::PROPERTIES);
        check(LOGS, model::mapi::LogPrepare::PROPERTIES);
        check(HEALTH, model::mapi::HealthCheckPrepare::PROPERTIES);
        check(SYSTEM_USER, UserAccount::PROPERTIES);
        check(
            const { &[section(nothing, nothing, RECIPIENT)] },
            Recipient::PROPERTIES,
        );
    }
}
