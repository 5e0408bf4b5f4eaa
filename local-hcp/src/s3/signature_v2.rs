//! Signatures of version 2, which HCP takes.
//!
//! s3s has them too, but takes one of any age, leaves a sub-resource out that is asked for twice, and
//! wants the bucket signed as it is sent, where boto signs `/bucket/` for `/bucket`. So they are
//! verified here, and s3s gets a request whose signer is proved already.

use axum::{
    extract::Request,
    http::{
        HeaderMap, HeaderName, Uri,
        header::{AUTHORIZATION, CONTENT_TYPE, DATE},
        uri::PathAndQuery,
    },
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use s3s::{S3Error, S3Result, auth::S3Auth as _, s3_error};
use sha1::Sha1;
use time::{
    Duration, OffsetDateTime, PrimitiveDateTime, format_description::well_known::Rfc2822,
    macros::format_description,
};

use super::{
    auth::{CALL, Call, Keys},
    signature::{Query, not_signed, text},
};

/// How far the clock of a client may be off, as in s3s.
const SKEW_MAX: Duration = Duration::minutes(15);

/// The key by which HCP's clients say that they sign nothing.
const ANYBODY: &str = "all_users";

/// The parameters of a query that are part of what is signed: those of S3, and HCP's own.
const SIGNED: [&str; 37] = [
    "accelerate",
    "acl",
    "analytics",
    "cors",
    "defaultObjectAcl",
    "delete",
    "inventory",
    "legal-hold",
    "lifecycle",
    "location",
    "logging",
    "metrics",
    "notification",
    "object-lock",
    "partNumber",
    "policy",
    "replication",
    "requestPayment",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "restore",
    "retention",
    "select",
    "select-type",
    "storageClass",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
    "website",
];

/// Sub-resources on which s3s acts and which no client of this version signs: somebody else could put
/// them into a signed URL.
const OPEN: [&str; 8] = [
    "attributes",
    "encryption",
    "intelligent-tiering",
    "metadataTable",
    "ownershipControls",
    "policyStatus",
    "publicAccessBlock",
    "session",
];

/// Where a signature stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Header,
    Query,
}

/// A signature, as it is claimed.
struct Claim {
    place: Place,
    key: String,
    signature: String,
}

impl Claim {
    fn of(request: &Request, query: &Query) -> S3Result<Option<Self>> {
        if let Some(signature) = query.get("Signature") {
            let key = query.get("AWSAccessKeyId").ok_or_else(|| {
                s3_error!(
                    AccessDenied,
                    "Query-string authentication requires the Signature, Expires and \
                     AWSAccessKeyId parameters"
                )
            })?;
            return Ok(Some(Self {
                place: Place::Query,
                // A plus that was not encoded.
                key: key.replace(' ', "+"),
                signature: signature.replace(' ', "+"),
            }));
        }
        let header = request.headers().get(AUTHORIZATION).and_then(text);
        let Some(credentials) = header.and_then(|header| header.strip_prefix("AWS ")) else {
            return Ok(None);
        };
        let (key, signature) = credentials.trim().split_once(':').ok_or_else(|| {
            s3_error!(
                InvalidArgument,
                "The Authorization header is not of the form AWS key:signature."
            )
        })?;
        Ok(Some(Self {
            place: Place::Header,
            key: key.to_owned(),
            signature: signature.to_owned(),
        }))
    }
}

/// Verifies a signature of version 2 and takes it out of the request. Other requests are left alone.
pub(super) async fn settle(
    request: &mut Request,
    query: &Query,
    bucket_of_host: Option<&str>,
    keys: &Keys,
    now: OffsetDateTime,
) -> S3Result<()> {
    let Some(claim) = Claim::of(request, query)? else {
        return Ok(());
    };
    let anybody =
        claim.place == Place::Header && claim.key == ANYBODY && claim.signature.is_empty();
    if !anybody {
        check(request.headers(), query, claim.place, now)?;
        let texts = texts(request, query, claim.place, bucket_of_host);
        verify(&claim, &texts, keys).await?;
        CALL.try_with(Call::prove)
            .map_err(|_no_call| s3_error!(InternalError))?;
    }
    match claim.place {
        Place::Header => {
            request.headers_mut().remove(AUTHORIZATION);
        }
        Place::Query => *request.uri_mut() = without_signature(request.uri())?,
    }
    Ok(())
}

/// Refuses what the signature covers too little of, and what is not of now.
fn check(headers: &HeaderMap, query: &Query, place: Place, now: OffsetDateTime) -> S3Result<()> {
    if let Some(name) = OPEN.iter().find(|name| query.get(name).is_some()) {
        return Err(s3_error!(
            NotImplemented,
            "signature version 2 does not cover `{name}`, use version 4"
        ));
    }
    let payload = headers.get("x-amz-content-sha256").and_then(text);
    if payload.is_some_and(|payload| payload.starts_with("STREAMING-")) {
        return Err(s3_error!(
            NotImplemented,
            "a body in signed chunks needs signature version 4"
        ));
    }
    match place {
        Place::Header => check_date(headers, now),
        Place::Query => {
            let of_hcp = |name: &&HeaderName| name.as_str().starts_with("x-hcp-");
            if let Some(name) = headers.keys().find(of_hcp) {
                return Err(not_signed(name.as_str()));
            }
            let expires = query.get("Expires").and_then(|end| end.parse::<i64>().ok());
            if expires.is_some_and(|end| now.unix_timestamp() <= end) {
                Ok(())
            } else {
                Err(s3_error!(AccessDenied, "Request has expired"))
            }
        }
    }
}

fn check_date(headers: &HeaderMap, now: OffsetDateTime) -> S3Result<()> {
    let date = headers.get("x-amz-date").or_else(|| headers.get(DATE));
    let date = date.and_then(text).and_then(parse_date).ok_or_else(|| {
        s3_error!(
            AccessDenied,
            "AWS authentication requires a valid Date or x-amz-date header"
        )
    })?;
    if (now - date).abs() > SKEW_MAX {
        return Err(s3_error!(
            RequestTimeTooSkewed,
            "The difference between the request time and the server's time is too large."
        ));
    }
    Ok(())
}

fn parse_date(text: &str) -> Option<OffsetDateTime> {
    let basic = format_description!("[year][month][day]T[hour][minute][second]Z");
    OffsetDateTime::parse(text, &Rfc2822)
        .ok()
        .or_else(|| Some(PrimitiveDateTime::parse(text, &basic).ok()?.assume_utc()))
}

/// Whether one of the texts was signed.
async fn verify(claim: &Claim, texts: &[String], keys: &Keys) -> S3Result<()> {
    let secret = keys.get_secret_key(&claim.key).await?;
    let given = STANDARD.decode(&claim.signature).unwrap_or_default();
    for text in texts {
        let mut mac = Hmac::<Sha1>::new_from_slice(secret.expose().as_bytes())
            .map_err(|_any_length_will_do| s3_error!(InternalError))?;
        mac.update(text.as_bytes());
        if mac.verify_slice(&given).is_ok() {
            return Ok(());
        }
    }
    Err(mismatch())
}

pub(super) fn mismatch() -> S3Error {
    s3_error!(
        SignatureDoesNotMatch,
        "The request signature we calculated does not match the signature you provided."
    )
}

/// The texts that a client may have signed for a request.
fn texts(
    request: &Request,
    query: &Query,
    place: Place,
    bucket_of_host: Option<&str>,
) -> Vec<String> {
    let (start, parameters) = (start(request, query, place), parameters(query));
    paths(request.uri().path(), bucket_of_host)
        .into_iter()
        .map(|path| format!("{start}{path}{parameters}"))
        .collect()
}

/// The text to sign up to the resource.
fn start(request: &Request, query: &Query, place: Place) -> String {
    let headers = request.headers();
    let value = |name| headers.get(name).and_then(text).unwrap_or_default();
    let date = match place {
        Place::Query => query.get("Expires").unwrap_or_default(),
        Place::Header if headers.contains_key("x-amz-date") => "",
        Place::Header => value(DATE.as_str()),
    };
    let mut lines = vec![
        request.method().as_str().to_owned(),
        value("content-md5").to_owned(),
        value(CONTENT_TYPE.as_str()).to_owned(),
        date.to_owned(),
    ];
    let mut names: Vec<_> = headers
        .keys()
        .map(HeaderName::as_str)
        .filter(|name| name.starts_with("x-amz-"))
        .collect();
    names.sort_unstable();
    lines.extend(names.into_iter().map(|name| {
        let values: Vec<_> = headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        let values: Vec<_> = values.iter().map(|value| value.trim()).collect();
        format!("{name}:{}", values.join(","))
    }));
    // What follows stands on a line of its own.
    lines.push(String::new());
    lines.join("\n")
}

/// The parameters that are signed, each as often as it stands there.
fn parameters(query: &Query) -> String {
    let mut signed: Vec<_> = query
        .pairs()
        .filter(|(name, _)| SIGNED.contains(name))
        .map(|(name, value)| match value {
            "" => name.to_owned(),
            value => format!("{name}={value}"),
        })
        .collect();
    signed.sort_unstable();
    match signed.as_slice() {
        [] => String::new(),
        signed => format!("?{}", signed.join("&")),
    }
}

/// The ways in which clients write the path: a bucket has a slash behind it, or none.
fn paths(path: &str, bucket_of_host: Option<&str>) -> Vec<String> {
    match bucket_of_host {
        Some(bucket) => vec![format!("/{bucket}{path}")],
        None if path.len() > 1 && path.rfind('/') == Some(0) => {
            vec![path.to_owned(), format!("{path}/")]
        }
        None => vec![path.to_owned()],
    }
}

fn without_signature(uri: &Uri) -> S3Result<Uri> {
    let kept: Vec<_> = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| {
            let name = form_urlencoded::parse(pair.as_bytes()).next();
            let name = name.as_ref().map_or("", |(name, _)| name.as_ref());
            !matches!(name, "AWSAccessKeyId" | "Expires" | "Signature")
        })
        .collect();
    let target = match kept.as_slice() {
        [] => uri.path().to_owned(),
        kept => format!("{}?{}", uri.path(), kept.join("&")),
    };
    let mut parts = uri.clone().into_parts();
    let target = PathAndQuery::try_from(target).map_err(|_invalid| s3_error!(InvalidURI))?;
    parts.path_and_query = Some(target);
    Uri::from_parts(parts).map_err(|_invalid| s3_error!(InvalidURI))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_all_three_forms_are_read() {
        let expected = time::macros::datetime!(2017-03-23 14:27:05 UTC);
        for text in [
            "Thu, 23 Mar 2017 14:27:05 +0000",
            "Thu, 23 Mar 2017 14:27:05 GMT",
            "20170323T142705Z",
        ] {
            assert_eq!(parse_date(text), Some(expected), "{text}");
        }
        assert_eq!(parse_date("yesterday"), None);
    }

    #[test]
    fn only_the_signature_is_taken_out_of_a_query() {
        for (before, after) in [
            ("/a?Signature=x&Expires=1&AWSAccessKeyId=k", "/a"),
            ("/a?acl&%53ignature=x&b=%26c", "/a?acl&b=%26c"),
        ] {
            let uri = without_signature(&Uri::from_static(before)).unwrap();
            assert_eq!(uri, after);
        }
    }
}
