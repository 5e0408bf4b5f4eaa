//! The document and what is drawn from it: `/openapi.json`, `/docs` and `/redoc`, all from the binary.

use axum::{
    Router,
    extract::Path,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use http::{HeaderName, HeaderValue, header};
use tower_http::compression::CompressionLayer;

use super::{json, reference};
use crate::{Error, routes};

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

/// The document and its pages: public, like what they describe.
pub fn router() -> Router {
    Router::new()
        .route("/openapi.json", get(openapi))
        .route("/docs", get(docs))
        .route("/docs/{file}", get(asset))
        .route("/redoc", get(redoc))
        .method_not_allowed_fallback(routes::method_not_allowed)
        .layer(CompressionLayer::new())
}

async fn openapi() -> impl IntoResponse {
    let media_type = HeaderValue::from_static("application/json");
    ([kept(), (header::CONTENT_TYPE, media_type)], json())
}

async fn docs() -> impl IntoResponse {
    (
        [kept(), policy(DOCS_POLICY)],
        Html(include_str!("assets/docs.html")),
    )
}

async fn redoc() -> impl IntoResponse {
    ([kept(), policy(REFERENCE_POLICY)], Html(reference::html()))
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
