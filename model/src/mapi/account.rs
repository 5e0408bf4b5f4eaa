//! User and group accounts, and what they may do with objects.

use super::{
    resource::resource,
    tenant::MAX_DESCRIPTION,
    value::{Rule, list},
    words::{MaskedPermissions, Permissions, Roles},
};

resource! {
    /// A user account. Roles and ids are there for the security role alone.
    UserAccount = "userAccount" {
        /// The name.
        username: String = "username" [Rule::Fits(super::rules::username)],
        /// The full name.
        full_name: String = "fullName" [Rule::Length(1, 64)],
        /// Description.
        description: String = "description" [Rule::Length(0, MAX_DESCRIPTION)],
        /// Whether HCP keeps the password; else RADIUS knows it.
        local_authentication: bool = "localAuthentication",
        /// Whether the account may sign in.
        enabled: bool = "enabled",
        /// Whether the password has to be changed before anything else.
        force_password_change: bool = "forcePasswordChange",
        /// The roles.
        roles: Roles = "roles",
        /// Whether the account may have namespaces of its own.
        allow_namespace_management: bool = "allowNamespaceManagement",
        /// The UUID that is the S3 canonical id.
        user_guid: String = "userGUID",
        /// A number that is unique in the system.
        user_id: i64 = "userID",
    }
}

resource! {
    /// The account of a group of a directory.
    GroupAccount = "groupAccount" {
        /// The name: `group` or `group@domain`.
        groupname: String = "groupname" [Rule::Length(1, 256)],
        /// The group's security identifier (SID).
        external_group_id: String = "externalGroupID" [Rule::Fits(super::rules::sid)],
        /// The roles.
        roles: Roles = "roles",
        /// Whether members may have namespaces of their own.
        allow_namespace_management: bool = "allowNamespaceManagement",
    }
}

resource! {
    /// What an account may do in namespaces.
    DataAccessPermissions = "dataAccessPermissions" {
        /// One entry for each namespace in which it may do anything.
        namespace_permission: NamespacePermissions = "namespacePermission",
    }
}

list! {
    /// Entries of [`DataAccessPermissions`].
    NamespacePermissions of NamespacePermission
}

resource! {
    /// What an account may do in one namespace.
    NamespacePermission = "namespacePermission" {
        /// The namespace.
        namespace_name: String = "namespaceName" [Rule::Fits(super::rules::namespace_name)],
        /// What; an empty list takes all away.
        permissions: Permissions = "permissions",
    }
}

resource! {
    /// What is possible in a tenant or in a namespace at most, whatever an account may do.
    PermissionMask = "permissions" {
        /// What.
        permission: MaskedPermissions = "permission",
    }
}
