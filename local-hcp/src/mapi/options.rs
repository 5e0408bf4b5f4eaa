//! What a resource can do: the header `Allow`, and a WADL document that says the same.

use super::call::Endpoint;
use axum::{
    http::header,
    response::{IntoResponse as _, Response},
};

/// Answers OPTIONS.
pub(super) fn describe(endpoint: &Endpoint, path: &str) -> Response {
    let verbs = endpoint.allow();
    let path = quick_xml::escape::escape(path.trim_start_matches("/mapi/"));
    let types = ["application/xml", "application/json"]
        .map(|media| format!("<representation mediaType=\"{media}\"/>"))
        .concat();
    let methods = verbs.iter().map(|verb| match *verb {
        "HEAD" | "OPTIONS" => String::new(),
        "GET" => {
            format!("<method name=\"GET\"><response status=\"200\">{types}</response></method>")
        }
        "DELETE" => "<method name=\"DELETE\"><response status=\"200\"/></method>".to_owned(),
        verb => format!(
            "<method name=\"{verb}\"><request>{types}</request><response status=\"200\"/></method>"
        ),
    });
    let methods = methods.collect::<Vec<_>>().concat();
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <application xmlns=\"http://wadl.dev.java.net/2009/02\"><resources base=\"/mapi/\">\
         <resource path=\"{path}\">{methods}</resource></resources></application>"
    );
    let headers = [
        (
            header::CONTENT_TYPE,
            "application/vnd.sun.wadl+xml".to_owned(),
        ),
        (header::ALLOW, verbs.join(", ")),
    ];
    (headers, document).into_response()
}
