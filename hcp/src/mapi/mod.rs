//! The management API of an HCP, and its metadata queries, which go to other hosts in the same words.

mod call;
mod cors;
mod files;
mod lending;
mod namespaces;
mod perform;
mod query;

pub use call::Call;
pub use cors::{cors_rules, read_cors};
pub use files::Fetched;
pub use perform::Reply;

use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, Request, Response,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST},
};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use model::{endpoint::encode, mapi::UserAccount};
use secrecy::ExposeSecret as _;
use serde::de::DeserializeOwned;

use crate::{
    Credentials, Error, ErrorKind, Resource, StoreConfig,
    transport::{IdleBody, Transport},
};

/// The largest answer that is read.
const MAX_ANSWER: usize = 16 * 1024 * 1024;

/// A client with one person's credentials.
pub(crate) struct Client<'a> {
    config: &'a StoreConfig,
    transport: &'a Transport,
    credentials: &'a Credentials,
}

/// A good answer.
struct Good {
    status: u16,
    software_version: Option<String>,
    body: Bytes,
}

/// A body on its way.
struct Sent<'a> {
    media_type: &'a str,
    body: SdkBody,
}

/// A request on its way.
struct Outgoing<'a> {
    method: Method,
    /// Path and query, percent-encoded. The query may hold passwords: it is in no error and no log.
    target: &'a str,
    body: Option<&'a serde_json::Value>,
}

impl<'a> Client<'a> {
    pub(crate) fn new(
        config: &'a StoreConfig,
        transport: &'a Transport,
        credentials: &'a Credentials,
    ) -> Self {
        Self {
            config,
            transport,
            credentials,
        }
    }

    /// The caller's own account.
    pub(crate) async fn own_account(&self) -> Result<UserAccount, Error> {
        let username = &self.credentials.username;
        let user = encode(username.as_str());
        let path = match &self.credentials.tenant {
            Some(tenant) => format!("/mapi/tenants/{tenant}/userAccounts/{user}"),
            None => format!("/mapi/userAccounts/{user}"),
        };
        let resource = Resource::Account(username.clone());
        self.get(&path, resource.clone()).await?.ok_or_else(|| {
            Error::new(ErrorKind::Unexpected, resource).caused_by("the answer is empty")
        })
    }

    /// Reads a resource; `None` where the answer was good but empty. `path` is percent-encoded.
    async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        resource: Resource,
    ) -> Result<Option<T>, Error> {
        let request = Outgoing {
            method: Method::GET,
            target: path,
            body: None,
        };
        let reply = self.call(&request, &resource).await?;
        if reply.body.trim_ascii().is_empty() {
            return Ok(None);
        }
        serde_json::from_slice(&reply.body).map(Some).map_err(|e| {
            // Where the text broke is safe to say; what it held is not.
            let place = format!(
                "status {}: line {}: {:?}",
                reply.status,
                e.line(),
                e.classify()
            );
            Error::new(ErrorKind::Unexpected, resource).caused_by(place)
        })
    }

    /// Changes a resource, or deletes it; what is answered beyond success is not read.
    async fn change(
        &self,
        method: Method,
        path: &str,
        body: Option<&serde_json::Value>,
        resource: Resource,
    ) -> Result<(), Error> {
        let request = Outgoing {
            method,
            target: path,
            body,
        };
        self.call(&request, &resource).await.map(|_reply| ())
    }

    async fn call(&self, request: &Outgoing<'_>, resource: &Resource) -> Result<Good, Error> {
        let limit = self.config.timeout;
        tokio::time::timeout(limit, self.send(request, resource))
            .await
            .map_err(|_elapsed| Error::timed_out(resource.clone(), limit))?
    }

    async fn send(&self, outgoing: &Outgoing<'_>, resource: &Resource) -> Result<Good, Error> {
        self.send_to(self.place(resource)?, outgoing, resource)
            .await
    }

    /// The address and the host of the caller's level.
    fn place(&self, resource: &Resource) -> Result<(String, String), Error> {
        let management = self.config.management.as_ref().ok_or_else(|| {
            Error::new(ErrorKind::NotSupported, resource.clone())
                .caused_by("no management address is configured")
        })?;
        management.target(self.credentials.tenant.as_ref())
    }

    /// Sends to an address, by the name of a host, and reads the answer.
    async fn send_to(
        &self,
        place: (String, String),
        outgoing: &Outgoing<'_>,
        resource: &Resource,
    ) -> Result<Good, Error> {
        let body = outgoing.body.map(|body| Sent {
            media_type: "application/json",
            body: SdkBody::from(body.to_string()),
        });
        let request = (outgoing.method.clone(), outgoing.target, "application/json");
        let response = self.respond(place, request, body, resource).await?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, MAX_ANSWER)
            .collect()
            .await
            .map_err(|e| Error::broken(resource.clone(), e))?
            .to_bytes();
        Ok(Good {
            status: parts.status.as_u16(),
            software_version: version(&parts.headers),
            body,
        })
    }

    /// Sends a method, a target and what is taken for an answer; a good answer is not read yet.
    async fn respond(
        &self,
        (base, host): (String, String),
        (method, target, accept): (Method, &str, &str),
        body: Option<Sent<'_>>,
        resource: &Resource,
    ) -> Result<Response<IdleBody<Incoming>>, Error> {
        let unusable =
            |e: http::Error| Error::new(ErrorKind::InvalidArgument, resource.clone()).caused_by(e);
        let secret = self.credentials.authorization(self.config);
        let mut authorization = HeaderValue::from_bytes(secret.expose_secret().as_bytes())
            .map_err(|e| unusable(e.into()))?;
        authorization.set_sensitive(true);
        let mut request = Request::builder();
        if let Some(body) = &body {
            request = request.header(CONTENT_TYPE, body.media_type);
        }
        let request = request
            .method(method)
            .uri(format!("{base}{target}"))
            .header(HOST, host)
            .header(ACCEPT, accept)
            .header(AUTHORIZATION, authorization)
            .body(body.map_or_else(SdkBody::empty, |body| body.body))
            .map_err(unusable)?;
        let response = self
            .transport
            .send(request, self.config.timeout)
            .await
            .map_err(|e| Error::broken(resource.clone(), e))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let message = response.headers().get("x-hcp-errormessage");
        let message = message.map(|m| String::from_utf8_lossy(m.as_bytes()).into_owned());
        Err(Error::refused(
            resource.clone(),
            response.status().as_u16(),
            None,
            message.as_deref(),
            None,
        ))
    }
}

/// HCP's version, as it says in each answer.
fn version(headers: &HeaderMap) -> Option<String> {
    let version = headers.get("x-hcp-softwareversion")?;
    version.to_str().ok().map(str::to_owned)
}
