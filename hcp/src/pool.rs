//! One S3 client per identity, kept while it is used.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// More clients than this are not kept.
const CAPACITY: usize = 256;
/// A client that nobody asked for in this time is dropped, and the secret that it holds with it.
const LIFETIME: Duration = Duration::from_mins(30);

/// Values by the digest of an identity; bounded, and forgetting.
#[derive(Debug)]
pub(crate) struct Pool<T>(Mutex<HashMap<[u8; 32], Entry<T>>>);

#[derive(Debug)]
struct Entry<T> {
    value: T,
    used: Instant,
}

impl<T: Clone> Pool<T> {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(HashMap::new()))
    }

    /// The value of an identity, made when it is not there. `now` only grows.
    pub(crate) fn get_or_make<E>(
        &self,
        identity: [u8; 32],
        now: Instant,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|_, entry| now.saturating_duration_since(entry.used) < LIFETIME);
        if let Some(entry) = entries.get_mut(&identity) {
            entry.used = now;
            return Ok(entry.value.clone());
        }
        let value = make()?;
        if entries.len() >= CAPACITY {
            let oldest = entries.iter().min_by_key(|(_, entry)| entry.used);
            if let Some(oldest) = oldest.map(|(identity, _)| *identity) {
                entries.remove(&oldest);
            }
        }
        entries.insert(
            identity,
            Entry {
                value: value.clone(),
                used: now,
            },
        );
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn identity(n: usize) -> [u8; 32] {
        let mut digest = [0; 32];
        digest[..8].copy_from_slice(&n.to_le_bytes());
        digest
    }

    fn ask(pool: &Pool<usize>, n: usize, now: Instant, value: usize) -> usize {
        let made: Result<usize, Infallible> = pool.get_or_make(identity(n), now, || Ok(value));
        made.unwrap()
    }

    #[test]
    fn an_identity_keeps_its_client_while_it_is_used() {
        let pool = Pool::new();
        let start = Instant::now();
        assert_eq!(ask(&pool, 1, start, 10), 10);
        assert_eq!(ask(&pool, 1, start + LIFETIME / 2, 11), 10);
        assert_eq!(ask(&pool, 1, start + LIFETIME, 12), 10);
        assert_eq!(ask(&pool, 1, start + LIFETIME * 3, 13), 13);
    }

    #[test]
    fn the_longest_unused_makes_room() {
        let pool = Pool::new();
        let start = Instant::now();
        for n in 0..CAPACITY {
            ask(&pool, n, start + Duration::from_millis(n as u64), n);
        }
        let later = start + Duration::from_secs(1);
        ask(&pool, 0, later, 0);
        ask(&pool, CAPACITY, later, 0);
        assert_eq!(pool.0.lock().unwrap().len(), CAPACITY);
        assert_eq!(ask(&pool, 0, later, 99), 0, "used last, so kept");
        assert_eq!(ask(&pool, 1, later, 99), 99, "used first, so dropped");
    }
}
