//! Counting what is read: objects, and all bytes that go out, those of listings among them.

use std::{
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll, ready},
};

use axum::{
    body::{Body, Bytes},
    response::Response,
};
use http_body::{Body as HttpBody, Frame, SizeHint};

use crate::{
    access::Caller,
    store::{
        Store,
        blobs::to_i64,
        usage::{Charged, Sums},
    },
};

/// What a request reads.
#[derive(Clone)]
pub(super) struct Reading {
    /// Known once the request has opened its bucket.
    charged: Arc<OnceLock<Charged>>,
    reads: i64,
}

impl Reading {
    /// What an operation of S3 reads; `None`: it only writes. The bytes of an object are a read; a listing
    /// or what describes an object is none, though it goes out as well.
    pub(super) fn of(operation: &str, caller: &Caller) -> Option<Self> {
        let reads = operation.starts_with("Get") || operation.starts_with("List");
        reads.then(|| Self {
            charged: caller.charged(),
            reads: i64::from(operation == "GetObject"),
        })
    }
}

/// Counts a read, and its bytes as they go out. What is refused is not counted.
pub(super) fn counted(store: &Store, reading: &Reading, response: Response) -> Response {
    let Some(charged) = reading.charged.get() else {
        return response;
    };
    if !response.status().is_success() {
        return response;
    }
    if reading.reads > 0 {
        let sums = Sums {
            reads: reading.reads,
            ..Sums::default()
        };
        store.count_read(charged, sums);
    }
    response.map(|inner| {
        Body::new(Counting {
            inner,
            store: store.clone(),
            charged: charged.clone(),
        })
    })
}

/// A body that counts what is taken from it: of one that is cut short, what went out.
struct Counting {
    inner: Body,
    store: Store,
    charged: Charged,
}

impl HttpBody for Counting {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        if let Some(Ok(frame)) = &frame
            && let Some(bytes) = frame.data_ref()
        {
            let sums = Sums {
                bytes_out: to_i64(bytes.len() as u64),
                ..Sums::default()
            };
            self.store.count_read(&self.charged, sums);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
