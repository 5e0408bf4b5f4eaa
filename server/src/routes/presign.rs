//! `POST /presign`: one URL for one object.

use std::time::Duration;

use axum::{Extension, Json, Router, extract::State, routing::post};
use model::{
    Endpoint, ErrorCode, Timestamp,
    presign::{MAX_EXPIRES_IN, Presign, PresignMethod, PresignRequest, PresignedUrl},
    problem::FieldError,
};

use crate::{
    Error,
    service::reach,
    session::Session,
    state::AppState,
    web::{disposition, extract, guard::RequestHost},
};

/// Seconds that a URL lives when nobody says.
pub(super) const DEFAULT_EXPIRES_IN: u64 = 3_600;

pub(super) fn router() -> Router<AppState> {
    Router::new().route(Presign::ROUTE, post(presign))
}

async fn presign(
    session: Session,
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
    extract::Json(request): extract::Json<PresignRequest>,
) -> Result<Json<PresignedUrl>, Error> {
    let expires_in = expires_in(request.expires_in, 1..=MAX_EXPIRES_IN)?;
    let bucket = extract::bucket(&request.bucket)?;
    let key = extract::key(&request.key, reach::max_key_bytes(&state))?;
    let presigner = presigner(&state, &session, &host)?;
    let life = Duration::from_secs(expires_in);
    let method = request.method.unwrap_or_default();
    let url = match method {
        PresignMethod::GetObject => {
            let disposition = request
                .attachment
                .then(|| disposition::attachment(key.file_name()));
            presigner.get_object(&bucket, &key, life, disposition.as_deref(), None)
        }
        PresignMethod::PutObject => {
            presigner.put_object(&bucket, &key, life, request.content_type.as_deref())
        }
    };
    let (server_time, expires_at) = validity(state.now(), expires_in)?;
    Ok(Json(PresignedUrl {
        url,
        bucket: bucket.to_string(),
        key: key.to_string(),
        expires_in,
        method,
        server_time,
        expires_at,
    }))
}

/// The signer for the store as this browser reaches it.
pub(super) fn presigner(
    state: &AppState,
    session: &Session,
    host: &RequestHost,
) -> Result<hcp::Presigner, Error> {
    if !reach::fact_sheet(state, &session.claims, host)
        .features
        .presign
    {
        return Err(Error::Refused {
            status: http::StatusCode::NOT_IMPLEMENTED,
            code: ErrorCode::NotSupported,
            detail: "Accounts of Active Directory have no keys to sign URLs with.".to_owned(),
        });
    }
    let base = reach::public_base(state, host);
    Ok(session
        .s3(state)?
        .presigner(base.as_ref(), state.now().inner())?)
}

/// Checks a life in seconds.
pub(super) fn expires_in(
    given: Option<u64>,
    bounds: std::ops::RangeInclusive<u64>,
) -> Result<u64, Error> {
    let seconds = given.unwrap_or(DEFAULT_EXPIRES_IN);
    if bounds.contains(&seconds) {
        return Ok(seconds);
    }
    let (kind, msg) = if seconds < *bounds.start() {
        (
            "greater_than_equal",
            format!(
                "Input should be greater than or equal to {}",
                bounds.start()
            ),
        )
    } else {
        (
            "less_than_equal",
            format!("Input should be less than or equal to {}", bounds.end()),
        )
    };
    Err(Error::Validation(vec![FieldError {
        kind: kind.to_owned(),
        loc: vec!["body".to_owned(), "expires_in".to_owned()],
        msg,
    }]))
}

/// The signer's clock and the end of what it signed.
pub(super) fn validity(now: Timestamp, expires_in: u64) -> Result<(Timestamp, Timestamp), Error> {
    let end = i64::try_from(expires_in)
        .ok()
        .and_then(|s| now.unix_seconds().checked_add(s));
    let end = end
        .and_then(Timestamp::from_unix_seconds)
        .ok_or_else(|| Error::internal("time out of range"))?;
    Ok((now, end))
}
