//! The document and what is drawn from it: `/openapi.json`, `/docs` and `/redoc`, all from the binary.

use std::sync::Arc;

use axum::{
    Router,
    extract::Path,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use http::{HeaderName, HeaderValue, header};
use tower_http::compression::CompressionLayer;

use super::{json_below, reference};
use crate::{Error, routes, web::root::page};

/// The page with Swagger UI: its own scripts and styles, and calls of the API.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The reference: text and a style sheet.
const REFERENCE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'";

/// A file of the pages.
struct Asset {
    name: &'static str,
    media_type: &'static str,
    bytes: &'static [u8],
    gzip: bool,
}

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";

const ASSETS: [Asset; 5] = [
    Asset {
        name: "swagger-ui-bundle.js",
        media_type: JAVASCRIPT,
        bytes: include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui-bundle.js.gz")),
        gzip: true,
    },
    Asset {
        name: "swagger-ui.css",
        media_type: CSS,
        bytes: include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui.css.gz")),
        gzip: true,
    },
    Asset {
        name: "docs.js",
        media_type: JAVASCRIPT,
        bytes: include_bytes!("assets/docs.js"),
        gzip: false,
    },
    Asset {
        name: "docs.css",
        media_type: CSS,
        bytes: include_bytes!("assets/docs.css"),
        gzip: false,
    },
    Asset {
        name: "reference.css",
        media_type: CSS,
        bytes: include_bytes!("assets/reference.css"),
        gzip: false,
    },
];

/// The document and its pages: public, like what they describe. `root` is the path that everything stands below.
pub fn router(root: &str) -> Router {
    let document: Arc<str> = json_below(root).into();
    let docs: Arc<str> = page(root, include_str!("assets/docs.html")).into();
    let redoc: Arc<str> = page(root, reference::html()).into();
    Router::new()
        .route("/openapi.json", get(async move || openapi(&document)))
        .route("/docs", get(async move || shown(DOCS_POLICY, &docs)))
        .route("/docs/{file}", get(asset))
        .route("/redoc", get(async move || shown(REFERENCE_POLICY, &redoc)))
        .method_not_allowed_fallback(routes::method_not_allowed)
        .layer(CompressionLayer::new())
}

fn openapi(document: &str) -> Response {
    let media_type = HeaderValue::from_static("application/json");
    let headers = [kept(), (header::CONTENT_TYPE, media_type)];
    (headers, document.to_owned()).into_response()
}

fn shown(of: &'static str, html: &str) -> Response {
    ([kept(), policy(of)], Html(html.to_owned())).into_response()
}

/// Browsers may keep them, and ask each time: a new version of Hako brings others.
fn kept() -> (HeaderName, HeaderValue) {
    (header::CACHE_CONTROL, HeaderValue::from_static("no-cache"))
}

fn policy(text: &'static str) -> (HeaderName, HeaderValue) {
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(text),
    )
}

async fn asset(Path(name): Path<String>) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return Error::NotFound.into_response();
    };
    let mut response = asset.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(asset.media_type),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=3600"),
    );
    if asset.gzip {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}
