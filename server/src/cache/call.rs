//! Calls of the management API by way of what is kept.

use bytes::Bytes;
use hcp::{Call, Credentials, Reply, Store};
use http::Method;

use super::{Answer, Cache, Freshness, Read};

impl Cache {
    /// Performs a call: what only reads is answered with what is kept, unless it is wanted `anew`, and
    /// what changes something drops what it may have changed.
    ///
    /// `owner` is the keyed digest of these credentials ([`crate::session::Tokens::owner`]).
    ///
    /// # Errors
    /// Those of the call.
    pub async fn perform(
        &self,
        store: &Store,
        credentials: &Credentials,
        owner: &str,
        call: &Call,
        anew: bool,
    ) -> Result<(Reply, Freshness), hcp::Error> {
        let unkept = |reply| (reply, Freshness::Unkept);
        match *call.method() {
            Method::GET => {
                let read = Read {
                    owner,
                    path: call.path(),
                    query: call.query(),
                    anew,
                };
                let fetch = || async { store.perform(credentials, call).await.map(Answer::from) };
                let (answer, freshness) = self.read(&read, fetch).await?;
                Ok((answer.into(), freshness))
            }
            Method::HEAD => store.perform(credentials, call).await.map(unkept),
            _ => {
                let change = store.perform(credentials, call);
                self.change(call.path(), change).await.map(unkept)
            }
        }
    }
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        Self {
            body: Bytes::from(reply.body.to_string()),
            software_version: reply.software_version,
        }
    }
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self {
            // What was JSON before is so again.
            body: serde_json::from_slice(&answer.body).unwrap_or_default(),
            software_version: answer.software_version,
        }
    }
}
