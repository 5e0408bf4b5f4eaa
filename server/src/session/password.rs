//! The own password: the store changes it, and the session goes on with the key that follows from it.

use hcp::{AuthType, Call, Credentials, ErrorKind};
use http::StatusCode;
use model::{
    ErrorCode, auth::Login, mapi::calls::operations, problem::FieldError, session::OwnPassword,
};
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value};

use super::{Claims, SignedIn};
use crate::{
    Error,
    service::{management::Management, rights},
    session::Session,
    state::AppState,
};

/// Changes the password of a session's account, and makes the token with which the session goes on. The
/// present password is asked for, unless it is the store that wants the change.
pub async fn change_password(
    state: &AppState,
    session: &Session,
    change: &OwnPassword,
) -> Result<SignedIn, Error> {
    let claims = &session.claims;
    check(state, claims, change).await?;
    let credentials = &claims.credentials;
    let user = credentials.username.as_str();
    let (id, names) = match &credentials.tenant {
        Some(tenant) => ("change_user_password", vec![tenant.as_str(), user]),
        None => ("change_system_user_password", vec![user]),
    };
    let operation = operations()
        .find(|operation| operation.id == id)
        .ok_or_else(|| Error::internal("no request changes passwords"))?;
    let new = Value::from(change.new_password.as_str());
    let body = Map::from_iter([("newPassword".to_owned(), new)]);
    let call = Call::new(operation, &names)?.with_body(body);
    Management::new(state, session)?
        .perform(&call)
        .await
        .map_err(at_its_field)?;
    let changed = credentials_with(state, credentials, &change.new_password);
    let renewed = state.tokens().renew(
        claims.id.clone(),
        &changed,
        claims.workspace.as_ref(),
        state.now(),
    );
    let (token, claims) = renewed?;
    state.rights().forget(&claims.id).await;
    tracing::info!(session = claims.id, "changed the own password");
    Ok(SignedIn { token, claims })
}

/// What can be refused without asking the store.
async fn check(state: &AppState, claims: &Claims, change: &OwnPassword) -> Result<(), Error> {
    let config = state.store().config();
    let keeps_passwords =
        config.backend.is_hcp() && config.auth == AuthType::Hcp && !claims.of_file;
    if !keeps_passwords {
        return Err(Error::Refused {
            status: StatusCode::NOT_IMPLEMENTED,
            code: ErrorCode::NotSupported,
            detail: "The password of this account is not changed here.".to_owned(),
        });
    }
    let refused = |field: &str, why: &str| {
        let fault = FieldError::body(field, why.to_owned());
        Err(Error::Validation(vec![fault]))
    };
    if change.new_password.is_empty() {
        return refused("new_password", "Enter a new password.");
    }
    if rights::known(state, claims).await.must_change_password {
        return Ok(());
    }
    let current = change.current_password.as_deref().unwrap_or_default();
    if current.is_empty() {
        return refused("current_password", "Enter the present password.");
    }
    let typed = credentials_with(state, &claims.credentials, current);
    // Both are digests, and the caller has been proved to be the account already.
    if typed.secret().expose_secret() == claims.credentials.secret().expose_secret() {
        Ok(())
    } else {
        refused("current_password", "This is not the present password.")
    }
}

/// The same person with another password.
fn credentials_with(state: &AppState, known: &Credentials, password: &str) -> Credentials {
    let login = Login {
        tenant: known.tenant.clone(),
        username: known.username.clone(),
    };
    Credentials::new(state.store().config(), &login, password)
}

/// What the store says against a password belongs to the field that it was typed into.
fn at_its_field(error: Error) -> Error {
    match error {
        Error::Store(e) if e.kind() == ErrorKind::InvalidArgument => {
            let said = e
                .store_message()
                .unwrap_or("The store refuses this password.");
            Error::Validation(vec![FieldError::body("new_password", said.to_owned())])
        }
        other => other,
    }
}
