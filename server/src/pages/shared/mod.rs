//! `/l/{token}`: what visitors see of a link. No session, no scripts; the page and the bytes come from here alone.
//!
//! Whatever is wrong with a link, the answer is the same.

mod sight;

use std::net::IpAddr;

use app::shared::{AT, FILE, PasswordFault, Reason, Sheet, Shown};
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Request, State},
    middleware::{Next, from_fn},
    response::{Html, IntoResponse as _, Response},
    routing::any,
};
use futures::SinkExt as _;
use http::{HeaderName, HeaderValue, Method, StatusCode, header, request::Parts};
use model::link::{ARCHIVE, DOWNLOAD, LinkKind, PREVIEW, SHARED};

use crate::{
    Error,
    service::links::{Closed, Opened, Typed, open},
    session::find_cookie,
    state::AppState,
    web::{
        extract::{body_error, media_type_is},
        guard::Connection,
        root,
        security::VISITOR_POLICY,
    },
};

/// The cookie of whoever typed a link's password. It goes to that link alone.
const COOKIE: &str = "hako_link";
/// A link.
const LINK: &str = "/l/{token}";
/// The longest form that is no upload, in bytes.
const FORM: usize = 4_096;
/// The most files that one form may bring.
const MOST_FILES: u64 = 1_000;

/// The routes of visitors.
pub(super) fn router(state: &AppState) -> Router {
    Router::new()
        .route(LINK, any(page))
        .route(&format!("{LINK}{DOWNLOAD}"), any(download))
        .route(&format!("{LINK}{PREVIEW}"), any(preview))
        .route(&format!("{LINK}{ARCHIVE}"), any(archive))
        .with_state(state.clone())
        .layer(from_fn(private))
}

/// Nobody keeps what a link shows, finds it by searching, or learns its address from what it leads to.
async fn private(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    headers.insert(
        HeaderName::from_static("x-robots-tag"),
        HeaderValue::from_static("noindex, nofollow"),
    );
    response
}

/// What visitors are told of a failure.
fn reason(error: &Error) -> Reason {
    match error {
        Error::Store(_) => Reason::Store,
        other => Reason::Said(other.problem().sentence()),
    }
}

/// A visitor at a link.
struct Visitor {
    state: AppState,
    token: String,
    address: Option<IpAddr>,
    parts: Parts,
}

impl Visitor {
    fn new(state: AppState, token: String, parts: &Parts) -> Self {
        let connection = parts.extensions.get::<Connection>();
        Self {
            state,
            token,
            address: connection.map(|c| c.peer.ip()),
            parts: parts.clone(),
        }
    }

    async fn open(&self) -> Result<Opened, Closed> {
        open(&self.state, &self.token, self.address).await
    }

    fn is_free(&self, opened: &Opened) -> bool {
        opened.is_free(&self.state, find_cookie(&self.parts.headers, COOKIE))
    }

    /// The one answer to a link that opens nothing, or that something keeps from opening.
    fn closed(&self, closed: Closed) -> Response {
        match closed {
            Closed::Refused => self.show(StatusCode::NOT_FOUND, Shown::Nothing),
            Closed::Failed(error) => {
                let (status, _) = error.status();
                let mut response = self.show(status, Shown::Failed(reason(&error)));
                let own = error.into_response();
                for name in [header::RETRY_AFTER] {
                    if let Some(value) = own.headers().get(&name) {
                        response.headers_mut().insert(name, value.clone());
                    }
                }
                // The log names the cause.
                if let Some(cause) = own.extensions().get::<crate::error::Logged>() {
                    response.extensions_mut().insert(cause.clone());
                }
                response
            }
        }
    }

    /// Draws the page.
    fn show(&self, status: StatusCode, shown: Shown) -> Response {
        let sheet = Sheet {
            address: format!("{SHARED}{}", self.token),
            shown,
        };
        let options = self.state.leptos().clone();
        let language = app::language_for(&self.parts.headers);
        let page = app::shared::html(options, sheet, self.parts.clone(), language);
        let page = root::page(&self.state.config().root, &page);
        let policy = [(header::CONTENT_SECURITY_POLICY, VISITOR_POLICY)];
        (status, policy, Html(page)).into_response()
    }

    /// A parameter of the address, decoded once; nothing where it is empty.
    fn given(&self, name: &str) -> Option<String> {
        let query = self.parts.uri.query()?;
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        let found = pairs.find(|(given, value)| given == name && !value.is_empty());
        found.map(|(_, value)| value.into_owned())
    }

    /// Goes on to the page, for whoever typed the password.
    fn admitted(&self, proof: &str, seconds: i64) -> Response {
        let secure = if self.state.hosts().is_https() {
            "; Secure"
        } else {
            ""
        };
        let path = format!("{SHARED}{}", self.token);
        let cookie = format!(
            "{COOKIE}={proof}; Path={path}; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}"
        );
        let mut response = StatusCode::SEE_OTHER.into_response();
        let headers = response.headers_mut();
        if let Ok(location) = HeaderValue::from_str(&path) {
            headers.insert(header::LOCATION, location);
        }
        if let Ok(mut cookie) = HeaderValue::from_str(&cookie) {
            cookie.set_sensitive(true);
            headers.insert(header::SET_COOKIE, cookie);
        }
        response
    }
}

/// `/l/{token}`: the page, the password, and the files of a request.
async fn page(
    State(state): State<AppState>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let visitor = Visitor::new(state, token, &parts);
    let answer = match parts.method {
        Method::GET | Method::HEAD => look(&visitor).await,
        Method::POST => post(&visitor, Request::from_parts(parts, body)).await,
        _ => return Error::MethodNotAllowed.into_response(),
    };
    match answer {
        Ok(response) => response,
        Err(closed) => visitor.closed(closed),
    }
}

async fn look(visitor: &Visitor) -> Result<Response, Closed> {
    let opened = visitor.open().await?;
    if !visitor.is_free(&opened) {
        let ask = Shown::Password { fault: None };
        return Ok(visitor.show(StatusCode::OK, ask));
    }
    let shown = visitor.sight(&opened).await?;
    Ok(visitor.show(StatusCode::OK, shown))
}

async fn post(visitor: &Visitor, request: Request) -> Result<Response, Closed> {
    let opened = visitor.open().await?;
    if media_type_is(request.headers(), |t| t == "multipart/form-data") {
        if opened.kind() != LinkKind::Request || !visitor.is_free(&opened) {
            return Err(Closed::Refused);
        }
        return take(visitor, &opened, request).await;
    }
    let typed = password(request).await?;
    Ok(match admit(visitor, &opened, &typed).await? {
        Ok((proof, seconds)) => visitor.admitted(&proof, seconds),
        Err(page) => page,
    })
}

/// Compares a password; the page again, where it is wrong or was too often.
async fn admit(
    visitor: &Visitor,
    opened: &Opened,
    typed: &str,
) -> Result<Result<(String, i64), Response>, Closed> {
    let (status, fault) = match opened.try_password(&visitor.state, typed).await {
        Ok(Typed::Right(proof, seconds)) => return Ok(Ok((proof, seconds))),
        Ok(Typed::Wrong) => (StatusCode::FORBIDDEN, PasswordFault::Wrong),
        Err(Error::TooManyAttempts { seconds }) => (
            StatusCode::TOO_MANY_REQUESTS,
            PasswordFault::TooOften { seconds },
        ),
        Err(failed) => return Err(failed.into()),
    };
    let ask = Shown::Password { fault: Some(fault) };
    Ok(Err(visitor.show(status, ask)))
}

/// The password of a plain form.
async fn password(mut request: Request) -> Result<String, Closed> {
    DefaultBodyLimit::max(FORM).apply(&mut request);
    let bytes = Bytes::from_request(request, &())
        .await
        .map_err(body_error)?;
    let mut fields = url::form_urlencoded::parse(&bytes);
    let typed = fields.find(|(name, _)| name == "password");
    Ok(typed
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default())
}

/// Stores the files of a form, one after the other.
async fn take(
    visitor: &Visitor,
    opened: &Opened,
    mut request: Request,
) -> Result<Response, Closed> {
    // The limit is for bodies held in memory; files are not.
    DefaultBodyLimit::disable().apply(&mut request);
    let broken = |e: axum::extract::multipart::MultipartError| Error::BrokenBody(e.into());
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|e| Error::BrokenBody(e.into()))?;
    let mut done: u64 = 0;
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let name = field.file_name().unwrap_or_default().to_owned();
        // Where nothing was chosen, browsers send a file without a name.
        if field.name() != Some("file") || name.is_empty() {
            continue;
        }
        let kind = field.content_type().unwrap_or_default();
        let kind = crate::web::extract::content_type("body", kind).unwrap_or_default();
        // A form's field borrows the form, and the store wants a body of its own: a short channel joins them.
        let (mut feed, source) = futures::channel::mpsc::channel::<Result<Bytes, Error>>(1);
        let pump = async move {
            while let Some(chunk) = field.chunk().await.transpose() {
                let chunk = chunk.map_err(broken);
                let is_broken = chunk.is_err();
                if feed.send(chunk).await.is_err() || is_broken {
                    break;
                }
            }
        };
        let store = opened.store(&visitor.state, &name, kind, Box::pin(source));
        let ((), stored) = futures::join!(pump, store);
        match stored {
            Ok(()) => done += 1,
            // What came before is there, and said.
            Err(Closed::Refused) if done == 0 => return Err(Closed::Refused),
            Err(failed) => {
                let (status, problem) = match failed {
                    Closed::Refused => (StatusCode::NOT_FOUND, Reason::Nothing),
                    Closed::Failed(e) => (e.status().0, reason(&e)),
                };
                let shown = Shown::Request {
                    ends_at: opened.ends_at(),
                    done: (done > 0).then_some(done),
                    problem: Some((name, problem)),
                };
                return Ok(visitor.show(status, shown));
            }
        }
        if done >= MOST_FILES {
            break;
        }
    }
    // By another address, so that a reload sends nothing again.
    let mut response = StatusCode::SEE_OTHER.into_response();
    let to = format!("{SHARED}{}?stored={done}", visitor.token);
    if let Ok(location) = HeaderValue::from_str(&to) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// What is not drawn, but handed out.
#[derive(Clone, Copy)]
enum Given {
    /// A file.
    File,
    /// A file, for the browser to show.
    Preview,
    /// A folder as an archive.
    Archive,
}

async fn download(
    State(state): State<AppState>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    bytes(Given::File, state, token, request).await
}

async fn preview(
    State(state): State<AppState>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    bytes(Given::Preview, state, token, request).await
}

async fn archive(
    State(state): State<AppState>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    bytes(Given::Archive, state, token, request).await
}

/// `/l/{token}/download`, `/l/{token}/preview`, `/l/{token}/archive`: bytes. Clients without a browser may post the
/// password instead of a cookie.
async fn bytes(given: Given, state: AppState, token: String, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let visitor = Visitor::new(state, token, &parts);
    let method = parts.method.clone();
    let request = Request::from_parts(parts, body);
    match Box::pin(hand_out(&visitor, given, &method, request)).await {
        Ok(response) => response,
        Err(closed) => visitor.closed(closed),
    }
}

async fn hand_out(
    visitor: &Visitor,
    given: Given,
    method: &Method,
    request: Request,
) -> Result<Response, Closed> {
    let headers = visitor.parts.headers.clone();
    let opened = visitor.open().await?;
    if opened.kind() == LinkKind::Request {
        return Err(Closed::Refused);
    }
    match *method {
        Method::GET | Method::HEAD if visitor.is_free(&opened) => {}
        // The page asks.
        Method::GET | Method::HEAD => {
            let ask = Shown::Password { fault: None };
            return Ok(visitor.show(StatusCode::FORBIDDEN, ask));
        }
        Method::POST => {
            let typed = password(request).await?;
            if let Err(page) = admit(visitor, &opened, &typed).await? {
                return Ok(page);
            }
        }
        _ => return Ok(Error::MethodNotAllowed.into_response()),
    }
    let state = &visitor.state;
    if let Given::Archive = given {
        let path = visitor.given(AT).unwrap_or_default();
        return opened.archive(state, &path, method).await;
    }
    let key = opened.file(state, visitor.given(FILE).as_deref())?;
    match given {
        Given::Preview => opened.show(state, &key, method).await,
        _ => opened.download(state, &key, method, &headers).await,
    }
}
