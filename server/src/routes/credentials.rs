//! What other tools need to reach the store: the address, the caller's own keys, whether they get through, and keys
//! lent for a while.

use axum::{
    Extension, Json, Router,
    extract::{Path, State},
    routing::{delete, get, post},
};
use http::{HeaderName, StatusCode, header::CACHE_CONTROL};
use model::{
    Endpoint, ErrorCode, Problem,
    credentials::{
        Connection, ConnectionTest, ConnectionToTest, GetConnection, LentKey, ListTemporaryKeys,
        NewTemporaryKey, RevealSecret, RevealedSecret, RevokeKey, RevokedKey, TemporaryKeys,
        TestConnection,
    },
};
use secrecy::ExposeSecret as _;

use super::presign;
use crate::{
    Error,
    openapi::params::OfKey,
    service::reach,
    session::Session,
    state::AppState,
    web::{extract, guard::RequestHost},
};

/// Nothing for caches.
const NO_STORE: [(HeaderName, &str); 1] = [(CACHE_CONTROL, "no-store")];

/// What the document says of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    connection,
    reveal_secret,
    test_connection,
    list_temporary_keys,
    lend_key,
    revoke_key
))]
pub(super) struct Documented;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(GetConnection::ROUTE, get(connection))
        .route(RevealSecret::ROUTE, post(reveal_secret))
        .route(TestConnection::ROUTE, post(test_connection))
        .route(
            ListTemporaryKeys::ROUTE,
            get(list_temporary_keys).post(lend_key),
        )
        .route(RevokeKey::ROUTE, delete(revoke_key))
}

#[utoipa::path(
    get,
    path = GetConnection::ROUTE,
    operation_id = "get_connection",
    tag = "Keys and URLs",
    summary = "Tell how other tools reach the store",
    description = "The address by which clients outside reach it, and all else but the secret key.",
    responses((status = 200, description = "What tools are set up with.", body = Connection)),
)]
async fn connection(
    session: Session,
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
) -> Result<Json<Connection>, Error> {
    let keys = presign::own_keys(&state, &session)?;
    let (config, store) = (state.config(), state.store().config());
    let own = &session.claims.credentials;
    Ok(Json(Connection {
        backend: store.backend,
        endpoint_url: reach::endpoint(&state, &session, &host)?,
        region: store.region.clone(),
        path_style: !store.virtual_host(),
        private_authority: !store.roots.is_empty(),
        access_key_id: keys.access_key,
        username: store.backend.is_hcp().then(|| own.username.to_string()),
        tenant: own.tenant.as_ref().map(ToString::to_string),
        console_url: reach::own_base(&state, &host),
        multipart_threshold: config.upload.multipart_threshold,
        part_size: config.upload.part_size,
        parallelism: config.upload.parallelism,
    }))
}

#[utoipa::path(
    post,
    path = RevealSecret::ROUTE,
    operation_id = "reveal_secret",
    tag = "Keys and URLs",
    summary = "Tell the caller's own secret key",
    description = "It stands in the audit that it was told; the secret itself stands nowhere.",
    responses(
        (
            status = 200,
            description = "The secret key.",
            body = RevealedSecret,
            headers(("Cache-Control" = String, description = "`no-store`.")),
        ),
    ),
)]
async fn reveal_secret(
    session: Session,
    State(state): State<AppState>,
) -> Result<([(HeaderName, &'static str); 1], Json<RevealedSecret>), Error> {
    let keys = presign::own_keys(&state, &session)?;
    let answer = RevealedSecret {
        secret_access_key: keys.secret_key.expose_secret().to_owned(),
    };
    Ok((NO_STORE, Json(answer)))
}

#[utoipa::path(
    post,
    path = TestConnection::ROUTE,
    operation_id = "test_connection",
    tag = "Keys and URLs",
    summary = "Try to reach the store as other tools do",
    description = "Lists buckets, or one bucket, with the caller's keys at the address that clients outside use, seen from the server; tells what \
        came of each step.",
    request_body = ConnectionToTest,
    responses((status = 200, description = "What came of it.", body = ConnectionTest)),
)]
async fn test_connection(
    session: Session,
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
    extract::Json(request): extract::Json<ConnectionToTest>,
) -> Result<Json<ConnectionTest>, Error> {
    // Whose keys they are is nothing to find out by trying.
    let _own = presign::own_keys(&state, &session)?;
    let bucket = request.bucket.as_deref().filter(|name| !name.is_empty());
    let bucket = bucket.map(extract::bucket).transpose()?;
    let public = reach::public_base(&state, &host);
    let s3 = session.s3(&state)?;
    let now = state.now().inner();
    let test = state
        .store()
        .attempt(&s3, public.as_ref(), bucket.as_ref(), now)
        .await?;
    Ok(Json(test))
}

/// Refuses where the store lends no keys.
fn lends(state: &AppState, session: &Session) -> Result<(), Error> {
    // An account of the system has no data, whatever the store can do.
    session.s3(state)?;
    if reach::lends_keys(state, &session.claims) {
        return Ok(());
    }
    let detail = "This store lends no keys for a while: the keys of an account follow from its name and password, and there are no others. Make an \
        account that may do as much as the key should, or give a Hako link.";
    Err(Error::Refused {
        status: StatusCode::NOT_IMPLEMENTED,
        code: ErrorCode::NotSupported,
        detail: detail.to_owned(),
    })
}

#[utoipa::path(
    get,
    path = ListTemporaryKeys::ROUTE,
    operation_id = "list_temporary_keys",
    tag = "Keys and URLs",
    summary = "List the caller's temporary keys",
    description = "Newest first, until a day after their end, without their secrets. On stores that lend keys; `features.temporary_keys` of the \
        session says so.",
    responses((status = 200, description = "The keys.", body = TemporaryKeys)),
)]
async fn list_temporary_keys(
    session: Session,
    State(state): State<AppState>,
) -> Result<Json<TemporaryKeys>, Error> {
    lends(&state, &session)?;
    let credentials = &session.claims.credentials;
    Ok(Json(state.store().temporary_keys(credentials).await?))
}

#[utoipa::path(
    post,
    path = ListTemporaryKeys::ROUTE,
    operation_id = "lend_key",
    tag = "Keys and URLs",
    summary = "Make a temporary key",
    description = "It opens one prefix of one bucket, until it ends, is revoked, or its maker may not any more; never more than its maker may. The \
        secret is told this once.",
    request_body = NewTemporaryKey,
    responses(
        (
            status = 201,
            description = "The key with its secret.",
            body = LentKey,
            headers(("Cache-Control" = String, description = "`no-store`.")),
        ),
        (status = 404, description = "There is no such bucket.", body = Problem),
        (status = 409, description = "The caller has as many keys as one may have.", body = Problem),
    ),
)]
async fn lend_key(
    session: Session,
    State(state): State<AppState>,
    extract::Json(new): extract::Json<NewTemporaryKey>,
) -> Result<(StatusCode, [(HeaderName, &'static str); 1], Json<LentKey>), Error> {
    lends(&state, &session)?;
    extract::bucket(&new.bucket)?;
    let faults = new.faults();
    if !faults.is_empty() {
        return Err(Error::Validation(faults));
    }
    let lent = state
        .store()
        .lend_key(&session.claims.credentials, &new)
        .await?;
    Ok((StatusCode::CREATED, NO_STORE, Json(lent)))
}

#[utoipa::path(
    delete,
    path = RevokeKey::ROUTE,
    operation_id = "revoke_key",
    tag = "Keys and URLs",
    summary = "Revoke a temporary key",
    description = "At once. The caller's own alone.",
    params(OfKey),
    responses(
        (status = 200, description = "It opens nothing any more.", body = RevokedKey),
        (status = 404, description = "The caller has no such key.", body = Problem),
    ),
)]
async fn revoke_key(
    session: Session,
    State(state): State<AppState>,
    Path(access_key_id): Path<String>,
) -> Result<Json<RevokedKey>, Error> {
    lends(&state, &session)?;
    state
        .store()
        .revoke_key(&session.claims.credentials, &access_key_id)
        .await?;
    Ok(Json(RevokedKey { access_key_id }))
}
