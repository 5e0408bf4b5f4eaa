//! Extractors whose refusals look like every other problem.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request, rejection::BytesRejection},
};
use http::{HeaderMap, StatusCode, header, request::Parts};
use model::{BucketName, ErrorCode, ObjectKey, problem::FieldError};
use serde::de::DeserializeOwned;

use crate::{Error, audit};

/// The largest JSON or form body, in bytes: a bulk delete of 1,000 keys of 1,024 bytes fits twice.
pub const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// A JSON body.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        expect_json(request.headers())?;
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(body_error)?;
        audit::note_body(&bytes);
        json(&bytes).map(Self)
    }
}

fn expect_json(headers: &HeaderMap) -> Result<(), Error> {
    if media_type_is(headers, |t| t == "application/json" || t.ends_with("+json")) {
        Ok(())
    } else {
        Err(Error::UnsupportedMediaType {
            expected: "application/json",
        })
    }
}

/// Reads a body that was taken in before as the headers say that it is JSON.
pub fn json_of<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Error> {
    expect_json(headers)?;
    audit::note_body(body);
    json(body)
}

/// The media type of a request, without parameters and in lower case, passes `test`.
pub fn media_type_is(headers: &HeaderMap, test: impl Fn(&str) -> bool) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .map(|v| {
            v.split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase()
        })
        .is_some_and(|t| test(&t))
}

/// Reads a body as it came over the limit or broke off.
pub fn body_error(rejection: BytesRejection) -> Error {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Error::PayloadTooLarge { limit: BODY_LIMIT }
    } else {
        Error::BrokenBody(rejection.into())
    }
}

/// Reads JSON; a wrong field is named by its path.
fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|e| {
        let path = e.path().to_string();
        let inner = e.into_inner();
        if !inner.is_data() {
            return Error::MalformedJson(FieldError {
                kind: "json_invalid".to_owned(),
                loc: vec!["body".to_owned()],
                msg: format!(
                    "JSON decode error at line {}, column {}",
                    inner.line(),
                    inner.column()
                ),
            });
        }
        Error::Validation(vec![data_error("body", &path, &inner.to_string())])
    })?;
    reader.end().map_err(|e| {
        Error::MalformedJson(FieldError {
            kind: "json_invalid".to_owned(),
            loc: vec!["body".to_owned()],
            msg: format!(
                "JSON decode error at line {}, column {}",
                e.line(),
                e.column()
            ),
        })
    })?;
    Ok(value)
}

/// Turns serde's sentence into a field error. Rust's own sentence names types, not values, but for
/// `invalid value: string "…"`: what was sent is cut off there.
fn data_error(place: &str, path: &str, sentence: &str) -> FieldError {
    let sentence = sentence.split(" at line ").next().unwrap_or_default();
    let mut loc: Vec<String> = vec![place.to_owned()];
    loc.extend(
        path.split(['.', '[', ']'])
            .filter(|s| !s.is_empty() && *s != "?")
            .map(str::to_owned),
    );
    if let Some(rest) = sentence.strip_prefix("missing field `") {
        loc.push(rest.trim_end_matches('`').to_owned());
        return FieldError {
            kind: "missing".to_owned(),
            loc,
            msg: "Field required".to_owned(),
        };
    }
    let msg = match (
        sentence.split_once(": "),
        sentence.rsplit_once(", expected "),
    ) {
        (Some((kind, _)), Some((_, expected))) => format!("{kind}: expected {expected}"),
        _ => sentence.to_owned(),
    };
    FieldError {
        kind: "value_error".to_owned(),
        loc,
        msg,
    }
}

/// The parameters of a query.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Error> {
        query(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// Reads a query string.
pub fn query<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let reader = serde_urlencoded::Deserializer::new(url::form_urlencoded::parse(text.as_bytes()));
    serde_path_to_error::deserialize(reader).map_err(|e| {
        let path = e.path().to_string();
        Error::Validation(vec![data_error(
            "query",
            &path,
            &e.into_inner().to_string(),
        )])
    })
}

/// A bucket's name from a path or a body.
pub fn bucket(text: &str) -> Result<BucketName, Error> {
    BucketName::parse(text)
        .map_err(|e| Error::bad_request(ErrorCode::InvalidBucketName, format!("bucket: {e}")))
}

/// An object's key, checked against the longest that the backend holds.
pub fn key(text: &str, max_bytes: usize) -> Result<ObjectKey, Error> {
    if text.len() > max_bytes {
        return Err(Error::bad_request(
            ErrorCode::KeyTooLong,
            format!(
                "The key has {} bytes; the store takes {max_bytes}.",
                text.len()
            ),
        ));
    }
    ObjectKey::parse(text)
        .map_err(|e| Error::bad_request(ErrorCode::InvalidKey, format!("key: {e}")))
}

/// A key that can be sent in parts.
pub fn key_in_parts(key: &ObjectKey) -> Result<(), Error> {
    if key.fits_xml() {
        return Ok(());
    }
    let detail = "key: a key with control characters cannot be sent in parts";
    Err(Error::bad_request(ErrorCode::InvalidKey, detail))
}

/// An object's media type as the caller gives it: what a header can carry, and a signature covers as it
/// stands. Empty is none.
pub fn content_type(place: &str, text: &str) -> Result<Option<String>, Error> {
    let text = text.trim_ascii();
    if text.len() > 255 || text.bytes().any(|b| !b.is_ascii_graphic() && b != b' ') {
        return Err(Error::Validation(vec![FieldError {
            kind: "value_error".to_owned(),
            loc: vec![place.to_owned(), "content_type".to_owned()],
            msg: "a media type has up to 255 printable ASCII characters".to_owned(),
        }]));
    }
    Ok(Some(text.to_owned()).filter(|t| !t.is_empty()))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Body {
        #[expect(dead_code, reason = "only read by serde")]
        bucket: String,
    }

    fn fields(body: &str) -> Vec<FieldError> {
        match json::<Body>(body.as_bytes()).unwrap_err() {
            Error::Validation(fields) => fields,
            Error::MalformedJson(field) => vec![field],
            other => panic!("{other}"),
        }
    }

    #[test]
    fn faults_are_named_by_field_and_never_repeat_what_was_sent() {
        assert_eq!(fields("{}")[0].loc, ["body", "bucket"]);
        assert_eq!(fields("{}")[0].kind, "missing");
        assert_eq!(fields("{")[0].kind, "json_invalid");
        assert_eq!(fields(r#"{"bucket":"a"} x"#)[0].kind, "json_invalid");
        assert_eq!(fields(r#"{"bucket": 7}"#)[0].loc, ["body", "bucket"]);
        assert!(!fields(r#""hunter2""#)[0].msg.contains("hunter2"));
        assert!(
            !fields("12345678")
                .iter()
                .any(|f| f.msg.contains("12345678"))
        );
    }

    #[test]
    fn query_faults_name_the_parameter() {
        #[derive(Debug, Deserialize)]
        struct Page {
            #[expect(dead_code, reason = "only read by serde")]
            max_keys: Option<u32>,
        }
        let Err(Error::Validation(fields)) = query::<Page>("max_keys=-1") else {
            panic!()
        };
        assert_eq!(fields[0].loc[0], "query");
    }
}
