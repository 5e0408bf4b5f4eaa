//! The AWS SDK on the router itself, without sockets: the whole way of a write, deterministic.

use aws_sdk_s3::{
    Client,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig},
};
use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
    },
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::body::SdkBody;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderValue, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use tower::ServiceExt as _;

use crate::account::Secret;

#[derive(Clone, Debug)]
struct Direct(Router);

impl HttpConnector for Direct {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let router = self.0.clone();
        HttpConnectorFuture::new(async move {
            let mut request = request
                .try_into_http1x()
                .map_err(|error| ConnectorError::other(error.into(), None))?;
            // It is signed; a connection would add it.
            let host = HeaderValue::from_static("localhost");
            request.headers_mut().insert(header::HOST, host);
            let Ok(response) = router.oneshot(request.map(Body::new)).await;
            let (parts, body) = response.into_parts();
            let body = to_bytes(body, usize::MAX)
                .await
                .map_err(|error| ConnectorError::io(error.into()))?;
            let response = http::Response::from_parts(parts, SdkBody::from(body));
            HttpResponse::try_from(response)
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

impl HttpClient for Direct {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// A client of the S3 endpoint.
pub(super) fn client(router: Router, name: &str, password: &str) -> Client {
    let secret = Secret::of_password(password);
    let credentials = Credentials::from_keys(STANDARD.encode(name), secret.expose(), None);
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url("http://localhost")
        .force_path_style(true)
        .credentials_provider(credentials)
        .retry_config(RetryConfig::disabled())
        .http_client(Direct(router))
        .build();
    Client::from_conf(config)
}
