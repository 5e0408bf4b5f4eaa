//! One handler for every plain form: decode, call the API in-process, redirect or show the page again.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use http_body_util::BodyExt;
use model::{
    ErrorCode, Problem,
    endpoint::encode,
    form::{FormOutcome, FormRequest, JOB, SESSION, SWITCH, decode},
    job::Job,
    session::SESSION_HEADER,
};
use tower::ServiceExt;

use super::{Pages, passed_on};
use crate::{
    Error,
    session::cookies,
    web::{
        extract::{BODY_LIMIT, body_error, media_type_is},
        guard::{Connection, RequestHost, check_same_origin},
    },
};

/// Takes a form posted to a page's own address.
pub(super) async fn submit(pages: &Pages, host: RequestHost, request: Request) -> Response {
    if let Err(e) = check_same_origin(
        request.method(),
        request.headers(),
        &host,
        pages.state.hosts(),
    ) {
        return e.into_response();
    }
    if media_type_is(request.headers(), |t| t == "multipart/form-data") {
        return super::files::submit(pages, host, request).await;
    }
    if !media_type_is(request.headers(), |t| {
        t == "application/x-www-form-urlencoded"
    }) {
        return Error::UnsupportedMediaType {
            expected: "application/x-www-form-urlencoded",
        }
        .into_response();
    }
    let connection = request.extensions().get::<Connection>().copied();
    let (parts, body) = request.into_parts();
    let bytes = Request::from_parts(parts.clone(), body);
    let bytes = match Bytes::from_request(bytes, &()).await {
        Ok(bytes) => bytes,
        Err(rejection) => return body_error(rejection).into_response(),
    };
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(&bytes).into_owned().collect();
    let mut headers = passed_on(&parts.headers, &host);
    let field = |name: &str| {
        fields
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    };
    // As scripts say it by a header.
    let mark = field(SESSION).and_then(|mark| HeaderValue::from_str(mark).ok());
    if let Some(mark) = mark {
        headers.insert(SESSION_HEADER, mark);
    }
    let (problem, status) = match decode(&fields) {
        Ok(form) => {
            let answer = call(pages, &form, headers.clone(), &host, connection).await;
            if answer.status().is_success() {
                // A file that is fetched by a form goes to the browser's downloads, and the page stays.
                if answer.headers().contains_key(header::CONTENT_DISPOSITION) {
                    return answer;
                }
                let set = answer.headers().clone();
                let next = if field("op") == Some(SWITCH) {
                    let cookies = after(&parts.headers, &set);
                    pages.landing(&parts, &cookies, &host, &form.next).await
                } else if form.next.contains(JOB) {
                    form.next.replace(JOB, &encode(&job_of(answer).await))
                } else {
                    form.next
                };
                return redirect(&next, &set);
            }
            let status = answer.status();
            (problem_of(answer).await, status)
        }
        Err(problem) => (problem, StatusCode::UNPROCESSABLE_ENTITY),
    };
    refused(pages, parts, &host, headers, &fields, (problem, status)).await
}

/// The page once more, with what was wrong.
pub(super) async fn refused(
    pages: &Pages,
    parts: Parts,
    host: &RequestHost,
    headers: HeaderMap,
    fields: &[(String, String)],
    (problem, status): (Problem, StatusCode),
) -> Response {
    if problem.code == ErrorCode::SessionMismatch {
        // Of the page's own session nothing can be shown as the current one, nor the other way round.
        let here = encode(&parts.uri.to_string());
        return redirect(&format!("/sessions?refused={here}"), &HeaderMap::new());
    }
    let outcome = FormOutcome::new(fields, problem);
    let with = match pages.again(&headers, host).await {
        Ok(with) => with,
        Err(e) => return e.into_response(),
    };
    let mut page = pages.render(parts, host, with, Some(outcome)).await;
    // A page that has something worse to say (signed out, not found) keeps its own status.
    if page.status() == StatusCode::OK {
        *page.status_mut() = status;
    }
    page
}

/// Sends the decoded request through the API's own router.
async fn call(
    pages: &Pages,
    form: &FormRequest,
    headers: HeaderMap,
    host: &RequestHost,
    connection: Option<Connection>,
) -> Response {
    let body = form
        .body
        .as_ref()
        .map_or_else(Body::empty, |json| Body::from(json.to_string()));
    let mut request = Request::new(body);
    *request.method_mut() = form.method.clone();
    *request.headers_mut() = headers;
    match form.path.parse() {
        Ok(uri) => *request.uri_mut() = uri,
        Err(e) => return Error::internal(e).into_response(),
    }
    if form.body.is_some() {
        request.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
    }
    request.extensions_mut().insert(host.clone());
    if let Some(connection) = connection {
        request.extensions_mut().insert(connection);
    }
    match pages.api.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

async fn body_of(answer: Response) -> Bytes {
    let limited = http_body_util::Limited::new(answer.into_body(), BODY_LIMIT);
    let body = limited.collect().await;
    body.map(http_body_util::Collected::to_bytes)
        .unwrap_or_default()
}

pub(super) async fn problem_of(answer: Response) -> Problem {
    serde_json::from_slice(&body_of(answer).await)
        .unwrap_or_else(|_not_json| Problem::new(ErrorCode::Internal, "Internal server error"))
}

/// The id of the job that a call has started.
async fn job_of(answer: Response) -> String {
    let job = serde_json::from_slice::<Job>(&body_of(answer).await);
    job.map(|job| job.id).unwrap_or_default()
}

/// The cookies of a browser after an answer.
fn after(request: &HeaderMap, answer: &HeaderMap) -> HeaderMap {
    let set: Vec<(&str, &str)> = answer
        .get_all(header::SET_COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok()?.split(';').next()?.split_once('='))
        .collect();
    let kept = cookies(request).filter(|(name, _)| set.iter().all(|(new, _)| new != name));
    let pairs: Vec<_> = kept
        .chain(set.iter().copied())
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(&pairs.join("; ")) {
        headers.insert(header::COOKIE, value);
    }
    headers
}

/// 303 to a path of this site, with the cookies that the call set.
pub(super) fn redirect(next: &str, answer: &HeaderMap) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    if let Ok(location) = HeaderValue::from_str(&ascii(next)) {
        headers.insert(header::LOCATION, location);
    }
    for cookie in answer.get_all(header::SET_COOKIE) {
        headers.append(header::SET_COOKIE, cookie.clone());
    }
    response
}

/// A path as a header may carry it: what is not ASCII percent-encoded.
fn ascii(path: &str) -> String {
    percent_encoding::utf8_percent_encode(path, percent_encoding::CONTROLS).to_string()
}
