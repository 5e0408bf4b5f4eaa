//! Letting a refused client finish.
//!
//! A client that is still sending when its refusal comes, and finds the connection closed, often
//! loses the answer: a browser then reports a network error in place of "the disk is full". So what
//! is left of the body of a refused request is read and thrown away, within bounds.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::body::Body;
use bytes::Bytes;
use futures::future::poll_fn;
use http_body::{Body as HttpBody, Frame, SizeHint};

/// How much is read for a refused client …
const MOST: usize = 64 * 1024 * 1024;
/// … and for how long.
const LONGEST: Duration = Duration::from_secs(2);

/// A body of which somebody else may read the rest.
#[derive(Clone)]
pub(super) struct Shared(Arc<Mutex<Body>>);

impl Shared {
    pub(super) fn new(body: Body) -> Self {
        Self(Arc::new(Mutex::new(body)))
    }

    fn body(&self) -> MutexGuard<'_, Body> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what is left, as far as the bounds allow.
    pub(super) async fn drain(self) {
        let mut read = 0;
        let reading = async {
            while read < MOST {
                match poll_fn(|context| Pin::new(&mut *self.body()).poll_frame(context)).await {
                    Some(Ok(frame)) => read += frame.data_ref().map_or(0, Bytes::len),
                    Some(Err(_)) | None => break,
                }
            }
        };
        // A client that stalls has only itself to blame.
        let _ = tokio::time::timeout(LONGEST, reading).await;
    }
}

impl HttpBody for Shared {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut *self.body()).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body().is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body().size_hint()
    }
}
