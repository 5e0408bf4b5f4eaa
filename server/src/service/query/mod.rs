//! Metadata queries: what was written is read, put into the words of the store behind, asked or found among
//! what is kept, and put into the API's form.

mod walk;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use hcp::ErrorKind;
use http::StatusCode;
use model::{
    ErrorCode, TenantName,
    endpoint::encode,
    query::{
        Expression, MAX_BYTES, ObjectQuery, ObjectQueryResponse, OperationQuery,
        OperationQueryResponse, parse,
    },
};
use serde::Serialize;
use serde_json::Value;

pub use self::walk::Walk;
use super::management::tell;
use crate::{
    Error,
    cache::{Answer, Freshness, Read},
    session::Session,
    state::AppState,
};

/// Metadata queries of one tenant, with one person's credentials.
pub struct Queries<'a> {
    state: &'a AppState,
    session: &'a Session,
    tenant: TenantName,
    anew: bool,
}

impl<'a> Queries<'a> {
    /// Refused where the store has no such queries, and where the operator switched management off. `anew`:
    /// for somebody to whom what is kept does not do.
    pub fn new(
        state: &'a AppState,
        session: &'a Session,
        tenant: &str,
        anew: bool,
    ) -> Result<Self, Error> {
        // Part of a host's name: nothing that is not a tenant's name comes near one.
        let tenant = TenantName::parse(tenant).map_err(|_fault| Error::InvalidTenant)?;
        is_served(state)?;
        Ok(Self {
            state,
            session,
            tenant,
            anew,
        })
    }

    /// Looks for objects.
    pub async fn objects(&self, request: &ObjectQuery) -> Result<Response, Error> {
        request.check().map_err(Error::Validation)?;
        let expression = read(&request.query, &self.tenant)?;
        let text = written(self.state, &expression)?;
        let (answer, freshness) = self.ask("objects", &request.to_hcp(&text)).await?;
        answered(ObjectQueryResponse::from_hcp(answer), freshness)
    }

    /// Looks for records of operations.
    pub async fn operations(&self, request: &OperationQuery) -> Result<Response, Error> {
        request.check().map_err(Error::Validation)?;
        let request = request.to_hcp(self.tenant.as_str());
        let (answer, freshness) = self.ask("operations", &request).await?;
        answered(OperationQueryResponse::from_hcp(answer), freshness)
    }

    async fn ask(&self, what: &str, request: &Value) -> Result<(Value, Freshness), Error> {
        let text = request.to_string();
        if text.len() > MAX_BYTES {
            return Err(Error::PayloadTooLarge { limit: MAX_BYTES });
        }
        let credentials = &self.session.claims.credentials;
        let owner = self.state.tokens().owner(credentials);
        // Below the tenant, so that a change of its accounts drops it.
        let path = format!(
            "/mapi/tenants/{}/query/{what}",
            encode(self.tenant.as_str())
        );
        let read = Read {
            owner: &owner,
            path: &path,
            query: &[("request", text)],
            anew: self.anew,
        };
        let fetch = || async {
            let asked = self.state.store().query(credentials, &self.tenant, request);
            asked.await.map(|answer| Answer {
                body: Bytes::from(answer.to_string()),
                software_version: None,
            })
        };
        let (answer, freshness) = self.state.cache().read(&read, fetch).await?;
        // What was JSON before is so again.
        let answer = serde_json::from_slice(&answer.body).unwrap_or_default();
        Ok((answer, freshness))
    }
}

/// Reads a query of a tenant.
fn read(query: &str, tenant: &TenantName) -> Result<Expression, Error> {
    let expression = parse(query).map_err(|fault| Error::Query(Box::new(fault)))?;
    Ok(expression.in_tenant(tenant.as_str()))
}

/// A query in the words of the store behind.
fn written(state: &AppState, expression: &Expression) -> Result<String, Error> {
    let language = state.store().config().queries;
    language
        .write(expression)
        .map_err(|cannot| Error::bad_request(ErrorCode::InvalidQuery, cannot.to_string()))
}

/// Whether metadata can be asked for.
pub fn is_served(state: &AppState) -> Result<(), Error> {
    let config = state.config();
    let backend = config.backend;
    if backend.is_hcp() && config.mapi_enabled {
        return Ok(());
    }
    let detail = if backend.is_hcp() {
        "Metadata queries are switched off with the management API (MAPI_ENABLED).".to_owned()
    } else {
        format!(
            "'query' is not supported by the {} backend: S3 has no metadata queries",
            backend.as_str()
        )
    };
    Err(Error::Refused {
        status: StatusCode::NOT_IMPLEMENTED,
        code: ErrorCode::NotSupported,
        detail,
    })
}

fn answered(answer: Option<impl Serialize>, freshness: Freshness) -> Result<Response, Error> {
    let answer = answer.ok_or_else(not_understood)?;
    let mut response = Json(answer).into_response();
    tell(freshness, response.headers_mut());
    Ok(response)
}

fn not_understood() -> Error {
    Error::Refused {
        status: StatusCode::BAD_GATEWAY,
        code: ErrorCode::StoreError,
        detail: "HCP's answer to the query was not understood".to_owned(),
    }
}

/// Whether a failure is one of the query itself, whose statuses are those of management.
pub fn is_of_query(error: &hcp::Error) -> bool {
    matches!(error.resource(), hcp::Resource::Query)
}

/// What is said of a query that never reached HCP.
pub fn unsent(kind: ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::Unreachable => Some("HCP query unreachable"),
        ErrorKind::TimedOut => Some("HCP query timed out"),
        ErrorKind::NotSupported => {
            Some("HCP domain not configured: metadata queries need HCP_DOMAIN")
        }
        _ => None,
    }
}
