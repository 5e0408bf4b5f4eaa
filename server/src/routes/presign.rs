//! Presigned URLs, for one object or many, and the caller's own keys.

use std::{collections::BTreeMap, time::Duration};

use axum::{
    Extension, Json, Router,
    extract::State,
    routing::{get, post},
};
use hcp::Demands;
use http::{HeaderName, header::CACHE_CONTROL};
use model::{
    BucketName, Endpoint, ErrorCode, ObjectKey, Timestamp,
    credentials::TEMPORARY_PREFIX,
    presign::{
        GetCredentials, KeyUrl, MAX_EXPIRES_IN, MAX_PRESIGN_KEYS, ObjectToTest, Presign,
        PresignMany, PresignManyRequest, PresignMethod, PresignRequest, PresignedUrl,
        PresignedUrls, S3Credentials, TestUrl, UrlOutcome, UrlTest, UrlWarning,
    },
    problem::FieldError,
};
use secrecy::ExposeSecret;
use url::Url;

use super::attributes::{self, Place};
use crate::{
    Error,
    openapi::params::InBucket,
    service::{
        reach::{self, Address},
        signing::put_urls,
    },
    session::Session,
    state::AppState,
    web::{disposition, extract, guard::RequestHost},
};

/// Seconds that a URL lives when nobody says.
pub(super) const DEFAULT_EXPIRES_IN: u64 = 3_600;

/// What the document says of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(credentials, presign, presign_many, test_presigned))]
pub(super) struct Documented;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(Presign::ROUTE, post(presign))
        .route(TestUrl::ROUTE, post(test_presigned))
        .route(GetCredentials::ROUTE, get(credentials))
}

/// The keys by which the caller's own tools reach the store. Only ever the caller's own.
#[utoipa::path(
    get,
    path = GetCredentials::ROUTE,
    operation_id = "get_credentials",
    tag = "Keys and URLs",
    summary = "Tell the caller's own keys",
    responses(
        (
            status = 200,
            description = "The keys by which other tools reach the store.",
            body = S3Credentials,
            headers(("Cache-Control" = String, description = "`no-store`.")),
        ),
    ),
)]
async fn credentials(
    session: Session,
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
) -> Result<([(HeaderName, &'static str); 1], Json<S3Credentials>), Error> {
    let keys = own_keys(&state, &session)?;
    let own = &session.claims.credentials;
    let is_hcp = state.config().backend.is_hcp();
    let answer = S3Credentials {
        access_key_id: keys.access_key,
        secret_access_key: keys.secret_key.expose_secret().to_owned(),
        username: is_hcp.then(|| own.username.to_string()),
        tenant: own.tenant.as_ref().map(ToString::to_string),
        endpoint_url: Some(reach::endpoint(&state, &session, &host)?),
    };
    // A secret is nothing for caches.
    Ok(([(CACHE_CONTROL, "no-store")], Json(answer)))
}

/// The caller's own keys, where there are any.
pub(super) fn own_keys(state: &AppState, session: &Session) -> Result<hcp::Keys, Error> {
    reach::signs(state)?;
    if session.claims.of_file {
        return Err(keys_of_deployment());
    }
    session.s3(state)?.keys().ok_or_else(reach::no_keys)
}

/// Nobody gets the deployment's keys.
fn keys_of_deployment() -> Error {
    Error::Refused {
        status: http::StatusCode::FORBIDDEN,
        code: ErrorCode::AccessDenied,
        detail: "This account works with the server's keys and has none of its own.".to_owned(),
    }
}

/// `POST …/objects/presign`.
#[utoipa::path(
    post,
    path = PresignMany::ROUTE,
    operation_id = "presign_objects",
    tag = "Keys and URLs",
    summary = "Sign a URL for each of many objects",
    params(InBucket),
    request_body = PresignManyRequest,
    responses(
        (status = 200, description = "The URLs, in the order of the keys.", body = PresignedUrls),
    ),
)]
pub(super) async fn presign_many(
    session: &Session,
    state: &AppState,
    host: &RequestHost,
    bucket: &BucketName,
    request: &PresignManyRequest,
) -> Result<PresignedUrls, Error> {
    let expires_in = expires_in(request.expires_in, 1..=MAX_EXPIRES_IN)?;
    if request.keys.is_empty() || request.keys.len() > MAX_PRESIGN_KEYS {
        let msg = format!("Between 1 and {MAX_PRESIGN_KEYS} keys are signed in one call");
        return Err(Error::Validation(vec![FieldError::body("keys", msg)]));
    }
    let method = request.method.unwrap_or_default();
    let file_name = request.file_name.as_deref().filter(|name| !name.is_empty());
    if file_name.is_some() && request.keys.len() > 1 {
        let msg = "only with one key";
        return Err(Error::Validation(vec![FieldError::body("file_name", msg)]));
    }
    let given = request.response_content_type.as_deref().unwrap_or_default();
    let content_type = extract::content_type("body", given)?;
    let answers = request.attachment || file_name.is_some() || content_type.is_some();
    if method == PresignMethod::PutObject && answers {
        let msg = "only with `get_object` go `attachment`, `file_name` and `response_content_type`";
        return Err(Error::Validation(vec![FieldError::body("method", msg)]));
    }
    let address = Address::asked(state.config(), request.use_proxy, false);
    let presigner = reach::presigner(state, session, host, address)?;
    let life = Duration::from_secs(expires_in);
    let max = reach::max_key_bytes(state);
    let keys = request.keys.iter().map(|name| extract::key(name, max));
    let keys = keys.collect::<Result<Vec<_>, _>>()?;
    let signed: Vec<String> = match method {
        PresignMethod::GetObject => {
            let kind = content_type.as_deref();
            let sign = |key: &ObjectKey| {
                let name = file_name.or(request.attachment.then(|| key.file_name()));
                let disposition = name.map(disposition::attachment);
                presigner.get_object_as(bucket, key, life, disposition.as_deref(), kind, None)
            };
            keys.iter().map(sign).collect()
        }
        PresignMethod::PutObject => {
            let of = (state, session);
            put_urls(
                of,
                &presigner,
                bucket,
                &keys,
                expires_in,
                Demands::default(),
            )
            .await?
        }
    };
    let named = request.keys.iter().cloned().zip(signed);
    let urls: Vec<_> = named.map(|(key, url)| KeyUrl { key, url }).collect();
    let (server_time, expires_at) = validity(state.now(), expires_in)?;
    let key_ends = key_ends(state, session, &presigner).await;
    Ok(PresignedUrls {
        warnings: warnings(urls.first().map_or("", |one| one.url.as_str()), key_ends),
        urls,
        expires_in,
        server_time,
        expires_at,
    })
}

/// When the key ends that signs, where it is one that was lent for a while: a store that lends keys says so. One that
/// does not answer now leaves the warning that holds for every key.
async fn key_ends(
    state: &AppState,
    session: &Session,
    presigner: &hcp::Presigner,
) -> Option<Timestamp> {
    if !presigner.access_key().starts_with(TEMPORARY_PREFIX) {
        return None;
    }
    let s3 = session.s3(state).ok()?;
    match state.store().key_ends(&s3, state.now().inner()).await {
        Ok(ends) => ends,
        Err(error) => {
            tracing::debug!(%error, "the store does not say when a key ends");
            None
        }
    }
}

/// What to know before giving URLs like this one away.
fn warnings(url: &str, key_ends: Option<Timestamp>) -> Vec<UrlWarning> {
    let key = match key_ends {
        Some(at) => UrlWarning::EndsWithTemporaryKey { at },
        None => UrlWarning::EndsWithKey,
    };
    let mut all = vec![UrlWarning::NotRevocable, key];
    if let Some(url) = Url::parse(url).ok().filter(reach::is_internal) {
        let host = url.host_str().unwrap_or_default().to_owned();
        all.push(UrlWarning::InternalAddress { host });
    }
    all
}

#[utoipa::path(
    post,
    path = TestUrl::ROUTE,
    operation_id = "test_presigned",
    tag = "Keys and URLs",
    summary = "Try a presigned URL",
    description = "Signs a URL for a minute, and asks for its first byte at the address that its recipients would use, seen from the server.",
    request_body = ObjectToTest,
    responses((status = 200, description = "What came of it.", body = UrlTest)),
)]
async fn test_presigned(
    session: Session,
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
    extract::Json(request): extract::Json<ObjectToTest>,
) -> Result<Json<UrlTest>, Error> {
    let bucket = extract::bucket(&request.bucket)?;
    let key = extract::key(&request.key, reach::max_key_bytes(&state))?;
    let life = Duration::from_mins(1);
    let address = Address::asked(state.config(), None, false);
    let presigner = reach::presigner(&state, &session, &host, address)?;
    let url = presigner.get_object(&bucket, &key, life, None, None);
    let origin = Url::parse(&url).map_err(Error::internal)?;
    let origin = origin.origin().ascii_serialization();
    let (outcome, status) = match state.store().first_byte(&url).await {
        // An object without bytes has no first one.
        Ok(status @ (200 | 206 | 416)) => (UrlOutcome::Ok, Some(status)),
        Ok(status) => (UrlOutcome::Refused, Some(status)),
        Err(_silence) => (UrlOutcome::Unreachable, None),
    };
    Ok(Json(UrlTest {
        outcome,
        status,
        origin,
    }))
}

#[utoipa::path(
    post,
    path = Presign::ROUTE,
    operation_id = "presign",
    tag = "Keys and URLs",
    summary = "Sign a URL for one object",
    description = "The URL works without a token until it ends. Whether the object exists is not looked at. A `put_object` URL may fix a checksum of the bytes, that nothing is overwritten, and what the object is stored with: it is then used with the `headers` of the answer, which are signed.",
    request_body = PresignRequest,
    responses((status = 200, description = "The URL.", body = PresignedUrl)),
)]
async fn presign(
    session: Session,
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
    extract::Json(request): extract::Json<PresignRequest>,
) -> Result<Json<PresignedUrl>, Error> {
    let expires_in = expires_in(request.expires_in, 1..=MAX_EXPIRES_IN)?;
    let bucket = extract::bucket(&request.bucket)?;
    let key = extract::key(&request.key, reach::max_key_bytes(&state))?;
    let address = Address::asked(state.config(), request.use_proxy, false);
    let presigner = reach::presigner(&state, &session, &host, address)?;
    let life = Duration::from_secs(expires_in);
    let method = request.method.unwrap_or_default();
    let mut headers = BTreeMap::new();
    let attributes = request.attributes();
    let url = match method {
        PresignMethod::GetObject => {
            if request.if_none_match || request.checksum.is_some() || !attributes.is_empty() {
                let msg = "only with `put_object` go `if_none_match`, `checksum`, `metadata`, `tags`, `acl`, `retention` and `legal_hold`";
                return Err(Error::Validation(vec![FieldError::body("method", msg)]));
            }
            let disposition = request
                .attachment
                .then(|| disposition::attachment(key.file_name()));
            presigner.get_object(&bucket, &key, life, disposition.as_deref(), None)
        }
        PresignMethod::PutObject => {
            let given = request.content_type.as_deref().unwrap_or_default();
            let content_type = extract::content_type("body", given)?;
            attributes::check(&state, Place::Body, &attributes, attributes::Stored::Now)?;
            let demands = Demands {
                content_type: content_type.as_deref(),
                if_none_match: request.if_none_match,
                checksum: request.checksum.as_ref(),
                attributes: Some(&attributes),
                others: None,
            };
            headers = demands.headers();
            let (of, keys) = ((&state, &session), std::slice::from_ref(&key));
            let signed = put_urls(of, &presigner, &bucket, keys, expires_in, demands).await?;
            signed.into_iter().collect()
        }
    };
    let (server_time, expires_at) = validity(state.now(), expires_in)?;
    let key_ends = key_ends(&state, &session, &presigner).await;
    Ok(Json(PresignedUrl {
        warnings: warnings(&url, key_ends),
        url,
        bucket: bucket.to_string(),
        key: key.to_string(),
        expires_in,
        method,
        server_time,
        expires_at,
        headers,
    }))
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
