//! Custom metadata by HCP's own protocol for objects (`/rest` on a namespace's host), which S3 knows only
//! one annotation of.

use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, Request, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, HOST, IF_MATCH, IF_NONE_MATCH},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use model::{
    AnnotationName, BucketName, ObjectKey, annotation::MAX_BYTES, endpoint::encode,
    session::Backend,
};
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};

use crate::{
    Credentials, Error, ErrorKind, Missing, Resource, Store, StoreConfig, credentials::hex,
    transport::Transport,
};

/// The longest error page that is read away, so that the connection can be used again.
const PAGE: usize = 64 * 1024;

/// An annotation of an object, with its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// What it holds, as it is stored.
    pub content: Bytes,
    /// The entity tag: the content's SHA-256, in quotes. HCP has none of its own.
    pub etag: String,
}

impl Annotation {
    /// With the entity tag of what it holds.
    pub fn new(content: Bytes) -> Self {
        let etag = format!("\"{}\"", hex(&Sha256::digest(&content)));
        Self { content, etag }
    }
}

/// An annotation as an object names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedAnnotation {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub size: u64,
}

/// On what a change depends. HCP refuses conditions: only a store that is known to keep them is sent any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Expected {
    /// Nothing.
    #[default]
    Anything,
    /// That there is no such annotation.
    Nothing,
    /// That it has this entity tag.
    Tag(String),
}

/// The client of one object by HCP's own protocol: its annotations, and what keeps it.
#[derive(Clone, Copy)]
pub struct AnnotationsOf<'a> {
    store: &'a StoreConfig,
    transport: &'a Transport,
    credentials: &'a Credentials,
    bucket: &'a BucketName,
    key: &'a ObjectKey,
}

/// A request on its way.
pub(crate) struct Outgoing<'a> {
    method: Method,
    version: Option<&'a str>,
    name: Option<&'a AnnotationName>,
    /// More of the query, encoded.
    pub(crate) more: Option<String>,
    /// Whether the body is a form.
    pub(crate) is_form: bool,
    pub(crate) body: Option<Bytes>,
    expected: Expected,
}

impl<'a> Outgoing<'a> {
    pub(crate) fn new(
        method: Method,
        version: Option<&'a str>,
        name: Option<&'a AnnotationName>,
    ) -> Self {
        Self {
            method,
            version,
            name,
            more: None,
            is_form: false,
            body: None,
            expected: Expected::Anything,
        }
    }
}

impl Store {
    /// An object by HCP's own protocol.
    pub fn annotations<'a>(
        &'a self,
        credentials: &'a Credentials,
        bucket: &'a BucketName,
        key: &'a ObjectKey,
    ) -> AnnotationsOf<'a> {
        AnnotationsOf {
            store: self.config(),
            transport: self.transport(),
            credentials,
            bucket,
            key,
        }
    }
}

impl AnnotationsOf<'_> {
    /// The names and sizes of all, that of S3's metadata among them.
    pub async fn list(&self, version: Option<&str>) -> Result<Vec<ListedAnnotation>, Error> {
        let request = Outgoing::new(Method::HEAD, version, None);
        let (_status, headers, _body) = self.send(request).await?;
        let lines = headers.get_all("x-hcp-custommetadataannotations");
        let lines = lines.iter().filter_map(|line| line.to_str().ok());
        lines
            .flat_map(|line| line.split(','))
            .filter(|one| !one.trim().is_empty())
            .map(|one| {
                let (name, size) = one.trim().rsplit_once(';').unwrap_or((one.trim(), ""));
                let size = size.trim().parse();
                Ok(ListedAnnotation {
                    name: name.trim().to_owned(),
                    size: size.map_err(|e: std::num::ParseIntError| {
                        Error::new(ErrorKind::Unexpected, self.resource(None)).caused_by(e)
                    })?,
                })
            })
            .collect()
    }

    /// One of them; `None` where the object has none of that name.
    pub async fn get(
        &self,
        version: Option<&str>,
        name: &AnnotationName,
    ) -> Result<Option<Annotation>, Error> {
        let request = Outgoing::new(Method::GET, version, Some(name));
        let (status, _headers, body) = self.send(request).await?;
        Ok((status != StatusCode::NO_CONTENT).then(|| Annotation::new(body)))
    }

    /// Stores one, in the place of what had the name.
    pub async fn put(
        &self,
        name: &AnnotationName,
        content: Bytes,
        expected: Expected,
    ) -> Result<(), Error> {
        let request = Outgoing {
            body: Some(content),
            expected,
            ..Outgoing::new(Method::PUT, None, Some(name))
        };
        self.send(request).await.map(|_answer| ())
    }

    /// Removes one; false where there was none.
    pub async fn delete(&self, name: &AnnotationName, expected: Expected) -> Result<bool, Error> {
        let request = Outgoing {
            expected,
            ..Outgoing::new(Method::DELETE, None, Some(name))
        };
        let (status, ..) = self.send(request).await?;
        Ok(status != StatusCode::NO_CONTENT)
    }

    pub(crate) fn resource(&self, name: Option<&AnnotationName>) -> Resource {
        match name {
            None => Resource::Object(self.key.clone()),
            Some(name) => Resource::Annotation(Box::new((self.key.clone(), name.clone()))),
        }
    }

    /// Whether HCP's own protocol may take the key for another one: who reads an address may resolve segments
    /// that are dots (RFC 3986, 5.2.4). The local HCP does not.
    fn is_ambiguous(&self) -> bool {
        let dots = |segment| matches!(segment, "." | "..");
        self.store.backend == Backend::Hcp && self.key.as_str().split('/').any(dots)
    }

    /// The path and query of a request. Segments that are dots are sent as they are.
    fn target(&self, request: &Outgoing<'_>) -> String {
        let key: Vec<_> = self.key.as_str().split('/').map(encode).collect();
        let mut query = Vec::new();
        if let Some(name) = request.name {
            query.push(format!(
                "type=custom-metadata&annotation={}",
                encode(name.as_str())
            ));
        }
        if let Some(version) = request.version {
            query.push(format!("version={}", encode(version)));
        }
        query.extend(request.more.clone());
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/rest/{}{mark}{}", key.join("/"), query.join("&"))
    }

    pub(crate) async fn send(
        &self,
        outgoing: Outgoing<'_>,
    ) -> Result<(StatusCode, HeaderMap, Bytes), Error> {
        let resource = self.resource(outgoing.name);
        let limit = self.store.timeout;
        tokio::time::timeout(limit, self.exchange(outgoing, &resource))
            .await
            .map_err(|_elapsed| Error::timed_out(resource.clone(), limit))?
    }

    async fn exchange(
        &self,
        outgoing: Outgoing<'_>,
        resource: &Resource,
    ) -> Result<(StatusCode, HeaderMap, Bytes), Error> {
        if self.is_ambiguous() {
            return Err(
                Error::new(ErrorKind::NotSupported, resource.clone()).caused_by(
                    "a key with segments that are dots cannot be named in HCP's own protocol",
                ),
            );
        }
        let tenant = self.credentials.tenant.as_ref();
        let (base, host) = self
            .store
            .namespace_target(tenant, self.bucket)
            .map_err(|error| error.about(resource.clone()))?;
        let unusable =
            |e: http::Error| Error::new(ErrorKind::InvalidArgument, resource.clone()).caused_by(e);
        let secret = self.credentials.authorization(self.store);
        let mut authorization = HeaderValue::from_bytes(secret.expose_secret().as_bytes())
            .map_err(|e| unusable(e.into()))?;
        authorization.set_sensitive(true);
        let target = self.target(&outgoing);
        let condition = match &outgoing.expected {
            Expected::Anything => None,
            Expected::Nothing => Some((IF_NONE_MATCH, "*")),
            Expected::Tag(tag) => Some((IF_MATCH, tag.as_str())),
        };
        let mut request = Request::builder()
            .method(outgoing.method)
            .uri(format!("{base}{target}"))
            .header(HOST, host)
            .header(AUTHORIZATION, authorization);
        if let Some((name, value)) = condition {
            request = request.header(name, value);
        }
        if outgoing.is_form {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let body = outgoing.body.map_or_else(SdkBody::empty, SdkBody::from);
        let request = request.body(body).map_err(unusable)?;
        let response = self
            .transport
            .send(request, self.store.timeout)
            .await
            .map_err(|e| Error::broken(resource.clone(), e))?;
        let (parts, body) = response.into_parts();
        if !parts.status.is_success() {
            let message = parts.headers.get("x-hcp-errormessage");
            let message = message.map(|m| String::from_utf8_lossy(m.as_bytes()).into_owned());
            // What else is said is a page for people.
            let _ = Limited::new(body, PAGE).collect().await;
            return Err(self.refused(resource, parts.status, message.as_deref()));
        }
        let content = Limited::new(body, MAX_BYTES).collect().await;
        let content = content.map_err(|error| {
            if error.is::<LengthLimitError>() {
                return Error::new(ErrorKind::TooLarge, resource.clone()).caused_by(error);
            }
            Error::broken(resource.clone(), error)
        })?;
        Ok((parts.status, parts.headers, content.to_bytes()))
    }

    /// A refusal. There is no code in it: HCP has statuses and a sentence.
    fn refused(&self, resource: &Resource, status: StatusCode, message: Option<&str>) -> Error {
        let refused = Error::refused(resource.clone(), status.as_u16(), None, message, None);
        match refused.kind() {
            // The annotation is no reason for it: without one the answer is 204.
            ErrorKind::NotFound { .. } => {
                let what = Missing::Object;
                let object = Resource::Object(self.key.clone());
                refused
                    .with_kind(ErrorKind::NotFound { what })
                    .about(object)
            }
            _ => refused,
        }
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;
    use crate::{AuthType, ManagementEndpoint, S3Endpoint, credentials::tests::config};

    fn hcp() -> StoreConfig {
        StoreConfig {
            s3: S3Endpoint::PerTenant {
                scheme: "https".to_owned(),
                domain: "hcp.example.com".to_owned(),
                port: Some(8443),
            },
            ..config(Backend::Hcp, AuthType::Hcp)
        }
    }

    fn tenant() -> model::TenantName {
        model::TenantName::parse("acme").unwrap()
    }

    #[test]
    fn a_namespace_has_a_host_of_its_own() {
        let bucket = BucketName::parse("archive").unwrap();
        let target = hcp().namespace_target(Some(&tenant()), &bucket).unwrap();
        let host = "archive.acme.hcp.example.com:8443";
        assert_eq!(target, (format!("https://{host}"), host.to_owned()));
        // The local HCP is reached by its address.
        let mut local = config(Backend::Embedded, AuthType::Hcp);
        assert!(!local.has_annotations());
        local.management = Some(ManagementEndpoint {
            address: Some(([127, 0, 0, 1], 9090).into()),
            domain: Some("localhost".to_owned()),
            host: None,
            port: 9090,
        });
        assert!(local.has_annotations());
        assert_eq!(
            local.namespace_target(Some(&tenant()), &bucket).unwrap(),
            (
                "http://127.0.0.1:9000".to_owned(),
                "archive.acme.localhost".to_owned()
            )
        );
        let nobody = local.namespace_target(None, &bucket).unwrap_err();
        assert_eq!(nobody.kind(), ErrorKind::TenantRequired);
        for backend in [Backend::Minio, Backend::Generic] {
            let other = config(backend, AuthType::Hcp);
            assert!(!other.has_annotations());
            let refused = other.namespace_target(Some(&tenant()), &bucket);
            assert_eq!(refused.unwrap_err().kind(), ErrorKind::NotSupported);
        }
    }

    #[test]
    fn segments_and_names_are_encoded() {
        let store = Store::new(hcp()).unwrap();
        let credentials = Credentials::from_parts(
            Some(tenant()),
            model::Username::parse("demo").unwrap(),
            SecretString::from("hunter2".to_owned()),
        );
        let bucket = BucketName::parse("archive").unwrap();
        let key = ObjectKey::parse("a b/../ö?&#%2f//c").unwrap();
        let name = AnnotationName::parse(".metapairs").unwrap();
        let of = store.annotations(&credentials, &bucket, &key);
        let request = Outgoing::new(Method::GET, Some("7&x=y"), Some(&name));
        assert_eq!(
            of.target(&request),
            "/rest/a%20b/../%C3%B6%3F%26%23%252f//c?type=custom-metadata&annotation=.metapairs&version=7%26x%3Dy"
        );
        let request = Outgoing::new(Method::HEAD, None, None);
        assert!(!of.target(&request).contains('?'));
    }

    #[tokio::test]
    async fn a_key_that_an_appliance_may_take_for_another_is_not_asked_for() {
        let credentials = Credentials::from_parts(
            Some(tenant()),
            model::Username::parse("demo").unwrap(),
            SecretString::from("hunter2".to_owned()),
        );
        let bucket = BucketName::parse("archive").unwrap();
        // Nothing listens there.
        let store = Store::new(hcp()).unwrap();
        for key in ["a/../b", "..", "./a", "a/."] {
            let key = ObjectKey::parse(key).unwrap();
            let of = store.annotations(&credentials, &bucket, &key);
            let refused = of.list(None).await.unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::NotSupported, "{key}");
        }
        let local = Store::new(config(Backend::Embedded, AuthType::Hcp)).unwrap();
        let kept = ObjectKey::parse("a/../b").unwrap();
        assert!(
            !local
                .annotations(&credentials, &bucket, &kept)
                .is_ambiguous()
        );
        let plain = ObjectKey::parse("a/.../.b/c..").unwrap();
        assert!(
            !store
                .annotations(&credentials, &bucket, &plain)
                .is_ambiguous()
        );
    }
}
