//! The console: pages rendered by `app`, plain forms, and the files of the site.

mod drawn;
mod files;
mod forms;
mod shared;

use std::{path::Path, sync::Arc};

use app::api::ServerApi;
use axum::{
    Extension, Router,
    body::Body,
    extract::{Request, State},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::any,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts};
use leptos::prelude::{provide_context, use_context};
use leptos_axum::ResponseOptions;
use model::{form::FormOutcome, session::SESSION_HEADER};
use tower_http::{compression::CompressionLayer, services::ServeDir};

use crate::{
    Error,
    session::Jar,
    state::AppState,
    web::{
        guard::RequestHost,
        request_id, root,
        security::{WORKER_POLICY, page_policy},
    },
};
use drawn::{Drawn, With};

/// What pages need beside the state: the API, called without a socket.
#[derive(Clone)]
struct Pages {
    state: AppState,
    api: Router,
    /// Where the worker of checksums is, for the page's script; nowhere when the site was built without.
    worker: Option<Arc<str>>,
    /// The path that everything stands below, or empty.
    root: Arc<str>,
}

/// The routes of pages and files; `api` is the router that pages call in-process.
pub fn router(state: &AppState, api: &Router) -> Router {
    // The route list itself is not needed, since unknown paths are pages too; asking for it prepares
    // the executor that rendering runs on.
    let _ = leptos_axum::generate_route_list(app::App);
    app::words::speak();
    let root = state.leptos().site_root.to_string();
    let pages = Pages {
        worker: find_worker(Path::new(&root)),
        root: state.config().root.as_str().into(),
        state: state.clone(),
        api: api.clone().layer(from_fn(host_of_headers)),
    };
    let page = any(page).with_state(pages);
    let files = ServeDir::new(root)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .call_fallback_on_method_not_allowed(true)
        .fallback(
            Router::new()
                .fallback_service(page)
                .layer(CompressionLayer::new()),
        );
    shared::router(state)
        .fallback_service(files)
        .layer(from_fn(cache_files))
}

/// The address of the worker's script, which carries its hash in the name as the rest of the site.
fn find_worker(site: &Path) -> Option<Arc<str>> {
    let files = std::fs::read_dir(site.join("worker")).ok()?;
    let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
    let mut scripts = names.filter(|name| {
        let rest = name.strip_prefix("checksum.");
        rest.is_some_and(|rest| rest.strip_suffix(".js").is_some())
    });
    Some(format!("/worker/{}", scripts.next()?).into())
}

/// Calls in-process carry the host in their headers; the page's own request was checked before.
async fn host_of_headers(mut request: Request, next: Next) -> Response {
    if request.extensions().get::<RequestHost>().is_none() {
        let host = request
            .headers()
            .get(header::HOST)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default();
        let host = RequestHost::trusted(host);
        request.extensions_mut().insert(host);
    }
    next.run(request).await
}

/// The files of the build carry their hash in the name: they never change. Pages are never kept.
async fn cache_files(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let of_worker = path.starts_with("/worker/");
    let hashed = of_worker || path.starts_with("/pkg/");
    let mut response = next.run(request).await;
    if of_worker && response.status() == StatusCode::OK && !is_page(&response) {
        let policy = HeaderValue::from_static(WORKER_POLICY);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let policy = match (hashed, response.status()) {
        (true, StatusCode::OK | StatusCode::NOT_MODIFIED | StatusCode::PARTIAL_CONTENT) => {
            "public, max-age=31536000, immutable"
        }
        // Other files are asked about each time, and then not sent again.
        (false, StatusCode::OK | StatusCode::NOT_MODIFIED | StatusCode::PARTIAL_CONTENT)
            if !is_page(&response) =>
        {
            "no-cache"
        }
        _ => "no-store",
    };
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static(policy));
    response
}

fn is_page(response: &Response) -> bool {
    let content_type = response.headers().get(header::CONTENT_TYPE);
    response.status() == StatusCode::OK
        && content_type.is_none_or(|t| t.as_bytes().starts_with(b"text/html"))
}

/// A page: read by GET, or the target of one of its own forms.
async fn page(
    State(pages): State<Pages>,
    Extension(host): Extension<RequestHost>,
    request: Request,
) -> Response {
    if request.uri().path().starts_with("/api/") {
        return Error::NotFound.into_response();
    }
    match *request.method() {
        Method::GET | Method::HEAD => {
            let (parts, _) = request.into_parts();
            match pages.draw(&parts, &host).await {
                Ok(Drawn::Elsewhere(address)) => forms::redirect(&address, &HeaderMap::new()),
                Ok(Drawn::Here(with)) => pages.render(parts, &host, with, None).await,
                Err(e) => e.into_response(),
            }
        }
        Method::POST => forms::submit(&pages, host, request).await,
        _ => Error::MethodNotAllowed.into_response(),
    }
}

impl Pages {
    /// Renders the page at the request's address. `outcome` is a form that failed.
    async fn render(
        &self,
        mut parts: Parts,
        host: &RequestHost,
        with: With,
        outcome: Option<FormOutcome>,
    ) -> Response {
        let options = self.state.leptos().clone();
        let (worker, root) = (self.worker.clone(), Arc::clone(&self.root));
        let mut headers = passed_on(&parts.headers, host);
        let mark = with.mark.as_ref().map(ToString::to_string);
        if let Some(mark) = mark
            .as_ref()
            .and_then(|mark| HeaderValue::from_str(mark).ok())
        {
            headers.insert(SESSION_HEADER, mark);
        }
        let language = app::language_for(&parts.headers);
        let api = ServerApi {
            router: self.api.clone(),
            headers,
        };
        let context = move || {
            provide_context(api.clone());
            provide_context(app::DrawnWith(mark.clone()));
            provide_context(language);
            if let Some(outcome) = &outcome {
                provide_context(outcome.clone());
            }
            set_policy(with.store.as_deref());
        };
        let handler = leptos_axum::render_app_async_with_context(context, move || {
            app::shell(options.clone(), worker.clone(), &root)
        });
        parts.method = Method::GET;
        let page = handler(Request::from_parts(parts, Body::empty())).await;
        if self.root.is_empty() {
            return page;
        }
        let (parts, body) = page.into_parts();
        match axum::body::to_bytes(body, usize::MAX).await {
            Ok(html) => {
                let html = root::page(&self.root, &String::from_utf8_lossy(&html));
                Response::from_parts(parts, html.into())
            }
            Err(e) => Error::internal(e).into_response(),
        }
    }
}

/// The headers of the page's request that its own calls carry: who asks, and under which id.
fn passed_on(headers: &HeaderMap, host: &RequestHost) -> HeaderMap {
    let mut out = HeaderMap::new();
    for name in [
        header::COOKIE,
        header::ACCEPT_LANGUAGE,
        header::ORIGIN,
        request_id::HEADER,
    ] {
        for value in headers.get_all(&name) {
            out.append(name.clone(), value.clone());
        }
    }
    let fetch_site = HeaderName::from_static("sec-fetch-site");
    if let Some(value) = headers.get(&fetch_site) {
        out.insert(fetch_site, value.clone());
    }
    if let Ok(value) = HeaderValue::from_str(host.as_str()) {
        out.insert(header::HOST, value);
    }
    out
}

/// Answers with a policy that names the nonce of this rendering.
fn set_policy(store: Option<&str>) {
    let (Some(nonce), Some(response)) =
        (leptos::nonce::use_nonce(), use_context::<ResponseOptions>())
    else {
        return;
    };
    if let Ok(policy) = HeaderValue::from_str(&page_policy(&nonce.to_string(), store)) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}
