use std::sync::atomic::{AtomicUsize, Ordering};

use axum::{Router, http::StatusCode, middleware::from_fn, routing::put};
use futures::{StreamExt, stream};
use tower::ServiceExt;

use super::*;

/// Sends ten pieces to a handler that answers with `status` unread. Returns the answer and how many
/// pieces were read.
async fn send(status: StatusCode, asks_first: bool) -> (Response, usize) {
    let read = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&read);
    let pieces = stream::iter(0..10).map(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
        Ok::<_, std::io::Error>(Bytes::from_static(b"piece"))
    });
    let mut request = Request::put("/").body(Body::from_stream(pieces)).unwrap();
    if asks_first {
        let value = HeaderValue::from_static("100-continue");
        request.headers_mut().insert(header::EXPECT, value);
    }
    let handler = move || async move { status };
    let router = Router::new().route("/", put(handler)).layer(from_fn(layer));
    let response = router.oneshot(request).await.unwrap();
    (response, read.load(Ordering::Relaxed))
}

#[tokio::test]
async fn what_is_left_of_a_refused_body_is_read() {
    for status in [StatusCode::BAD_REQUEST, StatusCode::INSUFFICIENT_STORAGE] {
        let (response, read) = send(status, false).await;
        assert_eq!((response.status(), read), (status, 10));
        assert!(!response.headers().contains_key(header::CONNECTION));
    }
}

#[tokio::test]
async fn a_success_leaves_the_body_to_its_handler() {
    let (_, read) = send(StatusCode::OK, false).await;
    assert_eq!(read, 0);
}

#[tokio::test]
async fn a_client_that_asked_first_is_not_told_to_send() {
    let (response, read) = send(StatusCode::FORBIDDEN, true).await;
    assert_eq!((response.status(), read), (StatusCode::FORBIDDEN, 0));
    // Nor may its next request be taken for the body, whatever the answer was.
    for status in [StatusCode::FORBIDDEN, StatusCode::OK] {
        let (response, _) = send(status, true).await;
        assert_eq!(response.headers()[header::CONNECTION], "close");
    }
}

#[tokio::test]
async fn a_client_that_asks_first_to_send_nothing_is_let_go() {
    let router = Router::new()
        .route("/", put(|| async { StatusCode::OK }))
        .layer(from_fn(layer));
    let request = Request::put("/").header(header::EXPECT, "100-continue");
    let request = request.body(Body::empty()).unwrap();
    let response = router.oneshot(request).await.unwrap();
    assert_eq!(response.headers()[header::CONNECTION], "close");
}
