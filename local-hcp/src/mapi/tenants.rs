//! Tenants, as far as this store knows them.

use axum::{
    Json,
    extract::{Path, State},
};
use model::mapi::Role;
use serde::Serialize;

use super::{auth::Caller, error::Refusal};
use crate::store::{Store, accounts};

/// HCP's wrapper around a list of names.
#[derive(Serialize)]
pub(super) struct Names {
    name: Vec<String>,
}

/// A tenant.
#[derive(Serialize)]
pub(super) struct Tenant {
    name: String,
}

fn may_look(caller: &Caller) -> Result<(), Refusal> {
    if caller.0.has(Role::Monitor) || caller.0.has(Role::Administrator) {
        Ok(())
    } else {
        Err(Refusal::Forbidden(
            "This needs the monitor or the administrator role.",
        ))
    }
}

/// `GET /mapi/tenants`
pub(super) async fn list(
    caller: Caller,
    State(store): State<Store>,
) -> Result<Json<Names>, Refusal> {
    if !caller.is_system() {
        return Err(Refusal::Forbidden("This needs a system-level account."));
    }
    may_look(&caller)?;
    let name = store.read(accounts::tenants).await?;
    Ok(Json(Names { name }))
}

/// `GET /mapi/tenants/{tenant}`
pub(super) async fn show(
    caller: Caller,
    State(store): State<Store>,
    Path(tenant): Path<String>,
) -> Result<Json<Tenant>, Refusal> {
    if !caller.is_system() && !caller.belongs_to(&tenant) {
        return Err(Refusal::Forbidden("The account belongs to another tenant."));
    }
    may_look(&caller)?;
    let found = store
        .read(move |connection| accounts::tenant(connection, &tenant))
        .await?
        .ok_or(Refusal::NotFound)?;
    Ok(Json(Tenant { name: found.name }))
}
