//! Signing in: the store decides, once.

use std::net::IpAddr;

use hcp::{Credentials, ErrorKind};
use model::{
    BucketName,
    auth::{Login, LoginFault, TokenRequest},
    problem::FieldError,
};

use super::{Claims, Held};
use crate::{Error, audit, state::AppState, users::Answer};

/// A new session.
#[derive(Clone)]
pub struct SignedIn {
    /// The token that carries it.
    pub token: String,
    /// Who, and until when.
    pub claims: Claims,
}

/// Checks the credentials with the store and makes a token. `address` is the caller's. Where the browser
/// already holds a session of the same person, if an ended one, that session goes on: pages that were drawn
/// with it stay good.
pub async fn sign_in(
    state: &AppState,
    request: &TokenRequest,
    address: Option<IpAddr>,
    held: &[Held],
) -> Result<SignedIn, Error> {
    let login = request.login().map_err(|fault| match fault {
        LoginFault::Tenant(_) => Error::InvalidTenant,
        LoginFault::Fields(fields) => Error::Validation(fields),
    })?;
    let workspace = workspace(request)?;
    audit::note_login(state, &login);
    let wait = state.throttle().wait(&login, address, state.now());
    if wait > 0 {
        return Err(Error::TooManyAttempts { seconds: wait });
    }
    let tenant = login.tenant.as_ref().map_or("-", |t| t.as_str());
    match prove(state, &login, &request.password).await {
        Ok(credentials) => {
            state.throttle().succeeded(&login);
            let same = held.iter().map(|one| &one.claims).find(|claims| {
                let known = &claims.credentials;
                known.tenant == credentials.tenant && known.username == credentials.username
            });
            let (tokens, now) = (state.tokens(), state.now());
            let (token, claims) = match same {
                Some(same) => {
                    tokens.renew(same.id.clone(), &credentials, workspace.as_ref(), now)?
                }
                None => tokens.issue(&credentials, workspace.as_ref(), now)?,
            };
            state.rights().forget(&claims.id).await;
            audit::note_session(state, &claims);
            tracing::info!(tenant, user = %login.username, session = claims.id, "signed in");
            Ok(SignedIn { token, claims })
        }
        Err(Error::InvalidCredentials) => {
            state.throttle().failed(&login, address, state.now());
            tracing::warn!(tenant, user = %login.username, "sign-in refused");
            Err(Error::InvalidCredentials)
        }
        Err(e) => Err(e),
    }
}

/// The workspace that the session is for; whether it is there shows when it is used.
fn workspace(request: &TokenRequest) -> Result<Option<BucketName>, Error> {
    let given = request.workspace.as_deref().map(str::trim);
    let given = given.filter(|name| !name.is_empty());
    given.map(BucketName::parse).transpose().map_err(|fault| {
        let field = FieldError::body("workspace", fault.to_string());
        Error::Validation(vec![field])
    })
}

/// Asks whoever knows the account: the users file where it has the name, else the store.
async fn prove(state: &AppState, login: &Login, password: &str) -> Result<Credentials, Error> {
    if let Some(users) = state.users() {
        match users.check(&login.username, password).await? {
            Answer::Unknown => {}
            Answer::Refused => return Err(Error::InvalidCredentials),
            Answer::Proved(credentials) => return Ok(credentials),
        }
    }
    let credentials = Credentials::new(state.store().config(), login, password);
    match state.store().verify(&credentials).await {
        Ok(()) => Ok(credentials),
        Err(e) => match e.kind() {
            ErrorKind::Unauthenticated | ErrorKind::TenantRequired => {
                Err(Error::InvalidCredentials)
            }
            _ => Err(e.into()),
        },
    }
}
