//! `POST /auth/token`: the `OAuth2` password form.

use axum::{
    Json, Router,
    extract::{FromRequest, Multipart, Request, State},
    routing::post,
};
use model::{
    Problem,
    auth::{TokenRequest, TokenResponse},
};

use crate::{
    Error,
    session::sign_in,
    state::AppState,
    web::{
        extract::{body_error, media_type_is},
        guard::Connection,
    },
};

/// What the document says of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(token))]
pub(super) struct Documented;

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/api/v1/auth/token", post(token))
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
    Ok(Json(TokenResponse {
        access_token: signed_in.token,
        token_type: "bearer".to_owned(),
        expires_in: state.tokens().lifetime_seconds(),
    }))
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
