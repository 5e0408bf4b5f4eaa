//! Performing a call: sent once, or a few times where it only reads.

use std::{
    future::Future,
    hash::{BuildHasher as _, Hasher as _, RandomState},
    time::Duration,
};

use http::Method;
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value as Json};

use super::{Call, Client, Good, Outgoing};
use crate::{Error, ErrorKind, Resource};

/// How often a read is sent at most.
const ATTEMPTS: u32 = 3;
/// How long is waited before the second attempt; before the third it is four times as long.
const FIRST_PAUSE: Duration = Duration::from_millis(150);

/// HCP's answer to a call that went well.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The JSON; an empty object where HCP sent none.
    pub body: Json,
    /// HCP's version, as it says in each answer.
    pub software_version: Option<String>,
}

impl Client<'_> {
    /// Performs a call, within one limit for all attempts.
    pub(crate) async fn perform(&self, call: &Call) -> Result<Reply, Error> {
        let reads = matches!(*call.method(), Method::GET | Method::HEAD);
        self.repeatedly(call.resource(), reads, || self.attempt(call))
            .await
    }

    /// Sends what only reads a few times, where another moment may mend what failed, and all else once.
    pub(super) async fn repeatedly<T, F, Fut>(
        &self,
        resource: &Resource,
        reads: bool,
        send: F,
    ) -> Result<T, Error>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, Error>>,
    {
        let limit = self.config.timeout;
        let attempts = async {
            let mut attempt = 1;
            loop {
                // What a call holds is large, and would be so in every future around it.
                match Box::pin(send()).await {
                    Err(e) if reads && attempt < ATTEMPTS && may_be_repeated(&e) => {
                        tokio::time::sleep(pause(attempt)).await;
                        attempt += 1;
                    }
                    other => return other,
                }
            }
        };
        tokio::time::timeout(limit, attempts)
            .await
            .map_err(|_elapsed| Error::timed_out(resource.clone(), limit))?
    }

    async fn attempt(&self, call: &Call) -> Result<Reply, Error> {
        let target = call.target();
        let request = Outgoing {
            method: call.method().clone(),
            target: target.expose_secret(),
            body: call.body(),
        };
        match self.send(&request, call.resource()).await {
            Ok(good) => Ok(read(good)),
            Err(e) => Err(understood(e, call)),
        }
    }
}

/// Only what another moment may mend: never a refusal, and nothing that used up its time.
fn may_be_repeated(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Unreachable => true,
        ErrorKind::StoreFailed | ErrorKind::Busy => matches!(error.status(), Some(500 | 503)),
        _ => false,
    }
}

/// Half of the pause is by chance, so that those who failed together do not come back together.
fn pause(attempt: u32) -> Duration {
    let pause = FIRST_PAUSE * 4_u32.pow(attempt - 1);
    let chance = RandomState::new().build_hasher().finish() % 512;
    pause / 2 + pause * u32::try_from(chance).unwrap_or_default() / 1024
}

/// HCP answers changes with nothing, and some reads too.
fn read(good: Good) -> Reply {
    let body = serde_json::from_slice(&good.body).unwrap_or_else(|fault| {
        if !good.body.trim_ascii().is_empty() {
            let place = fault.line();
            tracing::warn!(status = good.status, place, "HCP's answer is no JSON");
        }
        Json::Object(Map::new())
    });
    Reply {
        body,
        software_version: good.software_version,
    }
}

/// What the call knows and the answer does not say: that a name was to be taken, and what was secret.
pub(super) fn understood(error: Error, call: &Call) -> Error {
    let error = error.with_message(|text| call.without_secrets(text));
    if *call.method() == Method::PUT && error.status() == Some(409) {
        return error.with_kind(ErrorKind::Exists);
    }
    error
}
