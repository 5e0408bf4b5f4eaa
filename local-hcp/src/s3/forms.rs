//! Uploads by an HTML form: a POST whose permission is a signed policy among its fields.
//!
//! s3s would read the file into memory. So the form ends here: its fields are read, its policy is
//! checked, and what is left is a PUT, with the fields as headers and the file as the body, while it
//! is still coming in. The PUT goes the way of all others, and its answer is put into the words that
//! a form expects.

use std::sync::{Arc, OnceLock};

use axum::{
    body::Body,
    extract::Request,
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, Version,
        header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, HOST, LOCATION},
    },
    response::{IntoResponse as _, Response},
};
use mime_guess::mime::{FORM_DATA, MULTIPART, Mime};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use s3s::{
    S3Error, S3Result,
    dto::Tagging,
    s3_error,
    xml::{self, Deserialize as _, Serialize as _, SerializeContent},
};
use time::OffsetDateTime;
use url::Url;

use super::{
    auth::Keys,
    error::respond,
    form_body::{Form, SizeFault},
    policy::{self, Fields},
};
use crate::host::Host;

/// S3's limit on the file of a form, in bytes: 5 GiB.
const FILE_MAX: u64 = 5 * 1024 * 1024 * 1024;

/// What a key's characters are in a path: those that SigV4 leaves alone, and slashes.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/');

/// Fields that become headers of the PUT. All others are for the form alone: a field must not turn
/// the PUT into another operation, as `x-amz-copy-source` would.
const HEADERS: [&str; 12] = [
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
    "x-amz-acl",
    "x-amz-storage-class",
    "x-amz-website-redirect-location",
    "x-hcp-labelretentionhold",
    "x-hcp-retention",
    "x-hcp-retentionhold",
];
const HEADER_FAMILIES: [&str; 5] = [
    "x-amz-checksum-",
    "x-amz-grant-",
    "x-amz-meta-",
    "x-amz-object-lock-",
    "x-amz-server-side-encryption",
];

/// Whether a request is a form, by the same test as that of s3s, which must not get it.
pub(super) fn is_form(request: &Request) -> bool {
    let content_type = request.headers().get(CONTENT_TYPE);
    let content_type = content_type
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<Mime>().ok());
    request.method() == Method::POST
        && content_type.is_some_and(|mime| mime.type_() == MULTIPART && mime.subtype() == FORM_DATA)
}

/// How the form wants to be answered.
pub(super) struct Reply {
    bucket: String,
    key: String,
    redirect: Option<Url>,
    status: StatusCode,
    size_fault: Arc<OnceLock<SizeFault>>,
}

/// Reads the form up to its file and makes a PUT of it, which the policy has allowed.
pub(super) async fn read(
    request: Request,
    host: &Host,
    keys: &Keys,
    now: OffsetDateTime,
) -> S3Result<(Request, Reply)> {
    let path = request.uri().path().to_owned();
    let bucket = bucket(&path, host)?;
    let name = host_name(&request);
    let mut form = Form::read(request).await?;
    let key = key(&form.fields, form.file_name.as_deref())?;
    form.fields.insert("key".to_owned(), key.clone());
    if form
        .fields
        .get("bucket")
        .is_some_and(|field| *field != bucket)
    {
        return Err(s3_error!(
            InvalidArgument,
            "The field bucket names another bucket than the address."
        ));
    }
    let sizes = policy::authorize(keys, &form.fields, &bucket, now).await?;
    let sizes = sizes.unwrap_or(0..=FILE_MAX);
    let most = FILE_MAX.min(*sizes.end());

    let mut headers = headers(&form.fields)?;
    headers.insert(HOST, name);
    let path = path.trim_end_matches('/');
    let uri = Uri::try_from(format!("{path}/{}", utf8_percent_encode(&key, IN_PATH)))
        .map_err(|_too_long| s3_error!(KeyTooLongError))?;
    let reply = Reply {
        bucket,
        key,
        redirect: redirect(&form.fields),
        status: match form.fields.get("success_action_status").map(String::as_str) {
            Some("200") => StatusCode::OK,
            Some("201") => StatusCode::CREATED,
            _ => StatusCode::NO_CONTENT,
        },
        size_fault: Arc::default(),
    };
    let body = form.file(*sizes.start()..=most, Arc::clone(&reply.size_fault));
    let mut put = Request::new(Body::from_stream(body));
    *put.method_mut() = Method::PUT;
    *put.version_mut() = Version::HTTP_11;
    *put.uri_mut() = uri;
    *put.headers_mut() = headers;
    Ok((put, reply))
}

/// The bucket to which the form is posted: that of the host, or all of the path.
fn bucket(path: &str, host: &Host) -> S3Result<String> {
    let path = percent_decode_str(path.trim_matches('/'))
        .decode_utf8()
        .map_err(|_not_utf8| s3_error!(InvalidURI))?;
    match (&host.bucket, path.as_ref()) {
        (Some(bucket), "") => Ok(bucket.clone()),
        (None, bucket) if !bucket.is_empty() && !bucket.contains('/') => Ok(bucket.to_owned()),
        _ => Err(s3_error!(
            MethodNotAllowed,
            "A form is posted to a bucket; its field key names the object."
        )),
    }
}

/// The host under which the bucket was found.
fn host_name(request: &Request) -> HeaderValue {
    let authority = request.uri().authority();
    let authority = authority.and_then(|name| HeaderValue::from_str(name.as_str()).ok());
    let header = request.headers().get(HOST).cloned();
    header
        .or(authority)
        .unwrap_or_else(|| HeaderValue::from_static(""))
}

/// The key, with the name of the file in the place of `${filename}`: some browsers tell the whole
/// path, of which only the last part counts.
fn key(fields: &Fields, file_name: Option<&str>) -> S3Result<String> {
    let name = file_name.unwrap_or_default();
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    match fields
        .get("key")
        .map(|key| key.replace("${filename}", name))
    {
        Some(key) if !key.is_empty() => Ok(key),
        _ => Err(s3_error!(
            UserKeyMustBeSpecified,
            "The form must have the field key, before its file."
        )),
    }
}

fn headers(fields: &Fields) -> S3Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        let family = |start: &&str| name.starts_with(*start) && name.len() > start.len();
        let (name, value) = match name.as_str() {
            "acl" => ("x-amz-acl", value.clone()),
            "tagging" => ("x-amz-tagging", tags(value)?),
            name if HEADERS.contains(&name)
                || name == "x-amz-server-side-encryption"
                || HEADER_FAMILIES.iter().any(family) =>
            {
                (name, value.clone())
            }
            _ => continue,
        };
        let invalid = || s3_error!(InvalidArgument, "The field {name} has an invalid value.");
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_invalid| invalid())?;
        let value = HeaderValue::try_from(value.into_bytes()).map_err(|_invalid| invalid())?;
        headers.insert(header, value);
    }
    Ok(headers)
}

/// In a form tags are a document, in a header a query.
fn tags(document: &str) -> S3Result<String> {
    let mut reader = xml::Deserializer::new(document.as_bytes());
    let tagging = Tagging::deserialize(&mut reader)
        .map_err(|_unreadable| s3_error!(MalformedXML, "The field tagging cannot be read."))?;
    let mut query = form_urlencoded::Serializer::new(String::new());
    for tag in tagging.tag_set {
        query.append_pair(
            tag.key.as_deref().unwrap_or_default(),
            tag.value.as_deref().unwrap_or_default(),
        );
    }
    Ok(query.finish())
}

/// Where the browser goes next. An address that cannot be one counts as none, as on S3.
fn redirect(fields: &Fields) -> Option<Url> {
    let address = fields
        .get("success_action_redirect")
        .or_else(|| fields.get("redirect"))?;
    let url = Url::parse(address).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// The body of an answer with status 201.
struct PostResponse<'a> {
    location: &'a str,
    bucket: &'a str,
    key: &'a str,
    etag: &'a str,
}

impl SerializeContent for PostResponse<'_> {
    fn serialize_content<W: std::io::Write>(
        &self,
        writer: &mut xml::Serializer<W>,
    ) -> xml::SerResult {
        writer.content("Location", self.location)?;
        writer.content("Bucket", self.bucket)?;
        writer.content("Key", self.key)?;
        writer.content("ETag", self.etag)
    }
}

impl xml::Serialize for PostResponse<'_> {
    fn serialize<W: std::io::Write>(&self, writer: &mut xml::Serializer<W>) -> xml::SerResult {
        writer.content("PostResponse", self)
    }
}

impl Reply {
    /// Says to the form what the PUT has answered.
    pub(super) fn answer(self, put: Response) -> Response {
        if let Some(fault) = self.size_fault.get() {
            return respond(fault.error());
        }
        if !put.status().is_success() {
            return put;
        }
        let (parts, _empty) = put.into_parts();
        let mut headers = parts.headers;
        let etag = headers.get(ETAG).and_then(|etag| etag.to_str().ok());
        let etag = etag.unwrap_or_default().to_owned();
        let location = format!(
            "/{}/{}",
            self.bucket,
            utf8_percent_encode(&self.key, IN_PATH)
        );
        headers.remove(CONTENT_TYPE);
        headers.remove(CONTENT_LENGTH);
        let mut status = self.status;
        let mut body = Body::empty();
        if let Some(mut url) = self.redirect {
            url.query_pairs_mut()
                .append_pair("bucket", &self.bucket)
                .append_pair("key", &self.key)
                .append_pair("etag", &etag);
            status = StatusCode::SEE_OTHER;
            locate(&mut headers, url.as_str());
        } else {
            locate(&mut headers, &location);
            if status == StatusCode::CREATED {
                let document = PostResponse {
                    location: &location,
                    bucket: &self.bucket,
                    key: &self.key,
                    etag: &etag,
                };
                match write(&document) {
                    Ok(text) => body = Body::from(text),
                    Err(error) => return respond(error),
                }
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
            }
        }
        (status, headers, body).into_response()
    }
}

fn locate(headers: &mut HeaderMap, address: &str) {
    if let Ok(address) = HeaderValue::from_str(address) {
        headers.insert(LOCATION, address);
    }
}

fn write(document: &PostResponse<'_>) -> Result<Vec<u8>, S3Error> {
    let mut text = Vec::with_capacity(512);
    let mut writer = xml::Serializer::new(&mut text);
    writer
        .decl()
        .and_then(|()| document.serialize(&mut writer))
        .map_err(|_unwritable| s3_error!(InternalError))?;
    Ok(text)
}
