//! What a tenant is told beside its name: HCP's documents by kind, and the permission mask.

use model::mapi::{self, NamespaceDefaults, NamespaceQuota, Permission, Resource};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::values;
use crate::{Error, access::Permissions};

/// The document of a tenant's own properties: [`mapi::Tenant`].
pub(crate) const TENANT: &str = "tenant";
/// What its new namespaces are given: [`NamespaceDefaults`].
pub(crate) const NAMESPACE_DEFAULTS: &str = "namespaceDefaults";

/// How many namespaces a user may own where the tenant does not say (`maxNamespacesPerUser`).
const NAMESPACES_PER_USER: i64 = 100;

/// A document of a tenant, if it was ever set. What is set of it is told, nothing is added.
pub(crate) fn document<T: Resource>(
    connection: &Connection,
    tenant_id: i64,
    kind: &str,
) -> Result<Option<T>, Error> {
    let text: Option<String> = connection
        .prepare_cached("SELECT document FROM tenant_documents WHERE tenant_id = ?1 AND kind = ?2")?
        .query_row(params![tenant_id, kind], |row| row.get(0))
        .optional()?;
    let map = text.as_deref().map(values::from_json).transpose()?;
    Ok(map.map(T::read_leniently))
}

/// Keeps a document of a tenant in the place of the one before.
pub(crate) fn set_document(
    connection: &Connection,
    tenant_id: i64,
    kind: &str,
    document: &impl Resource,
) -> Result<(), Error> {
    connection
        .prepare_cached(
            "INSERT INTO tenant_documents (tenant_id, kind, document) VALUES (?1, ?2, ?3)
             ON CONFLICT (tenant_id, kind) DO UPDATE SET document = excluded.document",
        )?
        .execute(params![
            tenant_id,
            kind,
            values::to_json(&document.to_map())?
        ])?;
    Ok(())
}

/// Forgets a document of a tenant; false when there was none.
pub(crate) fn remove_document(
    connection: &Connection,
    tenant_id: i64,
    kind: &str,
) -> Result<bool, Error> {
    let rows = connection
        .prepare_cached("DELETE FROM tenant_documents WHERE tenant_id = ?1 AND kind = ?2")?
        .execute(params![tenant_id, kind])?;
    Ok(rows == 1)
}

/// Whether a tenant lets accounts of the system act in it (`administrationAllowed`).
pub(crate) fn lets_system_in(connection: &Connection, tenant_id: i64) -> Result<bool, Error> {
    let tenant: Option<mapi::Tenant> = document(connection, tenant_id, TENANT)?;
    Ok(tenant.is_some_and(|tenant| tenant.administration_allowed == Some(true)))
}

/// The permission mask of a tenant.
pub(crate) fn mask(connection: &Connection, tenant_id: i64) -> Result<Vec<Permission>, Error> {
    let bits: Option<i64> = connection
        .prepare_cached("SELECT permission_mask FROM tenants WHERE id = ?1")?
        .query_row([tenant_id], |row| row.get(0))?;
    Ok(bits.map_or(Permissions::MASK, Permissions::stored).words())
}

/// Gives a tenant another permission mask; what comes with a permission comes with it here as well.
pub(crate) fn set_mask(
    connection: &Connection,
    tenant_id: i64,
    permissions: &[Permission],
) -> Result<(), Error> {
    let mask = Permissions::of_words(permissions).only(Permissions::MASK);
    connection
        .prepare_cached("UPDATE tenants SET permission_mask = ?2 WHERE id = ?1")?
        .execute(params![tenant_id, mask.to_stored()])?;
    Ok(())
}

/// What bounds the namespaces of a tenant, and what new ones are given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Limits {
    pub(crate) tenant: mapi::Tenant,
    /// What was said of new namespaces; what was not is HCP's.
    pub(crate) defaults: Option<NamespaceDefaults>,
}

impl Limits {
    pub(crate) fn of(connection: &Connection, tenant_id: i64) -> Result<Self, Error> {
        let said: Option<mapi::Tenant> = document(connection, tenant_id, TENANT)?;
        // A tenant of which nothing was ever said has what S3 users expect.
        let is_free = said.is_none();
        let mut tenant = said.unwrap_or_default();
        for may in [
            &mut tenant.compliance_configuration_enabled,
            &mut tenant.versioning_configuration_enabled,
            &mut tenant.search_configuration_enabled,
            &mut tenant.service_plan_selection_enabled,
        ] {
            may.get_or_insert(is_free);
        }
        Ok(Self {
            tenant,
            defaults: document(connection, tenant_id, NAMESPACE_DEFAULTS)?,
        })
    }

    /// The bytes that the quotas of all namespaces may come to; `None`: nobody has said.
    pub(crate) fn hard_quota(&self) -> Option<u64> {
        self.tenant.hard_quota.map(mapi::Quota::bytes)
    }

    /// How many namespaces there may be.
    pub(crate) fn namespaces(&self) -> u32 {
        match self.tenant.namespace_quota {
            Some(NamespaceQuota::AtMost(most)) => most,
            Some(NamespaceQuota::Unlimited) | None => NamespaceQuota::MAX,
        }
    }

    /// How many of them a user may own.
    pub(crate) fn namespaces_per_user(&self) -> i64 {
        self.tenant
            .max_namespaces_per_user
            .unwrap_or(NAMESPACES_PER_USER)
    }
}
