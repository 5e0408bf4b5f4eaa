//! Request bodies on their way: in small pieces, so that progress can be seen, and with exactly the
//! length that was announced.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::idle::Progress;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The largest piece handed to the connection at once. A piece counts as moved when the next one is
/// asked for, so a large one on a slow line would look like standing still.
const PIECE: usize = 64 * 1024;

/// The body that was to be stored could not be read to its end.
#[derive(Debug, thiserror::Error)]
#[error("the body to be stored could not be read")]
pub(crate) struct SourceFailed(#[source] BoxError);

impl SourceFailed {
    pub(crate) fn new(source: impl Into<BoxError>) -> Self {
        Self(source.into())
    }
}

/// The body of a request.
#[derive(Debug)]
pub(super) struct Outgoing {
    body: SdkBody,
    progress: Arc<Progress>,
    rest: Bytes,
}

impl Outgoing {
    pub(super) fn new(body: SdkBody, progress: Arc<Progress>) -> Self {
        Self {
            body,
            progress,
            rest: Bytes::new(),
        }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.progress.moved();
        if self.rest.is_empty() {
            let frame = match Pin::new(&mut self.body).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => frame,
                other => return other,
            };
            match frame.into_data() {
                Ok(data) => self.rest = data,
                Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
            }
        }
        let length = self.rest.len().min(PIECE);
        let piece = self.rest.split_to(length);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let inner = self.body.size_hint();
        let rest = self.rest.len() as u64;
        let mut hint = SizeHint::new();
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint.set_lower(inner.lower().saturating_add(rest));
        hint
    }
}
