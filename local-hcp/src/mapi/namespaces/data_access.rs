//! What users and groups may do in which namespaces (HCP's management API, `dataAccessPermissions`).

use model::mapi::{
    DataAccessPermissions, NamespacePermission, NamespacePermissions, Resource as _,
};

use super::super::{
    access::{A, Access, M, S},
    call::{Answer, Call, Endpoint},
    error::Refusal,
    query::{Entry, page},
    shape::{Row, plain},
};
use crate::{
    Error,
    access::Permissions,
    store::{
        accounts, buckets, data_access as grants,
        namespaces::{permissions, words},
    },
};

const ROWS: &[Row] = &[plain("namespacePermission")];

pub(super) fn endpoints() -> [Endpoint; 2] {
    [
        Endpoint::at("/tenants/{tenant}/userAccounts/{username}/dataAccessPermissions")
            .get(Access::tenant(&[A, S]), show)
            .post(Access::tenant(&[A]), modify),
        // There are no groups: there is no directory.
        Endpoint::at("/tenants/{tenant}/groupAccounts/{groupname}/dataAccessPermissions")
            .get(Access::tenant(&[A, M, S]), absent)
            .post(Access::tenant(&[A]), absent),
    ]
}

async fn absent(_call: Call) -> Result<Answer, Refusal> {
    Err(Refusal::NotFound)
}

async fn show(call: Call) -> Result<Answer, Refusal> {
    let (tenant, username) = (
        call.tenant()?.name.clone(),
        call.name("username").to_owned(),
    );
    let read = call.management.store.read(move |connection| {
        let account = accounts::tenant_user(connection, &tenant, &username)?
            .ok_or(Error::NoSuchUser(username))?;
        grants::of_user(connection, account.id)
    });
    let given = read.await?;
    let entries = given.iter().map(|(name, _)| Entry::named(name.clone()));
    let names = page(&call.query, "name", None, entries.collect())?;
    let entry = |name: String| {
        let (_, permissions) = given.iter().find(|(known, _)| *known == name)?;
        Some(NamespacePermission {
            namespace_name: Some(name),
            permissions: Some(words(*permissions)),
            ..NamespacePermission::default()
        })
    };
    let shown = DataAccessPermissions {
        namespace_permission: Some(names.into_iter().filter_map(entry).collect()),
        ..DataAccessPermissions::default()
    };
    Ok(call.show(ROWS, &shown))
}

/// What was sent, by namespace. Namespaces that are not named keep what they have.
fn sent(entries: NamespacePermissions) -> Result<Vec<(String, Permissions)>, Refusal> {
    let entries = entries.0.into_iter().map(|entry| {
        Refusal::of_faults(&entry.check_required(&["namespaceName"]))?;
        let given = entry.permissions.unwrap_or_default();
        Ok((
            entry.namespace_name.unwrap_or_default(),
            permissions(&given),
        ))
    });
    entries.collect()
}

async fn modify(call: Call) -> Result<Answer, Refusal> {
    let asked: DataAccessPermissions = call.read(ROWS)?;
    let entries = sent(asked.namespace_permission.unwrap_or_default())?;
    let (tenant, username) = (call.tenant()?.clone(), call.name("username").to_owned());
    let write = call.change(move |write| {
        let account = accounts::tenant_user(write.connection, &tenant.name, &username)?
            .ok_or(Error::NoSuchUser(username))?;
        for (name, permissions) in entries {
            let bucket = buckets::find(write.connection, tenant.id, &name)?.ok_or_else(|| {
                Error::InvalidSetting(format!("namespaceName: the tenant has no namespace {name}"))
            })?;
            grants::set_of_user(write.connection, bucket.id, account.id, permissions)?;
        }
        Ok(())
    });
    write.await?;
    Ok(Answer::Empty)
}
