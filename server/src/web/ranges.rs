//! A file of ours as an answer: whole, or the one range that was asked for.

use std::io::{self, SeekFrom};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use model::ErrorCode;
use time::OffsetDateTime;
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt},
};
use tokio_util::io::ReaderStream;

use crate::Error;

/// Bytes read at a time.
const PIECE: usize = 64 * 1024;

/// What a `Range` header means for a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All of it.
    Whole,
    /// From a byte to a byte.
    Part {
        /// The first byte.
        first: u64,
        /// The last.
        last: u64,
    },
    /// What it does not have.
    Nothing,
}

/// Serves a file that never changes while it has this entity tag. `headers` say what it is.
///
/// # Errors
/// The outer one is of the disk, the inner one of the request.
pub async fn serve(
    mut file: File,
    etag: &str,
    mut headers: HeaderMap,
    request: &HeaderMap,
) -> io::Result<Result<Response, Error>> {
    let metadata = file.metadata().await?;
    let size = metadata.len();
    let modified = metadata.modified().ok().map(OffsetDateTime::from);
    let modified = modified.map(http_date).unwrap_or_default();
    set(&mut headers, header::ETAG, etag);
    set(&mut headers, header::LAST_MODIFIED, &modified);
    set(&mut headers, header::ACCEPT_RANGES, "bytes");
    if given(request, header::IF_NONE_MATCH).is_some_and(|tags| names(tags, etag)) {
        return Ok(Ok((StatusCode::NOT_MODIFIED, headers).into_response()));
    }
    let same = given(request, header::IF_RANGE)
        .is_none_or(|held| held == etag || (!modified.is_empty() && held == modified));
    let wanted = match given(request, header::RANGE).filter(|_| same) {
        Some(range) => wanted(range, size),
        None => Wanted::Whole,
    };
    let (status, first, length) = match wanted {
        Wanted::Whole => (StatusCode::OK, 0, size),
        Wanted::Part { first, last } => {
            let range = format!("bytes {first}-{last}/{size}");
            set(&mut headers, header::CONTENT_RANGE, &range);
            (StatusCode::PARTIAL_CONTENT, first, last - first + 1)
        }
        Wanted::Nothing => return Ok(Err(outside(size))),
    };
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    file.seek(SeekFrom::Start(first)).await?;
    let pieces = ReaderStream::with_capacity(file.take(length), PIECE);
    Ok(Ok(
        (status, headers, Body::from_stream(pieces)).into_response()
    ))
}

/// `Sat, 21 Nov 2026 00:05:03 GMT`.
pub fn http_date(time: OffsetDateTime) -> String {
    let format = time::macros::format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    time.format(format).unwrap_or_default()
}

fn outside(size: u64) -> Error {
    Error::Refused {
        status: StatusCode::RANGE_NOT_SATISFIABLE,
        code: ErrorCode::RangeNotSatisfiable,
        detail: format!("The range lies outside of the archive's {size} bytes."),
    }
}

fn given(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn set(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Whether a list of entity tags names this one; weak ones count.
fn names(tags: &str, etag: &str) -> bool {
    tags.split(',').map(str::trim).any(|tag| {
        let tag = tag.strip_prefix("W/").unwrap_or(tag);
        tag == "*" || tag == etag
    })
}

/// Reads the header. What is none, or names several ranges, is ignored, as HTTP allows.
pub fn wanted(range: &str, size: u64) -> Wanted {
    let Some((first, last)) = range
        .strip_prefix("bytes=")
        .filter(|r| !r.contains(','))
        .and_then(|r| r.trim().split_once('-'))
    else {
        return Wanted::Whole;
    };
    let end = size.saturating_sub(1);
    let part = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => (first, last.min(end)),
        (Ok(first), Err(_)) if last.is_empty() => (first, end),
        (Err(_), Ok(length)) if first.is_empty() => {
            if length == 0 {
                return Wanted::Nothing;
            }
            (size.saturating_sub(length), end)
        }
        _ => return Wanted::Whole,
    };
    if part.0 >= size {
        return Wanted::Nothing;
    }
    Wanted::Part {
        first: part.0,
        last: part.1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_http_dates() {
        let time = time::macros::datetime!(2026-11-01 00:05:03 UTC);
        assert_eq!(http_date(time), "Sun, 01 Nov 2026 00:05:03 GMT");
    }

    #[test]
    fn ranges_are_read_as_http_has_them() {
        let part = |first, last| Wanted::Part { first, last };
        for (range, expected) in [
            ("bytes=0-0", part(0, 0)),
            ("bytes=2-4", part(2, 4)),
            ("bytes=2-99", part(2, 9)),
            ("bytes=2-", part(2, 9)),
            ("bytes=-3", part(7, 9)),
            ("bytes=-99", part(0, 9)),
            ("bytes=10-", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=4-2", Wanted::Whole),
            ("bytes=0-1,4-5", Wanted::Whole),
            ("lines=1-2", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
        ] {
            assert_eq!(wanted(range, 10), expected, "{range}");
        }
        assert_eq!(wanted("bytes=0-", 0), Wanted::Nothing);
        assert!(names("\"a\", W/\"b\"", "\"b\"") && names("*", "\"b\""));
        assert!(!names("\"a\"", "\"b\""));
    }
}
