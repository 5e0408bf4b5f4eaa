//! Presigned URLs: Signature Version 4 in the query, by the steps that its specification names.
//!
//! The signing key depends on the secret, the day, the region and the service alone, so it is derived
//! once for a [`Presigner`]; each URL then costs one SHA-256 of a short text and one HMAC.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt::Write as _,
    time::{Duration, SystemTime},
};

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use model::{
    BucketName, ObjectKey, PartChecksum, PartNumber, UploadId, attributes::Attributes,
    endpoint::encode,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret as _, SecretBox, SecretString};
use sha2::{Digest as _, Sha256};
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};
use url::{Position, Url};

use crate::{Error, ErrorKind, PassedOn, Resource, credentials::hex};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const SERVICE: &str = "s3";
const TERMINATOR: &str = "aws4_request";
const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";
/// The longest life of a URL: 7 days.
const MAX_EXPIRES: u64 = 604_800;

const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year][month][day]");
const DATE_TIME: &[BorrowedFormatItem<'_>] =
    format_description!("[year][month][day]T[hour][minute][second]Z");

/// What stays as it is in a path: the unreserved characters, and the slashes of the key.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// Where the objects of a store are.
pub(crate) struct Place {
    /// `http` or `https`.
    scheme: String,
    /// Host and port of the address, without the bucket.
    host: String,
    /// What stands before the bucket in the path; empty, or `/…` without a slash at its end.
    base_path: String,
    virtual_host: bool,
}

impl Place {
    pub(crate) fn of(base: &Url, virtual_host: bool) -> Result<Self, Error> {
        if !base.has_host() {
            return Err(Error::new(ErrorKind::Unexpected, Resource::Store)
                .caused_by("the store's address has no host"));
        }
        Ok(Self {
            scheme: base.scheme().to_owned(),
            host: base[Position::BeforeHost..Position::AfterPort].to_owned(),
            base_path: base.path().trim_end_matches('/').to_owned(),
            virtual_host,
        })
    }

    /// Scheme and host, where a connection is made to.
    pub(crate) fn origin(&self, bucket: &BucketName) -> String {
        format!("{}://{}", self.scheme, self.host(bucket))
    }

    /// Host and port.
    pub(crate) fn host(&self, bucket: &BucketName) -> String {
        if self.virtual_host {
            format!("{bucket}.{}", self.host)
        } else {
            self.host.clone()
        }
    }

    /// The path of an object; the key is percent-encoded already.
    pub(crate) fn path(&self, bucket: &BucketName, key: impl std::fmt::Display) -> String {
        if self.virtual_host {
            format!("{}/{key}", self.base_path)
        } else {
            format!("{}/{bucket}/{key}", self.base_path)
        }
    }
}

/// Signs URLs for one identity, one address and one moment.
pub struct Presigner {
    place: Place,
    /// Where the URLs are used, when that is not the store's own address.
    passed_on: Option<PassedOn>,
    access_key: String,
    /// `20261121T020000Z`.
    date_time: String,
    /// `20261121/us-east-1/s3/aws4_request`.
    scope: String,
    signing_key: SecretBox<[u8]>,
}

/// What a request must carry beside its URL. It is signed, so that it can be neither left out nor
/// changed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Demands<'a> {
    /// This `Content-Type`.
    pub content_type: Option<&'a str>,
    /// `If-None-Match: *`: nothing is overwritten.
    pub if_none_match: bool,
    /// The checksum of the bytes.
    pub checksum: Option<&'a PartChecksum>,
    /// What the object is stored with.
    pub attributes: Option<&'a Attributes>,
    /// These headers, as they are.
    pub others: Option<&'a BTreeMap<String, String>>,
}

impl Demands<'_> {
    /// The headers that have to be sent beside the `Content-Type`.
    pub fn headers(&self) -> BTreeMap<String, String> {
        let attributes = self.attributes.map(Attributes::headers);
        let mut headers = attributes.unwrap_or_default();
        headers.extend(self.others.cloned().unwrap_or_default());
        if self.if_none_match {
            headers.insert("If-None-Match".to_owned(), "*".to_owned());
        }
        if let Some((name, value)) = self.checksum.map(PartChecksum::header) {
            headers.insert(name.to_owned(), value.to_owned());
        }
        headers
    }

    fn is_nothing(&self) -> bool {
        self.content_type.is_none()
            && !self.if_none_match
            && self.checksum.is_none()
            && self.attributes.is_none_or(Attributes::is_empty)
            && self.others.is_none_or(BTreeMap::is_empty)
    }
}

/// What is signed, apart from who, where and when.
struct Request<'a> {
    method: &'static str,
    bucket: &'a BucketName,
    key: &'a ObjectKey,
    expires: Duration,
    /// Parameters of the call itself, not encoded.
    parameters: Vec<(&'static str, String)>,
    /// Headers that must then come.
    demands: Demands<'a>,
}

impl Presigner {
    pub(super) fn new(
        base: &Url,
        virtual_host: bool,
        access_key: &str,
        secret: &SecretString,
        region: &str,
        now: SystemTime,
    ) -> Result<Self, Error> {
        let unusable = |cause: Box<dyn std::error::Error + Send + Sync>| {
            Error::new(ErrorKind::Unexpected, Resource::Store).caused_by(cause)
        };
        let time = OffsetDateTime::from(now);
        let date = time.format(DATE).map_err(|e| unusable(e.into()))?;
        let signing_key = generate_signing_key(secret.expose_secret(), now, region, SERVICE);
        Ok(Self {
            place: Place::of(base, virtual_host)?,
            passed_on: None,
            access_key: access_key.to_owned(),
            date_time: time.format(DATE_TIME).map_err(|e| unusable(e.into()))?,
            scope: format!("{date}/{region}/{SERVICE}/{TERMINATOR}"),
            signing_key: SecretBox::new(signing_key.as_ref().to_vec().into_boxed_slice()),
        })
    }

    /// Gives URLs below an address that passes them on ([`Store::pass_on`](crate::Store::pass_on)) in place of the
    /// store's own. What is signed stays the same.
    #[must_use]
    pub fn passed_on_by(mut self, by: PassedOn) -> Self {
        self.passed_on = Some(by);
        self
    }

    /// Reading an object. `content_disposition` makes the store answer with that header.
    pub fn get_object(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        expires: Duration,
        content_disposition: Option<&str>,
        version_id: Option<&str>,
    ) -> String {
        self.get_object_as(bucket, key, expires, content_disposition, None, version_id)
    }

    /// The same; `content_type` makes the store answer with that type.
    pub fn get_object_as(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        expires: Duration,
        content_disposition: Option<&str>,
        content_type: Option<&str>,
        version_id: Option<&str>,
    ) -> String {
        let mut parameters = Vec::new();
        if let Some(value) = content_disposition {
            parameters.push(("response-content-disposition", value.to_owned()));
        }
        if let Some(value) = content_type {
            parameters.push(("response-content-type", value.to_owned()));
        }
        if let Some(value) = version_id {
            parameters.push(("versionId", value.to_owned()));
        }
        self.url(&Request {
            method: "GET",
            bucket,
            key,
            expires,
            parameters,
            demands: Demands::default(),
        })
    }

    /// A request that is refused because what it is about is not there: the first part of an upload, or an
    /// object. Browsers send it to find out whether they are let in. `None` for methods that would do something.
    pub fn probe(
        &self,
        method: &str,
        (bucket, key): (&BucketName, &ObjectKey),
        upload: &UploadId,
        expires: Duration,
        headers: &BTreeMap<String, String>,
    ) -> Option<String> {
        let (method, parameters) = match method {
            "GET" => ("GET", Vec::new()),
            "PUT" => (
                "PUT",
                vec![
                    ("partNumber", "1".to_owned()),
                    ("uploadId", upload.to_string()),
                ],
            ),
            _ => return None,
        };
        Some(self.url(&Request {
            method,
            bucket,
            key,
            expires,
            parameters,
            demands: Demands {
                others: Some(headers),
                ..Demands::default()
            },
        }))
    }

    /// Storing an object.
    pub fn put_object(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        expires: Duration,
        demands: Demands<'_>,
    ) -> String {
        self.url(&Request {
            method: "PUT",
            bucket,
            key,
            expires,
            parameters: Vec::new(),
            demands,
        })
    }

    /// The same; the object is stored with a pair of metadata that the URL itself brings. S3 takes `x-amz-…` of a
    /// signed query as it takes headers (Amazon S3, "Authenticating Requests: Using Query Parameters"); not every
    /// store does. `name` begins with `x-amz-meta-`.
    pub fn put_object_with(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        expires: Duration,
        (name, value): (&'static str, &str),
    ) -> String {
        self.url(&Request {
            method: "PUT",
            bucket,
            key,
            expires,
            parameters: vec![(name, value.to_owned())],
            demands: Demands::default(),
        })
    }

    /// Removing an object.
    pub fn delete_object(&self, bucket: &BucketName, key: &ObjectKey, expires: Duration) -> String {
        self.url(&Request {
            method: "DELETE",
            bucket,
            key,
            expires,
            parameters: Vec::new(),
            demands: Demands::default(),
        })
    }

    /// Storing one part of an upload; with `checksum`, one that has it.
    pub fn upload_part(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        upload: &UploadId,
        part: PartNumber,
        expires: Duration,
        checksum: Option<&PartChecksum>,
    ) -> String {
        self.url(&Request {
            method: "PUT",
            bucket,
            key,
            expires,
            parameters: vec![
                ("partNumber", part.to_string()),
                ("uploadId", upload.to_string()),
            ],
            demands: Demands {
                checksum,
                ..Demands::default()
            },
        })
    }

    /// The access key that signs.
    pub fn access_key(&self) -> &str {
        &self.access_key
    }

    /// A list of buckets, or of a bucket's first key, signed in headers, as tools do: the URL, and the headers that it
    /// is sent with.
    pub fn listing(&self, bucket: Option<&BucketName>) -> (String, [(&'static str, String); 3]) {
        let (host, uri, query) = match bucket {
            None => {
                let uri = format!("{}/", self.place.base_path);
                (self.place.host.clone(), uri, "")
            }
            Some(bucket) if self.place.virtual_host => {
                let uri = format!("{}/", self.place.base_path);
                (self.place.host(bucket), uri, "max-keys=1")
            }
            Some(bucket) => {
                let uri = format!("{}/{bucket}", self.place.base_path);
                (self.place.host.clone(), uri, "max-keys=1")
            }
        };
        let names = "host;x-amz-content-sha256;x-amz-date";
        let payload = hex(&Sha256::digest(b""));
        let lines = format!(
            "host:{host}\nx-amz-content-sha256:{payload}\nx-amz-date:{}\n",
            self.date_time
        );
        let canonical = canonical_request("GET", &uri, query, &lines, names, &payload);
        let string_to_sign = self.string_to_sign(&canonical);
        let key = self.signing_key.expose_secret();
        let signature = calculate_signature(key, string_to_sign.as_bytes());
        let authorization = format!(
            "{ALGORITHM} Credential={}/{}, SignedHeaders={names}, Signature={signature}",
            self.access_key, self.scope
        );
        let mark = if query.is_empty() { "" } else { "?" };
        let headers = [
            ("authorization", authorization),
            ("x-amz-content-sha256", payload),
            ("x-amz-date", self.date_time.clone()),
        ];
        (
            format!("{}://{host}{uri}{mark}{query}", self.place.scheme),
            headers,
        )
    }

    fn url(&self, request: &Request<'_>) -> String {
        let host = self.place.host(request.bucket);
        // Each character of the key percent-encoded once, slashes kept.
        let key = utf8_percent_encode(request.key.as_str(), PATH);
        let uri = self.place.path(request.bucket, &key);
        let headers = Headers::of(&host, &request.demands);
        let query = self.canonical_query(request, &headers.names);
        let canonical = canonical_request(
            request.method,
            &uri,
            &query,
            &headers.lines,
            &headers.names,
            UNSIGNED_PAYLOAD,
        );
        let string_to_sign = self.string_to_sign(&canonical);
        let signing_key = self.signing_key.expose_secret();
        let signature = calculate_signature(signing_key, string_to_sign.as_bytes());
        match &self.passed_on {
            None => {
                let scheme = &self.place.scheme;
                format!("{scheme}://{host}{uri}?{query}&X-Amz-Signature={signature}")
            }
            Some(by) => {
                let at = by.address(request.bucket, &key);
                format!(
                    "{at}?{query}&X-Amz-Signature={signature}{}",
                    by.tenant_pair()
                )
            }
        }
    }

    /// The query without the signature: names and values encoded, then sorted.
    fn canonical_query(&self, request: &Request<'_>, signed_headers: &str) -> String {
        let credential = format!("{}/{}", self.access_key, self.scope);
        let expires = request.expires.as_secs().clamp(1, MAX_EXPIRES).to_string();
        let mut pairs = vec![
            ("X-Amz-Algorithm", ALGORITHM.to_owned()),
            ("X-Amz-Credential", encode(&credential)),
            ("X-Amz-Date", self.date_time.clone()),
            ("X-Amz-Expires", expires),
            ("X-Amz-SignedHeaders", encode(signed_headers)),
        ];
        pairs.extend(
            request
                .parameters
                .iter()
                .map(|(name, value)| (*name, encode(value))),
        );
        // No name of ours needs encoding.
        pairs.sort();
        let mut query = String::new();
        for (name, value) in pairs {
            let between = if query.is_empty() { "" } else { "&" };
            let _ = write!(query, "{between}{name}={value}");
        }
        query
    }

    fn string_to_sign(&self, canonical_request: &str) -> String {
        let digest = hex(&Sha256::digest(canonical_request.as_bytes()));
        format!("{ALGORITHM}\n{}\n{}\n{digest}", self.date_time, self.scope)
    }
}

fn canonical_request(
    method: &str,
    uri: &str,
    query: &str,
    headers: &str,
    signed_headers: &str,
    payload: &str,
) -> String {
    format!("{method}\n{uri}\n{query}\n{headers}\n{signed_headers}\n{payload}")
}

/// The headers that count, by name.
struct Headers {
    /// The names, in lower case, with semicolons between them.
    names: Cow<'static, str>,
    /// Names and values, each line ended.
    lines: String,
}

impl Headers {
    fn of(host: &str, demands: &Demands<'_>) -> Self {
        // Most URLs: ten thousand of these are signed in one go.
        if demands.is_nothing() {
            return Self {
                names: Cow::Borrowed("host"),
                lines: format!("host:{host}\n"),
            };
        }
        let mut headers = vec![("host".to_owned(), host.to_owned())];
        if let Some(value) = demands.content_type {
            headers.push(("content-type".to_owned(), trim_all(value)));
        }
        for (name, value) in demands.headers() {
            headers.push((name.to_ascii_lowercase(), trim_all(&value)));
        }
        headers.sort();
        let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
        let lines = headers
            .iter()
            .map(|(name, value)| format!("{name}:{value}\n"));
        Self {
            names: Cow::Owned(names.join(";")),
            lines: lines.collect(),
        }
    }
}

/// Removes the space around a value and all but one between its words.
fn trim_all(value: &str) -> String {
    let words: Vec<_> = value.split_ascii_whitespace().collect();
    words.join(" ")
}

impl std::fmt::Debug for Presigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Presigner")
            .field("host", &self.place.host)
            .field("date_time", &self.date_time)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
