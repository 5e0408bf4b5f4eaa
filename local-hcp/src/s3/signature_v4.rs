//! Signatures of version 4, as far as s3s does not do them.
//!
//! HCP reads no region out of a signature. s3s refuses those that are not of lower-case letters,
//! digits and hyphens, among them `US`, the default of s3cmd. Such a signature is verified here and
//! replaced by one for a region that s3s can name. With that one s3s checks the rest as always:
//! date, expiry, payload.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Uri, header::AUTHORIZATION, uri::PathAndQuery},
};
use hmac::{Hmac, KeyInit as _, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use s3s::{S3Error, S3Result, s3_error};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::{
    auth::Keys,
    signature::{Query, text},
    signature_v2::mismatch,
};
use crate::account::hex;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// A region that s3s can name.
const REGION: &str = "us-east-1";

/// What a canonical request leaves as it is.
const IN_QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');
const IN_PATH: &AsciiSet = &IN_QUERY.remove(b'/');

/// What a signing key is derived through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scope<'a> {
    date: &'a str,
    region: &'a str,
}

impl<'a> Scope<'a> {
    /// Reads `key/date/region/s3/aws4_request`.
    pub(super) fn of(credential: &'a str) -> Option<Self> {
        match *credential.rsplitn(5, '/').collect::<Vec<_>>() {
            ["aws4_request", "s3", region, date, _key] => Some(Self { date, region }),
            _ => None,
        }
    }

    /// Signs a text; lower-case hex.
    pub(super) fn sign(self, secret: &str, text: &str) -> S3Result<String> {
        let mut key = format!("AWS4{secret}").into_bytes();
        for part in [self.date, self.region, "s3", "aws4_request"] {
            key = keyed(&key, part)?;
        }
        Ok(hex(&keyed(&key, text)?))
    }
}

fn keyed(key: &[u8], text: &str) -> S3Result<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key)
        .map_err(|_any_length_will_do| s3_error!(InternalError))?;
    mac.update(text.as_bytes());
    Ok(mac.finalize().into_bytes().to_vec())
}

/// Compares two signatures in hex.
pub(super) fn same(made: &str, given: &str) -> bool {
    made.as_bytes().ct_eq(given.as_bytes()).into()
}

/// Verifies a signature for a region that s3s cannot name, and makes it anew. What is signed
/// otherwise, or cannot be read, is left for s3s.
pub(super) async fn rename_region(
    request: &mut Request,
    query: &Query,
    keys: &Keys,
) -> S3Result<()> {
    let Some(claim) = Claim::of(request.headers(), query) else {
        return Ok(());
    };
    let Some(scope) = Scope::of(&claim.credential) else {
        return Ok(());
    };
    if is_known(scope.region) || claim.payload.starts_with("STREAMING-AWS4") {
        return Ok(());
    }
    let key = claim.credential.split('/').next().unwrap_or_default();
    let secret = keys.secret(key).await?;
    let made = claim.signature_for(scope, request, query, secret.expose())?;
    if !same(&made, &claim.signature) {
        return Err(mismatch());
    }
    let known = Scope {
        region: REGION,
        ..scope
    };
    let renamed = claim.renamed(key, known);
    let query = query.with("X-Amz-Credential", &renamed.credential);
    let signature = renamed.signature_for(known, request, &query, secret.expose())?;
    renamed.put(request, &query, &signature)
}

fn is_known(region: &str) -> bool {
    region
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// What a request says of its signature.
struct Claim {
    by_query: bool,
    credential: String,
    signed_headers: String,
    signature: String,
    /// `x-amz-date`.
    date: String,
    /// The hash of the payload, or what stands in its place.
    payload: String,
}

impl Claim {
    fn of(headers: &HeaderMap, query: &Query) -> Option<Self> {
        let payload = headers.get("x-amz-content-sha256").and_then(text);
        if query.get("X-Amz-Algorithm") == Some(ALGORITHM) {
            let value = |name| query.get(name).map(str::to_owned);
            return Some(Self {
                by_query: true,
                credential: value("X-Amz-Credential")?,
                signed_headers: value("X-Amz-SignedHeaders")?,
                signature: value("X-Amz-Signature")?,
                date: value("X-Amz-Date")?,
                payload: payload.unwrap_or("UNSIGNED-PAYLOAD").to_owned(),
            });
        }
        let authorization = headers.get(AUTHORIZATION).and_then(text)?;
        let fields = authorization.strip_prefix(ALGORITHM)?;
        let field = |name| {
            let mut found = fields
                .split(',')
                .filter_map(|field| field.trim().strip_prefix(name));
            found.next().map(str::to_owned)
        };
        Some(Self {
            by_query: false,
            credential: field("Credential=")?,
            signed_headers: field("SignedHeaders=")?,
            signature: field("Signature=")?,
            date: headers.get("x-amz-date").and_then(text)?.to_owned(),
            payload: payload?.to_owned(),
        })
    }

    fn renamed(&self, key: &str, scope: Scope<'_>) -> Self {
        Self {
            by_query: self.by_query,
            credential: format!("{key}/{}/{}/s3/aws4_request", scope.date, scope.region),
            signed_headers: self.signed_headers.clone(),
            signature: String::new(),
            date: self.date.clone(),
            payload: self.payload.clone(),
        }
    }

    /// The signature that this request has to have.
    fn signature_for(
        &self,
        scope: Scope<'_>,
        request: &Request,
        query: &Query,
        secret: &str,
    ) -> S3Result<String> {
        let canonical = self.canonical(request, query);
        let hash = hex(&Sha256::digest(canonical));
        let (day, region) = (scope.date, scope.region);
        let text = format!(
            "{ALGORITHM}\n{}\n{day}/{region}/s3/aws4_request\n{hash}",
            self.date
        );
        scope.sign(secret, &text)
    }

    /// The canonical request (AWS, "Signature Version 4 signing process").
    fn canonical(&self, request: &Request, query: &Query) -> String {
        let path = percent_decode_str(request.uri().path()).collect::<Vec<u8>>();
        let path = percent_encoding::percent_encode(&path, IN_PATH);
        let mut parameters: Vec<_> = query
            .pairs()
            .filter(|(name, _)| *name != "X-Amz-Signature")
            .map(|(name, value)| (encode(name), encode(value)))
            .collect();
        parameters.sort_unstable();
        let parameters: Vec<_> = parameters
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let names = self.signed_headers.split(';');
        let headers: Vec<_> = names
            .map(|name| format!("{name}:{}", values(request.headers(), name)))
            .collect();
        format!(
            "{}\n{path}\n{}\n{}\n\n{}\n{}",
            request.method(),
            parameters.join("&"),
            headers.join("\n"),
            self.signed_headers,
            self.payload
        )
    }

    /// Puts the new signature where the old one was.
    fn put(&self, request: &mut Request, query: &Query, signature: &str) -> S3Result<()> {
        if self.by_query {
            let query = query.with("X-Amz-Signature", signature);
            let pairs: Vec<_> = query
                .pairs()
                .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
                .collect();
            let target = format!("{}?{}", request.uri().path(), pairs.join("&"));
            let mut parts = request.uri().clone().into_parts();
            parts.path_and_query = Some(PathAndQuery::try_from(target).map_err(unwritable)?);
            *request.uri_mut() = Uri::from_parts(parts).map_err(unwritable)?;
        } else {
            let (credential, signed) = (&self.credential, &self.signed_headers);
            let header = format!(
                "{ALGORITHM} Credential={credential}, SignedHeaders={signed}, Signature={signature}"
            );
            let header = HeaderValue::try_from(header).map_err(unwritable)?;
            request.headers_mut().insert(AUTHORIZATION, header);
        }
        Ok(())
    }
}

fn unwritable<E>(_what_was_read_is_written: E) -> S3Error {
    s3_error!(InternalError)
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, IN_QUERY).to_string()
}

/// The values of a header as they are signed: runs of spaces are one space.
fn values(headers: &HeaderMap, name: &str) -> String {
    let values: Vec<_> = headers
        .get_all(name)
        .iter()
        .map(|value| {
            let text = String::from_utf8_lossy(value.as_bytes());
            let words: Vec<_> = text.split(' ').filter(|word| !word.is_empty()).collect();
            words.join(" ")
        })
        .collect();
    values.join(",")
}
