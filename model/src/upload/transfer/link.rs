//! Presigned URLs and their time.

use std::collections::BTreeMap;

#[cfg(test)]
use crate::upload::plant;
use crate::{Timestamp, upload::Moment};

/// A presigned URL and its time. A credential: not shown by `Debug`.
#[derive(Clone)]
pub(super) struct Link {
    url: String,
    /// By the browser's clock, reckoned from the server's.
    over_at: u64,
    lifetime: u64,
    /// Headers that it signs, so that the request must carry them.
    headers: BTreeMap<String, String>,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link")
            .field("over_at", &self.over_at)
            .finish_non_exhaustive()
    }
}

impl Link {
    /// Takes a URL asked for at `asked` of the browser's clock. The server's clock counts: its offset
    /// is taken as if it had signed when it was asked, so an end is met early rather than late.
    pub(super) fn new(
        url: String,
        asked: u64,
        server_time: Timestamp,
        expires_at: Timestamp,
    ) -> Option<Self> {
        let lifetime = expires_at.unix_millis() - server_time.unix_millis();
        let lifetime = u64::try_from(lifetime).ok().filter(|ms| *ms >= 1_000)?;
        Some(Self {
            url,
            over_at: asked.saturating_add(lifetime),
            lifetime,
            headers: BTreeMap::new(),
        })
    }

    pub(super) fn with(mut self, headers: BTreeMap<String, String>) -> Self {
        self.headers = headers;
        self
    }

    pub(super) fn headers(&self) -> &BTreeMap<String, String> {
        &self.headers
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Whether enough time is left to send with it.
    pub(super) fn is_fresh(&self, moment: Moment, last_part_ms: u64) -> bool {
        #[cfg(test)]
        if plant::is(plant::Plant::UrlReused) {
            return true;
        }
        let margin = last_part_ms.saturating_mul(2).max(60_000);
        self.over_at.saturating_sub(moment.now) >= margin.min(self.lifetime / 2)
    }

    pub(super) fn is_over(&self, moment: Moment) -> bool {
        self.over_at <= moment.now
    }
}
