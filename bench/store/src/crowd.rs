//! Many requests at once.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Result;
use tokio::task::JoinSet;

/// Does `work` for each of `0..count`, `width` of them at any time; says how long all took. The
/// first failure ends it.
pub(crate) async fn crowd<W, F>(width: usize, count: usize, work: W) -> Result<Duration>
where
    W: Fn(usize) -> F + Clone + Send + 'static,
    F: Future<Output = Result<()>> + Send,
{
    let next = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let mut workers: JoinSet<Result<()>> = JoinSet::new();
    for _ in 0..width.min(count) {
        let (next, work) = (Arc::clone(&next), work.clone());
        workers.spawn(async move {
            loop {
                let one = next.fetch_add(1, Ordering::Relaxed);
                if one >= count {
                    return Ok(());
                }
                work(one).await?;
            }
        });
    }
    while let Some(ended) = workers.join_next().await {
        ended??;
    }
    Ok(began.elapsed())
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[tokio::test]
    async fn each_is_done_once_and_never_more_at_a_time_than_asked_for() {
        let done = Arc::new(Mutex::new(Vec::new()));
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let log = (Arc::clone(&done), running, Arc::clone(&most));
        crowd(4, 50, move |one| {
            let (done, running, most) = log.clone();
            async move {
                let now = running.fetch_add(1, Ordering::SeqCst) + 1;
                most.fetch_max(now, Ordering::SeqCst);
                tokio::task::yield_now().await;
                done.lock().unwrap().push(one);
                running.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            }
        })
        .await
        .unwrap();
        let mut done = done.lock().unwrap().clone();
        done.sort_unstable();
        assert_eq!(done, (0..50).collect::<Vec<_>>());
        assert_eq!(most.load(Ordering::SeqCst), 4);
    }

    #[tokio::test]
    async fn a_failure_is_told() {
        let outcome = crowd(2, 10, |one| async move {
            anyhow::ensure!(one != 7, "seven");
            Ok(())
        })
        .await;
        assert_eq!(outcome.unwrap_err().to_string(), "seven");
    }
}
