//! Letting a refused client finish.
//!
//! A client that is still sending when its refusal comes, and finds the connection closed, often
//! loses the answer: a browser then reports a network error in place of "the disk is full", and the
//! next request on the same connection fails. So what is left of the body of a refused request is
//! read and thrown away, within bounds; past them the connection is closed, and the answer says so.
//! A client that asked first (`Expect: 100-continue`) and was not told to go on has nothing to finish.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    middleware::Next,
    response::Response,
};
use http::{HeaderValue, header};
use http_body::{Frame, SizeHint};

/// How much is read for a refused client …
const MOST: usize = 64 * 1024 * 1024;
/// … and for how long.
const LONGEST: Duration = Duration::from_secs(2);

/// Reads what is left of a refused request's body: at most 64 MiB, for at most 2 s. A refusal is an
/// answer of 400 and more; it says `Connection: close` when the client was still sending.
pub async fn layer(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asks_first = parts.headers.contains_key(header::EXPECT);
    if body.is_end_stream() {
        let mut response = next.run(Request::from_parts(parts, body)).await;
        if asks_first {
            // Without a body there is nothing to go on with, and no interim answer is sent. Clients that
            // waited for one (botocore) misread what follows on the same connection.
            close(&mut response);
        }
        return response;
    }
    let rest = Rest(Arc::new(Mutex::new(body)));
    let request = Request::from_parts(parts, Body::new(rest.clone()));
    let mut response = next.run(request).await;
    let status = response.status();
    if asks_first && !rest.body().is_end_stream() {
        // It takes the answer for a no and sends its next request, which would pass for the body.
        close(&mut response);
        return response;
    }
    let refused = status.is_client_error() || status.is_server_error();
    if refused && !rest.read().await {
        close(&mut response);
    }
    response
}

fn close(response: &mut Response) {
    let value = HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, value);
}

/// A body of which somebody else may read the rest.
#[derive(Clone)]
struct Rest(Arc<Mutex<Body>>);

impl Rest {
    fn body(&self) -> MutexGuard<'_, Body> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the end was reached.
    async fn read(&self) -> bool {
        let reading = async {
            let mut length = 0;
            while length < MOST {
                let frame = std::future::poll_fn(|cx| Pin::new(&mut *self.body()).poll_frame(cx));
                match frame.await {
                    Some(Ok(frame)) => length += frame.data_ref().map_or(0, Bytes::len),
                    Some(Err(_)) => return false,
                    None => return true,
                }
            }
            false
        };
        // A client that stalls has only itself to blame.
        tokio::time::timeout(LONGEST, reading)
            .await
            .unwrap_or(false)
    }
}

impl HttpBody for Rest {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut *self.body()).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body().is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body().size_hint()
    }
}

#[cfg(test)]
mod tests;
