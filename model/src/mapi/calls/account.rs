//! User and group accounts, of tenants and of the system.

use super::{
    Nothing, StatusReply, Verbose,
    macros::calls,
    operation::{About, Answer, Shape},
    parameters::{Paging, PagingOfRights, PasswordInQuery, ResetInQuery, Unpaged},
    password::{NewPassword, NewUserAccount, PasswordChange, UserAccountChange},
};
use crate::mapi::{DataAccessPermissions, GroupAccount, Groupnames, UserAccount, Usernames};

const UPDATED: Answer = Answer::Status("updated", About::Nothing);
const DELETED: Answer = Answer::Status("deleted", About::Nothing);
const CHANGED: Answer = Answer::Status("password_changed", About::Nothing);

calls! {
    OF_ACCOUNTS;

    ListSystemUsers "list_system_users" "List the users of the system"
        GET "/userAccounts" () Unpaged, full ListSystemUsersInFull Vec<UserAccount>
        => Usernames, Answer::Names("username", Some(Shape::of::<UserAccount>()));
    GetSystemUser "get_system_user" "Tell what a user of the system is"
        GET "/userAccounts/{username}" (username) Verbose
        => UserAccount, Answer::One(Shape::of::<UserAccount>());
    HeadSystemUser "head_system_user" "Look whether a user of the system is there"
        HEAD "/userAccounts/{username}" (username) Nothing
        => (), Answer::Nothing;
    SetSystemUserPassword "set_system_user_password" "Set the password of a user of the system"
        POST "/userAccounts/{username}" (username) PasswordInQuery,
        takes NewPassword
        => StatusReply, UPDATED;
    ChangeSystemUserPassword "change_system_user_password" "Change the password of a user of the system"
        POST "/userAccounts/{username}/changePassword" (username) Nothing,
        takes PasswordChange as PasswordChange ["newPassword"]
        => StatusReply, CHANGED;
    ListSystemGroups "list_system_groups" "List the groups of the system"
        GET "/groupAccounts" () Unpaged, full ListSystemGroupsInFull Vec<GroupAccount>
        => Groupnames, Answer::Names("groupname", Some(Shape::of::<GroupAccount>()));
    GetSystemGroup "get_system_group" "Tell what a group of the system is"
        GET "/groupAccounts/{group_name}" (group_name) Verbose
        => GroupAccount, Answer::One(Shape::of::<GroupAccount>());
    HeadSystemGroup "head_system_group" "Look whether a group of the system is there"
        HEAD "/groupAccounts/{group_name}" (group_name) Nothing
        => (), Answer::Nothing;

    ListUsers "list_users" "List the users of a tenant"
        GET "/tenants/{tenant_name}/userAccounts" (tenant_name) Paging,
        full ListUsersInFull Vec<UserAccount>
        => Usernames, Answer::Names("username", Some(Shape::of::<UserAccount>()));
    CreateUser "create_user" "Create a user"
        PUT "/tenants/{tenant_name}/userAccounts" (tenant_name) PasswordInQuery,
        takes NewUserAccount as UserAccount [
            "username", "fullName", "localAuthentication", "enabled", "forcePasswordChange"
        ]
        => StatusReply, Answer::Status("created", About::Body("username"));
    ResetPasswords "reset_passwords" "Set the password of all local users with the security role"
        POST "/tenants/{tenant_name}/userAccounts" (tenant_name) ResetInQuery,
        takes NewPassword
        => StatusReply, Answer::Status("passwords_reset", About::Nothing);
    GetUser "get_user" "Tell what a user is"
        GET "/tenants/{tenant_name}/userAccounts/{username}" (tenant_name, username) Verbose
        => UserAccount, Answer::One(Shape::of::<UserAccount>());
    HeadUser "head_user" "Look whether a user is there"
        HEAD "/tenants/{tenant_name}/userAccounts/{username}" (tenant_name, username) Nothing
        => (), Answer::Nothing;
    ModifyUser "modify_user" "Change a user, or a user's password"
        POST "/tenants/{tenant_name}/userAccounts/{username}" (tenant_name, username)
        PasswordInQuery, takes UserAccountChange as UserAccount []
        => StatusReply, UPDATED;
    DeleteUser "delete_user" "Delete a user"
        DELETE "/tenants/{tenant_name}/userAccounts/{username}" (tenant_name, username) Nothing
        => StatusReply, DELETED;
    ChangeUserPassword "change_user_password" "Change the password of a user"
        POST "/tenants/{tenant_name}/userAccounts/{username}/changePassword"
        (tenant_name, username) Nothing, takes PasswordChange as PasswordChange ["newPassword"]
        => StatusReply, CHANGED;
    GetDataAccessOfUser "get_data_access_of_user" "Tell what a user may do with objects"
        GET "/tenants/{tenant_name}/userAccounts/{username}/dataAccessPermissions"
        (tenant_name, username) PagingOfRights
        => DataAccessPermissions, Answer::One(Shape::of::<DataAccessPermissions>());
    SetDataAccessOfUser "set_data_access_of_user" "Set what a user may do with objects"
        POST "/tenants/{tenant_name}/userAccounts/{username}/dataAccessPermissions"
        (tenant_name, username) Nothing,
        takes DataAccessPermissions as DataAccessPermissions ["namespacePermission.namespaceName"]
        => StatusReply, UPDATED;

    ListGroups "list_groups" "List the groups of a tenant"
        GET "/tenants/{tenant_name}/groupAccounts" (tenant_name) Unpaged,
        full ListGroupsInFull Vec<GroupAccount>
        => Groupnames, Answer::Names("groupname", Some(Shape::of::<GroupAccount>()));
    CreateGroup "create_group" "Create a group"
        PUT "/tenants/{tenant_name}/groupAccounts" (tenant_name) Nothing,
        takes GroupAccount as GroupAccount ["groupname|externalGroupID"]
        => StatusReply, Answer::Status("created", About::Body("groupname"));
    GetGroup "get_group" "Tell what a group is"
        GET "/tenants/{tenant_name}/groupAccounts/{group_name}" (tenant_name, group_name) Verbose
        => GroupAccount, Answer::One(Shape::of::<GroupAccount>());
    HeadGroup "head_group" "Look whether a group is there"
        HEAD "/tenants/{tenant_name}/groupAccounts/{group_name}" (tenant_name, group_name) Nothing
        => (), Answer::Nothing;
    ModifyGroup "modify_group" "Change a group"
        POST "/tenants/{tenant_name}/groupAccounts/{group_name}" (tenant_name, group_name) Nothing,
        takes GroupAccount as GroupAccount []
        => StatusReply, UPDATED;
    DeleteGroup "delete_group" "Delete a group"
        DELETE "/tenants/{tenant_name}/groupAccounts/{group_name}" (tenant_name, group_name) Nothing
        => StatusReply, DELETED;
    GetDataAccessOfGroup "get_data_access_of_group" "Tell what a group may do with objects"
        GET "/tenants/{tenant_name}/groupAccounts/{group_name}/dataAccessPermissions"
        (tenant_name, group_name) Nothing
        => DataAccessPermissions, Answer::One(Shape::of::<DataAccessPermissions>());
    SetDataAccessOfGroup "set_data_access_of_group" "Set what a group may do with objects"
        POST "/tenants/{tenant_name}/groupAccounts/{group_name}/dataAccessPermissions"
        (tenant_name, group_name) Nothing,
        takes DataAccessPermissions as DataAccessPermissions ["namespacePermission.namespaceName"]
        => StatusReply, UPDATED;
}
