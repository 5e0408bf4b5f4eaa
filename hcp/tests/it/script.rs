//! A server that answers as a test tells it to, and remembers what it was asked.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use hcp::{
    AuthType, Credentials, ManagementEndpoint, QueryLanguage, Roots, S3, S3Endpoint, Store,
    StoreConfig,
};
use http_body_util::{BodyExt as _, Collected};
use model::{BucketName, ObjectKey, TenantName, Username, auth::Login, session::Backend};
use tokio::net::TcpListener;
use url::Url;

/// The limit that tests give the store: long beside a call on one machine, short for a person.
pub(crate) const LIMIT: Duration = Duration::from_secs(1);
pub(crate) const PASSWORD: &str = "Start123!";

/// One request as it arrived. The body is absent when it broke off.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Option<Bytes>,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

pub(crate) struct Script {
    pub(crate) url: Url,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Script {
    /// Answers by `answer`, which gets the number of the request, from 1, and the request.
    pub(crate) async fn new<F, Fut, R>(answer: F) -> Self
    where
        F: Fn(usize, Asked) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = R> + Send,
        R: IntoResponse,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        let app = Router::new().fallback(move |request: Request| {
            let (log, answer) = (Arc::clone(&log), answer.clone());
            async move {
                let request = read(request).await;
                let number = {
                    let mut log = log.lock().unwrap();
                    log.push(request.clone());
                    log.len()
                };
                answer(number, request).await.into_response()
            }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self {
            url: Url::parse(&format!("http://{address}")).unwrap(),
            asked,
        }
    }

    /// Always the same answer.
    pub(crate) async fn always(status: u16, body: &'static str) -> Self {
        Self::new(move |_, _| async move { reply(status, body) }).await
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn store(&self) -> Store {
        Store::new(config(&self.url, Backend::Hcp, AuthType::Hcp)).unwrap()
    }

    pub(crate) fn s3(&self) -> S3 {
        let store = self.store();
        store.s3(&credentials(&store, Some("acme"))).unwrap()
    }
}

async fn read(request: Request) -> Asked {
    let (parts, body) = request.into_parts();
    let headers = parts.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.to_string(), value)
    });
    Asked {
        method: parts.method.to_string(),
        target: parts.uri.to_string(),
        headers: headers.collect(),
        body: body.collect().await.ok().map(Collected::to_bytes),
    }
}

pub(crate) fn reply(status: u16, body: impl Into<Body>) -> Response {
    Response::builder()
        .status(status)
        .header("content-type", "application/xml")
        .header("x-amz-request-id", "r-17")
        .body(body.into())
        .unwrap()
}

pub(crate) fn config(url: &Url, backend: Backend, auth: AuthType) -> StoreConfig {
    let address = url.socket_addrs(|| None).unwrap()[0];
    StoreConfig {
        backend,
        s3: S3Endpoint::Fixed(url.clone()),
        tenant_in_key: false,
        queries: QueryLanguage::Hcp,
        management: backend.is_hcp().then(|| ManagementEndpoint {
            address: Some(address),
            domain: Some("hcp.example.com".to_owned()),
            host: None,
            port: 9090,
        }),
        region: "us-east-1".to_owned(),
        virtual_host_style: false,
        auth,
        verify_tls: true,
        roots: Roots::default(),
        timeout: LIMIT,
        connect_timeout: LIMIT,
    }
}

pub(crate) fn credentials(store: &Store, tenant: Option<&str>) -> Credentials {
    let login = Login {
        tenant: tenant.map(|t| TenantName::parse(t).unwrap()),
        username: Username::parse("demo").unwrap(),
    };
    store.credentials(&login, PASSWORD)
}

pub(crate) fn bucket() -> BucketName {
    BucketName::parse("archive").unwrap()
}

pub(crate) fn key(text: &str) -> ObjectKey {
    ObjectKey::parse(text).unwrap()
}

/// An error body as stores write it.
pub(crate) fn refusal(code: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code>\
         <Message>The store says {code}.</Message><RequestId>r-17</RequestId></Error>"
    )
}

pub(crate) const NO_BUCKETS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
    <ListAllMyBucketsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
    <Owner><ID>u1</ID><DisplayName>demo</DisplayName></Owner><Buckets/></ListAllMyBucketsResult>";

/// The whole chain of an error, as a log prints it, and its debug form.
pub(crate) fn chain(error: &hcp::Error) -> String {
    let mut text = format!("{error} {error:?}");
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        text.push_str(" <- ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
