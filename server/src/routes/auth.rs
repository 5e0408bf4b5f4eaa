//! `POST /auth/token`: the `OAuth2` password form. `POST /auth/keys`: an account's S3 keys in its place.

use axum::{
    Extension, Json, Router,
    extract::{FromRequest, Multipart, Request, State},
    routing::post,
};
use model::{
    Endpoint, Problem,
    auth::{KeyProof, SignInByKeys, TokenRequest, TokenResponse},
};

use crate::{
    Error,
    session::{SignedIn, sign_in, sign_in_by_keys},
    state::AppState,
    web::{
        extract::{self, body_error, media_type_is},
        guard::Connection,
    },
};

/// What the document says of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(token, keys))]
pub(super) struct Documented;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/api/v1/auth/token", post(token))
        .route(SignInByKeys::ROUTE, post(keys))
}

/// Signs a script in.
#[utoipa::path(
    post,
    path = "/api/v1/auth/token",
    operation_id = "sign_in",
    tag = "Authentication",
    summary = "Get a token",
    description = "The OAuth2 password form, with a tenant. The fields `scope`, `client_id` and `client_secret` are accepted and not used.",
    request_body(content((TokenRequest = "application/x-www-form-urlencoded"), (TokenRequest = "multipart/form-data"))),
    responses(
        (status = 200, description = "The token.", body = TokenResponse),
        (
            status = 401,
            description = "The user name, the password or the tenant is wrong.",
            body = Problem,
        ),
        (
            status = 429,
            description = "Too many failed sign-ins: `Retry-After` says how long to wait.",
            body = Problem,
        ),
    ),
    security(()),
)]
async fn token(
    State(state): State<AppState>,
    request: Request,
) -> Result<Json<TokenResponse>, Error> {
    let address = request
        .extensions()
        .get::<Connection>()
        .map(|c| c.peer.ip());
    let form = form(request, &state).await?;
    let signed_in = sign_in(&state, &form, address, &[]).await?;
    Ok(answer(&state, signed_in))
}

fn answer(state: &AppState, signed_in: SignedIn) -> Json<TokenResponse> {
    Json(TokenResponse {
        access_token: signed_in.token,
        token_type: "bearer".to_owned(),
        expires_in: state.tokens().lifetime_seconds(),
    })
}

/// Signs a script in that has an account's keys and not its password.
#[utoipa::path(
    post,
    path = SignInByKeys::ROUTE,
    operation_id = "sign_in_by_keys",
    tag = "Authentication",
    summary = "Get a token by S3 keys",
    description = "The account's own keys, as other tools sign with them, in place of its password. Temporary keys, and accounts that have no keys, are refused.",
    request_body = KeyProof,
    responses(
        (status = 200, description = "The token.", body = TokenResponse),
        (status = 401, description = "The keys or the tenant are wrong.", body = Problem),
        (
            status = 429,
            description = "Too many failed sign-ins: `Retry-After` says how long to wait.",
            body = Problem,
        ),
    ),
    security(()),
)]
async fn keys(
    State(state): State<AppState>,
    connection: Option<Extension<Connection>>,
    extract::Json(proof): extract::Json<KeyProof>,
) -> Result<Json<TokenResponse>, Error> {
    let address = connection.map(|Extension(connection)| connection.peer.ip());
    let signed_in = sign_in_by_keys(&state, &proof, address).await?;
    Ok(answer(&state, signed_in))
}

/// Reads the form in either of its encodings.
async fn form(request: Request, state: &AppState) -> Result<TokenRequest, Error> {
    let mut form = TokenRequest::default();
    let mut set = |name: &str, value: String| match name {
        "username" => form.username = value,
        "password" => form.password = value,
        "tenant" => form.tenant = Some(value),
        "grant_type" => form.grant_type = Some(value),
        "workspace" => form.workspace = Some(value),
        _ => {}
    };
    if media_type_is(request.headers(), |t| {
        t == "application/x-www-form-urlencoded"
    }) {
        let bytes = axum::body::Bytes::from_request(request, state)
            .await
            .map_err(body_error)?;
        for (name, value) in url::form_urlencoded::parse(&bytes) {
            set(&name, value.into_owned());
        }
    } else if media_type_is(request.headers(), |t| t == "multipart/form-data") {
        let mut parts = Multipart::from_request(request, state)
            .await
            .map_err(|e| Error::BrokenBody(e.into()))?;
        while let Some(field) = parts
            .next_field()
            .await
            .map_err(|e| Error::BrokenBody(e.into()))?
        {
            let name = field.name().unwrap_or_default().to_owned();
            set(
                &name,
                field
                    .text()
                    .await
                    .map_err(|e| Error::BrokenBody(e.into()))?,
            );
        }
    } else {
        return Err(Error::UnsupportedMediaType {
            expected: "application/x-www-form-urlencoded",
        });
    }
    Ok(form)
}
