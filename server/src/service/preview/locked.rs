//! The headers by which bytes of strangers are shown in a browser.

use hcp::ObjectHead;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use model::preview::Kind;

use super::sniff::{Found, SVG};
use crate::web::{disposition, ranges::http_date};

/// What a browser may do with an answer: show it, and nothing else. A sandboxed document has no origin of ours,
/// runs no script and sends no form.
fn policy(found: &Found) -> &'static str {
    match found.kind {
        // A viewer of PDF is a plugin, which browsers do not start in a sandbox. What it shows has no access to
        // a page; the rest of the policy keeps everything else out, and only pages of ours may frame it.
        Kind::Pdf => {
            "default-src 'none'; object-src 'self'; plugin-types application/pdf; style-src 'unsafe-inline'; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
        }
        // The styles are those of the picture itself, or of the browser's own page around it.
        Kind::Image => {
            "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'; sandbox"
        }
        Kind::Video | Kind::Audio => {
            "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'; sandbox"
        }
        _ => {
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'; sandbox"
        }
    }
}

/// The headers by which bytes of strangers are shown.
pub fn locked(found: &Found, name: &str, download: bool) -> HeaderMap {
    let mut out = HeaderMap::new();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            out.insert(name, value);
        }
    };
    let inline = found.inline().filter(|_| !download);
    match &inline {
        Some(media_type) => {
            set(header::CONTENT_TYPE, media_type);
            set(header::CONTENT_DISPOSITION, "inline");
        }
        // An element for pictures shows SVG, and runs nothing of it; whoever opens it gets a download.
        None if found.media_type == SVG && !download => {
            set(header::CONTENT_TYPE, SVG);
            set(header::CONTENT_DISPOSITION, &disposition::attachment(name));
        }
        None => {
            set(header::CONTENT_TYPE, "application/octet-stream");
            set(header::CONTENT_DISPOSITION, &disposition::attachment(name));
        }
    }
    set(header::CONTENT_SECURITY_POLICY, policy(found));
    if found.kind == Kind::Pdf && inline.is_some() {
        set(header::X_FRAME_OPTIONS, "SAMEORIGIN");
    }
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::CACHE_CONTROL, "private, no-cache");
    set(header::REFERRER_POLICY, "no-referrer");
    set(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    out
}

/// What the store tells of the bytes that are sent.
pub fn describe(out: &mut HeaderMap, head: &ObjectHead, range: Option<&str>) {
    let mut set = |name: HeaderName, value: Option<&str>| {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
            out.insert(name, value);
        }
    };
    set(header::CONTENT_LENGTH, Some(&head.size.to_string()));
    set(header::ETAG, head.etag.as_deref());
    let modified = head.last_modified.map(|time| http_date(time.inner()));
    set(header::LAST_MODIFIED, modified.as_deref());
    set(header::ACCEPT_RANGES, Some("bytes"));
    set(header::CONTENT_RANGE, range);
}
