//! S3 with one person's credentials, in the words of [`model`].

mod access;
mod assumed;
mod attributes;
mod body;
mod buckets;
mod content_md5;
mod copying;
mod cors;
mod locking;
mod multipart;
mod objects;
mod presign;
mod protected;
mod reading;
mod tags;
mod translate;
mod versions;

use std::{future::Future, sync::Arc, time::Duration, time::SystemTime};

use aws_credential_types::{Credentials as AwsCredentials, provider::SharedCredentialsProvider};
use aws_sdk_s3::{
    Client,
    config::{
        BehaviorVersion, Config, Region, RequestChecksumCalculation, ResponseChecksumValidation,
        StalledStreamProtectionConfig, retry::RetryConfig, timeout::TimeoutConfig,
    },
    error::{ProvideErrorMetadata, SdkError},
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use secrecy::{ExposeSecret as _, SecretString};
use time::OffsetDateTime;
use url::Url;

pub use assumed::AssumedKeys;
pub use body::Body;
pub use copying::{Description, ObjectCopy};
pub use multipart::CompleteOptions;
pub use objects::{Deleted, PutOptions, Stored};
pub(crate) use presign::Place;
pub use presign::{Demands, Presigner};
pub use reading::{Conditions, GetOptions, ObjectBody, ObjectHead, ObjectStream};

use crate::{
    Credentials, Error, ErrorKind, Resource, StoreConfig,
    transport::{Connector, Transport},
};

/// How often a call that can be sent again is sent at most.
const ATTEMPTS: u32 = 3;
/// The limit of calls during which a store may work on terabytes before it says anything: copying
/// an object, completing an upload.
const LONG_WORK: Duration = Duration::from_mins(15);

/// An S3 client. Clones share everything; connections are shared by all clients of a store.
#[derive(Clone, Debug)]
pub struct S3 {
    client: Client,
    identity: Arc<Identity>,
}

/// An access key and its secret.
#[derive(Clone, Debug)]
pub struct Keys {
    /// The access key.
    pub access_key: String,
    /// The secret key.
    pub secret_key: SecretString,
}

/// What signing a URL needs, and the limits.
struct Identity {
    endpoint: Url,
    access_key: String,
    /// Absent where the account cannot sign.
    secret: Option<SecretString>,
    region: String,
    virtual_host: bool,
    timeout: Duration,
}

impl S3 {
    pub(crate) fn new(
        config: &StoreConfig,
        transport: &Transport,
        credentials: &Credentials,
    ) -> Result<Self, Error> {
        if config.backend.is_hcp() && credentials.tenant.is_none() {
            return Err(Error::new(ErrorKind::TenantRequired, Resource::Buckets));
        }
        let endpoint = config.s3_url(credentials.tenant.as_ref())?;
        let access_key = credentials.access_key(config);
        let (secret, authorization) = if config.is_ad() {
            (None, Some(credentials.authorization(config)))
        } else {
            (Some(credentials.secret_key().clone()), None)
        };
        let connector = Connector::new(transport.clone(), config.timeout, authorization);
        let signing = AwsCredentials::new(
            access_key.as_str(),
            secret.as_ref().map_or("none", |s| s.expose_secret()),
            None,
            None,
            "session",
        );
        let sdk = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(config.region.clone()))
            .endpoint_url(endpoint.as_str().trim_end_matches('/'))
            .force_path_style(!config.virtual_host())
            .disable_s3_express_session_auth(true)
            .credentials_provider(SharedCredentialsProvider::new(signing))
            .http_client(connector)
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
            // The transport has its own limit for standing still, which knows no minimum rate.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .timeout_config(reading_for(config.timeout))
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .build();
        Ok(Self {
            client: Client::from_conf(sdk),
            identity: Arc::new(Identity {
                endpoint,
                access_key,
                secret,
                region: config.region.clone(),
                virtual_host: config.virtual_host(),
                timeout: config.timeout,
            }),
        })
    }

    /// The store's address as this client uses it.
    pub fn endpoint(&self) -> &Url {
        &self.identity.endpoint
    }

    /// The caller's keys; `None` where the account has none.
    pub fn keys(&self) -> Option<Keys> {
        Some(Keys {
            access_key: self.identity.access_key.clone(),
            secret_key: self.identity.secret.clone()?,
        })
    }

    /// Signs URLs without calling the store. They are for the store's address as the caller of the
    /// URL sees it: `public_base` (scheme, host, port and, behind a proxy, a path), else the address
    /// that this client uses itself.
    ///
    /// Accounts that have no key of their own (Active Directory) cannot sign:
    /// [`ErrorKind::NotSupported`].
    pub fn presigner(
        &self,
        public_base: Option<&Url>,
        now: OffsetDateTime,
    ) -> Result<Presigner, Error> {
        let identity = &*self.identity;
        let secret = identity
            .secret
            .as_ref()
            .ok_or_else(|| Error::new(ErrorKind::NotSupported, Resource::Store))?;
        Presigner::new(
            public_base.unwrap_or(&identity.endpoint),
            identity.virtual_host,
            &identity.access_key,
            secret,
            &identity.region,
            SystemTime::from(now),
        )
    }

    /// One signed `GET /`, sent once.
    pub(crate) async fn probe(&self) -> Result<(), Error> {
        let once = Config::builder().retry_config(RetryConfig::disabled());
        let call = self.client.list_buckets().customize().config_override(once);
        let answer = self.limited(Resource::Buckets, call.send()).await?;
        buckets::is_list(&answer)
    }

    /// Runs a call without a body, within the limit for such calls.
    async fn limited<T, E>(
        &self,
        resource: Resource,
        call: impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    ) -> Result<T, Error>
    where
        E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        within(self.identity.timeout, resource, call).await
    }
}

/// Runs a call within a limit.
async fn within<T, E>(
    limit: Duration,
    resource: Resource,
    call: impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
) -> Result<T, Error>
where
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    match tokio::time::timeout(limit, Box::pin(call)).await {
        Ok(result) => result.map_err(|e| translate::error(resource, e)),
        Err(_elapsed) => Err(Error::timed_out(resource, limit)),
    }
}

/// The SDK's setting that the transport reads as its limit for standing still.
fn reading_for(idle: Duration) -> TimeoutConfig {
    TimeoutConfig::builder().read_timeout(idle).build()
}

/// Overrides the limit for standing still for calls of long work.
fn long_work() -> aws_sdk_s3::config::Builder {
    Config::builder().timeout_config(reading_for(LONG_WORK))
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity")
            .field("endpoint", &self.endpoint.as_str())
            .finish_non_exhaustive()
    }
}
