//! The SDK's HTTP, carried by our transport.

use std::{fmt, time::Duration};

use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
    },
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::body::SdkBody;
use http::{HeaderValue, header::AUTHORIZATION};
use secrecy::{ExposeSecret as _, SecretString};

use super::{SourceFailed, Transport, TransportError};
use crate::error::caused_by;

/// What the SDK calls to send a request.
#[derive(Clone)]
pub(crate) struct Connector {
    transport: Transport,
    /// How long nothing may move, unless the operation says otherwise.
    idle: Duration,
    /// Takes the signature's place for accounts that cannot sign. Set here, below the SDK, so that
    /// nothing that it traces ever holds it.
    authorization: Option<SecretString>,
}

impl Connector {
    pub(crate) fn new(
        transport: Transport,
        idle: Duration,
        authorization: Option<SecretString>,
    ) -> Self {
        Self {
            transport,
            idle,
            authorization,
        }
    }

    async fn send(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let mut request = request
            .try_into_http1x()
            .map_err(|e| ConnectorError::user(e.into()))?;
        if let Some(authorization) = &self.authorization {
            let mut value = HeaderValue::from_bytes(authorization.expose_secret().as_bytes())
                .map_err(|e| ConnectorError::user(e.into()))?;
            value.set_sensitive(true);
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        let response = self
            .transport
            .send(request, self.idle)
            .await
            .map_err(connector_error)?;
        HttpResponse::try_from(response.map(SdkBody::from_body_1_x))
            .map_err(|e| ConnectorError::other(e.into(), None))
    }
}

/// Sorted for the SDK's retries: what broke or stood still may be tried again, a body that cannot be
/// read may not.
fn connector_error(error: TransportError) -> ConnectorError {
    if caused_by::<SourceFailed>(&error) {
        return ConnectorError::user(error.into());
    }
    match &error {
        TransportError::Idle(_) => ConnectorError::timeout(error.into()),
        TransportError::Connection(cause) if cause.is_connect() => {
            ConnectorError::io(error.into()).never_connected()
        }
        TransportError::Connection(_) => ConnectorError::io(error.into()),
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().send(request))
    }
}

impl HttpClient for Connector {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let mut connector = self.clone();
        connector.idle = settings.read_timeout().unwrap_or(self.idle);
        SharedHttpConnector::new(connector)
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector")
            .field("idle", &self.idle)
            .finish_non_exhaustive()
    }
}
