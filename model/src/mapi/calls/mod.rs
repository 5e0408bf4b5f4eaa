//! The management calls of the API: each as a typed request, and all of them in one table.
//!
//! A call has the same path below `/api/v1/mapi` here as below `/mapi` on an HCP. [`operations`] is what
//! router, document and tests are made from; the requests are what console and command line send.

mod account;
mod erasure;
mod macros;
mod namespace;
mod operation;
mod parameters;
mod password;
mod replication;
mod system;
mod tenant;

use serde::{Deserialize, Serialize};

pub use account::*;
pub use erasure::*;
pub use namespace::*;
pub use operation::{
    About, Answer, Carries, Operation, Parameter, ParameterKind, Shape, check_segment,
};
pub use parameters::{
    AllLinks, Checkpoint, FirstAccount, Force, InQuery, LinkAction, LinkActions, LogAction,
    Nothing, Paging, PagingOfRights, PasswordInQuery, Period, ResetInQuery, Retire, TenantActions,
    Unpaged, Verbose,
};
pub use password::{
    NewPassword, NewTenant, NewUserAccount, Password, PasswordChange, UserAccountChange,
};
pub use replication::*;
pub use system::*;
pub use tenant::*;

/// What stands before all paths.
pub const BASE: &str = "/api/v1/mapi";

/// Every management operation, each once.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    [
        OF_TENANTS,
        OF_ACCOUNTS,
        OF_NAMESPACES,
        OF_SYSTEM,
        OF_REPLICATION,
        OF_ERASURE_CODING,
    ]
    .into_iter()
    .flatten()
}

/// What a change answers: that it happened, and to what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusReply {
    /// What happened: `created`, `updated`, `deleted`, `password_changed`, `passwords_reset`.
    pub status: String,
    /// To what, such as `{"name": "archive"}`.
    #[serde(flatten)]
    pub of: serde_json::Map<String, serde_json::Value>,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Endpoint as _;

    #[test]
    fn operations_are_told_apart() {
        let (mut ids, mut places) = (BTreeSet::new(), BTreeSet::new());
        for operation in operations() {
            assert!(ids.insert(operation.id), "{}", operation.id);
            let place = (operation.method.to_string(), operation.route);
            assert!(places.insert(place.clone()), "{place:?}");
            assert!(operation.route.starts_with(BASE), "{place:?}");
            assert!(!operation.summary.ends_with('.'), "{place:?}");
        }
        assert!(ids.len() > 85, "{}", ids.len());
    }

    #[test]
    fn names_are_encoded_and_absent_parameters_left_out() {
        let call = GetGroup {
            tenant_name: "acme".to_owned(),
            group_name: "a/b ä@ad".to_owned(),
            query: Verbose(false),
        };
        let path = "/api/v1/mapi/tenants/acme/groupAccounts/a%2Fb%20%C3%A4%40ad";
        assert_eq!(call.path(), path);
        let call = ListNamespaces {
            tenant_name: "acme".to_owned(),
            query: Paging {
                offset: Some(50),
                count: Some(50),
                filter_string: Some("a b".to_owned()),
                ..Paging::default()
            },
        };
        let path = "/api/v1/mapi/tenants/acme/namespaces?offset=50&count=50&filterString=a%20b";
        assert_eq!(call.path(), path);
        let full = ListNamespacesInFull(call);
        assert_eq!(full.path(), format!("{path}&verbose=true"));
        let full = ListGroupsInFull::default();
        assert!(full.path().ends_with("/groupAccounts?verbose=true"));
    }

    #[test]
    fn passwords_travel_in_bodies_and_are_never_shown() {
        let call = CreateUser {
            tenant_name: "acme".to_owned(),
            query: PasswordInQuery,
            body: NewUserAccount {
                account: crate::mapi::UserAccount {
                    username: Some("ops1".to_owned()),
                    ..Default::default()
                },
                password: Password::new("hunter2"),
            },
        };
        assert!(!call.path().contains("hunter2"));
        let body = serde_json::to_value(call.body().unwrap()).unwrap();
        let expected = serde_json::json!({"username": "ops1", "password": "hunter2"});
        assert_eq!(body, expected);
        assert!(!format!("{call:?}").contains("hunter2"));
        let change = PasswordChange {
            new_password: Some(Password::new("hunter2")),
            ..PasswordChange::default()
        };
        assert!(!format!("{change:?}").contains("hunter2"));
    }

    #[test]
    fn replies_keep_what_they_are_about() {
        let json = serde_json::json!({"status": "created", "name": "archive"});
        let reply: StatusReply = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(reply.of["name"], "archive");
        assert_eq!(serde_json::to_value(reply).unwrap(), json);
    }
}
