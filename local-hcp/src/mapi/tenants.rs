//! Tenants, as far as this store knows them.

use super::{
    access::{A, Access, M, anyone, nobody, system},
    call::{Answer, Call, Endpoint},
    error::Refusal,
    query::{Entry, page},
    shape::{Row, row},
};
use crate::store::accounts;

const ROWS: &[Row] = &[row("name", anyone, nobody, system, anyone)];

pub(super) fn endpoints() -> [Endpoint; 2] {
    [
        Endpoint::at("/tenants").get(Access::system(&[A, M]), list),
        Endpoint::at("/tenants/{tenant}").get(Access::both(&[A, M]), show),
    ]
}

async fn list(call: Call) -> Result<Answer, Refusal> {
    let names = call.management.store.read(accounts::tenants).await?;
    let entries = names.into_iter().map(Entry::named).collect();
    let names = page(&call.query, "name", Some(("hardQuota", "tag")), entries)?;
    Ok(Answer::names("tenants", "name", names))
}

async fn show(call: Call) -> Result<Answer, Refusal> {
    let tenant = model::mapi::Tenant {
        name: Some(call.tenant()?.name.clone()),
        ..model::mapi::Tenant::default()
    };
    Ok(call.show(ROWS, &tenant))
}
