//! Presigned requests that come to another address than the store's: passed on, so that who cannot reach the store
//! can use them all the same.
//!
//! A URL that is passed on is the store's own with another beginning: its signature is over the store's host and
//! path. So the signature is the store's to judge, and what was changed on the way is refused by it. Nothing but
//! what a presigned request is made of goes on: no cookie and no key of whoever sends it.

use bytes::Bytes;
use futures::StreamExt as _;
use http::{HeaderMap, HeaderName, Method, Request, StatusCode, header};
use http_body_util::BodyStream;
use model::{BucketName, TenantName};
use percent_encoding::percent_decode_str;
use url::Url;

use crate::{Body, Error, ErrorKind, Resource, S3Endpoint, Store, s3::Place};

/// The parameter that tells whose store is meant, where each tenant has a host of its own. It is not signed and does
/// not reach the store: with another tenant's host the signature is wrong.
pub const TENANT: &str = "hako-tenant";

/// What makes a request a presigned one (Signature Version 4 in the query). Each comes exactly once.
const SIGNED_BY: [&str; 6] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
];

/// What of a request is passed on, beside what is signed and what is S3's (`x-amz-…`).
const PASSED: [HeaderName; 15] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::CACHE_CONTROL,
    header::CONTENT_DISPOSITION,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_TYPE,
    header::EXPIRES,
    header::IF_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_NONE_MATCH,
    header::IF_RANGE,
    header::IF_UNMODIFIED_SINCE,
    header::RANGE,
    header::USER_AGENT,
];

/// What is never passed on, signed or not: keys of whoever asks, and what belongs to one connection.
const KEPT: [HeaderName; 11] = [
    header::AUTHORIZATION,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::COOKIE,
    header::EXPECT,
    header::HOST,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// What of an answer stays behind, beside what belongs to one connection: what a host says for itself.
const OF_THE_HOST: [HeaderName; 5] = [
    header::CONTENT_SECURITY_POLICY,
    header::SERVER,
    header::SET_COOKIE,
    header::STRICT_TRANSPORT_SECURITY,
    header::VARY,
];

/// Where presigned URLs are used that are passed on.
#[derive(Clone, Debug)]
pub struct PassedOn {
    /// What stands before the bucket, with a slash at its end.
    base: String,
    tenant: Option<TenantName>,
}

impl PassedOn {
    pub(crate) fn address(&self, bucket: &BucketName, key: impl std::fmt::Display) -> String {
        format!("{}{bucket}/{key}", self.base)
    }

    pub(crate) fn tenant_pair(&self) -> String {
        let tenant = self.tenant.as_ref();
        tenant.map_or_else(String::new, |tenant| format!("&{TENANT}={tenant}"))
    }
}

/// A presigned request, to be [passed on](Store::pass_on).
#[derive(Debug)]
pub struct Passing {
    method: Method,
    tenant: Option<TenantName>,
    bucket: BucketName,
    /// As it came, percent-encoded.
    key: String,
    /// As it came, without our own parameter.
    query: String,
    headers: HeaderMap,
}

/// What the store answered.
pub struct Passed {
    /// Its status.
    pub status: StatusCode,
    /// Its headers, but those of the connection and of the host.
    pub headers: HeaderMap,
    /// Its bytes.
    pub body: futures::stream::BoxStream<'static, Result<Bytes, Error>>,
}

impl Passing {
    /// Reads a request: `target` is what stands behind the address of [`PassedOn`], path and query, as it came.
    ///
    /// # Errors
    /// In words, where it is not a presigned request for an object.
    pub fn read(method: Method, target: &str, headers: &HeaderMap) -> Result<Self, &'static str> {
        if ![Method::GET, Method::HEAD, Method::PUT, Method::DELETE].contains(&method) {
            return Err("only GET, HEAD, PUT and DELETE are passed on");
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
        let bucket = BucketName::parse(bucket).map_err(|_invalid| "this is no bucket's name")?;
        if key.is_empty() {
            return Err("only requests for objects are passed on");
        }
        let (ours, theirs): (Vec<_>, Vec<_>) =
            query.split('&').partition(|pair| name_of(pair) == TENANT);
        let value = |name: &str| {
            let mut values = theirs.iter().filter(|pair| name_of(pair) == name);
            let first = values.next()?.get(name.len() + 1..)?;
            (values.next().is_none() && !first.is_empty()).then_some(first)
        };
        if SIGNED_BY.iter().any(|name| value(name).is_none()) {
            return Err("only presigned requests are passed on");
        }
        let tenant = match ours.as_slice() {
            [] => None,
            [pair] => Some(
                TenantName::parse(pair[TENANT.len()..].trim_start_matches('='))
                    .map_err(|_invalid| "this is no tenant's name")?,
            ),
            _ => return Err("only one tenant can be meant"),
        };
        let names = value("X-Amz-SignedHeaders").unwrap_or_default();
        let names = percent_decode_str(names).decode_utf8_lossy();
        Ok(Self {
            method,
            tenant,
            bucket,
            key: key.to_owned(),
            query: theirs.join("&"),
            headers: passed(headers, &names),
        })
    }
}

fn name_of(pair: &str) -> &str {
    pair.split_once('=').map_or(pair, |(name, _)| name)
}

/// The headers that go on.
fn passed(headers: &HeaderMap, signed: &str) -> HeaderMap {
    let signed: Vec<_> = signed.split(';').collect();
    let goes = |name: &HeaderName| {
        !KEPT.contains(name)
            && (PASSED.contains(name)
                || name.as_str().starts_with("x-amz-")
                || signed.contains(&name.as_str()))
    };
    let pairs = headers.iter().filter(|(name, _)| goes(name));
    pairs
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// The headers that come back.
fn answered(headers: &HeaderMap) -> HeaderMap {
    let connection = ["keep-alive", "proxy-authenticate", "proxy-connection"];
    let stays = |name: &HeaderName| {
        OF_THE_HOST.contains(name)
            || (KEPT.contains(name) && name != header::CONTENT_LENGTH)
            || connection.contains(&name.as_str())
            || name.as_str().starts_with("access-control-")
    };
    let pairs = headers.iter().filter(|(name, _)| !stays(name));
    pairs
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

impl Store {
    /// Where presigned URLs are used that are passed on: below `base`, by an account of `tenant`.
    pub fn passed_on(&self, base: &Url, tenant: Option<&TenantName>) -> PassedOn {
        let per_tenant = matches!(self.config().s3, S3Endpoint::PerTenant { .. });
        PassedOn {
            base: format!("{}/", base.as_str().trim_end_matches('/')),
            tenant: tenant.filter(|_| per_tenant).cloned(),
        }
    }

    /// Sends a presigned request to this store and no other, with the host for which it was signed. It is sent once;
    /// what the store says comes back as it is, refusals too.
    ///
    /// # Errors
    /// [`ErrorKind::TenantRequired`] where each tenant has a host and none is named; [`ErrorKind::Unreachable`],
    /// [`ErrorKind::TimedOut`] and [`ErrorKind::SourceFailed`] where nothing was answered.
    pub async fn pass_on(&self, request: Passing, body: Body) -> Result<Passed, Error> {
        let config = self.config();
        let resource = Resource::Bucket(request.bucket.clone());
        let base = config.s3_url(request.tenant.as_ref())?;
        let place = Place::of(&base, config.virtual_host())?;
        let (origin, path) = (
            place.origin(&request.bucket),
            place.path(&request.bucket, &request.key),
        );
        let mut passing = Request::builder()
            .method(request.method)
            .uri(format!("{origin}{path}?{}", request.query))
            .body(body.into_sdk())
            .map_err(|e| Error::new(ErrorKind::InvalidArgument, resource.clone()).caused_by(e))?;
        *passing.headers_mut() = request.headers;
        let answer = self.transport().send(passing, config.timeout).await;
        let (parts, body) = answer
            .map_err(|e| Error::broken(resource.clone(), e))?
            .into_parts();
        let frames = BodyStream::new(body).filter_map(move |frame| {
            let frame = match frame {
                Ok(frame) => frame.into_data().ok().map(Ok),
                Err(error) => Some(Err(Error::broken(resource.clone(), error))),
            };
            std::future::ready(frame)
        });
        Ok(Passed {
            status: parts.status,
            headers: answered(&parts.headers),
            body: frames.boxed(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUERY: &str = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=k%2F20261121%2Fus-east-1%2Fs3%2Faws4_request&\
        X-Amz-Date=20261121T020000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=content-md5%3Bhost%3Bx-own&X-Amz-Signature=ab";

    fn read(target: &str) -> Result<Passing, &'static str> {
        Passing::read(Method::GET, target, &HeaderMap::new())
    }

    #[test]
    fn a_presigned_request_is_read_as_it_came() {
        let read = read(&format!("data/a%2F..%20b/c?{QUERY}&{TENANT}=acme")).unwrap();
        assert_eq!(read.bucket.as_str(), "data");
        assert_eq!(read.key, "a%2F..%20b/c");
        assert_eq!(read.query, QUERY);
        assert_eq!(read.tenant.unwrap().as_str(), "acme");
    }

    #[test]
    fn what_is_not_presigned_or_not_for_an_object_does_not_pass() {
        for target in [
            format!("?{QUERY}"),
            format!("data?{QUERY}"),
            format!("data/?{QUERY}"),
            format!("../key?{QUERY}"),
            format!("data%2Fx/key?{QUERY}"),
            format!("//evil.example/key?{QUERY}"),
            format!("user@evil.example/key?{QUERY}"),
            format!("data/key?{QUERY}&{TENANT}=a.evil.example"),
            format!("data/key?{QUERY}&{TENANT}=a&{TENANT}=b"),
            format!("data/key?{QUERY}&X-Amz-Signature=cd"),
            "data/key".to_owned(),
            "data/key?versionId=1".to_owned(),
        ] {
            assert!(read(&target).is_err(), "{target}");
        }
        for missing in SIGNED_BY {
            let less: Vec<_> = QUERY
                .split('&')
                .filter(|pair| name_of(pair) != missing)
                .collect();
            assert!(
                read(&format!("data/key?{}", less.join("&"))).is_err(),
                "{missing}"
            );
            let empty = format!("data/key?{}&{missing}=", less.join("&"));
            assert!(read(&empty).is_err(), "{missing} empty");
        }
        let target = format!("data/key?{QUERY}");
        assert!(Passing::read(Method::POST, &target, &HeaderMap::new()).is_err());
    }

    #[test]
    fn keys_of_whoever_asks_stay_behind() {
        let mut headers = HeaderMap::new();
        for (name, goes) in [
            ("cookie", false),
            ("authorization", false),
            ("host", false),
            ("origin", false),
            ("x-forwarded-for", false),
            ("x-not-signed", false),
            ("content-md5", true),
            ("x-own", true),
            ("range", true),
            ("x-amz-meta-a", true),
        ] {
            let value = if goes { "goes" } else { "stays" };
            headers.insert(name, http::HeaderValue::from_static(value));
        }
        let read = Passing::read(Method::GET, &format!("data/key?{QUERY}"), &headers).unwrap();
        assert!(read.headers.values().all(|value| value == "goes"));
        assert_eq!(read.headers.len(), 4);
    }
}
