//! The console's session, its preferences, and what anyone may know.

use axum::{
    Extension, Json, Router,
    extract::{Path, Query, State},
    response::{AppendHeaders, IntoResponse, Response},
    routing::{delete, get, post, put},
};
use http::{HeaderMap, HeaderValue, Method, header::SET_COOKIE};
use model::{
    Endpoint, Problem, TenantName,
    auth::TokenRequest,
    multipart::Status,
    session::{
        Capabilities, ChangeOwnPassword, GetCapabilities, GetSession, KnownSession, ListSessions,
        OwnPassword, PREFERENCES_COOKIE, Preferences, PreferencesChange, Session as FactSheet,
        SessionChoice, SessionList, SessionState, SetPreferences, SignOutAll, SignOutOne,
        SwitchSession,
    },
};
use serde::Deserialize;

use crate::{
    Error,
    service::{management, reach, rights},
    session::{Jar, OwnSessions, Session, SignedIn, change_password, find_cookie, sign_in},
    state::AppState,
    web::{
        extract,
        guard::{Connection, RequestHost, check_same_origin},
    },
};

/// What the document says of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    get_session,
    sign_in_console,
    sign_out,
    change_own_password,
    list_sessions,
    switch_session,
    sign_out_one,
    sign_out_all,
    set_preferences,
    capabilities
))]
pub(super) struct Documented;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(
            GetSession::ROUTE,
            get(get_session).post(sign_in_console).delete(sign_out),
        )
        .route(ChangeOwnPassword::ROUTE, post(change_own_password))
        .route(ListSessions::ROUTE, get(list_sessions).delete(sign_out_all))
        .route(SwitchSession::ROUTE, put(switch_session))
        .route(SignOutOne::ROUTE, delete(sign_out_one))
        .route(SetPreferences::ROUTE, put(set_preferences))
        .route(GetCapabilities::ROUTE, get(capabilities))
}

/// The answer that sets these cookies.
fn with_cookies(cookies: Vec<HeaderValue>, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    for cookie in cookies {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

fn signed_out() -> Json<Status> {
    Json(Status {
        status: "signed_out".to_owned(),
    })
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
    Json(sheet(&state, &session.claims, &host).await)
}

async fn sheet(state: &AppState, claims: &crate::session::Claims, host: &RequestHost) -> FactSheet {
    let known = rights::known(state, claims).await;
    reach::fact_sheet(state, claims, host, known)
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
) -> Result<Response, Error> {
    check_same_origin(&Method::POST, &headers, &host, state.hosts())?;
    let jar = Jar::open(&state, &headers).await?;
    let address = connection.map(|c| c.peer.ip());
    let SignedIn { token, claims } = sign_in(&state, &request, address, &jar.held).await?;
    let cookies = jar.begin(&state, &token, &claims).await?;
    let sheet = sheet(&state, &claims, &host).await;
    Ok(with_cookies(cookies, Json(sheet)))
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
    OwnSessions(jar): OwnSessions,
    State(state): State<AppState>,
) -> Result<Response, Error> {
    let id = session.claims.id;
    let cookies = jar.end(&state, |claims| claims.id == id).await?;
    Ok(with_cookies(cookies, signed_out()))
}

/// Changes the password of the account: the key of the session follows from it, so the browser gets a new
/// token, and the session goes on.
#[utoipa::path(
    post,
    path = ChangeOwnPassword::ROUTE,
    operation_id = "change_own_password",
    tag = "Session",
    summary = "Change the own password",
    description = "Of an account whose password the store keeps. A browser's session goes on; a script gets a new token by `POST /api/v1/auth/token`.",
    request_body = OwnPassword,
    responses(
        (
            status = 200,
            description = "The session; its new token comes as a cookie.",
            body = FactSheet,
            headers(("Set-Cookie" = String, description = "The session, out of reach of scripts.")),
        ),
    ),
)]
async fn change_own_password(
    session: Session,
    OwnSessions(jar): OwnSessions,
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
    extract::Json(change): extract::Json<OwnPassword>,
) -> Result<Response, Error> {
    let SignedIn { token, claims } = change_password(&state, &session, &change).await?;
    let cookies = jar.begin(&state, &token, &claims).await?;
    let sheet = sheet(&state, &claims, &host).await;
    Ok(with_cookies(cookies, Json(sheet)))
}

#[utoipa::path(
    get,
    path = ListSessions::ROUTE,
    operation_id = "list_sessions",
    tag = "Session",
    summary = "List the sessions of this browser",
    description = "Those that have ended too, for a while. A script has the one that it sends.",
    responses((status = 200, description = "The sessions; never a token.", body = SessionList)),
)]
async fn list_sessions(
    OwnSessions(jar): OwnSessions,
    State(state): State<AppState>,
) -> Json<SessionList> {
    let current = jar.current().map(|held| held.claims.id.clone());
    Json(list(&state, &jar, current.as_deref()))
}

fn list(state: &AppState, jar: &Jar, current: Option<&str>) -> SessionList {
    let now = state.now();
    let known = jar.held.iter().map(|held| {
        let claims = &held.claims;
        KnownSession {
            id: claims.id.clone(),
            level: reach::level(state, claims),
            tenant: claims
                .credentials
                .tenant
                .as_ref()
                .map(TenantName::to_string),
            username: claims.credentials.username.to_string(),
            state: SessionState::at(now, claims.expires_at),
            expires_at: claims.expires_at,
            current: current == Some(claims.id.as_str()),
        }
    });
    SessionList {
        sessions: known.collect(),
    }
}

#[utoipa::path(
    put,
    path = SwitchSession::ROUTE,
    operation_id = "switch_session",
    tag = "Session",
    summary = "Go on as another session of this browser",
    description = "Pages that were opened before then change nothing without asking first.",
    request_body = SessionChoice,
    responses((status = 200, description = "The sessions.", body = SessionList)),
)]
async fn switch_session(
    OwnSessions(jar): OwnSessions,
    State(state): State<AppState>,
    extract::Json(choice): extract::Json<SessionChoice>,
) -> Result<Response, Error> {
    let cookies = jar.switch(&state, &choice.id)?;
    let list = list(&state, &jar, Some(&choice.id));
    Ok(with_cookies(cookies, Json(list)))
}

#[utoipa::path(
    delete,
    path = SignOutOne::ROUTE,
    operation_id = "sign_out_one",
    tag = "Session",
    summary = "Sign out of one session of this browser",
    params(("session_id" = String, Path, description = "The session's id.")),
    responses(
        (
            status = 200,
            description = "`signed_out`, also where this browser has no such session.",
            body = Status,
        ),
    ),
)]
async fn sign_out_one(
    OwnSessions(jar): OwnSessions,
    State(state): State<AppState>,
    Path(session_id): Path<String>,
) -> Result<Response, Error> {
    let cookies = jar.end(&state, |claims| claims.id == session_id).await?;
    Ok(with_cookies(cookies, signed_out()))
}

#[utoipa::path(
    delete,
    path = SignOutAll::ROUTE,
    operation_id = "sign_out_all",
    tag = "Session",
    summary = "Sign out of all sessions of this browser",
    responses(
        (
            status = 200,
            description = "`signed_out`: every copy of every token is refused from now on.",
            body = Status,
        ),
    ),
)]
async fn sign_out_all(
    OwnSessions(jar): OwnSessions,
    State(state): State<AppState>,
) -> Result<Response, Error> {
    let cookies = jar.end(&state, |_all| true).await?;
    Ok(with_cookies(cookies, signed_out()))
}

#[utoipa::path(
    put,
    path = SetPreferences::ROUTE,
    operation_id = "set_preferences",
    tag = "Session",
    summary = "Set the preferences",
    description = "How the console looks in this browser. What is not named stays as it is. Only from the console's own origin.",
    request_body = PreferencesChange,
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
    extract::Json(change): extract::Json<PreferencesChange>,
) -> Result<impl IntoResponse, Error> {
    check_same_origin(&Method::PUT, &headers, &host, state.hosts())?;
    let before = find_cookie(&headers, PREFERENCES_COOKIE).map(Preferences::from_cookie);
    let preferences = before.unwrap_or_default().with(change);
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
    params(
        (
            "tenant" = Option<String>,
            Query,
            description = "The tenant whose message for people who sign in is wanted.",
        ),
    ),
    responses((status = 200, description = "What anyone may know.", body = Capabilities)),
    security(()),
)]
async fn capabilities(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
) -> Json<Capabilities> {
    let tenant = asked.tenant.as_deref();
    Json(Capabilities {
        mapi_enabled: management::is_served(&state),
        storage_backend: state.config().backend,
        demo: state.demo().cloned(),
        login_message: tenant.and_then(|tenant| state.login_messages().of(tenant)),
    })
}

/// What somebody wants to know beside.
#[derive(Deserialize)]
struct Asked {
    tenant: Option<String>,
}
