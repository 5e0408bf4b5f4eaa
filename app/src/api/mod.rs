//! Calls the API: one typed function, two ways to carry it.
//!
//! In the browser a request goes over the network; while a page is rendered on the server it is
//! dispatched to the API's router in the same process, with the session of whoever asked for the page.

use model::{Endpoint, ErrorCode, Problem};

use crate::words::general;

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
mod browser;
#[cfg(feature = "ssr")]
mod server;

#[cfg(feature = "ssr")]
pub use server::ServerApi;

/// What a transport carries: the request without its types.
#[cfg_attr(
    not(any(feature = "ssr", feature = "hydrate")),
    expect(dead_code, reason = "read by the transports")
)]
struct Outgoing {
    method: http::Method,
    path: String,
    /// JSON, unless the headers say otherwise.
    body: Option<String>,
    /// Headers beside those of every call.
    headers: Vec<(&'static str, String)>,
}

/// What a transport brings back.
///
/// Text, not bytes: the resources of a page are read from text too, and code that reads one type from both would be
/// there twice.
struct Incoming {
    status: u16,
    body: String,
}

/// Sends `request` and reads its answer.
///
/// # Errors
/// The [`Problem`] that the API answered, or one that says that no usable answer came.
pub async fn call<E>(request: E) -> Result<E::Response, Problem>
where
    E: Endpoint + Send + Sync,
{
    let body = request
        .body()
        .map(serde_json::to_string)
        .transpose()
        .map_err(|_unserialisable| unreadable())?;
    let outgoing = Outgoing {
        method: E::METHOD,
        path: request.path(),
        body,
        headers: Vec::new(),
    };
    let change = (!E::METHOD.is_safe()).then(|| outgoing.path.clone());
    let answer = send(outgoing).await?;
    decode::<E::Response>(&answer).inspect_err(|problem| noted(problem, change.as_deref()))
}

/// Sends a call whose answer is read as JSON without a type: pages of administration show what the
/// store says, property by property.
///
/// # Errors
/// As of [`call`].
pub async fn raw(
    method: http::Method,
    path: String,
    body: Option<serde_json::Value>,
) -> Result<serde_json::Value, Problem> {
    let outgoing = Outgoing {
        method,
        path,
        body: body.map(|body| body.to_string()),
        headers: Vec::new(),
    };
    let change = (!outgoing.method.is_safe()).then(|| outgoing.path.clone());
    let answer = send(outgoing).await?;
    decode(&answer).inspect_err(|problem| noted(problem, change.as_deref()))
}

/// Reads what is so now, not what was kept of a while ago.
///
/// # Errors
/// As of [`call`].
pub async fn fresh(path: String) -> Result<serde_json::Value, Problem> {
    let outgoing = Outgoing {
        method: http::Method::GET,
        path,
        body: None,
        headers: vec![("cache-control", "no-cache".to_owned())],
    };
    decode(&send(outgoing).await?)
}

/// Stores a text that is no JSON of ours, with the headers that say what it is, and on what condition.
///
/// # Errors
/// As of [`call`].
pub async fn put<T: serde::de::DeserializeOwned>(
    path: String,
    headers: Vec<(&'static str, String)>,
    text: String,
) -> Result<T, Problem> {
    changed(http::Method::PUT, path, headers, Some(text)).await
}

/// Removes something on a condition.
pub async fn delete<T: serde::de::DeserializeOwned>(
    path: String,
    headers: Vec<(&'static str, String)>,
) -> Result<T, Problem> {
    changed(http::Method::DELETE, path, headers, None).await
}

async fn changed<T: serde::de::DeserializeOwned>(
    method: http::Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
) -> Result<T, Problem> {
    let outgoing = Outgoing {
        method,
        path: path.clone(),
        body,
        headers,
    };
    let answer = send(outgoing).await?;
    decode(&answer).inspect_err(|problem| noted(problem, Some(&path)))
}

/// Puts a file of the browser in, as the field `file` of a form.
///
/// # Errors
/// As of [`call`].
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
pub(crate) async fn put_file(path: &str, file: &web_sys::Blob) -> Result<(), Problem> {
    let answer = browser::put_file(path, file).await?;
    let done: Result<serde_json::Value, Problem> = decode(&answer);
    done.map(drop)
        .inspect_err(|problem| noted(problem, Some(path)))
}

/// A change that was refused for the session's sake is told to what watches over that.
fn noted(problem: &Problem, change: Option<&str>) {
    if let Some(found) = change.and_then(|path| crate::layout::trouble_of(problem, path)) {
        tell(found);
    }
}

#[cfg(feature = "ssr")]
use server::send;

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
use browser::send;

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
pub(crate) use browser::{is_helped, speak_for, spoken_for, watch};

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
use browser::tell;

/// Nothing happens to a page while it is rendered.
#[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
fn tell(_found: crate::layout::Trouble) {}

/// Nothing happens to a page while it is rendered.
#[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
pub(crate) fn watch(_trouble: leptos::prelude::RwSignal<Option<crate::layout::Trouble>>) {}

/// Without a transport (neither side is being built) every call fails in the same words.
#[cfg(not(any(feature = "ssr", feature = "hydrate")))]
async fn send(_outgoing: Outgoing) -> Result<Incoming, Problem> {
    Err(no_answer())
}

fn decode<T: serde::de::DeserializeOwned>(answer: &Incoming) -> Result<T, Problem> {
    if (200..300).contains(&answer.status) {
        return serde_json::from_str(&answer.body).map_err(|_not_the_contract| unreadable());
    }
    Err(serde_json::from_str(&answer.body).unwrap_or_else(|_not_a_problem| unreadable()))
}

/// Hako itself cannot be reached: the network is gone, or the server.
pub(crate) fn no_answer() -> Problem {
    Problem::new(ErrorCode::RequestTimeout, general::hako_does_not_answer())
}

/// Something answered that is not the API.
fn unreadable() -> Problem {
    Problem::new(ErrorCode::Internal, general::answer_unreadable())
}

/// Whether signing in again is what helps.
pub fn needs_sign_in(problem: &Problem) -> bool {
    matches!(
        problem.code,
        ErrorCode::NotAuthenticated | ErrorCode::InvalidToken | ErrorCode::TokenExpired
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Incoming {
        Incoming {
            status,
            body: body.to_owned(),
        }
    }

    #[test]
    fn a_refusal_keeps_its_code_and_request_id() {
        let body = r#"{"detail":"no such bucket","code":"bucket_not_found","request_id":"r-1"}"#;
        let problem = decode::<model::bucket::BucketList>(&answer(404, body)).unwrap_err();
        assert_eq!(problem.code, ErrorCode::BucketNotFound);
        assert_eq!(problem.request_id.as_deref(), Some("r-1"));
    }

    #[test]
    fn an_answer_from_something_else_is_a_problem_too() {
        for (status, body) in [
            (502, "<html>bad gateway</html>"),
            (200, "<html>"),
            (204, ""),
        ] {
            let problem = decode::<model::bucket::BucketList>(&answer(status, body)).unwrap_err();
            assert_eq!(problem.code, ErrorCode::Internal, "{status}");
        }
    }

    #[test]
    fn only_an_ended_session_leads_to_sign_in() {
        assert!(needs_sign_in(&Problem::new(ErrorCode::TokenExpired, "")));
        assert!(!needs_sign_in(&Problem::new(ErrorCode::AccessDenied, "")));
        assert!(!needs_sign_in(&Problem::new(
            ErrorCode::StoreUnreachable,
            ""
        )));
    }
}
