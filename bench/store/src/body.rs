//! Request bodies that cost the client nothing but the system call.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use rand::RngCore as _;

/// The length of the piece of which bodies are made, in bytes: small enough to stay in the
/// processor's cache, so that reading it takes no memory bandwidth from the program measured.
pub(crate) const PIECE: u64 = 1024 * 1024;

/// A piece of random bytes.
pub(crate) fn noise() -> Bytes {
    let mut piece = vec![0; usize::try_from(PIECE).unwrap_or_default()];
    rand::rng().fill_bytes(&mut piece);
    piece.into()
}

/// One piece over and over until the length is reached.
pub(crate) struct Repeated {
    piece: Bytes,
    left: u64,
}

impl Repeated {
    /// `length` bytes, made of `piece`.
    pub(crate) fn new(piece: Bytes, length: u64) -> Self {
        Self {
            piece,
            left: length,
        }
    }

    /// These bytes, once.
    pub(crate) fn once(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let length = bytes.len() as u64;
        Self::new(bytes, length)
    }

    /// No bytes.
    pub(crate) fn empty() -> Self {
        Self::new(Bytes::new(), 0)
    }
}

impl Body for Repeated {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let length = self.left.min(self.piece.len() as u64);
        if length == 0 {
            return Poll::Ready(None);
        }
        self.left -= length;
        let piece = self
            .piece
            .slice(..usize::try_from(length).unwrap_or_default());
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    #[tokio::test]
    async fn a_repeated_body_has_the_length_that_it_announces() {
        for length in [0, 1, 7, 8, 21] {
            let body = Repeated::new(Bytes::from_static(b"piece.."), length);
            assert_eq!(body.size_hint().exact(), Some(length));
            let bytes = body.collect().await.unwrap().to_bytes();
            assert_eq!(bytes.len() as u64, length);
            let expected = b"piece..".repeat(3);
            assert_eq!(bytes, expected[..bytes.len()]);
        }
    }
}
