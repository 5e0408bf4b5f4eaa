//! Who sees what (HCP's metadata query API, "Transport").

use std::sync::Arc;

use model::mapi::{Namespace, Role};
use rusqlite::Connection;

use crate::{
    Error,
    access::{Caller, Permissions},
    account::{Account, Tenant},
    profile::Habits,
    store::{
        accounts, buckets, namespaces,
        tenants::{self},
    },
};

/// A namespace that the caller may search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Visible {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) tenant: String,
    /// Whether its objects are found by queries; operations are told in any case.
    pub(super) is_indexed: bool,
    /// Whether custom metadata is searched too.
    pub(super) searches_custom: bool,
    pub(super) shreds: bool,
}

/// A namespace that was named, and is not among the visible ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hidden {
    Absent,
    Forbidden,
}

/// What a caller may search.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub(super) user_id: i64,
    pub(super) user_guid: String,
    pub(super) all: Vec<Visible>,
    /// Names and tenants of namespaces that are there and may not be searched.
    forbidden: Vec<(String, String)>,
    /// Whether a namespace may be named without its tenant.
    bare_names: bool,
}

impl Scope {
    /// What an account sees in a tenant; `None`: in all that let accounts of the system in.
    pub(super) fn of(
        connection: &Connection,
        account: &Arc<Account>,
        tenant: Option<&Tenant>,
        habits: &Habits,
    ) -> Result<Self, Error> {
        let mut scope = Self {
            user_id: account.id,
            user_guid: account.guid.clone(),
            all: Vec::new(),
            forbidden: Vec::new(),
            bare_names: habits.extended_queries,
        };
        match tenant {
            Some(tenant) => scope.add(connection, account, tenant, habits)?,
            None => {
                for name in accounts::tenants(connection)? {
                    let Some(tenant) = accounts::tenant(connection, &name)? else {
                        continue;
                    };
                    if tenants::lets_system_in(connection, tenant.id)? {
                        scope.add(connection, account, &tenant, habits)?;
                    }
                }
            }
        }
        Ok(scope)
    }

    fn add(
        &mut self,
        connection: &Connection,
        account: &Arc<Account>,
        tenant: &Tenant,
        habits: &Habits,
    ) -> Result<(), Error> {
        let of_system = account.tenant.is_none();
        let caller = Caller::signed(Arc::clone(account), None);
        for (bucket, given) in buckets::of_tenant_for(connection, tenant.id, account.id)? {
            let granted = bucket.granted_to(&caller, given);
            let may = if of_system {
                account.has(Role::Search)
            } else {
                granted.has(Permissions::SEARCH)
            };
            let kept: Namespace = namespaces::kept_of(connection, &bucket)?;
            if !may || kept.search_enabled != Some(true) {
                self.forbidden.push((bucket.name, tenant.name.clone()));
                continue;
            }
            self.all.push(Visible {
                id: bucket.id,
                name: bucket.name,
                tenant: tenant.name.clone(),
                is_indexed: kept.indexing_enabled == Some(true),
                searches_custom: habits.indexes_custom_metadata
                    || kept.custom_metadata_indexing_enabled == Some(true),
                shreds: bucket.settings.shredding_default,
            });
        }
        Ok(())
    }

    /// The visible namespaces that a name means: `namespace.tenant`, in any case.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = &Visible> {
        let (bare_names, name) = (self.bare_names, name.to_owned());
        self.all.iter().filter(move |one| {
            is_called(&one.name, &one.tenant, &name)
                || bare_names && one.name.eq_ignore_ascii_case(&name)
        })
    }

    /// Why a name means none of them; `None`: it means one.
    pub(super) fn hidden(&self, name: &str) -> Option<Hidden> {
        if self.named(name).next().is_some() {
            return None;
        }
        let is_there = self.forbidden.iter().any(|(own, tenant)| {
            is_called(own, tenant, name) || self.bare_names && own.eq_ignore_ascii_case(name)
        });
        Some(if is_there {
            Hidden::Forbidden
        } else {
            Hidden::Absent
        })
    }

    /// The namespace with that id.
    pub(super) fn by_id(&self, id: i64) -> Option<&Visible> {
        self.all.iter().find(|one| one.id == id)
    }

    /// Those whose objects are found.
    pub(super) fn indexed(&self) -> impl Iterator<Item = i64> {
        let indexed = self.all.iter().filter(|one| one.is_indexed);
        indexed.map(|one| one.id)
    }

    /// Those whose objects are overwritten when they are deleted.
    pub(super) fn shredding(&self) -> impl Iterator<Item = i64> {
        self.all.iter().filter(|one| one.shreds).map(|one| one.id)
    }

    /// Those whose custom metadata is searched; `None`: all.
    pub(super) fn custom(&self) -> Option<Vec<i64>> {
        let searched = self.all.iter().filter(|one| one.searches_custom);
        let ids: Vec<i64> = searched.map(|one| one.id).collect();
        (ids.len() < self.all.len()).then_some(ids)
    }
}

fn is_called(name: &str, tenant: &str, wanted: &str) -> bool {
    wanted
        .rsplit_once('.')
        .is_some_and(|(own, of)| own.eq_ignore_ascii_case(name) && of.eq_ignore_ascii_case(tenant))
}
