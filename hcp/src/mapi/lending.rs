//! Temporary keys: a resource of the local HCP's own, beside the management API and signed in to as that is. A real
//! HCP has none.

use http::Method;
use model::{
    credentials::{LentKey, NewTemporaryKey, TemporaryKeys},
    endpoint::encode,
};
use serde::de::DeserializeOwned;

use super::{Client, Good, Outgoing};
use crate::{Error, ErrorKind, Missing, Resource};

/// Where they are.
const PATH: &str = "/hako/temporaryKeys";

impl Client<'_> {
    /// The caller's own.
    pub(crate) async fn temporary_keys(&self) -> Result<TemporaryKeys, Error> {
        let request = Outgoing {
            method: Method::GET,
            target: PATH,
            body: None,
        };
        let resource = keys("temporary keys", Missing::TemporaryKey);
        let answer = self
            .repeatedly(&resource, true, || self.call(&request, &resource))
            .await?;
        read(&answer, &resource)
    }

    /// Makes one.
    pub(crate) async fn lend_key(&self, new: &NewTemporaryKey) -> Result<LentKey, Error> {
        let resource = keys(&format!("bucket '{}'", new.bucket), Missing::Bucket);
        let body = serde_json::to_value(new)
            .map_err(|e| Error::new(ErrorKind::Unexpected, resource.clone()).caused_by(e))?;
        let request = Outgoing {
            method: Method::PUT,
            target: PATH,
            body: Some(&body),
        };
        read(&self.call(&request, &resource).await?, &resource)
    }

    /// Takes one back.
    pub(crate) async fn revoke_key(&self, access_key: &str) -> Result<(), Error> {
        let path = format!("{PATH}/{}", encode(access_key));
        let resource = keys("temporary key", Missing::TemporaryKey);
        self.change(Method::DELETE, &path, None, resource).await
    }
}

fn keys(text: &str, what: Missing) -> Resource {
    Resource::Managed {
        text: text.to_owned(),
        what,
    }
}

fn read<T: DeserializeOwned>(answer: &Good, resource: &Resource) -> Result<T, Error> {
    serde_json::from_slice(&answer.body).map_err(|e| {
        // Where the text broke is safe to say; what it held is not.
        let place = format!("line {}: {:?}", e.line(), e.classify());
        Error::new(ErrorKind::Unexpected, resource.clone()).caused_by(place)
    })
}
