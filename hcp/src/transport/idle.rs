//! Limits on standing still: a transfer may take hours as long as it moves.

use std::{
    future::Future,
    pin::{Pin, pin},
    sync::{Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

/// Nothing moved for this long.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("nothing moved for {:?}", .0)]
pub(crate) struct Idle(pub(crate) Duration);

/// When the last piece of a request's body left.
#[derive(Debug)]
pub(super) struct Progress(Mutex<Instant>);

impl Progress {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Instant::now()))
    }

    pub(super) fn moved(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn last(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for `future` as long as `progress` is made at least every `limit`.
pub(super) async fn watched<F: Future>(
    future: F,
    progress: &Progress,
    limit: Duration,
) -> Result<F::Output, Idle> {
    let mut future = pin!(future);
    loop {
        let deadline = progress.last() + limit;
        tokio::select! {
            output = &mut future => return Ok(output),
            () = sleep_until(deadline) => {
                if progress.last() + limit <= Instant::now() {
                    return Err(Idle(limit));
                }
            }
        }
    }
}

/// A body that fails when it is waited for longer than the limit.
///
/// Only waiting counts: time in which nobody asks for more, because the reader is slow, does not.
#[derive(Debug)]
pub(crate) struct IdleBody<B> {
    inner: B,
    limit: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl<B> IdleBody<B> {
    pub(super) fn new(inner: B, limit: Duration) -> Self {
        Self {
            inner,
            limit,
            waiting: None,
        }
    }
}

impl<B> Body for IdleBody<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        match Pin::new(&mut this.inner).poll_frame(cx) {
            Poll::Ready(frame) => {
                this.waiting = None;
                Poll::Ready(frame.map(|f| f.map_err(Into::into)))
            }
            Poll::Pending => {
                let limit = this.limit;
                let waiting = this.waiting.get_or_insert_with(|| Box::pin(sleep(limit)));
                waiting
                    .as_mut()
                    .poll(cx)
                    .map(|()| Some(Err(Idle(limit).into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn waiting_goes_on_while_something_moves() {
        let progress = Progress::new();
        let limit = Duration::from_millis(300);
        let transfer = async {
            for _ in 0..8 {
                sleep(limit / 4).await;
                progress.moved();
            }
            "done"
        };
        let began = Instant::now();
        assert_eq!(watched(transfer, &progress, limit).await.unwrap(), "done");
        assert!(began.elapsed() > limit, "it took longer than the limit");
        let stuck = watched(std::future::pending::<()>(), &progress, limit);
        assert!(stuck.await.is_err());
    }
}
