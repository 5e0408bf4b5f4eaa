//! What is to be stored: bytes in memory, or a stream of known length.

use std::{
    fmt,
    pin::Pin,
    sync::Mutex,
    task::{Context, Poll},
};

use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use futures::Stream;
use http_body::{Frame, SizeHint};

use crate::transport::SourceFailed;

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type BoxStream = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

/// The body of an object or of a part.
///
/// Bytes in memory are hashed, signed and, when the connection breaks, sent again. A stream goes out
/// as it comes, is not signed as a payload, and cannot be sent twice.
pub struct Body(Kind);

enum Kind {
    Bytes(Bytes),
    Stream(Sized),
}

impl Body {
    /// Bytes in memory.
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        Self(Kind::Bytes(bytes.into()))
    }

    /// Nothing: a folder, or a file of no bytes.
    pub fn empty() -> Self {
        Self::from_bytes(Bytes::new())
    }

    /// A stream of exactly `length` bytes. When it fails, or ends early, or has more, nothing is
    /// stored and the call fails with [`SourceFailed`](crate::ErrorKind::SourceFailed).
    pub fn from_stream<S, E>(length: u64, stream: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<BoxError> + 'static,
    {
        use futures::StreamExt as _;
        Self(Kind::Stream(Sized {
            stream: Mutex::new(Box::pin(stream.map(|item| item.map_err(Into::into)))),
            remaining: length,
            failed: false,
        }))
    }

    /// The length in bytes.
    pub fn len(&self) -> u64 {
        match &self.0 {
            Kind::Bytes(bytes) => bytes.len() as u64,
            Kind::Stream(stream) => stream.remaining,
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn into_stream(self) -> ByteStream {
        ByteStream::new(self.into_sdk())
    }

    pub(crate) fn into_sdk(self) -> SdkBody {
        match self.0 {
            Kind::Bytes(bytes) => SdkBody::from(bytes),
            // Nothing comes of it, and without bytes there is nothing to be early or late with.
            Kind::Stream(stream) if stream.remaining == 0 => SdkBody::from(Bytes::new()),
            Kind::Stream(stream) => SdkBody::from_body_1_x(stream),
        }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::from_bytes(bytes)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").field("len", &self.len()).finish()
    }
}

/// A stream that must give exactly what was announced.
struct Sized {
    /// Never locked: it is only reached through `get_mut`. The SDK wants bodies that are `Sync`,
    /// streams of the web server are not.
    stream: Mutex<BoxStream>,
    remaining: u64,
    failed: bool,
}

impl http_body::Body for Sized {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        if this.remaining == 0 || this.failed {
            return Poll::Ready(None);
        }
        let stream = this
            .stream
            .get_mut()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let item = match stream.as_mut().poll_next(cx) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(item) => item,
        };
        let data = match item {
            Some(Ok(data)) if data.len() as u64 <= this.remaining => Ok(data),
            Some(Ok(_)) => Err("it has more bytes than announced".into()),
            Some(Err(error)) => Err(error),
            None => Err("it ended before the announced length".into()),
        };
        Poll::Ready(Some(match data {
            Ok(data) => {
                this.remaining -= data.len() as u64;
                Ok(Frame::data(data))
            }
            Err(error) => {
                this.failed = true;
                Err(Box::new(SourceFailed::new(error)) as BoxError)
            }
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.remaining == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.remaining)
    }
}

#[cfg(test)]
mod tests {
    use futures::stream;
    use http_body_util::BodyExt as _;

    use super::*;
    use crate::error::caused_by;

    async fn read(length: u64, pieces: &[&'static str]) -> Result<Bytes, BoxError> {
        let pieces: Vec<_> = pieces
            .iter()
            .map(|p| Ok::<_, std::io::Error>(Bytes::from_static(p.as_bytes())))
            .collect();
        let body = Body::from_stream(length, stream::iter(pieces));
        assert_eq!(body.len(), length);
        let collected = body.into_stream().into_inner().collect().await?;
        Ok(collected.to_bytes())
    }

    #[tokio::test]
    async fn a_stream_gives_exactly_what_was_announced() {
        assert_eq!(read(5, &["he", "llo"]).await.unwrap(), "hello");
        assert_eq!(read(0, &[]).await.unwrap(), "");
        for (length, pieces) in [(6, ["he", "llo"]), (4, ["he", "llo"])] {
            let error = read(length, &pieces).await.unwrap_err();
            assert!(caused_by::<SourceFailed>(error.as_ref()), "{error}");
        }
    }

    #[test]
    fn only_bytes_can_be_sent_twice() {
        let bytes = Body::from_bytes("x").into_stream().into_inner();
        assert!(bytes.try_clone().is_some());
        let stream = Body::from_stream(1, stream::empty::<Result<Bytes, std::io::Error>>());
        assert!(stream.into_stream().into_inner().try_clone().is_none());
    }
}
