//! The current time as a value that is handed in, so that tests decide what time it is.

use std::sync::Arc;

use time::OffsetDateTime;

/// Says what time it is.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> OffsetDateTime + Send + Sync>);

impl Clock {
    /// A clock that asks `now`.
    pub fn new(now: impl Fn() -> OffsetDateTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The machine's clock.
    pub fn system() -> Self {
        Self::new(OffsetDateTime::now_utc)
    }

    /// The current time.
    pub fn now(&self) -> OffsetDateTime {
        (self.0)()
    }

    /// Milliseconds since 1970, the form in which times are stored.
    pub(crate) fn now_ms(&self) -> i64 {
        let now = self.now();
        now.unix_timestamp() * 1_000 + i64::from(now.millisecond())
    }
}

/// The calendar form of a stored time; times outside the calendar become 1970.
pub(crate) fn from_ms(millis: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
