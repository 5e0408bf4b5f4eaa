//! One body for every failure, also for those that no handler of ours saw: a path that is no text, a
//! request that took too long.

use axum::{body::Body, extract::Request, middleware::Next, response::Response};
use http::{HeaderValue, StatusCode, header};
use model::{ErrorCode, Problem};

use super::request_id;
use crate::error::Word;

/// Gives a failure without a problem in its body one.
pub async fn layer(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_json(&response) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let problem = problem(status);
    parts.extensions.insert(Word(problem.code));
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::TRANSFER_ENCODING);
    parts.headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    Response::from_parts(parts, Body::from(body))
}

fn is_json(response: &Response) -> bool {
    let content_type = response.headers().get(header::CONTENT_TYPE);
    content_type.is_some_and(|t| t.as_bytes().starts_with(b"application/json"))
}

fn problem(status: StatusCode) -> Problem {
    let (code, detail) = match status {
        StatusCode::BAD_REQUEST => (
            ErrorCode::InvalidArgument,
            "The request's address cannot be read.",
        ),
        StatusCode::METHOD_NOT_ALLOWED => (ErrorCode::MethodNotAllowed, "Method Not Allowed"),
        StatusCode::PAYLOAD_TOO_LARGE => (
            ErrorCode::PayloadTooLarge,
            "The request body is larger than the route takes.",
        ),
        StatusCode::GATEWAY_TIMEOUT => (ErrorCode::RequestTimeout, "The request took too long."),
        _ => (
            ErrorCode::Internal,
            status.canonical_reason().unwrap_or("Failed"),
        ),
    };
    Problem {
        request_id: request_id::current(),
        ..Problem::new(code, detail)
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, middleware::from_fn, routing::get};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    async fn answer(path: &str) -> (StatusCode, String) {
        let app = Router::new()
            .route("/late", get(async || StatusCode::GATEWAY_TIMEOUT))
            .route("/said", get(async || crate::Error::NotFound))
            .route("/fine", get(async || "text"))
            .layer(from_fn(layer));
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = app.oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_bare_status_gets_a_body_and_everything_else_is_left_alone() {
        let (status, body) = answer("/late").await;
        assert_eq!(status, StatusCode::GATEWAY_TIMEOUT);
        assert!(body.contains(r#""code":"request_timeout""#), "{body}");
        let (_, body) = answer("/said").await;
        assert!(body.contains(r#""code":"not_found""#), "{body}");
        let (_, body) = answer("/fine").await;
        assert_eq!(body, "text");
    }
}
