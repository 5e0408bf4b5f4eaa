//! Keys that a program gets for one bucket.

use std::time::Duration;

use model::{
    BucketName, ErrorCode,
    credentials::{KeyAccess, MAX_KEY_LIFE, NewTemporaryKey, ScopedCredential},
    session::Backend,
};
use secrecy::ExposeSecret as _;

use super::reach;
use crate::{Error, session::Session, state::AppState, web::guard::RequestHost};

/// Makes keys that reach `bucket`, for 12 hours and no other bucket where the store has such keys: temporary keys of
/// the local HCP, sessions of stores with `AssumeRole`. On an HCP they are the caller's own, and said to be.
///
/// # Errors
/// 404 without the bucket; 501 where the store has nothing to give but the deployment's own keys; 409 where the
/// caller has as many temporary keys as one may have.
pub async fn generate(
    state: &AppState,
    session: &Session,
    host: &RequestHost,
    bucket: &BucketName,
) -> Result<ScopedCredential, Error> {
    let s3 = session.s3(state)?;
    s3.head_bucket(bucket).await?;
    let made = ScopedCredential {
        endpoint_url: reach::endpoint(state, session, host)?,
        access_key_id: String::new(),
        secret_access_key: String::new(),
        region_name: state.store().config().region.clone(),
        bucket: bucket.to_string(),
        prefix: String::new(),
        scoped: true,
        expires_at: None,
        session_token: None,
    };
    match state.config().backend {
        Backend::Embedded => {
            let new = NewTemporaryKey {
                bucket: bucket.to_string(),
                prefix: String::new(),
                access: KeyAccess::ReadWrite,
                duration: MAX_KEY_LIFE,
            };
            let lent = state
                .store()
                .lend_key(&session.claims.credentials, &new)
                .await?;
            Ok(ScopedCredential {
                access_key_id: lent.key.access_key_id,
                secret_access_key: lent.secret_access_key,
                expires_at: Some(lent.key.expires_at),
                ..made
            })
        }
        Backend::Hcp => {
            let keys = s3.keys().ok_or_else(reach::no_keys)?;
            Ok(ScopedCredential {
                access_key_id: keys.access_key,
                secret_access_key: keys.secret_key.expose_secret().to_owned(),
                scoped: false,
                ..made
            })
        }
        Backend::Minio | Backend::Generic => {
            let life = Duration::from_secs(MAX_KEY_LIFE);
            let assumed = s3.assume(bucket, "", life).await.map_err(no_service)?;
            Ok(ScopedCredential {
                access_key_id: assumed.keys.access_key,
                secret_access_key: assumed.keys.secret_key.expose_secret().to_owned(),
                expires_at: Some(assumed.expires_at),
                session_token: Some(assumed.session_token.expose_secret().to_owned()),
                ..made
            })
        }
    }
}

fn no_service(error: hcp::Error) -> Error {
    if error.kind() != hcp::ErrorKind::NotSupported {
        return error.into();
    }
    Error::Refused {
        status: http::StatusCode::NOT_IMPLEMENTED,
        code: ErrorCode::NotSupported,
        detail: "This store makes no keys for one bucket (it has no AssumeRole).".to_owned(),
    }
}
