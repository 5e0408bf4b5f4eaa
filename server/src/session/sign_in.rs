//! Signing in: the store decides, once.

use std::net::IpAddr;

use hcp::{Credentials, ErrorKind};
use model::{
    BucketName, TenantName,
    auth::{KeyProof, Login, LoginFault, TokenRequest},
    problem::FieldError,
};
use secrecy::SecretString;

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
    let proof = prove(state, &login, &request.password);
    begin(state, &login, address, held, workspace.as_ref(), proof).await
}

/// The same for whoever has an account's S3 keys. Accounts of the users file have none of their own.
pub async fn sign_in_by_keys(
    state: &AppState,
    proof: &KeyProof,
    address: Option<IpAddr>,
) -> Result<SignedIn, Error> {
    let tenant = proof.tenant.as_deref().map(str::trim);
    let tenant = tenant.filter(|name| !name.is_empty());
    let tenant = tenant.map(TenantName::parse).transpose();
    let tenant = tenant.map_err(|_no_name| Error::InvalidTenant)?;
    let secret = SecretString::from(proof.secret_access_key.as_str());
    let config = state.store().config();
    let credentials = Credentials::from_keys(config, tenant, &proof.access_key_id, secret)
        .ok_or(Error::InvalidCredentials)?;
    let login = Login {
        tenant: credentials.tenant.clone(),
        username: credentials.username.clone(),
    };
    let proof = async {
        if let Some(users) = state.users()
            && !matches!(users.check(&login.username, "").await?, Answer::Unknown)
        {
            return Err(Error::InvalidCredentials);
        }
        verified(state, credentials).await
    };
    begin(state, &login, address, &[], None, proof).await
}

/// Makes a session once `proof` says who it is; counts who fails.
async fn begin(
    state: &AppState,
    login: &Login,
    address: Option<IpAddr>,
    held: &[Held],
    workspace: Option<&BucketName>,
    proof: impl Future<Output = Result<Credentials, Error>>,
) -> Result<SignedIn, Error> {
    audit::note_login(state, login);
    let wait = state.throttle().wait(login, address, state.now());
    if wait > 0 {
        return Err(Error::TooManyAttempts { seconds: wait });
    }
    let tenant = login.tenant.as_ref().map_or("-", |t| t.as_str());
    match proof.await {
        Ok(credentials) => {
            state.throttle().succeeded(login);
            let same = held.iter().map(|one| &one.claims).find(|claims| {
                let known = &claims.credentials;
                known.tenant == credentials.tenant && known.username == credentials.username
            });
            let (tokens, now) = (state.tokens(), state.now());
            let (token, claims) = match same {
                Some(same) => tokens.renew(same.id.clone(), &credentials, workspace, now)?,
                None => tokens.issue(&credentials, workspace, now)?,
            };
            state.rights().forget(&claims.id).await;
            audit::note_session(state, &claims);
            tracing::info!(tenant, user = %login.username, session = claims.id, "signed in");
            Ok(SignedIn { token, claims })
        }
        Err(Error::InvalidCredentials) => {
            state.throttle().failed(login, address, state.now());
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
    verified(
        state,
        Credentials::new(state.store().config(), login, password),
    )
    .await
}

/// The credentials, once the store has taken them.
async fn verified(state: &AppState, credentials: Credentials) -> Result<Credentials, Error> {
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
