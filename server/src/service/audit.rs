//! Who sees which records of the audit, and what their filters mean.

use model::{
    TenantName,
    audit::{AuditQuery, AuditScope},
    problem::FieldError,
};

use super::{reach, rights};
use crate::{
    Error,
    db::audit::{Filter, Person, Sight, Stretch},
    session::Session,
    state::AppState,
};

/// Whose records a session sees: administrators and security accounts all of their tenant, or of the system;
/// everybody else the own ones.
pub async fn sight(state: &AppState, session: &Session) -> (AuditScope, Sight) {
    let claims = &session.claims;
    let tenant = claims
        .credentials
        .tenant
        .as_ref()
        .map(TenantName::to_string);
    if rights::known(state, claims).await.oversees {
        return match tenant {
            Some(tenant) => (AuditScope::Tenant, Sight::Tenant(tenant)),
            None => (AuditScope::System, Sight::All),
        };
    }
    let own = Person {
        level: reach::level(state, claims),
        tenant,
        name: claims.credentials.username.to_string(),
    };
    (AuditScope::Own, Sight::Own(own))
}

/// Reads the filters of a query.
pub fn filter(query: &AuditQuery, sight: Sight) -> Filter {
    let text = |given: &Option<String>| given.clone().filter(|text| !text.is_empty());
    Filter {
        from: query.from.map(model::Timestamp::unix_millis),
        to: query.to.map(model::Timestamp::unix_millis),
        person: text(&query.person),
        action: text(&query.action),
        target: text(&query.target),
        result: query.result,
        tenant: text(&query.tenant),
        ..Filter::all(sight)
    }
}

/// Reads which stretch a query means.
pub fn stretch(state: &AppState, query: &AuditQuery) -> Result<Stretch, Error> {
    let known = |name: &str, id: &str| {
        if state.audit().is_id(id) {
            return Ok(id.to_owned());
        }
        let why = "this is not what an earlier page gave";
        Err(Error::Validation(vec![FieldError::query(name, why)]))
    };
    match (&query.cursor, &query.after) {
        (Some(_), Some(_)) => {
            let why = "goes not with `cursor`";
            Err(Error::Validation(vec![FieldError::query("after", why)]))
        }
        (Some(id), None) => known("cursor", id).map(Stretch::OlderThan),
        (None, Some(id)) => known("after", id).map(Stretch::NewerThan),
        (None, None) => Ok(Stretch::Newest),
    }
}
