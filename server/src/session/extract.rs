//! The session of a request: one extractor for cookie and bearer token.

use axum::extract::FromRequestParts;
use http::{HeaderMap, header, request::Parts};
use model::{
    BucketName, TenantName,
    session::{PERSON_HEADER, person},
};

use hcp::Credentials;

use super::{
    Claims, cookie,
    jar::{Jar, fault},
};
use crate::{
    Error, audit,
    state::AppState,
    web::guard::{RequestHost, check_same_origin},
};

/// A signed-in caller. A handler that takes it refuses strangers.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who, and until when.
    pub claims: Claims,
}

impl FromRequestParts<AppState> for Session {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        if let Some(token) = bearer(&parts.headers) {
            let claims = open(state, token)?;
            if state.revocations().is_revoked(&claims.id).await? {
                return Err(Error::InvalidToken);
            }
            audit::note_session(state, &claims);
            return Ok(Self { claims });
        }
        let jar = Jar::open(state, &parts.headers).await?;
        if jar.held.is_empty() && cookie::all(&parts.headers).any(|(name, _)| is_ours(name)) {
            return Err(Error::InvalidToken);
        }
        let claims = jar.choose(&parts.headers, &parts.method, parts.uri.query())?;
        audit::note_session(state, &claims);
        let host = parts
            .extensions
            .get::<RequestHost>()
            .ok_or(Error::InvalidHost)?;
        check_same_origin(&parts.method, &parts.headers, host, state.hosts())?;
        check_person(parts, &claims)?;
        let claims = still_good(state, claims)?;
        Ok(Self { claims })
    }
}

/// Whether a cookie is one of a session.
fn is_ours(name: &str) -> bool {
    name.strip_prefix(cookie::COOKIE)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
}

/// Refuses a change that a page of one person asks for by the cookie of another.
fn check_person(parts: &Parts, claims: &Claims) -> Result<(), Error> {
    let Some(of_page) = parts.headers.get(PERSON_HEADER) else {
        return Ok(());
    };
    let Credentials {
        tenant, username, ..
    } = &claims.credentials;
    let of_cookie = person(tenant.as_ref().map(TenantName::as_str), username.as_str());
    if parts.method.is_safe() || of_page.as_bytes() == of_cookie.as_bytes() {
        Ok(())
    } else {
        Err(Error::SessionMismatch)
    }
}

/// Opens a token, and asks the users file whether its account still stands there.
pub(super) fn open(state: &AppState, token: &str) -> Result<Claims, Error> {
    still_good(state, state.tokens().read(token).map_err(fault)?)
}

/// Takes what a token said if its time is not over, and its account still stands in the users file where
/// it is from there.
pub fn still_good(state: &AppState, mut claims: Claims) -> Result<Claims, Error> {
    if claims.expires_at <= state.now() {
        return Err(Error::TokenExpired);
    }
    if claims.of_file {
        let users = state.users().ok_or(Error::InvalidToken)?;
        let resumed = users.resume(&claims.credentials)?;
        claims.credentials = resumed.ok_or(Error::InvalidToken)?;
    }
    Ok(claims)
}

impl Session {
    /// The S3 client of this caller.
    pub fn s3(&self, state: &AppState) -> Result<hcp::S3, Error> {
        Ok(state.store().s3(&self.claims.credentials)?)
    }

    /// Runs a change of a bucket, after which nothing is kept of what management said of it.
    pub fn change_bucket<T>(
        &self,
        state: &AppState,
        bucket: &BucketName,
        change: impl Future<Output = T>,
    ) -> impl Future<Output = T> {
        let tenant = self.claims.credentials.tenant.as_ref();
        state.cache().change_bucket(tenant, bucket, change)
    }
}

/// Whether a request says by a header who it is from, which no other site can have a browser do.
pub fn is_bearer(headers: &HeaderMap) -> bool {
    bearer(headers).is_some()
}

/// The token of `Authorization: Bearer …`; the scheme's case does not matter.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
