//! The path that everything stands below (`ROOT_PATH`), where a proxy shares a host between services.
//!
//! Nothing behind this layer knows of it: requests come in without it, whether the proxy has taken it off or not,
//! and what an answer says of addresses (`Location`, the paths of cookies) goes out with it. Pages are completed
//! where they are written, by [`page`], so that no object of the store is taken for one.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode, Uri, header,
    uri::{InvalidUri, PathAndQuery},
};
use model::root::{below, inside};

use crate::service::reach::PASSED_ON;

/// The attributes of a page that hold addresses.
const ADDRESSES: [&str; 5] = ["href", "src", "action", "formaction", "poster"];

/// Takes the root off the path of a request, and puts it before the addresses of the answer.
pub async fn layer(State(root): State<Arc<str>>, mut request: Request, next: Next) -> Response {
    let uri = request.uri();
    if uri.path() == &*root {
        let query = uri.query().map(|q| format!("?{q}")).unwrap_or_default();
        let to = [(header::LOCATION, format!("{root}/{query}"))];
        return (StatusCode::TEMPORARY_REDIRECT, to).into_response();
    }
    match without(&root, uri) {
        Ok(uri) => *request.uri_mut() = uri,
        Err(_never) => return StatusCode::BAD_REQUEST.into_response(),
    }
    // What the store answers is about the store.
    let is_passed_on = request.uri().path().starts_with(PASSED_ON);
    let mut response = next.run(request).await;
    if is_passed_on {
        return response;
    }
    let headers = response.headers_mut();
    if let Some(to) = headers
        .get(header::LOCATION)
        .and_then(|to| to.to_str().ok())
        && let Ok(to) = HeaderValue::from_str(&below(&root, to))
    {
        headers.insert(header::LOCATION, to);
    }
    if let header::Entry::Occupied(mut cookies) = headers.entry(header::SET_COOKIE) {
        for cookie in cookies.iter_mut() {
            if let Some(there) = cookie.to_str().ok().and_then(|text| scoped(&root, text)) {
                *cookie = there;
            }
        }
    }
    response
}

fn without(root: &str, uri: &Uri) -> Result<Uri, InvalidUri> {
    let Some(asked) = uri.path_and_query() else {
        return Ok(uri.clone());
    };
    let path: PathAndQuery = inside(root, asked.as_str()).parse()?;
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path);
    Ok(Uri::from_parts(parts).unwrap_or_else(|_never| uri.clone()))
}

/// A cookie that goes to what stands below the root alone.
fn scoped(root: &str, cookie: &str) -> Option<HeaderValue> {
    let (before, rest) = cookie.split_once("Path=")?;
    let (path, after) = rest.split_at(rest.find(';').unwrap_or(rest.len()));
    // The path of all is the root itself, also for who comes without its slash.
    let path = if path == "/" {
        root.into()
    } else {
        below(root, path)
    };
    let mut value = HeaderValue::from_str(&format!("{before}Path={path}{after}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// A page of ours with the root before the addresses of its elements. What scripts hold, and text, stays.
pub fn page(root: &str, html: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 32);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with("<!--") {
            let end = rest.find("-->").map_or(rest.len(), |at| at + 3);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        let (tag, after) = rest.split_at(end_of_tag(rest));
        complete(root, tag, &mut out);
        rest = after;
        if tag.starts_with("<script") {
            let end = rest.find("</script").unwrap_or(rest.len());
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        }
    }
    out.push_str(rest);
    out
}

/// Where a tag ends that begins here: at the first `>` outside of quotes.
fn end_of_tag(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if open == byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Writes a tag with its addresses completed. Whatever is no attribute in double quotes is written as it is.
fn complete(root: &str, tag: &str, out: &mut String) {
    let mut rest = tag;
    while let Some(at) = rest.find("=\"") {
        let (name, value) = rest.split_at(at + 2);
        let Some(end) = value.find('"') else {
            break;
        };
        let (value, after) = value.split_at(end);
        let own = name
            .trim_end_matches("=\"")
            .rsplit([' ', '\n', '\t'])
            .next();
        out.push_str(name);
        if own.is_some_and(|own| ADDRESSES.contains(&own)) {
            out.push_str(&below(root, value));
        } else {
            out.push_str(value);
        }
        rest = after;
        // The closing quote belongs to what was written.
        out.push('"');
        rest = &rest[1..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_a_page_stand_below_the_root_and_nothing_else_changes() {
        let html = "<!DOCTYPE html><!-- <a href=\"/no\"> --><link href=\"/pkg/hako.css\">\
            <script src=\"/docs/docs.js\"></script><script>const x = '<a href=\"/no\">';</script>\
            <a class=\"x\" href=\"/buckets?x=/y&amp;z\" title=\"a > b href=\">/buckets</a>\
            <a href=\"#content\">x</a><a href=\"https://h.example/\">x</a><a href=\"//h.example/\">x</a>\
            <form action=\"/sign-in\"><button formaction=\"/hako/x\"><input value=\"/buckets\" data-href=\"/no\">\
            <use href=\"/icons.svg#mark\"></use><img alt=\"1 < 2\" src=\"/a\">";
        let there = "<!DOCTYPE html><!-- <a href=\"/no\"> --><link href=\"/hako/pkg/hako.css\">\
            <script src=\"/hako/docs/docs.js\"></script><script>const x = '<a href=\"/no\">';</script>\
            <a class=\"x\" href=\"/hako/buckets?x=/y&amp;z\" title=\"a > b href=\">/buckets</a>\
            <a href=\"#content\">x</a><a href=\"https://h.example/\">x</a><a href=\"//h.example/\">x</a>\
            <form action=\"/hako/sign-in\"><button formaction=\"/hako/x\"><input value=\"/buckets\" data-href=\"/no\">\
            <use href=\"/hako/icons.svg#mark\"></use><img alt=\"1 < 2\" src=\"/hako/a\">";
        assert_eq!(page("/hako", html), there);
        assert_eq!(page("/hako", there), there);
        for broken in ["<a href=\"/x", "<", "<script>", "<!--", "a < b"] {
            assert!(page("/hako", broken).len() >= broken.len(), "{broken}");
        }
    }

    #[test]
    fn a_cookie_goes_to_nothing_above_the_root() {
        let path = |cookie| scoped("/hako", cookie).map(|c| c.to_str().unwrap().to_owned());
        assert_eq!(
            path("a=b; Path=/; HttpOnly").as_deref(),
            Some("a=b; Path=/hako; HttpOnly")
        );
        assert_eq!(
            path("a=b; Path=/l/t").as_deref(),
            Some("a=b; Path=/hako/l/t")
        );
        assert_eq!(path("a=b; HttpOnly"), None);
        assert!(scoped("/hako", "a=b; Path=/").unwrap().is_sensitive());
    }

    #[test]
    fn a_request_comes_in_with_the_root_or_without() {
        for (asked, seen) in [
            ("/hako/buckets?x=%2F", "/buckets?x=%2F"),
            ("/buckets", "/buckets"),
            ("/hako/", "/"),
            ("/hakone/x", "/hakone/x"),
            ("/hako/hako/files", "/hako/files"),
            (
                "/hako/api/v1/buckets/b/objects/a%2Fb//c",
                "/api/v1/buckets/b/objects/a%2Fb//c",
            ),
        ] {
            let uri = without("/hako", &asked.parse().unwrap()).unwrap();
            assert_eq!(uri, seen);
        }
    }
}
