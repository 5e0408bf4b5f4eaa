//! The console's session, its preferences, and what anyone may know.

use axum::{
    Extension, Json, Router,
    extract::State,
    response::{AppendHeaders, IntoResponse},
    routing::{get, put},
};
use http::{HeaderMap, HeaderValue, Method, header::SET_COOKIE};
use model::{
    Endpoint, Problem,
    auth::TokenRequest,
    multipart::Status,
    session::{
        Capabilities, GetCapabilities, GetSession, PREFERENCES_COOKIE, Preferences,
        Session as FactSheet, SetPreferences,
    },
};

use crate::{
    Error,
    service::{management, reach, rights},
    session::{Session, cleared, issued, sign_in},
    state::AppState,
    web::{
        extract,
        guard::{Connection, RequestHost, check_same_origin},
    },
};

/// What the document says of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(get_session, sign_in_console, sign_out, set_preferences, capabilities))]
pub(super) struct Documented;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(
            GetSession::ROUTE,
            get(get_session).post(sign_in_console).delete(sign_out),
        )
        .route(SetPreferences::ROUTE, put(set_preferences))
        .route(GetCapabilities::ROUTE, get(capabilities))
}

#[utoipa::path(
    get,
    path = GetSession::ROUTE,
    operation_id = "get_session",
    tag = "Session",
    summary = "Tell the session",
    responses(
        (
            status = 200,
            description = "Who is signed in, and what the store can do.",
            body = FactSheet,
        ),
    ),
)]
async fn get_session(
    session: Session,
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
) -> Json<FactSheet> {
    let rights = rights::of(&state, &session.claims).await;
    Json(reach::fact_sheet(&state, &session.claims, &host, rights))
}

/// Signs a browser in: the token goes into the cookie and nowhere else.
#[utoipa::path(
    post,
    path = GetSession::ROUTE,
    operation_id = "sign_in_console",
    tag = "Session",
    summary = "Sign a browser in",
    description = "Only from the console's own origin. Scripts use `POST /api/v1/auth/token`.",
    request_body = TokenRequest,
    responses(
        (
            status = 200,
            description = "The session; its token comes as a cookie.",
            body = FactSheet,
            headers(("Set-Cookie" = String, description = "The session, out of reach of scripts.")),
        ),
        (
            status = 401,
            description = "The user name, the password or the tenant is wrong.",
            body = Problem,
        ),
        (status = 403, description = "The request came from another site.", body = Problem),
        (
            status = 429,
            description = "Too many failed sign-ins: `Retry-After` says how long to wait.",
            body = Problem,
        ),
    ),
    security(()),
)]
async fn sign_in_console(
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
    connection: Option<Extension<Connection>>,
    headers: HeaderMap,
    extract::Json(request): extract::Json<TokenRequest>,
) -> Result<impl IntoResponse, Error> {
    check_same_origin(&Method::POST, &headers, &host, state.hosts())?;
    let signed_in = sign_in(&state, &request, connection.map(|c| c.peer.ip())).await?;
    let cookie = issued(
        &signed_in.token,
        state.tokens().lifetime_seconds(),
        state.hosts().is_https(),
    )
    .ok_or_else(|| Error::internal("a token is not a header value"))?;
    let rights = rights::of(&state, &signed_in.claims).await;
    let sheet = reach::fact_sheet(&state, &signed_in.claims, &host, rights);
    Ok((AppendHeaders([(SET_COOKIE, cookie)]), Json(sheet)))
}

/// Ends the session: a kept copy of its token is refused from now on.
#[utoipa::path(
    delete,
    path = GetSession::ROUTE,
    operation_id = "sign_out",
    tag = "Session",
    summary = "Sign out",
    responses(
        (
            status = 200,
            description = "`signed_out`: every copy of the token is refused from now on.",
            body = Status,
        ),
    ),
)]
async fn sign_out(
    session: Session,
    State(state): State<AppState>,
) -> Result<impl IntoResponse, Error> {
    state
        .revocations()
        .revoke(&session.claims.id, session.claims.expires_at, state.now())
        .await?;
    tracing::info!(session = session.claims.id, "signed out");
    let cookie = cleared(state.hosts().is_https())
        .ok_or_else(|| Error::internal("the cookie is not a header value"))?;
    Ok((
        AppendHeaders([(SET_COOKIE, cookie)]),
        Json(Status {
            status: "signed_out".to_owned(),
        }),
    ))
}

#[utoipa::path(
    put,
    path = SetPreferences::ROUTE,
    operation_id = "set_preferences",
    tag = "Session",
    summary = "Set the preferences",
    description = "How the console looks in this browser. Only from the console's own origin.",
    request_body = Preferences,
    responses(
        (status = 200, description = "The preferences, also as a cookie.", body = Preferences),
        (status = 403, description = "The request came from another site.", body = Problem),
    ),
    security(()),
)]
async fn set_preferences(
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
    headers: HeaderMap,
    extract::Json(preferences): extract::Json<Preferences>,
) -> Result<impl IntoResponse, Error> {
    check_same_origin(&Method::PUT, &headers, &host, state.hosts())?;
    let secure = if state.hosts().is_https() {
        "; Secure"
    } else {
        ""
    };
    let text = format!(
        "{PREFERENCES_COOKIE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000{secure}",
        preferences.to_cookie()
    );
    let cookie = HeaderValue::from_str(&text).map_err(Error::internal)?;
    Ok((AppendHeaders([(SET_COOKIE, cookie)]), Json(preferences)))
}

#[utoipa::path(
    get,
    path = GetCapabilities::ROUTE,
    operation_id = "get_capabilities",
    tag = "Health",
    summary = "Tell the capabilities",
    responses((status = 200, description = "What anyone may know.", body = Capabilities)),
    security(()),
)]
async fn capabilities(State(state): State<AppState>) -> Json<Capabilities> {
    Json(Capabilities {
        mapi_enabled: management::is_served(&state),
        storage_backend: state.config().backend,
        demo: state.demo().cloned(),
    })
}
